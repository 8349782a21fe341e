"""The grid of one RPIW on a day: which columns there are, which of them are open, and which one is to be filled."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from analysis import checkpoints as clock
from analysis.checkpoints import State as CheckpointState
from rpiws import remeasure, true_day
from rpiws.models import Checkpoint, Measure, Reading, Rpiw, State

_ALWAYS = (Checkpoint.BASELINE, Checkpoint.REPORT_OUT, Checkpoint.DAY_30, Checkpoint.DAY_60, Checkpoint.DAY_90)
_OWED = (CheckpointState.LATE, CheckpointState.DUE)
_OWED_LONG = (CheckpointState.NEVER_MEASURED, CheckpointState.STOOD_DOWN)


@dataclass(frozen=True)
class Column:
    """One checkpoint of the grid. `due` is None for the baseline, and for all of them before the report-out."""

    checkpoint: Checkpoint
    state: CheckpointState
    due: date | None
    opens: date | None
    is_open: bool
    answered: int
    measures: int
    stand_down: clock.StandDown | None = None

    @property
    def is_answered(self) -> bool:
        return self.measures > 0 and self.answered == self.measures


@dataclass(frozen=True)
class Grid:
    """Measures down, checkpoints across. `load` finds it in a fixed number of queries."""

    rpiw: Rpiw
    facts: remeasure.RpiwFacts
    measures: tuple[Measure, ...]
    readings: dict[tuple[int, str], Reading]
    on: date

    def reading(self, measure: Measure, checkpoint: str) -> Reading | None:
        return self.readings.get((measure.pk, checkpoint))

    def stored_at(self, checkpoint: str) -> dict[int, Reading]:
        return {measure_id: reading for (measure_id, at), reading in self.readings.items() if at == checkpoint}

    def doubt_of_day(self, day: date | None, checkpoint: str, measure: Measure | None = None) -> str:
        """What is odd about a true day, beside the other readings of the measure or, without one, of all of them."""
        others = [
            reading
            for (measure_id, at), reading in self.readings.items()
            if at != checkpoint and (measure is None or measure_id == measure.pk)
        ]
        return true_day.doubt(day, checkpoint, self.rpiw, others) if day else ""

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        return tuple(self.column(checkpoint) for checkpoint in Checkpoint if self._shows(checkpoint))

    def column(self, checkpoint: Checkpoint) -> Column:
        answered = sum((measure.pk, str(checkpoint)) in self.readings for measure in self.measures)
        due = self._due(checkpoint)
        opens = due - clock.DUE_AHEAD if due and checkpoint not in _ALWAYS[:2] else due
        state = self._state(checkpoint, answered)
        return Column(
            checkpoint=checkpoint,
            state=state,
            due=due,
            opens=opens,
            is_open=self._is_open(checkpoint, opens),
            answered=answered,
            measures=len(self.measures),
            stand_down=self.facts.covering(due) if due and state is CheckpointState.STOOD_DOWN else None,
        )

    def to_fill(self) -> Checkpoint:
        """The column that a person most probably came for: the oldest remeasure due or late, before a report-out or a
        baseline that is missing; then what was never measured, what is still open, and the last one answered."""
        remeasures_first = sorted(self.columns, key=lambda column: column.checkpoint in _ALWAYS[:2])
        for wanted in (_OWED, _OWED_LONG):
            for column in remeasures_first:
                if column.is_open and column.state in wanted:
                    return column.checkpoint
        unanswered = [column for column in self.columns if column.is_open and not column.is_answered]
        answered = [column for column in self.columns if column.answered]
        return (unanswered[:1] or answered[-1:] or self.columns[:1])[0].checkpoint

    def _shows(self, checkpoint: Checkpoint) -> bool:
        if checkpoint in _ALWAYS or any(at == checkpoint for _, at in self.readings):
            return True
        if checkpoint == Checkpoint.DAY_120:
            return self.rpiw.measures_day_120
        if checkpoint == Checkpoint.DAY_365 and self.facts.reported_out:
            # Not in view for most of the year: it would only take room from what is due.
            return self._due(checkpoint) <= self.on + 2 * clock.DUE_AHEAD  # type: ignore[operator]
        return False

    def _due(self, checkpoint: Checkpoint) -> date | None:
        if checkpoint in (Checkpoint.BASELINE, Checkpoint.AFTER):
            return None
        if checkpoint == Checkpoint.REPORT_OUT:
            return self.rpiw.reported_out or self.rpiw.week_ends
        return self.facts.due(clock.Checkpoint(checkpoint))

    def _is_open(self, checkpoint: Checkpoint, opens: date | None) -> bool:
        if self.rpiw.state == State.CANCELLED or checkpoint == Checkpoint.AFTER:
            return False
        if checkpoint == Checkpoint.BASELINE:
            return True
        if checkpoint == Checkpoint.REPORT_OUT:
            return self.rpiw.reported_out is not None or self.rpiw.state == State.WEEK
        return opens is not None and opens <= self.on

    def _state(self, checkpoint: Checkpoint, answered: int) -> CheckpointState:
        if self.measures and answered == len(self.measures):
            return CheckpointState.MEASURED
        if checkpoint == Checkpoint.BASELINE:
            return CheckpointState.LATE if self.on >= self.rpiw.week_starts else CheckpointState.DUE
        if checkpoint == Checkpoint.REPORT_OUT:
            if self.rpiw.reported_out is not None:
                return CheckpointState.LATE if self.on > self.rpiw.reported_out else CheckpointState.DUE
            return CheckpointState.DUE if self.rpiw.state == State.WEEK else CheckpointState.TO_COME
        return self.facts.state_of(clock.Checkpoint(checkpoint), on=self.on)


def load(rpiw: Rpiw, *, on: date) -> Grid:
    """The grid of one RPIW, in seven queries."""
    measures = tuple(Measure.objects.filter(rpiw=rpiw))
    for measure in measures:
        measure.rpiw = rpiw
    readings = Reading.objects.filter(measure__rpiw=rpiw).select_related("recorded_by")
    return Grid(
        rpiw=rpiw,
        facts=remeasure.load([rpiw])[0],
        measures=measures,
        readings={(reading.measure_id, reading.checkpoint): reading for reading in readings},
        on=on,
    )
