"""Uploading a file, matching its columns, and saying yes to what it changes."""

from typing import Any

from django import forms

from metrics.files import limits, reading
from metrics.files.cells import Decimals
from metrics.files.layouts import CQC, OWN
from metrics.files.limits import Unreadable
from metrics.imports.matching import (
    LEAVE_OUT,
    SAID_BY_ROW,
    Before,
    likely_decimals,
    may_have_commas,
    metric_columns,
    plan_columns,
    suggested,
)
from metrics.imports.plans import metrics_in_force
from metrics.models import FileImport, Unit
from trusts.models import ValueStream
from ui.bounds import DONE
from ui.fields import PartialDateField
from ui.patient_data import refuse_patient_data
from ui.plain_form import PlainForm, line


class UploadForm(PlainForm):
    """A file that can be read; `looked` says what it is."""

    button = "Upload"
    file = forms.FileField(
        label="The file",
        help_text="CSV, or a workbook saved as .xlsx or .ods, of up to 40 MB. Without names or numbers of patients.",
        error_messages={"required": "Choose a file", "empty": "The file is empty"},
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.tsv,.xlsx,.ods"}),
    )

    def __init__(self, *args: Any, may_edit_trust: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.may_edit_trust = may_edit_trust
        self.content = b""
        self.looked: dict[str, Any] = {}

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        refuse_patient_data(file.name)
        if file.size > limits.UPLOAD:
            raise forms.ValidationError(limits.TOO_LARGE)
        self.content = file.read()
        try:
            self.looked = reading.look(self.content)
        except Unreadable as unreadable:
            raise forms.ValidationError(str(unreadable)) from None
        if self.looked["layout"] == CQC and not self.may_edit_trust:
            raise forms.ValidationError("The CQC's ratings are recorded by a KPO lead. Ask yours to upload the file")
        return file


class MatchForm(PlainForm):
    """What one column holds is one choice. `columns` is what the import keeps of the answers."""

    button = "Go on"

    def __init__(self, *args: Any, file_import: FileImport, **kwargs: Any) -> None:
        self.stream: ValueStream = file_import.value_stream
        self.given: dict[str, Any] = file_import.columns
        super().__init__(*args, **kwargs)

    def metric_field(self, units: tuple[str, ...], label: str) -> forms.ChoiceField:
        """The metrics in one of the units."""
        choices = [
            (str(metric.pk), metric.name)
            for metric, versions in metrics_in_force(self.stream)
            if versions[-1].unit in units
        ]
        field = forms.ChoiceField(
            label=label,
            choices=[("", "Choose a metric"), *choices],
            error_messages={"required": "Choose the metric that the file measures"},
        )
        if not choices:
            names = ", ".join(str(Unit(unit).label) for unit in units)
            field.help_text = f"This value stream has no metric with the unit {names} yet. Adopt one first."
        return field

    @property
    def columns(self) -> dict[str, Any]:
        raise NotImplementedError


class OwnForm(MatchForm):
    """A table of the trust's own: one choice for each column."""

    day_first = forms.ChoiceField(
        label="A date like 03/04/2023 is",
        choices=[("yes", "3 April 2023"), ("no", "4 March 2023")],
        widget=forms.RadioSelect,
        initial="yes",
    )
    decimals = forms.ChoiceField(
        label="A number like 3,125 is",
        choices=[
            (Decimals.POINT, "3125: decimals stand behind a point"),
            (Decimals.COMMA, "3.125: decimals stand behind a comma"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what the comma stands for: the file does not show it"},
    )
    fractions = forms.BooleanField(
        label="Percentages are written as parts of one, like 0.842 for 84.2%",
        required=False,
        help_text="A cell with a % sign is read as it shows.",
    )

    def __init__(self, *args: Any, file_import: FileImport, before: Before | None = None, **kwargs: Any) -> None:
        self.before = before
        headings: list[str] = file_import.columns["headings"]
        choices = [
            (LEAVE_OUT, "Leave it out"),
            ("period", SAID_BY_ROW["period"]),
            *metric_columns(file_import.value_stream).items(),
            *((key, words) for key, words in SAID_BY_ROW.items() if key != "period"),
        ]
        initial = suggested(headings, file_import.value_stream)
        kwargs["initial"] = {"decimals": likely_decimals(file_import, before)}
        if before:
            initial = before.matched
            kwargs["initial"] |= {"day_first": "yes" if before.day_first else "no", "fractions": before.fractions}
        self.base_fields = {
            **{
                f"column_{n}": forms.ChoiceField(
                    label=heading or f"Column {n + 1}, without a heading",
                    choices=choices,
                    initial=initial[n],
                    help_text=_like(file_import.columns["samples"], n),
                )
                for n, heading in enumerate(headings)
                if heading or _like(file_import.columns["samples"], n)
            },
            **self.base_fields,
        }
        super().__init__(*args, file_import=file_import, **kwargs)
        if not may_have_commas(file_import, before):
            del self.fields["decimals"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        there: dict[str, str] = {}
        for name in self.fields:
            if name.startswith("column_") and (key := cleaned.get(name, LEAVE_OUT)) != LEAVE_OUT:
                if key in there:
                    self.add_error(name, f"The column {self.fields[there[key]].label} holds this already. Choose one")
                there.setdefault(key, name)
        first = next((name for name in self.fields if name.startswith("column_")), None)
        if self.errors:
            return cleaned
        figures = plan_columns(self._matched())["figures"]
        if "period" not in there:
            self.add_error(first, "Choose which column holds the date or period")
        if not figures:
            self.add_error(first, "Choose which column holds the values of a metric")
        for figure in figures:
            self._check(figure, there)
        return cleaned

    def _check(self, figure: dict[str, Any], there: dict[str, str]) -> None:
        of_row = figure["metric"] is None
        place = next(figure[name] for name in ("value", "numerator", "denominator") if name in figure)
        if ("numerator" in figure) != ("denominator" in figure):
            self.add_error(f"column_{place}", "Choose the columns of both counted and out of, or of neither")
        if of_row and "metric" not in there:
            self.add_error(f"column_{place}", "Choose also which column names the metric, or choose a metric here")

    def _matched(self) -> list[str]:
        return [self.cleaned_data.get(f"column_{n}", LEAVE_OUT) for n in range(len(self.given["headings"]))]

    @property
    def columns(self) -> dict[str, Any]:
        matched = self._matched()
        return {
            "matched": matched,
            **plan_columns(matched),
            "day_first": self.cleaned_data["day_first"] == "yes",
            "fractions": self.cleaned_data["fractions"],
            "decimals": self.cleaned_data.get("decimals", Decimals.POINT),
        }


class TurnoverForm(MatchForm):
    staff = forms.ChoiceField(
        label="Counted as",
        choices=[("hc", "People (headcount)"), ("fte", "Full-time equivalents")],
        widget=forms.RadioSelect,
        initial="hc",
    )
    groups = forms.ChoiceField(
        label="Staff groups",
        choices=[("no", "All staff together"), ("yes", "All staff together, and each staff group as a subgroup")],
        widget=forms.RadioSelect,
        initial="no",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields = {"metric": self.metric_field((Unit.PERCENT,), "The metric of monthly turnover"), **self.fields}

    @property
    def columns(self) -> dict[str, Any]:
        given = self.cleaned_data
        return {"metric": int(given["metric"]), "staff": given["staff"], "groups": given["groups"] == "yes"}


class AccidentEmergencyForm(MatchForm):
    figure = forms.ChoiceField(
        label="What the metric measures",
        choices=[
            ("within", "Part seen within four hours (%)"),
            ("over", "Part that waited longer than four hours (%)"),
            ("attendances", "Number of attendances"),
            ("breaches", "Number that waited longer than four hours"),
        ],
        widget=forms.RadioSelect,
        initial="within",
    )
    departments = forms.ChoiceField(
        label="Departments",
        choices=[("all", "All together"), ("1", "Major departments only (type 1)")],
        widget=forms.RadioSelect,
        initial="all",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields = {"metric": self.metric_field((Unit.PERCENT, Unit.COUNT), "The metric"), **self.fields}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        units = {str(metric.pk): versions[-1].unit for metric, versions in metrics_in_force(self.stream)}
        if cleaned.get("metric") and cleaned.get("figure"):
            wanted = Unit.PERCENT if cleaned["figure"] in ("within", "over") else Unit.COUNT
            if units[cleaned["metric"]] != wanted:
                self.add_error("figure", "The metric has another unit. Choose another figure, or another metric")
        return cleaned

    @property
    def columns(self) -> dict[str, Any]:
        given = self.cleaned_data
        return {"metric": int(given["metric"]), "figure": given["figure"], "departments": given["departments"]}


class FriendsFamilyForm(MatchForm):
    figure = forms.ChoiceField(
        label="What the metric measures",
        choices=[
            ("positive", "Part that answered good or very good"),
            ("negative", "Part that answered poor or very poor"),
        ],
        widget=forms.RadioSelect,
        initial="positive",
    )  # fmt: skip
    month = PartialDateField(
        label="Month of the workbook", help_text="For example, April 2023: leave the day empty.", within=DONE
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields = {"metric": self.metric_field((Unit.PERCENT,), "The metric"), **self.fields}
        if self.given.get("month"):
            year, month, _ = self.given["month"].split("-")
            self.fields["month"].initial = {"month": str(int(month)), "year": year}

    def clean_month(self) -> Any:
        month = self.cleaned_data["month"]
        if month.precision == "year":
            raise forms.ValidationError("Write the month too", code="missing_month")
        return month.date.replace(day=1)

    @property
    def columns(self) -> dict[str, Any]:
        given = self.cleaned_data
        return {"metric": int(given["metric"]), "figure": given["figure"], "month": given["month"].isoformat()}


class RatingsForm(MatchForm):
    """The CQC's file needs no matching."""

    button = "Read it again"

    @property
    def columns(self) -> dict[str, Any]:
        return {}


MATCH_FORMS: dict[str, type[MatchForm]] = {
    CQC: RatingsForm,
    OWN: OwnForm,
    "turnover": TurnoverForm,
    "accident_emergency": AccidentEmergencyForm,
    "friends_family": FriendsFamilyForm,
}


class BeginForm(PlainForm):
    """Whether values that differ from what is recorded become corrections, and a yes to those that are odd; asked only
    where there are any."""

    button = "Import"
    looked = forms.BooleanField(
        label="I have looked at what is odd, and it is right",
        error_messages={"required": "Say that you have looked at what is odd"},
    )
    replaces = forms.ChoiceField(
        label="Values that differ from what is recorded",
        choices=[("yes", "Correct them to what the file says"), ("no", "Leave them as they are recorded")],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what becomes of the values that differ"},
    )
    reason = line("Why they change", length=240, required=False, help_text="For corrections, like: validated late.")

    def __init__(self, *args: Any, differing: int, odd: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not differing:
            del self.fields["replaces"], self.fields["reason"]
        if not odd:
            del self.fields["looked"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("replaces") == "yes" and not cleaned.get("reason"):
            self.add_error("reason", "Write why the values change")
        return cleaned

    @property
    def answer(self) -> dict[str, Any]:
        replaces = self.cleaned_data.get("replaces") == "yes"
        return {"replaces": replaces, "reason": self.cleaned_data.get("reason", "") if replaces else ""}


def _like(samples: list[list[Any]], place: int) -> str:
    """The first values below a heading."""
    values = [cells[place] for _, cells in samples if place < len(cells) and cells[place].strip()]
    return f"Like {', '.join(values[:3])}" if values else ""
