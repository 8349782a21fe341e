"""Everything that a meeting's page, its agenda and its minutes show, fetched in a fixed number of queries."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils import timezone

from boards.actions.agenda import template_of
from boards.models import AgendaItem, Attendance, Entry, Holding, ItemKind, Meeting, Seat, TemplateItem
from boards.seating import table_on

USUAL_GAP = timedelta(days=31)
"""Since when things count as new at a board's first meeting."""


@dataclass(frozen=True)
class Carried:
    """An action of an earlier meeting, as it stood at this one."""

    entry: Entry
    is_done: bool
    is_late: bool


@dataclass(frozen=True)
class MeetingFacts:
    meeting: Meeting
    items: list[AgendaItem]
    entries: dict[int, list[Entry]]
    attendance: dict[int, Attendance]
    table: list[tuple[Seat, Holding | None]]
    previous: Meeting | None
    carried: list[Carried]

    @property
    def in_hand(self) -> AgendaItem | None:
        return next((item for item in self.items if item.is_in_hand), None)

    @property
    def since(self) -> datetime:
        """The meeting before, or a month ago."""
        opened = self.previous.opened_at if self.previous else None
        return opened or self.meeting.begins - USUAL_GAP

    @property
    def reflected(self) -> bool:
        return any(item.kind == ItemKind.REFLECTIONS and item.was_held for item in self.items)

    def of(self, item: AgendaItem, *kinds: str) -> list[Entry]:
        return [entry for entry in self.entries.get(item.pk, []) if entry.kind in kinds]

    def all_of(self, *kinds: str) -> list[Entry]:
        """In the order of the agenda."""
        return [entry for item in self.items for entry in self.of(item, *kinds)]


def load(meeting: Meeting) -> MeetingFacts:
    items = list(meeting.items.select_related("brought_by"))
    for item in items:
        item.meeting = meeting
    entries: dict[int, list[Entry]] = defaultdict(list)
    for entry in Entry.objects.filter(item__meeting=meeting).select_related("owner", "about_trust"):
        entries[entry.item_id].append(entry)
    previous = _previous(meeting)
    return MeetingFacts(
        meeting=meeting,
        items=items,
        entries=entries,
        attendance={each.seat_id: each for each in meeting.attendance.select_related("seat")},
        table=table_on(meeting.board, meeting.on),
        previous=previous,
        carried=_carried(meeting, previous),
    )


def planned_items(facts: MeetingFacts) -> Sequence[AgendaItem | TemplateItem]:
    """The agenda; as long as there is none, what the template would make of it."""
    return facts.items or template_of(facts.meeting.board)


def _previous(meeting: Meeting) -> Meeting | None:
    held = Meeting.objects.held().filter(board=meeting.board_id).exclude(pk=meeting.pk)
    if meeting.opened_at:
        held = held.filter(opened_at__lt=meeting.opened_at)
    return held.order_by("-opened_at").first()


def _carried(meeting: Meeting, previous: Meeting | None) -> list[Carried]:
    """What earlier meetings asked for and was not done before the last one ended; what was done since stands there
    once more."""
    until = meeting.closed_at or timezone.now()
    since = (previous.closed_at or previous.opened_at) if previous else None
    not_done = Q(done_at__isnull=True) | Q(done_at__gte=since) if since else Q(done_at__isnull=True)
    found = Entry.objects.actions().filter(not_done, item__meeting__board=meeting.board_id, at__lt=until)
    found = found.exclude(item__meeting=meeting).select_related("owner", "item__meeting__board")
    if meeting.opened_at:
        found = found.filter(item__meeting__opened_at__lt=meeting.opened_at)
    return [
        Carried(
            entry=entry,
            is_done=entry.done_at is not None and entry.done_at <= until,
            is_late=entry.due is not None and entry.due < timezone.localdate(until),
        )
        for entry in found.order_by("due", "pk")
    ]
