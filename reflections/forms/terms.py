"""What the chair records of the board's decision, and the partnership's safety routes."""

from typing import Any

from django import forms

from ui.bounds import HAPPENED
from ui.fields import DateField
from ui.plain_form import PlainForm, VersionedForm, paragraph

KEPT = {"": "As long as the board exists", "12": "A year", "24": "Two years", "36": "Three years", "60": "Five years"}


class TermsForm(PlainForm):
    button = "Record the decision"

    keep_months = forms.TypedChoiceField(
        label="How long it is kept",
        choices=list(KEPT.items()),
        coerce=int,
        empty_value=None,
        required=False,
        help_text="What is older is deleted for good in the following night. A breach that is still open stays.",
    )
    newcomers_from = DateField(
        label="Who joins later reads from",
        required=False,
        within=HAPPENED,
        help_text="Leave it empty for the usual rule: from their own first day at the table.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.plain_label = True  # type: ignore[attr-defined]


class RoutesForm(VersionedForm):
    routes = paragraph(
        "Safety and speaking-up routes",
        rows=8,
        required=True,
        help_text="One a line, with its address at the end, like The guardian https://…",
        missing="Write one route at least",
    )

    def clean_routes(self) -> str:
        lines = [line.strip() for line in self.cleaned_data["routes"].splitlines()]
        return "\n".join(line for line in lines if line)
