"""The records that a golden thread joins, as they stood at the end of a day, in a fixed number of queries.

Today's come from the tables themselves. Those of an earlier day come from the events that the database keeps of every
row: its newest event by then, unless that says that the row was deleted. Before the trust's records begin there are no
events: what stands today is then shown as far as its own dates say that it stood.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Min, Model
from django.utils import timezone

from metrics.models import Metric
from rpiws.models import Measure, MetricServed, Rpiw, State
from snapshots.freshness import latest_many
from trusts.models import NationalPriority, Objective, ObjectiveServed, Trust, ValueStream

Body = dict[str, Any]


@dataclass(frozen=True)
class AsOf:
    """A day, and how what stood then is known. recorded_from: the day on which the trusts' records begin."""

    day: date
    today: date
    recorded_from: date

    @property
    def is_today(self) -> bool:
        return self.day >= self.today

    @property
    def is_before_records(self) -> bool:
        return not self.is_today and self.day < self.recorded_from

    @property
    def moment(self) -> datetime | None:
        """The end of the day, where records of then are read; None where today's are."""
        if self.is_today or self.is_before_records:
            return None
        return timezone.make_aware(datetime.combine(self.day + timedelta(days=1), time()))


@dataclass(frozen=True)
class Records:
    """Rows have the fields of their models, and `id`. charts: each metric as its value stream's snapshot holds it."""

    as_of: AsOf
    trusts: list[Any]
    priorities: list[Any]
    objectives: list[Any]
    served: list[Any]
    streams: list[Any]
    rpiws: list[Any]
    measures: list[Any]
    links: list[Any]
    metrics: list[Any]
    charts: dict[int, Body]


def as_of(day: date, trust_ids: Collection[int], *, today: date) -> AsOf:
    """One query: when the first of these trusts was recorded."""
    began = _events(Trust).filter(pgh_obj_id__in=trust_ids).aggregate(at=Min("pgh_created_at"))["at"]
    return AsOf(day, today, timezone.localdate(began) if began else today)


def load(when: AsOf, *, partnership_id: int, trust_ids: Collection[int], charted: Collection[int]) -> Records:
    """charted: the trusts whose metrics are shown with their charts' judgement; before the records begin every chart
    is asked what was measured by then. Ten queries."""
    moment = when.moment
    trusts = _rows(Trust, moment, id__in=trust_ids)
    priorities = _rows(NationalPriority, moment, partnership_id=partnership_id)
    objectives = [one for one in _rows(Objective, moment, trust_id__in=trust_ids) if _stands(one, when)]
    streams = [one for one in _rows(ValueStream, moment, trust_id__in=trust_ids) if _stands(one, when)]
    stream_ids = _ids(streams)
    rpiws = [one for one in _rows(Rpiw, moment, value_stream_id__in=stream_ids) if _is_on(one, when)]
    measures = _rows(Measure, moment, rpiw_id__in=_ids(rpiws))
    metrics = _rows(Metric, moment, value_stream_id__in=stream_ids)
    charts = _charts(one.id for one in streams if one.trust_id in charted or when.is_before_records)
    return Records(
        as_of=when,
        trusts=sorted(trusts, key=lambda one: one.seat),
        priorities=sorted((one for one in priorities if one.issued <= when.day), key=lambda one: (one.issued, one.id)),
        objectives=sorted(objectives, key=lambda one: (one.name, one.id)),
        served=_rows(ObjectiveServed, moment, value_stream_id__in=stream_ids),
        streams=sorted(streams, key=lambda one: (one.trust_id, one.number)),
        rpiws=sorted(rpiws, key=lambda one: (one.week_starts, one.number)),
        measures=sorted(measures, key=lambda one: (one.rpiw_id, one.position)),
        links=_rows(MetricServed, moment, measure_id__in=_ids(measures)),
        metrics=[one for one in sorted(metrics, key=_order) if _is_watched(one, charts.get(one.id), when)],
        charts=charts,
    )


def _rows(model: type[Model], moment: datetime | None, **which: Any) -> list[Any]:
    """The rows as they are, or as they were at the moment."""
    if moment is None:
        return list(model._default_manager.filter(**which))
    events = _events(model).filter(pgh_created_at__lt=moment, **which)
    newest = events.order_by("pgh_obj_id", "-pgh_id").distinct("pgh_obj_id")
    return [event for event in newest if event.pgh_label != "delete"]


def _events(model: type[Model]) -> Any:
    event: Any = model._meta.get_field("events").related_model
    return event.objects


def _ids(rows: Iterable[Any]) -> list[int]:
    return [row.id for row in rows]


def _order(metric: Any) -> tuple[Any, ...]:
    return metric.value_stream_id, metric.category, metric.position, metric.id


def _stands(row: Any, when: AsOf) -> bool:
    """Whether the day lies between its dates; what has none stands."""
    return (row.started is None or row.started <= when.day) and (row.ended is None or row.ended >= when.day)


def _is_on(rpiw: Any, when: AsOf) -> bool:
    """Whether it was planned by then; before the records, whether its week had begun, as far as a source prints it."""
    if rpiw.state == State.CANCELLED:
        return False
    return not when.is_before_records or (rpiw.week_published and rpiw.week_starts <= when.day)


def _is_watched(metric: Any, chart: Body | None, when: AsOf) -> bool:
    if metric.retired_on is not None and metric.retired_on <= when.day:
        return False
    if not when.is_before_records:
        return True
    measured = [point["on"] for version in (chart or {"versions": []})["versions"] for one in version["series"]
                for point in one["points"]]  # fmt: skip
    return bool(measured) and min(measured) <= when.day.isoformat()


def _charts(stream_ids: Iterable[int]) -> dict[int, Body]:
    stored = latest_many("value_stream", stream_ids)
    return {metric["id"]: metric for each in stored.values() for metric in each.body["metrics"]}
