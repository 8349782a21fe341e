"""The grid's form: one small form per cell, and what the cells of a save share. It reads; it never writes."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from rpiws import true_day
from rpiws.actions.readings import Meanwhile
from rpiws.answers import Answer, Circumstances
from rpiws.forms.cells import NEEDS_A_DAY, CellForm, DayField, SampleField, note_field, period_field
from rpiws.grid import Grid
from rpiws.models import Checkpoint, Measure, Reading
from ui.cells import CellError, written


class CommonForm(forms.Form):
    """What the new readings of one save share."""

    measured_on = DayField(label="Measured on")
    period = period_field()
    sample = SampleField()
    note = note_field()
    simulated = forms.BooleanField(required=False)
    key = forms.UUIDField(required=False)

    def __init__(self, *args: Any, grid: Grid, checkpoint: Checkpoint, **options: Any) -> None:
        self.grid, self.checkpoint = grid, checkpoint
        options.setdefault("initial", {"measured_on": self._usual_day(), "key": uuid.uuid4()})
        super().__init__(*args, use_required_attribute=False, **options)

    def _usual_day(self) -> date | None:
        """Today, when the day is near; else the person knows better than we do."""
        rpiw = self.grid.rpiw
        if self.checkpoint == Checkpoint.REPORT_OUT:
            return rpiw.reported_out or min(rpiw.week_ends, self.grid.on)
        if self.checkpoint == Checkpoint.BASELINE and self.grid.on >= rpiw.week_starts:
            return None
        return self.grid.on

    def clean_measured_on(self) -> date | None:
        day = self.cleaned_data.get("measured_on")
        if day and (wrong := true_day.contradiction(day, self.checkpoint, self.grid.rpiw)):
            raise ValidationError(wrong)
        return day

    @property
    def day(self) -> date | None:
        """The day that stands in its box."""
        said = self.cleaned_data if self.is_bound and hasattr(self, "cleaned_data") else self.initial
        return said.get("measured_on")

    def clean_key(self) -> uuid.UUID:
        return self.cleaned_data["key"] or uuid.uuid4()

    @property
    def shared(self) -> Circumstances:
        return Circumstances(**{name: self.cleaned_data.get(name) or empty for name, empty in _NOTHING.items()})

    def said(self, name: str) -> str:
        return written(self[name])


_NOTHING: dict[str, Any] = {"measured_on": None, "period": "", "sample": None, "note": "", "simulated": False}


class GridForm:
    """The cells of one checkpoint together. Bound with `data`, it validates them all, each by itself."""

    def __init__(
        self,
        grid: Grid,
        checkpoint: Checkpoint,
        data: Mapping[str, Any] | None = None,
        *,
        correct: int | None = None,
        use: str = "",
    ) -> None:
        self.grid, self.checkpoint = grid, checkpoint
        self.is_bound = data is not None
        self.fault = ""
        stored = grid.stored_at(checkpoint)
        self.cells = [
            CellForm(
                data,
                measure=measure,
                stored=stored.get(measure.pk),
                checkpoint=checkpoint,
                rpiw=grid.rpiw,
                corrects=_corrects(measure, stored.get(measure.pk), data, correct),
                use=use,
            )
            for measure in grid.measures
        ]
        self.common = CommonForm(data, grid=grid, checkpoint=checkpoint)

    def is_valid(self) -> bool:
        valid = [cell.is_valid() for cell in self.cells]
        self.common.is_valid()
        if self._needs_a_day and not self.common.errors.get("measured_on"):
            self.common.add_error("measured_on", NEEDS_A_DAY)
        return all(valid) and not self.common.errors

    @property
    def _needs_a_day(self) -> bool:
        """New readings say their true day; a baseline from long ago may not know it."""
        new = [cell for cell in self.cells if cell.answer and cell.answer.entry and cell.answer.own is None]
        known = self.common.cleaned_data.get("measured_on") if hasattr(self.common, "cleaned_data") else None
        return bool(new) and known is None and self.checkpoint != Checkpoint.BASELINE

    @property
    def answers(self) -> list[Answer]:
        """What is to be saved. Who chose their own of two values means their own day, period, sample and note too."""
        shared = self.common.shared
        return [
            replace(cell.answer, own=shared) if cell.answer.seen and cell.answer.own is None else cell.answer
            for cell in self.cells
            if cell.answer
        ]

    @property
    def key(self) -> uuid.UUID:
        return self.common.cleaned_data["key"]

    @property
    def errors(self) -> list[CellError]:
        """Every error with the address of its box, in the order of the page."""
        if not self.is_bound:
            return []
        label = self.checkpoint.label
        found = [CellError(self.fault, "#grid")] if self.fault else []
        found += [
            CellError(f"{cell.measure.name}, {label}: {text[:1].lower()}{text[1:]}", f"#{cell.add_prefix(name)}")
            for cell in self.cells
            for name, texts in cell.errors.items()
            for text in map(str, texts)
        ]
        return found + [
            CellError(str(text), f"#{name}") for name, texts in self.common.errors.items() for text in texts
        ]

    def show_both(self, cells: Iterable[Meanwhile]) -> None:
        """Put the value that somebody else saved beside what was typed, in each of these cells."""
        found = {cell.measure_id: cell.stored for cell in cells}
        for cell in self.cells:
            cell.theirs = found.get(cell.measure.pk, cell.theirs)


def _corrects(measure: Measure, stored: Reading | None, data: Mapping[str, Any] | None, correct: int | None) -> bool:
    if stored is None:
        return False
    if data is None:
        return stored.pk == correct
    return str(data.get(f"m{measure.pk}-seen") or "0") != "0"
