"""The regulator's own row: the compact is reciprocal, so the board reads of the regulator as it reads of the trusts."""

from datetime import date, timedelta
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from accounts.audit import tracked
from boards.models.board import Board
from boards.models.of_board import BoardRecord, OfBoard
from trusts.models import Trust

LATELY = timedelta(days=92)
"""How long a changed leader or expectation stays in view: about three meetings."""


class RegulatorLines(OfBoard):
    def standing_on(self, day: date, *, since: date) -> "RegulatorLines":
        """What a meeting on that day reads: asks that wait or were answered since the last one, reviews to come, and
        what changed lately."""
        asked = Q(kind=RegulatorLine.Kind.ASK, on__lte=day) & (Q(answered_on__isnull=True) | Q(answered_on__gte=since))
        review = Q(kind=RegulatorLine.Kind.REVIEW, on__gte=since)
        changed = Q(
            kind__in=[RegulatorLine.Kind.LEADER, RegulatorLine.Kind.EXPECTATION], on__gte=day - LATELY, on__lte=day
        )
        return self.filter(asked | review | changed)


@tracked()
class RegulatorLine(BoardRecord):
    """One thing that the regulator says of itself, in a line."""

    class Kind(models.TextChoices):
        ASK = "ask", "Asked of the regulator"
        REVIEW = "review", "Planned review"
        LEADER = "leader", "Changed leader"
        EXPECTATION = "expectation", "Changed expectation"

    board = models.ForeignKey(Board, on_delete=models.CASCADE, related_name="regulator_lines")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    text = models.CharField("what", max_length=300)
    of_trust = models.ForeignKey(
        Trust, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name="trust"
    )
    on = models.DateField("day", help_text="Asked on, planned for, or in force since.")
    answer = models.CharField(max_length=300, blank=True)
    answered_on = models.DateField(null=True, blank=True)
    version = models.PositiveIntegerField(default=0, db_default=0)

    objects = RegulatorLines.as_manager()

    class Meta:
        ordering: ClassVar = ["kind", "on", "pk"]
        verbose_name = "line of the regulator's row"
        verbose_name_plural = "lines of the regulator's row"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(answer="", answered_on__isnull=True)
                | Q(kind="ask", answered_on__isnull=False, answered_on__gte=F("on")) & ~Q(answer=""),
                name="answered_ask_says_what_and_when",
            ),
            models.CheckConstraint(condition=~Q(text=""), name="regulators_line_says_something"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.text[:60]}"

    @property
    def is_ask(self) -> bool:
        return self.kind == self.Kind.ASK

    @property
    def is_answered(self) -> bool:
        return self.answered_on is not None
