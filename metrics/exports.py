"""A metric's measurements for a spreadsheet, with the limits and the judgement of each."""

from collections.abc import Iterator
from datetime import date
from itertools import chain
from typing import Any

from django.utils.text import slugify

from metrics.models import Measurement, Metric
from metrics.presenters.page import metric_in
from metrics.presenters.table import rules_words
from metrics.presenters.words import MISSING, Body, unit_words
from metrics.series import as_float
from metrics.shown import Shown
from ui.exports import Column, Export
from ui.icons import VARIATION
from ui.words import day_year

COLUMNS = (
    Column("definition", "Definition", "The number of the definition; each has a series and limits of its own."),
    Column("subgroup", "Subgroup", "Empty: the whole."),
    Column("on", "Period", "The first day of the period that the value measures."),
    Column("value", "Value", "In the unit of the next column. Empty when there is none."),
    Column("unit", "Unit"),
    Column("target", "Target", "What was aimed at in the period, in the same unit."),
    Column("numerator", "Counted"),
    Column("denominator", "Out of"),
    Column("missing", "No value because"),
    Column("ghost", "Ghost", "yes: shown on the chart, counted nowhere."),
    Column("section", "Section", "Counts from 0; the next one begins where limits were recalculated."),
    Column("mean", "Mean", "Empty with too few points for limits, as the next two columns."),
    Column("lower", "Lower limit"),
    Column("upper", "Upper limit"),
    Column("moving_range", "Moving range", "The difference from the value before."),
    Column("signals", "Signals", "outside: beyond a limit; shift: a run on one side; rising, falling; two of three."),
    Column("judgement", "Judgement"),
    Column("rules", "Rules", "By which limits and signals were found."),
    Column("synthetic", "Synthetic", "yes: generated, not as measured."),
)


def metric_rows(record: Metric, page: Shown) -> Export:
    stream = record.value_stream
    body = metric_in(page.metrics, record.pk)
    name = f"{stream.trust.ods_code.lower()}-{slugify(record.name)}"
    title = f"{record.name}, {stream.name}, {stream.trust.name}"
    if body is None:
        return Export(name=name, columns=COLUMNS, rows=[], title=title, notes=["Not computed yet."])
    made = page.made
    return Export(
        name=name,
        columns=COLUMNS,
        rows=_rows(body),
        title=title,
        source="; ".join(dict.fromkeys(version["data_source"] for version in body["versions"])),
        synthetic=body["synthetic"],
        notes=[
            f"Rules: {rules_words(body['rules'])}.",
            f"Snapshot version {made['version']}, computed {day_year(made['computed_at'])}.",
            *(_definition(version) for version in body["versions"]),
        ],
    )


def _definition(version: Body) -> str:
    out_of = f" out of {version['denominator']}" if version["denominator"] else ""
    leaves_out = f", without {version['exclusions']}" if version["exclusions"] else ""
    return f"Definition {version['number']}: {version['numerator']}{out_of}{leaves_out}."


def _rows(body: Body) -> Iterator[dict[str, Any]]:
    rules = rules_words(body["rules"])
    for version in body["versions"]:
        for series in version["series"]:
            for point in chain(_before(version, series), series["points"]):
                yield {
                    **point,
                    "definition": version["number"],
                    "subgroup": series["subgroup"],
                    "unit": unit_words(version),
                    "target": _target(version, point["on"]),
                    "rules": rules,
                    "on": date.fromisoformat(point["on"]),
                    "missing": MISSING.get(point["missing"], ""),
                    "signals": ", ".join(signal.replace("_", " ") for signal in point["signals"]),
                    "judgement": VARIATION.get(point["judgement"] or "", ""),
                }


def _target(version: Body, on: str) -> float | None:
    """The target in force on a day."""
    return next((one["value"] for one in reversed(version["targets"]) if one["starts"] <= on), None)


def _before(version: Body, series: Body) -> Iterator[dict[str, Any]]:
    """Points that the snapshot has no room for: as they were recorded, without lines and signals."""
    if not series["points_before"]:
        return
    rows = Measurement.objects.filter(
        version_id=version["id"], subgroup=series["subgroup"], on__lt=series["points"][0]["on"]
    )
    for row in rows.order_by("on").iterator():
        yield {
            "on": row.on.isoformat(),
            **{key: as_float(getattr(row, key)) for key in ("value", "numerator", "denominator")},
            "missing": row.missing,
            "ghost": row.ghost,
            "signals": [],
            "judgement": None,
            "synthetic": row.synthetic,
        }
