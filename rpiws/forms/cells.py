"""One cell of the grid: what is typed of one measure at one checkpoint. It reads; it never writes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from analysis.entries import Entry, UnreadableEntry
from rpiws import entries, true_day
from rpiws.answers import Answer, Circumstances
from rpiws.models import Checkpoint, Measure, Reading, Rpiw
from ui.bounds import DONE
from ui.cells import Cell
from ui.patient_data import refuse_patient_data

DATE_FORMATS = ["%Y-%m-%d", "%d/%m/%Y", "%d/%m/%y", "%d.%m.%Y", "%d %B %Y", "%d %b %Y"]
LONGEST_KEPT, CUT = 400, "…"
NEEDS_A_DAY = "Write the day of measuring, the last of the period observed."


class DayField(forms.DateField):
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    default_error_messages = {"invalid": "Write the day like 9/3/2021."}

    def __init__(self, **options: Any) -> None:
        super().__init__(input_formats=DATE_FORMATS, required=False, validators=[DONE], **options)


class SampleField(forms.CharField):
    """How many there were: `25`, `25 records`, `n = 1,200`."""

    def __init__(self) -> None:
        super().__init__(required=False, max_length=40, validators=[refuse_patient_data])

    def clean(self, value: Any) -> Any:
        said = super().clean(value).strip()
        if not said:
            return None
        number = re.match(r"(?:n ?= ?)?(\d[\d,]*)(?![\d.])", said)
        if not number or not 0 < int(number[1].replace(",", "")) < 2**31:
            raise ValidationError("Write how many there were, like 25 or 25 records.")
        return int(number[1].replace(",", ""))


def period_field() -> forms.CharField:
    return forms.CharField(required=False, max_length=80, validators=[refuse_patient_data])


def note_field() -> forms.CharField:
    return forms.CharField(required=False, max_length=400, validators=[refuse_patient_data])


class CellForm(Cell):
    """One measure at one checkpoint."""

    timings = forms.CharField(required=False, max_length=2000, validators=[refuse_patient_data])
    not_measured = forms.ChoiceField(required=False, choices=[("", "Choose why"), *Reading.NotMeasured.choices])
    because = forms.CharField(required=False, max_length=240, validators=[refuse_patient_data])
    set_aside = forms.BooleanField(required=False)
    not_comparable = forms.ChoiceField(
        required=False, choices=[("", "Nothing changed"), *Reading.NotComparable.choices]
    )
    measured_on = DayField()
    period = period_field()
    sample = SampleField()
    note = note_field()
    simulated = forms.BooleanField(required=False)

    sent_by = ("value", "choice", "not_measured")

    def __init__(
        self,
        *args: Any,
        measure: Measure,
        stored: Reading | None,
        checkpoint: str,
        rpiw: Rpiw,
        corrects: bool = False,
        use: str = "",
        **options: Any,
    ) -> None:
        self.measure, self.checkpoint, self.rpiw = measure, checkpoint, rpiw
        if corrects and stored:
            options["initial"] = _as_typed(measure, stored) | ({"value": use, "timings": ""} if use else {})
        super().__init__(*args, stored=stored, corrects=corrects, prefix=f"m{measure.pk}", **options)

    def read(self, data: dict[str, Any]) -> Answer | None:
        self._refuse_two_answers(data)
        return None if self.errors else self._read(data)

    def _refuse_two_answers(self, data: dict[str, Any]) -> None:
        if data["timings"] and data["value"] and one_line(data["timings"]) != one_line(data["value"]):
            self.add_error("value", "Write the value or the single timings, not both.")
        elif (data["value"] or data["timings"]) and (data["not_measured"] or data["because"]):
            box = "value" if data["value"] else "timings"
            self.add_error(box, "Write a value, or say why it was not measured, not both.")

    def _read(self, data: dict[str, Any]) -> Answer | None:
        text = data["timings"] or data["value"]
        given = {
            "measure_id": self.measure.pk,
            "seen": data.get("seen") or 0,
            "not_comparable": data["not_comparable"],
            "why": self.why_of(data),
        }
        if text:
            try:
                entry = entries.read(self.measure, text)
            except UnreadableEntry as unreadable:
                self.add_error("timings" if data["timings"] else "value", str(unreadable))
                return None
            own = self._own_circumstances(data, entry)
            return Answer(entry=entry, typed=_kept(one_line(text)), own=own, **given)
        if data["not_measured"] or data["because"]:
            # Whoever writes a reason of their own has chosen "another reason".
            reason = data["not_measured"] or Reading.NotMeasured.OTHER
            if reason == Reading.NotMeasured.OTHER and not data["because"]:
                self.add_error("because", "Write why it was not measured.")
                return None
            own = self._own_circumstances(data, None)
            return Answer(not_measured=reason, because=data["because"], own=own, **given)
        if data["set_aside"]:
            self.add_error("not_measured", "Choose why it was not measured, or press Measure to write the value.")
            return None
        if self.corrects and self.stored:
            self.add_error("value", "Write the right value, or say why it was not measured.")
        return None

    def _own_circumstances(self, data: dict[str, Any], entry: Entry | None) -> Circumstances | None:
        """What a correction says of day, period, sample and note. Boxes that were not sent leave theirs as it is."""
        stored = self.stored
        if stored is None or not self.corrects:
            return None
        day = data["measured_on"] if self._was_sent("measured_on") else stored.measured_on
        if entry and day is None and self._day_is_known(stored):
            self.add_error("measured_on", NEEDS_A_DAY)
        return Circumstances(
            measured_on=day,
            period=data["period"] if self._was_sent("period") else stored.period,
            sample=data["sample"] if self._was_sent("sample") else stored.sample_size,
            note=data["note"] if self._was_sent("note") else stored.note,
            simulated=data["simulated"],
        )

    def _day_is_known(self, stored: Reading) -> bool:
        """A day is not emptied, and a first value says its own. A baseline from long ago, and what was published
        without its day, may not know it."""
        return self.checkpoint != Checkpoint.BASELINE and (stored.value is None or stored.measured_on is not None)

    def clean_measured_on(self) -> date | None:
        """A day that was left as it is is not judged again: its period or note can be corrected all the same."""
        day = self.cleaned_data.get("measured_on")
        is_new = day is not None and not (self.stored and day == self.stored.measured_on)
        if day and is_new and (wrong := true_day.contradiction(day, self.checkpoint, self.rpiw)):
            raise ValidationError(wrong)
        return day

    @property
    def day(self) -> date | None:
        """The true day that stands in its box."""
        said = self.cleaned_data if self.is_bound and hasattr(self, "cleaned_data") else self.initial
        return said.get("measured_on")


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
        "period": reading.period,
        "sample": "" if _says_its_n(measure, typed) else reading.sample_size,
        "note": reading.note,
        "simulated": reading.simulated,
    }


def _says_its_n(measure: Measure, typed: str) -> bool:
    """Whether the value says how many there were, as `6/28` and single timings do."""
    try:
        return entries.read(measure, typed).n is not None
    except UnreadableEntry:
        return False


def _kept(typed: str) -> str:
    """As much of what was typed as a reading keeps. Single timings are kept besides, each for itself."""
    return typed if len(typed) <= LONGEST_KEPT else f"{typed[: LONGEST_KEPT - 1]}{CUT}"


def one_line(text: str) -> str:
    """Timings written one below the other, as they are kept: `12 min; 9 min; 14 min`."""
    return "; ".join(line.strip() for line in text.splitlines() if line.strip())


def typed_in(measure: Measure, data: Mapping[str, Any]) -> str:
    """What stands in one cell of a form that was sent as it is."""
    return str(data.get(f"m{measure.pk}-timings") or data.get(f"m{measure.pk}-value") or "").strip()


def sample_in(measure: Measure, data: Mapping[str, Any]) -> int | None:
    """The sample of one cell of a form that was sent as it is: a correction's own, else the one that all share."""
    try:
        return SampleField().clean(data.get(f"m{measure.pk}-sample", data.get("sample", "")))
    except ValidationError:
        return None
