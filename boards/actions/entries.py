"""Writing in the room: notes, decisions and actions, each by its author; and doing what was agreed."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import F
from django.utils import timezone

from accounts.audit import action
from accounts.models import User
from boards.actions.agenda import planned, touch
from boards.models import AgendaItem, Board, Entry, Meeting, Seat
from boards.refusals import ChangedMeanwhile, Refused
from boards.seating import title_of
from trusts.models import Trust

NO_NOTES_OF_REFLECTIONS = (
    "Minutes hold no notes of the reflections, for others read them, too. What the board agrees to keep is written"
    " where its members alone read it"
)


@action
def add_entry(
    *,
    item: AgendaItem,
    kind: str,
    text: str,
    about_trust: Trust | None = None,
    owner: Seat | None = None,
    due: date | None = None,
    key: UUID,
    by: User,
) -> tuple[Entry, bool]:
    """A short entry under an item. The same form sent twice makes one; the answer says whether it is new. Sent again
    with other words, because no answer came to the first, it says these."""
    meeting = planned(item.meeting)
    if kind == Entry.Kind.NOTE and item.is_reflections:
        raise Refused(NO_NOTES_OF_REFLECTIONS)
    words = {"kind": kind, "text": text, "about_trust": about_trust, "owner": owner, "due": due}
    if sent := Entry.objects.filter(key=key, author=by).first():
        return change_entry(entry=sent, values=words, seen=sent.version, by=by), False
    said_as, at = title_of(by.pk, meeting.board), timezone.now()
    entry = Entry.objects.create(item=item, author=by, said_as=said_as, at=at, key=key, **words)
    touch(meeting)
    return entry, True


@action
def change_entry(*, entry: Entry, values: Mapping[str, Any], seen: int, by: User) -> Entry:
    """The author puts it in other words. `seen`: its version when the form was opened, perhaps in another window."""
    meeting = planned(entry.item.meeting)
    locked = _own(entry, by)
    if all(getattr(locked, name) == value for name, value in values.items()):
        return locked
    if locked.version != seen:
        raise ChangedMeanwhile
    for name, value in values.items():
        setattr(locked, name, value)
    locked.version += 1
    locked.edited_at = timezone.now()
    locked.save(update_fields=[*values, "version", "edited_at"])
    touch(meeting)
    return locked


@action
def remove_entry(*, entry: Entry, by: User) -> None:
    """The author takes it back; the history keeps it."""
    meeting = planned(entry.item.meeting)
    _own(entry, by).delete()
    touch(meeting)


@action
def finish_action(*, entry: Entry, outcome: str, by: User) -> None:
    """It is done: it leaves the agendas to come, and stands in the next minutes with what came of it."""
    locked = Entry.objects.select_for_update(of=("self",)).get(pk=entry.pk)
    if not locked.is_action:
        raise Refused("Only an action can be done")
    if not locked.is_done:
        locked.done_at, locked.done_by, locked.outcome = timezone.now(), by, outcome
        locked.save(update_fields=["done_at", "done_by", "outcome"])
        _touch_rooms(entry.of_board)


@action
def take_up_action(*, entry: Entry, reason: str, by: User) -> None:
    """Not done after all: it returns."""
    locked = Entry.objects.select_for_update(of=("self",)).get(pk=entry.pk)
    locked.done_at, locked.done_by, locked.outcome = None, None, ""
    locked.save(update_fields=["done_at", "done_by", "outcome"])
    _touch_rooms(entry.of_board)


def _own(entry: Entry, by: User) -> Entry:
    locked = Entry.objects.select_for_update(of=("self",)).filter(pk=entry.pk).first()
    if locked is None:
        raise Refused("This entry was taken back meanwhile")
    if locked.author_id != by.pk:
        raise PermissionDenied
    return locked


def _touch_rooms(board: Board) -> None:
    """An action of an earlier meeting is shown in the one that is being held."""
    Meeting.objects.filter(board=board, opened_at__isnull=False, closed_at__isnull=True).update(pulse=F("pulse") + 1)
