"""The forms of the room: short entries, who is there, and closing."""

from collections.abc import Iterable
from typing import Any

from django import forms

from boards.models import AgendaItem, Attendance, Entry, Meeting, Seat
from trusts.models import Trust
from ui.bounds import PLANNED
from ui.fields import DateField
from ui.patient_data import refuse_patient_data
from ui.plain_form import PlainForm, VersionedForm, line

Presence = Attendance.Presence


def _text(label: str, missing: str) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": missing, "max_length": "Use 1,000 characters or fewer: an entry is short"},
    )


class EntryForm(PlainForm):
    """A note or a decision under an item. `key` makes the form, sent twice, one entry."""

    item = forms.ModelChoiceField(queryset=AgendaItem.objects.none(), widget=forms.HiddenInput)
    key = forms.UUIDField(widget=forms.HiddenInput)
    kind = forms.ChoiceField(choices=[(kind.value, kind.label) for kind in (Entry.Kind.NOTE, Entry.Kind.DECISION)])
    text = _text("What was said or decided", "Write a note first")
    about_trust = forms.ModelChoiceField(label="About", queryset=Trust.objects.none(), required=False)

    def __init__(self, *args: Any, meeting: Meeting, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for_meeting(self, meeting)

    @property
    def facts(self) -> dict[str, Any]:
        return dict(self.cleaned_data)


class ActionForm(PlainForm):
    """An action: what, who, and by when."""

    item = forms.ModelChoiceField(queryset=AgendaItem.objects.none(), widget=forms.HiddenInput)
    key = forms.UUIDField(widget=forms.HiddenInput)
    text = _text("What is to be done", "Write what is to be done")
    owner = forms.ModelChoiceField(
        label="Who",
        queryset=Seat.objects.none(),
        empty_label="Choose who does it",
        error_messages={"required": "Choose who does it"},
    )
    due = DateField(label="By when", within=PLANNED, error_messages={"required": "Write by when"})

    def __init__(self, *args: Any, meeting: Meeting, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for_meeting(self, meeting)

    @property
    def facts(self) -> dict[str, Any]:
        return {**self.cleaned_data, "kind": Entry.Kind.ACTION}


def for_meeting(form: Any, meeting: Meeting) -> None:
    """Only this meeting's items, this board's seats and this partnership's trusts can be sent."""
    for name, rows in (
        ("item", AgendaItem.objects.filter(meeting=meeting)),
        ("owner", Seat.objects.filter(board=meeting.board_id)),
        ("about_trust", Trust.objects.filter(partnership=meeting.board.partnership_id)),
    ):
        if name in form.fields:
            form.fields[name].queryset = rows
            form.fields[name].error_messages["invalid_choice"] = "Choose one that is on the list"


class ChangeEntryForm(VersionedForm):
    """The author puts it in other words; of an action also who and by when."""

    text = _text("Text", "Write something, or take the entry back")

    @classmethod
    def of(cls, entry: Entry) -> "type[ChangeEntryForm]":
        return ChangeActionForm if entry.is_action else ChangeEntryForm

    def __init__(self, *args: Any, meeting: Meeting, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for_meeting(self, meeting)


class ChangeActionForm(ChangeEntryForm):
    owner = forms.ModelChoiceField(label="Who", queryset=Seat.objects.none(), empty_label=None)
    due = DateField(label="By when", within=PLANNED)


class DoneForm(PlainForm):
    button = "It is done"

    outcome = line("What came of it", length=240, required=False, help_text="It stands in the next minutes.")


class AttendanceForm(PlainForm):
    """By seat: present, apologies, or a deputy by name or role. Nothing chosen says nothing yet."""

    also_there = line(
        "Also in the room", length=400, required=False, help_text="Guests, by name or role, like Two process owners."
    )
    chair = forms.ModelChoiceField(
        label="In the chair", queryset=Seat.objects.none(), required=False, empty_label="Not decided yet"
    )

    def __init__(
        self, *args: Any, meeting: Meeting, seats: Iterable[Seat], names_the_chair: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.seats = list(seats)
        self.in_the_chair = meeting.chair
        if names_the_chair:
            self.fields["chair"].queryset = Seat.objects.filter(board=meeting.board_id)  # type: ignore[attr-defined]
        else:
            del self.fields["chair"]
        for seat in self.seats:
            presence = forms.ChoiceField(label=seat.title, choices=Presence.choices, required=False)
            presence.widget = forms.RadioSelect(
                choices=Presence.choices, attrs={"class": "nhsuk-radios--small nhsuk-radios--inline"}
            )
            deputy = line("Deputy, by name or role", length=120, required=False)
            deputy.validators.append(refuse_patient_data)
            # A table full of "optional" would say nothing.
            presence.plain_label = deputy.plain_label = True  # type: ignore[attr-defined]
            self.fields |= {f"presence_{seat.pk}": presence, f"deputy_{seat.pk}": deputy}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for seat in self.seats:
            presence, deputy = cleaned.get(f"presence_{seat.pk}"), cleaned.get(f"deputy_{seat.pk}")
            if presence == Presence.DEPUTY and not deputy:
                self.add_error(f"deputy_{seat.pk}", "Write who came instead")
            elif deputy and presence != Presence.DEPUTY:
                self.add_error(f"presence_{seat.pk}", "Choose “A deputy came”, or leave the deputy empty")
        return cleaned

    @property
    def who_chairs(self) -> Seat | None:
        """Who prepares the meeting says who is in the chair; for everybody else it stays."""
        return self.cleaned_data["chair"] if "chair" in self.fields else self.in_the_chair

    @property
    def there(self) -> dict[Seat, tuple[str, str]]:
        said = self.cleaned_data
        return {seat: (said[f"presence_{seat.pk}"], said[f"deputy_{seat.pk}"]) for seat in self.seats}


class CloseForm(PlainForm):
    """Why a meeting closes without its reflections: asked of the chair, and only then."""

    button = "Close without the reflections"

    why = line("Why they were not held", length=400, missing="Write why: it stands in the minutes")


class ReopenForm(PlainForm):
    button = "Open it again"

    reason = line("Why", length=240, missing="Write why: it stays in the history")
