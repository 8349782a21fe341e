"""The facts of one value stream, fetched in a fixed number of queries, however many RPIWs it has."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.db.models import Q

from analysis import checkpoints
from analysis.checkpoints import Checkpoint, StandDown
from rpiws.models import Measure, Reading, Rpiw, State, Transition
from rpiws.remeasure import stood_down_between
from trusts.models import NamedPeriod, ValueStream
from trusts.models import StandDown as StandDownRow


@dataclass(frozen=True, kw_only=True)
class PeriodFacts:
    """A named period; `key` names it in snapshots and in addresses."""

    key: str
    name: str
    starts: date | None = None
    ends: date | None = None
    note: str = ""
    public: bool = False

    def holds(self, day: date) -> bool:
        return (self.starts is None or self.starts <= day) and (self.ends is None or day <= self.ends)


ALL_TIME = PeriodFacts(key="all", name="All time")


@dataclass(frozen=True, kw_only=True)
class ReadingFacts:
    """One reading: what the rules of checkpoints need, and what a reader of a row may ask."""

    reading: checkpoints.Reading
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    sample_size: int | None = None
    retrospective: bool = False
    synthetic: bool = False
    source: str = ""


@dataclass(frozen=True, kw_only=True)
class MeasureFacts:
    id: int
    name: str
    kind: str
    unit: str
    better_when: str
    shape: str = "value"
    statistic: str = "mean"
    day_hours: Decimal = Decimal(24)
    readings: tuple[ReadingFacts, ...] = ()

    @property
    def plain(self) -> tuple[checkpoints.Reading, ...]:
        return tuple(facts.reading for facts in self.readings)

    def at(self, reading: checkpoints.Reading | None) -> ReadingFacts | None:
        return next((facts for facts in self.readings if facts.reading is reading), None)


@dataclass(frozen=True, kw_only=True)
class RpiwFacts:
    id: int
    number: int
    process: str
    state: str
    week_starts: date
    week_ends: date
    reported_out: date | None = None
    follows: int | None = None
    measures_day_120: bool = False
    kept_apart: bool = False
    week_published: bool = True
    synthetic: bool = False
    source: str = ""
    measures: tuple[MeasureFacts, ...] = ()
    stood_down: tuple[StandDown, ...] = ()
    """When this RPIW alone was stood down."""

    @property
    def is_counted(self) -> bool:
        """Whether it may count in a total: its week took place, and it is not shown apart as printed."""
        return self.reported_out is not None and not self.kept_apart

    @property
    def planned(self) -> tuple[Checkpoint, ...]:
        """The remeasures it owes, as the remeasure clock has them (rpiws/remeasure.py)."""
        extra = (Checkpoint.DAY_120,) if self.measures_day_120 else ()
        sustained = () if self.state == State.CLOSED else (Checkpoint.DAY_365,)
        return (*checkpoints.REMEASURES, *extra, *sustained)

    def due(self, checkpoint: Checkpoint) -> date | None:
        """The day a checkpoint falls on; None as long as no report-out is known to count from."""
        if self.reported_out is None or not self.week_published:
            return None
        return checkpoints.due_date(checkpoint, self.reported_out)

    @property
    def is_complete(self) -> bool:
        return checkpoints.is_complete(measure.plain for measure in self.measures)


@dataclass(frozen=True, kw_only=True)
class StandDownFacts:
    started: date
    ended: date | None
    stops: tuple[str, ...]
    reason: str
    explanation: str = ""
    decided_by: str = ""
    whole_trust: bool = True
    synthetic: bool = False

    @property
    def stops_rpiws(self) -> bool:
        return "RPIWs" in self.stops

    @property
    def days(self) -> StandDown:
        return StandDown(self.started, self.ended)


@dataclass(frozen=True, kw_only=True)
class ValueStreamFacts:
    id: int
    number: int
    name: str
    trust_id: int
    trust: str
    ods_code: str
    rpiws: tuple[RpiwFacts, ...] = ()
    stand_downs: tuple[StandDownFacts, ...] = ()
    periods: tuple[PeriodFacts, ...] = field(default=(ALL_TIME,))

    @property
    def stopped(self) -> tuple[StandDown, ...]:
        """When its RPIWs were stood down."""
        return tuple(stand_down.days for stand_down in self.stand_downs if stand_down.stops_rpiws)


def value_stream_facts(value_stream_id: int) -> ValueStreamFacts | None:
    """Everything the value stream's dashboard is computed from; None when it no longer exists. Seven queries."""
    value_stream = ValueStream.objects.select_related("trust").filter(pk=value_stream_id).first()
    if value_stream is None:
        return None
    trust = value_stream.trust
    return ValueStreamFacts(
        id=value_stream.pk,
        number=value_stream.number,
        name=value_stream.name,
        trust_id=trust.pk,
        trust=trust.short_name,
        ods_code=trust.ods_code,
        rpiws=_rpiws(value_stream_id),
        stand_downs=stand_down_facts(trust.pk, value_stream_id=value_stream_id),
        periods=named_periods(trust.partnership_id),
    )


