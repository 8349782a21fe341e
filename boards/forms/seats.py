"""The forms by which a board gets its seats, and seats their holders."""

from typing import Any

from django import forms
from django.utils import timezone

from accounts.models import User
from accounts.permissions import SeatRole
from boards.models import Board
from trusts.models import Trust
from ui.bounds import PLANNED
from ui.fields import DateField
from ui.plain_form import PlainForm, line

OWN = "You cannot give a seat to yourself. Somebody else who looks after this board can"


class SeatForm(PlainForm):
    """A place at the table. Whom it speaks for is asked at the partnership's boards alone."""

    title = line("Title", length=80, help_text="As it stands in minutes, like Chief executive, Leeds.")
    role = forms.ChoiceField(
        label="What the seat is",
        choices=SeatRole.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what the seat is"},
    )
    speaks_for = forms.ModelChoiceField(
        label="Speaks for a trust", queryset=Trust.objects.none(), required=False, empty_label="No trust"
    )

    def __init__(self, *args: Any, board: Board, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choice_hints = {  # type: ignore[attr-defined]
            SeatRole.CHAIR: "Runs the meeting, and says why one closes without its reflections.",
            SeatRole.SECRETARIAT: "Prepares and minutes the meetings.",
        }
        if board.trust_id:
            del self.fields["speaks_for"]
        else:
            self.fields["speaks_for"].queryset = Trust.objects.filter(partnership_id=board.partnership_id)  # type: ignore[attr-defined]

    @property
    def facts(self) -> dict[str, Any]:
        return {"speaks_for": None, **self.cleaned_data, "role": SeatRole(self.cleaned_data["role"])}


class GiveSeatForm(PlainForm):
    """Who holds the seat from when on. Whether the person has an account is not told."""

    button = "Give the seat"

    email = forms.EmailField(label="E-mail address", error_messages={"required": "Write the person's e-mail address"})
    known_as = line("Name or role", length=120, help_text="As the board knows the person.")
    starts = DateField(label="From", within=PLANNED)
    ends = DateField(
        label="To", required=False, within=PLANNED, help_text="The last day. Leave it empty when no end is agreed."
    )

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by = by
        self.initial.setdefault("starts", timezone.localdate())

    def clean_email(self) -> str:
        email = self.cleaned_data["email"].strip()
        if email.lower() == self.by.email.lower():
            raise forms.ValidationError(OWN)
        return email

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        starts, ends = cleaned.get("starts"), cleaned.get("ends")
        if starts and ends and ends < starts:
            self.add_error("ends", "The last day cannot be before the first")
        return cleaned
