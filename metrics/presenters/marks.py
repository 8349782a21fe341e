"""The words of what people write onto a chart."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from metrics.models import Annotation, Metric, MetricVersion, Recalculation
from metrics.periods import say_period
from snapshots.freshness import latest
from trusts.names import NOT_OF_THIS_TRUST, names_at
from ui.words import day_year

BY_THEMSELVES = "RPIW weeks, tested ideas and stand-downs appear by themselves. Add what else a reader should know."


@dataclass(frozen=True)
class RecalculationLine:
    recalculation: Recalculation
    when: str
    who: str
    withdrawn: str


@dataclass(frozen=True)
class AnnotationLine:
    annotation: Annotation
    who: str
    mine: bool


def considered(metric: Metric, version: MetricVersion) -> date | None:
    """From which date the product suggests that a recalculation be considered, as the dashboard has it."""
    stored = latest("value_stream", metric.value_stream_id)
    bodies = stored.body.get("metrics", []) if stored else []
    for body in bodies:
        for shown in body["versions"] if body["id"] == metric.pk else ():
            for chart in shown["series"] if shown["id"] == version.pk else ():
                if chart["consider_recalculation"]:
                    return date.fromisoformat(chart["consider_recalculation"])
    return None


def question(version: MetricVersion, on: date | None) -> str:
    """The suggestion, as the question that it is. Whether the process changed, and why, a person knows."""
    if on is None:
        return ""
    when = say_period(on, version.collected_often)
    return (
        f"Since {when} every point lies on the same side of the mean. Do you know what changed then, and is it meant to"
        " stay? If not, leave the limits as they are: the signal is worth more."
    )


def recalculations(version: MetricVersion) -> list[RecalculationLine]:
    """The newest first, withdrawn ones among them."""
    names = names_at(version.metric.trust_id)
    return [
        RecalculationLine(
            recalculation=one,
            when=say_period(one.on, version.collected_often),
            who=f"{names.get(one.by_id, NOT_OF_THIS_TRUST)}, {day_year(one.at)}",
            withdrawn=(
                f"Withdrawn by {names.get(one.withdrawn_by_id or 0, NOT_OF_THIS_TRUST)}, {day_year(one.withdrawn_at)}:"
                f" {one.withdrawn_because}"
                if one.withdrawn_at
                else ""
            ),
        )
        for one in version.recalculations.order_by("-on", "-pk")
    ]


def recalculated(one: Recalculation) -> str:
    return f"From {say_period(one.on, one.version.collected_often)}: {one.cause}. {one.reason}"


def remarks(metric: Metric, *, user_id: int) -> list[AnnotationLine]:
    """The remarks that people wrote, the newest first."""
    names = names_at(metric.trust_id)
    return [
        AnnotationLine(
            annotation=one,
            who=names.get(one.by_id, NOT_OF_THIS_TRUST) if one.by_id else "",
            mine=one.by_id == user_id,
        )
        for one in metric.annotations.order_by("-on", "-pk")
    ]
