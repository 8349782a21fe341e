"""What forms of the safe space offer: promises by theme, and the refusal to name a person."""

import re
from typing import Any

from django import forms

from boards.models import Board, Holding
from compacts.models import CompactVersion
from ui.words import listing


def promise_choices(version: CompactVersion | None, empty: str) -> list[tuple[str, Any]]:
    """Every promise of either party, below its theme."""
    themes: dict[str, list[tuple[str, str]]] = {}
    for promise in version.promises if version else ():
        party = promise.party
        words = f"{party.name} {party.promise} to {promise.text}"
        themes.setdefault(promise.theme.title, []).append((str(promise.pk), words))
    return [("", empty), *themes.items()]


def promise_field(version: CompactVersion | None, *, empty: str, required: bool) -> forms.TypedChoiceField:
    by_id = {str(promise.pk): promise for promise in version.promises} if version else {}
    return forms.TypedChoiceField(
        label="The promise",
        choices=promise_choices(version, empty),
        coerce=lambda typed: by_id[typed],
        empty_value=None,
        required=required,
        error_messages={
            "required": "Choose the promise: either party's",
            "invalid_choice": "Choose a promise that is on the list",
        },
    )


def said(label: str, *, most: int, missing: str, rows: int = 4, help_text: str = "", required: bool = True) -> Any:
    """A text box. `missing` is what the person is told who leaves it empty."""
    return forms.CharField(
        label=label,
        max_length=most,
        required=required,
        help_text=help_text,
        widget=forms.Textarea(attrs={"rows": rows}),
        error_messages={"required": missing, "max_length": f"Use {most:,} characters or fewer"},
    )


def culprits(text: str, board: Board) -> list[str]:
    """Those who have sat at the board whom a text names: by name, or by the title of the seat. One word is no name."""
    held = Holding.objects.filter(seat__board=board).select_related("seat", "user")
    names = {name.strip() for each in held for name in (each.known_as, each.seat.title, each.user.name)}
    names = {name for name in names if " " in name}
    return sorted(name for name in names if re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text, re.IGNORECASE))


def names_nobody(form: forms.Form, board: Board, *fields: str) -> None:
    for name in fields:
        if found := culprits(form.cleaned_data.get(name) or "", board):
            form.add_error(
                name, f"Say what was done, not who did it. Take out {listing([f'“{one}”' for one in found])}"
            )
