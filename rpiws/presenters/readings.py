"""A stored reading in words: its value, when and of how many it was taken, and what a reader must know of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from analysis.plausibility import Doubt
from rpiws import entries
from rpiws.models import Measure, Reading
from ui.words import day_year, moment, month_short, number


@dataclass(frozen=True)
class Saved:
    """A saved reading as text."""

    said: str
    parts: str = ""
    why_not: str = ""
    remarks: tuple[tuple[str, str], ...] = ()
    who: str = ""
    at: str = ""
    href: str = ""
    history: str = ""
    """Where its corrections are told; empty when there is none."""
    doubts: tuple[Doubt, ...] = ()
    day_doubt: str = ""
    day: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    """When and over what period it was taken, and its note: each with its name."""


def saved(
    measure: Measure,
    reading: Reading,
    *,
    on: date | None = None,
    user_id: int = 0,
    doubts: tuple[Doubt, ...] = (),
    day_doubt: str = "",
) -> Saved:
    """A stored reading: its value, what it was made of, and what a reader must know of it."""
    return Saved(
        said=value_or_reason(measure, reading),
        parts=_parts(reading),
        why_not=_why_not(reading),
        remarks=_remarks(reading),
        who="you" if reading.recorded_by_id == user_id else str(reading.recorded_by or ""),
        at=moment(reading.recorded_at, on) if reading.recorded_at else "",
        href=reverse("readings", args=[measure.rpiw_id])
        + f"?checkpoint={reading.checkpoint}&correct={reading.pk}#m{measure.pk}-value",
        history=_history(measure, reading),
        doubts=doubts,
        day_doubt=day_doubt,
        day=f"{reading.measured_on.day} {month_short(reading.measured_on)}" if reading.measured_on else "",
        facts=taken(reading),
    )


def taken(reading: Reading) -> tuple[tuple[str, str], ...]:
    """`Measured on`, `Period` and `Note` of a reading, as far as they are known. The sample stands with the value."""
    facts = {
        "Measured on": day_year(reading.measured_on) if reading.measured_on else "",
        "Period": reading.period,
        "Note": reading.note,
    }
    return tuple((name, said) for name, said in facts.items() if said)


def _history(measure: Measure, reading: Reading) -> str:
    if not _is_corrected(reading):
        return ""
    return reverse("history", args=["rpiws", "rpiw", measure.rpiw_id]) + f"?of=reading-{reading.pk}"


def _is_corrected(reading: Reading) -> bool:
    return reading.version > 1 and bool(reading.correction_reason)


def value_or_reason(measure: Measure, reading: Reading) -> str:
    return "not measured" if reading.value is None else entries.say(measure, reading.value)


def _parts(reading: Reading) -> str:
    if reading.numerator is not None and reading.denominator is not None:
        return f"{number(reading.numerator)} / {number(reading.denominator)}"
    return f"n {number(reading.sample_size)}" if reading.sample_size else ""


def _why_not(reading: Reading) -> str:
    if not reading.not_measured:
        return ""
    if reading.not_measured == Reading.NotMeasured.OTHER:
        return reading.not_measured_note
    said = reading.get_not_measured_display()
    return f"{said}: {reading.not_measured_note}" if reading.not_measured_note else said


def _remarks(reading: Reading) -> tuple[tuple[str, str], ...]:
    """Icon and words."""
    found = []
    if reading.simulated:
        found.append(("info", "simulated"))
    if reading.retrospective:
        found.append(("info", "retrospective"))
    if reading.not_comparable:
        found.append(("info", f"not comparable: {reading.get_not_comparable_display()}"))
    return tuple(found)
