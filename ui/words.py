"""Dates, numbers and plurals as the pages say them. None is said, never left blank."""

import datetime as dt
from decimal import Decimal

from django.utils import timezone

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
SMALL = ("none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
MISSING = "not recorded"
MINUS = "–"

Moment = dt.date | dt.datetime | None
Number = int | float | Decimal


def local(value: dt.date) -> dt.date:
    """An aware datetime in local time; a date or a naive datetime as it is."""
    if isinstance(value, dt.datetime) and timezone.is_aware(value):
        return timezone.localtime(value)
    return value


def as_date(value: dt.date) -> dt.date:
    value = local(value)
    return value.date() if isinstance(value, dt.datetime) else value


def today() -> dt.date:
    return timezone.localdate()


# Dates -------------------------------------------------------------------


def day(value: Moment) -> str:
    """Tue 9 March"""
    if value is None:
        return MISSING
    d = as_date(value)
    return f"{DAYS[d.weekday()][:3]} {d.day} {MONTHS[d.month - 1]}"


def day_year(value: Moment) -> str:
    """Tue 9 March 2021"""
    return MISSING if value is None else f"{day(value)} {as_date(value).year}"


def day_short(value: Moment) -> str:
    """Fri 8 Jan"""
    if value is None:
        return MISSING
    d = as_date(value)
    return f"{DAYS[d.weekday()][:3]} {d.day} {MONTHS[d.month - 1][:3]}"


def day_long(value: Moment) -> str:
    """Thursday 11 March 2021"""
    if value is None:
        return MISSING
    d = as_date(value)
    return f"{DAYS[d.weekday()]} {d.day} {MONTHS[d.month - 1]} {d.year}"


def month(value: Moment) -> str:
    """March 2021"""
    if value is None:
        return MISSING
    d = as_date(value)
    return f"{MONTHS[d.month - 1]} {d.year}"


def month_short(value: Moment) -> str:
    """Mar 2021"""
    if value is None:
        return MISSING
    d = as_date(value)
    return f"{MONTHS[d.month - 1][:3]} {d.year}"


def partial_date(value: Moment, precision: str = "day") -> str:
    """A date no more exact than it is known: 2015, March 2015, Tue 3 March 2015"""
    if value is None:
        return MISSING
    if precision == "year":
        return str(as_date(value).year)
    return month(value) if precision == "month" else day_year(value)


def ago(value: Moment, on: dt.date | None = None) -> str:
    """2 days ago, yesterday, today, tomorrow, in 4 days"""
    if value is None:
        return MISSING
    days = (as_date(value) - (on or today())).days
    near = {-1: "yesterday", 0: "today", 1: "tomorrow"}
    if days in near:
        return near[days]
    return f"in {days} days" if days > 0 else f"{-days} days ago"


def span(start: Moment, end: Moment, *, weekdays: bool = True) -> str:
    """Mon 4 to Fri 8 January 2021; without weekdays 4 to 8 January 2021; open ended: since 4 January 2021"""
    if start is None:
        return MISSING if end is None else f"to {_plain(as_date(end), weekdays=weekdays)}"
    first = as_date(start)
    if end is None:
        return f"since {_plain(first, weekdays=weekdays)}"
    last = as_date(end)
    if first == last:
        return _plain(first, weekdays=weekdays)
    lead = f"{DAYS[first.weekday()][:3]} {first.day}" if weekdays else str(first.day)
    if (first.year, first.month) != (last.year, last.month):
        lead += f" {MONTHS[first.month - 1]}"
    if first.year != last.year:
        lead += f" {first.year}"
    return f"{lead} to {_plain(last, weekdays=weekdays)}"


def _plain(d: dt.date, *, weekdays: bool) -> str:
    return day_year(d) if weekdays else f"{d.day} {MONTHS[d.month - 1]} {d.year}"


def clock(value: dt.datetime | None) -> str:
    """14:32"""
    return MISSING if value is None else f"{local(value):%H:%M}"


def moment(value: dt.datetime | None, on: dt.date | None = None) -> str:
    """today 14:31; Wed 10 March, 16:05; Wed 10 March 2020, 16:05"""
    if value is None:
        return MISSING
    reference, d = on or today(), as_date(value)
    if d == reference:
        return f"today {clock(value)}"
    return f"{day(d) if d.year == reference.year else day_year(d)}, {clock(value)}"


def moment_year(value: dt.datetime | None) -> str:
    """Tue 9 March 2021, 16:05: for what is kept, printed or quoted on another day."""
    return MISSING if value is None else f"{day_year(value)}, {clock(value)}"


# Numbers -----------------------------------------------------------------


def number(value: Number | None, places: int | None = None, *, missing: str = MISSING) -> str:
    """2,663; –0.3; as many decimals as asked for, or as the value has (at most three)"""
    if value is None:
        return missing
    if places is None:
        text = f"{abs(value):,.3f}".rstrip("0").rstrip(".")
    else:
        text = f"{abs(value):,.{places}f}"
    negative = value < 0 and any(c in "123456789" for c in text)
    return f"{MINUS}{text}" if negative else text


def percent(value: Number | None, places: int = 0, *, missing: str = MISSING) -> str:
    """A ratio as a percentage: 0.71 is 71%"""
    return missing if value is None else f"{number(Decimal(str(value)) * 100, places)}%"


def signed(value: Number | None, places: int | None = None, *, missing: str = MISSING) -> str:
    """+5, –41, 0"""
    if value is None:
        return missing
    text = number(value, places)
    return f"+{text}" if value > 0 and any(c in "123456789" for c in text) else text


def change(value: Number | None, places: int = 0, *, missing: str = MISSING) -> str:
    """A ratio of change as a signed percentage: -0.82 is –82%"""
    return missing if value is None else f"{signed(Decimal(str(value)) * 100, places)}%"


def plural(count: int, one: str, many: str | None = None) -> str:
    """1 RPIW, 3 RPIWs, 2 days"""
    return f"{number(count)} {noun(count, one, many)}"


def noun(count: int, one: str, many: str | None = None) -> str:
    return one if count == 1 else (many or f"{one}s")


def with_article(one: str) -> str:
    """a rating, an objective"""
    return f"{'an' if one[:1].lower() in 'aeiou' else 'a'} {one}"


def spelled(count: int) -> str:
    """none, one ... nine, then figures: 12"""
    return SMALL[count] if 0 <= count < len(SMALL) else number(count)


def sentence(text: str) -> str:
    """The same words, the first letter large."""
    return text[:1].upper() + text[1:]


def listing(items: list[str], last: str = "and") -> str:
    """a, b and c"""
    words = [str(item) for item in items]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {last} {words[-1]}" if words else ""


FILTERS = {
    f.__name__: f
    for f in (
        day, day_year, day_short, day_long, month, month_short, partial_date, ago, clock, moment, moment_year,
        number, percent, signed, change, spelled, sentence, listing,
    )
}  # fmt: skip
GLOBALS = {f.__name__: f for f in (span, plural, noun, today)}
