"""The week's days, ideas, wastes and the newspaper."""

from datetime import date
from typing import Any

from crispy_forms.layout import Layout, Row
from django import forms

from rpiws.models import Idea, Rpiw, Waste
from ui.bounds import DONE, PLANNED
from ui.fields import DateField
from ui.plain_form import PlainForm, VersionedForm, line, paragraph
from ui.words import day


class WeekForm(PlainForm):
    """A heading and a text for each working day of the week."""

    def __init__(self, *args: Any, rpiw: Rpiw, days: list[date], **kwargs: Any) -> None:
        self.days = days
        written = {entry.day: entry for entry in rpiw.days.all()}
        initial: dict[str, Any] = {}
        for n, each in enumerate(days):
            if entry := written.get(each):
                initial |= {f"heading_{n}": entry.heading, f"text_{n}": entry.text}
            initial[f"version_{n}"] = entry.version if entry else 0
        for n, each in enumerate(days):
            self.base_fields = {
                **self.base_fields,
                f"heading_{n}": line(f"{day(each)}, in two words", length=60, required=False),
                f"text_{n}": paragraph("What the team did", rows=3),
                f"version_{n}": forms.IntegerField(widget=forms.HiddenInput, min_value=0),
            }
        super().__init__(*args, initial=initial, **kwargs)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for n, each in enumerate(self.days):
            if cleaned.get(f"text_{n}") and not cleaned.get(f"heading_{n}"):
                self.add_error(f"heading_{n}", f"Give {day(each)} a heading, like See the waste")
        return cleaned

    @property
    def entries(self) -> dict[date, tuple[str, str]]:
        return {
            each: (self.cleaned_data[f"heading_{n}"], self.cleaned_data[f"text_{n}"])
            for n, each in enumerate(self.days)
        }

    @property
    def versions(self) -> dict[date, int]:
        return {each: self.cleaned_data[f"version_{n}"] for n, each in enumerate(self.days)}


class IdeaForm(PlainForm):
    """Plan, do, study, act."""

    button = "Add the idea"
    name = line("The idea", length=200, missing="Write the idea in a few words")
    tested_on = DateField(label="Tested on", required=False, within=DONE)
    predicted = paragraph("We predicted", help_text="Plan: what we thought would happen.", rows=2)
    happened = paragraph("What happened", help_text="Do and study.", rows=2)
    next_step = paragraph("What next", help_text="Act: what we do with what we learned.", rows=2)
    outcome = forms.ChoiceField(
        label="Outcome", choices=Idea.Outcome.choices, widget=forms.RadioSelect, initial=Idea.Outcome.TESTING
    )


class EditIdeaForm(IdeaForm, VersionedForm):
    button = "Save"


class WastesForm(PlainForm):
    """The seven wastes: removed and what, none found, or not looked at."""

    def __init__(self, *args: Any, rpiw: Rpiw, **kwargs: Any) -> None:
        found = {waste.kind: waste for waste in rpiw.wastes.all()}
        fields: dict[str, forms.Field] = {}
        initial: dict[str, Any] = {}
        for kind in Waste.Kind:
            waste = found.get(kind)
            fields[f"{kind}_finding"] = forms.ChoiceField(
                label=kind.label, choices=[(f.value, f.label.capitalize()) for f in Waste.Finding], widget=forms.Select
            )
            fields[f"{kind}_removed"] = line(f"What was removed of {kind.label.lower()}", length=240, required=False)
            fields[f"{kind}_version"] = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
            initial[f"{kind}_finding"] = waste.finding if waste else Waste.Finding.NOT_LOOKED_AT
            initial[f"{kind}_removed"] = waste.removed if waste else ""
            initial[f"{kind}_version"] = waste.version if waste else 0
        self.base_fields = {**self.base_fields, **fields}
        super().__init__(*args, initial=initial, **kwargs)
        self.helper.layout = Layout(*(Row(f"{kind}_finding", f"{kind}_removed") for kind in Waste.Kind))
        self.helper.render_hidden_fields = True

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for kind in Waste.Kind:
            removed = cleaned.get(f"{kind}_removed")
            finding = cleaned.get(f"{kind}_finding")
            if finding == Waste.Finding.REMOVED and not removed:
                self.add_error(f"{kind}_removed", f"Write what was removed of {kind.label.lower()}")
            elif removed and finding != Waste.Finding.REMOVED:
                self.add_error(
                    f"{kind}_finding", f"Choose “Removed” for {kind.label.lower()}, or empty what was removed"
                )
        return cleaned

    @property
    def findings(self) -> dict[str, tuple[str, str]]:
        return {
            kind.value: (self.cleaned_data[f"{kind}_finding"], self.cleaned_data[f"{kind}_removed"])
            for kind in Waste.Kind
        }

    @property
    def versions(self) -> dict[str, int]:
        return {kind.value: self.cleaned_data[f"{kind}_version"] for kind in Waste.Kind}


class NewspaperForm(PlainForm):
    button = "Add to the newspaper"
    action = line("Action", length=240, missing="Write what is to be done")
    owner = line("Owner", length=120, missing="Write who does it", help_text="Their post, like Ward manager.")
    due = DateField(label="By when", within=PLANNED)


class EditNewspaperForm(NewspaperForm, VersionedForm):
    button = "Save"
