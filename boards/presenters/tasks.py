"""The actions of boards: a board's own list, and what waits for one person on the first page."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.urls import reverse

from boards.models import Board, Entry, Holding
from ui.words import day, day_year

SOON = timedelta(days=14)
DONE_SHOWN = 20


@dataclass(frozen=True)
class TaskLine:
    entry: Entry
    status: tuple[str, str]
    href: str
    mine: bool
    may_finish: bool


def task_lines(board: Board, *, user_id: int, prepares: bool, on: date) -> tuple[list[TaskLine], list[TaskLine]]:
    """The open actions of a board, and those done lately. Three queries, whatever their number."""
    mine = held_seats(user_id, on)
    found = Entry.objects.filter(item__meeting__board=board).select_related("owner", "item__meeting")
    done = found.actions().filter(done_at__isnull=False).order_by("-done_at")[:DONE_SHOWN]

    def lines(entries: Collection[Entry]) -> list[TaskLine]:
        return [
            TaskLine(
                entry=entry,
                status=status_of(entry, on=on),
                href=reverse("minutes", args=[entry.item.meeting_id]),
                mine=entry.owner_id in mine,
                may_finish=prepares or entry.owner_id in mine,
            )
            for entry in entries
        ]

    return lines(found.open()), lines(done)


def status_of(entry: Entry, *, on: date) -> tuple[str, str]:
    assert entry.due is not None
    if entry.is_done:
        return "done", "Done"
    if entry.due < on:
        return "late", "Late"
    return ("due", f"Due {day(entry.due).rsplit(' ', 1)[0]}") if entry.due <= on + SOON else ("plain", "Open")


def held_seats(user_id: int, on: date) -> frozenset[int]:
    return frozenset(Holding.objects.held_on(on).filter(user_id=user_id).values_list("seat_id", flat=True))


def waiting_for(user_id: int, *, on: date) -> list[dict[str, Any]]:
    """The open actions of the seats that somebody holds today, as lists of tasks show them. One query."""
    held = Holding.objects.held_on(on).filter(user_id=user_id).values("seat_id")
    found = Entry.objects.filter(owner__in=held).open().select_related("owner__board__trust")
    return [
        {
            "status": status_of(entry, on=on),
            "title": entry.text,
            "href": reverse("action_done", args=[entry.pk]),
            "detail": f"by {day_year(entry.due)}",
            "who": str(entry.owner.board) if entry.owner else "",
        }
        for entry in found
    ]
