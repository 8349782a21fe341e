"""Which days can be believed: the kinds of date that people type, and what each is refused with."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone

from ui.words import day_year

AHEAD = timedelta(days=3652)
"""Ten years: nobody plans further."""


@dataclass(frozen=True)
class Bounds:
    """From the first day of `year` to today, or to ten years from now. A validator of any field that gives a date."""

    year: int
    plans: bool

    def __call__(self, typed: Any) -> None:
        """Refuse a date, or what begins on one (`typed.date`). The end of the code names the box to mend, if one is."""
        day, today = typed if isinstance(typed, date) else typed.date, timezone.localdate()
        if day < date(self.year, 1, 1):
            raise ValidationError(f"Write a year from {self.year} on", code="early_year")
        if self.plans and day > today + AHEAD:
            raise ValidationError("Write a day within ten years from now", code="far_year")
        if not self.plans and day > today:
            raise ValidationError(
                f"This day is still to come. Write today, {day_year(today)}, or an earlier day", code="to_come"
            )


HAPPENED = Bounds(1948, plans=False)
"""What happened to a trust: a rating, a headcount. The NHS began in 1948."""
LASTS = Bounds(1948, plans=True)
"""From or to of what is known ahead: a post, an objective."""
DONE = Bounds(2000, plans=False)
"""Improvement work that was done: an idea tested, a reading taken. The first RPIWs of any hospital are younger."""
PLANNED = Bounds(2000, plans=True)
"""Improvement work that is planned, or may be: a week, a task, a stand-down, a membership."""
