"""Proposing to amend or retire a metric, and deciding on it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from analysis.typed_numbers import UnreadableEntry
from metrics import typed
from metrics.models import BetterWhen, MetricVersion, Often, Unit
from metrics.models.metric import DEFINED, OF_THE_WORK
from metrics.periods import period_of, say_period
from ui.fields import DateField, PartialDate, PartialDateField
from ui.plain_form import PlainForm, line, paragraph
from ui.words import day_year

TELL = "E-mail the executive sponsor that it waits"


class AmendmentForm(PlainForm):
    """The next definition, beginning with what the present one says."""

    button = "Propose it"

    reason = paragraph(
        "Why amend it",
        rows=3,
        required=True,
        help_text="What did the present definition hide, or what have you learned since? Like: thirty theatres hid"
        " what one was learning.",
        missing="Say why it should be amended",
    )
    applies_from = PartialDateField(
        label="From which date",
        help_text="The first period of the new series, like April 2016.",
        error_messages={"required": "Enter from which date it applies"},
    )
    back_cast = forms.BooleanField(
        label="Earlier periods can be computed anew",
        required=False,
        help_text="Then periods before that date can be entered under the new definition too.",
    )
    numerator = line("What is counted or measured", length=240, missing="Say what is counted or measured")
    denominator = line("Out of", length=240, required=False, help_text="Like all operations.")
    exclusions = line("Left out", length=240, required=False)
    data_source = line("Source", length=160, missing="Say which system or list it comes from")
    collected_how = line("How it is collected", length=240, missing="Say how it is collected")
    collected_often = forms.ChoiceField(label="How often", choices=Often.choices)
    owner = line("Who owns it", length=120, help_text="A role, like Theatre matron.", missing="Say who owns it")
    unit = forms.ChoiceField(label="Unit", choices=Unit.choices)
    decimals = forms.IntegerField(
        label="Decimal places shown",
        min_value=0,
        max_value=4,
        error_messages={
            "required": "Say how many decimal places are shown, 0 to 4",
            "invalid": "Write a number from 0 to 4",
            "min_value": "Write a number from 0 to 4",
            "max_value": "Write a number from 0 to 4",
        },
    )
    better_when = forms.ChoiceField(label="Which way is better", choices=BetterWhen.choices)
    target = line(
        "Target under the new definition",
        length=40,
        required=False,
        help_text="In its unit, from the date above on. It can be set later too.",
    )
    tell_sponsor = forms.BooleanField(label=TELL, required=False, initial=True)
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, *args: Any, present: MetricVersion, **kwargs: Any) -> None:
        self.present = present
        kwargs["initial"] = {name: getattr(present, name) for name in DEFINED} | {
            "seen": present.number,
            "tell_sponsor": True,
        }
        super().__init__(*args, **kwargs)

    def clean_applies_from(self) -> PartialDate | None:
        return self.cleaned_data["applies_from"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        from_, often = data.get("applies_from"), data.get("collected_often")
        if from_ and often:
            data["applies_from"] = start = period_of(from_.date, often)
            began = self.present.applies_from
            if began and start <= began:
                self.add_error(
                    "applies_from", f"It must be after {say_period(began, often)}, when the present definition began."
                )
        if data.get("target") and data.get("unit"):
            try:
                data["target"] = typed.read(MetricVersion(unit=data["unit"]), data["target"]).value
            except UnreadableEntry as unreadable:
                self.add_error("target", str(unreadable))
        if not self.errors and not self._differs(data):
            self.add_error(None, "This says what the present definition says. Change what should be different.")
        return data

    def _differs(self, data: dict[str, Any]) -> bool:
        return any(data[name] != getattr(self.present, name) for name in DEFINED)

    @property
    def facts(self) -> dict[str, Any]:
        """What the action writes. What the work touches and hopes for is kept while the unit is the same."""
        data = self.cleaned_data
        definition = {name: data[name] for name in DEFINED}
        if data["unit"] == self.present.unit:
            definition |= {name: getattr(self.present, name) for name in OF_THE_WORK}
        return {
            "definition": definition,
            "seen": data["seen"],
            "applies_from": data["applies_from"],
            "reason": data["reason"],
            "back_cast": data["back_cast"],
            "target": data["target"] or None,
            "tell_sponsor": data["tell_sponsor"],
        }


class RetirementForm(PlainForm):
    """That a metric is to be watched no longer."""

    button = "Propose to retire it"

    reason = paragraph(
        "Why retire it",
        rows=3,
        required=True,
        help_text="Like: another metric shows it better, or the work is done and held for two years.",
        missing="Say why it should be retired",
    )
    last_day = DateField(label="Its last day", error_messages={"required": "Enter its last day"})
    tell_sponsor = forms.BooleanField(label=TELL, required=False, initial=True)

    def __init__(self, *args: Any, last_period: date | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.last_period = last_period
        if last_period:
            self.fields["last_day"].help_text = f"Its last value is dated {day_year(last_period)}."

    def clean_last_day(self) -> date:
        last_day = self.cleaned_data["last_day"]
        if self.last_period and last_day < self.last_period:
            raise forms.ValidationError(
                f"There is a value after this day. Enter {day_year(self.last_period)} or a later day"
            )
        return last_day

    @property
    def facts(self) -> dict[str, Any]:
        return dict(self.cleaned_data)


class DecisionForm(PlainForm):
    """What the executive sponsor says of a proposal."""

    AGREE, DECLINE = "agree", "decline"

    button = "Decide"

    answer = forms.ChoiceField(
        label="Your decision",
        widget=forms.RadioSelect,
        choices=[(AGREE, "Agree: it is in force from now on"), (DECLINE, "Decline: everything stays as it is")],
        error_messages={"required": "Choose whether you agree"},
    )
    decision = paragraph("Your words to who proposed it", rows=3, help_text="Needed when you decline.")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("answer") == self.DECLINE and not data.get("decision") and "decision" not in self.errors:
            self.add_error("decision", "Say why, so that they can propose something better.")
        return data

    @property
    def agrees(self) -> bool:
        return self.cleaned_data["answer"] == self.AGREE


class SinceForm(forms.Form):
    """From which date on a list begins."""

    since = DateField(label="Since")

    def since_or(self, usual: date) -> date:
        return (self.cleaned_data.get("since") if self.is_valid() else None) or usual
