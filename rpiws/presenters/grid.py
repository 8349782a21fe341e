"""The words of the grid: its page, its rows and the states of a cell."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.urls import reverse

from analysis.entries import Entry, EntryForm, UnreadableEntry
from rpiws import entries
from rpiws.forms.cells import CellForm, sample_in
from rpiws.forms.grid import GridForm
from rpiws.grid import Grid
from rpiws.models import Checkpoint, Measure, Reading
from rpiws.presenters.grid_columns import STATUS, Head, head_of, status_words
from rpiws.presenters.readings import Saved, saved, value_or_reason
from ui.cells import CellError, Said
from ui.words import number, sentence

_BELOW_THE_BOX = {"timings", "not_comparable", "measured_on", "period", "sample", "note"}


@dataclass(frozen=True)
class Open:
    """A cell with its box."""

    form: CellForm
    label: str
    said: Said
    was: str = ""
    theirs: Saved | None = None
    mine: str = ""
    day_doubt: str = ""
    errors: tuple[str, ...] = ()

    @property
    def state(self) -> str:
        if self.errors:
            return "err"
        if self.theirs and not self.form.chosen:
            return "conflict"
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
    def shows_more(self) -> bool:
        """Whether the part below the box stands open: something in it was typed, is wrong, or is still to be said."""
        form = self.form
        lacks_its_day = form.corrects and form.stored is not None and form.stored.value is None
        return bool(form.said("timings") or self.day_doubt or lacks_its_day or _BELOW_THE_BOX & set(form.errors))

    @property
    def takes_observations(self) -> bool:
        return entries.takes_observations(self.form.measure)

    @property
    def is_ratio(self) -> bool:
        return entries.form_of(self.form.measure) is EntryForm.RATIO

    @property
    def observations_are_called(self) -> str:
        return "timings" if entries.form_of(self.form.measure) is EntryForm.DURATION else "values"


@dataclass(frozen=True)
class Row:
    measure: Measure
    about: str
    a_day: str
    """What a day counts in a time: `a day is 24 hours`."""
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
            if cell.theirs and not cell.chosen
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
    def day_doubt(self) -> str:
        """What is odd about the day that the new readings share."""
        return self.grid.doubt_of_day(self.form.common.day, self.form.checkpoint)

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
        if not count:
            return "Not saved yet: somebody else changed a cell meanwhile"
        needs = "one answer needs" if count == 1 else f"{number(count)} answers need"
        return f"Not saved yet: {needs} mending"


_ANSWERED = ("typed", "warn", "none")


def present(
    grid: Grid, form: GridForm, *, user_id: int, doubted: frozenset[int] = frozenset(), is_refused: bool = False
) -> GridPage:
    """The page. `doubted`: the measures just saved whose warnings nobody has answered yet."""
    heads = tuple(head_of(grid, column, form.checkpoint) for column in grid.columns)
    now = next((head for head in heads if head.is_now), None)
    if now is None:
        now = head_of(grid, grid.column(form.checkpoint), form.checkpoint)
        heads = (*heads, now)
    by_measure = {cell.measure.pk: cell for cell in form.cells}
    rows = tuple(_row(grid, by_measure[measure.pk], heads, doubted, user_id) for measure in grid.measures)
    status = (STATUS[now.column.state], status_words(grid, now.column))
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


def say_typed(
    measure: Measure,
    typed: str,
    *,
    stored: Reading | None = None,
    baseline: Entry | None = None,
    sample: int | None = None,
) -> Said:
    """What the page says beside one box. `stored`: the reading that it corrects; `sample`: as its own box says it."""
    if not typed.strip():
        return Said()
    try:
        entry = entries.read(measure, typed)
    except UnreadableEntry as unreadable:
        return Said(error=str(unreadable))
    was = f", was {value_or_reason(measure, stored)}" if stored else ""
    return Said(
        text=entry.said + was, doubts=tuple(entries.doubts(measure, entry, baseline, sample=sample)), typed=typed
    )


def baseline_entry(grid: Grid, measure: Measure, checkpoint: str) -> Entry | None:
    """The baseline beside which a reading is looked at; None for the baseline itself."""
    reading = grid.reading(measure, Checkpoint.BASELINE)
    if checkpoint == Checkpoint.BASELINE or reading is None or reading.not_comparable:
        return None
    return entries.entry_of(measure, reading)


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
        a_day=a_day(measure),
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
    if not (head.is_now and entry and measure.pk in doubted):
        return saved(measure, reading, on=grid.on, user_id=user_id)
    doubts = tuple(entries.doubts(measure, entry, baseline_entry(grid, measure, checkpoint)))
    day_doubt = grid.doubt_of_day(reading.measured_on, checkpoint, measure)
    return saved(measure, reading, on=grid.on, user_id=user_id, doubts=doubts, day_doubt=day_doubt)


def _open(grid: Grid, form: CellForm, head: Head, user_id: int) -> Open:
    measure = form.measure
    stored = form.stored if form.corrects else None
    baseline = baseline_entry(grid, measure, head.column.checkpoint)
    typed = form.said("timings") or form.said("value")
    sample = sample_in(measure, form.data) if form.is_bound else stored.sample_size if stored else None
    said = say_typed(measure, typed, stored=stored, baseline=baseline, sample=sample)
    errors = tuple(str(text) for texts in form.errors.values() for text in texts) if form.is_bound else ()
    return Open(
        form=form,
        label=f"{measure.name}, {head.title}",
        said=replace(said, error="") if errors else said,
        was=value_or_reason(measure, stored) if stored else "",
        theirs=saved(measure, form.theirs, on=grid.on, user_id=user_id) if form.theirs else None,
        mine=said.text.removeprefix("= ").split(", was ")[0] or "not measured",
        day_doubt=grid.doubt_of_day(form.day, head.column.checkpoint, measure) if stored else "",
        errors=errors,
    )


def about_measure(measure: Measure) -> str:
    """`Lead time, from the request to a complete list`."""
    kind = measure.get_kind_display() if measure.kind != Measure.Kind.OWN else ""
    if measure.starts_when and measure.ends_when:
        kind += f"{', ' if kind else ''}from {measure.starts_when} to {measure.ends_when}"
    elif measure.kind == Measure.Kind.DEFECT_RATIO:
        kind += f": defects / {measure.outputs or 'outputs'}"
    elif measure.kind == Measure.Kind.DEFECTS and measure.defect_basis:
        kind += f", {measure.get_defect_basis_display()}"
    return sentence(kind)


def a_day(measure: Measure) -> str:
    """Empty for what is no time."""
    if entries.form_of(measure) is not EntryForm.DURATION:
        return ""
    return "a day is 24 hours" if measure.day_hours == 24 else f"a day is {number(measure.day_hours)} working hours"


def count_saved(summary: str, *, checkpoint: Checkpoint) -> str:
    """What the page says after a save."""
    return f"Saved at {checkpoint.label.lower()}: {summary}." if summary else "Nothing was new, so nothing was saved."
