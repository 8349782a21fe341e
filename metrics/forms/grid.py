"""The grid's form: one small form per cell. It reads; it never writes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from analysis.typed_numbers import UnreadableEntry
from metrics import typed
from metrics.actions.measurements import Answer, Meanwhile
from metrics.grid import Grid, Place
from metrics.models import Measurement
from metrics.periods import say_period
from ui.cells import Cell, CellError


class MeasurementCell(Cell):
    """One definition at one period."""

    version_field = "row_version"

    def __init__(self, *args: Any, place: Place, stored: Measurement | None, corrects: bool, **options: Any) -> None:
        self.place = place
        if corrects and stored:
            version = place.column.version
            options["initial"] = {"seen": stored.row_version, "value": typed.as_typed(version, stored)}
        super().__init__(*args, stored=stored, corrects=corrects, prefix=place.key, **options)

    def read(self, data: dict[str, Any]) -> Answer | None:
        if not data["value"].strip():
            if self.corrects and self.stored:
                self.add_error("value", "Write the right value, or * if it was suppressed.")
            return None
        column = self.place.column
        try:
            found = typed.read(column.version, data["value"])
        except UnreadableEntry as unreadable:
            self.add_error("value", str(unreadable))
            return None
        return Answer(
            version_id=column.version.pk,
            subgroup=column.subgroup,
            on=self.place.on,
            typed=found,
            seen=data.get("seen") or 0,
            why=self.why_of(data),
        )


class GridForm:
    """The cells together. Bound with `data`, it validates those that were sent, each by itself."""

    def __init__(self, grid: Grid, data: Mapping[str, Any] | None = None, *, correct: int | None = None) -> None:
        self.grid, self.is_bound = grid, data is not None
        self.cells = {
            place.key: MeasurementCell(
                data,
                place=place,
                stored=grid.row(place),
                corrects=_corrects(place, grid.row(place), data, correct),
            )
            for place in grid.places
        }

    def is_valid(self) -> bool:
        valid = [cell.is_valid() for cell in self.cells.values()]
        return all(valid)

    @property
    def answers(self) -> list[Answer]:
        return [cell.answer for cell in self.cells.values() if cell.answer]

    @property
    def errors(self) -> list[CellError]:
        """Every error with the address of its box, in the order of the page."""
        return [
            CellError(f"{label_of(cell.place)}: {text[:1].lower()}{text[1:]}", f"#{cell.add_prefix(name)}")
            for cell in self.cells.values()
            if self.is_bound
            for name, texts in cell.errors.items()
            for text in map(str, texts)
        ]

    def show_both(self, cells: Iterable[Meanwhile]) -> None:
        """Put the value that somebody else saved beside what was typed, in each of these cells."""
        for meanwhile in cells:
            place = self.grid.place(*meanwhile.place)
            if place and place.key in self.cells:
                self.cells[place.key].theirs = meanwhile.stored


def label_of(place: Place) -> str:
    """How a cell is called by those who hear the page, and in the summary of errors."""
    column = place.column
    parts = [column.metric.name]
    if column.amended:
        parts.append(f"definition {column.version.number}")
    if column.subgroup:
        parts.append(column.subgroup)
    return ", ".join([*parts, say_period(place.on, column.version.collected_often)])


def _corrects(place: Place, stored: Measurement | None, data: Mapping[str, Any] | None, correct: int | None) -> bool:
    if stored is None:
        return False
    if data is None:
        return stored.pk == correct
    return str(data.get(f"{place.key}-seen") or "0") != "0"
