"""A value stream's dashboard, its refreshing and its rows."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.permissions import Permission
from dashboards.due import owed_by_value_stream
from dashboards.exports import value_stream_rows
from dashboards.presenters.checkpoints import KEY
from dashboards.presenters.due import due_line
from dashboards.presenters.value_stream import panels
from dashboards.shown import Shown, shown
from dashboards.wording import PAGE_WORDS
from metrics.presenters.table import metrics_table
from trusts.access import needs, reach
from trusts.models import ValueStream
from ui.exports import csv_response, xlsx_response


@require_safe
@never_cache
@needs(Permission.SEE_TRUST)
def value_stream(request: HttpRequest, value_stream_id: int) -> HttpResponse:
    record = reach(request, ValueStream.objects.select_related("trust"), pk=value_stream_id)
    dashboard = shown(request, "value_stream", record.pk)
    return render(request, "dashboards/value_stream.html", _context(request, record, dashboard))


@require_safe
@never_cache
@needs(Permission.SEE_TRUST)
def value_stream_fresh(request: HttpRequest, value_stream_id: int) -> HttpResponse:
    """What an open page asks for every few seconds: nothing new, or the panels."""
    record = reach(request, ValueStream.objects.select_related("trust"), pk=value_stream_id)
    dashboard = shown(request, "value_stream", record.pk)
    known = request.headers.get("If-None-Match", "")
    if known == dashboard.etag:
        return HttpResponseNotModified(headers={"ETag": dashboard.etag})
    context = _context(request, record, dashboard) | {"announce": dashboard.announcement(known), "oob": True}
    response = render(request, "dashboards/value_stream_fresh.html", context)
    response["ETag"] = dashboard.etag
    return response


def _context(request: HttpRequest, record: ValueStream, dashboard: Shown) -> dict[str, Any]:
    scope = request.scope  # type: ignore[attr-defined]
    work = owed_by_value_stream(record.pk, scope=scope, on=dashboard.today)
    return {
        **PAGE_WORDS,
        "timeline_key": KEY,
        "value_stream": record,
        "shown": dashboard,
        "panels": panels(dashboard) if dashboard.stored else None,
        "table": metrics_table(dashboard.body["metrics"]) if dashboard.stored else None,
        "on_dashboard": True,
        "due": [due_line(each, scope=scope, today=dashboard.today) for each in work],
    }


@require_safe
@needs(Permission.SEE_TRUST)
def value_stream_rows_csv(request: HttpRequest, value_stream_id: int) -> HttpResponseBase:
    return csv_response(_rows(request, value_stream_id))


@require_safe
@needs(Permission.SEE_TRUST)
def value_stream_rows_xlsx(request: HttpRequest, value_stream_id: int) -> HttpResponseBase:
    return xlsx_response(_rows(request, value_stream_id))


def _rows(request: HttpRequest, value_stream_id: int) -> Any:
    record = reach(request, ValueStream.objects.select_related("trust"), pk=value_stream_id)
    return value_stream_rows(record, shown(request, "value_stream", record.pk))
