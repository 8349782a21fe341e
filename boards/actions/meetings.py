"""Planning meetings: by a rule, one beside it, moved, cancelled."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from accounts.audit import action
from accounts.models import User
from accounts.permissions import SeatRole
from boards.models import Board, Meeting, Series
from boards.refusals import ChangedMeanwhile, Refused

AHEAD = timedelta(days=366)
"""How far ahead the meetings of a rule stand in calendars."""
ANOTHER_RULE = "The board meets by another rule from this day on."


@action
def meet_by_rule(*, board: Board, values: Mapping[str, Any], by: User) -> Series:
    """Meet by a rule from its first day on. What an earlier rule planned from then on is cancelled."""
    Board.objects.select_for_update().get(pk=board.pk)
    if same := Series.objects.filter(board=board, **values).first():
        return same
    series = Series.objects.create(board=board, **values)
    earlier = Series.objects.filter(board=board).exclude(pk=series.pk)
    for before in earlier.filter(ends__isnull=True) | earlier.filter(ends__gte=series.starts):
        if before.starts >= series.starts:
            before.ends = before.starts
        else:
            before.ends = series.starts - timedelta(days=1)
        before.save(update_fields=["ends"])
    given_up = Meeting.objects.filter(
        board=board, series__in=earlier, day_of_rule__gte=series.starts, opened_at=None, cancelled_at=None
    )
    for meeting in given_up:
        _cancel(meeting, ANOTHER_RULE)
    plan_ahead(series, today=timezone.localdate())
    return series


def plan_ahead(series: Series, *, today: date) -> int:
    """Make the meetings of the year to come that are not there yet; how many. It may run twice."""
    known = set(Meeting.objects.filter(series=series).values_list("day_of_rule", flat=True))
    missing = [day for day in series.days(until=today + AHEAD) if day not in known and day >= today]
    chair = series.board.seats.filter(role=SeatRole.CHAIR).first()
    for day in missing:
        Meeting.objects.get_or_create(
            series=series,
            day_of_rule=day,
            defaults={
                "board": series.board,
                "on": day,
                "begins_at": series.begins_at,
                "minutes": series.minutes,
                "place": series.place,
                "chair": chair,
            },
        )
    return len(missing)


@action
def add_meeting(*, board: Board, values: Mapping[str, Any], by: User) -> tuple[Meeting, bool]:
    """One meeting beside the rule. The same sent twice is one."""
    Board.objects.select_for_update().get(pk=board.pk)
    same = Meeting.objects.filter(board=board, on=values["on"], begins_at=values["begins_at"], cancelled_at=None)
    if found := same.first():
        return found, False
    chair = board.seats.filter(role=SeatRole.CHAIR).first()
    return Meeting.objects.create(board=board, **{"chair": chair, **values}), True


@action
def move_meeting(*, meeting: Meeting, values: Mapping[str, Any], seen: int, by: User) -> Meeting:
    """Another day, time, length, place or chair. `seen`: how often it had changed when the form was opened."""
    locked = _locked(meeting)
    if all(getattr(locked, name) == value for name, value in values.items()):
        return locked
    if locked.changes != seen:
        raise ChangedMeanwhile
    _not_begun(locked)
    for name, value in values.items():
        setattr(locked, name, value)
    locked.changes += 1
    locked.save(update_fields=[*values, "changes"])
    return locked


@action
def cancel_meeting(*, meeting: Meeting, because: str, by: User) -> None:
    """It will not be held. It stays on the list with its reason, so that calendars learn of it."""
    locked = _locked(meeting)
    if locked.is_cancelled:
        return
    _not_begun(locked)
    _cancel(locked, because)


def _cancel(meeting: Meeting, because: str) -> None:
    meeting.cancelled_at, meeting.cancelled_because = timezone.now(), because
    meeting.changes += 1
    meeting.save(update_fields=["cancelled_at", "cancelled_because", "changes"])


def _locked(meeting: Meeting) -> Meeting:
    return Meeting.objects.select_for_update(of=("self",)).get(pk=meeting.pk)


def _not_begun(meeting: Meeting) -> None:
    if meeting.opened_at is not None:
        raise Refused("This meeting has begun, so it is no longer moved or cancelled")
