"""The golden thread as a tree: what serves what, and where a link is missing. Pure: records in, nodes out.

A missing link is open. It stands with the reason that somebody gave, or else with a question.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from analysis.can_move import Showing
from dashboards.thread.records import AsOf, Body, Records
from metrics.presenters.words import counted, series_of


class Kind(StrEnum):
    """The kinds of open thread, in the order in which the page names them."""

    CANNOT_MOVE = "cannot_move"
    NO_METRIC = "no_metric"
    NO_OBJECTIVE = "no_objective"
    NO_VALUE_STREAM = "no_value_stream"
    NO_PRIORITY = "no_priority"


@dataclass(frozen=True)
class Open:
    """A missing link. about: the rows that miss it, all of one value stream where they are RPIWs. reason: what somebody
    said of it; empty: nobody has, and it is a question."""

    kind: Kind
    about: tuple[Any, ...]
    reason: str = ""
    number: int = 0


@dataclass(frozen=True)
class MeasureNode:
    row: Any
    metrics: tuple[int, ...]


@dataclass(frozen=True)
class RpiwNode:
    row: Any
    measures: tuple[MeasureNode, ...]
    open: int = 0

    @property
    def serving(self) -> tuple[MeasureNode, ...]:
        """The measures that serve a metric."""
        return tuple(measure for measure in self.measures if measure.metrics)

    @property
    def touches_none(self) -> bool:
        """Whether it measures, and nothing of it serves a metric. While it has no measures there is nothing to say."""
        return bool(self.measures) and not self.serving


@dataclass(frozen=True)
class MetricNode:
    """variation: its icon on the day, None while its chart is not computed. version: its definition on the day."""

    row: Any
    variation: str | None
    version: Body | None
    served_by: int
    open: int = 0

    @property
    def cannot_move(self) -> bool:
        move = self.version["move"] if self.version else None
        return move is not None and move["showing"] == Showing.NOT and move["moved"] != 0


@dataclass(frozen=True)
class StreamNode:
    row: Any
    objectives: tuple[int, ...]
    rpiws: tuple[RpiwNode, ...]
    metrics: tuple[MetricNode, ...]
    open: int = 0

    @property
    def reaches_a_metric(self) -> bool:
        return any(rpiw.serving for rpiw in self.rpiws)


@dataclass(frozen=True)
class ObjectiveNode:
    row: Any
    streams: tuple[int, ...]
    open: int = 0
    no_priority: int = 0


@dataclass(frozen=True)
class Thread:
    """One trust's thread. priorities: those that its objectives name; unserved: those that none of them names."""

    trust: Any
    as_of: AsOf
    priorities: tuple[Any, ...]
    unserved: tuple[Any, ...]
    objectives: tuple[ObjectiveNode, ...]
    streams: tuple[StreamNode, ...]
    open: tuple[Open, ...] = field(default=())

    @property
    def reached(self) -> int:
        """How many of its priorities reach a metric through a measure of an RPIW."""
        reaching = {stream.row.id for stream in self.streams if stream.reaches_a_metric}
        found = {one.row.national_priority_id for one in self.objectives if reaching & set(one.streams)}
        return sum(priority.id in found for priority in self.priorities)

    def objectives_of(self, priority_id: int | None) -> tuple[ObjectiveNode, ...]:
        return tuple(one for one in self.objectives if one.row.national_priority_id == priority_id)

    def streams_of(self, objective: ObjectiveNode) -> tuple[StreamNode, ...]:
        return tuple(stream for stream in self.streams if stream.row.id in objective.streams)

    @property
    def loose(self) -> tuple[StreamNode, ...]:
        """The value streams that serve no objective."""
        return tuple(stream for stream in self.streams if not stream.objectives)


def threads(records: Records) -> list[Thread]:
    """One for each trust, in the order of their seats."""
    metrics_of_measure: dict[int, list[int]] = defaultdict(list)
    watched = {metric.id for metric in records.metrics}
    for link in records.links:
        if link.metric_id in watched:
            metrics_of_measure[link.measure_id].append(link.metric_id)
    measures = _grouped(records.measures, "rpiw_id")
    rpiws = {
        stream_id: tuple(
            RpiwNode(
                rpiw,
                tuple(MeasureNode(one, tuple(sorted(metrics_of_measure[one.id]))) for one in measures[rpiw.id]),
            )
            for rpiw in rows
        )
        for stream_id, rows in _grouped(records.rpiws, "value_stream_id").items()
    }
    metrics = _grouped(records.metrics, "value_stream_id")
    objectives_of_stream = _grouped(records.served, "value_stream_id")
    known = {one.id for one in records.objectives}
    nodes = [
        _stream(
            stream,
            tuple(link.objective_id for link in objectives_of_stream[stream.id] if link.objective_id in known),
            rpiws.get(stream.id, ()),
            metrics[stream.id],
            records,
        )
        for stream in records.streams
    ]
    return [
        _thread(trust, records, [node for node in nodes if node.row.trust_id == trust.id]) for trust in records.trusts
    ]


