"""Times as people say them, in minutes: `2 h 15 min`, `2h15`, `1.5 days`, `135 min`, `3:40`."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal

from analysis.typed_numbers import (
    OneOrSeveral,
    UnreadableEntry,
    divided,
    read_number,
    rounded,
    say_number,
    shown,
    tidy,
)

__all__ = ["UnreadableEntry", "read_duration", "say_duration", "time_unit"]

ELAPSED_DAY = Decimal(24)
"""Hours of a day, unless a measure counts working days."""

LONGEST_MINUTES = Decimal(10 * 366 * 24 * 60)

_WORDS = {
    "seconds": ("s", "sec", "secs", "second", "seconds"),
    "minutes": ("m", "min", "mins", "minute", "minutes"),
    "hours": ("h", "hr", "hrs", "hour", "hours"),
    "days": ("d", "day", "days"),
    "weeks": ("w", "wk", "wks", "week", "weeks"),
}
_UNIT_OF = {word: unit for unit, words in _WORDS.items() for word in words}
_FINER = list(_WORDS)
_SHORT = {"seconds": "s", "minutes": "min", "hours": "h", "days": "days", "weeks": "weeks"}

_INSTEAD = "Write a time like 2 h 15 min, 135 min or 1.5 days."
_CLOCK = re.compile(r"(\d+):(\d{1,2})(?::(\d{1,2}))?(?: ?(?:h|hr|hrs|hours?))?")
_PART = re.compile(r"(?P<number>\d[\d.,]*|[.,]\d+) ?(?P<working>working )?(?P<word>[a-z]+)\.?")
_BETWEEN = re.compile(r" ?(?:,|and|&)? ?")
_TRAILING = re.compile(r"(\d{1,2})")
_PHRASES = (
    (re.compile(r"\bhalf an hour\b"), "30 min"),
    (re.compile(r"\b(?:a )?quarter of an hour\b"), "15 min"),
    (re.compile(r"\b(?:an|one) hour\b"), "1 hour"),
    (re.compile(r"\b(?:a|one) (day|week|minute)\b"), r"1 \1"),
)


def read_duration(text: str, *, bare_unit: str = "minutes", day_hours: Decimal | int = ELAPSED_DAY) -> Decimal:
    """The minutes that `text` says.

    A bare number counts `bare_unit`s. `3:40` is hours and minutes, `3:40:10` has seconds too. A number left bare after
    hours is minutes (`2h15`), after minutes seconds. `day_hours` is what a day counts: 24 elapsed hours, or the hours
    of a working day; a week is seven elapsed days or five working days. Months are refused: they differ in length.

    Returns minutes, zero or more, to six decimal places. Raises UnreadableEntry with a sentence for the person who
    typed it, and ValueError when `bare_unit` is no unit of time or `day_hours` is not between 0 and 24.
    """
    in_minutes = _minutes_of(Decimal(day_hours))
    unit = time_unit(bare_unit)
    if unit is None:
        raise ValueError(f"{bare_unit!r} is not a unit of time")
    plain = tidy(text).casefold()
    if "\n" in plain or "\t" in plain or ";" in plain:
        raise UnreadableEntry(f"{shown(text)} is more than one time. {_INSTEAD}")
    if plain.startswith("-"):
        raise UnreadableEntry(f"{shown(text)} is negative. A time is zero or more. {_INSTEAD}")
    if re.search(r"\b(?:months?|years?|yrs?)\b", plain):
        raise UnreadableEntry("Months and years differ in length. Write days or weeks, like 45 days.")
    for phrase, meant in _PHRASES:
        plain = phrase.sub(meant, plain)

    if clock := _CLOCK.fullmatch(plain):
        minutes = _read_clock(clock, text)
    elif re.search("[a-z]", plain):
        minutes = _read_parts(plain, text, in_minutes, working=Decimal(day_hours) != ELAPSED_DAY)
    else:
        minutes = _number(plain, text) * in_minutes[unit]
    if minutes > LONGEST_MINUTES:
        raise UnreadableEntry(f"{shown(text)} is more than ten years. {_INSTEAD}")
    return rounded(minutes)


def say_duration(minutes: Decimal | float, *, unit: str | None = None, day_hours: Decimal | int = ELAPSED_DAY) -> str:
    """A time in words: `9 min`, `2 h 15 min`, `36 h`, `3 days 4 h`; or in one `unit`: `1,334 min`, `2.25 h`.

    Without a unit, a time under a minute is said in seconds, under an hour in minutes to one decimal, and from there in
    whole minutes; days appear from three days on. In a fixed unit there are at most two decimals. Halves are rounded
    up. A difference below zero begins with a minus sign. Raises ValueError when `unit` is no unit of time.
    """
    amount = Decimal(str(minutes))
    in_minutes = _minutes_of(Decimal(day_hours))
    if unit is not None:
        name = time_unit(unit)
        if name is None:
            raise ValueError(f"{unit!r} is not a unit of time")
        said = say_number(_half_up(divided(amount, in_minutes[name]), "0.01"))
        return f"{said} {_short(name, said)}"
    sign = "\u2212" if amount < 0 else ""
    return sign + _say_parts(abs(amount), in_minutes["days"])


def time_unit(word: str) -> str | None:
    """The unit of time that `word` names (`hrs` is `hours`), or None."""
    return _UNIT_OF.get(word.strip().casefold())


def _minutes_of(day_hours: Decimal) -> dict[str, Decimal]:
    if not 0 < day_hours <= ELAPSED_DAY:
        raise ValueError("a day counts more than 0 and at most 24 hours")
    day = day_hours * 60
    week = day * (7 if day_hours == ELAPSED_DAY else 5)
    return {
        "seconds": Decimal(1) / 60,
        "minutes": Decimal(1),
        "hours": Decimal(60),
        "days": day,
        "weeks": week,
    }


def _read_clock(clock: re.Match[str], text: str) -> Decimal:
    hours, minutes, seconds = (int(part) if part else 0 for part in clock.groups())
    if len(clock[2]) != 2 or minutes > 59 or seconds > 59 or (clock[3] and len(clock[3]) != 2):
        raise UnreadableEntry(f"{shown(text)} is not hours and minutes. Write 3:40 for 3 hours 40 minutes.")
    return Decimal(hours * 60 + minutes) + divided(Decimal(seconds), Decimal(60))


def _read_parts(plain: str, text: str, in_minutes: dict[str, Decimal], *, working: bool) -> Decimal:
    total, at, coarsest = Decimal(0), 0, len(_FINER)
    while part := _PART.match(plain, at):
        unit = _UNIT_OF.get(part["word"])
        if unit is None:
            raise UnreadableEntry(f"{shown(part['word'])} is not a unit of time. {_INSTEAD}")
        if part["working"] and not working:
            raise UnreadableEntry("This measure counts a day as 24 hours, not as a working day. Write hours instead.")
        if _FINER.index(unit) >= coarsest:
            raise UnreadableEntry(f"{shown(text)} is not one time, the largest unit first. {_INSTEAD}")
        coarsest = _FINER.index(unit)
        number = _number(part["number"].rstrip(","), text)
        total += divided(number, Decimal(60)) if unit == "seconds" else number * in_minutes[unit]
        at = part.end()
        if at == len(plain):
            return total
        trailing = _TRAILING.fullmatch(plain, at + (plain[at] == " "))
        if trailing and unit in ("hours", "minutes") and int(trailing[1]) < 60:
            finer = Decimal(trailing[1])
            return total + (finer if unit == "hours" else divided(finer, Decimal(60)))
        between = _BETWEEN.match(plain, at)
        at = between.end() if between else at
    raise UnreadableEntry(f"{shown(text)} cannot be read as a time. {_INSTEAD}")


def _number(plain: str, text: str) -> Decimal:
    try:
        return read_number(plain)
    except OneOrSeveral:
        raise
    except UnreadableEntry:
        raise UnreadableEntry(f"{shown(text)} cannot be read as a time. {_INSTEAD}") from None


def _say_parts(minutes: Decimal, day: Decimal) -> str:
    if minutes > 0 and _half_up(minutes * 60, "1") < 60:
        return f"{say_number(_half_up(minutes * 60, '0.1'), places=1)} s"
    if _half_up(minutes, "0.1") < 60:
        return f"{say_number(_half_up(minutes, '0.1'), places=1)} min"
    whole = _half_up(minutes, "1")
    days = Decimal(0)
    if whole >= 3 * day:
        days, whole = divmod(whole, day)
    hours, rest = divmod(whole, 60)
    rest_said = say_number(rest)
    said = [f"{say_number(days)} days"] if days else []
    said += [f"{say_number(hours)} h"] if hours else []
    said += [f"{rest_said} min"] if rest else []
    return " ".join(said)


def _half_up(amount: Decimal, step: str) -> Decimal:
    return amount.quantize(Decimal(step), rounding=ROUND_HALF_UP)


def _short(unit: str, said: str) -> str:
    return unit.removesuffix("s") if said == "1" and unit in ("days", "weeks") else _SHORT[unit]
