"""The forms by which agendas, templates and framing questions are written."""

from typing import Any

from django import forms

from boards.models import AgendaItem, Board, ItemKind, Seat, TemplateItem
from ui.plain_form import PlainForm, VersionedForm, line, paragraph


def _minutes() -> forms.IntegerField:
    return forms.IntegerField(
        label="Minutes",
        min_value=1,
        max_value=300,
        widget=forms.NumberInput(attrs={"width": "3"}),
        error_messages={
            "required": "Write how many minutes it takes",
            "min_value": "Write 1 minute or more",
            "max_value": "Write 300 minutes or fewer",
        },
    )


class TemplateItemForm(PlainForm):
    kind = forms.ChoiceField(label="Kind", error_messages={"required": "Choose what kind of item it is"})
    title = line("Title", length=120)
    minutes = _minutes()

    def __init__(self, *args: Any, item: TemplateItem | AgendaItem | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        last = item is not None and item.is_reflections
        kinds = [ItemKind.REFLECTIONS] if last else [kind for kind in ItemKind if kind != ItemKind.REFLECTIONS]
        self.fields["kind"].choices = [(kind.value, kind.label) for kind in kinds]  # type: ignore[attr-defined]


class ItemForm(TemplateItemForm):
    """An item of one meeting: who brings it, and what it is about."""

    brought_by = forms.ModelChoiceField(
        label="Brought by", queryset=Seat.objects.none(), required=False, empty_label="Nobody in particular"
    )
    about = paragraph(
        "What it is about",
        rows=5,
        help_text="What people read beforehand. At a challenge: the problem as you see it, and not its solution.",
    )

    def __init__(self, *args: Any, board: Board, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["brought_by"].queryset = Seat.objects.filter(board=board)  # type: ignore[attr-defined]


class ChangeItemForm(ItemForm, VersionedForm):
    pass


class QuestionsForm(VersionedForm):
    questions = paragraph(
        "Framing questions",
        rows=10,
        required=True,
        help_text="One a line. They stand beside each challenge.",
        missing="Write one question at least",
    )

    def clean_questions(self) -> str:
        lines = [line.strip() for line in self.cleaned_data["questions"].splitlines()]
        return "\n".join(line for line in lines if line)
