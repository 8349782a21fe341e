"""Observations between checkpoints."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from analysis.entries import EntryForm, UnreadableEntry
from rpiws import entries
from rpiws.forms.cells import DATE_FORMATS
from rpiws.models import Measure
from ui.bounds import DONE
from ui.patient_data import refuse_patient_data
from ui.words import day_year

BEFORE_THE_WEEK = timedelta(days=366)
"""How long before its week an RPIW is observed at the most."""


class ObservationsForm(forms.Form):
    """What was observed of one measure on one day: one value, or several, one per line."""

    observed_on = forms.DateField(
        label="Day",
        input_formats=DATE_FORMATS,
        validators=[DONE],
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
        self.measure = measure
        options.setdefault("initial", {"observed_on": on})
        super().__init__(*args, prefix=f"m{measure.pk}", use_required_attribute=False, **options)

    def clean_observed_on(self) -> date:
        day, rpiw = self.cleaned_data["observed_on"], self.measure.rpiw
        if rpiw.week_published and day < rpiw.week_starts - BEFORE_THE_WEEK:
            began = f"the week of this RPIW began on {day_year(rpiw.week_starts)}"
            raise ValidationError(f"Check the year: {began}, and this day is more than a year before it")
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
