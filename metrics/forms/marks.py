"""Recalculating the limits of a chart, and writing onto it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from metrics.models import MetricVersion
from metrics.periods import say_period
from ui.bounds import HAPPENED
from ui.fields import DateField
from ui.plain_form import PlainForm, line


class RecalculationForm(PlainForm):
    """From which point on the limits are computed anew, and why. Only dates with a point can be chosen."""

    button = "Recalculate the limits"

    on = forms.ChoiceField(
        label="From which point on",
        error_messages={
            "required": "Choose the first point of the changed process",
            "invalid_choice": "There is no point at this date. Choose one of the list.",
        },
    )
    cause = line(
        "What changed",
        length=240,
        help_text="The known cause, like: a second theatre opened on 4 April.",
        missing="Say what changed in the process",
    )
    reason = line(
        "Why the limits should follow",
        length=400,
        help_text="Like: the change is meant to stay, and the old limits would hide what happens now.",
        missing="Say why the limits should follow",
    )

    def __init__(self, *args: Any, version: MetricVersion, dates: list[date], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        said = [(day.isoformat(), say_period(day, version.collected_often)) for day in reversed(dates)]
        self.fields["on"].choices = [("", "Choose a period"), *said]  # type: ignore[attr-defined]

    def clean_on(self) -> date:
        return date.fromisoformat(self.cleaned_data["on"])


class WithdrawalForm(PlainForm):
    button = "Withdraw it"

    because = line("Why it is withdrawn", length=240, missing="Say why it is withdrawn")


class AnnotationForm(PlainForm):
    """A short remark at a date."""

    button = "Write it onto the chart"

    on = DateField(label="At which date", within=HAPPENED, error_messages={"required": "Enter the date"})
    text = line(
        "What happened",
        length=160,
        help_text="A few words, like: new list order tried.",
        missing="Write what happened",
    )
