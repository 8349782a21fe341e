"""The steps of an RPIW's life. Each leaves a transition: who took it, when and why."""

from datetime import date
from typing import Any

from django.db.models import Max
from django.utils import timezone

from accounts.models import User
from analysis.checkpoints import Checkpoint
from rpiws.actions.preparation import begin_checklist, move_checklist
from rpiws.actions.writes import locked, save_changes
from rpiws.life_cycle import (
    Refusal,
    StepRefused,
    StillToCome,
    Unanswered,
    closing_refusals,
    due_checkpoints,
    moved_week_refusals,
    next_state,
    report_out_refusals,
    still_to_come,
    unmeasured_refusals,
    week_refusals,
)
from rpiws.models import ClosingDecision, Rpiw, State, Transition
from rpiws.remeasure import load
from trusts.actions.announced import announced
from trusts.models import ValueStream


@announced
def plan_rpiw(
    *, value_stream: ValueStream, by: User, process: str, week_starts: date, week_ends: date, **facts: Any
) -> Rpiw:
    """A new RPIW, numbered after the last one of its value stream. `facts`: aim, follows, measures_day_120.

    Planning the same process for the same week twice, as a double click does, gives the first one again.
    """
    # The value stream is locked, so that two people who plan at once get two numbers.
    ValueStream.objects.select_for_update().get(pk=value_stream.pk)
    planned = value_stream.rpiws.filter(process=process, week_starts=week_starts, state=State.PLANNED).first()
    if planned:
        return planned
    last = value_stream.rpiws.aggregate(last=Max("number"))["last"] or 0
    rpiw = Rpiw.objects.create(
        value_stream=value_stream,
        number=last + 1,
        process=process,
        week_starts=week_starts,
        week_ends=week_ends,
        **facts,
    )
    _record(rpiw, "plan", by=by, left=State.PLANNED)
    return rpiw


@announced
def edit_rpiw(*, rpiw: Rpiw, by: User, version: int, **changes: Any) -> Rpiw:
    """Change its dates, process, aim, what it follows or its notes; undone checklist tasks follow the week.

    Raises EditedMeanwhile, and StepRefused when its dates would move where they cannot.
    """
    rpiw = locked(rpiw, version=version)
    moved_by = changes.get("week_starts", rpiw.week_starts) - rpiw.week_starts
    ends_moved = changes.get("week_ends", rpiw.week_ends) != rpiw.week_ends
    if moved_by or ends_moved:
        starts = changes.get("week_starts", rpiw.week_starts)
        _refuse(moved_week_refusals(rpiw, starts=starts, today=timezone.localdate()))
    save_changes(rpiw, changes)
    if moved_by:
        move_checklist(rpiw=rpiw, moved_by=moved_by)
    return rpiw


@announced
def prepare(*, rpiw: Rpiw, by: User, on: date | None = None) -> Rpiw:
    """Start preparing: the checklist is made, its due dates counted back from the week."""
    rpiw = locked(rpiw)
    rpiw = _take(rpiw, "prepare", by=by, on=on)
    begin_checklist(rpiw=rpiw)
    return rpiw


@announced
def start_week(*, rpiw: Rpiw, by: User, on: date | None = None, started_without: str = "") -> Rpiw:
    """Start the week; from now on the baseline is locked.

    started_without: why it starts without its sponsor, process owner or patient representative. Whether `by` may
    record that is the caller's question. It is kept only when somebody is missing.
    """
    rpiw = locked(rpiw)
    next_state("start_week", state=rpiw.state)
    parts = set(rpiw.people.values_list("part", flat=True))
    today = on or timezone.localdate()
    _refuse(week_refusals(parts=parts, week_starts=rpiw.week_starts, on=today, started_without=started_without))
    if started_without and week_refusals(parts=parts, week_starts=rpiw.week_starts, on=today):
        rpiw.started_without, rpiw.started_without_by = started_without, by
    return _take(rpiw, "start_week", by=by, on=today, reason=rpiw.started_without)


