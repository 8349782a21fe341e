"""Before and after as pages show it: per kind the total, its change and what to know of it; per RPIW the two ends."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from dashboards import charts
from dashboards.before_after import KINDS, Body
from dashboards.charts import Dumbbell
from dashboards.wording import (
    DEFINITIONS,
    GENERATED,
    LEFT_OUT,
    RECONSTRUCTED,
    checkpoint_name,
    counted_posts,
    day_of,
    said_fall,
    said_reduction,
    said_total,
    said_value,
    shown_total,
    value_of,
)
from ui.words import listing, number, plural, sentence


@dataclass(frozen=True)
class KindFigures:
    """One kind of measure in one period, in words."""

    kind: str
    name: str
    n: int
    rpiws: int
    before: float | None
    after: float | None
    before_words: str
    after_words: str
    change: str
    line: str
    definition: str
    posts: str
    notes: tuple[str, ...]
    fall: str
    figure: dict[str, Any] | None = None


def kind_figures(kind: str, stored: Body) -> KindFigures:
    summary, notes = stored["summary"], stored["notes"]
    before, after = shown_total(kind, summary, "baseline"), shown_total(kind, summary, "post")
    before_words, after_words = said_total(kind, before), said_total(kind, after)
    counted = f"{plural(summary['n'], 'measure')} of {plural(notes.get('rpiws', 0), 'RPIW')}"
    mean = "mean " if kind == "defect_ratio" else ""
    return KindFigures(
        kind=kind,
        name=KINDS[kind],
        n=summary["n"],
        rpiws=notes.get("rpiws", 0),
        before=before,
        after=after,
        before_words=before_words,
        after_words=after_words,
        change=said_reduction(summary["percentage_reduction"]) if summary["n"] else "",
        line=f"{mean}{before_words} to {after_words}, {counted}" if summary["n"] else "no measure before and after",
        definition=sentence(DEFINITIONS[kind]),
        posts=counted_posts(summary["posts_at"]),
        notes=tuple(_notes(kind, summary, notes)),
        fall=said_fall(kind, summary["percentage_reduction"]) if summary["n"] else "",
    )


def all_figures(period: Body) -> list[KindFigures]:
    return [kind_figures(kind, period["before_after"][kind]) for kind in KINDS]


def _notes(kind: str, summary: Body, notes: Body) -> list[str]:
    said = []
    left_out = {LEFT_OUT[reason]: count for reason, count in summary["left_out"].items()}
    if left_out:
        reasons = listing([f"{number(count)} {reason}" for reason, count in left_out.items()])
        said.append(f"{plural(sum(left_out.values()), 'measure')} left out: {reasons}")
    if summary["n"]:
        outcomes = [("improved", "better"), ("unchanged", "the same"), ("worsened", "worse"), ("no_direction", "other")]
        said.append(listing([f"{number(summary[key])} {word}" for key, word in outcomes if summary[key]]))
    if count := notes.get("retrospective"):
        said.append(f"{plural(count, 'baseline')} recorded after the week had started")
    if count := notes.get("median"):
        said.append(f"{plural(count, 'measure')} by the median, not the mean")
    if count := notes.get("working_days"):
        said.append(f"{plural(count, 'lead time')} in working days: only working hours are counted")
    return said


# Row by row ------------------------------------------------------------------


@dataclass(frozen=True)
class MeasureLine:
    """One measure in the table of figures."""

    process: str
    name: str
    kind: str
    baseline: str
    latest: str
    change: str
    checkpoint: str
    left_out: str
    synthetic: bool


def measure_line(measure: Body) -> MeasureLine:
    baseline, latest = value_of(measure, "baseline"), value_of(measure, "post")
    left_out = LEFT_OUT.get(measure["left_out"], "")
    details = [item["detail"] for item in measure["readings_left_out"] if item["detail"]]
    if left_out and details:
        left_out = f"{left_out} ({', '.join(dict.fromkeys(details))})"
    return MeasureLine(
        process=measure["process"],
        name=measure["name"],
        kind=measure["kind"],
        baseline=said_value(measure, "baseline"),
        latest=said_value(measure, "post"),
        change=said_reduction(float(100 * (baseline - latest) / baseline))
        if baseline and latest is not None
        else ("none" if baseline is None or latest is None else "from 0"),
        checkpoint=checkpoint_name(measure["post"]["checkpoint"]) if measure["post"] else "none",
        left_out=left_out,
        synthetic=measure["synthetic"],
    )


def in_period(body: Body, period: Body) -> list[Body]:
    """The measures of the RPIWs that reported out in the period, kept apart or not, by date."""
    starts, ends = day_of(period["starts"]), day_of(period["ends"])

    def holds(measure: Body) -> bool:
        on = day_of(measure["reported_out"])
        return on is not None and (starts is None or starts <= on) and (ends is None or on <= ends)

    found = [measure for measure in body["measures"] if holds(measure)]
    return sorted(found, key=lambda measure: (measure["reported_out"], measure["rpiw"]))


def pictures(measures: Sequence[Body]) -> dict[str, dict[str, Any]]:
    """The dumbbells of each kind, on the same rows: RPIWs by date, a second measure of a kind in a second row."""
    paired = [measure for measure in measures if not measure["left_out"] and measure["kind"] in KINDS]
    by_rpiw: dict[int, dict[str, list[Body]]] = defaultdict(lambda: defaultdict(list))
    for measure in paired:
        by_rpiw[measure["rpiw"]][measure["kind"]].append(measure)
    rows: dict[str, list[Dumbbell]] = {kind: [] for kind in KINDS}
    for kinds in by_rpiw.values():
        for place in range(max(len(each) for each in kinds.values())):
            for kind in KINDS:
                own = kinds.get(kind, [])
                some = next(iter(kinds.values()))[0]
                label = some["process"] if place == 0 else f"{some['process']} ({place + 1})"
                rows[kind].append(_dumbbell(label, own[place] if place < len(own) else None))
    return {
        kind: charts.dumbbells(_in_one_unit(kind, each), labelled=kind == "lead_time")
        for kind, each in rows.items()
        if each
    }


def _dumbbell(label: str, measure: Body | None) -> Dumbbell:
    if measure is None:
        return Dumbbell(label)
    baseline, latest = value_of(measure, "baseline"), value_of(measure, "post")
    assert baseline is not None
    assert latest is not None
    return Dumbbell(label, float(baseline), float(latest), name=measure["name"])


def _in_one_unit(kind: str, rows: Sequence[Dumbbell]) -> list[Dumbbell]:
    """The words of the values: lead times of one chart all in hours or all in minutes."""
    most = max((value for row in rows for value in (row.baseline, row.latest) if value is not None), default=0)

    def words(value: float | None) -> str:
        if value is None:
            return ""
        if kind == "lead_time" and most >= 120:
            value = value / 60
            return f"{number(value, 0 if value >= 10 or value == 0 else 1)} h"
        if kind == "lead_time":
            return f"{number(value, 0)} min"
        return number(Decimal(str(value)), 2) if kind == "defect_ratio" else number(round(value, 1))

    return [
        Dumbbell(row.label, row.baseline, row.latest, words(row.baseline), words(row.latest), row.name) for row in rows
    ]


def synthetic_words(period: Body) -> str:
    """What to say of a period with generated figures; empty when all were measured."""
    if not period["synthetic"]:
        return ""
    words, held = RECONSTRUCTED if period["public"] else GENERATED, period["completeness"]["held"]
    if period["synthetic"] >= held:
        return words
    return f"{number(period['synthetic'])} of {plural(held, 'RPIW')}: {words[0].lower()}{words[1:]}"
