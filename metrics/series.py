"""The metrics of a value stream with their charts, as its snapshot holds them. docs/snapshots.md describes the body.

A fixed number of queries, of one value stream's series only. Everything is computed here; pages compute nothing.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import Any, NamedTuple

from django.utils import timezone

from analysis.before_after import Better
from analysis.can_move import can_move
from analysis.run_chart import run_chart
from analysis.spc.judgement import Judgement, Signal
from analysis.spc.judgement import variation as variation_of
from analysis.spc.limits import LIMIT_FACTOR, RANGE_FACTOR
from analysis.spc.rule_sets import RuleSet
from analysis.spc.xmr import ChartPoint, XmrChart, xmr
from metrics.happenings import Known, known_of
from metrics.models import Measurement, Metric, MetricVersion, Recalculation, target_on
from trusts.models import ValueStream

Body = dict[str, Any]
RECENT = 24
"""Points of the small line in a table's row: two years of months."""
SUBGROUP_POINTS = 30_000
"""Points of subgroups that a body holds, some 9 MB. What is beyond is judged all the same, and downloads have it."""


def metrics_of(value_stream_id: int) -> list[Body]:
    """Every metric of the value stream, in the order of categories, with the charts of all its definitions."""
    stream = ValueStream.objects.select_related("trust__partnership").get(pk=value_stream_id)
    rules = stream.trust.rule_set
    metrics = Metric.objects.filter(value_stream_id=value_stream_id).select_related("objective__national_priority")
    metrics = metrics.prefetch_related(
        "annotations", "retirements", "versions__targets", "versions__recalculations__by"
    )
    if not metrics:
        return []
    versions = {version.pk: version for metric in metrics for version in metric.versions.all() if version.is_in_force}
    charts: dict[int, list[Body]] = defaultdict(list)
    room = SUBGROUP_POINTS
    for (version_id, subgroup), rows in _series_of(value_stream_id):
        if version_id not in versions:
            continue
        chart = series_body(versions[version_id], subgroup, rows, rules)
        if subgroup:
            room -= len(rows)
            chart = chart if room >= 0 else shortened(chart)
        charts[version_id].append(chart)
    known = known_of(value_stream_id)
    return [metric_body(metric, charts, rules, known) for metric in metrics]


class Row(NamedTuple):
    """A measurement, as a chart needs it."""

    on: date
    value: Decimal | None
    numerator: Decimal | None
    denominator: Decimal | None
    missing: str
    ghost: bool
    synthetic: bool


def _series_of(value_stream_id: int) -> Iterator[tuple[tuple[int, str], list[Row]]]:
    """Each definition's series in order of time, one after the other: only one is held in memory."""
    found = (
        Measurement.objects.filter(version__metric__value_stream_id=value_stream_id)
        .order_by("version_id", "subgroup", "on")
        .values_list("version_id", "subgroup", *Row._fields)
    )
    for key, rows in groupby(found.iterator(chunk_size=10_000), key=lambda found: found[:2]):
        yield key, [Row._make(row[2:]) for row in rows]


def shortened(chart: Body) -> Body:
    """Judged from all of its points, and holding the latest alone."""
    return chart | {"points": chart["points"][-RECENT:], "points_before": max(len(chart["points"]) - RECENT, 0)}


def metric_body(metric: Metric, charts: dict[int, list[Body]], rules: RuleSet, known: Known) -> Body:
    versions = [version for version in metric.versions.all() if version.is_in_force]
    shown = [version_body(version, charts[version.pk], rules) for version in versions]
    current = shown[-1] if shown else None
    return {
        "id": metric.pk,
        "category": metric.category,
        "name": metric.name,
        "objective": _objective(metric),
        "no_objective_because": metric.no_objective_because,
        "cut_of": metric.cut_of_id,
        "retired_on": _iso(metric.retired_on),
        "synthetic": metric.synthetic or any(one["synthetic"] for version in shown for one in version["series"]),
        "rules": {
            "key": rules.key,
            "title": rules.title,
            "shift": rules.shift,
            "trend": rules.trend,
            "needed": rules.needed,
        },
        "versions": shown,
        "summary": summary(current) if current else None,
        "annotations": [{"id": one.pk, "on": one.on.isoformat(), "text": one.text} for one in metric.annotations.all()],
        "happened": [one.body for one in known.happened if one.concerns(metric.pk)],
        "served_by": [one.body for one in known.serving if one.metric == metric.pk],
        "proposed": sum(version.is_open for version in metric.versions.all())
        + sum(one.is_open for one in metric.retirements.all()),
    }


