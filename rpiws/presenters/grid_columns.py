"""The heads of the grid's columns: when a checkpoint is, where it stands, and what stands in it while it is empty."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from markupsafe import Markup

from analysis.checkpoints import State as CheckpointState
from rpiws.grid import Column, Grid
from rpiws.models import Checkpoint
from ui.words import day, day_long, day_short, month_short, span

_SHORT = {Checkpoint.BASELINE: "Base", Checkpoint.REPORT_OUT: "Report", Checkpoint.AFTER: "After"}
STATUS = {
    CheckpointState.LATE: "late",
    CheckpointState.DUE: "due",
    CheckpointState.NEVER_MEASURED: "plain",
    CheckpointState.STOOD_DOWN: "plain",
    CheckpointState.MEASURED: "done",
    CheckpointState.TO_COME: "plain",
}


@dataclass(frozen=True)
class Head:
    """One column's head. `short` and `mark` are for the row of checkpoints on a phone."""

    column: Column
    title: str
    short: str
    when: str
    mark: str
    href: str
    is_now: bool
    called: tuple[str, ...] = ()
    """What a spreadsheet may call it."""
    about: Markup | None = None
    """What stands in the column while it holds no reading: when it opens, or why it is empty."""


def head_of(grid: Grid, column: Column, chosen: Checkpoint) -> Head:
    checkpoint = column.checkpoint
    short = _SHORT.get(checkpoint) or checkpoint.label.split(" ")[0]
    title = "365 days" if checkpoint == Checkpoint.DAY_365 else "After" if checkpoint == Checkpoint.AFTER else None
    href = reverse("readings", args=[grid.rpiw.pk]) + f"?checkpoint={checkpoint}"
    return Head(
        column=column,
        title=title or checkpoint.label,
        short=short,
        when=_when(grid, column),
        mark=_mark(column, on=grid.on),
        href=href,
        is_now=checkpoint == chosen,
        called=_called(checkpoint, short),
        about=_about(column, href, on=grid.on) if not column.answered else None,
    )


def _called(checkpoint: Checkpoint, short: str) -> tuple[str, ...]:
    if not short.isdecimal():
        return (checkpoint.label, short)
    return (checkpoint.label, f"{short} days", f"{short} day", f"day {short}", f"{short}d", short)


def _when(grid: Grid, column: Column) -> str:
    if column.checkpoint == Checkpoint.AFTER:
        return "time not published"
    if column.checkpoint == Checkpoint.BASELINE:
        days = [reading.measured_on for reading in grid.stored_at(column.checkpoint).values() if reading.measured_on]
        return month_short(max(days)) if days else "before the week"
    if column.due is None:
        return "after the report-out" if grid.rpiw.week_published else "week not published"
    near = abs((column.due - grid.on).days) < 300
    said = day_short(column.due) if near else f"{column.due.day} {month_short(column.due)}"
    match column.state:
        case CheckpointState.LATE | CheckpointState.NEVER_MEASURED if column.checkpoint != Checkpoint.REPORT_OUT:
            return f"was due {said}"
        case CheckpointState.DUE if column.checkpoint != Checkpoint.REPORT_OUT:
            return f"due {said}"
        case CheckpointState.STOOD_DOWN:
            return f"stood down, {said}"
        case CheckpointState.TO_COME if column.opens:
            return f"from {day_short(column.opens)}"
    return said


def _mark(column: Column, *, on: date) -> str:
    """The second line of a checkpoint on a phone; a tick is drawn for a measured one."""
    match column.state:
        case CheckpointState.MEASURED:
            return "done"
        case CheckpointState.LATE:
            return "late" if column.due else "missing"
        case CheckpointState.NEVER_MEASURED:
            return "never"
        case CheckpointState.STOOD_DOWN:
            return "stood down"
        case CheckpointState.DUE:
            return "due"
    if column.opens is None:
        return "to come"
    return f"{column.opens.day} {month_short(column.opens)[:3]}"


def status_words(grid: Grid, column: Column) -> str:
    due = day(column.due) if column.due else ""
    match column.state:
        case CheckpointState.LATE:
            return f"Late: due {due}" if due and column.checkpoint != Checkpoint.REPORT_OUT else "Missing"
        case CheckpointState.DUE:
            return f"Due {due}" if due else "Due before the week"
        case CheckpointState.NEVER_MEASURED:
            return f"Never measured: was due {due}"
        case CheckpointState.STOOD_DOWN:
            return "Stood down"
        case CheckpointState.MEASURED:
            return "All answered"
    return f"Opens {day(column.opens)}" if column.opens else "To come"


def _about(column: Column, href: str, *, on: date) -> Markup | None:
    link = Markup('<a href="{}">{}</a>').format
    if column.state is CheckpointState.STOOD_DOWN:
        stand_down = column.stand_down
        when = span(stand_down.starts, stand_down.until, weekdays=False) if stand_down else ""
        said = Markup("Stood down {}. ").format(when)
        return said + link(href, "Measure it, or say why not") if column.is_open else said
    if column.checkpoint == Checkpoint.AFTER:
        return None
    if not column.is_open:
        return Markup("Opens on {}").format(
            day_long(column.opens).rsplit(" ", 1)[0] if column.opens else "the report-out"
        )
    if column.state is CheckpointState.NEVER_MEASURED:
        return Markup("Never measured. ") + link(href, "Log it, or say why not")
    return link(href, "Log it" if column.state is CheckpointState.DUE else "Log it, or say why not")
