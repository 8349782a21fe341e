"""Measurements by hand: the grid, one value, correcting one and taking one away."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_http_methods, require_POST

from accounts.permissions import Permission
from metrics import grid, typed
from metrics.actions import measurements as act
from metrics.forms.grid import GridForm
from metrics.forms.measurements import CorrectionForm, MeasurementForm, RemovalForm
from metrics.grid import Grid
from metrics.models import Measurement
from metrics.periods import say_period
from metrics.presenters import grid as words
from metrics.refusals import Refused
from metrics.views.pages import crumbs as crumbs_of_stream
from metrics.views.way import back_to, form_page, metrics, of_version, refused
from trusts.access import needs, reach
from trusts.models import ValueStream
from ui.bounds import HAPPENED
from ui.grid_answers import is_for_script, number_in, tell_once
from ui.plain_form import posted

STREAMS = ValueStream.objects.select_related("trust", "executive_sponsor")


@needs(Permission.LOG_MEASUREMENTS)
@require_http_methods(["GET", "HEAD", "POST"])
def measurements(request: HttpRequest, value_stream_id: int) -> HttpResponse:
    """The grid. A save answers the page's script in JSON, and a plain form with a redirect."""
    shown = _asked(request, reach(request, STREAMS, pk=value_stream_id))
    if request.method == "POST":
        return _save(request, shown)
    form = GridForm(shown, correct=number_in(request.GET, "correct"))
    doubted = frozenset(int(pk) for pk in request.GET.get("check", "").split(",") if pk.isdecimal() and len(pk) < 19)
    return _page(request, shown, form, doubted=doubted)


@needs(Permission.LOG_MEASUREMENTS)
@require_POST
def read_measurement(request: HttpRequest, value_stream_id: int) -> HttpResponse:
    """Read one value and say how it was understood; nothing is saved."""
    shown = _asked(request, reach(request, STREAMS, pk=value_stream_id))
    places = {place.key: place for place in shown.places}
    place = places.get(request.POST.get("place", ""))
    if place is None:
        return HttpResponse("")
    text = str(request.POST.get(f"{place.key}-value", ""))[:2000]
    corrects = str(request.POST.get(f"{place.key}-seen") or "0") != "0"
    said = words.say_typed(shown, place, text, corrects=corrects)
    return render(request, "metrics/grid/said.html", {"said": said, "place": place})


@needs(Permission.LOG_MEASUREMENTS)
def add(request: HttpRequest, metric_id: int) -> HttpResponse:
    """One value by itself: also of a subgroup that has none yet, and with a note."""
    metric = reach(request, metrics(), pk=metric_id)
    version = metric.definition
    if version is None:
        return refused(request, metric, "This metric has no definition in force yet, so nothing can be logged.")
    form = MeasurementForm(posted(request), metric=metric, today=timezone.localdate())
    if request.method == "POST" and form.is_valid():
        try:
            summary = act.save_measurements(stream=metric.value_stream, cells=[form.answer], by=request.user)
        except act.ChangedMeanwhile as meanwhile:
            form.say_there_is(meanwhile.cells[0].stored)
        else:
            return back_to(request, metric, said=words.count_saved(summary))
    return form_page(request, form, metric, heading="Log one measurement", lede=words.how_typed(version))


@needs(Permission.LOG_MEASUREMENTS)
def correct(request: HttpRequest, measurement_id: int) -> HttpResponse:
    """Correct one value, saying why; the old one stays in the history."""
    row = reach(request, of_version(Measurement), pk=measurement_id)
    version, metric = row.version, row.version.metric
    form = CorrectionForm(posted(request), row=row)
    if request.method == "POST" and form.is_valid():
        try:
            summary = act.save_measurements(stream=metric.value_stream, cells=[form.answer], by=request.user)
        except act.ChangedMeanwhile as meanwhile:
            form.open_again(meanwhile.cells[0].stored)
        else:
            return back_to(request, metric, said=words.count_saved(summary))
    when = say_period(row.on, version.collected_often)
    return form_page(
        request,
        form,
        metric,
        heading=f"Correct {when}{f', {row.subgroup}' if row.subgroup else ''}",
        template="metrics/correct.html",
        stands=typed.say_row(version, row),
        row=row,
    )


