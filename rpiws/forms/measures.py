"""A measure of an RPIW: each kind asks for its own facts."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import Q

from analysis.durations import time_unit
from analysis.entries import UnreadableEntry
from metrics.models import Metric
from rpiws.actions.measures import Comparing, comparability_at_stake
from rpiws.entries import read, say
from rpiws.forms.person_choice import PersonChoice
from rpiws.models import Measure, Rpiw
from ui.plain_form import PlainForm, VersionedForm, line

Kind, Better, Shape = Measure.Kind, Measure.Better, Measure.Shape
TIME_UNITS = ("min", "h", "days", "s")


@dataclass(frozen=True)
class KindOfMeasure:
    """What the form asks for one kind: which facts, in which units, and which direction it proposes to be better."""

    explanation: str
    asks: tuple[str, ...]
    units: tuple[str, ...] = ()
    unit: str = ""
    better: str = ""
    names: str = ""
    fixed_unit: bool = field(default=False)


KINDS: dict[str, KindOfMeasure] = {
    Kind.LEAD_TIME: KindOfMeasure(
        "How long it takes, from the start to the end of the process as you define both.",
        ("starts_when", "ends_when", "unit", "day_hours", "statistic", "sampling"),
        units=TIME_UNITS,
        unit="min",
        better=Better.LOWER,
        names="like Step-down decision to bed vacated",
    ),
    Kind.DEFECTS: KindOfMeasure(
        "How many times something is not done as intended.",
        ("defect_basis", "outputs", "unit", "statistic", "sampling"),
        unit="defects",
        better=Better.LOWER,
        names="like Elective cases cancelled in 30 days",
    ),
    Kind.DEFECT_RATIO: KindOfMeasure(
        "Which part of the outputs has a defect: defects out of outputs, like 6/28.",
        ("outputs", "sampling"),
        unit="%",
        better=Better.LOWER,
        names="like Staffing records with a defect",
        fixed_unit=True,
    ),
    Kind.SAFETY_5S: KindOfMeasure(
        "Environment, health and safety: the 5S level of the place, from 0 to 5.",
        (),
        unit="level",
        better=Better.HIGHER,
        names="like 5S level of the equipment store",
        fixed_unit=True,
    ),
    Kind.WALKING: KindOfMeasure(
        "How far somebody walks for one round of the process.",
        ("unit", "statistic", "sampling"),
        units=("m", "km", "steps"),
        unit="m",
        better=Better.LOWER,
        names="like Walking distance for one round",
    ),
    Kind.INVENTORY: KindOfMeasure(
        "How much is kept: items, packs, or what they cost.",
        ("unit", "sampling"),
        unit="items",
        better=Better.LOWER,
        names="like Catheters in the store",
    ),
    Kind.OWN: KindOfMeasure(
        "Anything else that tells the team whether the process got better.",
        ("shape", "unit", "outputs", "statistic", "sampling"),
        names="like Patients who felt informed",
    ),
}

SHAPE_HINTS = {
    Shape.VALUE: "Like 12 or 4.5, in your own unit.",
    Shape.DURATION: "Like 2 h 15 min.",
    Shape.RATIO: "Like 6/28 or 21%.",
}


class MetricsServed(forms.ModelMultipleChoiceField):
    """Metrics of one value stream; those that the measure serves already stay choosable when they were retired."""

    def __init__(self) -> None:
        super().__init__(
            queryset=Metric.objects.none(),
            required=False,
            widget=forms.CheckboxSelectMultiple,
            label="Metrics of the value stream that it serves",
            help_text="What the value stream watches and this measure should move. The RPIW's week then stands on their"
            " charts.",
            error_messages={"invalid_choice": "Choose from the metrics of this value stream"},
        )

    def of_value_stream(self, value_stream_id: int, *, served: Iterable[Metric] = ()) -> bool:
        """Offer these. Whether there are any."""
        chosen = Q(retired_on=None) | Q(pk__in=[metric.pk for metric in served])
        self.queryset = found = Metric.objects.filter(chosen, value_stream_id=value_stream_id)
        return found.exists()


def text(label: str, length: int, help_text: str = "") -> forms.CharField:
    return line(label, length=length, required=False, help_text=help_text)


class MeasureForm(PlainForm):
    """`kind` decides which facts are asked. The target is typed as people say it, and kept as readings are."""

    button = "Add the measure"
    name = line("Name", length=160, missing="Write what is measured")
    starts_when = line(
        "Starts when",
        length=200,
        help_text="Like the decision to step down is written.",
        missing="Write what starts the time",
    )
    ends_when = line("Ends when", length=200, help_text="Like the bed is vacated.", missing="Write what ends the time")
    shape = forms.ChoiceField(
        label="How it is written", choices=Shape.choices, widget=forms.RadioSelect, initial=Shape.VALUE
    )
    defect_basis = forms.ChoiceField(
        label="How defects are counted",
        choices=Measure.DefectBasis.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose how defects are counted"},
    )
    outputs = text("What is counted", 120, "Like staffing records. The readings are defects out of so many of these.")
    unit = line("Unit", length=40, help_text="The one unit in which it is shown.", missing="Write the unit")
    day_hours = forms.DecimalField(
        label="Hours in a day",
        min_value=Decimal("0.25"),
        max_value=24,
        max_digits=4,
        decimal_places=2,
        initial=24,
        help_text="24, unless the measure counts working days. Then write how many hours a working day has, like 7.5.",
        error_messages={
            "required": "Write the hours in a day; it is 24 unless the measure counts working days",
            "invalid": "Write a number of hours, like 24 or 7.5",
            "max_value": "A day has at most 24 hours",
            "min_value": "A day has at least a quarter of an hour",
        },
    )
    better_when = forms.ChoiceField(
        label="Which way is better?",
        choices=Better.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose which way is better, or neither"},
    )
    target = text("Target", 40)
    statistic = forms.ChoiceField(
        label="When several are measured, the reading is their",
        choices=Measure.Statistic.choices,
        initial=Measure.Statistic.MEAN,
        widget=forms.RadioSelect,
        help_text="Fixed once there is a baseline. A median is not moved by one very long case.",
    )
    sampling = text(
        "How the sample is taken", 200, "Like ten in a row on a weekday morning. Take it the same way each time."
    )
    remeasured_by = PersonChoice(label="Who remeasures it", help_text="They are reminded when it is due.")
    remeasured_by_post = text("Or their post", 160, "When they have no account here, like Ward clerk.")
    metrics = MetricsServed()

    def __init__(
        self,
        *args: Any,
        kind: str,
        rpiw: Rpiw,
        named: Any = None,
        served: Iterable[Metric] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.kind = Kind(kind)
        self.asked = KINDS[self.kind]
        optional = {
            "starts_when",
            "ends_when",
            "shape",
            "defect_basis",
            "outputs",
            "unit",
            "day_hours",
            "statistic",
            "sampling",
        }
        for name in optional - set(self.asked.asks):
            del self.fields[name]
        self.fields["name"].help_text = self.asked.names[:1].upper() + self.asked.names[1:] + "."
        self.fields["better_when"].initial = self.asked.better
        self.fields["target"].help_text = {
            Kind.LEAD_TIME: "As you say it, like 8 h or 1.5 days.",
            Kind.DEFECT_RATIO: "Like 10% or 2/20.",
            Kind.SAFETY_5S: "A level from 0 to 5.",
        }.get(self.kind, "As you say it, like 25.")
        if self.asked.units:
            self.fields["unit"] = forms.ChoiceField(
                label="Unit in which it is shown",
                choices=[(unit, unit) for unit in self.asked.units],
                initial=self.asked.unit,
            )
        elif "unit" in self.fields:
            self.fields["unit"].initial = self.asked.unit
        if self.kind == Kind.DEFECT_RATIO:
            self.fields["outputs"].required = True
            self.fields["outputs"].error_messages["required"] = "Write what is counted, like staffing records"
        if "shape" in self.fields:
            self.fields["shape"].choice_hints = SHAPE_HINTS  # type: ignore[attr-defined]
        choice = self.fields["remeasured_by"]
        assert isinstance(choice, PersonChoice)
        choice.of_trust(rpiw.trust_id, named=named)
        metrics = self.fields["metrics"]
        assert isinstance(metrics, MetricsServed)
        if not metrics.of_value_stream(rpiw.value_stream_id, served=served):
            del self.fields["metrics"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        unit, shape = cleaned.get("unit"), cleaned.get("shape")
        if self.kind == Kind.OWN and shape == Shape.DURATION and unit and time_unit(unit) is None:
            self.add_error("unit", "A time is shown in s, min, h or days")
        if self.kind == Kind.OWN and shape == Shape.RATIO:
            cleaned["unit"] = "%"
        if "target" in cleaned and not self.errors.get("unit"):
            cleaned["target"] = self._target(cleaned)
        return cleaned

    def _target(self, cleaned: dict[str, Any]) -> Decimal | None:
        """The target in the form that readings of the measure have: minutes, parts of 1, its own unit."""
        typed = cleaned["target"].strip()
        if not typed:
            return None
        measure = Measure(kind=self.kind, unit=self.asked.unit)
        for name in ("unit", "shape", "day_hours"):
            if cleaned.get(name):
                setattr(measure, name, cleaned[name])
        try:
            return read(measure, typed).value
        except UnreadableEntry as unreadable:
            self.add_error("target", str(unreadable))
            return None

    @property
    def facts(self) -> dict[str, Any]:
        """The measure's own facts, for an action."""
        facts = {name: value for name, value in self.cleaned_data.items() if name not in ("version", "comparing")}
        if self.asked.fixed_unit:
            facts["unit"] = self.asked.unit
        return facts


