"""Boards, the seats at their tables, and who holds each from when to when."""

from datetime import date
from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.contrib.postgres.fields.ranges import DateRangeField
from django.db import models
from django.db.models import BigIntegerField, F, Func, Q, Value

from accounts.audit import tracked
from accounts.permissions import SeatRole
from boards.models.of_board import BoardRecord, OfBoard
from trusts.models import Partnership, Trust


class Boards(OfBoard):
    way = ""


@tracked()
class Board(models.Model):
    """The partnership's guiding board, its network of KPO leads, or a trust's guidance team."""

    class Kind(models.TextChoices):
        TGB = "tgb", "Transformation Guiding Board"
        TGT = "tgt", "Transformation Guidance Team"
        KPO_NETWORK = "kpo_network", "KPO network"

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="boards")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    trust = models.ForeignKey(Trust, null=True, blank=True, on_delete=models.PROTECT, related_name="boards")

    objects = Boards.as_manager()

    class Meta:
        ordering: ClassVar = ["trust__seat", "kind"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["partnership", "kind", "trust"], nulls_distinct=False, name="one_board_of_a_kind_and_place"
            ),
            models.CheckConstraint(
                condition=Q(kind="tgt", trust__isnull=False) | ~Q(kind="tgt") & Q(trust__isnull=True),
                name="guidance_team_is_a_trusts",
            ),
        ]
        triggers: ClassVar = [
            pgtrigger.Protect(
                name="board_stays_what_it_is",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__kind__df=pgtrigger.F("new__kind"))
                | pgtrigger.Q(old__trust__df=pgtrigger.F("new__trust")),
            )
        ]

    def __str__(self) -> str:
        return f"TGT, {self.trust.short_name}" if self.trust else self.short_name

    @property
    def short_name(self) -> str:
        """As colleagues say it."""
        return "KPO network" if self.kind == self.Kind.KPO_NETWORK else self.kind.upper()

    @property
    def name(self) -> str:
        """In full: Transformation Guidance Team of Leeds."""
        return f"{self.get_kind_display()} of {self.trust.short_name}" if self.trust else self.get_kind_display()

    @property
    def board_id(self) -> int:
        """A board is its own board, so that every record of one answers alike."""
        return self.pk

    @property
    def is_tgb(self) -> bool:
        return self.kind == self.Kind.TGB


@tracked()
class Seat(BoardRecord):
    """A place at the table, which stays when its holder changes."""

    board = models.ForeignKey(Board, on_delete=models.CASCADE, related_name="seats")
    role = models.CharField(max_length=16, choices=SeatRole.choices)
    title = models.CharField(max_length=80, help_text="As it stands in minutes, like Chief executive, Leeds.")
    # Not called trust: a seat belongs to the trust whose board it is, if to any.
    speaks_for = models.ForeignKey(Trust, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    place = models.PositiveSmallIntegerField("place round the table")

    objects = OfBoard.as_manager()

    class Meta:
        ordering: ClassVar = ["place", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["board", "title"], name="one_seat_of_a_title"),
            models.UniqueConstraint(fields=["board"], condition=Q(role="chair"), name="one_chair_at_a_board"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_the_regulators(self) -> bool:
        """A member of the regulator, or whoever is in the chair and speaks for no trust."""
        return self.role == SeatRole.REGULATOR or (self.role == SeatRole.CHAIR and self.speaks_for_id is None)


class Holdings(OfBoard):
    way = "seat__board__"

    def held_on(self, day: date) -> "Holdings":
        return self.filter(Q(ends__isnull=True) | Q(ends__gte=day), starts__lte=day)


class _Days(Func):
    """The days from the first to the last, both counted, as a range."""

    function = "DATERANGE"
    output_field = DateRangeField()


class _Only(Func):
    """The number as a range of itself: two such ranges meet when the numbers are equal, without an extension."""

    function = "INT8RANGE"
    template = "%(function)s(%(expressions)s, %(expressions)s, '[]')"
    output_field = BigIntegerField()


@tracked()
class Holding(BoardRecord):
    """That somebody holds a seat from the first to the last day, both included. It ends by itself."""

    seat = models.ForeignKey(Seat, on_delete=models.CASCADE, related_name="holdings")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="seats_held")
    known_as = models.CharField("name or role", max_length=120, help_text="As the board knows the person.")
    starts = models.DateField("first day")
    ends = models.DateField("last day", null=True, blank=True)

    objects = Holdings.as_manager()

    class Meta:
        ordering: ClassVar = ["seat__place", "-starts"]
        verbose_name = "holder of a seat"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(ends__isnull=True) | Q(ends__gte=F("starts")), name="holding_ends_after_start"
            ),
            ExclusionConstraint(
                name="one_holder_of_a_seat_at_a_time",
                expressions=[
                    (_Only("seat"), RangeOperators.OVERLAPS),
                    (_Days("starts", "ends", Value("[]")), RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.known_as}: {self.seat.title}"

    @property
    def of_board(self) -> Board:
        return self.seat.board

    @property
    def board_id(self) -> int:
        return self.seat.board_id

    def is_held_on(self, day: date) -> bool:
        return self.starts <= day and (self.ends is None or day <= self.ends)
