"""A trust's page and its refreshing."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.permissions import Permission
from dashboards.presenters.trust import KEY, panels
from dashboards.shown import Shown, shown
from dashboards.wording import PAGE_WORDS
from trusts.access import needs, reach
from trusts.models import Trust


@require_safe
@never_cache
@needs(Permission.SEE_TRUST)
def trust(request: HttpRequest, ods_code: str) -> HttpResponse:
    record, dashboard = _reached(request, ods_code)
    return render(request, "dashboards/trust.html", _context(request, record, dashboard))


@require_safe
@never_cache
@needs(Permission.SEE_TRUST)
def trust_fresh(request: HttpRequest, ods_code: str) -> HttpResponse:
    """What an open page asks for every few seconds: nothing new, or the panels."""
    record, dashboard = _reached(request, ods_code)
    known = request.headers.get("If-None-Match", "")
    if known == dashboard.etag:
        return HttpResponseNotModified(headers={"ETag": dashboard.etag})
    context = _context(request, record, dashboard) | {"announce": dashboard.announcement(known), "oob": True}
    response = render(request, "dashboards/trust_fresh.html", context)
    response["ETag"] = dashboard.etag
    return response


def _reached(request: HttpRequest, ods_code: str) -> tuple[Trust, Shown]:
    record = reach(request, Trust.objects.all(), ods_code=ods_code.upper())
    return record, shown(request, "trust", record.pk)


def _context(request: HttpRequest, record: Trust, dashboard: Shown) -> dict[str, Any]:
    may_edit = request.scope.may_at(Permission.EDIT_TRUST, record)  # type: ignore[attr-defined]
    page: dict[str, Any] = {
        **PAGE_WORDS,
        "trust": record,
        "shown": dashboard,
        "may_edit": may_edit,
        "timeline_key": KEY,
    }
    if dashboard.stored is None:
        return page | {"panels": None}
    found = panels(dashboard)
    facts = [
        (name, words, _add(record, kind) if words is None and may_edit else None) for name, words, kind in found.context
    ]
    return page | {"panels": found, "facts": facts}


def _add(record: Trust, kind: str) -> tuple[str, str]:
    """Where a fact that is not recorded can be added."""
    if kind:
        return "Add", reverse("context_add", args=[record.ods_code, kind])
    return "Add", reverse("trust_edit", args=[record.ods_code])
