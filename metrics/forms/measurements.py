"""One measurement: logged by itself, corrected, or taken away."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from analysis.typed_numbers import UnreadableEntry
from metrics import typed
from metrics.actions.measurements import Answer
from metrics.models import Measurement, Metric, MetricVersion
from metrics.periods import period_of, say_period
from ui.fields import PartialDateField
from ui.plain_form import PlainForm, line


class ValueForm(PlainForm):
    """A value as it is typed. `version` says how it is read."""

    version: MetricVersion

    value = line("Value", length=400, missing="Write the value, or * if it was suppressed")
    note = line("Note", length=240, required=False)

    def read_value(self) -> typed.Typed | None:
        text = self.cleaned_data.get("value")
        if not text:
            return None
        try:
            return typed.read(self.version, text)
        except UnreadableEntry as unreadable:
            self.add_error("value", str(unreadable))
            return None

    answer: Answer


class MeasurementForm(ValueForm):
    """One value of a metric: the period decides under which definition it stands."""

    button = "Save it"

    period = PartialDateField(
        label="Period",
        help_text="A day within it; a month and a year will do.",
        error_messages={"required": "Enter the period"},
    )
    subgroup = line("Subgroup", length=80, required=False, help_text="Like a ward; empty for the whole.")

    def __init__(self, *args: Any, metric: Metric, today: date, **kwargs: Any) -> None:
        self.metric, self.today = metric, today
        super().__init__(*args, **kwargs)
        self.order_fields(["period", "subgroup", "value", "note"])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not data.get("period"):
            return data
        day = data["period"].date
        version = definition_for(self.metric, day)
        if day > self.today:
            self.add_error("period", "This period is still to come.")
        elif version is None:
            self.add_error("period", "The metric was retired before this period.")
        else:
            self.version = version
            found = self.read_value()
            if found and not self.errors:
                self.answer = Answer(
                    version_id=version.pk,
                    subgroup=data["subgroup"],
                    on=period_of(day, version.collected_often),
                    typed=found,
                    note=data["note"],
                )
        return data

    def say_there_is(self, stored: Measurement) -> None:
        """After ChangedMeanwhile: the period has a value, which is corrected and not overwritten."""
        when = say_period(stored.on, self.version.collected_often)
        said = typed.say_row(self.version, stored)
        self.add_error("value", f"{when} has a value already: {said}. Open it in the grid to correct it.")


class CorrectionForm(ValueForm):
    button = "Save the correction"

    why = line("Why it is corrected", length=240, missing="Say why it is corrected")
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, *args: Any, row: Measurement, **kwargs: Any) -> None:
        self.row, self.version = row, row.version
        initial = {"value": typed.as_typed(row.version, row), "note": row.note, "seen": row.row_version}
        super().__init__(*args, initial=initial, **kwargs)
        self.fields["value"].help_text = f"Like {typed.EXAMPLES[row.version.unit]}."
        self.order_fields(["value", "why", "note", "seen"])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        found = self.read_value()
        if found and not self.errors:
            self.answer = Answer(
                version_id=self.row.version_id,
                subgroup=self.row.subgroup,
                on=self.row.on,
                typed=found,
                seen=data["seen"],
                why=data["why"],
                note=data["note"],
            )
        return data

    def open_again(self, stored: Measurement) -> None:
        """After ChangedMeanwhile: what was typed stays, and the next save replaces what stands there now."""
        self.data = self.data.copy()  # type: ignore[attr-defined]
        self.data[self.add_prefix("seen")] = stored.row_version  # type: ignore[index]
        said = typed.say_row(self.version, stored)
        self.add_error("value", f"Somebody else saved {said} meanwhile. Save again to put yours in its place.")


class RemovalForm(PlainForm):
    button = "Take it away"

    reason = line("Why it is taken away", length=240, missing="Say why it is taken away")
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)


def definition_for(metric: Metric, day: date) -> MetricVersion | None:
    """The definition under which a day is measured: the last one that had begun; None after the metric's end."""
    if metric.retired_on and day > metric.retired_on:
        return None
    found = [version for version in metric.versions.all() if version.is_in_force]
    begun = [each for each in found[1:] if each.applies_from and each.applies_from <= day]
    return (found[:1] + begun)[-1] if found else None
