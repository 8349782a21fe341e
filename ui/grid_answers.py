"""How a grid's page answers: in parts to its script, and with one message for one save."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, QueryDict


def is_for_script(request: HttpRequest) -> bool:
    """Whether the grid's script asks, which puts the answer into the page that is open."""
    return "X-Grid" in request.headers


def tell_once(request: HttpRequest, said: str, *, is_new: bool) -> None:
    """Say what was saved, once: the answer to the first of two equal saves may have been lost on its way."""
    waiting = messages.get_messages(request)
    is_waiting = any(str(message) == said for message in waiting)
    waiting.used = False  # type: ignore[union-attr]  # they were looked at, not shown
    if not is_waiting:
        messages.add_message(request, messages.SUCCESS if is_new else messages.INFO, said)


def number_in(query: QueryDict, name: str) -> int | None:
    text = str(query.get(name, ""))
    return int(text) if text.isdecimal() and len(text) < 19 else None
