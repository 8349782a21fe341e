"""The words of the pages of an import."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django.urls import reverse

from metrics.files.cells import Decimals, column_name
from metrics.files.layouts import CQC, OWN, friends_family
from metrics.imports.doubts import MOST
from metrics.imports.matching import Before
from metrics.imports.plans import metrics_in_force
from metrics.models import FileImport, Measurement
from trusts.models import CqcRating, ValueStream
from ui.words import day_year, listing, month, number, plural

State = FileImport.State
KINDS = {
    OWN: "a table of your own",
    "turnover": "NHS England's workforce turnover benchmarking",
    "friends_family": "the Friends and Family Test's A&E workbook",
    CQC: "the Care Quality Commission's latest ratings",
    "accident_emergency": "monthly A&E attendances of all providers",
}
STEPS = ("Upload", "Match columns", "Look", "Import", "Report")
_NOW = {State.UPLOADED: 1, State.FAILED: 1, State.CHECKING: 2, State.CHECKED: 2, State.IMPORTING: 3, State.DONE: 4}
_STATE_MARKS = {State.DONE: "done", State.FAILED: "late", State.UPLOADED: "due", State.CHECKED: "due"}
_MISSING = dict(Measurement.Missing.choices)


def crumbs(stream: ValueStream, *, inside: bool = False) -> list[tuple[str, str]]:
    """The way up: trust, value stream, and from a file the page where files are uploaded."""
    way = [
        (str(stream.trust), reverse("trust", args=[stream.trust.ods_code])),
        (stream.name, reverse("value_stream", args=[stream.pk])),
    ]
    return [*way, ("Import a file", reverse("import_start", args=[stream.pk]))] if inside else way


def listed(imports: Iterable[FileImport]) -> list[dict[str, Any]]:
    """Earlier files: what became of each."""
    return [
        {
            "href": reverse("file_import", args=[one.pk]),
            "name": one.name,
            "at": one.at,
            "mark": _STATE_MARKS.get(State(one.state), "plain"),
            "state": "given up" if one.state == State.FAILED and one.ended_at else one.get_state_display(),
            "became": outcome(one) if one.state == State.DONE else "",
        }
        for one in imports
    ]


def outcome(done: FileImport) -> str:
    """What an import did, in one sentence."""
    what = "rating" if done.layout == CQC else "measurement"
    parts = [f"{plural(done.added, f'new {what}')}"]
    if done.corrected:
        parts.append(f"{number(done.corrected)} corrected")
    elif done.differing:
        parts.append(f"{number(done.differing)} left as recorded")
    if done.unchanged:
        parts.append(f"{number(done.unchanged)} already recorded")
    if done.rejected:
        parts.append(f"{plural(done.rejected, 'row')} to mend")
    return ", ".join(parts)


def steps(file_import: FileImport) -> list[dict[str, str]]:
    now = _NOW[State(file_import.state)]
    if file_import.state == State.DONE:
        now = len(STEPS)
    return [
        {"label": label, "detail": "", "state": "done" if n < now else "now" if n == now else "later"}
        for n, label in enumerate(STEPS)
    ]


def columns_page(file_import: FileImport, form: Any) -> dict[str, Any]:
    columns = file_import.columns
    where = f", sheet “{columns['sheet']}”" if columns["sheet"] else ""
    return _frame(file_import) | {
        "form": form,
        "kind": KINDS.get(file_import.layout, ""),
        "where": f"Headings in row {columns['heading_row']}{where}.",
        "caveat": friends_family.CAVEAT if file_import.layout == "friends_family" else "",
        "own": file_import.layout == OWN,
        "matched_before": _before(file_import, getattr(form, "before", None)),
    }


def _before(file_import: FileImport, before: Before | None) -> str:
    """From which file the answers on the page come, and how that was read."""
    if before is None or before.file == file_import:
        return ""
    order = "day/month/year" if before.day_first else "month/day/year"
    parts = [f"dates as {order}", "percentages as parts of one" if before.fractions else "percentages as they stand"]
    if before.decimals != Decimals.POINT:
        parts.append("decimals behind a comma")
    name = before.file.name
    these = (
        f"These are the rows to mend of {name}. They are matched as it was"
        if before.mended
        else (f"Matched as {name} was, which has the same headings")
    )
    return f"{these}: {listing(parts)}. Look whether it still holds."


def file_page(file_import: FileImport, form: Any) -> dict[str, Any]:
    """Everything that the page of a file shows, by its state."""
    found = file_import.found
    told = found.get("told", {})
    return _frame(file_import) | {
        "form": form,
        "waiting": file_import.state in (State.CHECKING, State.IMPORTING),
        "progress": progress(file_import),
        "checked": file_import.state == State.CHECKED,
        "done": file_import.state == State.DONE,
        "failed": file_import.state == State.FAILED,
        "given_up": file_import.state == State.FAILED and file_import.ended_at is not None,
        "ratings": _ratings(file_import) if file_import.layout == CQC else None,
        "outcome": outcome(file_import) if file_import.state == State.DONE else "",
        "counts": counts(file_import),
        "notes": notes(file_import, told),
        "problems": problems(file_import),
        "mends": file_import.layout == OWN,
        "odd": odd_values(file_import),
        "odd_values": f"{plural(odd(file_import), 'value')}{' or more' if odd(file_import) >= MOST else ''}",
        "odd_left_out": odd(file_import) - len(found.get("odd", [])),
        "problems_left_out": max(0, file_import.rejected - len({p["line"] for p in file_import.problems})),
        "entries": _entries(file_import),
        "changes": _changes(file_import),
        "caveat": friends_family.CAVEAT if file_import.layout == "friends_family" else "",
        "importable": file_import.added + file_import.differing,
    }


def progress(file_import: FileImport) -> dict[str, Any]:
    """How far the worker is. Without a number of rows yet, there is only a count."""
    importing = file_import.state == State.IMPORTING
    total = file_import.rows if importing else 0
    done = min(file_import.rows_done, total) if total else file_import.rows_done
    doing = "Importing" if importing else "Reading"
    if total:
        words = f"{doing}: {number(done)} of {plural(total, 'row')}"
    else:
        words = f"{doing}: {plural(done, 'row')} so far" if done else f"{doing} {file_import.name}"
    return {
        "words": words,
        "done": done,
        "total": total,
        "url": reverse("import_progress", args=[file_import.pk]),
        "reload": reverse("file_import", args=[file_import.pk]),
    }


def counts(file_import: FileImport) -> list[tuple[str, str]]:
    done = file_import.state == State.DONE
    rows = [
        ("Rows read", number(file_import.rows)),
        ("New measurements" if not done else "Measurements added", number(file_import.added)),
        ("Already recorded, the same", number(file_import.unchanged)),
    ]
    if done:
        rows.append(("Corrected", number(file_import.corrected)))
    if file_import.differing and not file_import.corrected:
        rows.append(("Recorded with another value", number(file_import.differing)))
    return [*rows, ("Rows to mend", number(file_import.rejected))]


def notes(file_import: FileImport, told: dict[str, Any]) -> list[str]:
    """What a reader of the report should know."""
    found = []
    if told.get("others"):
        code = file_import.value_stream.trust.ods_code
        found.append(f"{plural(told['others'], 'row')} of other organisations left out: only rows of {code} are taken.")
    if told.get("either"):
        found.append(
            f"{plural(told['either'], 'date')} could be read with day and month the other way round. "
            f"Read here: {told['either_like']}."
        )
    return found


def problems(file_import: FileImport) -> list[dict[str, Any]]:
    return _at_cells(file_import, file_import.problems)


def odd(file_import: FileImport) -> int:
    """How many values are asked about because they are odd."""
    return file_import.found.get("odd_values", 0)


def odd_values(file_import: FileImport) -> list[dict[str, Any]]:
    """What is asked about, until it is answered."""
    return _at_cells(file_import, file_import.found.get("odd", [])) if file_import.state == State.CHECKED else []


def _at_cells(file_import: FileImport, found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    headings = file_import.columns.get("headings", [])
    return [
        {
            "line": one["line"],
            "cell": f"{column_name(one['cell'])}{one['line']}",
            "heading": headings[one["cell"]] if one["cell"] < len(headings) else "",
            "said": one["said"],
            "words": one["words"],
        }
        for one in found
    ]


def _entries(file_import: FileImport) -> list[dict[str, str]]:
    known = _metrics(file_import.value_stream)
    return [
        _place(known, one) | {"value": _value(known, one["version"], one["value"], one["missing"])}
        for one in file_import.found.get("entries", [])
    ]


def _changes(file_import: FileImport) -> list[dict[str, str]]:
    known = _metrics(file_import.value_stream)
    return [
        _place(known, one)
        | {
            "before": _value(known, one["version"], one["before"], ""),
            "after": _value(known, one["version"], one["after"], one["missing"]),
        }
        for one in file_import.found.get("changes", [])
    ]


def _metrics(stream: ValueStream) -> dict[int, tuple[str, str, str]]:
    """By the id of a definition: the metric's name, its unit and how often it is measured."""
    return {
        version.pk: (metric.name, version.get_unit_display(), version.collected_often)
        for metric, versions in metrics_in_force(stream)
        for version in versions
    }


