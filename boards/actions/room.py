"""Holding a meeting: opening it, item by item, who is there, closing it."""

from collections.abc import Mapping

from django.core.exceptions import PermissionDenied
from django.utils import timezone

from accounts.audit import action
from accounts.models import User
from boards.actions.agenda import build_agenda, planned, touch
from boards.models import AgendaItem, Attendance, Holding, ItemKind, Meeting, Seat
from boards.refusals import Refused
from boards.signals import meeting_opened

NOT_REFLECTED = (
    "The reflections on the compact have not been held. Hold them now; or, when that cannot be, whoever is in the chair"
    " says why"
)


@action
def open_meeting(*, meeting: Meeting, by: User) -> None:
    """The meeting begins with its first item. Pressed twice, it begins once."""
    locked = planned(meeting)
    if locked.is_open:
        return
    build_agenda(meeting=locked, by=by)
    now = timezone.now()
    locked.opened_at = now
    locked.save(update_fields=["opened_at"])
    first = locked.items.first()
    if first:
        _begin(locked, first)
    touch(locked)
    meeting_opened.send(sender=Meeting, meeting=locked, by=by)


@action
def begin_item(*, item: AgendaItem, by: User) -> None:
    """Speak of this item now; the one in hand ends. One that was spoken of before is taken up again."""
    locked = planned(item.meeting)
    if not locked.is_open:
        raise Refused("The meeting has not begun yet")
    _begin(locked, AgendaItem.objects.get(pk=item.pk))
    touch(locked)


@action
def record_attendance(
    *, meeting: Meeting, there: Mapping[Seat, tuple[str, str]], also_there: str, chair: Seat | None, by: User
) -> None:
    """Who is in the room: by seat the presence and, where one came, the deputy. An empty presence says nothing yet."""
    locked = planned(meeting)
    known = {each.seat_id: each for each in locked.attendance.all()}
    for seat, (presence, deputy) in there.items():
        before = known.get(seat.pk)
        if not presence:
            if before:
                before.delete()
        elif before is None:
            Attendance.objects.create(meeting=locked, seat=seat, presence=presence, deputy=deputy)
        elif (before.presence, before.deputy) != (presence, deputy):
            before.presence, before.deputy = presence, deputy
            before.save(update_fields=["presence", "deputy"])
    if (locked.also_there, locked.chair) != (also_there, chair):
        locked.also_there, locked.chair = also_there, chair
        locked.save(update_fields=["also_there", "chair"])
    touch(locked)


@action
def close_meeting(*, meeting: Meeting, why_not_reflected: str, by: User) -> None:
    """Its minutes stand from now on. A TGB's reflections are held before, or the chair says why they were not; the
    database refuses it otherwise."""
    locked = Meeting.objects.select_for_update(of=("self",), no_key=True).select_related("board").get(pk=meeting.pk)
    if locked.is_closed:
        return
    if not locked.is_open:
        raise Refused("The meeting has not begun yet")
    now = timezone.now()
    locked.items.filter(began_at__isnull=False, ended_at__isnull=True).update(ended_at=now)
    held = locked.items.filter(kind=ItemKind.REFLECTIONS, ended_at__isnull=False).exists()
    if locked.board.is_tgb and not held:
        if not why_not_reflected:
            raise Refused(NOT_REFLECTED)
        if not in_the_chair(locked, by):
            raise PermissionDenied
        locked.why_not_reflected, locked.why_not_reflected_by = why_not_reflected, by
    locked.closed_at, locked.closed_by = now, by
    locked.save(update_fields=["closed_at", "closed_by", "why_not_reflected", "why_not_reflected_by"])
    touch(locked)


@action
def reopen_meeting(*, meeting: Meeting, reason: str, by: User) -> None:
    """Closed too soon, or something is missing in the minutes. The reason stays in the history."""
    locked = Meeting.objects.select_for_update(of=("self",), no_key=True).get(pk=meeting.pk)
    if not locked.is_closed:
        return
    locked.closed_at, locked.closed_by = None, None
    locked.why_not_reflected, locked.why_not_reflected_by = "", None
    locked.save(update_fields=["closed_at", "closed_by", "why_not_reflected", "why_not_reflected_by"])
    touch(locked)


def in_the_chair(meeting: Meeting, user: User) -> bool:
    """Whether somebody holds, on the meeting's day, the seat that is in the chair of it."""
    return Holding.objects.held_on(meeting.on).filter(seat_id=meeting.chair_id, user=user).exists()


def _begin(meeting: Meeting, item: AgendaItem) -> None:
    now = timezone.now()
    meeting.items.filter(began_at__isnull=False, ended_at__isnull=True).exclude(pk=item.pk).update(ended_at=now)
    if not item.is_in_hand:
        item.began_at, item.ended_at = item.began_at or now, None
        item.save(update_fields=["began_at", "ended_at"])
