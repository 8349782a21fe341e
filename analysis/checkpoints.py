"""When an RPIW is measured, which reading is the post, and where each checkpoint stands on a day.

The rules are those of the partnership's evaluation: the post is the last reading by date, never the best one, and a
measure counts only when its baseline and its post can be compared.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum


class Checkpoint(StrEnum):
    BASELINE = "baseline"
    REPORT_OUT = "report_out"
    DAY_30 = "day_30"
    DAY_60 = "day_60"
    DAY_90 = "day_90"
    DAY_120 = "day_120"
    DAY_365 = "day_365"
    AFTER_UNKNOWN = "after"

    @property
    def label(self) -> str:
        return _LABELS[self]

    @property
    def adjective(self) -> str:
        """`90-day`, of a remeasure."""
        return f"{self.days_after}-day"

    @property
    def days_after(self) -> int | None:
        """Days after report-out; None for the baseline and where the time was not published."""
        return _DAYS_AFTER.get(self)


_LABELS = {
    Checkpoint.BASELINE: "Baseline",
    Checkpoint.REPORT_OUT: "Report-out",
    Checkpoint.DAY_30: "30 days",
    Checkpoint.DAY_60: "60 days",
    Checkpoint.DAY_90: "90 days",
    Checkpoint.DAY_120: "120 days",
    Checkpoint.DAY_365: "365 days (sustained)",
    Checkpoint.AFTER_UNKNOWN: "After, time not published",
}
_DAYS_AFTER = {
    Checkpoint.REPORT_OUT: 0,
    Checkpoint.DAY_30: 30,
    Checkpoint.DAY_60: 60,
    Checkpoint.DAY_90: 90,
    Checkpoint.DAY_120: 120,
    Checkpoint.DAY_365: 365,
}
_ORDER = {checkpoint: place for place, checkpoint in enumerate(Checkpoint)}

REMEASURES = (Checkpoint.DAY_30, Checkpoint.DAY_60, Checkpoint.DAY_90)
"""The remeasures every RPIW plans; 120 and 365 days are added by choice."""

POST_CHECKPOINTS = (*REMEASURES, Checkpoint.DAY_120, Checkpoint.AFTER_UNKNOWN)

DUE_AHEAD = timedelta(days=14)
"""How long before its date a checkpoint is called due."""


class State(StrEnum):
    TO_COME = "to_come"
    DUE = "due"
    LATE = "late"
    STOOD_DOWN = "stood_down"
    MEASURED = "measured"
    NOT_MEASURED = "not_measured"
    NEVER_MEASURED = "never_measured"


class LeftOutReason(StrEnum):
    """Why a reading at a checkpoint that could be the baseline or the post is not."""

    NOT_MEASURED = "not_measured"
    SIMULATED = "simulated"
    NOT_COMPARABLE = "not_comparable"


class UnpairedReason(StrEnum):
    """Why a measure is not paired, the first that holds."""

    NO_BASELINE = "no_baseline"
    BASELINE_NOT_COMPARABLE = "baseline_not_comparable"
    POST_NOT_COMPARABLE = "post_not_comparable"
    POST_NOT_MEASURED = "post_not_measured"
    NO_POST = "no_post"


@dataclass(frozen=True, kw_only=True)
class Reading:
    """One measure at one checkpoint.

    value: None when it was not measured; then `not_measured_reason` says why. on: the true day, None where it was not
    published. not_comparable_reason: what changed (start, end, sampling, definition), empty when nothing did.
    """

    checkpoint: Checkpoint
    value: Decimal | None
    on: date | None = None
    simulated: bool = False
    not_comparable_reason: str = ""
    not_measured_reason: str = ""


@dataclass(frozen=True)
class LeftOut:
    reading: Reading
    reason: LeftOutReason
    detail: str


@dataclass(frozen=True)
class StandDown:
    """Stopped work; both days belong to it. `until` is None while it lasts."""

    starts: date
    until: date | None = None

    def covers(self, day: date) -> bool:
        return self.starts <= day and (self.until is None or day <= self.until)


def due_date(checkpoint: Checkpoint, report_out: date) -> date | None:
    """The day a checkpoint falls on; None for the baseline and where the time was not published."""
    days = checkpoint.days_after
    return None if days is None else report_out + timedelta(days=days)


def baseline(readings: Iterable[Reading]) -> Reading | None:
    """The measured, comparable baseline, or None."""
    return next((r for r in readings if r.checkpoint is Checkpoint.BASELINE and _left_out_for(r) is None), None)


def post(readings: Iterable[Reading]) -> Reading | None:
    """The last reading by date at 30, 60, 90 or 120 days, or after an unpublished time; None when there is none.

    Never the report-out, a simulated one, one that was not measured or cannot be compared, the 365 days, or the best.
    A reading without a day stands before every dated one; on the same day the later checkpoint is the last.
    """
    candidates = [r for r in readings if r.checkpoint in POST_CHECKPOINTS and _left_out_for(r) is None]
    return max(candidates, key=lambda r: (r.on or date.min, _ORDER[r.checkpoint]), default=None)


def left_out(readings: Iterable[Reading]) -> tuple[LeftOut, ...]:
    """The readings that could have been baseline or post but are not, by name, in the order of the checkpoints."""
    places = (Checkpoint.BASELINE, *POST_CHECKPOINTS)
    found = [
        LeftOut(reading, reason, reading.not_comparable_reason or reading.not_measured_reason)
        for reading in readings
        if reading.checkpoint in places and (reason := _left_out_for(reading))
    ]
    return tuple(sorted(found, key=lambda item: _ORDER[item.reading.checkpoint]))


def is_paired(readings: Iterable[Reading]) -> bool:
    """Whether a measure has a comparable baseline and a post."""
    return why_unpaired(readings) is None


def why_unpaired(readings: Iterable[Reading]) -> UnpairedReason | None:
    """Why a measure is not paired, or None when it is."""
    readings = list(readings)
    reasons = {(item.reading.checkpoint is Checkpoint.BASELINE, item.reason) for item in left_out(readings)}
    if baseline(readings) is None:
        if (True, LeftOutReason.NOT_COMPARABLE) in reasons:
            return UnpairedReason.BASELINE_NOT_COMPARABLE
        return UnpairedReason.NO_BASELINE
    if post(readings) is not None:
        return None
    if (False, LeftOutReason.NOT_COMPARABLE) in reasons:
        return UnpairedReason.POST_NOT_COMPARABLE
    if (False, LeftOutReason.NOT_MEASURED) in reasons:
        return UnpairedReason.POST_NOT_MEASURED
    return UnpairedReason.NO_POST


def is_complete(measures: Iterable[Iterable[Reading]]) -> bool:
    """Whether every measure of an RPIW is paired. An RPIW without measures is not complete."""
    paired = [is_paired(readings) for readings in measures]
    return bool(paired) and all(paired)


def is_due(*, report_out: date | None, on: date) -> bool:
    """Whether an RPIW's 30-day date has passed on the day `on`."""
    return report_out is not None and on > report_out + timedelta(days=30)


