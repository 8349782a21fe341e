"""The metrics of a value stream, a metric's page and its downloads. Figures come from the snapshot alone."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.permissions import Permission
from metrics.exports import metric_rows
from metrics.models import Metric
from metrics.presenters.page import metric_in, panels
from metrics.presenters.table import metrics_table
from metrics.presenters.words import metrics_answer
from metrics.shown import Shown, shown
from trusts.access import needs, reach, reach_all
from trusts.models import ValueStream
from trusts.names import names_at
from ui.exports import csv_response, xlsx_response

WITH_TRUST = ("value_stream__trust", "value_stream__executive_sponsor", "objective")


@require_safe
@needs(Permission.SEE_TRUST)
def value_streams(request: HttpRequest) -> HttpResponse:
    """The value streams whose metrics the person may see, each with its table."""
    streams = reach_all(request, ValueStream.objects.all()).select_related("trust").order_by("trust__seat", "number")
    page = {"streams": list(streams), "nav": "metrics"}
    return render(request, "metrics/value_streams.html", page)


@require_safe
@never_cache
@needs(Permission.SEE_TRUST)
def metrics(request: HttpRequest, value_stream_id: int) -> HttpResponse:
    """The Making Data Count table of a value stream."""
    stream = reach(request, ValueStream.objects.select_related("trust"), pk=value_stream_id)
    page = shown(request, stream.pk)
    return render(request, "metrics/metrics.html", _list_context(stream, page))


@require_safe
@never_cache
@needs(Permission.SEE_TRUST)
def metrics_fresh(request: HttpRequest, value_stream_id: int) -> HttpResponse:
    stream = reach(request, ValueStream.objects.select_related("trust"), pk=value_stream_id)
    page = shown(request, stream.pk)
    return _fresh(request, page, "metrics/metrics_fresh.html", _list_context(stream, page))


def _list_context(stream: ValueStream, page: Shown) -> dict[str, Any]:
    return {
        "value_stream": stream,
        "shown": page,
        "table": metrics_table(page.metrics),
        "answer_words": metrics_answer(page.metrics),
        "nav": "metrics",
    }


@require_safe
@never_cache
@needs(Permission.SEE_TRUST)
def metric(request: HttpRequest, metric_id: int) -> HttpResponse:
    """Did it get better, can it move, what was changed, and every figure."""
    record = reach(request, Metric.objects.select_related(*WITH_TRUST), pk=metric_id)
    page = shown(request, record.value_stream_id)
    return render(request, "metrics/metric.html", _context(request, record, page))


@require_safe
@never_cache
@needs(Permission.SEE_TRUST)
def metric_fresh(request: HttpRequest, metric_id: int) -> HttpResponse:
    """What an open page asks for every few seconds: nothing new, or the panels."""
    record = reach(request, Metric.objects.select_related(*WITH_TRUST), pk=metric_id)
    page = shown(request, record.value_stream_id)
    return _fresh(request, page, "metrics/metric_fresh.html", _context(request, record, page))


def _context(request: HttpRequest, record: Metric, page: Shown) -> dict[str, Any]:
    body = metric_in(page.metrics, record.pk)
    names = names_at(record.trust_id)
    return {
        "metric": record,
        "value_stream": record.value_stream,
        "shown": page,
        "panels": panels(body, page.metrics, names, subgroup=request.GET.get("subgroup")) if body else None,
        "crumbs_of": crumbs(record.value_stream),
        "rights": {each.value for each in request.scope.permissions_at(record)},  # type: ignore[attr-defined]
        "nav": "metrics",
    }


def _fresh(request: HttpRequest, page: Shown, template: str, context: dict[str, Any]) -> HttpResponse:
    known = request.headers.get("If-None-Match", "")
    if known == page.etag:
        return HttpResponseNotModified(headers={"ETag": page.etag})
    response = render(request, template, context | {"announce": page.announcement(known), "oob": True})
    response["ETag"] = page.etag
    return response


def crumbs(stream: ValueStream) -> list[tuple[str, str]]:
    """The way up from a page about a metric."""
    return [
        (str(stream.trust), reverse("trust", args=[stream.trust.ods_code])),
        (stream.name, reverse("value_stream", args=[stream.pk])),
        ("Metrics", reverse("metrics", args=[stream.pk])),
    ]


@require_safe
@needs(Permission.SEE_TRUST)
def metric_file(request: HttpRequest, metric_id: int, ending: str) -> HttpResponseBase:
    """Every measurement of every definition, as CSV or XLSX."""
    record = reach(request, Metric.objects.select_related(*WITH_TRUST), pk=metric_id)
    respond = {"csv": csv_response, "xlsx": xlsx_response}.get(ending)
    if respond is None:
        raise Http404
    return respond(metric_rows(record, shown(request, record.value_stream_id)))
