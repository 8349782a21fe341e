"""What the columns of a trust's own table may hold, and what their headings suggest."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from metrics.files.cells import Decimals, column_name
from metrics.files.entries import as_name
from metrics.imports.plans import metrics_in_force
from metrics.models import FileImport
from trusts.models import ValueStream

LEAVE_OUT = "none"
LOOKED_BACK = 20
PROBLEM = "What is the matter"
_OF_FILE = re.compile(rf"{PROBLEM} \(file (\d{{1,18}})\)")
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


@dataclass(frozen=True)
class Before:
    """How an earlier file was matched, for the columns of this one."""

    file: FileImport
    matched: list[str]
    mended: bool

    @property
    def day_first(self) -> bool:
        return bool(self.file.columns["day_first"])

    @property
    def fractions(self) -> bool:
        return bool(self.file.columns["fractions"])

    @property
    def decimals(self) -> str:
        return str(self.file.columns.get("decimals", Decimals.POINT))


def likely_decimals(file_import: FileImport, before: Before | None) -> str:
    """Which mark the decimals of a file stand behind: as was said of it, as most of its first numbers show, as was said
    of the file before, or as is usual. Empty where nothing tells."""
    columns = file_import.columns
    comma, point, either = _marks(columns)
    if before and before.file == file_import:
        return before.decimals
    if _shows_commas(columns):
        return Decimals.COMMA
    if before and comma >= point:
        return before.decimals
    return "" if _commas_are_free(columns) and either and not point else Decimals.POINT


def may_have_commas(file_import: FileImport, before: Before | None) -> bool:
    """Whether it is asked what a comma stands for."""
    columns, told = file_import.columns, file_import.found.get("told")
    return bool(
        _commas_are_free(columns)
        or _shows_commas(columns)
        or (told and marks_in_doubt(columns, told))
        or (before and before.decimals != Decimals.POINT)
    )


def marks_in_doubt(columns: dict[str, Any], told: dict[str, Any]) -> bool:
    """Whether numbers like 3,125 are in doubt after all: most others of the file have the other mark, or nobody was
    asked and nothing showed what a comma stands for."""
    _, point, either = _marks(columns)
    unasked = _commas_are_free(columns) and not (point or either) and columns.get("decimals") == Decimals.POINT
    # Files read by the release before know none of these.
    return told.get("other_marks", 0) > told.get("same_marks", 0) or bool(unasked and told.get("marks"))


def _marks(columns: dict[str, Any]) -> tuple[int, int, str]:
    """What the first numbers of a file show: see metrics.files.table."""
    marks = columns.get("marks", {"comma": 0, "point": 0, "either": ""})
    return marks["comma"], marks["point"], marks["either"]


def _shows_commas(columns: dict[str, Any]) -> bool:
    """One number with a comma among many is a slip."""
    comma, point, _ = _marks(columns)
    return comma > (point if _commas_are_free(columns) else max(point, 1))


def _commas_are_free(columns: dict[str, Any]) -> bool:
    """Where commas part the columns, or a program kept the numbers, a comma in a number parts its thousands."""
    book = columns["book"]
    return book["kind"] == "csv" and book["delimiter"] != ","


def matched_before(file_import: FileImport) -> Before | None:
    """How this file, or the last one like it, was matched: one with the same headings, or of which these are the rows
    to mend. Those name their file in a heading, because two files may differ in how their dates are to be read."""
    if "matched" in file_import.columns:
        return Before(file_import, file_import.columns["matched"], mended=False)
    headings: list[str] = file_import.columns["headings"]
    numbers = [int(match[1]) for heading in headings if (match := _OF_FILE.fullmatch(heading))]
    earlier = FileImport.objects.filter(value_stream_id=file_import.value_stream_id, layout=file_import.layout)
    earlier = earlier.exclude(pk=file_import.pk).filter(columns__has_key="matched").defer("content")
    for one in earlier.filter(pk__in=numbers):
        known = _mended(one)
        return Before(one, [_taken(known, heading) for heading in headings], mended=True)
    if last := earlier.filter(columns__headings=headings).order_by("-at").first():
        return Before(last, last.columns["matched"], mended=False)
    names = [as_name(heading) for heading in headings]
    for one in earlier.filter(rejected__gt=0).order_by("-at")[:LOOKED_BACK]:
        # The last column of its rows to mend was taken away.
        if names == [as_name(heading) for _, heading in headings_to_mend(one.columns)]:
            return Before(one, [one.columns["matched"][place] for place in matched_columns(one.columns)], mended=False)
    return None


def mended_heading(file_import: FileImport) -> str:
    """The heading of the last column of rows to mend; it tells whose they are when they come back."""
    return f"{PROBLEM} (file {file_import.pk})"


def headings_to_mend(columns: dict[str, Any]) -> list[tuple[int, str]]:
    """The matched columns of a file, as its rows to mend are headed: place and heading."""
    headings: list[str] = columns["headings"]
    return [(place, headings[place] or f"Column {column_name(place)}") for place in matched_columns(columns)]


def matched_columns(plan: dict[str, Any]) -> list[int]:
    """The columns that are taken: others may hold what has no place here, like patients' names."""
    if "figures" not in plan:
        return list(range(len(plan["headings"])))
    used = set(plan["columns"].values())
    for figure in plan["figures"]:
        used |= {figure[name] for name in FIGURES if figure.get(name) is not None}
    return sorted(used)


def _mended(file_import: FileImport) -> dict[str, list[str]]:
    """By heading, as it is compared, what the columns of a file with rows to mend were matched with."""
    known: dict[str, list[str]] = {}
    for place, heading in headings_to_mend(file_import.columns):
        known.setdefault(as_name(heading), []).append(file_import.columns["matched"][place])
    return known


def _taken(known: dict[str, list[str]], heading: str) -> str:
    found = known.get(as_name(heading))
    return found.pop(0) if found else LEAVE_OUT


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
