"""The form by which a value stream adopts a metric; it asks for what "Can this metric move?" needs as well."""

import re
from decimal import Decimal
from typing import Any
from zlib import crc32

from django import forms

from analysis.typed_numbers import UnreadableEntry, read_number
from metrics.models import BetterWhen, Category, Metric, Often, Unit
from metrics.models.metric import DEFINED, OF_THE_WORK
from metrics.refusals import SAME_NAME
from trusts.models import Objective, ValueStream
from ui.fields import DateField
from ui.patient_data import refuse_patient_data
from ui.plain_form import PlainForm, line, paragraph

OF_METRIC = ("category", "name", "objective", "no_objective_because", "cut_of")
_ASKED_OF_MOVE = ("history", "history_of", "unit", "better_when", "activity", "touched", "hoped")
_MOST = 1_000_000_000
_WHOLE = {
    "invalid": "Write a whole number, like 30",
    "min_value": "Write a number above 0",
    "max_value": f"Write a number up to {_MOST:,}",
}
_PLACES = "Write a number from 0 to 4"
_NUMBER = {"invalid": "Write a number, like 32 or 32.5"}


def _choice(label: str, choices: Any, *, missing: str, help_text: str = "") -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label,
        choices=[(value, f"{words[:1].upper()}{words[1:]}") for value, words in choices],
        widget=forms.RadioSelect,
        help_text=help_text,
        error_messages={"required": missing},
    )


