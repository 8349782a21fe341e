"""Recalculating the limits of a chart, and writing onto it."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from accounts.permissions import Permission
from metrics.actions import marks as act
from metrics.forms.marks import AnnotationForm, RecalculationForm, WithdrawalForm
from metrics.models import Annotation, MetricVersion, Recalculation
from metrics.presenters import marks as words
from metrics.refusals import Refused
from metrics.views.way import back_to, form_page, metrics, of_metric, of_version, refused
from trusts.access import needs, reach
from ui.plain_form import posted


@needs(Permission.EDIT_METRICS)
def recalculate(request: HttpRequest, metric_id: int) -> HttpResponse:
    """Compute the limits of the definition in force anew from a point on."""
    metric = reach(request, metrics(), pk=metric_id)
    version = metric.definition
    dates = _dates_with_a_point(version) if version else []
    if version is None or not dates:
        return refused(request, metric, "There is no point yet from which limits could be computed anew.")
    considered = words.considered(metric, version)
    initial = {"on": considered.isoformat() if considered in dates else ""} if considered else {}
    form = RecalculationForm(posted(request), version=version, dates=dates, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            act.recalculate(version=version, by=request.user, **form.cleaned_data)
        except Refused as why:
            form.add_error("on", str(why))
        else:
            return back_to(request, metric, said="The limits are computed anew. Your reason is shown on the chart.")
    return form_page(
        request,
        form,
        metric,
        heading="Recalculate the limits",
        template="metrics/recalculate.html",
        question=words.question(version, considered),
        lines=words.recalculations(version),
    )


@needs(Permission.EDIT_METRICS)
def withdraw(request: HttpRequest, recalculation_id: int) -> HttpResponse:
    """Take a recalculation back, saying why."""
    recalculation = reach(request, of_version(Recalculation), pk=recalculation_id)
    metric = recalculation.version.metric
    if recalculation.withdrawn_at is not None:
        return refused(request, metric, "This recalculation was withdrawn already.")
    form = WithdrawalForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            act.withdraw(recalculation=recalculation, by=request.user, **form.cleaned_data)
        except Refused as why:
            return refused(request, metric, why)
        return back_to(request, metric, said="Withdrawn: the limits are as they were without it.")
    return form_page(request, form, metric, heading="Withdraw a recalculation", lede=words.recalculated(recalculation))


@needs(Permission.PROPOSE_AMENDMENTS)
def annotate(request: HttpRequest, metric_id: int) -> HttpResponse:
    """Write a remark onto the chart; below it, the remarks that people wrote."""
    metric = reach(request, metrics(), pk=metric_id)
    form = AnnotationForm(posted(request))
    if request.method == "POST" and form.is_valid():
        act.annotate(metric=metric, by=request.user, **form.cleaned_data)
        return back_to(request, metric, said="Written onto the chart.")
    lines = words.remarks(metric, user_id=request.user.pk)
    return form_page(
        request,
        form,
        metric,
        heading="Write onto the chart",
        lede=words.BY_THEMSELVES,
        template="metrics/annotate.html",
        lines=lines,
    )


@needs(Permission.PROPOSE_AMENDMENTS)
def edit_annotation(request: HttpRequest, annotation_id: int) -> HttpResponse:
    """Who wrote a remark changes it."""
    annotation = reach(request, of_metric(Annotation), pk=annotation_id)
    metric = annotation.metric
    if annotation.by_id != request.user.pk:
        return refused(request, metric, "Only the person who wrote a remark can change it.")
    form = AnnotationForm(posted(request), initial={"on": annotation.on, "text": annotation.text})
    if request.method == "POST" and form.is_valid():
        try:
            act.edit_annotation(annotation=annotation, by=request.user, **form.cleaned_data)
        except Refused as why:
            return refused(request, metric, why)
        return back_to(request, metric, said="Changed on the chart.")
    remove = ("annotation_remove", annotation.pk, "Take it off the chart")
    return form_page(request, form, metric, heading="Change a remark", remove=remove)


@needs(Permission.PROPOSE_AMENDMENTS)
@require_POST
def remove_annotation(request: HttpRequest, annotation_id: int) -> HttpResponse:
    annotation = reach(request, of_metric(Annotation), pk=annotation_id)
    try:
        act.remove_annotation(annotation=annotation, by=request.user)
    except Refused as why:
        return refused(request, annotation.metric, why)
    back_to(request, annotation.metric, said="Taken off the chart.")
    return redirect("metric_annotate", annotation.metric.pk)


def _dates_with_a_point(version: MetricVersion) -> list[date]:
    """In order, without the first: there are no limits before it that could be computed anew."""
    points = version.measurements.filter(value__isnull=False, ghost=False)
    return sorted(set(points.values_list("on", flat=True)))[1:]