def state(
    checkpoint: Checkpoint,
    *,
    report_out: date | None,
    today: date,
    reading: Reading | None = None,
    stand_downs: Sequence[StandDown] = (),
    planned: Sequence[Checkpoint] = REMEASURES,
) -> State:
    """Where one checkpoint of one measure stands on the day `today`.

    A reading settles it. A date inside a stand-down is stood down, then and afterwards, never late. Until 14 days
    before its date a checkpoint is to come, then due through the day itself, then late, and never measured once the
    date of the next of the `planned` checkpoints has passed too. The last planned one stays late.
    """
    if reading is not None and reading.value is not None:
        return State.MEASURED
    if reading is not None:
        return State.NOT_MEASURED
    due = None if report_out is None else due_date(checkpoint, report_out)
    if due is None:
        return State.TO_COME
    if any(stand_down.covers(due) for stand_down in stand_downs):
        return State.STOOD_DOWN
    if today < due - DUE_AHEAD:
        return State.TO_COME
    if today <= due:
        return State.DUE
    following = _next_date(checkpoint, report_out, planned)
    return State.NEVER_MEASURED if following is not None and today > following else State.LATE


def _next_date(checkpoint: Checkpoint, report_out: date | None, planned: Sequence[Checkpoint]) -> date | None:
    own = checkpoint.days_after
    if own is None or report_out is None:
        return None
    later = [days for other in planned if (days := other.days_after) is not None and days > own]
    return report_out + timedelta(days=min(later)) if later else None


def _left_out_for(reading: Reading) -> LeftOutReason | None:
    if reading.value is None:
        return LeftOutReason.NOT_MEASURED
    if reading.simulated:
        return LeftOutReason.SIMULATED
    if reading.not_comparable_reason:
        return LeftOutReason.NOT_COMPARABLE
    return None
