"""A dashboard's rows for a spreadsheet, with what is left out and why."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.utils.text import slugify

from dashboards.before_after import Body
from dashboards.presenters.before_after import in_period, synthetic_words
from dashboards.shown import Shown
from dashboards.wording import LEFT_OUT, checkpoint_name, day_of, value_of
from rpiws.models import Measure
from trusts.models import ValueStream
from ui.exports import Column, Export
from ui.words import day_year

COLUMNS = (
    Column("trust", "Trust"),
    Column("value_stream", "Value stream"),
    Column("rpiw", "RPIW", "The number of the RPIW within its value stream."),
    Column("process", "Process", "The process that the RPIW works on."),
    Column("reported_out", "Report-out", "The last day of the RPIW's week; it counts in the period of this day."),
    Column("measure", "Measure"),
    Column("kind", "Kind"),
    Column("unit", "Unit of the values", "Lead times are in minutes, ratios are parts of 1, the others in their unit."),
    Column("better_when", "Better when", "lower, higher, or neither."),
    Column("statistic", "Statistic", "Whether a value is the mean or the median of its observations."),
    Column("baseline", "Baseline", "Empty when there is none that can be compared."),
    Column("baseline_on", "Baseline measured on"),
    Column("baseline_n", "Baseline n", "Outputs or observations behind the value, where recorded."),
    Column("retrospective", "Baseline recorded late", "yes: recorded after the week had started."),
    Column("post", "Post", "The last reading by date at 30, 60, 90 or 120 days. Empty when there is none."),
    Column("post_checkpoint", "Post taken at"),
    Column("post_on", "Post measured on"),
    Column("post_n", "Post n"),
    Column("change", "Change", "Post minus baseline."),
    Column("reduction", "Reduction, %", "100 x (baseline - post) / baseline. Empty from a baseline of 0."),
    Column("counted", "Counted in totals", "yes, or no with the reason in the next column."),
    Column("left_out", "Left out because"),
    Column("readings_left_out", "Readings left out", "Single readings that could not be used, and why."),
    Column("source", "Source"),
    Column("synthetic", "Synthetic", "yes: generated, or reconstructed to match published totals; not as measured."),
)
_READING_REASONS = {
    "not_measured": "not measured",
    "simulated": "simulated",
    "not_comparable": "cannot be compared",
}
_KINDS = dict(Measure.Kind.choices)


def value_stream_rows(record: ValueStream, shown: Shown) -> Export:
    """The measures of the RPIWs that reported out in the chosen period, those left out among them."""
    trust = record.trust
    title = f"{record.name}, {trust.name}: RPIW measures before and after"
    if shown.stored is None:
        return Export(name=_name(record), columns=COLUMNS, rows=[], title=title, notes=["Not computed yet."])
    period = shown.period
    made = shown.made
    notes = [
        f"Period: {period['name']}. An RPIW counts by the day of its report-out.",
        f"Snapshot version {made['version']}, computed {day_year(made['computed_at'])}, rules {made['rules']}.",
        "Two measurements cannot tell chance from cause.",
        *period["note"].splitlines(),
    ]
    synthetic = bool(period["synthetic"])
    if synthetic:
        notes.append(synthetic_words(period))
    return Export(
        name=_name(record) if period["key"] == "all" else f"{_name(record)}-{slugify(period['name'])}",
        columns=COLUMNS,
        rows=_rows(record, shown.body, period),
        title=title,
        source=f"{trust.name}, RPIW readings" + (", generated or reconstructed" if synthetic else ""),
        synthetic=synthetic,
        notes=notes,
    )


def _name(record: ValueStream) -> str:
    return f"{record.trust.ods_code.lower()}-{slugify(record.name)}-rpiw-measures"


def _rows(record: ValueStream, body: Body, period: Body) -> Iterator[dict[str, Any]]:
    for measure in in_period(body, period):
        baseline, post = value_of(measure, "baseline"), value_of(measure, "post")
        both = baseline is not None and post is not None
        yield {
            "trust": record.trust.name,
            "value_stream": record.name,
            "rpiw": measure["rpiw_number"],
            "process": measure["process"],
            "reported_out": day_of(measure["reported_out"]),
            "measure": measure["name"],
            "kind": _KINDS[measure["kind"]],
            "unit": _unit(measure),
            "better_when": measure["better_when"],
            "statistic": measure["statistic"],
            "baseline": baseline,
            **_reading("baseline", measure["baseline"]),
            "post": post,
            **_reading("post", measure["post"]),
            "post_checkpoint": checkpoint_name(measure["post"]["checkpoint"]) if measure["post"] else None,
            "change": post - baseline if baseline is not None and post is not None else None,
            "reduction": _reduction(baseline, post) if both else None,
            "counted": not measure["left_out"],
            "left_out": LEFT_OUT.get(measure["left_out"]),
            "readings_left_out": "; ".join(_reading_left_out(item) for item in measure["readings_left_out"]),
            "source": measure["source"],
            "synthetic": measure["synthetic"],
        }


def _reading(name: str, reading: Body | None) -> dict[str, Any]:
    if reading is None:
        return {}
    found = {f"{name}_on": day_of(reading["on"]), f"{name}_n": reading["n"]}
    return found | {"retrospective": reading["retrospective"]} if name == "baseline" else found


def _reading_left_out(item: Body) -> str:
    detail = f" ({item['detail']})" if item["detail"] else ""
    return f"{checkpoint_name(item['checkpoint'])}: {_READING_REASONS[item['reason']]}{detail}"


def _reduction(baseline: Decimal | None, post: Decimal | None) -> float | None:
    return float(100 * (baseline - post) / baseline) if baseline and post is not None else None


def _unit(measure: Body) -> str:
    return str({"duration": "min", "ratio": "part of 1"}.get(measure["shape"]) or measure["unit"])
