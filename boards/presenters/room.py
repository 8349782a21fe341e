"""The room: the agenda with its times, the item in hand, what was written, and who is here."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.urls import reverse
from django.utils import timezone

from boards.facts import USUAL_GAP, MeetingFacts, planned_items
from boards.models import AgendaItem, Attendance, Entry, ItemKind, Meeting, TemplateItem
from boards.models.agenda import Framing, framing_of
from boards.presenters.amendments import AmendmentLine, amendments
from boards.presenters.compact import CompactShown, compact_for
from trusts.models import Trust
from ui.words import listing, plural, sentence, spelled

NOTE, DECISION, ACTION = Entry.Kind.NOTE, Entry.Kind.DECISION, Entry.Kind.ACTION
PROMPTS = ("A promise I saw kept or strained", "What I learned today")
FRAME = "Leaders are asked to frame problems, not to solve them."
ABOUT_TRUSTS = frozenset({ItemKind.PROGRESS, ItemKind.SUCCESS, ItemKind.CHALLENGE})


@dataclass(frozen=True)
class AgendaLine:
    """An item on the agenda. `state`: done, now, later; of an item that was passed over: later."""

    item: AgendaItem | TemplateItem
    number: int
    state: str
    begins: datetime
    ends: datetime
    outcome: str
    href: str
    shown: bool


@dataclass(frozen=True)
class Clock:
    """How the item in hand stands against its time."""

    words: str
    span: str
    pace: str
    share: int
    until: datetime
    began: datetime


@dataclass(frozen=True)
class EntryLine:
    entry: Entry
    mine: bool


@dataclass(frozen=True)
class Room:
    facts: MeetingFacts
    item: AgendaItem | None
    follows: bool
    lines: list[AgendaLine]
    clock: Clock | None
    notes: list[EntryLine]
    decisions: list[EntryLine]
    actions: list[EntryLine]
    people: list[str]
    apologies: list[str]
    trusts: list[Trust]
    framing: Framing | None
    amendments: list[AmendmentLine]
    compact: CompactShown | None

    @property
    def meeting(self) -> Meeting:
        return self.facts.meeting

    @property
    def here(self) -> str:
        """10 of 11: of the seats that are held, how many are in the room, deputies among them. For the room alone."""
        held = [seat for seat, holding in self.facts.table if holding]
        there = [seat for seat in held if seat.pk in self.facts.attendance]
        present = [seat for seat in there if self.facts.attendance[seat.pk].presence != Attendance.Presence.APOLOGIES]
        return f"{len(present)} of {len(held)}" if there else ""

    @property
    def next_item(self) -> AgendaItem | None:
        """What comes after the item in hand."""
        now = self.facts.in_hand
        after = [item for item in self.facts.items if now is None or item.position > now.position]
        return next((item for item in after if not item.was_held), None)


def room(facts: MeetingFacts, *, asked: int | None, user_id: int) -> Room:
    """The room as one person sees it: the item they asked for, else the one in hand."""
    found = next((item for item in facts.items if item.pk == asked), None)
    item = found or facts.in_hand or (facts.items[0] if facts.items else None)
    kind = item.kind if item else ""
    people, apologies = who_is_here(facts)
    partnership = facts.meeting.board.partnership

    def lines(entries: list[Entry]) -> list[EntryLine]:
        return [EntryLine(entry, entry.author_id == user_id) for entry in entries]

    return Room(
        facts=facts,
        item=item,
        follows=found is None,
        lines=agenda_lines(facts, shown=item),
        clock=_clock(facts) if facts.meeting.is_open else None,
        notes=lines(facts.of(item, NOTE)) if item else [],
        decisions=lines(facts.all_of(DECISION)),
        actions=lines(facts.all_of(ACTION)),
        people=people,
        apologies=apologies,
        trusts=_trusts(facts) if kind in ABOUT_TRUSTS else [],
        framing=framing_of(partnership) if kind == ItemKind.CHALLENGE else None,
        amendments=amendments(facts) if kind == ItemKind.AMENDMENTS else [],
        compact=compact_for(facts.meeting) if kind == ItemKind.REFLECTIONS else None,
    )


def agenda_lines(facts: MeetingFacts, *, shown: AgendaItem | None = None) -> list[AgendaLine]:
    """The agenda with the time at which each item is planned, and what came of those that were spoken of."""
    begins, lines = facts.meeting.begins, []
    for number, item in enumerate(planned_items(facts), start=1):
        ends = begins + timedelta(minutes=item.minutes)
        spoken = item if isinstance(item, AgendaItem) else None
        lines.append(
            AgendaLine(
                item=item,
                number=number,
                state=_state(spoken),
                begins=begins,
                ends=ends,
                outcome=_outcome(facts, spoken) if spoken else "",
                href=f"{reverse('room', args=[facts.meeting.pk])}?item={item.pk}" if spoken else "",
                shown=shown is not None and item.pk == shown.pk,
            )
        )
        begins = ends
    return lines


def _state(item: AgendaItem | None) -> str:
    if item is None or item.began_at is None:
        return "later"
    return "now" if item.is_in_hand else "done"


def _outcome(facts: MeetingFacts, item: AgendaItem) -> str:
    """1 decision, 2 actions; of the reflections that they are always last."""
    if item.kind == ItemKind.ACTIONS and facts.carried and item.began_at:
        done = sum(each.is_done for each in facts.carried)
        return f"{done} done, {len(facts.carried) - done} carried over"
    counted = [(len(facts.of(item, kind)), noun) for kind, noun in ((DECISION, "decision"), (ACTION, "action"))]
    said = listing([plural(n, noun) for n, noun in counted if n])
    if not said and item.is_reflections and not item.was_held:
        return "Always the last item"
    return said or (item.brought_by.title if item.brought_by else "")


def _clock(facts: MeetingFacts) -> Clock | None:
    """Minutes left of the item in hand, from when it really began."""
    item = facts.in_hand
    if item is None or item.began_at is None:
        return None
    line = next(line for line in agenda_lines(facts) if line.item.pk == item.pk)
    until = item.began_at + timedelta(minutes=item.minutes)
    left = minutes_left(until)
    behind = round((until - line.ends).total_seconds() / 60)
    if left < 0:
        words = f"{plural(-left, 'minute')} over"
    else:
        words = "less than a minute left" if left == 0 else f"{left} min left"
    pace = "On time" if abs(behind) < 5 else f"{abs(behind)} minutes {'behind' if behind > 0 else 'ahead'}"
    share = round(100 * (1 - max(left, 0) / item.minutes)) if item.minutes else 100
    span = f"Item {line.number} of {len(facts.items)}, {_clock_words(item.began_at)} to {_clock_words(until)}"
    return Clock(words, span, pace, min(max(share, 0), 100), until, item.began_at)


def due_by(meeting: Meeting) -> date:
    """The board's next meeting, at which an action returns; about a month where none is planned."""
    after = Meeting.objects.to_come(meeting.on + timedelta(days=1)).filter(board=meeting.board_id).first()
    return after.on if after else meeting.on + USUAL_GAP


