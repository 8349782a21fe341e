"""What an RPIW measures."""

from django.contrib import messages
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from accounts.permissions import Permission
from metrics.models import Metric
from rpiws.actions.measures import (
    MeasureRefused,
    add_measure,
    delete_measure,
    edit_measure,
    has_baseline,
    move_measure,
)
from rpiws.actions.writes import EditedMeanwhile
from rpiws.forms.measures import KINDS, EditMeasureForm, MeasureForm
from rpiws.models import Measure
from rpiws.presenters.measures import MORE_THAN_USUAL, measure_rows
from rpiws.views.editing import crumbs, form_page, records_of, rpiws, show_newer
from trusts.access import needs, reach
from trusts.names import names_at
from ui.plain_form import posted


@needs(Permission.RUN_RPIWS)
def measures(request: HttpRequest, rpiw_id: int) -> HttpResponse:
    """The measures in their order, and the kinds of which one can be added."""
    rpiw = reach(request, rpiws(), pk=rpiw_id)
    found = (
        rpiw.measures.annotate(readings_count=Count("readings"))
        .select_related("remeasured_by")
        .prefetch_related("metrics")
    )
    context = {
        "rpiw": rpiw,
        "rows": measure_rows(found, names_at(rpiw.trust_id)),
        "kinds": [(kind, Measure.Kind(kind).label, asked.explanation) for kind, asked in KINDS.items()],
        "serves_none": not any(measure.metrics.all() for measure in found),
        "has_metrics": Metric.objects.filter(value_stream_id=rpiw.value_stream_id).exists(),
        "usual_most": Measure.USUAL_MOST,
        "crumbs_of": crumbs(rpiw),
        "nav": "rpiws",
    }
    return render(request, "rpiws/measures.html", context)


@needs(Permission.RUN_RPIWS)
def add(request: HttpRequest, rpiw_id: int, kind: str) -> HttpResponse:
    """A ninth measure is warned about and not refused."""
    rpiw = reach(request, rpiws(), pk=rpiw_id)
    if kind not in KINDS:
        raise Http404
    form = MeasureForm(posted(request), kind=kind, rpiw=rpiw)
    if request.method == "POST" and form.is_valid():
        measure = add_measure(rpiw=rpiw, by=request.user, kind=kind, **form.facts)
        messages.success(request, f"Added: {measure}.")
        return redirect("rpiw_measures", rpiw.pk)
    warning = MORE_THAN_USUAL if rpiw.measures.count() >= Measure.USUAL_MOST else ""
    label = Measure.Kind(kind).label
    return form_page(
        request, form, rpiw, heading=f"Add a measure: {label}", lede=KINDS[kind].explanation, warning=warning
    )


@needs(Permission.RUN_RPIWS)
def edit(request: HttpRequest, measure_id: int) -> HttpResponse:
    measure = reach(request, records_of(Measure).select_related("remeasured_by"), pk=measure_id)
    measured = has_baseline(measure)
    initial = EditMeasureForm.initial_of(measure)
    form = EditMeasureForm(posted(request), measure=measure, has_baseline=measured, initial=initial)
    theirs: list[tuple[str, str]] = []
    if request.method == "POST" and form.is_valid():
        try:
            edit_measure(
                measure=measure, by=request.user, version=form.version_seen, comparing=form.comparing, **form.facts
            )
            messages.success(request, "Saved.")
            return redirect("rpiw_measures", measure.rpiw_id)
        except EditedMeanwhile:
            theirs = show_newer(form, measure)
        except MeasureRefused as refused:
            form.add_error(None, str(refused))
    lede = "It has a baseline, so its unit and statistic are fixed." if measured else ""
    return form_page(request, form, measure.rpiw, heading=measure.name, lede=lede, theirs=theirs)


@needs(Permission.RUN_RPIWS)
def move(request: HttpRequest, measure_id: int) -> HttpResponse:
    measure = reach(request, records_of(Measure), pk=measure_id)
    if request.method == "POST":
        move_measure(measure=measure, by=request.user, up=request.POST.get("to") == "up")
    return redirect("rpiw_measures", measure.rpiw_id)


@needs(Permission.RUN_RPIWS)
def delete(request: HttpRequest, measure_id: int) -> HttpResponse:
    measure = reach(request, records_of(Measure), pk=measure_id)
    if request.method == "POST":
        try:
            delete_measure(measure=measure, by=request.user)
            messages.success(request, f"Deleted: {measure}.")
        except MeasureRefused as refused:
            messages.error(request, str(refused))
    return redirect("rpiw_measures", measure.rpiw_id)
