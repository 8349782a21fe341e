"""What the pages of the reflections show, fetched in a fixed number of queries."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from accounts.models import User
from boards.models import Board, Meeting, Seat
from compacts.models import Promise, Theme
from reflections.actions.lines import is_scribe, seats_of
from reflections.models import Breach, BreachDraft, Line, PrivateNote, Prompt, Proposal, RepairStep, Scribe

OF_NO_PROMISE = "Of no single promise"


@dataclass(frozen=True)
class LineShown:
    """`mine`: the reader has put their own seat to it. `may_sign`: nobody has, so the reader may."""

    line: Line | Proposal
    prompt: str
    promise: str
    said_by: str
    mine: bool
    may_sign: bool


@dataclass(frozen=True)
class AtTheTable:
    """The reflections of one meeting, as one member sees them."""

    meeting: Meeting
    scribe: Seat | None
    writes: bool
    proposals: list[LineShown]
    lines: list[LineShown]
    breaches: list[Breach]
    drafts: list[BreachDraft]
    asked: list[BreachDraft]
    note: str

    @property
    def etag(self) -> str:
        """Every writing at the table moves the meeting's number on; what is one's own is on no page that refreshes."""
        return f'"{self.meeting.pulse}"'


def at_the_table(meeting: Meeting, user: User) -> AtTheTable:
    """Everything of the board's that is on the table, and what is the reader's own."""
    own = {seat.pk for seat in seats_of(meeting, user)}
    scribe = Scribe.objects.filter(meeting=meeting).select_related("seat").first()
    note = PrivateNote.objects.filter(meeting=meeting, user=user).first()
    drafts = list(BreachDraft.objects.filter(board=meeting.board_id))
    with_promise = ("promise__party", "promise__theme")
    lines = Line.objects.filter(meeting=meeting).select_related(*with_promise, "said_by").order_by("pk")
    proposals = Proposal.objects.filter(meeting=meeting).select_related(*with_promise)
    return AtTheTable(
        meeting=meeting,
        scribe=scribe.seat if scribe else None,
        writes=meeting.is_open and is_scribe(meeting, user),
        proposals=[shown(each, own) for each in proposals],
        lines=[shown(each, own) for each in lines],
        breaches=breaches_of(meeting.board, meeting=meeting),
        drafts=[draft for draft in drafts if draft.caller_id == user.pk],
        asked=[draft for draft in drafts if draft.caller_id != user.pk],
        note=note.text if note else "",
    )


def shown(line: Line | Proposal, own: set[int]) -> LineShown:
    said_by = line.said_by if isinstance(line, Line) else None
    return LineShown(
        line=line,
        prompt=Prompt(line.prompt).label,
        promise=promise_words(line.promise) if line.promise else "",
        said_by=said_by.title if said_by else "",
        mine=said_by is not None and said_by.pk in own,
        may_sign=isinstance(line, Line) and said_by is None,
    )


def promise_words(promise: Promise) -> str:
    """The regulator promises to ask before it instructs"""
    return f"{promise.party.name} {promise.party.promise} to {promise.text}"


def breaches_of(board: Board, *, meeting: Meeting | None = None) -> list[Breach]:
    """The open ones; of a meeting also those that it ended."""
    found = Breach.objects.filter(board=board).select_related("promise__party", "promise__theme", "ended_at")
    return [each for each in found if each.is_open or (meeting and each.ended_at_id == meeting.pk)]


def over_time(board: Board) -> dict[str, Any]:
    """All that the reader may read of a board: lines by theme, breaches, and what is still to be done."""
    lines = Line.objects.filter(board=board).select_related("promise__party", "promise__theme", "said_by", "meeting")
    breaches = Breach.objects.filter(board=board).select_related("promise__party", "promise__theme", "led_to__compact")
    steps = RepairStep.objects.filter(board=board, done_on=None).select_related("party", "breach")
    return {
        "themes": by_theme(list(lines)),
        "open": [each for each in breaches if each.is_open],
        "ended": [each for each in breaches if not each.is_open],
        "steps": list(steps),
    }


def by_theme(lines: list[Line]) -> list[tuple[str, list[LineShown]]]:
    """In the order of the compact, under the title that a theme has now, the newest line first."""
    grouped: dict[UUID | None, list[LineShown]] = defaultdict(list)
    for line in lines:
        grouped[line.promise.theme.lineage if line.promise else None].append(shown(line, set()))
    titles: dict[UUID, tuple[int, str]] = {}
    for theme in Theme.objects.filter(lineage__in=[key for key in grouped if key]).order_by("version__number"):
        titles[theme.lineage] = (theme.position, theme.title)
    named = sorted(((titles[key], found) for key, found in grouped.items() if key), key=lambda each: each[0])
    rest = [(OF_NO_PROMISE, grouped[None])] if None in grouped else []
    return [(title, found) for (_position, title), found in named] + rest
