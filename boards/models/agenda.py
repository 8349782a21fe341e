"""What a meeting speaks of: the board's template, each meeting's agenda, and the questions that frame a challenge."""

from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import Q

from accounts.audit import tracked
from boards.models.board import Board, Seat
from boards.models.meetings import Meeting
from boards.models.of_board import BoardRecord, OfBoard
from trusts.models import Partnership
from trusts.models.partnership import OfPartnership

LAST = 1000
"""The position of the reflections: whatever else is put onto an agenda comes before it."""


class ItemKind(models.TextChoices):
    WELCOME = "welcome", "Welcome, and who is here"
    ACTIONS = "actions", "Actions from before"
    PROGRESS = "progress", "Each trust's progress"
    SUCCESS = "success", "A success"
    CHALLENGE = "challenge", "A challenge"
    AMENDMENTS = "amendments", "Metrics amended since"
    DECISION = "decision", "For decision"
    TOPIC = "topic", "Another topic"
    REFLECTIONS = "reflections", "Reflections on the compact"


REFLECTIONS_ARE_LAST = Q(kind="reflections", position=LAST) | ~Q(kind="reflections") & Q(position__lt=LAST)

_REFUSE_WHEN_CLOSED = """
    FOR is_closed IN
        SELECT closed_at IS NOT NULL FROM public.boards_meeting WHERE id IN {meetings} ORDER BY id FOR SHARE
    LOOP
        IF is_closed THEN
            RAISE EXCEPTION 'This meeting is closed: its minutes stand.'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'closed_meeting_stands';
        END IF;
    END LOOP;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
"""
# It waits for whoever is just closing the meeting, and then sees that it is closed.


def stands_once_closed(
    meetings: str, condition: pgtrigger.Q | None = None, operation: pgtrigger.Operation | None = None
) -> pgtrigger.Trigger:
    """A trigger that refuses every change once the meeting is closed. `meetings`: their ids, as a list in SQL."""
    return pgtrigger.Trigger(
        name="stands_once_closed",
        when=pgtrigger.Before,
        operation=operation or pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        declare=[("is_closed", "boolean")],
        func=_REFUSE_WHEN_CLOSED.format(meetings=meetings),
        condition=condition,
    )


class AgendaLine(BoardRecord):
    kind = models.CharField(max_length=12, choices=ItemKind.choices)
    title = models.CharField(max_length=120)
    minutes = models.PositiveSmallIntegerField()
    position = models.PositiveSmallIntegerField()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.title

    @property
    def is_reflections(self) -> bool:
        return self.kind == ItemKind.REFLECTIONS


@tracked()
class TemplateItem(AgendaLine):
    """An item with which each agenda of the board begins its life."""

    board = models.ForeignKey(Board, on_delete=models.CASCADE, related_name="template")

    objects = OfBoard.as_manager()

    class Meta:
        ordering: ClassVar = ["position", "pk"]
        verbose_name = "item of the usual agenda"
        verbose_name_plural = "items of the usual agenda"
        constraints: ClassVar = [
            models.CheckConstraint(condition=REFLECTIONS_ARE_LAST, name="template_ends_with_reflections"),
            models.UniqueConstraint(
                fields=["board"], condition=Q(kind="reflections"), name="one_reflections_in_a_template"
            ),
        ]


class Items(OfBoard):
    way = "meeting__board__"


@tracked()
class AgendaItem(AgendaLine):
    """An item of one meeting, and when it was spoken of."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="items")
    brought_by = models.ForeignKey(
        Seat, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name="brought by"
    )
    about = models.TextField("what it is about", blank=True)
    began_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=0, db_default=0)

    objects = Items.as_manager()

    class Meta:
        ordering: ClassVar = ["position", "pk"]
        verbose_name = "item of an agenda"
        verbose_name_plural = "items of agendas"
        constraints: ClassVar = [
            models.CheckConstraint(condition=REFLECTIONS_ARE_LAST, name="agenda_ends_with_reflections"),
            models.UniqueConstraint(
                fields=["meeting"], condition=Q(kind="reflections"), name="one_reflections_on_an_agenda"
            ),
            models.UniqueConstraint(
                fields=["meeting"],
                condition=Q(began_at__isnull=False, ended_at__isnull=True),
                name="one_item_in_hand",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(began_at__isnull=False), name="item_ends_after_it_began"
            ),
        ]
        triggers: ClassVar = [stands_once_closed("(OLD.meeting_id, NEW.meeting_id)")]

    @property
    def of_board(self) -> Board:
        return self.meeting.board

    @property
    def board_id(self) -> int:
        return self.meeting.board_id

    @property
    def is_in_hand(self) -> bool:
        return self.began_at is not None and self.ended_at is None

    @property
    def was_held(self) -> bool:
        return self.began_at is not None and self.ended_at is not None


USUAL_QUESTIONS = (
    "What do we see, and where have we seen it for ourselves?",
    "What is the question behind this, in one sentence?",
    "Who lives with it every day, and what do they say?",
    "What have we believed about it that may not be so?",
    "How would we know that it is better?",
    "What would we have to stop doing?",
)


@tracked()
class Framing(models.Model):
    """The questions by which leaders frame a challenge rather than solve it: the partnership's own, one a line."""

    partnership = models.OneToOneField(Partnership, on_delete=models.CASCADE, related_name="framing")
    questions = models.TextField(help_text="One a line.")
    version = models.PositiveIntegerField(default=0, db_default=0)

    objects = OfPartnership.as_manager()

    class Meta:
        verbose_name = "framing questions"
        verbose_name_plural = "framing questions"

    def __str__(self) -> str:
        return "Framing questions"

    @property
    def lines(self) -> list[str]:
        return [line.strip() for line in self.questions.splitlines() if line.strip()]


def framing_of(partnership: Partnership) -> Framing:
    """The partnership's questions; the usual ones, not stored, until somebody writes others."""
    found = Framing.objects.filter(partnership=partnership).first()
    return found or Framing(partnership=partnership, questions="\n".join(USUAL_QUESTIONS))
