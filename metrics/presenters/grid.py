"""The words of the grid: columns, periods and the states of a cell."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.http import urlencode

from analysis.plausibility import Doubt
from analysis.typed_numbers import UnreadableEntry
from metrics import typed
from metrics.forms.grid import GridForm, MeasurementCell, label_of
from metrics.grid import SHOWN, Column, Grid, Place
from metrics.models import Measurement, MetricVersion
from metrics.periods import moved, names_of, say_period
from ui.cells import CellError, Said
from ui.words import moment, number, sentence


@dataclass(frozen=True)
class Head:
    """One column's head."""

    name: str
    about: str
    unit: str
    href: str
    called: tuple[str, ...]
    """What a spreadsheet may call it."""
    over: str
    """And the column beside it that holds what a ratio is out of."""


@dataclass(frozen=True)
class Saved:
    """A stored value as text."""

    said: str
    parts: str
    who: str
    at: str
    href: str
    label: str
    history: str
    doubts: tuple[Doubt, ...] = ()
    remark: str = ""


@dataclass(frozen=True)
class Open:
    """A cell with its box."""

    form: MeasurementCell
    label: str
    said: Said
    was: str
    theirs: Saved | None
    mine: str
    errors: tuple[str, ...]
    leave: str
    typed_elsewhere: str = ""

    @property
    def is_ratio(self) -> bool:
        return typed.takes_ratio(self.form.place.column.version)

    @property
    def state(self) -> str:
        if self.errors:
            return "err"
        if self.theirs and not self.form.chosen:
            return "conflict"
        return "warn" if self.said.doubts else "typed" if self.form.said("value") else ""


@dataclass(frozen=True)
class Cell:
    """What stands at one place: a box, a saved value, or nothing because the definition does not reach there."""

    place: Place
    at: str
    label: str
    open: Open | None = None
    saved: Saved | None = None
    closed: str = ""


@dataclass(frozen=True)
class Row:
    on: date
    name: str
    called: tuple[str, ...]
    anchor: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class GridPage:
    grid: Grid
    form: GridForm
    heads: tuple[Head, ...]
    rows: tuple[Row, ...]
    address: str
    user_id: int
    oftens: tuple[tuple[str, str, bool], ...]
    earlier: str
    later: str
    is_refused: bool = False

    @property
    def title(self) -> str:
        return f"{'Error: ' if self.is_refused else ''}Log measurements, {self.grid.stream.name}"

    @property
    def query(self) -> str:
        """What the address asks for, with its question mark."""
        return self.address[self.address.index("?") :]

    @property
    def draft(self) -> str:
        """Where the browser keeps what is typed: one place per value stream, person, frequency and page."""
        grid = self.grid
        return f"measurements:{grid.stream.pk}:{self.user_id}:{grid.often}:{grid.last}"

    @property
    def has_boxes(self) -> bool:
        return any(cell.open for row in self.rows for cell in row.cells)

    @property
    def disputes(self) -> list[CellError]:
        """For the summary: each cell with two values."""
        return [
            CellError(f"{label_of(cell.place)}: choose one of the two values", f"#{cell.add_prefix('choice')}")
            for cell in self.form.cells.values()
            if cell.theirs and not cell.chosen
        ]

    @property
    def error_title(self) -> str:
        count = sum(bool(cell.errors) for cell in self.form.cells.values())
        if not count:
            return "Not saved yet: somebody else changed a cell meanwhile"
        needs = "one value needs" if count == 1 else f"{number(count)} values need"
        return f"Not saved yet: {needs} mending"

    @property
    def to_check(self) -> int:
        return sum(bool(cell.open and cell.open.said.doubts) for row in self.rows for cell in row.cells)


def address_of(grid: Grid, *, until: date | None = None, often: str = "", **more: str | int) -> str:
    """The grid's page at a period."""
    query: dict[str, str | int] = {"often": often or grid.often, "until": (until or grid.last).isoformat()}
    if grid.metric_id:
        query["metric"] = grid.metric_id
    return f"{reverse('measurements', args=[grid.stream.pk])}?{urlencode(query | more)}"


def present(
    grid: Grid,
    form: GridForm,
    *,
    user_id: int,
    on: date,
    doubted: frozenset[int] = frozenset(),
    is_refused: bool = False,
) -> GridPage:
    """The page. `doubted`: the values just saved whose warnings nobody has answered yet."""
    page = SHOWN[grid.often]
    rows = []
    for n, day in enumerate(grid.rows):
        places = [Place(column, day) for column in grid.columns]
        cells = [_cell(grid, form, place, f"{n},{m}", user_id, on, doubted) for m, place in enumerate(places)]
        name, called = sentence(say_period(day, grid.often)), names_of(day, grid.often)
        rows.append(Row(day, name, called, f"on-{day.isoformat()}", tuple(cells)))
    later = min(moved(grid.last, grid.often, page), grid.newest)
    return GridPage(
        grid=grid,
        form=form,
        heads=tuple(_head(column) for column in grid.columns),
        rows=tuple(rows),
        address=address_of(grid),
        user_id=user_id,
        oftens=tuple((sentence(each.label), address_of(grid, often=each), each == grid.often) for each in grid.oftens),
        earlier=address_of(grid, until=moved(grid.last, grid.often, -page)),
        later=address_of(grid, until=later) if grid.last < grid.newest else "",
        is_refused=is_refused,
    )


