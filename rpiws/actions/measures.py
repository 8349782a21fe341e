"""What an RPIW measures: defined before the week, and changed afterwards only with its eyes open."""

from collections.abc import Iterable
from enum import StrEnum
from typing import Any

from django.db.models import F, Max

from accounts.models import User
from metrics.models import Metric
from rpiws.actions.writes import locked, save_changes
from rpiws.models import Checkpoint, Measure, MetricServed, NotComparable, Rpiw
from trusts.actions.announced import announced


class MeasureRefused(Exception):
    """The measure cannot be changed so; the text tells the person why."""


class Comparing(StrEnum):
    """What somebody who changes how a measure is taken, after its baseline, says of its readings."""

    ALL = "all"
    FROM_NOW_ON = "from_now_on"
    UNTIL_NOW = "until_now"

    @property
    def label(self) -> str:
        return {
            self.ALL: "Yes: only the words changed, it is measured as before",
            self.FROM_NOW_ON: "No: the readings from now on are taken in another way",
            self.UNTIL_NOW: "No: the readings until now were taken in another way",
        }[self]


WHAT_CHANGED: dict[str, NotComparable] = {
    "starts_when": NotComparable.START_OR_END,
    "ends_when": NotComparable.START_OR_END,
    "sampling": NotComparable.SAMPLING,
    "kind": NotComparable.DEFINITION,
    "shape": NotComparable.DEFINITION,
    "day_hours": NotComparable.DEFINITION,
    "defect_basis": NotComparable.DEFINITION,
    "outputs": NotComparable.DEFINITION,
}
"""The fields that decide how a measure is taken, and what a change of each is called."""


def comparability_at_stake(measure: Measure, changes: dict[str, Any]) -> NotComparable | None:
    """What would change in how the measure is taken, the first that holds; None when nothing would."""
    return next(
        (what for name, what in WHAT_CHANGED.items() if name in changes and changes[name] != getattr(measure, name)),
        None,
    )


def has_baseline(measure: Measure) -> bool:
    return measure.readings.filter(checkpoint=Checkpoint.BASELINE, value__isnull=False).exists()


@announced
def add_measure(*, rpiw: Rpiw, by: User, name: str, kind: str, metrics: Iterable[Metric] = (), **facts: Any) -> Measure:
    """The last of the RPIW's measures. The same measure twice, as a double click writes it, is one."""
    locked(rpiw)
    last = rpiw.measures.aggregate(last=Max("position"))["last"] or 0
    measure, new = Measure.objects.get_or_create(
        rpiw=rpiw, name=name, kind=kind, defaults={"position": last + 1, **facts}
    )
    if new:
        _serve(measure, metrics)
    return measure


@announced
def edit_measure(
    *,
    measure: Measure,
    by: User,
    version: int,
    comparing: Comparing | None = None,
    metrics: Iterable[Metric] | None = None,
    **changes: Any,
) -> Measure:
    """Change a measure. Once it has a baseline, its statistic, unit and kind stay, and a change of how it is taken
    needs `comparing`: whether readings before and after can be compared. Those that cannot are marked with the reason.
    metrics: those of the value stream that it serves; None leaves them as they are.

    Raises EditedMeanwhile and MeasureRefused.
    """
    measure = locked(measure, version=version)
    if has_baseline(measure):
        for name, said in (("statistic", "statistic"), ("unit", "unit"), ("kind", "kind"), ("shape", "kind")):
            if name in changes and changes[name] != getattr(measure, name):
                raise MeasureRefused(f"The {said} is fixed, because the measure has a baseline.")
        what = comparability_at_stake(measure, changes)
        if what is not None and comparing is None:
            raise MeasureRefused("Say whether readings before and after this change can be compared.")
        if what is not None and comparing is Comparing.FROM_NOW_ON:
            changes["later_not_comparable"] = what
        elif what is not None and comparing is Comparing.UNTIL_NOW:
            _leave_out(measure.readings.filter(value__isnull=False, not_comparable=""), what)
            changes["later_not_comparable"] = ""
    changed_links = metrics is not None and _serve(measure, metrics)
    if not save_changes(measure, changes) and changed_links:
        measure.version += 1
        measure.save(update_fields=["version"])
    return measure


def _serve(measure: Measure, metrics: Iterable[Metric]) -> bool:
    """Make these the metrics that the measure serves. Whether anything changed."""
    wanted = {metric.pk for metric in metrics}
    served = set(measure.served.values_list("metric_id", flat=True))
    measure.served.filter(metric_id__in=served - wanted).delete()
    for metric_id in sorted(wanted - served):
        MetricServed.objects.create(measure=measure, metric_id=metric_id)
    return wanted != served


def _leave_out(readings: Any, what: NotComparable) -> None:
    readings.update(not_comparable=what, version=F("version") + 1)


@announced
def move_measure(*, measure: Measure, by: User, up: bool) -> None:
    """One place up or down; at the end of the list nothing moves."""
    locked(measure.rpiw)
    measures = list(measure.rpiw.measures.order_by("position"))
    at = measures.index(measure)
    to = at - 1 if up else at + 1
    if 0 <= to < len(measures):
        measures[at], measures[to] = measures[to], measures[at]
        for position, each in enumerate(measures, 1):
            each.position = position
        Measure.objects.bulk_update(measures, ["position"])


@announced
def delete_measure(*, measure: Measure, by: User) -> None:
    """Raises MeasureRefused when there are readings or observations: they are kept."""
    locked(measure)
    if measure.readings.exists() or measure.observations.exists():
        raise MeasureRefused("It has readings, which are kept. A measure with readings is not deleted.")
    measure.delete()