def _place(known: dict[int, tuple[str, str, str]], one: dict[str, Any]) -> dict[str, str]:
    name, _, often = known.get(one["version"], ("", "", ""))
    on = date.fromisoformat(one["day"])
    return {
        "period": month(on) if often == "monthly" else day_year(on),
        "metric": f"{name}, {one['subgroup']}" if one["subgroup"] else name,
    }


def _value(known: dict[int, tuple[str, str, str]], version: int, value: str | None, missing: str) -> str:
    if value is None:
        return _MISSING.get(missing, "no value")
    unit = known.get(version, ("", "", ""))[1]
    if unit == "£":
        return f"£{number(Decimal(value))}"
    return f"{number(Decimal(value))}{'%' if unit == '%' else '' if unit in ('number', 'score') else f' {unit}'}"


def _ratings(file_import: FileImport) -> list[dict[str, Any]]:
    recorded = dict(
        CqcRating.objects.filter(trust=file_import.value_stream.trust_id).values_list("rated", "rating")
    )  # fmt: skip
    found = []
    for one in file_import.found.get("ratings", []):
        rated = date.fromisoformat(one["rated"]) if one["rated"] else None
        there = recorded.get(rated) if rated else None
        said = CqcRating.Rating(one["rating"]).label if one["rating"] else one["said"]
        if not (rated and one["rating"]):
            becomes = one.get("problem") or "This is no rating in the CQC's four words: it cannot be recorded."
        elif there is None:
            becomes = "New"
        elif there == one["rating"]:
            becomes = "Recorded already"
        else:
            becomes = (
                f"{CqcRating.Rating(there).label} is recorded for this date: mend that in the trust's context first"
            )
        found.append({"rating": said, "rated": rated, "name": one["name"], "becomes": becomes, "new": becomes == "New"})
    return found


def _frame(file_import: FileImport) -> dict[str, Any]:
    stream = file_import.value_stream
    return {
        "file": file_import,
        "stream": stream,
        "crumbs_of": crumbs(stream, inside=True),
        "steps": steps(file_import),
    }
