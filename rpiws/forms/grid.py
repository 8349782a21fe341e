"""The grid's form: one small form per cell, and what the cells of a save share. It reads; it never writes."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from analysis.entries import UnreadableEntry
from rpiws import entries
from rpiws.actions.readings import Meanwhile
from rpiws.answers import Answer, Common
from rpiws.grid import Grid
from rpiws.models import Checkpoint, Measure, Reading
from ui.bounds import DONE
from ui.cells import Cell, CellError, written
from ui.patient_data import refuse_patient_data
from ui.words import day_year

DATE_FORMATS = ["%Y-%m-%d", "%d/%m/%Y", "%d/%m/%y", "%d.%m.%Y", "%d %B %Y", "%d %b %Y"]
LONGEST_KEPT, CUT = 400, "…"


class _Date(forms.DateField):
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    default_error_messages = {"invalid": "Write the day like 9/3/2021."}

    def __init__(self, **options: Any) -> None:
        super().__init__(input_formats=DATE_FORMATS, required=False, validators=[DONE], **options)


class CellForm(Cell):
    """One measure at one checkpoint."""

    timings = forms.CharField(required=False, max_length=2000, validators=[refuse_patient_data])
    not_measured = forms.ChoiceField(required=False, choices=[("", "Choose why"), *Reading.NotMeasured.choices])
    because = forms.CharField(required=False, max_length=240, validators=[refuse_patient_data])
    not_comparable = forms.ChoiceField(
        required=False, choices=[("", "Nothing changed"), *Reading.NotComparable.choices]
    )
    measured_on = _Date()
    simulated = forms.BooleanField(required=False)

    sent_by = ("value", "choice", "not_measured")

    def __init__(
        self,
        *args: Any,
        measure: Measure,
        stored: Reading | None,
        corrects: bool = False,
        use: str = "",
        on: date,
        **options: Any,
    ) -> None:
        self.measure, self.on = measure, on
        if corrects and stored:
            options["initial"] = _as_typed(measure, stored) | ({"value": use, "timings": ""} if use else {})
        super().__init__(*args, stored=stored, corrects=corrects, prefix=f"m{measure.pk}", **options)

    def read(self, data: dict[str, Any]) -> Answer | None:
        self._refuse_two_answers(data)
        return None if self.errors else self._read(data)

    def _refuse_two_answers(self, data: dict[str, Any]) -> None:
        if data["timings"] and data["value"] and _one_line(data["timings"]) != _one_line(data["value"]):
            self.add_error("value", "Write the value or the single timings, not both.")
        elif (data["value"] or data["timings"]) and (data["not_measured"] or data["because"]):
            self.add_error("value", "Write a value, or say why it was not measured, not both.")

    def _read(self, data: dict[str, Any]) -> Answer | None:
        text = data["timings"] or data["value"]
        given = {
            "measure_id": self.measure.pk,
            "seen": data.get("seen") or 0,
            "not_comparable": data["not_comparable"],
            "why": self.why_of(data),
            "measured_on": data.get("measured_on"),
            "simulated": data["simulated"] if self.corrects and self.stored else None,
        }
        if text:
            try:
                return Answer(entry=entries.read(self.measure, text), typed=_kept(_one_line(text)), **given)
            except UnreadableEntry as unreadable:
                self.add_error("timings" if data["timings"] else "value", str(unreadable))
        elif data["not_measured"] or data["because"]:
            # Whoever writes a reason of their own has chosen "another reason".
            reason = data["not_measured"] or Reading.NotMeasured.OTHER
            if reason == Reading.NotMeasured.OTHER and not data["because"]:
                self.add_error("because", "Write why it was not measured.")
                return None
            return Answer(not_measured=reason, because=data["because"], **given)
        elif self.corrects and self.stored:
            self.add_error("value", "Write the right value, or say why it was not measured.")
        return None

    def clean_measured_on(self) -> date | None:
        day = self.cleaned_data.get("measured_on")
        if day and day > self.on:
            raise ValidationError("This day is still to come.")
        return day


class CommonForm(forms.Form):
    """What the new readings of one save share."""

    measured_on = _Date(label="Measured on")
    period = forms.CharField(required=False, max_length=80, validators=[refuse_patient_data])
    sample = forms.CharField(required=False, max_length=40, validators=[refuse_patient_data])
    note = forms.CharField(required=False, max_length=400, validators=[refuse_patient_data])
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
        day, rpiw = self.cleaned_data.get("measured_on"), self.grid.rpiw
        if day is None:
            return None
        if day > self.grid.on:
            raise ValidationError("The day of measuring is still to come.")
        if self.checkpoint == Checkpoint.BASELINE:
            if day >= rpiw.week_starts:
                raise ValidationError(f"A baseline is from before the week: {day_year(rpiw.week_starts)}.")
        elif self.checkpoint == Checkpoint.REPORT_OUT:
            if day < rpiw.week_starts:
                raise ValidationError(f"This is before the week: it began on {day_year(rpiw.week_starts)}.")
        elif rpiw.reported_out and day <= rpiw.reported_out:
            raise ValidationError(f"This is not after the report-out on {day_year(rpiw.reported_out)}.")
        return day

    def clean_sample(self) -> int | None:
        said = self.cleaned_data["sample"].strip()
        if not said:
            return None
        number = re.match(r"(?:n ?= ?)?(\d[\d,]*)(?![\d.])", said)
        if not number or not 0 < int(number[1].replace(",", "")) < 2**31:
            raise ValidationError("Write how many there were, like 25 or 25 records.")
        return int(number[1].replace(",", ""))

    def clean_key(self) -> uuid.UUID:
        return self.cleaned_data["key"] or uuid.uuid4()

    @property
    def shared(self) -> Common:
        return Common(**{name: self.cleaned_data.get(name) or empty for name, empty in _NOTHING.items()})

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
                corrects=_corrects(measure, stored.get(measure.pk), data, correct),
                use=use,
                on=grid.on,
            )
            for measure in grid.measures
        ]
        self.common = CommonForm(data, grid=grid, checkpoint=checkpoint)

    def is_valid(self) -> bool:
        valid = [cell.is_valid() for cell in self.cells]
        self.common.is_valid()
        if self._needs_a_day and not self.common.errors.get("measured_on"):
            self.common.add_error("measured_on", "Write the day of measuring, the last of the period observed.")
        return all(valid) and not self.common.errors

    @property
    def _needs_a_day(self) -> bool:
        """New readings say their true day; a baseline from long ago may not know it."""
        new = [answer for answer in self.answers if answer.entry and not answer.seen]
        known = self.common.cleaned_data.get("measured_on") if hasattr(self.common, "cleaned_data") else None
        return bool(new) and known is None and self.checkpoint != Checkpoint.BASELINE

    @property
    def answers(self) -> list[Answer]:
        return [cell.answer for cell in self.cells if cell.answer]

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
            cell.theirs = found.get(cell.measure.pk)


def _corrects(measure: Measure, stored: Reading | None, data: Mapping[str, Any] | None, correct: int | None) -> bool:
    if stored is None:
        return False
    if data is None:
        return stored.pk == correct
    return str(data.get(f"m{measure.pk}-seen") or "0") != "0"


def _as_typed(measure: Measure, reading: Reading) -> dict[str, Any]:
    """A stored reading as somebody would type it, to be corrected."""
    typed = reading.entered_as
    if reading.value is not None and (not typed or typed.endswith(CUT)):
        typed = (
            f"{reading.numerator.normalize():f}/{reading.denominator.normalize():f}"
            if reading.numerator is not None and reading.denominator is not None
            else entries.say(measure, reading.value).removeprefix("level ")
        )
    return {
        "seen": reading.version,
        "value": typed if reading.value is not None else "",
        "not_measured": reading.not_measured,
        "because": reading.not_measured_note,
        "not_comparable": reading.not_comparable,
        "measured_on": reading.measured_on,
        "simulated": reading.simulated,
    }


def _kept(typed: str) -> str:
    """As much of what was typed as a reading keeps. Single timings are kept besides, each for itself."""
    return typed if len(typed) <= LONGEST_KEPT else f"{typed[: LONGEST_KEPT - 1]}{CUT}"


def _one_line(text: str) -> str:
    """Timings written one below the other, as they are kept: `12 min; 9 min; 14 min`."""
    return "; ".join(line.strip() for line in text.splitlines() if line.strip())


def typed_in(measure: Measure, data: Mapping[str, Any]) -> str:
    """What stands in one cell of a form that was sent as it is."""
    return str(data.get(f"m{measure.pk}-timings") or data.get(f"m{measure.pk}-value") or "").strip()