def say_typed(grid: Grid, place: Place, text: str, *, corrects: bool) -> Said:
    """What the page says beside one box."""
    if not text.strip():
        return Said()
    version = place.column.version
    try:
        found = typed.read(version, text)
    except UnreadableEntry as unreadable:
        return Said(error=str(unreadable))
    stored = grid.row(place)
    was = f", was {typed.say_row(version, stored)}" if corrects and stored else ""
    said = f"= {say_found(version, found)}{was}"
    return Said(text=said, doubts=tuple(typed.doubts(version, found, grid.usual(place))), typed=text)


def say_found(version: MetricVersion, found: typed.Typed) -> str:
    if found.value is not None:
        return typed.say(version, found.value)
    return Measurement.Missing(found.missing).label


def count_saved(summary: str) -> str:
    """What the page says after a save."""
    return f"Saved: {summary}." if summary else "Nothing was new, so nothing was saved."


def how_typed(version: MetricVersion) -> str:
    """How a value of this definition is typed."""
    return f"Type it like {typed.EXAMPLES[version.unit]}; * where the source suppressed it."


def _head(column: Column) -> Head:
    version = column.version
    about = [f"definition {version.number}"] if column.amended else []
    about += [column.subgroup] if column.subgroup else []
    return Head(
        name=column.metric.name,
        about=sentence(", ".join(about)),
        unit=typed.unit_words(version.unit),
        href=reverse("metric", args=[column.metric.pk]),
        called=tuple(" ".join(part for part in (column.metric.name, *more) if part) for more in ((), about)),
        over=version.denominator,
    )


def _cell(grid: Grid, form: GridForm, place: Place, at: str, user_id: int, on: date, doubted: frozenset[int]) -> Cell:
    cell, label = form.cells.get(place.key), label_of(place)
    if cell is None:
        return Cell(place, at, label, closed="not under this definition")
    if cell.is_shown:
        return Cell(place, at, label, open=_open(grid, cell, label, user_id, on))
    row = grid.row(place)
    assert row is not None
    doubts: tuple[Doubt, ...] = ()
    if row.pk in doubted and row.value is not None:
        found = typed.Typed(value=row.value, numerator=row.numerator, denominator=row.denominator)
        doubts = tuple(typed.doubts(place.column.version, found, grid.usual(place)))
    return Cell(place, at, label, saved=saved(grid, place, row, user_id=user_id, on=on, doubts=doubts))


def _open(grid: Grid, cell: MeasurementCell, label: str, user_id: int, on: date) -> Open:
    place, version = cell.place, cell.place.column.version
    said = say_typed(grid, place, cell.said("value"), corrects=cell.corrects)
    errors = tuple(str(text) for texts in cell.errors.values() for text in texts) if cell.is_bound else ()
    stored = cell.stored if cell.corrects else None
    return Open(
        form=cell,
        label=label,
        said=Said(text=said.text, doubts=said.doubts, typed=said.typed) if errors else said,
        was=typed.say_row(version, stored) if stored else "",
        theirs=saved(grid, place, cell.theirs, user_id=user_id, on=on) if cell.theirs else None,
        mine=said.text.removeprefix("= ").split(", was ")[0],
        errors=errors,
        leave=address_of(grid),
    )


def saved(
    grid: Grid, place: Place, row: Measurement, *, user_id: int, on: date, doubts: tuple[Doubt, ...] = ()
) -> Saved:
    """A stored value: what it is, what it was made of, who recorded it and when."""
    parts = ""
    if row.numerator is not None and row.denominator is not None:
        parts = f"{number(row.numerator)} / {number(row.denominator)}"
    history = ""
    if row.row_version > 1 and row.correction_reason:
        history = reverse("history", args=["metrics", "metric", place.column.metric.pk]) + f"?of=measurement-{row.pk}"
    return Saved(
        said=typed.say_row(place.column.version, row),
        parts=parts,
        who="you" if row.recorded_by_id == user_id else str(row.recorded_by or ""),
        at=moment(row.recorded_at, on) if row.recorded_at else "",
        href=f"{address_of(grid, correct=row.pk)}#{place.key}-value",
        label=label_of(place),
        history=history,
        doubts=doubts,
        remark="generated" if row.synthetic else "",
    )
