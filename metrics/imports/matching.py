"""What the columns of a trust's own table may hold, and what their headings suggest."""

from collections.abc import Sequence
from typing import Any

from metrics.files.entries import as_name
from metrics.imports.plans import metrics_in_force
from metrics.models import FileImport
from trusts.models import ValueStream

LEAVE_OUT = "none"
SAID_BY_ROW = {
    "period": "Date or period",
    "subgroup": "Subgroup, like a ward",
    "metric": "Name of the metric",
    "value": "Value of the metric that the row names",
    "numerator": "Counted, of the metric that the row names",
    "denominator": "Out of, of the metric that the row names",
    "note": "Note",
    "organisation": "Code of the organisation (only this trust's rows are taken)",
}
FIGURES = {"value": "", "numerator": ": counted", "denominator": ": out of"}
_WORDS = {
    "period": ("period", "date", "month", "week", "day", "quarter", "month beginning", "week beginning", "month/year"),
    "subgroup": ("subgroup", "ward", "staff group", "site", "team", "area", "department"),
    "metric": ("metric", "measure", "indicator", "name of the metric"),
    "value": ("value", "result", "figure"),
    "numerator": ("numerator", "counted"),
    "denominator": ("denominator", "out of"),
    "note": ("note", "notes", "comment", "comments", "remark"),
    "organisation": ("ods code", "organisation", "org_code", "organisation code", "trust code", "provider code"),
}


def metric_columns(stream: ValueStream) -> dict[str, str]:
    """What a column may hold of each metric, by key like `value:12`, in the words of the choice."""
    found = {}
    for metric, versions in metrics_in_force(stream):
        unit = versions[-1].get_unit_display()
        found[f"value:{metric.pk}"] = f"{metric.name} ({unit})"
        if versions[-1].denominator:
            found[f"numerator:{metric.pk}"] = f"{metric.name}{FIGURES['numerator']}"
            found[f"denominator:{metric.pk}"] = f"{metric.name}{FIGURES['denominator']}"
    return found


def suggested(headings: Sequence[str], stream: ValueStream) -> list[str]:
    """For each heading what its column seems to hold; nothing is suggested twice."""
    by_words = {word: key for key, words in _WORDS.items() for word in words}
    for key, words in metric_columns(stream).items():
        by_words[as_name(words)] = key
        by_words.setdefault(as_name(words.rsplit(" (", 1)[0]), key)
    found: list[str] = []
    for heading in headings:
        key = by_words.get(as_name(heading), LEAVE_OUT)
        found.append(LEAVE_OUT if key in found else key)
    return found


def matched_before(headings: Sequence[str], stream: ValueStream, *, besides: FileImport) -> dict[str, Any] | None:
    """How a file with the same headings was matched last, so that a mended file needs no matching anew."""
    earlier = FileImport.objects.filter(value_stream=stream, layout=besides.layout, columns__headings=list(headings))
    earlier = earlier.exclude(pk=besides.pk).exclude(state=FileImport.State.UPLOADED).order_by("-at")
    last = earlier.values_list("columns", flat=True).first()
    return last if last and "matched" in last else None


def plan_columns(chosen: Sequence[str]) -> dict[str, Any]:
    """Columns and figures of a plan, from what each column was matched with."""
    columns: dict[str, int] = {}
    figures: dict[int | None, dict[str, Any]] = {}
    for place, key in enumerate(chosen):
        name, _, metric = key.partition(":")
        if name in FIGURES:
            metric_id = int(metric) if metric else None
            figures.setdefault(metric_id, {"metric": metric_id})[name] = place
        elif key != LEAVE_OUT:
            columns[name] = place
    return {"columns": columns, "figures": list(figures.values())}
