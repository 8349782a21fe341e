"""What every record of the safe space shares: its board, and the day by which it is decided who reads it."""

from typing import ClassVar

import pgtrigger
from django.db import models

from boards.models import Board, Meeting
from boards.models.agenda import stands_once_closed
from boards.models.of_board import BoardRecord, OfBoard


class SafeRecord(BoardRecord):
    """A row that the database shows to nobody but the board's members (migration 0002, docs/adr/0020)."""

    board = models.ForeignKey(Board, on_delete=models.PROTECT, related_name="+")
    day = models.DateField(help_text="Who sat at the board on this day may read it while they sit there.")

    objects = OfBoard.as_manager()

    class Meta:
        abstract = True


class SaidAtAMeeting(SafeRecord):
    """What belongs to one meeting, and stands once that is closed."""

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="+")

    class Meta:
        abstract = True


def stands_with_its_meeting(meeting: str = "meeting_id") -> pgtrigger.Trigger:
    """Nothing is added or reworded once the meeting is closed. Deleting is the policies' affair: what the board let be
    forgotten goes (migration 0002)."""
    return stands_once_closed(f"(OLD.{meeting}, NEW.{meeting})", operation=pgtrigger.Insert | pgtrigger.Update)


def leaves_a_trace() -> pgtrigger.Trigger:
    """Somebody who may not read it still sees that something changed, at which board, and when."""
    return pgtrigger.Trigger(
        name="leaves_a_trace",
        when=pgtrigger.After,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        func="""
            INSERT INTO public.reflections_trace (board_id, at) VALUES (coalesce(NEW.board_id, OLD.board_id), now());
            RETURN NULL;
        """,
    )


class Trace(BoardRecord):
    """That something changed in a board's safe space: all that the audit page may tell. Triggers write it."""

    board = models.ForeignKey(Board, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(db_index=True)

    objects = OfBoard.as_manager()

    class Meta:
        ordering: ClassVar = ["-at", "-pk"]
