"""The first page after signing in."""

from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.permissions import Permission
from boards.presenters import tasks as of_boards
from dashboards.changes import changes_since
from dashboards.models import TrustSummary
from dashboards.preparation import next_rpiw
from dashboards.presenters import home as words
from dashboards.presenters.partnership import published
from dashboards.presenters.summaries import list_lines
from dashboards.summaries.months import Month
from dashboards.wording import PAGE_WORDS
from metrics.presenters.amendments import waiting_for
from rpiws import remeasure
from snapshots.freshness import latest, latest_many
from trusts.access import needs
from trusts.models import Trust
from trusts.scope import Scope

FIRST_LOOK_BACK = timedelta(days=7)


@require_safe
@never_cache
@needs(Permission.SEE_OWN_WORK)
def home(request: HttpRequest) -> HttpResponse:
    if request.scope.trust_ids:  # type: ignore[attr-defined]
        return render(request, "dashboards/home.html", _work(request))
    return render(request, "dashboards/home_of_partnership.html", _of_partnership(request))


def _work(request: HttpRequest) -> dict[str, Any]:
    """What is owed at the person's trusts, and what moved there."""
    scope, user, today = request.scope, request.user, timezone.localdate()  # type: ignore[attr-defined]
    facts = remeasure.held_rpiws(scope.trust_ids)
    work = [each for rpiw in facts for each in rpiw.work(on=today, user_id=scope.user_id)]
    visited = user.last_visit_at  # type: ignore[union-attr]
    since = visited or timezone.now() - FIRST_LOOK_BACK
    changes = changes_since(since, trust_ids=scope.trust_ids, reader=scope.user_id)
    since_in_lede, since_in_heading = words.since_words(since, visited=visited is not None, today=today)
    due = words.due_rows(work, scope=scope, today=today)
    bodies = [stored.body for _trust_id, stored in sorted(latest_many("trust", scope.trust_ids).items())]
    lines = words.completeness_lines(bodies, facts, today=today)
    coming = next_rpiw(scope.trust_ids, user_id=scope.user_id, on=today)
    complete, held = words.total_words(lines)
    return {
        "today": today,
        "lede": words.lede(work, len(changes), since=since_in_lede),
        "summaries": words.waiting_summaries(_drafts(scope), scope=scope),
        "proposals": waiting_for(scope.user_id, scope.trust_ids) if scope.may(Permission.AGREE_AMENDMENTS) else [],
        "asked": _asked(scope),
        "due": due[: words.SHOWN],
        "more_due": max(len(due) - words.SHOWN, 0),
        "next": words.next_week(coming, today=today) if coming else None,
        "since": since_in_heading,
        "feed": words.feed(changes[: words.SHOWN], today=today),
        "more_changes": max(len(changes) - words.SHOWN, 0),
        "completeness": lines,
        "complete": complete,
        "held": held,
        "whose": words.heading_of(scope),
    }


def _asked(scope: Scope) -> list[dict[str, Any]]:
    """What the boards' meetings asked of the person's seats."""
    return of_boards.waiting_for(scope.user_id, on=timezone.localdate()) if scope.seats else []


def _drafts(scope: Scope) -> list[TrustSummary]:
    """The summaries that are not released yet, of the trusts in which the person sees them."""
    drafts = TrustSummary.objects.in_trusts(scope.trusts_where(Permission.SEE_DRAFT_SUMMARIES)).drafts()
    return list(drafts.select_related("trust"))


def _of_partnership(request: HttpRequest) -> dict[str, Any]:
    """For those whose role is no trust's: what they can do, and public figures for those who see released ones."""
    scope = request.scope  # type: ignore[attr-defined]
    partnerships = scope.partnerships_where(Permission.SEE_RELEASED_TOTALS)
    stored = latest("partnership", min(partnerships)) if partnerships else None
    trusts = Trust.objects.in_partnerships(partnerships)
    released = TrustSummary.objects.in_partnerships(partnerships).released().latest_per_trust()
    today = timezone.localdate()
    return {
        **PAGE_WORDS,
        "today": today,
        "month": Month.before(today).starts,
        "lines": list_lines(trusts, released, today=today) if partnerships else [],
        "roles": [held.words for held in (*scope.held, *scope.seats)],
        "asked": _asked(scope),
        "sees_released": bool(partnerships),
        "published": published(stored.body) if stored else [],
        "sets_up": scope.may(Permission.SET_UP_PARTNERSHIP),
    }
