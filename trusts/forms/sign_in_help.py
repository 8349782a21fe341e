"""What keeps somebody out, and why it is lifted."""

from typing import Any

from django import forms

from ui.patient_data import refuse_patient_data

SECOND_FACTOR, WAIT = "second_factor", "wait"


class SignInHelpForm(forms.Form):
    """Offers only what keeps the person out today."""

    what = forms.ChoiceField(
        label="What keeps them out?",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what keeps them out"},
    )
    reason = forms.CharField(
        label="Why, and how you know that it is them",
        max_length=200,
        help_text="Speak with them, face to face or on a number that you know. The person reads this, too.",
        validators=[refuse_patient_data],
        error_messages={"required": "Write why, and how you know that it is them"},
    )

    def __init__(self, *args: Any, second_factor: bool, wait: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [
            (SECOND_FACTOR, "Phone or key lost: take the second factor away"),
            (WAIT, "Too many wrong passwords: let them try again now"),
        ]
        open_to = {SECOND_FACTOR: second_factor, WAIT: wait}
        what: Any = self.fields["what"]
        what.choices = [(value, label) for value, label in choices if open_to[value]]
        what.choice_hints = {SECOND_FACTOR: "Their sessions end, and their role may ask them to set up a new one."}
        if len(what.choices) == 1:
            self.initial["what"] = what.choices[0][0]
