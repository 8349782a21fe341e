"""The grid of a value stream's measurements: periods down, one column for each definition and subgroup.

A definition takes values from its from-date until the next one's; where earlier periods can be computed anew, before
that too. The first takes all that is earlier.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from hashlib import sha256

from metrics.models import Measurement, Metric, MetricVersion, Often
from metrics.periods import moved, period_of, periods
from metrics.typed import usual_of
from trusts.models import ValueStream

SHOWN = {Often.DAILY: 14, Often.WEEKLY: 13, Often.MONTHLY: 12, Often.QUARTERLY: 8}
"""How many periods stand on a page."""

USUAL_FROM = 3
"""So many pages back are read to know what is usual."""


@dataclass(frozen=True)
class Column:
    """One definition of a metric, or one subgroup of it. `until`: the day from which another one takes the values."""

    metric: Metric
    version: MetricVersion
    subgroup: str
    begins: date | None
    until: date | None
    amended: bool

    @property
    def key(self) -> str:
        """The same for the same column, whatever else is added to the metric."""
        part = f"s{sha256(self.subgroup.encode()).hexdigest()[:10]}" if self.subgroup else ""
        return f"c{self.version.pk}{part}"

    def takes(self, period: date) -> bool:
        """Whether a new value may be entered for the period."""
        retired = self.metric.retired_on
        return (
            (self.begins is None or period >= self.begins)
            and (self.until is None or period < self.until)
            and (retired is None or period <= retired)
        )


@dataclass(frozen=True)
class Place:
    """One cell: a column at a period."""

    column: Column
    on: date

    @property
    def key(self) -> str:
        return f"{self.column.key}d{self.on:%Y%m%d}"


@dataclass(frozen=True)
class Grid:
    stream: ValueStream
    often: Often
    oftens: tuple[Often, ...]
    columns: tuple[Column, ...]
    rows: tuple[date, ...]
    stored: dict[str, Measurement]
    values: dict[str, list[tuple[date, Decimal]]]
    first: date
    last: date
    newest: date
    metric_id: int | None = None

    def row(self, place: Place) -> Measurement | None:
        return self.stored.get(place.key)

    def is_open(self, place: Place) -> bool:
        return place.column.takes(place.on)

    def usual(self, place: Place) -> Decimal | None:
        """What is usual in the column beside the value of this period."""
        return usual_of([value for on, value in self.values.get(place.column.key, ()) if on != place.on])

    @property
    def places(self) -> list[Place]:
        """Every cell that is open or holds a value, row by row."""
        every = [Place(column, on) for on in self.rows for column in self.columns]
        return [place for place in every if self.is_open(place) or self.row(place)]

    def place(self, version_id: int, subgroup: str, on: date) -> Place | None:
        for column in self.columns:
            if (column.version.pk, column.subgroup) == (version_id, subgroup):
                return Place(column, on)
        return None


def load(
    stream: ValueStream, *, on: date, often: str = "", until: date | None = None, metric_id: int | None = None
) -> Grid:
    """The grid of the value stream up to a period, in five queries whatever its size.

    Without `until` it ends today; where nothing was recorded for long, soon after the last value.
    """
    metrics = list(Metric.objects.filter(value_stream=stream).order_by("category", "position", "pk"))
    metrics = [metric for metric in metrics if metric_id in (None, metric.pk)]
    for metric in metrics:
        metric.value_stream = stream
    versions: dict[int, list[MetricVersion]] = defaultdict(list)
    for version in MetricVersion.objects.filter(metric__in=metrics).in_force().order_by("metric_id", "number"):  # type: ignore[attr-defined]
        versions[version.metric_id].append(version)
    counted = Counter(found[-1].collected_often for found in versions.values())
    oftens = tuple(each for each in Often if counted[each])
    most = max(oftens, key=lambda each: counted[each], default=Often.MONTHLY)
    chosen = Often(often) if often in oftens else most

    mine = [version for found in versions.values() for version in found if version.collected_often == chosen]
    newest = period_of(on, chosen)
    last = min(period_of(until, chosen), newest) if until else _ends(mine, newest, chosen)
    first = moved(last, chosen, 1 - SHOWN[chosen])
    of_mine = Measurement.objects.filter(version__in=mine)
    groups: dict[int, set[str]] = defaultdict(set)
    for version_id, subgroup in of_mine.values_list("version_id", "subgroup").distinct():
        groups[version_id].add(subgroup)
    found = [
        column
        for metric in metrics
        for version in versions[metric.pk]
        if version.collected_often == chosen
        for column in columns(metric, version, versions[metric.pk], groups[version.pk])
    ]
    by_column = {(column.version.pk, column.subgroup): column for column in found}
    since, before = moved(first, chosen, -USUAL_FROM * SHOWN[chosen]), moved(last, chosen, 1)
    stored: dict[str, Measurement] = {}
    values: dict[str, list[tuple[date, Decimal]]] = defaultdict(list)
    days = set(periods(first, last, chosen))
    for row in of_mine.filter(on__gte=since, on__lt=before).select_related("recorded_by").order_by("on"):
        column = by_column[row.version_id, row.subgroup]
        if row.value is not None and not row.ghost:
            values[column.key].append((row.on, row.value))
        if row.on >= first:
            stored[Place(column, row.on).key] = row
            days.add(row.on)
    rows = tuple(sorted(days))
    shown = [column for column in found if any(column.takes(on) or Place(column, on).key in stored for on in rows)]
    return Grid(stream, chosen, oftens, tuple(shown), rows, stored, values, first, last, newest, metric_id)


def rows_at(places: list[Place]) -> list[int]:
    """The ids of what is stored at these places now."""
    if not places:
        return []
    wanted = {(place.column.version.pk, place.column.subgroup, place.on) for place in places}
    rows = Measurement.objects.filter(version__in={key[0] for key in wanted}, on__in={key[2] for key in wanted})
    return [pk for pk, *key in rows.values_list("pk", "version_id", "subgroup", "on") if tuple(key) in wanted]


def _ends(versions: list[MetricVersion], newest: date, often: str) -> date:
    """Today's period; but half a page after the last value, where that is earlier."""
    latest = Measurement.objects.filter(version__in=versions).order_by("-on").values_list("on", flat=True).first()
    return min(newest, moved(period_of(latest, often), often, SHOWN[Often(often)] // 2)) if latest else newest


def columns(metric: Metric, version: MetricVersion, of_metric: list[MetricVersion], groups: set[str]) -> list[Column]:
    """A definition's column, or one for each of its subgroups. `of_metric`: those in force, by number."""
    place = of_metric.index(version)
    following = of_metric[place + 1].applies_from if place + 1 < len(of_metric) else None
    begins = None if place == 0 or version.back_cast else version.applies_from
    if begins:
        begins = period_of(begins, version.collected_often)
    return [
        Column(metric, version, subgroup, begins, following, len(of_metric) > 1) for subgroup in sorted(groups or {""})
    ]