class AdoptForm(PlainForm):
    """`answered` stands for what the last answer to "Can this metric move?" was about."""

    name = line("Name", length=120, help_text="Like Turnaround between cases, urology theatres.")
    category = _choice("Category", Category.choices, missing="Choose the category")
    objective = forms.ModelChoiceField(
        label="Objective it serves", queryset=Objective.objects.none(), required=False, empty_label="None, or not yet"
    )
    no_objective_because = line(
        "Why it serves no objective, or what you still want to find out", length=240, required=False
    )
    numerator = line(
        "What is counted or measured", length=240, help_text="Like minutes from patient out to next patient in."
    )
    denominator = line("Out of", length=240, required=False, help_text="Like all operations. Only for a part.")
    exclusions = line("Left out", length=240, required=False, help_text="Like emergency lists.")
    data_source = line("Source", length=160, help_text="Like the theatre system.")
    collected_how = line("How it is collected", length=240, help_text="Like a report on the third working day.")
    collected_often = _choice("How often", Often.choices, missing="Choose how often there is a value")
    owner = line("Who owns it", length=120, help_text="A role, like theatre matron.")
    unit = _choice("Unit", Unit.choices, missing="Choose the unit")
    decimals = forms.IntegerField(
        label="Decimal places shown", required=False, min_value=0, max_value=4,
        error_messages={"invalid": _PLACES, "min_value": _PLACES, "max_value": _PLACES},
        help_text="0 to 4. Leave it empty for what is usual: none of a number or of pounds, one of everything else.",
    )  # fmt: skip
    better_when = _choice("Which way is better?", BetterWhen.choices, missing="Choose which way is better, or neither")
    target = forms.DecimalField(
        label="Target", required=False, max_digits=18, decimal_places=6, error_messages=_NUMBER,
        help_text="In its unit. Leave it empty when there is none.",
    )  # fmt: skip
    target_from = DateField(label="The target holds from", required=False, help_text="Like 1 4 2021.")
    cut_of = forms.ModelChoiceField(
        label="Narrower cut of", queryset=Metric.objects.none(), required=False, empty_label="No other metric",
        help_text="The broader metric of which this watches the part that the work touches.",
    )  # fmt: skip
    activity_unit = line("What it counts over", length=60, required=False, help_text="Like theatres.")
    activity = forms.IntegerField(
        label="How many of these it counts", required=False, min_value=1, max_value=_MOST, error_messages=_WHOLE,
        help_text="Like 30.",
    )  # fmt: skip
    touched = forms.IntegerField(
        label="How many of these the work touches", required=False, min_value=1, max_value=_MOST,
        error_messages=_WHOLE, help_text="Like 1.",
    )  # fmt: skip
    hoped = forms.DecimalField(
        label="Value hoped for where the work is", required=False, max_digits=18, decimal_places=6,
        error_messages=_NUMBER, help_text="In its unit.",
    )  # fmt: skip
    history = paragraph(
        "Values of the past, the oldest first",
        help_text="Like 40 42 39, in its unit: thirteen or more. They answer whether it can move, and are not kept.",
    )
    history_of = forms.ModelChoiceField(
        label="Or the history of a metric that is watched already", queryset=Metric.objects.none(), required=False,
        empty_label="None",
    )  # fmt: skip
    answered = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, value_stream: ValueStream, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.value_stream = value_stream
        # Numbers one after the other, like 943 476 5919, are no patient's here, and are not kept.
        self.fields["history"].validators.remove(refuse_patient_data)
        watched = Metric.objects.filter(value_stream=value_stream, retired_on=None)
        for name, rows in (
            ("objective", Objective.objects.filter(trust_id=value_stream.trust_id)),
            ("cut_of", watched),
            ("history_of", watched),
        ):
            self.fields[name].queryset = rows  # type: ignore[attr-defined]
        self.helper.inputs[0].value = "Can this metric move?"

    def clean_name(self) -> str:
        name = self.cleaned_data["name"]
        if Metric.objects.filter(value_stream=self.value_stream, name=name).exists():
            raise forms.ValidationError(SAME_NAME)
        return name

    def clean_decimals(self) -> int:
        asked = self.cleaned_data["decimals"]
        if asked is None:
            return 0 if self.cleaned_data.get("unit") in (Unit.COUNT, Unit.POUNDS) else 1
        return int(asked)

    def clean_history(self) -> list[float]:
        """Separated by spaces, line ends or semicolons; signs of a unit are passed over."""
        found = []
        for text in re.split(r"[\s;]+", self.cleaned_data["history"].strip()):
            plain = text.strip("%£")
            if plain:
                try:
                    found.append(float(read_number(plain)))
                except UnreadableEntry as unreadable:
                    raise forms.ValidationError(str(unreadable)) from None
        return found

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not cleaned.get("objective") and not cleaned.get("no_objective_because"):
            self._ask("no_objective_because", "Choose the objective it serves, or say why none. A question will do")
        if cleaned.get("target") is not None and not cleaned.get("target_from"):
            self._ask("target_from", "Enter from which day the target holds")
        activity, touched = cleaned.get("activity"), cleaned.get("touched")
        if (activity is None) != (touched is None):
            self._ask("touched" if touched is None else "activity", "Write both: how many it counts, and touches")
        elif activity is not None and touched is not None and touched > activity:
            self._ask("touched", f"The work cannot touch more than the {activity} that it counts")
        return cleaned

    def _ask(self, name: str, sentence: str) -> None:
        if name not in self.errors:
            self.add_error(name, sentence)

    @property
    def question(self) -> str:
        """What the answer to "Can this metric move?" rests on: another one once any of it changes."""
        return f"{crc32(repr([self.cleaned_data[name] for name in _ASKED_OF_MOVE]).encode()):x}"

    @property
    def is_answered(self) -> bool:
        return self.cleaned_data["answered"] == self.question

    def show_answered(self) -> None:
        """The answer stands on the page now: the next press adopts, unless what it rests on is changed."""
        data: Any = self.data.copy()  # type: ignore[attr-defined]  # a QueryDict
        data["answered"] = self.question
        self.data = data
        self.helper.inputs[0].value = "Adopt the metric"

    @property
    def definition(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in (*DEFINED, *OF_THE_WORK)}

    @property
    def facts(self) -> dict[str, Any]:
        """What the action writes."""
        data = self.cleaned_data
        target: Decimal | None = data["target"]
        return {
            "metric": {name: data[name] for name in OF_METRIC},
            "definition": self.definition,
            "target": None if target is None else (data["target_from"], target),
        }
