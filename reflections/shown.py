"""What this room shows on pages of the rooms below, to those who may read it: at the reflections in a meeting's room,
and as the cause of a version of the compact."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from django.http import HttpRequest
from django.urls import reverse

from accounts.models import User
from accounts.permissions import Permission
from boards.hooks import Part, register_spoken
from boards.models import Meeting
from boards.views.way import may
from compacts.hooks import Cause, register_causes
from compacts.models import CompactVersion
from reflections.models import Breach
from reflections.presenters.lines import at_the_table
from reflections.safe import sits_at, speaking_as
from trusts.scope import scope_of
from ui.words import month


def register() -> None:
    register_spoken(spoken)
    register_causes(causes)


def spoken(request: HttpRequest, meeting: Meeting) -> Part | None:
    if not may(request, Permission.REFLECT, meeting):
        return None
    with speaking_as(request.user):
        if not sits_at(meeting.board_id):
            return None
        return Part("reflections/parts/room.html", {"table": at_the_table(meeting, request.user)})  # type: ignore[arg-type]


def causes(user: User, versions: Collection[CompactVersion]) -> Mapping[int, Sequence[Cause]]:
    """The breaches that led to the versions, as far as the reader sat there."""
    if not scope_of(user).may(Permission.REFLECT):
        return {}
    found: dict[int, list[Cause]] = defaultdict(list)
    with speaking_as(user):
        for breach in Breach.objects.filter(led_to__in=versions).select_related("brought_at", "board__trust"):
            words = f"A breach that the {breach.board} talked over, brought in {month(breach.brought_at.on)}"
            found[breach.led_to_id].append(Cause(words, reverse("breach", args=[breach.board_id, breach.pk])))  # type: ignore[index]
    return found
