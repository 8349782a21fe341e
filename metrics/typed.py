"""How a measurement is typed and said: the definition's unit decides.

84.2 or 84.2% or 421/500 for a percentage; `*` is a value that the source suppressed.
"""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from analysis.durations import read_duration
from analysis.plausibility import TIMES, Doubt, DoubtKind
from analysis.typed_numbers import UnreadableEntry, divided, read_number, rounded, say_number, shown, tidy
from metrics.models import Measurement, MetricVersion, Unit

USUAL_OF = 12
"""How many of the latest values say what is usual."""

_PARTS = {Unit.PERCENT: 100, Unit.RATE: 1000}
_TIMES = (Unit.MINUTES, Unit.HOURS, Unit.DAYS)
_MAY_BE_NEGATIVE = (Unit.POUNDS, Unit.SCORE)
_MISSING = {
    "*": Measurement.Missing.SUPPRESSED,
    "suppressed": Measurement.Missing.SUPPRESSED,
    "not collected": Measurement.Missing.NOT_COLLECTED,
}
EXAMPLES: dict[str, str] = {
    Unit.PERCENT: "84.2, 84.2% or 421/500",
    Unit.RATE: "3.5 or 7/2000",
    Unit.COUNT: "17",
    Unit.MINUTES: "45 or 1 h 15 min",
    Unit.HOURS: "4.5 or 4 h 30 min",
    Unit.DAYS: "2.5 or 60 h",
    Unit.POUNDS: "1,250",
    Unit.SCORE: "7.5",
}
"""How a value of each unit may be typed."""
_NOTHING = frozenset({"-", "–", "—", "n/a", "na", "none", "nil", "?", "not measured", "unknown"})


@dataclass(frozen=True, kw_only=True)
class Typed:
    """What was understood: a value in the definition's unit, or why there is none."""

    value: Decimal | None = None
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    missing: str = ""
    has_sign: bool = False

    def is_stored(self, row: Measurement | None) -> bool:
        """Whether the row says this already: two people who typed the same do not disagree."""
        return row is not None and (row.value, row.numerator, row.denominator, row.missing) == (
            self.value,
            self.numerator,
            self.denominator,
            self.missing,
        )


def read(version: MetricVersion, text: str) -> Typed:
    """What was typed. Raises UnreadableEntry, whose words say what to write."""
    plain = " ".join(text.split())
    if reason := _MISSING.get(plain.casefold()):
        return Typed(missing=reason)
    if plain.casefold() in _NOTHING:
        raise UnreadableEntry(f"{shown(text)} is no number. Leave it empty, or write * for a suppressed value.")
    plain = tidy(text)
    if "/" in plain:
        return _ratio(version, plain, text)
    has_sign = plain.endswith("%")
    if has_sign and version.unit != Unit.PERCENT:
        raise UnreadableEntry(f"{shown(text)} is a percentage, and this is measured in {unit_words(version.unit)}.")
    number = plain.rstrip("%").removeprefix("£").strip()
    if version.unit in _TIMES and any(letter.isalpha() or letter == ":" for letter in number):
        minutes = read_duration(number, bare_unit=version.unit)
        return Typed(value=divided(minutes, read_duration(f"1 {version.unit}")))
    if number.startswith("-") and version.unit in _MAY_BE_NEGATIVE:
        return Typed(value=rounded(-read_number(number[1:].removeprefix("£").strip())))
    return Typed(value=rounded(read_number(number)), has_sign=has_sign)


def takes_ratio(version: MetricVersion) -> bool:
    """Whether a value may be typed as what was counted and what it is out of."""
    return version.unit in _PARTS


def _ratio(version: MetricVersion, plain: str, text: str) -> Typed:
    if not takes_ratio(version):
        raise UnreadableEntry(f"{shown(text)} is a ratio, and this is measured in {unit_words(version.unit)}.")
    top, _, bottom = plain.partition("/")
    if not top.strip() or not bottom.strip() or "/" in bottom:
        raise UnreadableEntry("Write both numbers, like 421/500.")
    numerator, denominator = read_number(top), read_number(bottom)
    if numerator != round(numerator, 4) or denominator != round(denominator, 4):
        raise UnreadableEntry("Write both numbers with four decimal places at most.")
    if denominator == 0:
        if numerator:
            raise UnreadableEntry(f"{shown(text)} has nothing below the line. Write both numbers, like 421/500.")
        return Typed(numerator=numerator, denominator=denominator, missing=Measurement.Missing.NOTHING_TO_COUNT)
    value = divided(numerator * _PARTS[Unit(version.unit)], denominator)
    return Typed(value=value, numerator=numerator, denominator=denominator)


