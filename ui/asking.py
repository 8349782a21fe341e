"""A form that asks before what may be meant is saved: once, beside a box to tick. It never refuses."""

from typing import Any

from django import forms


class Asks:
    """For forms: `ask` in `clean()`. What is asked about stays in view until the box beside it is ticked."""

    def ask(self: Any, question: str, *, yes: str) -> None:
        self.fields["meant"] = forms.BooleanField(label=yes, required=False)
        if not self.data.get(self.add_prefix("meant")):
            self.add_error("meant", question)
