"""Keeps each person's visit clock (accounts/visits.py)."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from accounts.models import User
from accounts.visits import Clock


class VisitClock:
    """Writes at most once in five minutes for each person, and not at all for a page that refreshes itself."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated and not _refreshes_itself(request):
            _tick(request.user)
        return self.get_response(request)


def _refreshes_itself(request: HttpRequest) -> bool:
    """A dashboard left open asks for news all day: that is no visit."""
    htmx: Any = getattr(request, "htmx", None)
    return request.method == "GET" and bool(htmx) and not htmx.boosted


def _tick(user: User) -> None:
    before = Clock(user.seen_at, user.visit_started_at, user.last_visit_at)
    after = before.at(timezone.now())
    if after is before:
        return
    # Two pages opened at once begin one visit: the second finds that the clock has moved.
    if User.objects.filter(pk=user.pk, seen_at=before.seen_at).update(**asdict(after)):
        user.seen_at, user.visit_started_at, user.last_visit_at = (
            after.seen_at,
            after.visit_started_at,
            after.last_visit_at,
        )