class EditMeasureForm(MeasureForm, VersionedForm):
    """What a baseline fixes is no longer asked; a change of how it is taken asks whether readings stay comparable."""

    button = "Save"

    def __init__(self, *args: Any, measure: Measure, has_baseline: bool, **kwargs: Any) -> None:
        given: dict[str, Any] = {"named": measure.remeasured_by, "served": measure.metrics.all()}
        super().__init__(*args, kind=measure.kind, rpiw=measure.rpiw, **given, **kwargs)
        self.measure, self.has_baseline = measure, has_baseline
        if not has_baseline:
            return
        for name in ("statistic", "unit", "shape"):
            self.fields.pop(name, None)
        self.fields["comparing"] = forms.ChoiceField(
            label="Can readings before and after this change be compared?",
            choices=[(comparing.value, comparing.label) for comparing in Comparing],
            widget=forms.RadioSelect,
            required=False,
            help_text="Asked when you change its start, end, sampling or definition, because it has a baseline.",
        )

    @classmethod
    def initial_of(cls, measure: Measure) -> dict[str, Any]:
        names = [name for name in cls.base_fields if name != "metrics" and hasattr(measure, name)]
        return {name: getattr(measure, name) for name in names} | {
            "target": "" if measure.target is None else say(measure, measure.target).removeprefix("level "),
            "metrics": [metric.pk for metric in measure.metrics.all()],
        }

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.has_baseline and not cleaned.get("comparing") and comparability_at_stake(self.measure, cleaned):
            self.add_error(
                "comparing", "You changed how it is measured. Say whether readings before and after can be compared"
            )
        return cleaned

    def _target(self, cleaned: dict[str, Any]) -> Decimal | None:
        kept = {name: getattr(self.measure, name) for name in ("unit", "shape") if name not in self.fields}
        return super()._target(kept | cleaned)

    @property
    def comparing(self) -> Comparing | None:
        return Comparing(self.cleaned_data["comparing"]) if self.cleaned_data.get("comparing") else None
