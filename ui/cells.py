"""The cells of a grid as small forms: what was typed, what the person had seen, and two values to choose from.

A room says how a cell is read; everything else is the same in every grid.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

from django import forms
from django.forms.boundfield import BoundField

from analysis.plausibility import Doubt
from ui.patient_data import refuse_patient_data

MINE, THEIRS = "mine", "theirs"
CHOSEN_OF_TWO = "Two values were entered; this one was chosen."


class CellError(NamedTuple):
    """An error and the box it belongs to, for the summary above the grid."""

    text: str
    href: str


@dataclass(frozen=True)
class Said:
    """What was understood of one value, and what is odd about it."""

    text: str = ""
    error: str = ""
    doubts: tuple[Doubt, ...] = ()
    typed: str = ""

    @property
    def state(self) -> str:
        return "err" if self.error else "warn" if self.doubts else "typed" if self.text else ""


class Cell(forms.Form):
    """One cell. `answer` is what it says, as `read` has it; None when it says nothing new.

    An answer has `seen` (the version of what was stored that the person had before them, 0 for an empty cell), `why` it
    corrects, and `is_stored(row)`.
    """

    seen = forms.IntegerField(required=False, min_value=0)
    value = forms.CharField(required=False, max_length=2000, validators=[refuse_patient_data])
    why = forms.CharField(required=False, max_length=240, validators=[refuse_patient_data])
    disputed = forms.BooleanField(required=False)
    choice = forms.ChoiceField(required=False, choices=[(MINE, MINE), (THEIRS, THEIRS)])

    sent_by: tuple[str, ...] = ("value", "choice")
    """The fields of which one is sent by every cell that stands open."""
    version_field = "version"
    """What counts the versions of what is stored."""

    def __init__(self, *args: Any, stored: Any, corrects: bool, **options: Any) -> None:
        self.stored = stored
        self.answer: Any = None
        options.setdefault("use_required_attribute", False)
        super().__init__(*args, **options)
        is_disputed = self._was_sent("disputed")
        self.theirs: Any = stored if is_disputed else None
        """What somebody else saved meanwhile, to choose from: it stays beside what was typed until one is chosen."""
        # A cell that was empty before somebody else filled it corrects nothing, and asks for no reason.
        self.corrects = corrects and not (is_disputed and not self._was_sent("why"))

    def read(self, data: dict[str, Any]) -> Any:
        """The answer; or None, with an error where there is one."""
        raise NotImplementedError

    @property
    def is_shown(self) -> bool:
        """Whether the cell stands open: nothing is saved in it yet, or it is being corrected or disputed."""
        return self.stored is None or self.corrects or self.theirs is not None or self.was_sent

    @property
    def was_sent(self) -> bool:
        return any(self._was_sent(name) for name in self.sent_by)

    def _was_sent(self, name: str) -> bool:
        return self.is_bound and self.add_prefix(name) in self.data

    @property
    def chosen(self) -> str:
        """Which of two values was chosen. A choice made beside another value than stands there now is none."""
        if self.theirs is None or self.said("seen") != str(getattr(self.theirs, self.version_field)):
            return ""
        return self.said("choice")

    def said(self, name: str) -> str:
        """What stands in one of its boxes."""
        return written(self[name])

    def why_of(self, data: dict[str, Any]) -> str:
        return data["why"] or (CHOSEN_OF_TWO if data.get("choice") == MINE else "")

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        if self.theirs is not None and not self.chosen:
            self.add_error("choice", "Choose one of the two values.")
            return data
        if self.errors or data.get("choice") == THEIRS:
            return data
        self.answer = answer = self.read(data)
        if answer and answer.seen and not answer.why and not answer.is_stored(self.stored):
            self.add_error("why", "Say why it is corrected. The old value stays in the history.")
        return data


def written(field: BoundField) -> str:
    """What stands in a box, as the page writes it."""
    value = field.value()
    if value in (None, False):
        return ""
    return str(value if isinstance(field.field, forms.ChoiceField) else field.field.widget.format_value(value) or "")