def _grouped(rows: Iterable[Any], key: str) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        found[getattr(row, key)].append(row)
    return found


def _stream(
    row: Any, objectives: tuple[int, ...], rpiws: tuple[RpiwNode, ...], metrics: Sequence[Any], records: Records
) -> StreamNode:
    serving: dict[int, set[int]] = defaultdict(set)
    for rpiw in rpiws:
        for measure in rpiw.serving:
            for metric_id in measure.metrics:
                serving[metric_id].add(rpiw.row.id)
    nodes = tuple(_metric(one, records.charts.get(one.id), records.as_of, len(serving[one.id])) for one in metrics)
    return StreamNode(row, tuple(sorted(objectives)), rpiws, nodes)


def _metric(row: Any, chart: Body | None, when: AsOf, served_by: int) -> MetricNode:
    version = version_on(chart, when)
    series = series_of(version) if version else None
    if series is None:
        return MetricNode(row, "few" if chart else None, version, served_by)
    if when.is_today:
        return MetricNode(row, series["variation"], version, served_by)
    by_then = [point for point in counted(series) if point["on"] <= when.day.isoformat()]
    judged = by_then[-1]["judgement"] if by_then else None
    return MetricNode(row, judged or "few", version, served_by)


def version_on(chart: Body | None, when: AsOf) -> Body | None:
    """The newest definition that applied on the day, and was agreed by then where there are records of then."""
    day = when.day.isoformat()
    found = [
        version
        for version in (chart["versions"] if chart else ())
        if (version["applies_from"] or "") <= day
        and (version["number"] == 1 or when.is_before_records or (version["agreed_at"] or "") <= day)
    ]
    return found[-1] if found else None


# Open threads -------------------------------------------------------------------


def _thread(trust: Any, records: Records, streams: list[StreamNode]) -> Thread:
    objectives = [
        ObjectiveNode(one, tuple(stream.row.id for stream in streams if one.id in stream.objectives))
        for one in records.objectives
        if one.trust_id == trust.id
    ]
    named = {one.row.national_priority_id for one in objectives}
    found = [replace(one, number=number) for number, one in enumerate(_open(objectives, streams), start=1)]
    number = {(one.kind, row.id): one.number for one in found for row in one.about}
    return Thread(
        trust=trust,
        as_of=records.as_of,
        priorities=tuple(one for one in records.priorities if one.id in named),
        unserved=tuple(one for one in records.priorities if one.id not in named),
        objectives=tuple(
            replace(
                one,
                open=number.get((Kind.NO_VALUE_STREAM, one.row.id), 0),
                no_priority=number.get((Kind.NO_PRIORITY, one.row.id), 0),
            )
            for one in objectives
        ),
        streams=tuple(_numbered(one, number) for one in streams),
        open=tuple(found),
    )


def _numbered(stream: StreamNode, number: dict[tuple[Kind, int], int]) -> StreamNode:
    return replace(
        stream,
        open=number.get((Kind.NO_OBJECTIVE, stream.row.id), 0),
        rpiws=tuple(replace(one, open=number.get((Kind.NO_METRIC, one.row.id), 0)) for one in stream.rpiws),
        metrics=tuple(replace(one, open=number.get((Kind.CANNOT_MOVE, one.row.id), 0)) for one in stream.metrics),
    )


def _open(objectives: Sequence[ObjectiveNode], streams: Sequence[StreamNode]) -> list[Open]:
    """Each missing link once, by kind; the RPIWs of one value stream that miss it for one reason together."""
    found = [Open(Kind.CANNOT_MOVE, (one.row,)) for stream in streams for one in stream.metrics if one.cannot_move]
    for stream in streams:
        by_reason: dict[str, list[Any]] = defaultdict(list)
        for rpiw in stream.rpiws:
            if rpiw.touches_none:
                by_reason[rpiw.row.why_no_metric].append(rpiw.row)
        # What nobody has said anything of comes first.
        found += [Open(Kind.NO_METRIC, tuple(rows), reason) for reason, rows in sorted(by_reason.items())]
    found += [Open(Kind.NO_OBJECTIVE, (one.row,), one.row.why_no_objective) for one in streams if not one.objectives]
    found += [
        Open(Kind.NO_VALUE_STREAM, (one.row,), one.row.why_no_value_stream) for one in objectives if not one.streams
    ]
    found += [
        Open(Kind.NO_PRIORITY, (one.row,), one.row.why_no_priority)
        for one in objectives
        if one.row.national_priority_id is None
    ]
    return found
