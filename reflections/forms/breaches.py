"""The forms of a breach: calling it out, talking it over, repairing it, ending it."""

from typing import Any

from django import forms

from boards.models import Board
from compacts.models import CompactVersion, Party
from reflections.forms.choices import names_nobody, promise_field, said
from reflections.models import Breach
from ui.bounds import PLANNED
from ui.fields import DateField
from ui.plain_form import PlainForm, VersionedForm

HOW_ENDED = {
    Breach.End.REPAIRED: "Every step that the parties promised is done.",
    Breach.End.RENEGOTIATED: "The promise no longer holds as it stands, and is worded anew.",
    Breach.End.ACKNOWLEDGED: "Nothing more to do; we say what we learned.",
    Breach.End.REST: "The board lets it be. It can be put on the table again.",
}


class CallOutForm(VersionedForm):
    """A promise, behaviour, and what may have been meant well. It names nobody."""

    button = "Save the draft"

    happened = said(
        "What happened",
        most=2000,
        rows=5,
        missing="Write what happened",
        help_text="What you saw or heard. Behaviour, never a person: no name, and no seat.",
    )
    meant_well = said(
        "What may have been meant well",
        most=1000,
        rows=3,
        missing="Write what good reason there may have been",
        help_text="The good reason that somebody may have had.",
    )

    field_order = ("promise", "happened", "meant_well")

    def __init__(self, *args: Any, board: Board, in_force: CompactVersion | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.board = board
        self.fields["promise"] = promise_field(in_force, empty="Choose the promise", required=True)
        self.order_fields(self.field_order)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        names_nobody(self, self.board, "happened", "meant_well")
        return cleaned


class TalkForm(VersionedForm):
    """What the board keeps of talking it over: one of the two is enough."""

    why_unsaid = said("Why did none of us call it out?", most=2000, missing="", required=False)
    better = said("What could we have done better?", most=2000, missing="", required=False)

    def __init__(self, *args: Any, board: Board, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.board = board
        for field in self.fields.values():
            field.plain_label = True  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.errors and not (cleaned.get("why_unsaid") or cleaned.get("better")):
            self.add_error("why_unsaid", "Answer one of the two questions at least")
        names_nobody(self, self.board, "why_unsaid", "better")
        return cleaned


class StepForm(PlainForm):
    """What a party does by when."""

    button = "Add the step"

    party = forms.ModelChoiceField(
        label="Who",
        queryset=Party.objects.none(),
        empty_label="Choose a party",
        error_messages={"required": "Choose which party does it"},
    )
    text = said("What it does", most=600, rows=3, missing="Write what is to be done")
    due = DateField(label="By when", within=PLANNED, error_messages={"required": "Write by when"})

    def __init__(self, *args: Any, breach: Breach, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        parties = Party.objects.filter(compact=breach.promise.party.compact_id)
        self.fields["party"].queryset = parties  # type: ignore[attr-defined]


class LedToForm(PlainForm):
    """Which version of the compact it led to; drafts have no wording that everybody may read."""

    led_to = forms.ModelChoiceField(
        label="Version of the compact that it led to",
        queryset=CompactVersion.objects.none(),
        required=False,
        empty_label="None yet",
    )

    def __init__(self, *args: Any, breach: Breach, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        versions = CompactVersion.objects.published().filter(
            compact=breach.promise.party.compact_id, kind=CompactVersion.Kind.RENEGOTIATED
        )
        self.fields["led_to"].queryset = versions  # type: ignore[attr-defined]


class EndBreachForm(LedToForm):
    button = "End it so"

    how = forms.ChoiceField(
        label="How it ends",
        choices=Breach.End.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose how it ends"},
    )
    learned = said(
        "What we learned", most=2000, missing="", required=False, help_text="Needed where it ends as acknowledged."
    )

    field_order = ("how", "learned", "led_to")

    def __init__(self, *args: Any, breach: Breach, **kwargs: Any) -> None:
        super().__init__(*args, breach=breach, **kwargs)
        self.board = breach.board
        self.fields["how"].choice_hints = HOW_ENDED  # type: ignore[attr-defined]
        self.fields["led_to"].help_text = "Where it ends as renegotiated. It can be filled in later."
        self.order_fields(self.field_order)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("how") == Breach.End.ACKNOWLEDGED and not cleaned.get("learned"):
            self.add_error("learned", "Write what we learned: that is what acknowledging means")
        names_nobody(self, self.board, "learned")
        return cleaned
