"""The target progress report in words: what each cell of the table says, and why a cell holds no figure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from analysis import checkpoints as clock
from analysis.checkpoints import Checkpoint
from analysis.entries import EntryForm
from rpiws.entries import form_of, say
from rpiws.models import Measure, Reading, Rpiw
from rpiws.progress import Progress, as_clock_reading
from rpiws.remeasure import RpiwFacts
from ui.words import change, day_short, day_year, number

CHANGE_NOTE = "Change is from the baseline to the last remeasure; two readings cannot tell chance from cause."
_STATES = {
    clock.State.LATE: "not in yet",
    clock.State.NEVER_MEASURED: "never measured",
    clock.State.STOOD_DOWN: "stood down",
    clock.State.TO_COME: "–",
}


@dataclass(frozen=True)
class Cell:
    """words: the figure, or why there is none. kind: value, latest, missing."""

    words: str
    details: tuple[str, ...] = ()
    kind: str = "value"


@dataclass(frozen=True)
class Row:
    name: str
    definition: str
    target: str
    cells: tuple[Cell, ...]
    change: str
    change_in_units: str
    met: str
    met_icon: str
    notes: tuple[str, ...] = field(default=())


@dataclass(frozen=True)
class Column:
    label: str
    unanswered: str = ""
    """`late` or `never measured`, when a remeasure is."""


def report_columns(checkpoints: Sequence[Checkpoint], facts: RpiwFacts, *, today: date) -> list[Column]:
    unanswered = {clock.State.LATE: "late", clock.State.NEVER_MEASURED: "never measured"}
    return [
        Column(
            "Report-out" if each is Checkpoint.REPORT_OUT else each.label.removesuffix(" (sustained)"),
            unanswered=unanswered.get(facts.state_of(each, on=today), "") if each in clock.POST_CHECKPOINTS else "",
        )
        for each in checkpoints
    ]


def report_row(
    progress: Progress, checkpoints: Sequence[Checkpoint], facts: RpiwFacts, *, today: date, closed: bool
) -> Row:
    measure = progress.measure
    met, met_icon = _met(progress, closed=closed)
    return Row(
        name=measure.name,
        definition=definition(measure),
        target="no target" if measure.target is None else say(measure, measure.target),
        cells=tuple(_cell(progress, checkpoint, facts, today=today) for checkpoint in checkpoints),
        change=_relative(progress) or say_change(measure, progress.change) or "–",
        change_in_units=say_change(measure, progress.change) if _relative(progress) else "",
        met=met,
        met_icon=met_icon,
        notes=_notes(progress),
    )


def definition(measure: Measure) -> str:
    """What starts and ends it, on what basis, of which outputs."""
    parts = []
    if measure.starts_when or measure.ends_when:
        parts.append(f"from {measure.starts_when or 'not recorded'} to {measure.ends_when or 'not recorded'}")
    if measure.kind == measure.Kind.LEAD_TIME and measure.day_hours != 24:
        parts.append(f"a day is {number(measure.day_hours)} working hours")
    if measure.defect_basis:
        parts.append(measure.get_defect_basis_display())
    if measure.outputs:
        parts.append(f"of {measure.outputs}")
    return ", ".join(parts)


def say_change(measure: Measure, difference: Decimal | None) -> str:
    """–41 min, –71 points, +1 level"""
    if difference is None:
        return ""
    sign = "+" if difference > 0 else "–" if difference < 0 else ""
    match form_of(measure):
        case EntryForm.RATIO:
            return f"{sign}{number(abs(difference) * 100, 0)} points"
        case EntryForm.LEVEL_5S:
            return f"{sign}{number(abs(difference))} {'level' if abs(difference) == 1 else 'levels'}"
    return f"{sign}{say(measure, abs(difference))}"


def say_reading(measure: Measure, reading: Reading) -> Cell:
    """A stored reading: its figure with n and what must be known of it, or why there is none."""
    if reading.value is None:
        because = reading.not_measured_note or reading.get_not_measured_display()
        return Cell("not measured", (f"because {because}",), kind="missing")
    details = []
    if reading.numerator is not None and reading.denominator is not None:
        details.append(f"{number(reading.numerator)} / {number(reading.denominator)}")
    elif reading.sample_size and reading.sample_size > 1:
        details.append(f"{measure.get_statistic_display()} of {reading.sample_size}")
    if reading.simulated:
        details.append("simulated")
    if reading.retrospective:
        details.append("recorded afterwards")
    if reading.not_comparable:
        details.append(f"not comparable: {reading.get_not_comparable_display()}")
    return Cell(say(measure, reading.value), tuple(details))


@dataclass(frozen=True)
class Taken:
    """When and of how many one reading was taken. `note` is as it was written."""

    measure: str
    checkpoint: str
    day: str
    period: str
    sample: str
    note: str


def taken_rows(progress: Sequence[Progress], checkpoints: Sequence[Checkpoint]) -> list[Taken]:
    """One row for each reading of which something is known, measure by measure."""
    rows = []
    for each in progress:
        for checkpoint in checkpoints:
            reading = each.readings.get(checkpoint)
            known = reading and (reading.measured_on or reading.period or reading.sample_size or reading.note)
            if reading and known:
                day = day_year(reading.measured_on) if reading.measured_on else ""
                sample = number(reading.sample_size) if reading.sample_size else ""
                label = checkpoint.label.removesuffix(" (sustained)")
                rows.append(Taken(each.measure.name, label, day, reading.period, sample, reading.note))
    return rows


def _cell(progress: Progress, checkpoint: Checkpoint, facts: RpiwFacts, *, today: date) -> Cell:
    reading = progress.readings.get(checkpoint)
    if reading is not None:
        said = say_reading(progress.measure, reading)
        is_post = progress.post is not None and progress.post.checkpoint is checkpoint
        return Cell(said.words, said.details, kind="latest") if is_post else said
    return Cell(_absent(checkpoint, facts, today=today), kind="missing")


def _absent(checkpoint: Checkpoint, facts: RpiwFacts, *, today: date) -> str:
    if checkpoint is Checkpoint.BASELINE:
        return "not in yet"
    reported_out = facts.reported_out if facts.week_published else None
    state = clock.state(
        checkpoint, report_out=reported_out, today=today, stand_downs=facts.stand_downs, planned=facts.planned
    )
    due = facts.due(checkpoint)
    if state is clock.State.DUE and due:
        return f"due {day_short(due)}"
    if checkpoint is Checkpoint.REPORT_OUT and state is clock.State.NEVER_MEASURED:
        return "not in yet"
    return _STATES.get(state, "–")


def _relative(progress: Progress) -> str:
    """–82%; empty where a percentage says nothing: of a level, or from zero."""
    if form_of(progress.measure) is EntryForm.LEVEL_5S or progress.relative_change is None:
        return ""
    return change(progress.relative_change)


def _met(progress: Progress, *, closed: bool) -> tuple[str, str]:
    match progress.meets_target:
        case True:
            return "Met", "done"
        case False:
            return ("Not met", "to_come") if closed else ("Not yet", "to_come")
    if progress.measure.target is None:
        return "No target", ""
    if progress.measure.better_when == Measure.Better.NEITHER:
        return "Neither way is better", ""
    return "Not remeasured", ""


def _notes(progress: Progress) -> tuple[str, ...]:
    """Why the measure has no pair although it has readings, in words."""
    reason = clock.why_unpaired([as_clock_reading(reading) for reading in progress.readings.values()])
    said = {
        clock.UnpairedReason.BASELINE_NOT_COMPARABLE: "No change is shown: its baseline cannot be compared.",
        clock.UnpairedReason.POST_NOT_COMPARABLE: "No change is shown: its remeasures cannot be compared.",
        clock.UnpairedReason.NO_BASELINE: "No change is shown: it has no baseline." if progress.post else "",
    }
    note = said.get(reason, "") if reason else ""
    return (note,) if note else ()


def synthetic_words(rpiw: Rpiw) -> str:
    """What stands beside figures that nobody measured: empty for recorded ones. The source says how they were made."""
    return f"{rpiw.source or 'Generated'}; not recorded at the trust." if rpiw.synthetic else ""
