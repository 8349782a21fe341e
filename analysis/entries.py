"""A reading as it is typed into one cell: a time, a value, a ratio or a 5S level, or several observations."""

from __future__ import annotations

import re
import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from analysis.durations import ELAPSED_DAY, read_duration, say_duration, time_unit
from analysis.typed_numbers import (
    LARGEST,
    OneOrSeveral,
    UnreadableEntry,
    divided,
    read_number,
    rounded,
    say_number,
    shown,
    tidy,
)

__all__ = ["Entry", "EntryForm", "Statistic", "UnreadableEntry", "read_entry", "say_value"]


class EntryForm(StrEnum):
    DURATION = "duration"
    VALUE = "value"
    RATIO = "ratio"
    LEVEL_5S = "level_5s"


class Statistic(StrEnum):
    MEAN = "mean"
    MEDIAN = "median"


@dataclass(frozen=True, kw_only=True)
class Entry:
    """What a cell was understood to say.

    value: minutes for a duration, a proportion for a ratio (0.25 for 25%), else the measure's own unit; six decimals.
    numerator, denominator: of a ratio, when both were given. n: outputs or observations, None when it was not said.
    observations: each one typed, in the order typed, in the value's unit. said: how the product understood it.
    """

    form: EntryForm
    value: Decimal
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    n: int | None = None
    observations: tuple[Decimal, ...] = ()
    said: str = ""


def read_entry(
    text: str,
    *,
    form: EntryForm,
    unit: str = "",
    day_hours: Decimal | int = ELAPSED_DAY,
    statistic: Statistic = Statistic.MEAN,
    allow_negative: bool = False,
) -> Entry:
    """What `text`, typed into a cell of a measure of this `form`, says.

    unit: the measure's own; a bare number counts it (a duration without one counts minutes).
    Several times or values are observations, separated by `;`, a new line, a tab, a comma and a space, or, when all
    are bare numbers, by spaces; `statistic` makes the value of them.
    day_hours: hours of a day in a duration. allow_negative: for values that can be below zero, such as a net score.

    Raises UnreadableEntry with a sentence for the person who typed it.
    """
    if form is EntryForm.RATIO:
        return _read_ratio(text)
    if form is EntryForm.LEVEL_5S:
        return _read_level(text)
    if form is EntryForm.DURATION:
        bare_unit = unit or "minutes"

        def read(one: str) -> Decimal:
            return read_duration(one, bare_unit=bare_unit, day_hours=day_hours)

    else:

        def read(one: str) -> Decimal:
            return _read_value(one, unit=unit, allow_negative=allow_negative)

    whole = tidy(text)
    pieces = _observations(whole, read)
    if len(pieces) > 1:
        _refuse_mixed_units(pieces, unit=unit)
    observations = tuple(read(piece) for piece in pieces)
    value = _typical(observations, statistic)
    said = f"= {say_value(value, form=form, unit=unit, day_hours=day_hours)}"
    if len(observations) == 1:
        return Entry(form=form, value=value, said=said)
    count = len(observations)
    return Entry(
        form=form, value=value, n=count, observations=observations, said=f"{said}, {statistic.value} of {count}"
    )


def say_value(
    value: Decimal | float, *, form: EntryForm, unit: str = "", day_hours: Decimal | int = ELAPSED_DAY
) -> str:
    """A stored value as a page shows it: `540 min`, `21.4%`, `420 m`, `1 case`, `level 3`."""
    if form is EntryForm.RATIO:
        return f"{say_number(Decimal(str(value)) * 100, places=1)}%"
    if form is EntryForm.LEVEL_5S:
        return f"level {say_number(value)}"
    if form is EntryForm.DURATION:
        return say_duration(value, unit=unit or "minutes", day_hours=day_hours)
    said = say_number(value)
    if unit.casefold() in ("%", "percent", "per cent"):
        return f"{said}%"
    if unit in _MONEY:
        return f"{_MONEY[unit]}{said}"
    return f"{said} {_one_of(unit) if said == '1' else unit}".strip()


def _one_of(unit: str) -> str:
    """`case` for `cases`, `defect per week` for `defects per week`; short units and words in -ss stay: `ms`, `loss`."""
    counted, per, period = unit.partition(" per ")
    if len(counted) > 3 and counted.endswith("s") and not counted.endswith("ss"):
        counted = counted[:-1]
    return counted + per + period


