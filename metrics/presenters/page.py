"""A metric's page: from the snapshot's body to what the page says."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from metrics.charts import Figure, metric_figure, moving_range_figure
from metrics.models import Often
from metrics.periods import moved, period_of, periods
from metrics.presenters.events import Event, Events, events_of
from metrics.presenters.move import MoveWords, move_words, narrower_of
from metrics.presenters.table import last_judged, rules_words
from metrics.presenters.words import (
    BETTER,
    CATEGORIES,
    MISSING,
    Body,
    assurance_detail,
    counted,
    lacking_words,
    limits_words,
    period_words,
    sentence_parts,
    series_of,
    target_words,
    unit_words,
    value_words,
    variation_detail,
)
from ui.icons import VARIATION
from ui.words import day_year, listing, number, sentence, span, spelled

NAMED = 3
"""Periods without a row that are named one by one."""
ROWS = 120
"""Rows of the table on the page: ten years of months. The downloads hold all."""


@dataclass(frozen=True)
class PointRow:
    period: str
    value: str
    counted: str
    mean: str
    limits: str
    range: str
    judgement: str
    words: str
    happened: tuple[Event, ...] = ()


@dataclass(frozen=True)
class ServedBy:
    """An RPIW whose measures serve the metric."""

    rpiw: int
    process: str
    when: str
    measures: tuple[str, ...]
    synthetic: bool


@dataclass(frozen=True)
class Definition:
    """A version in words. variation: the last icon of its series, and when that was."""

    number: int
    current: bool
    since: str
    facts: tuple[tuple[str, str | None], ...]
    variation: str
    assurance: str
    better: str
    until: str
    move: MoveWords


@dataclass(frozen=True)
class MetricPanels:
    metric: Body
    lead: str
    rest: str
    eyebrow: str
    version: Body
    series: Body | None
    subgroups: tuple[str, ...]
    subgroup: str
    latest: str
    latest_on: str
    mean: str
    limits: str
    target: str
    variation_detail: str
    assurance_detail: str
    figure: Figure | None
    ranges: Figure | None
    label: str
    waiting: str
    too_few: str
    absent: str
    short_sections: bool
    consider: str
    rules: str
    rows: tuple[PointRow, ...]
    all_rows: int
    before: int
    has_counts: bool
    events: tuple[Event, ...]
    beyond: int
    served_by: tuple[ServedBy, ...]
    definitions: tuple[Definition, ...]

    @property
    def has_happened(self) -> bool:
        return any(row.happened for row in self.rows)

    @property
    def current(self) -> Definition:
        return self.definitions[0]


def metric_in(metrics: list[Body], metric_id: int) -> Body | None:
    return next((metric for metric in metrics if metric["id"] == metric_id), None)


def panels(
    metric: Body, metrics: list[Body], names: Mapping[int, str], *, subgroup: str | None = None
) -> MetricPanels | None:
    """None while no definition of the metric is in force."""
    if not metric["versions"]:
        return None
    current = metric["versions"][-1]
    version, series = _drawn(metric, subgroup)
    lead, rest = sentence_parts(current, series if version is current else None)
    if metric["retired_on"]:
        rest = f"{rest} No longer watched since {period_words(metric['retired_on'], current)}."
    last = counted(series)[-1] if series and counted(series) else None
    earlier = _earlier(metric, version, series["subgroup"]) if series else []
    events = events_of(metric, names, [*(each for _, each in earlier), *([series] if series else [])])
    ended = (
        last_judged(metric, last["on"] if last else None, version) if series and series["variation"] != "few" else ""
    )
    label = metric["name"] + (f", {series['subgroup']}" if series and series["subgroup"] else "")
    title = f"{label}. {rules_words(metric['rules'])}."
    return MetricPanels(
        metric=metric,
        lead=lead,
        rest=rest,
        eyebrow=f"{CATEGORIES[metric['category']]}. {BETTER[current['better_when']]}. Owner: {current['owner']}",
        version=version,
        series=series,
        subgroups=tuple(one["subgroup"] for one in version["series"]) if len(version["series"]) > 1 else (),
        subgroup=series["subgroup"] if series else "",
        latest=value_words(last["value"], version) if last else "none",
        latest_on=period_words(last["on"], version) if last else "no measurement yet",
        mean=value_words(last["mean"], version) if last else "none",
        limits=limits_words(last, version) if last else "none",
        target=target_words(series["target"], version) if series else "none",
        variation_detail=_joined(variation_detail(version, series), ended) if series else "",
        assurance_detail=_joined(assurance_detail(version, series), ended) if series else "",
        figure=metric_figure(version, series, earlier, events.marks, title=title) if series and last else None,
        ranges=moving_range_figure(version, series, title=f"Moving ranges of {title}")
        if series and series["moving_ranges"]
        else None,
        label=label,
        waiting=_waiting(current, version, last) if version is not current and last else "",
        too_few=_too_few(series) if series and last else "",
        absent=_absent(series, version) if series else "",
        short_sections=bool(series and series["enough"] and series["short_sections"]),
        consider=period_words(series["consider_recalculation"], version)
        if series and series["consider_recalculation"]
        else "",
        rules=rules_words(metric["rules"]),
        rows=tuple(_row(point, version, events) for point in reversed(series["points"][-ROWS:])) if series else (),
        all_rows=len(series["points"]) + series["points_before"] if series else 0,
        before=series["points_before"] if series else 0,
        has_counts=any(point["numerator"] is not None for point in series["points"][-ROWS:]) if series else False,
        events=events.listed,
        beyond=events.beyond,
        served_by=tuple(_served_by(one) for one in metric["served_by"]),
        definitions=tuple(_definition(metric, metrics, one) for one in reversed(metric["versions"])),
    )


def _joined(*parts: str) -> str:
    return ", ".join(part for part in parts if part)


def _drawn(metric: Body, subgroup: str | None) -> tuple[Body, Body | None]:
    """The definition whose series is drawn: the newest that has a value, else the newest."""
    found = [(version, series_of(version, subgroup)) for version in reversed(metric["versions"])]
    return next(((version, series) for version, series in found if series and counted(series)), found[0])


def _earlier(metric: Body, drawn: Body, subgroup: str) -> list[tuple[Body, Body]]:
    """The series of the same subgroup by definitions before the one drawn, in units that share the chart's axis."""
    return [
        (version, series)
        for version in metric["versions"]
        if version["number"] < drawn["number"] and version["unit"] == drawn["unit"]
        for series in version["series"]
        if series["subgroup"] == subgroup and series["points"]
    ]


