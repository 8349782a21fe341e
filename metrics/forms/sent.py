"""One measurement as another system sends it: dated by the first day of its period, new or a correction."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms

from metrics import typed
from metrics.actions.measurements import Answer
from metrics.forms.measurements import ValueForm, definition_for
from metrics.grid import columns
from metrics.models import Measurement, Metric, MetricVersion
from metrics.periods import period_of
from ui.bounds import HAPPENED
from ui.plain_form import line
from ui.words import day_year

Stored = Mapping[tuple[int, str, date], Measurement]
"""What is recorded by definition, subgroup and day."""

SENT_MISSING = [
    (each.value, each.label) for each in (Measurement.Missing.SUPPRESSED, Measurement.Missing.NOT_COLLECTED)
]
"""Why there is no value. That there was nothing to count is said by 0/0."""

_PERIODS = {"daily": "day", "weekly": "week, which begins on a Monday", "monthly": "month", "quarterly": "quarter"}


class SentForm(ValueForm):
    """Its fields are named as in the body that a system sends, so that each error has its place there."""

    on = forms.DateField(validators=[HAPPENED])
    value = line("Value", length=400, required=False)
    missing = forms.ChoiceField(required=False, choices=SENT_MISSING)
    subgroup = line("Subgroup", length=80, required=False)
    definition = forms.IntegerField(required=False, min_value=1)
    corrects_version = forms.IntegerField(required=False, min_value=1)
    why = line("Why it is corrected", length=240, required=False)

    def __init__(self, data: Mapping[str, Any], *, metric: Metric, stored: Stored) -> None:
        self.metric, self.stored = metric, stored
        super().__init__(data)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        on: date | None = data.get("on")
        if on is None or "definition" in self.errors:
            return data
        version = self._definition(on, data["definition"])
        if version is None:
            return data
        self.version = version
        found = self._found(data)
        if self.errors:
            return data
        seen = data["corrects_version"] or 0
        row = self.stored.get((version.pk, data["subgroup"], on))
        if seen and row is None:
            self.add_error("corrects_version", "There is no measurement here to correct.")
        elif row is None and period_of(on, version.collected_often) != on:
            self.add_error("on", self._first_day(on))
        elif found:
            note = data["note"] if "note" in self.data else None
            self.answer = Answer(
                version_id=version.pk,
                subgroup=data["subgroup"],
                on=on,
                typed=found,
                seen=seen,
                why=data["why"],
                note=note,
            )
            if seen and not data["why"] and not self.answer.is_stored(row):
                self.add_error("why", "Say why it is corrected. The old value stays in the history.")
        return data

    def _found(self, data: dict[str, Any]) -> typed.Typed | None:
        if bool(data.get("value")) == bool(data.get("missing")) and not self.errors:
            self.add_error("value", "Send a value, or say in missing why there is none; not both.")
        elif missing := data.get("missing"):
            return typed.Typed(missing=missing)
        return self.read_value()

    def _definition(self, on: date, number: int | None) -> MetricVersion | None:
        """The definition that was named, or the one that the day falls under; an error where it takes no value then."""
        if self.metric.retired_on and on > self.metric.retired_on:
            last = day_year(self.metric.retired_on)
            self.add_error("on", f"The metric was retired: {last} was its last day.")
            return None
        if number is None:
            return definition_for(self.metric, on)
        versions = [version for version in self.metric.versions.all() if version.is_in_force]
        named = next((version for version in versions if version.number == number), None)
        if named is None:
            self.add_error("definition", "The metric has no such definition in force.")
            return None
        [column] = columns(self.metric, named, versions, set())
        if not column.takes(on):
            self.add_error(
                "definition", f"Definition {number} does not take this period. Leave it out to use the right one."
            )
            return None
        return named

    def _first_day(self, on: date) -> str:
        often = self.version.collected_often
        return f"A period of this metric is a {_PERIODS[often]}, dated by its first day: {period_of(on, often)}."
