"""What every form of an RPIW shares: no patient data, a version that tells of another's edit, and NHS.UK's fields."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.utils import timezone

from accounts.models import User
from trusts.models import Membership
from trusts.names import NOT_OF_THIS_TRUST, names_at
from ui.patient_data import refuse_patient_data

EDITED_MEANWHILE = (
    "Somebody else changed this while you had it open. What they saved is shown below, and what you typed is kept."
    " Save again to keep yours."
)


class RpiwForm(forms.Form):
    """Free text holds no NHS number. `button` is what the form's one button says."""

    button = "Save"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field, forms.CharField):
                field.validators.append(refuse_patient_data)
        self.helper = FormHelper()
        self.helper.add_input(Submit("", self.button))


class VersionedForm(RpiwForm):
    """Carries the version of the record that the person saw."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    @property
    def version_seen(self) -> int:
        return self.cleaned_data["version"]

    @property
    def changes(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}


class PersonChoice(forms.ModelChoiceField):
    """People who are members of a trust today; whom the record names already stays choosable."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("empty_label", "Nobody with an account")
        super().__init__(queryset=User.objects.none(), required=False, **kwargs)

    def of_trust(self, trust_id: int, *, named: User | None = None) -> None:
        held = Membership.objects.held_on(timezone.localdate()).filter(trust_id=trust_id).values("user_id")
        people = User.objects.filter(pk__in=held, is_active=True)
        if named is not None:
            people = people | User.objects.filter(pk=named.pk)
        self.names = names_at(trust_id)
        self.queryset = people.order_by("name", "pk")

    def label_from_instance(self, obj: Any) -> str:
        """As the trust knows the person."""
        return self.names.get(obj.pk, NOT_OF_THIS_TRUST)


def line(label: str, *, length: int, required: bool = True, help_text: str = "", missing: str = "") -> forms.CharField:
    """One line of text. `missing` is what the person is told who leaves it empty."""
    messages = {"required": missing or f"Write the {label.lower()}", "max_length": f"Use {length} characters or fewer"}
    return forms.CharField(
        label=label, max_length=length, required=required, help_text=help_text, error_messages=messages
    )


def paragraph(
    label: str, *, help_text: str = "", rows: int = 4, required: bool = False, missing: str = ""
) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=required,
        help_text=help_text,
        widget=forms.Textarea(attrs={"rows": rows}),
        max_length=4000,
        error_messages={
            "required": missing or f"Write the {label.lower()}",
            "max_length": "Use 4,000 characters or fewer",
        },
    )
