"""The pages shown when something is wrong. The URLconf names them: handler404 = "ui.errors.not_found"."""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import InterfaceError, InternalError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.templatetags.static import static

# The database is away, stopping, full or in trouble of its own: the same may succeed in a minute.
DATABASE_IN_TROUBLE = (OperationalError, InterfaceError, InternalError)
SHEETS = ("vendor/nhsuk-frontend.min.css", "css/tokens.css", "css/layout.css", "css/components.css")


@dataclass(frozen=True)
class Refusal:
    """Why somebody is refused everything: what happened, and whom to ask."""

    heading: str
    what_happened: str
    what_now: str


_refusals: list[Callable[[HttpRequest], Refusal | None]] = []


def register_refusal(words: Callable[[HttpRequest], Refusal | None]) -> None:
    """A room above knows why a person may do nothing at all; None for whoever may do something."""
    _refusals.append(words)


def bad_request(request: HttpRequest, exception: Any = None) -> HttpResponse:
    return render(request, "errors/400.html", status=400)


def too_large(request: HttpRequest) -> HttpResponse:
    return render(request, "errors/413.html", status=413)


def not_allowed(request: HttpRequest, exception: Any = None) -> HttpResponse:
    refusal = next(filter(None, (words(request) for words in _refusals)), None)
    return render(request, "errors/403.html", {"refusal": refusal}, status=403)


def not_found(request: HttpRequest, exception: Any = None) -> HttpResponse:
    return render(request, "errors/404.html", status=404)


def too_many_requests(request: HttpRequest, exception: Any = None) -> HttpResponse:
    answer = render(request, "errors/429.html", status=429)
    answer["Retry-After"] = "60"
    return answer


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return render(request, "errors/csrf.html", status=403)


def server_error(request: HttpRequest) -> HttpResponse:
    """No session, no user, no menu: nothing here may ask the part that has just failed."""
    later = isinstance(sys.exc_info()[1], DATABASE_IN_TROUBLE)
    page = render_to_string("errors/500.html", {"later": later, "sheets": _sheets()})
    return HttpResponse(page, status=503, headers={"Retry-After": "10"}) if later else HttpResponse(page, status=500)


def _sheets() -> list[str]:
    try:
        return [static(path) for path in SHEETS]
    except ValueError:
        return []