@announced
def follow_up(*, rpiw: Rpiw, by: User, reported_out: date) -> Rpiw:
    """The report-out was held: checkpoints are counted from that day."""
    rpiw = locked(rpiw)
    next_state("follow_up", state=rpiw.state)
    _refuse(report_out_refusals(on=reported_out, week_starts=rpiw.week_starts, today=timezone.localdate()))
    rpiw.reported_out = reported_out
    rpiw.week_ends = max(reported_out, rpiw.week_starts)
    return _take(rpiw, "follow_up", by=by, on=reported_out)


@announced
def close(*, rpiw: Rpiw, by: User, decision: str, note: str, on: date | None = None) -> Rpiw:
    """Close it with the executive sponsor's decision, once every due checkpoint has a reading or a reason."""
    rpiw = locked(rpiw)
    next_state("close", state=rpiw.state)
    today = on or timezone.localdate()
    _refuse(closing_refusals(unanswered(rpiw=rpiw, today=today)))
    _refuse(unmeasured_refusals(measures=rpiw.measures.count()))
    waits = waits_for(rpiw=rpiw, today=today)
    if waits and decision != ClosingDecision.STOP:
        raise StepRefused([Refusal(waits.sentence)])
    rpiw.closing_decision, rpiw.closing_note = ClosingDecision(decision), note
    return _take(rpiw, "close", by=by, on=today, reason=note)


@announced
def cancel(*, rpiw: Rpiw, by: User, reason: str, on: date | None = None) -> Rpiw:
    return _take(locked(rpiw), "cancel", by=by, on=on, reason=reason)


@announced
def stand_down(*, rpiw: Rpiw, by: User, reason: str, on: date | None = None) -> Rpiw:
    return _take(locked(rpiw), "stand_down", by=by, on=on, reason=reason)


@announced
def resume(*, rpiw: Rpiw, by: User, on: date | None = None, reason: str = "") -> Rpiw:
    """Back to the state before the stand-down."""
    return _take(locked(rpiw), "resume", by=by, on=on, reason=reason)


def unanswered(*, rpiw: Rpiw, today: date) -> list[Unanswered]:
    """The measures that have neither a reading nor a reason at a checkpoint whose date has come."""
    if rpiw.reported_out is None:
        return []
    (facts,) = load([rpiw])
    names = dict(rpiw.measures.values_list("pk", "name"))
    due = due_checkpoints(facts.planned, reported_out=rpiw.reported_out, today=today)
    return [
        Unanswered(measure=names[measure.id], checkpoint=checkpoint)
        for checkpoint in due
        for measure in facts.measures
        if checkpoint not in measure.answered_at
        and not (checkpoint != Checkpoint.BASELINE and measure.is_answered(checkpoint))
    ]


def waits_for(*, rpiw: Rpiw, today: date) -> StillToCome | None:
    """The remeasure before which it is closed only to stop the work."""
    if rpiw.reported_out is None:
        return None
    (facts,) = load([rpiw])
    return still_to_come(facts.planned, reported_out=rpiw.reported_out, today=today)


def _take(rpiw: Rpiw, step: str, *, by: User, on: date | None, reason: str = "") -> Rpiw:
    left = rpiw.state
    rpiw.state = next_state(step, state=left, before_stand_down=rpiw.state_before_stand_down)
    rpiw.state_before_stand_down = left if rpiw.state == State.STOOD_DOWN else ""
    rpiw.version += 1
    rpiw.save()
    _record(rpiw, step, by=by, left=left, on=on, reason=reason)
    return rpiw


def _record(rpiw: Rpiw, step: str, *, by: User, left: str, on: date | None = None, reason: str = "") -> None:
    Transition.objects.create(
        rpiw=rpiw,
        step=step,
        left=left,
        entered=rpiw.state,
        on=on or timezone.localdate(),
        at=timezone.now(),
        by=by,
        reason=reason,
    )


def _refuse(refusals: list[Refusal]) -> None:
    if refusals:
        raise StepRefused(refusals)
