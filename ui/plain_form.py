"""What plain forms share: no patient data, a version that tells of another's edit, fields in NHS.UK's words."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.http import HttpRequest, QueryDict

from ui.patient_data import refuse_patient_data

EDITED_MEANWHILE = (
    "Somebody else changed this while you had it open. What they saved is shown below, and what you typed is kept."
    " Save again to keep yours."
)


class PlainForm(forms.Form):
    """Free text holds no NHS number. `button` is what the form's one button says."""

    button = "Save"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field, forms.CharField) and not isinstance(field, forms.UUIDField):
                field.validators.append(refuse_patient_data)
        self.helper = FormHelper()
        self.helper.add_input(Submit("", self.button))


class VersionedForm(PlainForm):
    """Carries the version of the record that the person saw."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    @property
    def version_seen(self) -> int:
        return self.cleaned_data["version"]

    @property
    def changes(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}


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


def posted(request: HttpRequest) -> QueryDict | None:
    """What a form is bound to."""
    return request.POST if request.method == "POST" else None
