"""The grid: typing, reading and saving the readings of one RPIW."""

from __future__ import annotations

import logging

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.permissions import Permission
from rpiws import entries, grid
from rpiws.actions.readings import ChangedMeanwhile, save_readings
from rpiws.forms.cells import CellForm, DayField, sample_in, typed_in
from rpiws.forms.grid import GridForm
from rpiws.models import Checkpoint, Measure, Reading, Rpiw
from rpiws.presenters import grid as words
from rpiws.views.editing import crumbs
from trusts.access import needs, reach
from ui.errors import DATABASE_IN_TROUBLE
from ui.grid_answers import is_for_script, number_in, tell_once

logger = logging.getLogger(__name__)
LATER = "The readings could not be saved just now. Save again in a minute: what you typed is still here."
RPIWS = Rpiw.objects.select_related("value_stream__trust").prefetch_related("people")


@needs(Permission.LOG_READINGS)
@require_http_methods(["GET", "HEAD", "POST"])
def readings(request: HttpRequest, rpiw_id: int) -> HttpResponse:
    """The grid. A save answers the page's script in JSON, and a plain form with a redirect."""
    rpiw = reach(request, RPIWS, pk=rpiw_id)
    shown = grid.load(rpiw, on=timezone.localdate())
    checkpoint = _checkpoint(request.GET, shown)
    if request.method == "POST":
        return _save(request, shown, checkpoint)
    form = GridForm(shown, checkpoint, correct=number_in(request.GET, "correct"), use=request.GET.get("use", "")[:100])
    doubted = frozenset(int(pk) for pk in request.GET.get("check", "").split(",") if pk.isdecimal())
    return _page(request, words.present(shown, form, user_id=request.user.pk, doubted=doubted))


def _save(request: HttpRequest, shown: grid.Grid, checkpoint: Checkpoint) -> HttpResponse:
    address = reverse("readings", args=[shown.rpiw.pk]) + f"?checkpoint={checkpoint}"
    if not shown.column(checkpoint).is_open:
        return _not_open(request, checkpoint, address)
    form = GridForm(shown, checkpoint, request.POST)
    if not form.is_valid():
        return _page(request, words.present(shown, form, user_id=request.user.pk, is_refused=True), status=422)
    try:
        saved = save_readings(
            rpiw=shown.rpiw,
            checkpoint=checkpoint,
            cells=form.answers,
            common=form.common.shared,
            key=form.key,
            by=request.user,
        )
    except ChangedMeanwhile as meanwhile:
        form.show_both(meanwhile.cells)
        return _page(request, words.present(shown, form, user_id=request.user.pk, is_refused=True), status=409)
    except DATABASE_IN_TROUBLE:
        logger.exception("The readings of RPIW %s could not be saved.", shown.rpiw.pk)
        form.fault = LATER
        return _page(request, words.present(shown, form, user_id=request.user.pk, is_refused=True), status=503)
    said = words.count_saved(saved.summary, checkpoint=checkpoint)
    tell_once(request, said, is_new=bool(saved.summary))
    address += _unanswered(request, shown, form)
    if is_for_script(request):
        return JsonResponse({"saved": saved.summary, "location": address})
    return redirect(address)


def _not_open(request: HttpRequest, checkpoint: Checkpoint, address: str) -> HttpResponse:
    """Only a page that stood open while the RPIW was moved or cancelled sends this. Its script keeps what was typed."""
    why = f"{checkpoint.label} is not open for readings"
    if is_for_script(request):
        return JsonResponse({"why": why}, status=400)
    messages.error(request, f"Not saved: {why}.")
    return redirect(address)


def _unanswered(request: HttpRequest, shown: grid.Grid, form: GridForm) -> str:
    """A warning never stops a save. Those that the person has not answered on the page ("Keep 9 h") are shown beside
    what was saved, each with a one-step correction (docs/adr/0007)."""
    doubted = [
        str(cell.measure.pk)
        for cell in form.cells
        if _value_is_doubted(request, shown, form, cell) or _day_is_doubted(request, shown, form, cell)
    ]
    return f"&check={','.join(doubted)}" if doubted else ""


