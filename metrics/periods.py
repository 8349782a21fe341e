"""Periods of a metric: days, weeks from Monday, months, quarters. A period is dated by its first day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from metrics.files.cells import FULL_MONTHS, MONTHS, first_of_period
from metrics.models import Often
from ui.words import day_year, month


def period_of(day: date, often: str) -> date:
    """The first day of the period in which the day lies."""
    return first_of_period(day, often)


def moved(period: date, often: str, by: int) -> date:
    """The period so many later, or earlier."""
    match often:
        case Often.DAILY:
            return period + timedelta(days=by)
        case Often.WEEKLY:
            return period + timedelta(weeks=by)
    months = period.year * 12 + period.month - 1 + by * (3 if often == Often.QUARTERLY else 1)
    return date(months // 12, months % 12 + 1, 1)


def periods(first: date, last: date, often: str) -> Iterator[date]:
    """Each period from the first to the last, both included."""
    while first <= last:
        yield first
        first = moved(first, often, 1)


def say_period(day: date, often: str) -> str:
    """`April 2016`; `week of Mon 4 April 2016`; `April to June 2016`."""
    match often:
        case Often.MONTHLY if day.day == 1:
            return month(day)
        case Often.QUARTERLY if day.day == 1:
            return f"{month(day).split()[0]} to {month(moved(day, often, 1) - timedelta(days=1))}"
        case Often.WEEKLY:
            return f"week of {day_year(day)}"
    return day_year(day)


def names_of(day: date, often: str) -> tuple[str, ...]:
    """What a spreadsheet may call the period: `Apr 16`, `01/04/2016`, `2016-04`, `w/c 4 April 2016`."""
    years, months = (f"{day:%Y}", f"{day:%y}"), (FULL_MONTHS[day.month - 1], MONTHS[day.month - 1])
    days = [f"{figures} {name} {year}" for figures in (f"{day:%d}", day.day) for name in months for year in years]
    days += [f"{day:%d/%m/}{year}" for year in years] + [f"{day.day}/{day.month}/{year}" for year in years]
    days += [f"{day:%Y-%m-%d}"]
    if often == Often.WEEKLY:
        days += [f"{word} {each}" for word in ("w/c", "week of", "week commencing") for each in days]
    if often == Often.MONTHLY and day.day == 1:
        days += [f"{name} {year}" for name in months for year in years]
        days += [f"{day:%Y-%m}", f"{day:%m/%Y}", f"{day.month}/{day.year}"]
    return (say_period(day, often), *days)
