"""What a room above shows at the reflections, for those alone who may read it. This room knows nothing of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest

from boards.models import Meeting


@dataclass(frozen=True)
class Part:
    """A part of a page: its template, and `part` in it. Everything that it shows was fetched already."""

    template: str
    context: Mapping[str, Any] = field(default_factory=dict)


Spoken = Callable[[HttpRequest, Meeting], Part | None]
_spoken: list[Spoken] = []


def register_spoken(at: Spoken) -> None:
    """`at(request, meeting)` gives what was kept of the meeting's reflections; None for who may not read it."""
    _spoken.append(at)


def spoken_at(request: HttpRequest, meeting: Meeting) -> list[Part]:
    return [part for at in _spoken if (part := at(request, meeting)) is not None]
