"""The grid: typing, reading and saving the readings of one RPIW; and observations between checkpoints."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, JsonResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from accounts.permissions import Permission
from rpiws import entries, grid
from rpiws.actions.readings import ChangedMeanwhile, add_observations, remove_observation, save_readings
from rpiws.forms.grid import GridForm, typed_in
from rpiws.forms.readings import ObservationsForm
from rpiws.models import Checkpoint, Measure, Observation, Reading, Rpiw
from rpiws.presenters import grid as words
from rpiws.presenters.observations import present_observations
from trusts.access import needs, reach

RPIWS = Rpiw.objects.select_related("value_stream__trust").prefetch_related("people")


@needs(Permission.LOG_READINGS)
@require_http_methods(["GET", "HEAD", "POST"])
def readings(request: HttpRequest, rpiw_id: int) -> HttpResponse:
    """The grid. A save answers a page's script in JSON, and a plain form with a redirect."""
    rpiw = reach(request, RPIWS, pk=rpiw_id)
    shown = grid.load(rpiw, on=timezone.localdate())
    checkpoint = _checkpoint(request.GET, shown)
    if request.method == "POST":
        return _save(request, shown, checkpoint)
    form = GridForm(shown, checkpoint, correct=_number(request.GET, "correct"), use=request.GET.get("use", "")[:100])
    doubted = frozenset(int(pk) for pk in request.GET.get("check", "").split(",") if pk.isdecimal())
    return _page(request, words.present(shown, form, user_id=request.user.pk, doubted=doubted))


def _save(request: HttpRequest, shown: grid.Grid, checkpoint: Checkpoint) -> HttpResponse:
    form = GridForm(shown, checkpoint, request.POST)
    if not shown.column(checkpoint).is_open:
        return HttpResponseBadRequest("This checkpoint is not open.")
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
    if saved.summary:
        messages.success(request, words.count_saved(saved.summary, checkpoint=checkpoint))
    else:
        messages.info(request, words.count_saved("", checkpoint=checkpoint))
    address = reverse("readings", args=[shown.rpiw.pk]) + f"?checkpoint={checkpoint}" + _unanswered(request, shown, form)
    if request.headers.get("X-Grid-Save"):
        return JsonResponse({"saved": saved.summary, "location": address})
    return redirect(address)


def _unanswered(request: HttpRequest, shown: grid.Grid, form: GridForm) -> str:
    """A warning never stops a save. Those that the person has not answered on the page ("Keep 9 h") are shown beside
    what was saved, each with a one-step correction (docs/adr/0012)."""
    doubted = [
        str(cell.measure.pk)
        for cell in form.cells
        if cell.answer
        and cell.answer.entry
        and request.POST.get(f"m{cell.measure.pk}-kept") != cell.answer.typed
        and entries.doubts(
            cell.measure, cell.answer.entry, words.baseline_entry(shown, cell.measure, form.checkpoint)
        )
    ]
    return f"&check={','.join(doubted)}" if doubted else ""


def _page(request: HttpRequest, page: words.GridPage, *, status: int = 200) -> HttpResponse:
    return render(request, "rpiws/grid.html", {"page": page, "rpiw": page.grid.rpiw}, status=status)


@needs(Permission.LOG_READINGS)
@require_POST
def read_entry(request: HttpRequest, rpiw_id: int) -> HttpResponse:
    """Read one value and say how it was understood; nothing is saved."""
    rpiw = reach(request, RPIWS, pk=rpiw_id)
    measure = get_object_or_404(Measure.objects.select_related("rpiw"), rpiw=rpiw, pk=_number(request.POST, "measure"))
    checkpoint = str(request.POST.get("checkpoint", ""))
    at = {reading.checkpoint: reading for reading in Reading.objects.filter(measure=measure)}
    baseline = at.get(Checkpoint.BASELINE) if checkpoint != Checkpoint.BASELINE else None
    stored = at.get(checkpoint) if request.POST.get(f"m{measure.pk}-seen", "0") not in ("", "0") else None
    compared = entries.entry_of(measure, baseline) if baseline and not baseline.not_comparable else None
    said = words.say_typed(measure, typed_in(measure, request.POST), stored=stored, baseline=compared)
    return render(request, "rpiws/grid/said.html", {"said": said, "measure": measure})


@needs(Permission.LOG_READINGS)
@require_http_methods(["GET", "HEAD", "POST"])
def observations(request: HttpRequest, rpiw_id: int) -> HttpResponse:
    """What was observed between checkpoints, measure by measure, with its run chart."""
    rpiw = reach(request, RPIWS, pk=rpiw_id)
    today = timezone.localdate()
    measures = list(Measure.objects.filter(rpiw=rpiw))
    chosen = _number(request.POST, "measure") if request.method == "POST" else None
    forms = [ObservationsForm(request.POST if m.pk == chosen else None, measure=m, on=today) for m in measures]
    for form in forms:
        if form.is_bound and form.is_valid():
            saved = add_observations(
                measure=form.measure,
                observed_on=form.cleaned_data["observed_on"],
                values=form.cleaned_data["values"],
                key=_key(request.POST),
                by=request.user,
            )
            messages.success(request, f"{form.measure.name}: saved {saved.summary}.")
            return redirect(reverse("observations", args=[rpiw.pk]) + f"#measure-{form.measure.pk}")
    page = present_observations(rpiw, forms)
    bound = next((form for form in forms if form.is_bound), None)
    status = 422 if bound else 200
    return render(request, "rpiws/observations.html", {"page": page, "rpiw": rpiw, "form": bound, "new_key": uuid.uuid4}, status=status)


@needs(Permission.LOG_READINGS)
@require_POST
def delete_observation(request: HttpRequest, observation_id: int) -> HttpResponse:
    """Take back what was typed by mistake."""
    between = Observation.objects.filter(reading=None).select_related("measure__rpiw__value_stream")
    observation = reach(request, between, pk=observation_id)
    measure = observation.measure
    remove_observation(observation=observation, by=request.user)
    messages.success(request, f"{measure.name}: one observation taken back.")
    return redirect(reverse("observations", args=[measure.rpiw_id]) + f"#measure-{measure.pk}")


def _checkpoint(query: QueryDict, shown: grid.Grid) -> Checkpoint:
    """The one asked for (`day_60`, or `60` for short), else the one to fill."""
    asked = query.get("checkpoint", "")
    for name in (asked, f"day_{asked}"):
        if name in Checkpoint.values:
            return Checkpoint(name)
    return shown.to_fill()


def _number(query: QueryDict, name: str) -> int | None:
    text = str(query.get(name, ""))
    return int(text) if text.isdecimal() and len(text) < 19 else None


def _key(posted: QueryDict) -> uuid.UUID:
    try:
        return uuid.UUID(str(posted.get("key", "")))
    except ValueError:
        return uuid.uuid4()
