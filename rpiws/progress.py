"""How far each measure of an RPIW has come: the target progress report's decisions, without a query or a word."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from analysis import checkpoints as clock
from analysis.before_after import Better, Pair, summarise
from analysis.checkpoints import Checkpoint
from rpiws.models import Measure, Reading


def as_clock_reading(reading: Reading) -> clock.Reading:
    """A stored reading as the rules of checkpoints take it."""
    return clock.Reading(
        checkpoint=Checkpoint(reading.checkpoint),
        value=reading.value,
        on=reading.measured_on,
        simulated=reading.simulated,
        not_comparable_reason=reading.not_comparable,
        not_measured_reason=reading.not_measured,
    )


@dataclass(frozen=True, kw_only=True)
class Progress:
    """One measure from its baseline to its post. Without a pair every figure is None."""

    measure: Measure
    readings: Mapping[Checkpoint, Reading]
    baseline: clock.Reading | None
    post: clock.Reading | None

    @property
    def pair(self) -> Pair | None:
        if self.baseline is None or self.post is None or self.baseline.value is None or self.post.value is None:
            return None
        return Pair(
            baseline=self.baseline.value,
            post=self.post.value,
            better=Better(self.measure.better_when),
            checkpoint=self.post.checkpoint,
        )

    @property
    def change(self) -> Decimal | None:
        """Post minus baseline, in the form that readings are kept in."""
        return self.pair.change if self.pair else None

    @property
    def relative_change(self) -> Decimal | None:
        """The change as a part of the baseline: -0.82 is 82% less. None from a baseline of zero."""
        if self.pair is None:
            return None
        reduction = summarise([self.pair], kind=self.measure.kind).percentage_reduction
        return None if reduction is None else Decimal(str(-reduction)) / 100

    @property
    def meets_target(self) -> bool | None:
        """Whether the post is on the better side of the target, or on it. None without either, or without a better."""
        if self.post is None or self.post.value is None or self.measure.target is None:
            return None
        if self.measure.better_when == Better.LOWER:
            return self.post.value <= self.measure.target
        if self.measure.better_when == Better.HIGHER:
            return self.post.value >= self.measure.target
        return None


def progress_of(measure: Measure, readings: Iterable[Reading]) -> Progress:
    by_checkpoint = {Checkpoint(reading.checkpoint): reading for reading in readings}
    facts = [as_clock_reading(reading) for reading in by_checkpoint.values()]
    return Progress(measure=measure, readings=by_checkpoint, baseline=clock.baseline(facts), post=clock.post(facts))


def columns(
    progress: Sequence[Progress], planned: Sequence[Checkpoint], *, reported_out: date | None, today: date
) -> list[Checkpoint]:
    """The checkpoints that the report shows: what is planned and what was read, in their order.

    The 365 days stand there once they were read or are near; an RPIW of which only a time that was not published is
    known shows that one alone.
    """
    read = {checkpoint for each in progress for checkpoint in each.readings}
    shown = read | {Checkpoint.BASELINE}
    if Checkpoint.AFTER_UNKNOWN not in read:
        shown |= {Checkpoint.REPORT_OUT, *planned}
        sustained = reported_out and clock.due_date(Checkpoint.DAY_365, reported_out)
        if Checkpoint.DAY_365 not in read and (sustained is None or today < sustained - clock.DUE_AHEAD):
            shown -= {Checkpoint.DAY_365}
    return [checkpoint for checkpoint in Checkpoint if checkpoint in shown]


@dataclass(frozen=True)
class Targets:
    """How many of the measures that have a target and a post meet it."""

    met: int
    judged: int
    with_target: int


def targets(progress: Iterable[Progress]) -> Targets:
    verdicts = [(each.meets_target, each.measure.target is not None) for each in progress]
    return Targets(
        met=sum(verdict is True for verdict, _ in verdicts),
        judged=sum(verdict is not None for verdict, _ in verdicts),
        with_target=sum(has_target for _, has_target in verdicts),
    )


def posts_at(progress: Iterable[Progress]) -> dict[Checkpoint, int]:
    """How many measures have their post at which checkpoint, the latest first."""
    counts = Counter(each.post.checkpoint for each in progress if each.post)
    return {checkpoint: counts[checkpoint] for checkpoint in reversed(Checkpoint) if checkpoint in counts}