def version_body(version: MetricVersion, charts: list[Body], rules: RuleSet) -> Body:
    """One definition, and the chart of its whole and of each subgroup."""
    return {
        "id": version.pk,
        "number": version.number,
        "applies_from": _iso(version.applies_from),
        "numerator": version.numerator,
        "denominator": version.denominator,
        "exclusions": version.exclusions,
        "data_source": version.data_source,
        "collected_how": version.collected_how,
        "collected_often": version.collected_often,
        "owner": version.owner,
        "unit": version.unit,
        "decimals": version.decimals,
        "better_when": version.better_when,
        "reason": version.reason,
        "back_cast": version.back_cast,
        "agreed_at": timezone.localdate(version.agreed_at).isoformat() if version.agreed_at else None,
        "activity": version.activity,
        "touched": version.touched,
        "activity_unit": version.activity_unit,
        "baseline_points": version.baseline_points,
        "hoped": as_float(version.hoped),
        "targets": [{"starts": one.starts.isoformat(), "value": float(one.value)} for one in version.targets.all()],
        "recalculations": [_recalculation(one) for one in version.recalculations.all()],
        "series": charts,
        "move": move_body(version, charts, rules),
    }


def series_body(version: MetricVersion, subgroup: str, rows: Sequence[Row], rules: RuleSet) -> Body:
    """One chart: an XmR chart where there are points enough, else a run chart."""
    last = last_counted(rows)
    aimed = target_on(list(version.targets.all()), last) if last else None
    return {"subgroup": subgroup} | _judged(
        rows,
        rules,
        better=Better(version.better_when),
        target=float(aimed.value) if aimed else None,
        recalculated={one.on for one in version.recalculations.all() if one.withdrawn_at is None},
        baseline=version.baseline_points or 0,
    )


def series_until(version: Body, series: Body, rules: RuleSet, *, day: date) -> Body:
    """A stored chart as it was at the end of a day: the same where nothing was dated later."""
    ends = day.isoformat()
    if not series["points"] or series["points"][-1]["on"] <= ends:
        return series
    rows = [
        Row(**{name: point[name] for name in Row._fields} | {"on": date.fromisoformat(point["on"])})
        for point in series["points"]
        if point["on"] <= ends
    ]
    last = last_counted(rows)
    aims = [one["value"] for one in version["targets"] if last and one["starts"] <= last.isoformat()]
    return {"subgroup": series["subgroup"]} | _judged(
        rows,
        rules,
        better=Better(version["better_when"]),
        target=aims[-1] if aims else None,
        recalculated={date.fromisoformat(one["on"]) for one in version["recalculations"] if not one["withdrawn"]},
        baseline=version["baseline_points"] or 0,
    )


def last_counted(rows: Sequence[Row]) -> date | None:
    return max((row.on for row in rows if row.value is not None and not row.ghost), default=None)


def _judged(
    rows: Sequence[Row], rules: RuleSet, *, better: Better, target: float | None, recalculated: set[date], baseline: int
) -> Body:
    chart = xmr(
        [(row.on, None if row.value is None else float(row.value)) for row in rows],
        rules,
        better=better,
        target=target,
        recalculated_on=recalculated & {row.on for row in rows},
        baseline=baseline,
        ghosts={row.on for row in rows if row.ghost},
    )
    return {
        "enough": chart.enough and any(point.upper is not None for point in chart.points),
        "values": chart.values,
        "needed": rules.needed,
        "variation": chart.variation_icon,
        "assurance": chart.assurance_icon,
        "target": target,
        "short_sections": list(chart.short_sections),
        "consider_recalculation": consider_recalculation(chart),
        "synthetic": any(row.synthetic for row in rows),
        "points_before": 0,
        "points": [_point(point, row, chart.better) for point, row in zip(chart.points, rows, strict=True)],
        "moving_ranges": _moving_ranges(chart),
        "run_chart": None if chart.enough else _run_chart(rows),
    }


def _point(point: ChartPoint, row: Row, better: Better) -> Body:
    return {
        "on": point.on.isoformat(),
        "value": point.value,
        "numerator": as_float(row.numerator),
        "denominator": as_float(row.denominator),
        "missing": row.missing,
        "ghost": point.ghost,
        "section": point.section,
        "mean": point.mean,
        "lower": point.lower,
        "upper": point.upper,
        "moving_range": point.moving_range,
        "signals": [str(signal.name).lower() for signal in point.signals],
        "judgement": _judgement(point, better),
        "synthetic": row.synthetic,
    }


def _judgement(point: ChartPoint, better: Better) -> str | None:
    """The point's own variation, in the vocabulary of the icons; None where there is nothing to judge."""
    if point.value is None or point.ghost or point.upper is None:
        return None
    return variation_of(Judgement(point.judgement), better)


