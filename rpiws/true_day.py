"""The true day of a reading: which days contradict its checkpoint, and which are odd.

The post is the last reading by date, so a slip of the day can change which reading counts. A day that cannot be true
is refused; one that is far from where it belongs is asked about and never refused (docs/adr/0007).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from analysis import checkpoints as clock
from rpiws.models import Checkpoint, Reading, Rpiw
from ui.words import day_year

EARLY, LATE = clock.DUE_AHEAD, timedelta(days=30)
"""From so long before or after its date on, a day belongs to another checkpoint rather than to this one."""
LONG_BEFORE = timedelta(days=365)


def contradiction(day: date, checkpoint: str, rpiw: Rpiw) -> str:
    """Why a reading at this checkpoint cannot be of this day; empty when it can. Days still to come are refused before,
    by the field itself."""
    if checkpoint == Checkpoint.BASELINE:
        if rpiw.week_published and day >= rpiw.week_starts:
            return f"A baseline is from before the week, which started on {day_year(rpiw.week_starts)}."
    elif checkpoint == Checkpoint.REPORT_OUT:
        if rpiw.week_published and day < rpiw.week_starts:
            return f"This is before the week: it began on {day_year(rpiw.week_starts)}."
    elif rpiw.reported_out and day <= rpiw.reported_out:
        return f"This is not after the report-out on {day_year(rpiw.reported_out)}."
    return ""


def doubt(day: date, checkpoint: str, rpiw: Rpiw, others: Iterable[Reading]) -> str:
    """What is odd about the day beside its date and beside the other readings; empty when nothing is."""
    return (
        contradiction(day, checkpoint, rpiw)
        or _out_of_order(day, clock.Checkpoint(checkpoint), others)
        or _far(day, clock.Checkpoint(checkpoint), rpiw)
    )


def _out_of_order(day: date, checkpoint: clock.Checkpoint, others: Iterable[Reading]) -> str:
    """Between remeasures alone: it is among them that the last one counts."""
    own = checkpoint.days_after
    if not own:
        return ""
    for other in others:
        days_after = clock.Checkpoint(other.checkpoint).days_after
        if not days_after or days_after == own or other.measured_on is None or other.value is None:
            continue
        if other.measured_on <= day if days_after > own else other.measured_on >= day:
            side = "before" if days_after > own else "after"
            return (
                f"This is not {side} the reading at {Checkpoint(other.checkpoint).label}, which is from"
                f" {day_year(other.measured_on)}. The last one by date counts. Is it the true day?"
            )
    return ""


def _far(day: date, checkpoint: clock.Checkpoint, rpiw: Rpiw) -> str:
    if not rpiw.week_published:
        return ""
    if checkpoint is clock.Checkpoint.BASELINE:
        if day < rpiw.week_starts - LONG_BEFORE:
            return f"This is more than a year before the week of {day_year(rpiw.week_starts)}. Is it the true day?"
        return ""
    due = clock.due_date(checkpoint, rpiw.reported_out or rpiw.week_ends)
    if due is None:
        return ""
    if day < due - EARLY:
        return f"This is {(due - day).days} days before its date, {day_year(due)}. Is it the true day?"
    if day >= due + (EARLY if checkpoint is clock.Checkpoint.REPORT_OUT else LATE):
        return f"This is {(day - due).days} days after its date, {day_year(due)}. Is it the true day?"
    return ""
