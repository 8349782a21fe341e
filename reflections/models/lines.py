"""Reflections: what the board agrees to keep of them, who writes that down, and each member's own notes."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.audit import tracked
from boards.models import Meeting, Seat
from boards.models.of_board import BoardRecord, OfBoard
from compacts.models import Promise
from reflections.models.safe import SaidAtAMeeting, leaves_a_trace, stands_with_its_meeting


class ScribesOfMeetings(OfBoard):
    way = "meeting__board__"


@tracked()
class Scribe(BoardRecord):
    """Who writes down what the board agrees to keep: the holder of a seat, chosen at the meeting. No secret."""

    meeting = models.OneToOneField(Meeting, on_delete=models.CASCADE, related_name="scribe")
    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="+")

    objects = ScribesOfMeetings.as_manager()

    def __str__(self) -> str:
        return f"Scribe: {self.seat}"

    @property
    def of_board(self) -> object:
        return self.meeting.board


class Prompt(models.TextChoices):
    """What everybody is asked, round the table."""

    PROMISE = "promise", "A promise I saw kept or strained"
    LEARNED = "learned", "What I learned"


class SaidLine(SaidAtAMeeting):
    prompt = models.CharField(max_length=8, choices=Prompt.choices)
    text = models.TextField(max_length=600)
    promise = models.ForeignKey(Promise, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        abstract = True


class Proposal(SaidLine):
    """A line that the scribe proposes. The board agrees to it, or it is gone when the meeting closes; no trail."""

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [models.CheckConstraint(condition=~Q(text=""), name="proposal_says_something")]
        triggers: ClassVar = [stands_with_its_meeting()]

    def __str__(self) -> str:
        return "Proposed line"


@tracked()
class Line(SaidLine):
    """A line that the board agreed to keep. It is nobody's, unless the speaker puts their seat to it."""

    said_by = models.ForeignKey(Seat, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar = ["-day", "pk"]
        constraints: ClassVar = [models.CheckConstraint(condition=~Q(text=""), name="line_says_something")]
        triggers: ClassVar = [stands_with_its_meeting(), leaves_a_trace()]

    def __str__(self) -> str:
        return "Agreed line"


class PrivateNote(SaidAtAMeeting):
    """A member's own notes for a meeting. Nobody else reads them; the close of the next meeting deletes them."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    text = models.TextField(max_length=4000)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["meeting", "user"], name="one_note_for_a_meeting")]

    def __str__(self) -> str:
        return "Private note"
