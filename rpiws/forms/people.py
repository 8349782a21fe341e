"""One person's part in an RPIW."""

from typing import Any

from django import forms

from rpiws.forms.person_choice import PersonChoice
from rpiws.models import Rpiw, RpiwPerson
from ui.plain_form import PlainForm, VersionedForm, line

Part = RpiwPerson.Part
NEVER_NAMED = (
    "Patient representatives are never named here. Write what they bring, like “Former neurosurgery patient, in all"
    " five days”."
)


class PersonForm(PlainForm):
    """By part: only workshop leads have a certification, only teams a discipline, and patients never an account."""

    button = "Add"
    user = PersonChoice(
        label="Their account", help_text="A member of the trust. They then find the RPIW on their first page."
    )
    post = line(
        "Their post",
        length=160,
        help_text="Their post or role, like Matron, neurosurgical critical care.",
        missing="Write their post",
    )
    discipline = line("Discipline", length=80, required=False, help_text="Like nursing, porters, pharmacy.")
    certification = forms.ChoiceField(
        label="Certification",
        choices=[("", "Not known"), *RpiwPerson.Certification.choices],
        required=False,
        widget=forms.Select,
    )

    def __init__(self, *args: Any, part: str, rpiw: Rpiw, named: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.part = Part(part)
        if self.part == Part.PATIENT_REPRESENTATIVE:
            del self.fields["user"]
            self.fields["post"].label = "What they bring"
            self.fields["post"].help_text = NEVER_NAMED
            self.fields["post"].error_messages["required"] = "Write what they bring, without a name"
        else:
            choice = self.fields["user"]
            assert isinstance(choice, PersonChoice)
            choice.of_trust(rpiw.trust_id, named=named)
        if self.part not in (Part.TEAM, Part.HOME_TEAM):
            del self.fields["discipline"]
        if self.part != Part.WORKSHOP_LEAD:
            del self.fields["certification"]


class EditPersonForm(PersonForm, VersionedForm):
    button = "Save"