def named_periods(partnership_id: int) -> tuple[PeriodFacts, ...]:
    """All time, then the partnership's named periods."""
    named = NamedPeriod.objects.filter(partnership_id=partnership_id)
    return (
        ALL_TIME,
        *(
            PeriodFacts(
                key=str(period.pk),
                name=period.name,
                starts=period.starts,
                ends=period.ends,
                note=period.note,
                public=period.public,
            )
            for period in named
        ),
    )


def stand_down_facts(trust_id: int, *, value_stream_id: int) -> tuple[StandDownFacts, ...]:
    """The stand-downs of a value stream: of it alone, or of the whole trust."""
    own = Q(value_stream_id=value_stream_id) | Q(value_stream_id=None)
    rows = StandDownRow.objects.filter(own, trust_id=trust_id)
    return tuple(
        StandDownFacts(
            started=row.started,
            ended=row.ended,
            stops=tuple(
                word
                for word, stops in (
                    ("RPIWs", row.stops_rpiws),
                    ("training", row.stops_training),
                    ("daily work", row.stops_daily_work),
                )
                if stops
            ),
            reason=row.get_reason_display(),
            explanation=row.explanation,
            decided_by=row.decided_by,
            whole_trust=row.value_stream_id is None,
            synthetic=row.synthetic,
        )
        for row in rows.order_by("started", "pk")
    )


def _rpiws(value_stream_id: int) -> tuple[RpiwFacts, ...]:
    readings = _readings(value_stream_id)
    measures: dict[int, list[MeasureFacts]] = defaultdict(list)
    for row in Measure.objects.filter(rpiw__value_stream_id=value_stream_id).order_by("rpiw_id", "position"):
        measures[row.rpiw_id].append(_measure(row, readings))
    steps: dict[int, list[tuple[str, date]]] = defaultdict(list)
    taken = Transition.objects.filter(rpiw__value_stream_id=value_stream_id, step__in=["stand_down", "resume"])
    for rpiw_id, step, on in taken.order_by("at", "pk").values_list("rpiw_id", "step", "on"):
        steps[rpiw_id].append((step, on))
    return tuple(
        RpiwFacts(
            id=row.pk,
            number=row.number,
            process=row.process,
            state=row.state,
            week_starts=row.week_starts,
            week_ends=row.week_ends,
            reported_out=row.reported_out,
            follows=row.follows_id,
            measures_day_120=row.measures_day_120,
            kept_apart=row.kept_apart,
            week_published=row.week_published,
            synthetic=row.synthetic,
            source=row.source,
            measures=tuple(measures[row.pk]),
            stood_down=tuple(stood_down_between(steps[row.pk])),
        )
        for row in Rpiw.objects.filter(value_stream_id=value_stream_id).order_by("week_starts", "number")
    )


def _measure(row: Measure, readings: Mapping[int, list[ReadingFacts]]) -> MeasureFacts:
    return MeasureFacts(
        id=row.pk,
        name=row.name,
        kind=row.kind,
        unit=row.unit,
        better_when=row.better_when,
        shape=row.reading_shape,
        statistic=row.statistic,
        day_hours=row.day_hours,
        readings=tuple(readings.get(row.pk, ())),
    )


def _readings(value_stream_id: int) -> Mapping[int, list[ReadingFacts]]:
    found: dict[int, list[ReadingFacts]] = defaultdict(list)
    for row in Reading.objects.filter(measure__rpiw__value_stream_id=value_stream_id).order_by("pk"):
        found[row.measure_id].append(
            ReadingFacts(
                reading=checkpoints.Reading(
                    checkpoint=Checkpoint(row.checkpoint),
                    value=row.value,
                    on=row.measured_on,
                    simulated=row.simulated,
                    not_comparable_reason=row.get_not_comparable_display(),
                    not_measured_reason=_why_not_measured(row),
                ),
                numerator=row.numerator,
                denominator=row.denominator,
                sample_size=row.sample_size,
                retrospective=row.retrospective,
                synthetic=row.synthetic,
                source=row.source,
            )
        )
    return found


def _why_not_measured(row: Reading) -> str:
    if row.value is not None:
        return ""
    return row.not_measured_note if row.not_measured == "other" else row.get_not_measured_display()
