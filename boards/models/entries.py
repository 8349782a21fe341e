"""What is written in the room: notes, decisions, actions; and who was there."""

import uuid
from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.audit import tracked
from boards.models.agenda import AgendaItem, stands_once_closed
from boards.models.board import Board, Seat
from boards.models.meetings import Meeting
from boards.models.of_board import BoardRecord, OfBoard
from trusts.models import Trust

_SAID = ("item", "kind", "text", "about_trust", "author", "said_as", "owner", "due")


class Entries(OfBoard):
    way = "item__meeting__board__"

    def actions(self) -> "Entries":
        return self.filter(kind=Entry.Kind.ACTION)

    def open(self) -> "Entries":
        """The actions that are not done, the ones due first at the head."""
        return self.actions().filter(done_at__isnull=True).order_by("due", "pk")


@tracked(exclude=("reminded_for",))
class Entry(BoardRecord):
    """A short entry of one person. An action stays with a seat, whoever holds it, until it is done."""

    class Kind(models.TextChoices):
        NOTE = "note", "Note"
        DECISION = "decision", "Decision"
        ACTION = "action", "Action"

    item = models.ForeignKey(AgendaItem, on_delete=models.CASCADE, related_name="entries")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    text = models.TextField(max_length=1000)
    about_trust = models.ForeignKey(
        Trust, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name="about"
    )
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    said_as = models.CharField("as", max_length=80, help_text="The author's seat when it was written.")
    at = models.DateTimeField()
    edited_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=0, db_default=0)
    key = models.UUIDField(
        default=uuid.uuid4, unique=True, help_text="Of the form that sent it: sent twice, it is one."
    )
    owner = models.ForeignKey(Seat, null=True, blank=True, on_delete=models.PROTECT, related_name="actions")
    due = models.DateField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    outcome = models.CharField("what came of it", max_length=240, blank=True)
    reminded_for = models.DateField(null=True, blank=True, help_text="The due date of which a letter told.")

    objects = Entries.as_manager()

    class Meta:
        ordering: ClassVar = ["at", "pk"]
        verbose_name_plural = "entries"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(kind="action", owner__isnull=False, due__isnull=False)
                | ~Q(kind="action") & Q(owner__isnull=True, due__isnull=True, done_at__isnull=True),
                name="action_has_an_owner_and_a_day",
            ),
            models.CheckConstraint(
                condition=Q(done_at__isnull=True, done_by__isnull=True, outcome="")
                | Q(done_at__isnull=False, done_by__isnull=False),
                name="done_action_says_by_whom",
            ),
            models.CheckConstraint(condition=~Q(text=""), name="entry_says_something"),
        ]
        triggers: ClassVar = [
            stands_once_closed(
                "(SELECT meeting_id FROM public.boards_agendaitem WHERE id IN (OLD.item_id, NEW.item_id))",
                operation=pgtrigger.Insert | pgtrigger.Delete,
            ),
            pgtrigger.Trigger(
                name="words_stand_once_closed",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                declare=[("is_closed", "boolean")],
                func=stands_once_closed(
                    "(SELECT meeting_id FROM public.boards_agendaitem WHERE id IN (OLD.item_id, NEW.item_id))"
                ).func,
                condition=pgtrigger.AnyChange(*_SAID),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.text[:60]}"

    @property
    def of_board(self) -> Board:
        return self.item.meeting.board

    @property
    def board_id(self) -> int:
        return self.item.meeting.board_id

    @property
    def speaker(self) -> str:
        """As what it was said, and of which trust where that does not say itself."""
        spoken_of = str(self.about_trust) if self.about_trust else ""
        return self.said_as if spoken_of in self.said_as else f"{self.said_as}, on {spoken_of}"

    @property
    def is_action(self) -> bool:
        return self.kind == self.Kind.ACTION

    @property
    def is_done(self) -> bool:
        return self.done_at is not None


class Attendances(OfBoard):
    way = "meeting__board__"


@tracked()
class Attendance(BoardRecord):
    """Who was there. It is recorded for the minutes, and counted nowhere."""

    class Presence(models.TextChoices):
        PRESENT = "present", "Present"
        APOLOGIES = "apologies", "Apologies"
        DEPUTY = "deputy", "A deputy came"

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="attendance")
    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="+")
    presence = models.CharField(max_length=10, choices=Presence.choices)
    deputy = models.CharField("name or role of the deputy", max_length=120, blank=True)

    objects = Attendances.as_manager()

    class Meta:
        ordering: ClassVar = ["seat__place"]
        verbose_name_plural = "attendance"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["meeting", "seat"], name="one_attendance_per_seat"),
            models.CheckConstraint(
                condition=Q(presence="deputy") & ~Q(deputy="") | ~Q(presence="deputy") & Q(deputy=""),
                name="deputy_is_named",
            ),
        ]
        triggers: ClassVar = [stands_once_closed("(OLD.meeting_id, NEW.meeting_id)")]

    def __str__(self) -> str:
        return f"{self.seat}: {self.get_presence_display()}"

    @property
    def of_board(self) -> Board:
        return self.meeting.board

    @property
    def board_id(self) -> int:
        return self.meeting.board_id
