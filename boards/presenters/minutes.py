"""Minutes: what a page, a document of Word and a PDF all say, put together once."""

from dataclasses import dataclass

from boards.facts import Carried, MeetingFacts
from boards.models import AgendaItem, Entry, ItemKind
from boards.presenters.amendments import amendments
from boards.presenters.compact import CompactShown, compact_for
from boards.presenters.room import ACTION, DECISION, NOTE, lede, who_is_here
from ui.words import day_long, day_year

TOGETHER = (
    "Reflections are spoken round the table. What the board agrees to keep of them stands with its members alone."
)


@dataclass(frozen=True)
class Task:
    """An action as minutes list it."""

    what: str
    who: str
    when: str
    state: str


@dataclass(frozen=True)
class Part:
    """An item: what was said, by whom, and what came of it."""

    number: int
    title: str
    about: str
    notes: list[tuple[str, str]]
    decisions: list[str]
    tasks: list[Task]
    remark: str = ""

    @property
    def says_something(self) -> bool:
        """The welcome says nothing where nobody wrote anything: who was there stands above."""
        return bool(self.about or self.notes or self.decisions or self.tasks or self.remark)


@dataclass(frozen=True)
class Minutes:
    board: str
    title: str
    when: str
    place: str
    chair: str
    draft: bool
    lede: str
    present: list[str]
    apologies: list[str]
    parts: list[Part]
    tasks: list[Task]
    compact: CompactShown | None


def minutes(facts: MeetingFacts) -> Minutes:
    meeting = facts.meeting
    present, apologies = who_is_here(facts)
    parts = [_part(facts, number, item) for number, item in enumerate(facts.items, start=1)]
    return Minutes(
        board=meeting.board.name,
        title=f"Minutes of the {meeting.board.short_name}",
        when=f"{day_long(meeting.on)}, {meeting.begins_at:%H:%M}",
        place=meeting.place,
        chair=meeting.chair.title if meeting.chair else "",
        draft=not meeting.is_closed,
        lede=lede(facts),
        present=present,
        apologies=apologies,
        parts=[part for part in parts if part.says_something or part.number > 1],
        tasks=[_task(entry) for entry in facts.all_of(ACTION)],
        compact=compact_for(meeting),
    )


def _part(facts: MeetingFacts, number: int, item: AgendaItem) -> Part:
    tasks = [_task(entry) for entry in facts.of(item, ACTION)]
    if item.kind == ItemKind.ACTIONS:
        tasks = [_carried(each) for each in facts.carried] + tasks
    notes = [_note(entry) for entry in facts.of(item, NOTE)]
    decisions = [entry.text for entry in facts.of(item, DECISION)]
    if item.kind == ItemKind.AMENDMENTS:
        notes = [(f"{line.trust}, {line.metric}", f"{line.what}: {line.why}") for line in amendments(facts)] + notes
    return Part(
        number=number,
        title=item.title,
        about=item.about,
        notes=notes,
        decisions=decisions,
        tasks=tasks,
        remark=_remark(facts, item, silent=not (notes or decisions or tasks)),
    )


def _remark(facts: MeetingFacts, item: AgendaItem, *, silent: bool) -> str:
    meeting = facts.meeting
    if item.is_reflections:
        if item.was_held or item.is_in_hand:
            return TOGETHER
        if meeting.why_not_reflected:
            return f"Not held. The chair: {meeting.why_not_reflected}"
    if not item.began_at:
        return "Not spoken of." if meeting.is_closed else ""
    return "Nothing was written down." if silent and item.was_held and item.kind != ItemKind.WELCOME else ""


def _note(entry: Entry) -> tuple[str, str]:
    return entry.speaker, entry.text


def _task(entry: Entry) -> Task:
    return Task(entry.text, entry.owner.title if entry.owner else "", day_year(entry.due), "")


def _carried(carried: Carried) -> Task:
    entry = carried.entry
    still = "Late, carried over" if carried.is_late else "Carried over"
    state = f"Done. {entry.outcome}".strip() if carried.is_done else still
    return Task(entry.text, entry.owner.title if entry.owner else "", day_year(entry.due), state)