def _read_ratio(text: str) -> Entry:
    plain = tidy(text).casefold()
    both = re.fullmatch(r"(?P<top>[^/]+?) ?(?:/|\bof\b|\bout of\b) ?(?P<bottom>[^/]*)", plain)
    if both:
        top, bottom = both["top"].removesuffix(" out"), both["bottom"]
        if not bottom:
            raise UnreadableEntry("The second number is missing. Write both numbers, like 6/28.")
        return _ratio_of(_ratio_number(top, text), _ratio_number(bottom, text))
    if re.match(r"/|of\b", plain):
        raise UnreadableEntry("The first number is missing. Write both numbers, like 6/28.")
    if percent := re.fullmatch(r"(?P<number>[^%]+?) ?(?:%|percent|per cent)", plain):
        return _ratio_entry(divided(_ratio_number(percent["number"], text), Decimal(100)))
    number = _ratio_number(plain, text)
    if number >= 1:
        raise UnreadableEntry(
            f"{shown(text)} could be a count or a percentage. Write both numbers, like 6/28, or a percentage, like 25%."
        )
    return _ratio_entry(rounded(number))


def _ratio_number(plain: str, text: str) -> Decimal:
    if plain.startswith("-"):
        raise UnreadableEntry(f"{shown(text)} is negative. Write both numbers, like 6/28.")
    try:
        return read_number(plain)
    except OneOrSeveral:
        raise
    except UnreadableEntry:
        raise UnreadableEntry(
            f"{shown(text)} cannot be read as a ratio. Write both numbers, like 6/28, or a percentage, like 25%."
        ) from None


def _ratio_of(top: Decimal, bottom: Decimal) -> Entry:
    if bottom == 0 and top == 0:
        raise UnreadableEntry("0/0 says nothing: there were no outputs. Mark it as not measured and give the reason.")
    if bottom == 0:
        raise UnreadableEntry(f"{say_number(top)} defects in 0 outputs is not a ratio. Write both numbers, like 6/28.")
    if rounded(bottom) == 0 or top / bottom > LARGEST:
        raise UnreadableEntry("The second number is too small. Write both numbers, like 6/28.")
    value = divided(top, bottom)
    count = int(bottom) if bottom == bottom.to_integral_value() else None
    return _ratio_entry(value, numerator=rounded(top), denominator=rounded(bottom), n=count)


def _ratio_entry(
    value: Decimal, *, numerator: Decimal | None = None, denominator: Decimal | None = None, n: int | None = None
) -> Entry:
    said = f"= {say_value(value, form=EntryForm.RATIO)}"
    return Entry(form=EntryForm.RATIO, value=value, numerator=numerator, denominator=denominator, n=n, said=said)


def _read_level(text: str) -> Entry:
    level = re.fullmatch(r"(?:5s )?(?:level )?([0-5])(?:\.0+)?(?: ?/ ?5| of 5| out of 5)?", tidy(text).casefold())
    if not level:
        raise UnreadableEntry(f"{shown(text)} is not a 5S level. Write a whole number from 0 to 5.")
    value = Decimal(level[1])
    return Entry(form=EntryForm.LEVEL_5S, value=value, said=f"= {say_value(value, form=EntryForm.LEVEL_5S)}")


_MONEY = {"£": "£", "pounds": "£", "GBP": "£"}

_FAMILIES: tuple[dict[str, tuple[Decimal, tuple[str, ...]]], ...] = (
    {
        "m": (Decimal(1), ("m", "metre", "metres", "meter", "meters")),
        "km": (Decimal(1000), ("km", "kilometre", "kilometres", "kilometer", "kilometers")),
        "cm": (Decimal("0.01"), ("cm", "centimetre", "centimetres")),
        "ft": (Decimal("0.3048"), ("ft", "foot", "feet")),
        "yd": (Decimal("0.9144"), ("yd", "yard", "yards")),
        "mi": (Decimal("1609.344"), ("mi", "mile", "miles")),
    },
    {
        "g": (Decimal(1), ("g", "gram", "grams")),
        "kg": (Decimal(1000), ("kg", "kilo", "kilos", "kilogram", "kilograms")),
    },
    {
        "l": (Decimal(1), ("l", "litre", "litres")),
        "ml": (Decimal("0.001"), ("ml", "millilitre", "millilitres")),
    },
)
_PERCENT = ("%", "percent", "per cent", "percentage")