def minutes_left(until: datetime) -> int:
    """Whole minutes, negative once the time is over."""
    seconds = (until - timezone.now()).total_seconds()
    return int(seconds // 60) if seconds >= 0 else -int(-seconds // 60)


def _clock_words(value: datetime) -> str:
    return f"{timezone.localtime(value):%H:%M}"


def who_is_here(facts: MeetingFacts) -> tuple[list[str], list[str]]:
    """Those in the room, deputies named with whom they stand for, and those who sent apologies."""
    here, apologies = [], []
    for seat, _holding in _everybody(facts):
        found = facts.attendance.get(seat.pk)
        if found is None:
            continue
        if found.presence == Attendance.Presence.APOLOGIES:
            apologies.append(seat.title)
        elif found.presence == Attendance.Presence.DEPUTY:
            here.append(f"{found.deputy} (for {seat.title})")
        else:
            here.append(seat.title)
    if facts.meeting.also_there:
        here.append(facts.meeting.also_there)
    return here, apologies


def _everybody(facts: MeetingFacts) -> list[tuple]:
    """The table of that day; a seat that was taken away since still counts where somebody was there."""
    seats = {seat.pk for seat, _ in facts.table}
    return [*facts.table, *((each.seat, None) for pk, each in facts.attendance.items() if pk not in seats)]


def _trusts(facts: MeetingFacts) -> list[Trust]:
    """In the order of the table round the room; a guidance team speaks of its own trust."""
    board = facts.meeting.board
    return [] if board.trust_id else list(Trust.objects.filter(partnership=board.partnership_id))


def lede(facts: MeetingFacts) -> str:
    """What a meeting came to, in one sentence."""
    decisions, actions = facts.all_of(DECISION), facts.all_of(ACTION)
    done = sum(each.is_done for each in facts.carried)
    said = [plural(len(found), noun) for found, noun in ((decisions, "decision"), (actions, "new action")) if found]
    if done:
        said.append(f"{spelled(done)} of {spelled(len(facts.carried))} earlier actions done")
    return f"{sentence(listing(said))}." if said else "Nothing was decided, and nothing was left to do."
