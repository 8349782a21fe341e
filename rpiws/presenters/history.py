"""What the history of an RPIW says of its readings, observations and ticks."""

from __future__ import annotations

from typing import Any

from accounts.history import Said
from rpiws.entries import say
from rpiws.models import Checkpoint, Reading, Waste
from ui.history import Change
from ui.words import day_year, number

_IN_THE_SENTENCE = frozenset(
    str(field.verbose_name).casefold()
    for field in Reading._meta.concrete_fields
    if field.name
    in (
        "measure",
        "checkpoint",
        "value",
        "numerator",
        "denominator",
        "entered_as",
        "not_measured",
        "not_measured_note",
        "correction_reason",
        "recorded_by",
        "recorded_at",
    )
)
"""Facts that the sentence says already, or that say who and when."""


def reading_said(before: Any, reading: Any, changes: tuple[Change, ...]) -> Said:
    """`60 days, Step-down decision: 8 h 15 min, was 9 h.` and below it what else differs."""
    what = f"{Checkpoint(reading.checkpoint).label}, {reading.measure.name}"
    others = tuple(change for change in changes if change.what.casefold() not in _IN_THE_SENTENCE)
    now = _figure(reading)
    if reading.pgh_label == "delete":
        return Said(f"{what}: taken away, was {now}.")
    if before is None:
        return Said(f"{what}: {now}.", others)
    was = _figure(before)
    why = reading.correction_reason if reading.version != before.version else ""
    if was != now:
        return Said(f"{what}: {now}, was {was}.", others, why)
    # The same figure saved again by somebody else is no change of a fact.
    return Said(f"{what}: {now}, as before." if others or why else "", others, why)


def _figure(reading: Any) -> str:
    """With its unit and both numbers of a ratio; or why there is none."""
    if reading.value is None:
        because = reading.not_measured_note or Reading.NotMeasured(reading.not_measured).label
        return f"not measured because {because}"
    said = say(reading.measure, reading.value)
    if reading.numerator is not None and reading.denominator is not None:
        return f"{said} ({number(reading.numerator)} / {number(reading.denominator)})"
    return said


def observation_said(before: Any, observation: Any, changes: tuple[Change, ...]) -> Said:
    """One timing or count taken between checkpoints."""
    verb = {"insert": "Observed", "delete": "Took back an observation of"}.get(observation.pgh_label, "Changed")
    said = say(observation.measure, observation.value)
    was = f", was {say(observation.measure, before.value)}" if verb == "Changed" and before else ""
    return Said(f"{verb} {observation.measure.name} on {day_year(observation.observed_on)}: {said}{was}.")


def served_said(before: Any, served: Any, changes: tuple[Change, ...]) -> Said:
    """Which metric of the value stream a measure serves from then on, or no longer."""
    verb = "no longer serves" if served.pgh_label == "delete" else "serves"
    return Said(f"{served.measure.name} {verb} the metric {served.metric.name}.")


def waste_said(before: Any, waste: Any, changes: tuple[Change, ...]) -> Said | None:
    """All seven wastes are written at once: one that nobody has looked at says nothing yet."""
    return Said("") if before is None and waste.finding == Waste.Finding.NOT_LOOKED_AT else None


def task_said(before: Any, task: Any, changes: tuple[Change, ...]) -> Said | None:
    """A tick on the preparation checklist."""
    return _ticked(before, task, f"Preparation: {task.name}")


def newspaper_said(before: Any, item: Any, changes: tuple[Change, ...]) -> Said | None:
    """A tick in the newspaper."""
    return _ticked(before, item, f"Newspaper: {item.action}")


def _ticked(before: Any, now: Any, what: str) -> Said | None:
    """None when something else was changed, which is listed fact by fact."""
    if before is None or before.done == now.done or now.pgh_label != "update":
        return None
    if now.done is None:
        return Said(f"{what}. Not done after all; it was ticked on {day_year(before.done)}.")
    return Said(f"{what}. Done on {day_year(now.done)}.")
