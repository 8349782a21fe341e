"""The form of any record: dates as people know them, no patient data, and what the record said when it was opened."""

from typing import Any

from django import forms
from django.db import models

from trusts.fingerprints import fingerprint
from ui.bounds import LASTS, Bounds
from ui.fields import DateField, PartialDate, PartialDateField
from ui.patient_data import refuse_patient_data
from ui.words import sentence

CHANGED_MEANWHILE = (
    "Somebody else changed this while you had it open. What stands there now is listed below. "
    "Compare it with what you typed: saving again replaces it."
)


class RecordForm(forms.ModelForm):
    """`values()` is what an action writes; the form itself never does."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    choice_hints: dict[str, dict[Any, str]] = {}
    no_choice: dict[str, str] = {}
    """How a choice that may be left open says that it is, by name."""
    bounds: dict[str, Bounds] = {}
    """Of its dates, by name, those that are not `LASTS`."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in list(self.fields.items()):
            if name in self._precise() or isinstance(self._model_field(name), models.DateField):
                self.fields[name] = self._date_field(name, field)
            elif isinstance(field, forms.CharField) and not isinstance(field, forms.EmailField) and name != "seen":
                field.validators = [*field.validators, refuse_patient_data]
            elif isinstance(field, forms.TypedChoiceField):
                self.fields[name] = _radios(field, self.choice_hints.get(name, {}), self.no_choice.get(name, ""))
        self.order_fields([*(name for name in self.fields if name != "seen"), "seen"])
        self.initial["seen"] = self.fingerprint()

    def fingerprint(self) -> str:
        return fingerprint(self.instance) if self.instance.pk else ""

    def open_again(self, record: models.Model) -> None:
        """After ChangedMeanwhile: keep what was typed, and let the next save replace what stands there now."""
        self.add_error(None, CHANGED_MEANWHILE)
        self.stands_now = [
            (self.fields[name].label, _said(record, name)) for name in self.fields if name in self._names_of_model()
        ]
        data: Any = self.data.copy()  # type: ignore[attr-defined]  # a QueryDict
        data[self.add_prefix("seen")] = type(self)(instance=record, **self.for_another_instance()).initial["seen"]
        self.data = data

    stands_now: list[tuple[Any, str]] = []

    def for_another_instance(self) -> dict[str, Any]:
        """The keyword arguments that this form's class needs beside an instance."""
        return {}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for name in self._precise():
            value = cleaned.get(name)
            if isinstance(value, PartialDate):
                cleaned[name] = value.date
                setattr(self.instance, f"{name}_precision", value.precision)
            elif name in cleaned:
                setattr(self.instance, f"{name}_precision", "day")
        started, ended = cleaned.get("started"), cleaned.get("ended")
        if started and ended and ended < started:
            self.add_error("ended", "The end cannot be before the beginning")
        return cleaned

    def values(self) -> dict[str, Any]:
        values = {name: self.cleaned_data[name] for name in self._names_of_model() if name in self.cleaned_data}
        return values | {f"{name}_precision": getattr(self.instance, f"{name}_precision") for name in self._precise()}

    def seen_before(self) -> str:
        return self.cleaned_data.get("seen", "")

    def _names_of_model(self) -> set[str]:
        return {field.name for field in self._meta.model._meta.concrete_fields}

    def _model_field(self, name: str) -> Any:
        return self._meta.model._meta.get_field(name) if name in self._names_of_model() else None

    def _precise(self) -> list[str]:
        """The dates that may be known to the month or the year only."""
        names = self._names_of_model()
        return [name for name in self.fields if f"{name}_precision" in names]

    def _date_field(self, name: str, field: forms.Field) -> forms.Field:
        precise = name in self._precise()
        kind = PartialDateField if precise else DateField
        known = getattr(self.instance, name)
        if known and precise:
            self.initial[name] = PartialDate(known, getattr(self.instance, f"{name}_precision"))
        hint = field.help_text or ("Like 9 3 2021. Leave out what is not known." if precise else "Like 9 3 2021.")
        within = self.bounds.get(name, LASTS)
        return kind(label=field.label, help_text=hint, required=field.required, within=within)


def _radios(field: forms.TypedChoiceField, hints: dict[Any, str], none: str) -> forms.TypedChoiceField:
    offered: Any = field.choices
    open_first = [("", none)] if none else []
    field.choices = open_first + [(value, sentence(str(label))) for value, label in offered if value != ""]
    field.widget = forms.RadioSelect(choices=field.choices)
    field.choice_hints = hints  # type: ignore[attr-defined]  # the crispy pack shows them
    if field.required and not isinstance(field.initial, str):
        field.error_messages["required"] = f"Choose {str(field.label).lower()}"
    return field


def _said(record: Any, name: str) -> str:
    display = getattr(record, f"get_{name}_display", None)
    value = display() if display else getattr(record, name)
    return "" if value is None else str(value)
