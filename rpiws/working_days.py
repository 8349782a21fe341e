"""Working days as the NHS in England counts them: not Saturdays, Sundays or bank holidays."""

from datetime import date, timedelta

import holidays

PREPARATION = timedelta(weeks=8)
"""How long before its week an RPIW is prepared."""

SHORTEST_WEEK, LONGEST_WEEK = 3, 5
_LONG_ENOUGH = timedelta(weeks=3)
"""Whatever the holidays, five working days lie in it."""

_BANK_HOLIDAYS = holidays.country_holidays("GB", subdiv="ENG", language="en_GB")


def bank_holiday(day: date) -> str | None:
    """The name of the bank holiday in England, or None."""
    return _BANK_HOLIDAYS.get(day)


def is_working_day(day: date) -> bool:
    return day.weekday() < 5 and bank_holiday(day) is None


def working_days(starts: date, ends: date) -> list[date]:
    """The working days from `starts` to `ends`, both included."""
    return [day for n in range((ends - starts).days + 1) if is_working_day(day := starts + timedelta(days=n))]


def possible_last_days(starts: date) -> list[date]:
    """The days on which a week that begins on the working day `starts` can end: its third to fifth working day."""
    return working_days(starts, starts + _LONG_ENOUGH)[SHORTEST_WEEK - 1 : LONGEST_WEEK]


def preparation_starts(week_starts: date) -> date:
    return week_starts - PREPARATION
