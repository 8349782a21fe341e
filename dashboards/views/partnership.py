"""The partnership's page and its refreshing."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.permissions import Permission
from dashboards.presenters.partnership import panels
from dashboards.shown import Shown, shown
from dashboards.wording import PAGE_WORDS
from trusts.access import needs


@require_safe
@never_cache
@needs(Permission.SEE_PARTNERSHIP_TOTAL)
def partnership(request: HttpRequest) -> HttpResponse:
    dashboard = _dashboard(request)
    return render(request, "dashboards/partnership.html", _context(request, dashboard))


@require_safe
@never_cache
@needs(Permission.SEE_PARTNERSHIP_TOTAL)
def partnership_fresh(request: HttpRequest) -> HttpResponse:
    """What an open page asks for every few seconds: nothing new, or the panels."""
    dashboard = _dashboard(request)
    known = request.headers.get("If-None-Match", "")
    if known == dashboard.etag:
        return HttpResponseNotModified(headers={"ETag": dashboard.etag})
    context = _context(request, dashboard) | {"announce": dashboard.announcement(known), "oob": True}
    response = render(request, "dashboards/partnership_fresh.html", context)
    response["ETag"] = dashboard.etag
    return response


def _dashboard(request: HttpRequest) -> Shown:
    """Of the partnership in which the person holds the permission; the first, should there be several."""
    found = request.scope.partnerships_where(request.permission)  # type: ignore[attr-defined]
    if not found:
        raise Http404
    return shown(request, "partnership", min(found))


def _context(request: HttpRequest, dashboard: Shown) -> dict[str, Any]:
    own = request.scope.trust_ids  # type: ignore[attr-defined]
    found = panels(dashboard, own_trusts=own) if dashboard.stored else None
    return {**PAGE_WORDS, "shown": dashboard, "panels": found}
