"""A value stream's dashboard, its refreshing and its rows."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.permissions import Permission
from dashboards.exports import value_stream_rows
from dashboards.ready_made import due_panel, ready_made
from dashboards.shown import shown
from trusts.access import needs, reach
from trusts.models import ValueStream
from ui.exports import csv_response, xlsx_response


@require_safe
@never_cache
@needs(Permission.SEE_TRUST)
def value_stream(request: HttpRequest, value_stream_id: int) -> HttpResponse:
    record = reach(request, ValueStream.objects.select_related("trust"), pk=value_stream_id)
    scope = request.scope  # type: ignore[attr-defined]
    dashboard, ready = ready_made(request, record, scope=scope)
    due = due_panel(dashboard, record, scope=scope) if ready else ""
    context = {"value_stream": record, "shown": dashboard, "ready": ready, "due": due}
    return render(request, "dashboards/value_stream.html", context)


@require_safe
@never_cache
@needs(Permission.SEE_TRUST)
def value_stream_fresh(request: HttpRequest, value_stream_id: int) -> HttpResponse:
    """What an open page asks for every few seconds: nothing new, or the panels."""
    record = reach(request, ValueStream.objects.select_related("trust"), pk=value_stream_id)
    scope = request.scope  # type: ignore[attr-defined]
    dashboard, ready = ready_made(request, record, scope=scope, oob=True)
    known = request.headers.get("If-None-Match", "")
    if known == dashboard.etag:
        return HttpResponseNotModified(headers={"ETag": dashboard.etag})
    due = due_panel(dashboard, record, scope=scope, oob=True) if ready else ""
    context = {"shown": dashboard, "ready": ready, "due": due, "announce": dashboard.announcement(known)}
    response = render(request, "dashboards/value_stream_fresh.html", context)
    response["ETag"] = dashboard.etag
    return response


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