def _waiting(current: Body, drawn: Body, last: Body) -> str:
    since = f" from {period_words(current['applies_from'], current)}" if current["applies_from"] else ""
    return (
        f"Definition {current['number']} holds{since} and has no value yet; its chart begins with the first. What"
        f" stands here is by definition {drawn['number']}, last judged {period_words(last['on'], drawn)}."
    )


def _too_few(series: Body) -> str:
    if series["variation"] != "few":
        return ""
    if series["enough"]:
        return f"{sentence(lacking_words(series))}. The last value has no icon until then."
    return (
        f"{sentence(lacking_words(series))}. Until then it is a run chart: values in order with their median, without"
        " limits and without icons."
    )


def _absent(series: Body, version: Body) -> str:
    """Which periods between the first and the last have no row at all. Days without one are usual: weekends."""
    if version["collected_often"] == Often.DAILY:
        return ""
    days = [date.fromisoformat(point["on"]) for point in series["points"]]
    if not days:
        return ""
    there = set(days)
    absent = [day for day in periods(days[0], days[-1], version["collected_often"]) if day not in there]
    if not absent:
        return ""
    named = [period_words(day, version) for day in absent[:NAMED]]
    if len(absent) > NAMED:
        named.append(f"{spelled(len(absent) - NAMED)} more")
    return f"Nothing is recorded for {listing(named)}. The values before and after are taken as neighbours."


def _row(point: Body, version: Body, events: Events) -> PointRow:
    known = point["value"] is not None
    out_of = point["denominator"]
    said = f"{number(point['numerator'])} of {number(out_of)}" if out_of is not None else ""
    judged = point["judgement"]
    words = VARIATION[judged] if judged else ""
    if point["ghost"]:
        words = "Shown, counted nowhere"
    return PointRow(
        period=period_words(point["on"], version, short=version["collected_often"] == Often.MONTHLY),
        value=value_words(point["value"], version) if known else f"No value: {MISSING[point['missing']]}",
        counted=said,
        mean=value_words(point["mean"], version, missing=""),
        limits=limits_words(point, version) if point["lower"] is not None else "",
        range=value_words(point["moving_range"], version, missing=""),
        judgement=judged or "",
        words=words,
        happened=tuple(events.in_period(point["on"], _next(point["on"], version))),
    )


def _next(on: str, version: Body) -> str:
    return moved(date.fromisoformat(on), version["collected_often"], 1).isoformat()


def _served_by(one: Body) -> ServedBy:
    starts, ends = (date.fromisoformat(one[name]) if one[name] else None for name in ("week_starts", "week_ends"))
    when = span(starts, ends, weekdays=False) if starts else "week not published"
    names = tuple(each["name"] for each in one["measures"])
    return ServedBy(one["rpiw"], one["process"], when, names, one["synthetic"])


def _definition(metric: Body, metrics: list[Body], version: Body) -> Definition:
    current = version is metric["versions"][-1]
    series = series_of(version)
    last = counted(series)[-1] if series and counted(series) else None
    needed = None if series and series["enough"] else metric["rules"]["needed"]
    facts: tuple[tuple[str, Any], ...] = (
        ("Measures", version["numerator"]),
        ("Out of", version["denominator"]),
        ("Leaves out", version["exclusions"]),
        ("Source", version["data_source"]),
        ("Collected", f"{Often(version['collected_often']).label}, {version['collected_how']}"),
        ("Owner", version["owner"]),
        ("Unit", unit_words(version)),
        ("Target", _targets(version)),
        ("Serves", _serves(metric)),
    )
    return Definition(
        number=version["number"],
        current=current,
        since=period_words(version["applies_from"], version) if version["applies_from"] else "",
        facts=tuple((name, said) for name, said in facts if said),
        variation=series["variation"] if series else "few",
        assurance=series["assurance"] if series else "none",
        better=version["better_when"],
        until=period_words(last["on"], version) if last else "",
        move=move_words(version, narrower_of(metric, metrics) if current else (), needed=needed),
    )


def _serves(metric: Body) -> str:
    objective = metric["objective"]
    if objective is None:
        return f"No objective: {metric['no_objective_because'] or 'nobody has said why'}"
    return objective["name"] + (f", which serves {objective['priority']}" if objective["priority"] else "")


def _targets(version: Body) -> str:
    """≤ 30 min; with steps ≤ 40 min from March 2018, ≤ 30 min from April 2019"""
    if len(version["targets"]) == 1:
        return target_words(version["targets"][0]["value"], version)
    return ", ".join(
        f"{target_words(each['value'], version)} from {_starts(each['starts'], version)}" for each in version["targets"]
    )


def _starts(starts: str, version: Body) -> str:
    """The period, where the target begins with one, else its day."""
    day = date.fromisoformat(starts)
    return period_words(day, version) if day == period_of(day, version["collected_often"]) else day_year(day)
