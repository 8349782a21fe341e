"""Boards as lists show them, and the meetings on a board's page."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from boards.models import Board, Meeting
from ui.words import ago, day_year

Status = tuple[str, str]
SHOWN = 6
"""How many meetings to come, and how many past ones, stand on a board's page at once."""


@dataclass(frozen=True)
class MeetingLine:
    meeting: Meeting
    title: str
    href: str
    status: Status
    detail: str


@dataclass(frozen=True)
class BoardLine:
    board: Board
    href: str
    next: MeetingLine | None


def board_lines(boards: Collection[Board], *, on: date) -> list[BoardLine]:
    """The boards with the meeting that comes next, the soonest first; one query for all of them."""
    coming = Meeting.objects.to_come(on).filter(board__in=boards).order_by("board_id", "on", "begins_at")
    coming = coming.distinct("board_id")
    following = {meeting.board_id: meeting_line(meeting, on=on) for meeting in coming}
    lines = [BoardLine(board, reverse("board", args=[board.pk]), following.get(board.pk)) for board in boards]
    return sorted(lines, key=lambda line: line.next.meeting.on if line.next else date.max)


def next_meeting(board: Board, *, on: date) -> MeetingLine | None:
    meeting = board.meetings.filter(opened_at__isnull=False, closed_at__isnull=True).first()  # in the room
    meeting = meeting or Meeting.objects.to_come(on).filter(board=board).first()
    return meeting_line(meeting, on=on) if meeting else None


def coming(board: Board, *, on: date) -> list[MeetingLine]:
    """The next meetings, cancelled ones among them, so that nobody travels for nothing."""
    found = board.meetings.filter(on__gte=on, closed_at__isnull=True).order_by("on", "begins_at")
    return [meeting_line(meeting, on=on) for meeting in found[:SHOWN]]


def past(board: Board, *, on: date) -> list[MeetingLine]:
    """What was held, the newest first; one that was neither held nor cancelled is there too, to be put right."""
    before = board.meetings.filter(on__lt=on) | board.meetings.filter(closed_at__isnull=False)
    return [meeting_line(meeting, on=on) for meeting in before.order_by("-on", "-begins_at")[: SHOWN * 2]]


def meeting_line(meeting: Meeting, *, on: date) -> MeetingLine:
    return MeetingLine(
        meeting=meeting,
        title=f"{day_year(meeting.on)}, {meeting.begins_at:%H:%M}",
        href=reverse("meeting", args=[meeting.pk]),
        status=status_of(meeting, on=on),
        detail=_detail(meeting),
    )


def status_of(meeting: Meeting, *, on: date) -> Status:
    if meeting.is_cancelled:
        return "plain", "Cancelled"
    if meeting.is_closed:
        return "done", "Held"
    if meeting.is_open:
        return "blue", "In the room"
    return ("due", "Not held") if meeting.on < on else ("plain", ago(meeting.on, on).capitalize())


def _detail(meeting: Meeting) -> str:
    said = []
    if meeting.is_cancelled:
        said.append(meeting.cancelled_because)
    elif meeting.was_moved and meeting.day_of_rule:
        said.append(f"moved from {day_year(meeting.day_of_rule)}")
    elif meeting.series_id is None:
        said.append("beside the rule")
    if meeting.place and not meeting.is_cancelled:
        said.append(meeting.place)
    return ", ".join(said)
