"""Ends sessions that nobody uses (accounts/sessions.py), and keeps each person's visit clock (accounts/visits.py)."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from django.contrib import messages
from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from accounts import sessions
from accounts.accesses import note
from accounts.models import User
from accounts.visits import Clock


class SessionLimits:
    """Ends a session whose time is over, says so, and leads back to where the person was."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.session_over = None  # type: ignore[attr-defined]
        if request.user.is_authenticated:
            if over := sessions.over(request.session):
                if sessions.end(request.session):
                    note(over, request, request.user)
                request.user = AnonymousUser()
                request.session_over = over  # type: ignore[attr-defined]
            else:
                if not _refreshes_itself(request):
                    sessions.use(request.session)
                request.session_left = sessions.left(request.session)  # type: ignore[attr-defined]
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, _args: Any, _kwargs: Any) -> HttpResponse | None:
        over = request.session_over  # type: ignore[attr-defined]
        if over is None or not getattr(view, "login_required", True):
            return None
        messages.info(request, sessions.words(over))
        return redirect_to_login(sessions.where(request))


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
    return request.method == "GET" and "HX-Request" in request.headers and "HX-Boosted" not in request.headers


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
