"""Meetings, and the rules by which a board meets."""

import calendar
import uuid
from datetime import date, datetime, time, timedelta
from typing import ClassVar

import pgtrigger
from dateutil.rrule import MONTHLY, rrule, weekday
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.audit import tracked
from boards.models.board import Board, Seat
from boards.models.of_board import BoardRecord, OfBoard

WEEKS = [(1, "first"), (2, "second"), (3, "third"), (4, "fourth"), (-1, "last")]
WEEKDAYS = list(enumerate(calendar.day_name))[:5]
EVERY = [(1, "month"), (2, "other month"), (3, "quarter")]


class AllSeries(OfBoard):
    def running(self, on: date) -> "AllSeries":
        """The rules that have meetings to come."""
        return self.filter(Q(ends__isnull=True) | Q(ends__gte=on))


@tracked()
class Series(BoardRecord):
    """A rule by which a board meets: the third Tuesday of every month, at 10:00."""

    board = models.ForeignKey(Board, on_delete=models.CASCADE, related_name="series")
    every = models.PositiveSmallIntegerField(choices=EVERY, default=1)
    week = models.SmallIntegerField(choices=WEEKS)
    weekday = models.PositiveSmallIntegerField(choices=WEEKDAYS)
    begins_at = models.TimeField("begins at")
    minutes = models.PositiveSmallIntegerField("length in minutes")
    place = models.CharField(max_length=160, blank=True)
    starts = models.DateField("from")
    ends = models.DateField("until", null=True, blank=True)

    objects = AllSeries.as_manager()

    class Meta:
        ordering: ClassVar = ["-starts", "-pk"]
        verbose_name = "rule of meetings"
        verbose_name_plural = "rules of meetings"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(ends__isnull=True) | Q(ends__gte=F("starts")), name="series_ends_after_start"
            ),
            models.CheckConstraint(condition=Q(minutes__gte=10, minutes__lte=600), name="series_length_is_believable"),
        ]

    def __str__(self) -> str:
        return self.words

    @property
    def words(self) -> str:
        """The third Tuesday of every month at 10:00"""
        week, day, every = dict(WEEKS)[self.week], calendar.day_name[self.weekday], dict(EVERY)[self.every]
        return f"The {week} {day} of every {every} at {self.begins_at:%H:%M}"

    def days(self, *, until: date) -> list[date]:
        """The days on which the rule has a meeting, to `until` at most."""
        last = min(until, self.ends) if self.ends else until
        found = rrule(
            MONTHLY,
            interval=self.every,
            byweekday=weekday(self.weekday, self.week),
            dtstart=datetime.combine(self.starts, time()),
            until=datetime.combine(last, time()),
        )
        return [each.date() for each in found]


class Meetings(OfBoard):
    def to_come(self, on: date) -> "Meetings":
        """Not closed and not cancelled, today's among them; the next one first."""
        return self.filter(on__gte=on, closed_at__isnull=True, cancelled_at__isnull=True).order_by("on", "begins_at")

    def held(self) -> "Meetings":
        return self.filter(opened_at__isnull=False, cancelled_at__isnull=True)


_REFLECTED = """
    IF NEW.closed_at IS NOT NULL
        AND EXISTS (SELECT FROM public.boards_board WHERE id = NEW.board_id AND kind = 'tgb')
        AND NOT EXISTS (
            SELECT FROM public.boards_agendaitem
            WHERE meeting_id = NEW.id AND kind = 'reflections' AND began_at IS NOT NULL AND ended_at IS NOT NULL
        )
        AND NOT (
            NEW.why_not_reflected <> ''
            AND EXISTS (
                SELECT FROM public.boards_holding
                WHERE seat_id = NEW.chair_id AND user_id = NEW.why_not_reflected_by_id
                    AND starts <= NEW.on AND (ends IS NULL OR ends >= NEW.on)
            )
        )
    THEN
        RAISE EXCEPTION 'A meeting of the TGB closes after its reflections on the compact, or with the chair''s reason.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'tgb_closes_after_its_reflections';
    END IF;
    RETURN NEW;
"""


