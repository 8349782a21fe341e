"""Who owes which remeasure: for a person, and for a trust."""

from __future__ import annotations

from collections.abc import Collection
from itertools import groupby

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.permissions import Permission
from rpiws.models import Rpiw
from rpiws.presenters.due import present_due
from rpiws.remeasure import Work, completeness, due_work, held_rpiws
from trusts.access import may_anywhere, needs
from trusts.scope import Scope


@needs(Permission.SEE_TRUST)
@require_safe
def due(request: HttpRequest) -> HttpResponse:
    """What is late, due, never measured and stood down, and how complete the readings of each value stream are."""
    may_anywhere(request)
    scope: Scope = request.scope  # type: ignore[attr-defined]
    today = timezone.localdate()
    owed = due_work(scope, on=today)
    asked = request.GET.get("whose", "")
    only_mine = asked == "mine" or (asked != "trust" and any(work.mine for work in owed))
    facts = sorted(held_rpiws(scope.trust_ids), key=lambda rpiw: (rpiw.trust, rpiw.trust_id))
    held = [
        (trust, completeness(of_trust, on=today))
        for (trust, _), of_trust in groupby(facts, key=lambda rpiw: (rpiw.trust, rpiw.trust_id))
    ]
    page = present_due(owed, held, on=today, only_mine=only_mine, loggable=_loggable(scope, owed))
    return render(request, "rpiws/due.html", {"page": page, "nav": "due"})


def _loggable(scope: Scope, owed: Collection[Work]) -> frozenset[int]:
    """The RPIWs among them whose readings the person may log."""
    rpiws = Rpiw.objects.filter(pk__in={work.rpiw_id for work in owed})
    found = rpiws.select_related("value_stream").prefetch_related("people")
    return frozenset(rpiw.pk for rpiw in found if scope.may_at(Permission.LOG_READINGS, rpiw))
