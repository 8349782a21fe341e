"""The forms of the reflections: a line for the board to agree to, the scribe, and one's own note."""

from typing import Any

from django import forms

from accounts.permissions import SeatRole
from boards.models import Meeting, Seat
from compacts.models import CompactVersion
from reflections.forms.choices import promise_field, said
from reflections.models import Prompt
from ui.plain_form import PlainForm


class LineForm(PlainForm):
    """A line as the scribe understood it. It says nothing of who spoke: the speaker may put their seat to it."""

    button = "Propose the line"

    prompt = forms.ChoiceField(
        label="What it answers",
        choices=Prompt.choices,
        widget=forms.RadioSelect(attrs={"class": "nhsuk-radios--small"}),
        error_messages={"required": "Choose what it answers"},
    )
    text = said("The line", most=600, rows=3, missing="Write the line first", help_text="In a sentence or two.")

    def __init__(self, *args: Any, version: CompactVersion | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["promise"] = promise_field(version, empty="It names no promise", required=False)


class NoteForm(PlainForm):
    button = "Save my note"

    text = said("My note", most=4000, rows=5, missing="", required=False)


class ScribeForm(PlainForm):
    """Any member, and never the secretariat."""

    button = "Choose"

    seat = forms.ModelChoiceField(
        label="Who writes down what we agree",
        queryset=Seat.objects.none(),
        empty_label="Choose a member",
        error_messages={"required": "Choose who writes", "invalid_choice": "Choose a member of the board"},
    )

    def __init__(self, *args: Any, meeting: Meeting, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        members = Seat.objects.filter(board=meeting.board_id).exclude(role=SeatRole.SECRETARIAT)
        self.fields["seat"].queryset = members  # type: ignore[attr-defined]
