"""What every request and every answer keeps to: how much may be sent, and what browsers may do with what they get."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.utils.cache import patch_cache_control

from ui.errors import too_large

_NOT_USED = ("camera", "display-capture", "geolocation", "microphone", "payment", "usb")
PERMISSIONS_POLICY = ", ".join(f"{feature}=()" for feature in _NOT_USED)


def takes_a_file(longest: int) -> Callable[[Any], Any]:
    """A view whose body may be so many bytes long. Caddyfile lets its address through, too."""

    def mark(view: Any) -> Any:
        view.longest_body = longest
        return view

    return mark


READ_AND_DROPPED = 100_000_000
"""So long a body is read to its end, and kept nowhere, before it is refused: a server that answers and hangs up while
the proxy still sends makes the proxy say that the site is away. The proxy itself refuses what is longer (Caddyfile)."""


class LimitedRequests:
    """Refuses a body that is longer than DATA_UPLOAD_MAX_MEMORY_SIZE, files in it included, and keeps nothing of it;
    a view that takes a file says how much itself.

    A body of no stated length is read by nobody: WSGI gives none. A view that does not answer with pages has its own
    words, as `too_large`.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, _args: Any, _kwargs: Any) -> HttpResponse | None:
        try:
            length = int(request.META.get("CONTENT_LENGTH") or 0)
        except ValueError:
            length = 0
        most: Any = getattr(view, "longest_body", settings.DATA_UPLOAD_MAX_MEMORY_SIZE)
        if length <= most:
            return None
        if length <= READ_AND_DROPPED:
            _drop(request)
        answer: Any = getattr(getattr(view, "cls", view), "too_large", too_large)
        return answer(request)  # type: ignore[no-any-return]


def _drop(request: HttpRequest) -> None:
    # Whoever hung up meanwhile needs no answer.
    with suppress(UnreadablePostError):
        while request.read(65_536):
            continue


class PrivateAnswers:
    """What somebody signed in was shown is kept by no browser and no proxy: wards share screens."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        if request.user.is_authenticated:
            patch_cache_control(response, private=True, no_store=True)
        return response
