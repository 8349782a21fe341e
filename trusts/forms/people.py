"""The forms by which memberships are given, renewed and ended."""

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone

from accounts.models import User
from accounts.permissions import Role
from trusts.models import Membership, Trust
from ui.bounds import PLANNED
from ui.fields import DateField
from ui.patient_data import refuse_patient_data
from ui.words import day_year

OWN = "You cannot change your own memberships. Another KPO lead or an administrator can"


def already_held(membership: Membership) -> str:
    """The message of a second invitation to what somebody holds already."""
    until = f"to {day_year(membership.ends)}" if membership.ends else "without an end"
    return (
        f"{membership.user.email} holds this role here already, from {day_year(membership.starts)} {until}. "
        "Renew or end that membership instead"
    )


class InviteForm(forms.Form):
    """Who is invited, as what, from when to when. Whether the person has an account elsewhere is not told."""

    email = forms.EmailField(label="E-mail address", error_messages={"required": "Write the person's e-mail address"})
    known_as = forms.CharField(
        label="Name or role",
        max_length=120,
        help_text="As colleagues here know the person.",
        validators=[refuse_patient_data],
        error_messages={"required": "Write a name or a role"},
    )
    trust = forms.ModelChoiceField(label="Trust", queryset=Trust.objects.none(), empty_label=None)
    role = forms.ChoiceField(label="Role", widget=forms.RadioSelect, error_messages={"required": "Choose a role"})
    starts = DateField(label="From", within=PLANNED)
    ends = DateField(
        label="To", required=False, within=PLANNED, help_text="The last day. Leave it empty when no end is agreed."
    )

    at_a_trust = True

    def __init__(self, *args: Any, by: User, roles: list[Role], trusts: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by = by
        self.fields["role"].choices = [(role.value, role.label) for role in roles]  # type: ignore[attr-defined]
        self.fields["trust"].queryset = trusts  # type: ignore[attr-defined]
        self.fields["trust"].error_messages["invalid_choice"] = "Choose one of your trusts"
        self.initial.setdefault("starts", timezone.localdate())
        self.only_trust = trusts[0] if self.at_a_trust and len(trusts) == 1 else None
        if self.only_trust:
            del self.fields["trust"]

    def clean_email(self) -> str:
        email = self.cleaned_data["email"].strip()
        if email.lower() == self.by.email.lower():
            raise forms.ValidationError(OWN)
        return email

    def clean_role(self) -> Role:
        return Role(self.cleaned_data["role"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        cleaned.setdefault("trust", self.only_trust)
        starts, ends = cleaned.get("starts"), cleaned.get("ends")
        if ends and ends < timezone.localdate():
            self.add_error("ends", "The last day is in the past")
        elif starts and ends and ends < starts:
            self.add_error("ends", "The last day cannot be before the first")
        return cleaned


class RenewForm(forms.Form):
    ends = DateField(
        label="New last day", required=False, within=PLANNED, help_text="Leave it empty when no end is agreed."
    )

    def __init__(self, *args: Any, membership: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.membership = membership

    def clean_ends(self) -> date | None:
        ends = self.cleaned_data["ends"]
        if ends and ends < max(timezone.localdate(), self.membership.starts):
            raise forms.ValidationError("The last day must be in the future. To stop a membership, end it")
        return ends


class EndForm(forms.Form):
    when = forms.ChoiceField(
        label="When does it end",
        widget=forms.RadioSelect,
        choices=[("now", "At once"), ("later", "After a last day")],
        initial="now",
        error_messages={"required": "Choose when it ends"},
    )
    last_day = DateField(label="Last day", required=False, within=PLANNED)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("when") == "later" and "last_day" not in self.errors:
            if not cleaned.get("last_day"):
                self.add_error("last_day", "Write the last day")
            elif cleaned["last_day"] < timezone.localdate():
                self.add_error("last_day", "The last day is in the past. To end it now, choose at once")
        return cleaned

    def chosen(self) -> date | None:
        return self.cleaned_data["last_day"] if self.cleaned_data["when"] == "later" else None
