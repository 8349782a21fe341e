"""Setting what is aimed at, from a day on."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError

from analysis.typed_numbers import UnreadableEntry
from metrics import typed
from metrics.models import MetricVersion
from ui.fields import DateField
from ui.plain_form import PlainForm, line


class TargetForm(PlainForm):
    button = "Set the target"

    starts = DateField(label="From which day", error_messages={"required": "Enter from which day it is aimed at"})
    value = line("Target", length=40, missing="Write the target")

    def __init__(self, *args: Any, version: MetricVersion, **kwargs: Any) -> None:
        self.version = version
        super().__init__(*args, **kwargs)
        self.fields["value"].help_text = f"In {typed.unit_words(version.unit)}, like {typed.EXAMPLES[version.unit]}."

    def clean_value(self) -> Decimal:
        try:
            found = typed.read(self.version, self.cleaned_data["value"]).value
        except UnreadableEntry as unreadable:
            raise ValidationError(str(unreadable)) from None
        if found is None:
            raise ValidationError("Write a number.")
        return found
