"""The words of the grid: columns, rows and the states of a cell."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from django.urls import reverse
from markupsafe import Markup

from analysis.checkpoints import State as CheckpointState
from analysis.entries import Entry, EntryForm, UnreadableEntry
from analysis.plausibility import Doubt
from rpiws import entries
from rpiws.forms.grid import CellForm, GridForm
from rpiws.grid import Column, Grid
from rpiws.models import Checkpoint, Measure, Reading
from ui.cells import CellError
from ui.words import day, day_long, day_short, moment, month_short, number, sentence, span

_SHORT = {Checkpoint.BASELINE: "Base", Checkpoint.REPORT_OUT: "Report", Checkpoint.AFTER: "After"}
_STATUS = {
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
    about: Markup | None = None
    """What stands in the column while it holds no reading: when it opens, or why it is empty."""


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


@dataclass(frozen=True)
class Open:
    """A cell with its box."""

    form: CellForm
    label: str
    said: Said
    was: str = ""
    theirs: Saved | None = None
    mine: str = ""
    errors: tuple[str, ...] = ()

    @property
    def state(self) -> str:
        if self.theirs:
            return "conflict"
        if self.errors:
            return "err"
        if self.is_not_measured:
            return "none"
        return "warn" if self.said.doubts else ("typed" if self.form.said("value") or self.form.said("timings") else "")

    @property
    def is_not_measured(self) -> bool:
        return bool(self.form.said("not_measured") or self.form.said("because"))

    @property
    def typed_elsewhere(self) -> str:
        """What was typed beside the box itself."""
        return self.form.said("timings")

    @property
    def takes_observations(self) -> bool:
        return entries.takes_observations(self.form.measure)

    @property
    def observations_are_called(self) -> str:
        return "timings" if entries.form_of(self.form.measure) is EntryForm.DURATION else "values"


@dataclass(frozen=True)
class Said:
    """What was understood of one value, and what is odd about it."""

    text: str = ""
    error: str = ""
    doubts: tuple[Doubt, ...] = ()
    typed: str = ""

    @property
    def state(self) -> str:
        return "err" if self.error else "warn" if self.doubts else "typed" if self.text else ""


@dataclass(frozen=True)
class Row:
    measure: Measure
    about: str
    target: str
    last: Saved | None
    last_when: str
    cells: tuple[Saved | Open | None, ...]


@dataclass(frozen=True)
class GridPage:
    grid: Grid
    form: GridForm
    heads: tuple[Head, ...]
    rows: tuple[Row, ...]
    now: Head
    user_id: int
    status: tuple[str, str] | None = None
    save_url: str = ""
    is_refused: bool = False

    @property
    def title(self) -> str:
        return f"{'Error: ' if self.is_refused else ''}Log readings, {self.grid.rpiw.process}"

    @property
    def after_words(self) -> str:
        checkpoint = self.now.column.checkpoint
        return {Checkpoint.BASELINE: " before the week", Checkpoint.REPORT_OUT: ", the last day of the week"}.get(
            checkpoint, " after the week"
        )

    @property
    def disputes(self) -> list[CellError]:
        """For the summary: each cell with two values."""
        return [
            CellError(
                f"{cell.measure.name}, {self.form.checkpoint.label}: choose one of the two values",
                f"#{cell.add_prefix('choice')}",
            )
            for cell in self.form.cells
            if cell.theirs
        ]

    @property
    def to_check(self) -> int:
        return sum(isinstance(cell, Open) and bool(cell.said.doubts) for row in self.rows for cell in row.cells)

    @property
    def has_boxes(self) -> bool:
        return any(isinstance(cell, Open) for row in self.rows for cell in row.cells)

    @property
    def has_new(self) -> bool:
        """Whether a reading is still to be entered, so that day, period, sample and note are asked for."""
        return any(isinstance(cell, Open) and not cell.form.corrects for row in self.rows for cell in row.cells)

    @property
    def answered(self) -> int:
        now = [row.cells[self.heads.index(self.now)] for row in self.rows]
        return sum(isinstance(cell, Saved) or (isinstance(cell, Open) and cell.state in _ANSWERED) for cell in now)

    @property
    def to_mend(self) -> int:
        return sum(isinstance(cell, Open) and cell.state == "err" for row in self.rows for cell in row.cells)

    @property
    def draft(self) -> str:
        """Where the browser keeps what is typed: one place per RPIW, person and checkpoint."""
        return f"readings:{self.grid.rpiw.pk}:{self.user_id}:{self.now.column.checkpoint}"

    @property
    def error_title(self) -> str:
        if self.form.fault:
            return "Not saved yet: the fault is ours"
        count = sum(bool(cell.errors) for cell in self.form.cells) + len(self.form.common.errors)
        if any(cell.theirs for cell in self.form.cells):
            return "Not saved yet: somebody else changed a cell meanwhile"
        needs = "one answer needs" if count == 1 else f"{number(count)} answers need"
        return f"Not saved yet: {needs} mending"


_ANSWERED = ("typed", "warn", "none")


def present(
    grid: Grid, form: GridForm, *, user_id: int, doubted: frozenset[int] = frozenset(), is_refused: bool = False
) -> GridPage:
    """The page. `doubted`: the measures just saved whose warnings nobody has answered yet."""
    heads = tuple(_head(grid, column, form.checkpoint) for column in grid.columns)
    now = next((head for head in heads if head.is_now), None)
    if now is None:
        now = _head(grid, grid.column(form.checkpoint), form.checkpoint)
        heads = (*heads, now)
    by_measure = {cell.measure.pk: cell for cell in form.cells}
    rows = tuple(_row(grid, by_measure[measure.pk], heads, doubted, user_id) for measure in grid.measures)
    status = (_STATUS[now.column.state], _status_words(grid, now.column))
    return GridPage(
        grid=grid,
        form=form,
        heads=heads,
        rows=rows,
        now=now,
        user_id=user_id,
        status=status,
        save_url=reverse("readings", args=[grid.rpiw.pk]) + f"?checkpoint={form.checkpoint}",
        is_refused=is_refused,
    )


def say_typed(measure: Measure, typed: str, *, stored: Reading | None = None, baseline: Entry | None = None) -> Said:
    """What the page says beside one box. `stored`: the reading that it corrects."""
    if not typed.strip():
        return Said()
    try:
        entry = entries.read(measure, typed)
    except UnreadableEntry as unreadable:
        return Said(error=str(unreadable))
    was = f", was {_value_or_reason(measure, stored)}" if stored else ""
    return Said(text=entry.said + was, doubts=tuple(entries.doubts(measure, entry, baseline)), typed=typed)


def baseline_entry(grid: Grid, measure: Measure, checkpoint: str) -> Entry | None:
    """The baseline beside which a reading is looked at; None for the baseline itself."""
    reading = grid.reading(measure, Checkpoint.BASELINE)
    if checkpoint == Checkpoint.BASELINE or reading is None or reading.not_comparable:
        return None
    return entries.entry_of(measure, reading)


def _head(grid: Grid, column: Column, chosen: Checkpoint) -> Head:
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
        about=_about(column, href, on=grid.on) if not column.answered else None,
    )


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


def _status_words(grid: Grid, column: Column) -> str:
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


def _row(grid: Grid, cell: CellForm, heads: tuple[Head, ...], doubted: frozenset[int], user_id: int) -> Row:
    measure = cell.measure
    before = [
        (head, reading)
        for head in heads
        if not head.is_now and (reading := grid.reading(measure, head.column.checkpoint)) is not None
    ]
    place = next(n for n, head in enumerate(heads) if head.is_now)
    earlier = [(head, reading) for head, reading in before if heads.index(head) < place and reading.value is not None]
    target = entries.say_target(measure)
    return Row(
        measure=measure,
        about=about_measure(measure),
        target=target,
        last=saved(measure, earlier[-1][1]) if earlier else None,
        last_when=earlier[-1][0].title.lower() if earlier else "",
        cells=tuple(_cell(grid, cell, head, doubted, user_id) for head in heads),
    )


def _cell(grid: Grid, form: CellForm, head: Head, doubted: frozenset[int], user_id: int) -> Saved | Open | None:
    measure = form.measure
    checkpoint = head.column.checkpoint
    reading = grid.reading(measure, checkpoint)
    if head.is_now and head.column.is_open and form.is_shown:
        return _open(grid, form, head, user_id)
    if reading is None:
        return None
    entry = entries.entry_of(measure, reading)
    doubts: tuple[Doubt, ...] = ()
    if head.is_now and entry and measure.pk in doubted:
        doubts = tuple(entries.doubts(measure, entry, baseline_entry(grid, measure, checkpoint)))
    return saved(measure, reading, on=grid.on, user_id=user_id, doubts=doubts)


def _open(grid: Grid, form: CellForm, head: Head, user_id: int) -> Open:
    measure = form.measure
    stored = form.stored if form.corrects else None
    baseline = baseline_entry(grid, measure, head.column.checkpoint)
    said = say_typed(measure, form.said("timings") or form.said("value"), stored=stored, baseline=baseline)
    errors = tuple(str(text) for texts in form.errors.values() for text in texts) if form.is_bound else ()
    return Open(
        form=form,
        label=f"{measure.name}, {head.title}",
        said=replace(said, error="") if errors else said,
        was=_value_or_reason(measure, stored) if stored else "",
        theirs=saved(measure, form.theirs, on=grid.on, user_id=user_id) if form.theirs else None,
        mine=said.text.removeprefix("= ").split(", was ")[0] or "not measured",
        errors=errors,
    )


def saved(
    measure: Measure,
    reading: Reading,
    *,
    on: date | None = None,
    user_id: int = 0,
    doubts: tuple[Doubt, ...] = (),
) -> Saved:
    """A stored reading: its value, what it was made of, and what a reader must know of it."""
    return Saved(
        said=_value_or_reason(measure, reading),
        parts=_parts(reading),
        why_not=_why_not(reading),
        remarks=_remarks(reading),
        who="you" if reading.recorded_by_id == user_id else str(reading.recorded_by or ""),
        at=moment(reading.recorded_at, on) if reading.recorded_at else "",
        href=reverse("readings", args=[measure.rpiw_id])
        + f"?checkpoint={reading.checkpoint}&correct={reading.pk}#m{measure.pk}-value",
        history=_history(measure, reading),
        doubts=doubts,
    )


def _history(measure: Measure, reading: Reading) -> str:
    if not _is_corrected(reading):
        return ""
    return reverse("history", args=["rpiws", "rpiw", measure.rpiw_id]) + f"?of=reading-{reading.pk}"


def _is_corrected(reading: Reading) -> bool:
    return reading.version > 1 and bool(reading.correction_reason)


def _value_or_reason(measure: Measure, reading: Reading) -> str:
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


def about_measure(measure: Measure) -> str:
    """`Lead time, from the request to a complete list`."""
    kind = measure.get_kind_display() if measure.kind != Measure.Kind.OWN else ""
    if measure.starts_when and measure.ends_when:
        kind += f"{', ' if kind else ''}from {measure.starts_when} to {measure.ends_when}"
    elif measure.kind == Measure.Kind.DEFECT_RATIO:
        kind += f": defects / {measure.outputs or 'outputs'}"
    elif measure.kind == Measure.Kind.DEFECTS and measure.defect_basis:
        kind += f", {measure.get_defect_basis_display()}"
    if measure.day_hours != 24 and entries.form_of(measure) is EntryForm.DURATION:
        kind += f". A day is {number(measure.day_hours)} working hours"
    return sentence(kind)


def count_saved(summary: str, *, checkpoint: Checkpoint) -> str:
    """What the page says after a save."""
    return f"Saved at {checkpoint.label.lower()}: {summary}." if summary else "Nothing was new, so nothing was saved."
