"""Observations between checkpoints."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from analysis.entries import EntryForm, UnreadableEntry
from rpiws import entries
from rpiws.forms.grid import DATE_FORMATS
from rpiws.models import Measure
from ui.patient_data import refuse_patient_data


class ObservationsForm(forms.Form):
    """What was observed of one measure on one day: one value, or several, one per line."""

    observed_on = forms.DateField(
        label="Day",
        input_formats=DATE_FORMATS,
        widget=forms.DateInput(format="%-d/%-m/%Y"),
        error_messages={"required": "Write the day.", "invalid": "Write the day like 9/3/2021."},
    )
    values = forms.CharField(
        label="Values, one per line",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        validators=[refuse_patient_data],
        error_messages={"required": "Write at least one value."},
    )

    def __init__(self, *args: Any, measure: Measure, on: date, **options: Any) -> None:
        self.measure, self.on = measure, on
        options.setdefault("initial", {"observed_on": on})
        super().__init__(*args, prefix=f"m{measure.pk}", use_required_attribute=False, **options)

    def clean_observed_on(self) -> date:
        day = self.cleaned_data["observed_on"]
        if day > self.on:
            raise ValidationError("This day is still to come.")
        return day

    def clean_values(self) -> list[Decimal]:
        text = self.cleaned_data["values"]
        lines = text.splitlines() if entries.form_of(self.measure) in _ONE_EACH else [text]
        found: list[Decimal] = []
        for line in filter(str.strip, lines):
            try:
                entry = entries.read(self.measure, line)
            except UnreadableEntry as unreadable:
                raise ValidationError(str(unreadable)) from None
            found += entry.observations or (entry.value,)
        return found


_ONE_EACH = (EntryForm.RATIO, EntryForm.LEVEL_5S)
