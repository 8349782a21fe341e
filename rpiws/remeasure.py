"""The remeasure clock: what each RPIW owes at each checkpoint on a day.

Facts come in a fixed number of queries, whatever the number of RPIWs; decisions are properties, and hold no query. The
rules of a checkpoint's state are those of analysis.checkpoints.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from django.db.models import Q

from analysis import checkpoints as clock
from analysis.checkpoints import Checkpoint, StandDown
from analysis.checkpoints import State as CheckpointState
from rpiws.models import Measure, Reading, Rpiw, RpiwPerson, State, Transition
from trusts.models import StandDown as TrustStandDown
from trusts.scope import Scope

OPEN_STATES = (State.FOLLOWING_UP, State.STOOD_DOWN)
"""An RPIW in one of these states is remeasured, once it has reported out."""


class Standing(StrEnum):
    """Where an RPIW stands with all its readings."""

    LATE = "late"
    STOOD_DOWN = "stood_down"
    NOT_YET_DUE = "not_yet_due"
    ANSWERED = "answered"
    CLOSED_WITHOUT = "closed_without"


@dataclass(frozen=True, kw_only=True)
class MeasureFacts:
    id: int
    remeasured_by_id: int | None
    who: str
    answered_at: frozenset[Checkpoint]
    """The checkpoints with a value or a reason."""

    def is_answered(self, checkpoint: Checkpoint) -> bool:
        """A reading whose time was not published answers for every checkpoint: it cannot be told which one it was."""
        return checkpoint in self.answered_at or Checkpoint.AFTER_UNKNOWN in self.answered_at


@dataclass(frozen=True, kw_only=True)
class RpiwFacts:
    """What the clock needs of one RPIW."""

    id: int
    process: str
    number: int
    state: State
    week_starts: date
    reported_out: date | None
    measures_day_120: bool
    week_published: bool
    value_stream_id: int
    value_stream: str
    trust_id: int
    trust: str
    measures: tuple[MeasureFacts, ...] = ()
    stand_downs: tuple[StandDown, ...] = ()
    lead_ids: frozenset[int] = frozenset()
    owner_ids: frozenset[int] = frozenset()

    @property
    def planned(self) -> tuple[Checkpoint, ...]:
        """The remeasures it owes. A closed RPIW owes none at 365 days; whoever measures then is welcome to log it."""
        extra = (Checkpoint.DAY_120,) if self.measures_day_120 else ()
        sustained = () if self.state == State.CLOSED else (Checkpoint.DAY_365,)
        return (*clock.REMEASURES, *extra, *sustained)

    @property
    def is_remeasured(self) -> bool:
        return self.state in OPEN_STATES and self.reported_out is not None and self.week_published

    def due(self, checkpoint: Checkpoint) -> date | None:
        if self.reported_out is None or not self.week_published:
            return None
        return clock.due_date(checkpoint, self.reported_out)

    def state_of(self, checkpoint: Checkpoint, *, on: date) -> CheckpointState:
        """The state of what is not yet answered at the checkpoint; measured when everything is."""
        if self.measures and self.answered(checkpoint) == len(self.measures):
            return CheckpointState.MEASURED
        return clock.state(
            checkpoint,
            report_out=self.reported_out if self.week_published else None,
            today=on,
            stand_downs=self.stand_downs,
            planned=self.planned,
        )

    def answered(self, checkpoint: Checkpoint) -> int:
        return sum(measure.is_answered(checkpoint) for measure in self.measures)

    def covering(self, day: date) -> StandDown | None:
        """The stand-down that the day falls into: of several the one that lasts longest."""
        found = [stand_down for stand_down in self.stand_downs if stand_down.covers(day)]
        return max(found, key=lambda stand_down: stand_down.until or date.max, default=None)

    def standing(self, *, on: date) -> Standing:
        """Late before stood down before answered; not yet due while no date has come.

        A closed RPIW owes nothing: what it never measured is said, and is not late.
        """
        if not self.week_published:
            known = bool(self.measures) and all(measure.answered_at - _BEFORE_POST for measure in self.measures)
            return Standing.ANSWERED if known else Standing.LATE
        if self.reported_out is None:
            return Standing.NOT_YET_DUE
        states = {checkpoint: self.state_of(checkpoint, on=on) for checkpoint in self.planned}
        found = set(states.values())
        if found & {CheckpointState.LATE, CheckpointState.NEVER_MEASURED}:
            return Standing.CLOSED_WITHOUT if self.state == State.CLOSED else Standing.LATE
        if any(
            state is CheckpointState.STOOD_DOWN and (self.due(checkpoint) or date.max) <= on
            for checkpoint, state in states.items()
        ):
            return Standing.STOOD_DOWN
        if any(state is CheckpointState.MEASURED for state in states.values()):
            return Standing.ANSWERED
        return Standing.NOT_YET_DUE

    def work(self, *, on: date, user_id: int = 0) -> list[Work]:
        """What is owed on the day: late, never measured, stood down and due by then, or due in the next 14 days.

        The most pressing first.
        """
        if not self.is_remeasured:
            return []
        owed = []
        for checkpoint in self.planned:
            due = self.due(checkpoint)
            state = self.state_of(checkpoint, on=on)
            if due is None or state in (CheckpointState.MEASURED, CheckpointState.TO_COME):
                continue
            if state is CheckpointState.STOOD_DOWN and due > on + clock.DUE_AHEAD:
                continue
            waiting = [measure for measure in self.measures if not measure.is_answered(checkpoint)]
            stand_down = self.covering(due) if state is CheckpointState.STOOD_DOWN else None
            owed.append(
                Work(
                    rpiw_id=self.id,
                    process=self.process,
                    number=self.number,
                    value_stream_id=self.value_stream_id,
                    value_stream=self.value_stream,
                    trust_id=self.trust_id,
                    trust=self.trust,
                    checkpoint=checkpoint,
                    due=due,
                    state=state,
                    measures=len(self.measures),
                    answered=self.answered(checkpoint),
                    mine=user_id in self.owner_ids or any(m.remeasured_by_id == user_id for m in waiting),
                    who=tuple(dict.fromkeys(m.who for m in waiting if m.who)),
                    is_last=checkpoint == self._last_before_sustained,
                    stood_down_until=stand_down.until if stand_down else None,
                    stand_down_is_over=bool(stand_down and stand_down.until and stand_down.until < on),
                    remeasurer_ids=frozenset(m.remeasured_by_id for m in waiting if m.remeasured_by_id),
                    lead_ids=self.lead_ids,
                )
            )
        return sorted(owed, key=lambda work: work.order)

    @property
    def _last_before_sustained(self) -> Checkpoint:
        return [checkpoint for checkpoint in self.planned if checkpoint is not Checkpoint.DAY_365][-1]


_BEFORE_POST = frozenset({Checkpoint.BASELINE, Checkpoint.REPORT_OUT})
_URGENCY = {
    CheckpointState.LATE: 0,
    CheckpointState.DUE: 1,
    CheckpointState.NEVER_MEASURED: 2,
    CheckpointState.STOOD_DOWN: 3,
}


@dataclass(frozen=True, kw_only=True)
class Work:
    """One remeasure that somebody owes: an RPIW at a checkpoint."""

    rpiw_id: int
    process: str
    number: int
    value_stream_id: int
    value_stream: str
    trust_id: int
    trust: str
    checkpoint: Checkpoint
    due: date
    state: CheckpointState
    measures: int
    answered: int
    mine: bool
    who: tuple[str, ...] = ()
    is_last: bool = False
    stood_down_until: date | None = None
    stand_down_is_over: bool = False
    remeasurer_ids: frozenset[int] = field(default=frozenset())
    lead_ids: frozenset[int] = field(default=frozenset())

    @property
    def is_late(self) -> bool:
        return self.state is CheckpointState.LATE

    @property
    def is_due(self) -> bool:
        return self.state is CheckpointState.DUE

    @property
    def is_never_measured(self) -> bool:
        return self.state is CheckpointState.NEVER_MEASURED

    @property
    def is_stood_down(self) -> bool:
        return self.state is CheckpointState.STOOD_DOWN

    @property
    def order(self) -> tuple[int, date, str]:
        """Late, due, never measured, stood down; the oldest duty first."""
        return (_URGENCY[self.state], self.due, self.process)


def due_work(scope: Scope, *, on: date) -> list[Work]:
    """What is owed on the day in the trusts that the person sees, the most pressing first; `mine` tells whose it is.

    Six queries, however many RPIWs there are.
    """
    rpiws = Rpiw.objects.in_trusts(scope.trust_ids).filter(
        state__in=OPEN_STATES, reported_out__isnull=False, week_published=True, kept_apart=False
    )
    owed = [work for facts in load(rpiws) for work in facts.work(on=on, user_id=scope.user_id)]
    return sorted(owed, key=lambda work: work.order)


@dataclass(frozen=True)
class Completeness:
    """How many RPIWs of a value stream or a trust stand where. Those not yet due are not held against anybody."""

    name: str
    id: int
    standings: Mapping[Standing, int]

    @property
    def total(self) -> int:
        return sum(self.standings.values())

    def count(self, standing: Standing | str) -> int:
        return self.standings.get(Standing(standing), 0)

    @property
    def asked(self) -> int:
        """The RPIWs of which a reading was due by now."""
        return self.total - self.count(Standing.NOT_YET_DUE)


def completeness(facts: Iterable[RpiwFacts], *, on: date) -> tuple[Completeness, ...]:
    """One line per value stream, in the order given. Planned, cancelled and stood-down-before-the-week do not count."""
    counts: dict[tuple[int, str], Counter[Standing]] = {}
    for rpiw in facts:
        if rpiw.reported_out is None and rpiw.week_published:
            continue
        key = (rpiw.value_stream_id, rpiw.value_stream)
        counts.setdefault(key, Counter())[rpiw.standing(on=on)] += 1
    return tuple(Completeness(name, pk, standings) for (pk, name), standings in counts.items())


def held_rpiws(trust_ids: Collection[int]) -> list[RpiwFacts]:
    """The facts of every RPIW of these trusts that took place, by value stream."""
    rpiws = Rpiw.objects.in_trusts(frozenset(trust_ids)).filter(kept_apart=False)
    return load(rpiws.filter(Q(reported_out__isnull=False) | Q(week_published=False)).exclude(state=State.CANCELLED))


def load(rpiws: Iterable[Rpiw]) -> list[RpiwFacts]:
    """The facts of these RPIWs, in the order given: five queries besides the one that finds them."""
    if hasattr(rpiws, "select_related"):
        rpiws = rpiws.select_related("value_stream__trust")
    found = list(rpiws)
    ids = [rpiw.pk for rpiw in found]
    answered: dict[int, set[Checkpoint]] = defaultdict(set)
    readings = Reading.objects.filter(measure__rpiw__in=ids).values_list("measure_id", "checkpoint")
    for measure_id, checkpoint in readings:
        answered[measure_id].add(Checkpoint(checkpoint))
    measures: dict[int, list[MeasureFacts]] = defaultdict(list)
    for measure in Measure.objects.filter(rpiw__in=ids).select_related("remeasured_by"):
        measures[measure.rpiw_id].append(
            MeasureFacts(
                id=measure.pk,
                remeasured_by_id=measure.remeasured_by_id,
                who=measure.remeasured_by_post or (str(measure.remeasured_by) if measure.remeasured_by else ""),
                answered_at=frozenset(answered[measure.pk]),
            )
        )
    owners: dict[int, set[int]] = defaultdict(set)
    leads: dict[int, set[int]] = defaultdict(set)
    people = RpiwPerson.objects.filter(rpiw__in=ids, user__isnull=False, part__in=_REMINDED_PARTS)
    for rpiw_id, user_id, part in people.values_list("rpiw_id", "user_id", "part"):
        owners[rpiw_id].add(user_id)
        if part == RpiwPerson.Part.WORKSHOP_LEAD:
            leads[rpiw_id].add(user_id)
    of_trust, of_value_stream = _trust_stand_downs({rpiw.trust_id for rpiw in found})
    own = _own_stand_downs(found)
    return [
        RpiwFacts(
            id=rpiw.pk,
            process=rpiw.process,
            number=rpiw.number,
            state=State(rpiw.state),
            week_starts=rpiw.week_starts,
            reported_out=rpiw.reported_out,
            measures_day_120=rpiw.measures_day_120,
            week_published=rpiw.week_published,
            value_stream_id=rpiw.value_stream_id,
            value_stream=rpiw.value_stream.name,
            trust_id=rpiw.trust_id,
            trust=rpiw.value_stream.trust.short_name,
            measures=tuple(measures[rpiw.pk]),
            stand_downs=(*of_trust[rpiw.trust_id], *of_value_stream[rpiw.value_stream_id], *own[rpiw.pk]),
            lead_ids=frozenset(leads[rpiw.pk]),
            owner_ids=frozenset(owners[rpiw.pk]),
        )
        for rpiw in found
    ]


_REMINDED_PARTS = (RpiwPerson.Part.WORKSHOP_LEAD, RpiwPerson.Part.PROCESS_OWNER)


def _trust_stand_downs(trust_ids: Collection[int]) -> tuple[dict[int, list[StandDown]], dict[int, list[StandDown]]]:
    """Stand-downs that stop RPIWs: of whole trusts by trust, of single value streams by value stream."""
    of_trust: dict[int, list[StandDown]] = defaultdict(list)
    of_value_stream: dict[int, list[StandDown]] = defaultdict(list)
    rows = TrustStandDown.objects.filter(trust__in=trust_ids, stops_rpiws=True)
    for trust_id, value_stream_id, started, ended in rows.values_list(
        "trust_id", "value_stream_id", "started", "ended"
    ):
        if value_stream_id is None:
            of_trust[trust_id].append(StandDown(started, ended))
        else:
            of_value_stream[value_stream_id].append(StandDown(started, ended))
    return of_trust, of_value_stream


def _own_stand_downs(rpiws: Collection[Rpiw]) -> dict[int, list[StandDown]]:
    """The times between an RPIW's own stand-down and its resumption."""
    steps: dict[int, list[tuple[str, date]]] = defaultdict(list)
    rows = Transition.objects.filter(rpiw__in=[rpiw.pk for rpiw in rpiws], step__in=["stand_down", "resume"])
    for rpiw_id, step, on in rows.order_by("at", "pk").values_list("rpiw_id", "step", "on"):
        steps[rpiw_id].append((step, on))
    found = {rpiw.pk: stood_down_between(steps[rpiw.pk]) for rpiw in rpiws}
    for rpiw in rpiws:
        if rpiw.state == State.STOOD_DOWN and not any(stand_down.until is None for stand_down in found[rpiw.pk]):
            found[rpiw.pk].append(StandDown(rpiw.reported_out or rpiw.week_starts))
    return found


def stood_down_between(steps: Iterable[tuple[str, date]]) -> list[StandDown]:
    """From the steps of a life cycle in their order: the day of resuming is worked again."""
    found: list[StandDown] = []
    began: date | None = None
    for step, on in steps:
        if step == "stand_down":
            began = on
        elif began is not None:
            if on > began:
                found.append(StandDown(began, on - timedelta(days=1)))
            began = None
    if began is not None:
        found.append(StandDown(began))
    return found