def unit_words(unit: str) -> str:
    return {Unit.COUNT: "a number", Unit.POUNDS: "pounds", Unit.SCORE: "a score", Unit.PERCENT: "per cent"}.get(
        Unit(unit), Unit(unit).label
    )


def say(version: MetricVersion, value: Decimal, *, exactly: bool = False) -> str:
    """`84.2%`, `£1,200`, `12 days`, `3 per 1,000`, `17`. `exactly`: with all its decimals, as it may be typed."""
    said = say_number(value, places=6 if exactly else version.decimals)
    match version.unit:
        case Unit.PERCENT:
            return f"{said}%"
        case Unit.POUNDS:
            return f"£{said}"
        case Unit.COUNT | Unit.SCORE:
            return said
    return f"{said} {Unit(version.unit).label}"


def say_row(version: MetricVersion, row: Measurement) -> str:
    """A stored value, or why there is none."""
    if row.value is not None:
        return say(version, row.value)
    return "*" if row.missing == Measurement.Missing.SUPPRESSED else row.get_missing_display()


def as_typed(version: MetricVersion, row: Measurement) -> str:
    """A stored value as somebody would type it, to be corrected."""
    if row.numerator is not None and row.denominator is not None:
        return f"{row.numerator.normalize():f}/{row.denominator.normalize():f}"
    if row.value is not None:
        return say_number(row.value, places=6).replace("\u2212", "-") + ("%" if version.unit == Unit.PERCENT else "")
    return "*" if row.missing == Measurement.Missing.SUPPRESSED else row.get_missing_display()


def usual_of(values: Sequence[Decimal]) -> Decimal | None:
    """The median of the latest values, in the order of their dates; None when there are fewer than three."""
    latest = list(values)[-USUAL_OF:]
    return statistics.median(latest) if len(latest) >= 3 else None


def doubts(version: MetricVersion, found: Typed, usual: Decimal | None) -> list[Doubt]:
    """What is odd: it warns and never refuses. `usual`: from `usual_of`."""
    value = found.value
    if value is None:
        return []
    if version.unit == Unit.PERCENT:
        if value > 100:
            return [_over_hundred(version, found)]
        if fraction := _fraction(version, found, usual):
            return [fraction]
    if usual is None or usual <= 0 or value <= 0:
        return []
    if value > TIMES * usual:
        return [_far(version, value, usual, DoubtKind.FAR_ABOVE)]
    if value * TIMES < usual:
        return [_far(version, value, usual, DoubtKind.FAR_BELOW)]
    return []


def _over_hundred(version: MetricVersion, found: Typed) -> Doubt:
    assert found.value is not None
    swapped = ""
    if found.numerator and found.denominator:
        swapped = f"{found.denominator.normalize():f}/{found.numerator.normalize():f}"
    return Doubt(
        kind=DoubtKind.RATIO_OVER_ONE,
        sentence=f"{say(version, found.value)} is over 100%. {'The wrong way round?' if swapped else 'Is that right?'}",
        suggestion=swapped,
    )


def _fraction(version: MetricVersion, found: Typed, usual: Decimal | None) -> Doubt | None:
    """0.842 typed where 84.2 was meant: a plain number up to 1, unless such values are usual."""
    value = found.value
    if value is None or found.has_sign or found.numerator is not None or not 0 < value <= 1:
        return None
    if usual is not None and usual <= TIMES * value:
        return None
    meant = say(version, value * 100, exactly=True)
    return Doubt(
        kind=DoubtKind.FAR_BELOW,
        sentence=f"{say(version, value, exactly=True)} is less than one in a hundred. A fraction, for {meant}?",
        suggestion=meant,
    )


def _far(version: MetricVersion, value: Decimal, usual: Decimal, kind: DoubtKind) -> Doubt:
    than = "more than ten times the usual" if kind is DoubtKind.FAR_ABOVE else "less than a tenth of the usual"
    return Doubt(
        kind=kind,
        sentence=f"{say(version, value, exactly=True)} is {than} {say(version, usual)}. A slip of the unit or the"
        " decimal point?",
    )