@tracked(exclude=("pulse",))
class Meeting(BoardRecord):
    """One meeting of a board. Of a series it keeps the day that the rule gave, wherever it was moved to."""

    board = models.ForeignKey(Board, on_delete=models.PROTECT, related_name="meetings")
    series = models.ForeignKey(Series, null=True, blank=True, on_delete=models.SET_NULL, related_name="meetings")
    day_of_rule = models.DateField("day by the rule", null=True, blank=True)
    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    on = models.DateField("day")
    begins_at = models.TimeField("begins at")
    minutes = models.PositiveSmallIntegerField("length in minutes")
    place = models.CharField(max_length=160, blank=True)
    chair = models.ForeignKey(
        Seat, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name="in the chair"
    )
    changes = models.PositiveIntegerField(default=0, help_text="How often calendars were to learn of a change.")
    cancelled_at = models.DateTimeField(null=True, blank=True)
    cancelled_because = models.CharField(max_length=240, blank=True)
    opened_at = models.DateTimeField(null=True, blank=True)
    agenda_sent_at = models.DateTimeField(null=True, blank=True)
    also_there = models.CharField("also in the room", max_length=400, blank=True, db_default="")
    why_not_reflected = models.CharField("why the reflections were not held", max_length=400, blank=True, db_default="")
    why_not_reflected_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    pulse = models.PositiveIntegerField(default=0, db_default=0, help_text="Moves on with every writing in the room.")
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = Meetings.as_manager()

    class Meta:
        ordering: ClassVar = ["on", "begins_at"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["series", "day_of_rule"], name="one_meeting_for_a_day_of_a_rule"),
            models.CheckConstraint(
                condition=Q(cancelled_at__isnull=True, cancelled_because="")
                | Q(cancelled_at__isnull=False, opened_at__isnull=True) & ~Q(cancelled_because=""),
                name="cancelled_meeting_says_why",
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True, closed_by__isnull=True)
                | Q(closed_at__isnull=False, closed_by__isnull=False, opened_at__isnull=False),
                name="closed_meeting_was_open_and_says_by_whom",
            ),
            models.CheckConstraint(
                condition=Q(why_not_reflected="", why_not_reflected_by__isnull=True)
                | Q(why_not_reflected_by__isnull=False) & ~Q(why_not_reflected=""),
                name="who_says_why_not_reflected",
            ),
            models.CheckConstraint(condition=Q(minutes__gte=10, minutes__lte=600), name="meeting_length_is_believable"),
        ]
        triggers: ClassVar = [
            pgtrigger.Protect(
                name="meeting_stays_with_its_board",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__board__df=pgtrigger.F("new__board"))
                | pgtrigger.Q(old__uid__df=pgtrigger.F("new__uid")),
            ),
            pgtrigger.Trigger(
                name="tgb_closes_after_its_reflections",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func=_REFLECTED,
            ),
            pgtrigger.Protect(
                name="opened_meeting_never_goes",
                operation=pgtrigger.Delete,
                condition=pgtrigger.Q(old__opened_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.board}, {self.on:%d.%m.%Y}"

    @property
    def begins(self) -> datetime:
        return timezone.make_aware(datetime.combine(self.on, self.begins_at))

    @property
    def ends(self) -> datetime:
        return self.begins + timedelta(minutes=self.minutes)

    @property
    def is_cancelled(self) -> bool:
        return self.cancelled_at is not None

    @property
    def is_open(self) -> bool:
        """Being held: people are in the room."""
        return self.opened_at is not None and self.closed_at is None

    @property
    def is_closed(self) -> bool:
        return self.closed_at is not None

    @property
    def is_planned(self) -> bool:
        return self.opened_at is None and not self.is_cancelled

    @property
    def was_moved(self) -> bool:
        return self.day_of_rule is not None and self.on != self.day_of_rule
