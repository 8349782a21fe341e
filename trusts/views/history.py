"""The history of any record of a trust."""

from typing import Any

from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.history import history, is_tracked, way_back
from accounts.permissions import Permission
from trusts.access import needs, reach


@needs(Permission.SEE_TRUST)
def record_history(request: HttpRequest, app: str, model: str, record_id: int) -> HttpResponse:
    """Only models whose rows belong to a trust have such a page; everything else is not there. `?of=reading-12` shows
    what happened to one row of the record alone."""
    try:
        of: Any = apps.get_model(app, model)
    except LookupError:
        raise Http404 from None
    rows = of._default_manager.all()
    if not (is_tracked(of) and hasattr(rows, "in_trusts")):
        raise Http404
    record = reach(request, rows, pk=record_id)
    if not request.scope.may_at(getattr(of, "history_needs", Permission.SEE_TRUST), record):  # type: ignore[attr-defined]
        raise PermissionDenied
    way, nav = way_back(record)
    entries = history(record)
    of_row = [entry for entry in entries if entry.row and entry.row == request.GET.get("of")]
    page = {
        "record": record,
        "kind": str(of._meta.verbose_name),
        "history": of_row or entries,
        "everything": len(entries) if of_row else 0,
        "way": way,
        "nav": nav,
    }
    return render(request, "accounts/history.html", page)
