"""The forms by which meetings are planned, moved and cancelled."""

from typing import Any

from django import forms

from boards.models import Board, Meeting, Seat
from boards.models.meetings import EVERY, WEEKDAYS, WEEKS
from ui.bounds import PLANNED
from ui.fields import DateField
from ui.plain_form import PlainForm, VersionedForm, line


def _time() -> forms.TimeField:
    return forms.TimeField(
        label="Begins at",
        input_formats=["%H:%M", "%H.%M", "%I%p", "%I:%M%p", "%I.%M%p"],
        help_text="Like 10:00.",
        widget=forms.TimeInput(attrs={"width": "5"}, format="%H:%M"),
        error_messages={"required": "Write when it begins, like 10:00", "invalid": "Write the time like 10:00"},
    )


def _minutes() -> forms.IntegerField:
    return forms.IntegerField(
        label="Length in minutes",
        min_value=10,
        max_value=600,
        widget=forms.NumberInput(attrs={"width": "4"}),
        error_messages={
            "required": "Write how many minutes it takes",
            "min_value": "Write 10 minutes or more",
            "max_value": "Write 600 minutes or fewer: ten hours",
        },
    )


class RuleForm(PlainForm):
    """Like the third Tuesday of every month at 10:00."""

    button = "Meet by this rule"

    week = forms.TypedChoiceField(label="The", choices=WEEKS, coerce=int, initial=3)
    weekday = forms.TypedChoiceField(label="Weekday", choices=WEEKDAYS, coerce=int, initial=1)
    every = forms.TypedChoiceField(label="Of every", choices=EVERY, coerce=int, initial=1)
    begins_at = _time()
    minutes = _minutes()
    place = line("Place", length=160, required=False)
    starts = DateField(
        label="From",
        within=PLANNED,
        help_text="What an earlier rule planned from this day on is cancelled.",
    )


class MeetingForm(PlainForm):
    """One meeting beside the rule."""

    button = "Add the meeting"

    on = DateField(label="Day", within=PLANNED)
    begins_at = _time()
    minutes = _minutes()
    place = line("Place", length=160, required=False)
    chair = forms.ModelChoiceField(
        label="In the chair", queryset=Seat.objects.none(), required=False, empty_label="Not decided yet"
    )

    def __init__(self, *args: Any, board: Board, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["chair"].queryset = Seat.objects.filter(board=board)  # type: ignore[attr-defined]


class MoveForm(MeetingForm, VersionedForm):
    button = "Save"

    @classmethod
    def of(cls, meeting: Meeting) -> dict[str, Any]:
        """What the form shows at first."""
        facts = {name: getattr(meeting, name) for name in ("on", "begins_at", "minutes", "place")}
        return {**facts, "chair": meeting.chair_id, "version": meeting.changes}


class CancelForm(PlainForm):
    button = "Cancel the meeting"

    because = line("Why", length=240, help_text="Everybody who sits at the board reads it.", missing="Write why")