@needs(Permission.LOG_MEASUREMENTS)
def remove(request: HttpRequest, measurement_id: int) -> HttpResponse:
    """Take away a value that belongs to no such period, saying why."""
    row = reach(request, of_version(Measurement), pk=measurement_id)
    version, metric = row.version, row.version.metric
    form = RemovalForm(posted(request), initial={"seen": row.row_version})
    if request.method == "POST" and form.is_valid():
        try:
            act.remove_measurement(measurement=row, by=request.user, **form.cleaned_data)
        except Refused as why:
            return refused(request, metric, why)
        return back_to(request, metric, said="Taken away. The history keeps it, with your reason.")
    lede = f"{say_period(row.on, version.collected_often)}: {typed.say_row(version, row)}"
    return form_page(request, form, metric, heading="Take a measurement away", lede=lede)


def _asked(request: HttpRequest, stream: ValueStream) -> Grid:
    """The part of the grid that the address asks for."""
    return grid.load(
        stream,
        on=timezone.localdate(),
        often=request.GET.get("often", ""),
        until=_day_in(request.GET, "until"),
        metric_id=number_in(request.GET, "metric"),
    )


def _save(request: HttpRequest, shown: Grid) -> HttpResponse:
    form = GridForm(shown, request.POST)
    if not form.is_valid():
        return _page(request, shown, form, is_refused=True, status=422)
    try:
        summary = act.save_measurements(stream=shown.stream, cells=form.answers, by=request.user)
    except act.ChangedMeanwhile as meanwhile:
        form.show_both(meanwhile.cells)
        return _page(request, shown, form, is_refused=True, status=409)
    tell_once(request, words.count_saved(summary), is_new=bool(summary))
    address = words.address_of(shown, **_unanswered(request, shown, form))
    if is_for_script(request):
        return JsonResponse({"saved": summary, "location": address})
    return redirect(address)


def _unanswered(request: HttpRequest, shown: Grid, form: GridForm) -> dict[str, str]:
    """A warning never stops a save. Those that the person has not answered on the page are shown beside what was saved,
    each with a one-step correction (docs/adr/0007)."""
    odd = []
    for cell in form.cells.values():
        version, answer = cell.place.column.version, cell.answer
        if answer is None or request.POST.get(cell.add_prefix("kept")) == cell.cleaned_data["value"]:
            continue
        if typed.doubts(version, answer.typed, shown.usual(cell.place)):
            odd.append(cell.place)
    rows = grid.rows_at(odd)
    return {"check": ",".join(map(str, rows))} if rows else {}


def _page(
    request: HttpRequest,
    shown: Grid,
    form: GridForm,
    *,
    doubted: frozenset[int] = frozenset(),
    is_refused: bool = False,
    status: int = 200,
) -> HttpResponse:
    page = words.present(
        shown, form, user_id=request.user.pk, on=timezone.localdate(), doubted=doubted, is_refused=is_refused
    )
    template = "metrics/grid/part.html" if is_for_script(request) else "metrics/grid.html"
    context = {"page": page, "stream": shown.stream, "crumbs_of": crumbs_of_stream(shown.stream), "nav": "metrics"}
    response = render(request, template, context, status=status)
    patch_vary_headers(response, ["X-Grid"])
    return response


def _day_in(query: QueryDict, name: str) -> date | None:
    """The day that an address names; None where none is meant."""
    try:
        day = date.fromisoformat(query.get(name, ""))
        HAPPENED(day)
    except (ValueError, ValidationError):
        return None
    return day
