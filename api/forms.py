"""The form that lets a system in."""

import uuid
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils import timezone

from api.models import Scope
from ui.bounds import PLANNED
from ui.fields import DateField
from ui.patient_data import refuse_patient_data

LONGEST = timedelta(days=366)
_WITHIN_A_YEAR = "Choose a day from today to a year from now"


class ClientForm(forms.Form):
    """What the system is, what it may do, and until when. Nothing works for longer than a year without a new look."""

    name = forms.CharField(
        label="Name of the system",
        max_length=80,
        help_text="Like Ward information board. Its writes stand under this name.",
        validators=[refuse_patient_data],
        error_messages={"required": "Write what the system is"},
    )
    place: forms.ModelChoiceField = forms.ModelChoiceField(
        label="Trust", queryset=None, empty_label=None, error_messages={"invalid_choice": "Choose one of your trusts"}
    )
    writes = forms.MultipleChoiceField(
        label="What may it log",
        widget=forms.CheckboxSelectMultiple,
        choices=[
            (Scope.WRITE_READINGS, "Readings of RPIWs"),
            (Scope.WRITE_MEASUREMENTS, "Measurements of metrics"),
        ],
        required=False,
        help_text="It reads the trust's value streams, RPIWs, readings and metrics. Tick what it may log, too.",
    )
    expires_on = DateField(
        label="Works until",
        within=PLANNED,
        help_text="The last day, at most a year from now. It can be let in anew before.",
        # Narrower than what any plan is held to, and said at once.
        error_messages=dict.fromkeys(("early_year", "far_year"), _WITHIN_A_YEAR),
    )
    form_key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, places: Any, of_a_trust: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("form_key", uuid.uuid4())
        self.initial.setdefault("expires_on", timezone.localdate() + timedelta(days=180))
        self.fields["place"].queryset = places  # type: ignore[attr-defined]
        if not of_a_trust:
            del self.fields["writes"]
            self.fields["place"].label = "Partnership"
            self.fields["place"].error_messages["invalid_choice"] = "Choose one of your partnerships"
        self.only_place = places[0] if len(places) == 1 else None
        if self.only_place:
            del self.fields["place"]

    def clean_expires_on(self) -> date:
        day, today = self.cleaned_data["expires_on"], timezone.localdate()
        if not today <= day <= today + LONGEST:
            raise forms.ValidationError(_WITHIN_A_YEAR)
        return day

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        cleaned.setdefault("place", self.only_place)
        return cleaned
