"""How the readings of a measure are typed and said: the measure decides, analysis/ reads."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from analysis.durations import read_duration, say_duration, time_unit
from analysis.entries import Entry, EntryForm, Statistic, read_entry, say_value
from analysis.plausibility import Doubt, warnings

if TYPE_CHECKING:
    from rpiws.models import Measure, Reading

DAYS_FROM = 3
"""From so many days on, a measure in hours is said in decimal hours alone, so that its readings stay in one unit."""


def form_of(measure: Measure) -> EntryForm:
    """How a reading of this measure is typed."""
    if measure.kind == measure.Kind.SAFETY_5S:
        return EntryForm.LEVEL_5S
    return EntryForm(measure.reading_shape)


def takes_observations(measure: Measure) -> bool:
    """Whether a reading can be made of several timings or counts."""
    return form_of(measure) in (EntryForm.DURATION, EntryForm.VALUE)


def read(measure: Measure, text: str) -> Entry:
    """What was typed into a cell of this measure, in the words of the page. Raises UnreadableEntry."""
    entry = read_entry(
        text,
        form=form_of(measure),
        unit=measure.unit,
        day_hours=measure.day_hours,
        statistic=Statistic(measure.statistic),
    )
    said = f"= {say(measure, entry.value)}"
    if entry.observations:
        said += f", {measure.get_statistic_display()} of {entry.n}"
    return replace(entry, said=said)


def say(measure: Measure, value: Decimal) -> str:
    """A stored value in the measure's one unit: `540 min`, `7 h 15 min` for hours, `21.4%`, `420 m`, `1 case`."""
    form = form_of(measure)
    in_hours = form is EntryForm.DURATION and time_unit(measure.unit) == "hours"
    if in_hours and 60 <= abs(value) < DAYS_FROM * measure.day_hours * 60:
        return say_duration(value, day_hours=measure.day_hours)
    return say_value(value, form=form, unit=measure.unit, day_hours=measure.day_hours)


def unit_factor(measure: Measure) -> float:
    """What a stored value is multiplied with to be in the measure's unit, for an axis: ratios become percentages."""
    form = form_of(measure)
    if form is EntryForm.RATIO:
        return 100
    if form is EntryForm.DURATION:
        return 1 / float(read_duration(f"1 {measure.unit or 'min'}", day_hours=measure.day_hours))
    return 1


def say_target(measure: Measure) -> str:
    """`15 min or less`; empty without a target."""
    if measure.target is None:
        return ""
    bound = {"lower": " or less", "higher": " or more"}.get(measure.better_when, "")
    return say(measure, measure.target) + bound


def entry_of(measure: Measure, reading: Reading) -> Entry | None:
    """A stored reading as an entry; None when it was not measured."""
    if reading.value is None:
        return None
    return Entry(
        form=form_of(measure),
        value=reading.value,
        numerator=reading.numerator,
        denominator=reading.denominator,
        n=reading.sample_size,
        said=f"= {say(measure, reading.value)}",
    )


def doubts(measure: Measure, entry: Entry, baseline: Entry | None, *, sample: int | None = None) -> list[Doubt]:
    """What is odd about the entry beside the measure's baseline. It warns and never refuses.

    sample: how many there were, where the value itself does not say it.
    """
    entry = replace(entry, n=entry.n or sample)
    return warnings(
        entry,
        baseline,
        unit=measure.unit,
        day_hours=measure.day_hours,
        zero_is_odd=measure.kind == measure.Kind.WALKING,
    )
