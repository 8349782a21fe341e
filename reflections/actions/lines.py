"""Keeping what the board agrees of its reflections: the scribe proposes, the board agrees, the speaker may sign."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils import timezone

from accounts.audit import action
from accounts.models import User
from accounts.permissions import SeatRole
from boards.actions.agenda import planned, touch
from boards.models import Holding, Meeting, Seat
from boards.refusals import Refused
from compacts.models import Promise
from reflections.models import Line, PrivateNote, Proposal, Scribe
from reflections.safe import at_the_table

NOT_BEGUN = "The meeting has not begun yet"
NO_LONGER_THERE = "This line is no longer there: somebody changed it meanwhile"


@action
def choose_scribe(*, meeting: Meeting, seat: Seat, by: User) -> None:
    """Any member says who writes. It can be somebody else later in the meeting."""
    locked = being_held(meeting)
    if seat.board_id != locked.board_id or seat.role == SeatRole.SECRETARIAT:
        raise Refused("The scribe is a member of the board")
    Scribe.objects.update_or_create(meeting=locked, defaults={"seat": seat})
    touch(locked)


@at_the_table
def propose_line(*, meeting: Meeting, prompt: str, text: str, promise: Promise | None, by: User) -> Proposal:
    """What the scribe understood, for everybody at the table to look at. The same sent twice is one line."""
    locked = as_scribe(meeting, by)
    proposal, new = Proposal.objects.get_or_create(**of(locked), prompt=prompt, text=text, promise=promise)
    if new:
        touch(locked)
    return proposal


@at_the_table
def agree_line(*, proposal: Proposal, by: User) -> Line:
    """The board agreed to it, so it is kept. Pressed twice, it is kept once."""
    meeting = as_scribe(proposal.meeting, by)
    found = Proposal.objects.select_for_update(of=("self",)).filter(pk=proposal.pk).first()
    if found is None:
        raise Refused(NO_LONGER_THERE)
    line = Line.objects.create(**of(meeting), **_words(found))
    found.delete()
    touch(meeting)
    return line


@at_the_table
def drop_proposal(*, proposal: Proposal, by: User) -> None:
    """The board does not want it kept: nothing of it is."""
    meeting = as_scribe(proposal.meeting, by)
    Proposal.objects.filter(pk=proposal.pk).delete()
    touch(meeting)


@at_the_table
def take_back_line(*, line: Line, by: User) -> None:
    """Worded again, and agreed again: it is a proposal once more, nobody's."""
    meeting = as_scribe(line.meeting, by)
    if Line.objects.filter(pk=line.pk).delete()[0]:
        Proposal.objects.create(**of(meeting), **_words(line))
        touch(meeting)


@at_the_table
def sign_line(*, line: Line, mine: bool, by: User) -> None:
    """The speaker alone puts their seat to a line, and takes it off again. Nobody else does it for them."""
    meeting = being_held(line.meeting)
    locked = Line.objects.select_for_update(of=("self",)).filter(pk=line.pk).first()
    if locked is None:
        raise Refused(NO_LONGER_THERE)
    own = seats_of(meeting, by)
    if locked.said_by_id is not None and locked.said_by_id not in {seat.pk for seat in own}:
        raise PermissionDenied
    locked.said_by = own[0] if mine and own else None
    locked.save(update_fields=["said_by"])
    touch(meeting)


@at_the_table
def write_note(*, meeting: Meeting, text: str, by: User) -> None:
    """A member's own note. An empty one is thrown away; a closed meeting may be thought about, too."""
    if text:
        PrivateNote.objects.update_or_create(meeting=meeting, user=by, defaults={"text": text, **of(meeting)})
    else:
        PrivateNote.objects.filter(meeting=meeting, user=by).delete()


def of(meeting: Meeting) -> dict[str, Any]:
    """Where a record belongs, and the day by which the database decides who reads it."""
    return {"meeting": meeting, "board_id": meeting.board_id, "day": meeting.on}


def being_held(meeting: Meeting) -> Meeting:
    """The meeting, locked, while people are in the room."""
    locked = planned(meeting)
    if not locked.is_open:
        raise Refused(NOT_BEGUN)
    return locked


def as_scribe(meeting: Meeting, by: User) -> Meeting:
    """The meeting, locked, for who writes down at it what the board agrees."""
    locked = being_held(meeting)
    if not is_scribe(locked, by):
        raise Refused("The scribe of this meeting writes that down. Choose who it is on the page of the reflections")
    return locked


def is_scribe(meeting: Meeting, user: User) -> bool:
    scribe = Scribe.objects.filter(meeting=meeting).first()
    return scribe is not None and scribe.seat_id in {seat.pk for seat in seats_of(meeting, user)}


def seats_of(meeting: Meeting, user: User) -> list[Seat]:
    """The seats that somebody holds today at the meeting's board, the secretariat's left out."""
    held = Holding.objects.held_on(timezone.localdate()).filter(seat__board=meeting.board_id, user=user)
    return [each.seat for each in held.exclude(seat__role=SeatRole.SECRETARIAT).select_related("seat")]


def _words(line: Proposal | Line) -> dict[str, Any]:
    return {"prompt": line.prompt, "text": line.text, "promise_id": line.promise_id}
