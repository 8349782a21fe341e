"""Doubts about a reading that may be right all the same: they warn, they never refuse."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from analysis.durations import ELAPSED_DAY, say_duration
from analysis.entries import Entry, EntryForm, say_value
from analysis.typed_numbers import divided

TIMES = 10
"""How many times the baseline, or which part of it, is doubted."""


class DoubtKind(StrEnum):
    FAR_ABOVE = "far_above"
    FAR_BELOW = "far_below"
    RATIO_OVER_ONE = "ratio_over_one"
    ANOTHER_N = "another_n"
    NOTHING = "nothing"


@dataclass(frozen=True, kw_only=True)
class Doubt:
    """sentence: what is odd, for the person who typed it. suggestion: what may have been meant, to type; or empty."""

    kind: DoubtKind
    sentence: str
    suggestion: str = ""


def warnings(
    entry: Entry,
    baseline: Entry | None,
    *,
    unit: str = "",
    day_hours: Decimal | int = ELAPSED_DAY,
    zero_is_odd: bool = False,
) -> list[Doubt]:
    """What is odd about `entry` beside the measure's `baseline` (None when there is none), in the order to show it.

    Ten times the baseline or more, a tenth of it or less (not for ratios, which may well fall from 71% to 2%, and
    not for zero, which is a result), a time of zero, or another zero where `zero_is_odd`, a ratio over 1, and another
    n than the baseline's (for ratios, whose outputs vary from week to week, less than half or more than double).
    5S levels are never odd.
    """
    doubts: list[Doubt] = []
    if entry.form is EntryForm.RATIO and entry.value > 1:
        doubts.append(_over_one(entry))
    if entry.value == 0 and (zero_is_odd or entry.form is EntryForm.DURATION):
        doubts.append(_nothing(entry, unit=unit))
    if baseline is None or entry.form is EntryForm.LEVEL_5S:
        return doubts
    if far := _far(entry, baseline, unit=unit, day_hours=day_hours):
        doubts.append(far)
    if another := _another_n(entry, baseline):
        doubts.append(another)
    return doubts


def _nothing(entry: Entry, *, unit: str) -> Doubt:
    said = say_value(entry.value, form=entry.form, unit=unit)
    return Doubt(
        kind=DoubtKind.NOTHING,
        sentence=f"{said} is nothing at all. If it was not measured, empty the box, or say so and why.",
    )


def _over_one(entry: Entry) -> Doubt:
    if entry.numerator is None or entry.denominator is None:
        return Doubt(kind=DoubtKind.RATIO_OVER_ONE, sentence=f"{_said(entry)} is more than every output.")
    top, bottom = entry.numerator.normalize(), entry.denominator.normalize()
    return Doubt(
        kind=DoubtKind.RATIO_OVER_ONE,
        sentence=f"{top:f} defects in {bottom:f} outputs is more than one each. Are the numbers the wrong way round?",
        suggestion=f"{bottom:f}/{top:f}",
    )


def _far(entry: Entry, baseline: Entry, *, unit: str, day_hours: Decimal | int) -> Doubt | None:
    if entry.value <= 0 or baseline.value <= 0:
        return None
    above = entry.value >= TIMES * baseline.value
    below = entry.value * TIMES <= baseline.value and entry.form is not EntryForm.RATIO
    if not above and not below:
        return None

    def said(value: Decimal) -> str:
        if entry.form is EntryForm.DURATION:
            return say_duration(value, day_hours=day_hours)
        return say_value(value, form=entry.form, unit=unit)

    meant = _meant(entry, baseline, above=above, day_hours=Decimal(day_hours))
    than = "ten times the baseline or more" if above else "a tenth of the baseline or less"
    slip = "A slip of the unit?" if entry.form is EntryForm.DURATION else "A slip of the unit or the decimal point?"
    return Doubt(
        kind=DoubtKind.FAR_ABOVE if above else DoubtKind.FAR_BELOW,
        sentence=f"{said(entry.value)} is {than} ({said(baseline.value)}). {slip}",
        suggestion="" if meant is None else said(meant),
    )


def _meant(entry: Entry, baseline: Entry, *, above: bool, day_hours: Decimal) -> Decimal | None:
    """The value one slip away that is no longer doubtful itself: the same number in another unit of time if there is
    one, else the one nearest to the baseline."""
    slips: Iterable[Decimal]
    if entry.form is EntryForm.DURATION:
        hour, day = Decimal(60), day_hours
        slips = (hour, day, day * hour, hour * hour)
    else:
        slips = (Decimal(10), Decimal(100), Decimal(1000))
    values = [divided(entry.value, slip) if above else entry.value * slip for slip in slips]
    near = [value for value in values if value * TIMES > baseline.value and value < TIMES * baseline.value]
    if entry.form is EntryForm.DURATION:
        typed = _number_said(entry.value, day_hours)
        near = [value for value in near if _number_said(value, day_hours) == typed] or near
    return min(near, key=lambda value: abs(math.log(value / baseline.value)), default=None)


def _number_said(minutes: Decimal, day_hours: Decimal) -> str:
    """What is left when only the unit is taken away: `9` of 9 h as of 9 min."""
    return " ".join(say_duration(minutes, day_hours=day_hours).split()[::2])


def _another_n(entry: Entry, baseline: Entry) -> Doubt | None:
    if entry.n is None or baseline.n is None or entry.n == baseline.n:
        return None
    if entry.form is EntryForm.RATIO and baseline.n <= 2 * entry.n and entry.n <= 2 * baseline.n:
        return None
    counted = "outputs" if entry.form is EntryForm.RATIO else "observations"
    return Doubt(
        kind=DoubtKind.ANOTHER_N,
        sentence=f"This reading has {entry.n} {counted}, the baseline {baseline.n}. Was it sampled in the same way?",
    )


def _said(entry: Entry) -> str:
    return say_value(entry.value, form=entry.form)