def _value_is_doubted(request: HttpRequest, shown: grid.Grid, form: GridForm, cell: CellForm) -> bool:
    answer, measure = cell.answer, cell.measure
    if answer is None or answer.entry is None or request.POST.get(f"m{measure.pk}-kept") == answer.typed:
        return False
    baseline = words.baseline_entry(shown, measure, form.checkpoint)
    sample = (answer.own or form.common.shared).sample
    return bool(entries.doubts(measure, answer.entry, baseline, sample=sample))


def _day_is_doubted(request: HttpRequest, shown: grid.Grid, form: GridForm, cell: CellForm) -> bool:
    """The page's script has said it below the day that the new readings share; a correction has a day of its own."""
    answer = cell.answer
    if answer is None or answer.entry is None or (answer.own is None and is_for_script(request)):
        return False
    day = (answer.own or form.common.shared).measured_on
    return bool(shown.doubt_of_day(day, form.checkpoint, cell.measure))


def _page(request: HttpRequest, page: words.GridPage, *, status: int = 200) -> HttpResponse:
    rpiw = page.grid.rpiw
    template = "rpiws/grid/part.html" if is_for_script(request) else "rpiws/grid.html"
    context = {"page": page, "rpiw": rpiw, "crumbs_of": crumbs(rpiw), "nav": "rpiws"}
    response = render(request, template, context, status=status)
    patch_vary_headers(response, ["X-Grid"])
    return response


@needs(Permission.LOG_READINGS)
@require_POST
def read_entry(request: HttpRequest, rpiw_id: int) -> HttpResponse:
    """Read one value and say how it was understood; nothing is saved."""
    rpiw = reach(request, RPIWS, pk=rpiw_id)
    measure = get_object_or_404(
        Measure.objects.select_related("rpiw"), rpiw=rpiw, pk=number_in(request.POST, "measure")
    )
    checkpoint = str(request.POST.get("checkpoint", ""))
    at = {reading.checkpoint: reading for reading in Reading.objects.filter(measure=measure)}
    baseline = at.get(Checkpoint.BASELINE) if checkpoint != Checkpoint.BASELINE else None
    stored = at.get(checkpoint) if request.POST.get(f"m{measure.pk}-seen", "0") not in ("", "0") else None
    compared = entries.entry_of(measure, baseline) if baseline and not baseline.not_comparable else None
    typed, sample = typed_in(measure, request.POST), sample_in(measure, request.POST)
    said = words.say_typed(measure, typed, stored=stored, baseline=compared, sample=sample)
    return render(request, "rpiws/grid/said.html", {"said": said, "measure": measure})


@needs(Permission.LOG_READINGS)
@require_safe
def read_day(request: HttpRequest, rpiw_id: int) -> HttpResponse:
    """What is odd about the true day of one measure's reading, or of all that are new; nothing is saved."""
    rpiw = reach(request, RPIWS, pk=rpiw_id)
    shown = grid.load(rpiw, on=timezone.localdate())
    measure = next((each for each in shown.measures if each.pk == number_in(request.GET, "measure")), None)
    box = f"m{measure.pk}-measured_on" if measure else "measured_on"
    try:
        day = DayField().clean(request.GET.get(box, ""))
    except ValidationError:
        day = None
    doubt = shown.doubt_of_day(day, _checkpoint(request.GET, shown), measure)
    return render(request, "rpiws/grid/day.html", {"doubt": doubt})


def _checkpoint(query: QueryDict, shown: grid.Grid) -> Checkpoint:
    """The one asked for (`day_60`, or `60` for short), or the one to fill; never another one than was asked for."""
    asked = query.get("checkpoint", "")
    for name in (asked, f"day_{asked}"):
        if name in Checkpoint.values:
            return Checkpoint(name)
    if asked:
        raise Http404
    return shown.to_fill()
