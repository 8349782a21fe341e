"""The form of one line of the regulator's own row."""

from typing import Any

from django import forms

from boards.models import Board, RegulatorLine
from trusts.models import Trust
from ui.bounds import HAPPENED, PLANNED
from ui.fields import DateField
from ui.plain_form import VersionedForm, line


class RegulatorLineForm(VersionedForm):
    """What was asked, is planned, or has changed; of an ask also the answer."""

    kind = forms.ChoiceField(
        label="Kind",
        choices=RegulatorLine.Kind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what kind of line it is"},
    )
    text = line("What", length=300, missing="Write what it is", help_text="In one sentence. Name posts, not people.")
    of_trust = forms.ModelChoiceField(
        label="Trust", queryset=Trust.objects.none(), required=False, empty_label="None in particular"
    )
    on = DateField(
        label="Day",
        within=PLANNED,
        help_text="Asked on, planned for, or in force since.",
        error_messages={"required": "Write the day"},
    )
    answer = line("Answer", length=300, required=False, help_text="Of an ask alone, once it is answered.")
    answered_on = DateField(label="Answered on", within=HAPPENED, required=False)

    def __init__(self, *args: Any, board: Board, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["of_trust"].queryset = Trust.objects.filter(partnership=board.partnership_id)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        answer, on = cleaned.get("answer"), cleaned.get("answered_on")
        if answer and "answered_on" not in self.errors and not on:
            self.add_error("answered_on", "Write when it was answered")
        if on and not answer:
            self.add_error("answer", "Write the answer, or leave its day empty")
        if answer and cleaned.get("kind") not in (None, "", RegulatorLine.Kind.ASK):
            self.add_error("answer", "Only what was asked of the regulator has an answer")
        if on and cleaned.get("on") and on < cleaned["on"]:
            self.add_error("answered_on", "The answer came on the day of the ask or later")
        return cleaned