def _moving_ranges(chart: XmrChart) -> list[Body]:
    """For each section with limits: its mean moving range, and the size beyond which a range is unusual in itself."""
    means = {
        point.section: (point.upper - point.mean) / LIMIT_FACTOR
        for point in chart.points
        if point.upper is not None and point.mean is not None
    }
    return [{"section": section, "mean": mean, "limit": RANGE_FACTOR * mean} for section, mean in means.items()]


def _run_chart(rows: Iterable[Row]) -> Body | None:
    counted = [row for row in rows if row.value is not None and not row.ghost]
    chart = run_chart([(row.on, row.value) for row in counted if row.value is not None])
    if chart is None:
        return None
    return {
        "median": float(chart.median),
        "judged": chart.judged,
        "shifts": [chart.points[place].on.isoformat() for place in sorted(chart.shifts)],
        "trends": [chart.points[place].on.isoformat() for place in sorted(chart.trends)],
    }


def consider_recalculation(chart: XmrChart) -> str | None:
    """The date from which a recalculation may be considered: a shift that still lasts and is long enough for limits.

    A suggestion only: whether the process changed, and why, a person knows.
    """
    shifted = Signal.SHIFT_HIGH | Signal.SHIFT_LOW
    run: list[ChartPoint] = []
    for point in reversed([point for point in chart.points if point.value is not None and not point.ghost]):
        if not point.signals & shifted or (run and run[-1].signals & shifted != point.signals & shifted):
            break
        run.append(point)
    if len(run) < chart.rules.short_section or run[-1].section != run[0].section or run[-1] is chart.points[0]:
        return None
    return run[-1].on.isoformat()


def move_body(version: MetricVersion, charts: Sequence[Body], rules: RuleSet) -> Body | None:
    """Whether the work can move the metric; None while the share, the hope or the limits are not known."""
    whole = next((chart for chart in charts if chart["subgroup"] == "" and chart["enough"]), None)
    if whole is None or version.share_touched is None or version.hoped is None:
        return None
    last = whole["points"][-1]
    if last["upper"] is None:
        return None
    return moved(
        mean=last["mean"],
        reach=last["upper"] - last["mean"],
        share=float(version.share_touched),
        hoped=float(version.hoped),
        rules=rules,
    )


def moved(*, mean: float, reach: float, share: float, hoped: float, rules: RuleSet) -> Body:
    """The answer to "Can this metric move?" as the body holds it."""
    found = can_move(mean=mean, reach=reach, share=share, hoped=hoped, run=rules.shift)
    return {
        "mean": found.mean,
        "hoped": found.hoped,
        "share": found.share,
        "moved": found.moved,
        "reach": found.reach,
        "showing": found.showing.value,
        "periods": found.periods,
        "share_needed": found.share_needed,
    }


def summary(version: Body) -> Body:
    """The row of the Making Data Count table: of the whole, or of the only subgroup."""
    whole = next((one for one in version["series"] if one["subgroup"] == ""), None)
    chart = whole or (version["series"][0] if len(version["series"]) == 1 else None)
    points = [point for point in (chart or {"points": []})["points"] if point["value"] is not None]
    counted = [point for point in points if not point["ghost"]]
    last = counted[-1] if counted else None
    return {
        "version": version["number"],
        "unit": version["unit"],
        "decimals": version["decimals"],
        "better_when": version["better_when"],
        "latest": {"on": last["on"], "value": last["value"]} if last else None,
        "mean": last["mean"] if last else None,
        "lower": last["lower"] if last else None,
        "upper": last["upper"] if last else None,
        "target": chart["target"] if chart else None,
        "variation": chart["variation"] if chart else "few",
        "assurance": chart["assurance"] if chart else "none",
        "values": chart["values"] if chart else 0,
        "needed": chart["needed"] if chart else None,
        "recent": [{"value": point["value"], "judgement": point["judgement"]} for point in counted[-RECENT:]],
    }


def _objective(metric: Metric) -> Body | None:
    objective = metric.objective
    if objective is None:
        return None
    return {
        "id": objective.pk,
        "name": objective.name,
        "priority": objective.national_priority.name if objective.national_priority else None,
    }


def _recalculation(one: Recalculation) -> Body:
    return {
        "id": one.pk,
        "on": one.on.isoformat(),
        "cause": one.cause,
        "reason": one.reason,
        "by": one.by_id,
        "at": timezone.localdate(one.at).isoformat(),
        "withdrawn": one.withdrawn_at is not None,
        "withdrawn_because": one.withdrawn_because,
    }


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def as_float(value: Decimal | None) -> float | None:
    return None if value is None else float(value)
