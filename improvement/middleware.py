"""What every request leaves behind: a log line and counts, under its route's name."""

import logging
import time
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse

from improvement import metrics
from improvement.logs import person, route_of

logger = logging.getLogger("improvement.requests")

# Asked every few seconds by machines.
UNSAID = frozenset({"health", "ready", "metrics"})


class Counted:
    """Stands before everything but the request's number, so that no answer is missed."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        began = time.perf_counter()
        # A thread serves one person after another, and may have something to say between them.
        nobody = person.set(None)
        try:
            response = self.get_response(request)
            self._note(request, response.status_code, time.perf_counter() - began)
        finally:
            person.reset(nobody)
        return response

    def _note(self, request: HttpRequest, status: int, seconds: float) -> None:
        route, method = route_of(request), metrics.method_of(request)
        metrics.note_answer(request, status, route=route, method=method, seconds=seconds)
        if route not in UNSAID:
            said = {"route": route, "method": method, "status": status, "seconds": round(seconds, 4)}
            logger.info("%s %s %s", method, route, status, extra=said)


class Named:
    """Stands last, where it is known who is signed in: from here on lines carry their id.

    A view that says `names_nobody` leaves lines without it: the route and the minute would tell who acted there.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        person.set(request.user.pk)
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, _args: Any, _kwargs: Any) -> None:
        if getattr(view, "names_nobody", False):
            person.set(None)