def _read_value(text: str, *, unit: str, allow_negative: bool) -> Decimal:
    if time_unit(unit) and unit.casefold() != "m":
        own = time_unit(unit)
        return divided(read_duration(text, bare_unit=unit), read_duration("1", bare_unit=own or unit))
    parts = re.fullmatch(r"(?P<sign>-?) ?(?P<money>£?) ?(?P<number>[\d.,]+) ?(?P<unit>\D*)", tidy(text))
    if not parts:
        raise UnreadableEntry(f"{shown(text)} is not a number. {_instead(unit)}")
    if parts["sign"] and not allow_negative:
        raise UnreadableEntry(f"{shown(text)} is negative. Write zero or more.")
    number = read_number(parts["number"])
    typed_unit = (parts["money"] or parts["unit"]).strip().rstrip(".")
    factor = _factor(typed_unit, unit)
    if factor is None:
        expected = unit or "plain numbers"
        raise UnreadableEntry(f"This measure is in {expected}, not {shown(typed_unit)}. {_instead(unit)}")
    return rounded(-number * factor if parts["sign"] else number * factor)


def _factor(typed: str, unit: str) -> Decimal | None:
    """What a number in the unit typed is multiplied with to be in the measure's unit; None for a foreign unit."""
    if not typed or _singular(typed) == _singular(unit):
        return Decimal(1)
    if typed.casefold() in _PERCENT and unit.casefold() in _PERCENT:
        return Decimal(1)
    if typed in _MONEY and unit in _MONEY:
        return Decimal(1)
    for family in _FAMILIES:
        sizes = {word: size for size, words in family.values() for word in words}
        if unit.casefold() in sizes and typed.casefold() in sizes:
            return sizes[typed.casefold()] / sizes[unit.casefold()]
    return None


def _singular(unit: str) -> str:
    word = " ".join(unit.casefold().split())
    return word.removesuffix("s") if len(word) > 2 else word


def _instead(unit: str) -> str:
    return f"Write a number like {say_value(Decimal(12), form=EntryForm.VALUE, unit=unit)}."


def _observations(whole: str, read: Callable[[str], Decimal]) -> list[str]:
    pieces = [str(piece).strip() for piece in re.split(r"[;\n\t]", whole)]
    pieces = [piece for piece in pieces if piece]
    if not pieces:
        raise UnreadableEntry(f"{shown(whole)} is not a number. Write a number like 12.")
    return [one for piece in pieces for one in _split_at_commas(piece, read)]


def _split_at_commas(piece: str, read: Callable[[str], Decimal]) -> list[str]:
    if re.fullmatch(r"[\d.,]+(?: [\d.,]+)+", piece) and not re.search(r", ", piece):
        if re.fullmatch(r"\d{1,3}(?: \d{3})+(?:\.\d+)?", piece):
            one, several = piece.replace(" ", ""), piece.replace(" ", "; ")
            raise OneOrSeveral(f"{shown(piece)} could be one number or several. Write {one}, or {several}.")
        return piece.split(" ")
    apart = [str(one) for one in re.split(r" ?, +| ,", piece) if one]
    if len(apart) < 2:
        return [piece.rstrip(" ,")]
    try:
        read(piece)
    except UnreadableEntry:
        return apart
    return [piece]


def _refuse_mixed_units(pieces: Sequence[str], *, unit: str) -> None:
    bare = [piece for piece in pieces if re.fullmatch(r"-?[\d.,]+", piece)]
    named = [piece for piece in pieces if piece not in bare]
    own = time_unit(unit or "minutes")
    foreign = [piece for piece in named if (time_unit(re.sub(r"[\d., ]", "", piece)) or piece) != own]
    if bare and foreign and (own or not unit):
        raise UnreadableEntry(
            f"{shown(bare[0])} has no unit and {shown(foreign[0])} has one. Write the unit with each of them."
        )


def _typical(observations: Sequence[Decimal], statistic: Statistic) -> Decimal:
    if statistic is Statistic.MEDIAN:
        return rounded(statistics.median(observations))
    return divided(sum(observations, Decimal(0)), Decimal(len(observations)))
