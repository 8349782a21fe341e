"""Writing agendas: the board's template, one meeting's agenda, and the questions that frame a challenge."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts.audit import action
from accounts.models import User
from boards.models import AgendaItem, Board, ItemKind, Meeting, TemplateItem
from boards.models.agenda import LAST, framing_of
from boards.refusals import ChangedMeanwhile, Refused
from boards.waking import tell_of_agenda_on_commit
from trusts.models import Partnership

Line = TemplateItem | AgendaItem

USUAL: dict[str, list[tuple[ItemKind, str, int]]] = {
    Board.Kind.TGB: [
        (ItemKind.WELCOME, "Welcome, and who is here", 5),
        (ItemKind.ACTIONS, "Actions from last time", 15),
        (ItemKind.PROGRESS, "Each trust’s progress", 40),
        (ItemKind.SUCCESS, "A success", 15),
        (ItemKind.CHALLENGE, "A challenge: help us to frame it", 25),
        (ItemKind.AMENDMENTS, "Metrics amended since last time", 10),
        (ItemKind.DECISION, "For decision", 20),
        (ItemKind.REFLECTIONS, "Reflections on the compact", 20),
    ],
    Board.Kind.TGT: [
        (ItemKind.WELCOME, "Welcome, and who is here", 5),
        (ItemKind.ACTIONS, "Actions from last time", 20),
        (ItemKind.PROGRESS, "Our value streams", 45),
        (ItemKind.AMENDMENTS, "Metrics amended since last time", 15),
        (ItemKind.CHALLENGE, "A challenge: help us to frame it", 25),
        (ItemKind.DECISION, "For decision", 20),
        (ItemKind.REFLECTIONS, "Reflections on the compact", 20),
    ],
    Board.Kind.KPO_NETWORK: [
        (ItemKind.WELCOME, "Welcome, and who is here", 5),
        (ItemKind.ACTIONS, "Actions from last time", 15),
        (ItemKind.SUCCESS, "What one of us learned", 30),
        (ItemKind.CHALLENGE, "A challenge: help us to frame it", 30),
        (ItemKind.REFLECTIONS, "Reflections on the compact", 15),
    ],
}
"""What an agenda begins with until the board writes a template of its own. It always ends with the reflections."""


def template_of(board: Board) -> list[TemplateItem]:
    """The board's template; the usual one, not stored, until somebody changes it."""
    stored = list(board.template.all())
    if stored:
        return stored
    usual = USUAL[board.kind]
    return [
        TemplateItem(
            board=board, kind=kind, title=title, minutes=minutes, position=LAST if position == len(usual) else position
        )
        for position, (kind, title, minutes) in enumerate(usual, start=1)
    ]


@action
def keep_template(*, board: Board, by: User) -> None:
    """Store the usual template as the board's own, so that it can be changed."""
    Board.objects.select_for_update().get(pk=board.pk)
    if not board.template.exists():
        for item in template_of(board):
            item.save()


@action
def build_agenda(*, meeting: Meeting, by: User) -> None:
    """The agenda as the template has it. One that is there already is left as it is."""
    locked = planned(meeting)
    if locked.items.exists():
        return
    for item in template_of(locked.board):
        AgendaItem.objects.create(
            meeting=locked, kind=item.kind, title=item.title, minutes=item.minutes, position=item.position
        )
    touch(locked)


@action
def add_item(*, to: Meeting | Board, values: Mapping[str, Any], by: User) -> Line:
    """A further item, before the reflections. The same sent twice is one."""
    parent = _locked_parent(to)
    lines = _lines(parent)
    if values["kind"] == ItemKind.REFLECTIONS:
        raise Refused("Every agenda ends with the reflections already")
    last = lines.exclude(position=LAST).last()
    if last and all(getattr(last, name) == value for name, value in values.items()):
        return last  # type: ignore[no-any-return]
    return lines.create(position=last.position + 1 if last else 1, **values)  # type: ignore[no-any-return]


@action
def change_item(*, item: AgendaItem, values: Mapping[str, Any], seen: int, by: User) -> AgendaItem:
    """What an item of a meeting says of itself. `seen`: its version when the form was opened."""
    planned(item.meeting)
    locked = AgendaItem.objects.select_for_update(of=("self",)).get(pk=item.pk)
    if all(getattr(locked, name) == value for name, value in values.items()):
        return locked
    if locked.version != seen:
        raise ChangedMeanwhile
    _kind_stays(locked, values)
    for name, value in values.items():
        setattr(locked, name, value)
    locked.version += 1
    locked.save(update_fields=[*values, "version"])
    touch(locked.meeting)
    return locked


@action
def change_template_item(*, item: TemplateItem, values: Mapping[str, Any], by: User) -> None:
    _kind_stays(item, values)
    TemplateItem.objects.filter(pk=item.pk).update(**values)


@action
def move_item(*, item: Line, up: bool, by: User) -> None:
    """One place up or down. The reflections stay last."""
    parent = _locked_parent(item.meeting if isinstance(item, AgendaItem) else item.board)
    lines = list(_lines(parent).exclude(position=LAST))
    at = next((n for n, line in enumerate(lines) if line.pk == item.pk), None)
    to = (at - 1 if up else at + 1) if at is not None else -1
    if at is None or not 0 <= to < len(lines):
        return
    lines[at], lines[to] = lines[to], lines[at]
    for position, line in enumerate(lines, start=1):
        if line.position != position:
            line.position = position
            line.save(update_fields=["position"])


@action
def remove_item(*, item: Line, by: User) -> None:
    """Take an item off. The reflections stay, and so does what was spoken of already."""
    _locked_parent(item.meeting if isinstance(item, AgendaItem) else item.board)
    if item.is_reflections:
        raise Refused("Every agenda ends with the reflections. When they cannot be held, the chair says why at the end")
    if isinstance(item, AgendaItem) and (item.began_at or item.entries.exists()):
        raise Refused("This item was spoken of already, so it stays")
    item.delete()


@action
def send_agenda(*, meeting: Meeting, by: User) -> None:
    """Tell everybody who sits at the board that the agenda is there."""
    locked = planned(meeting)
    if not locked.items.exists():
        raise Refused("There is no agenda yet")
    locked.agenda_sent_at = timezone.now()
    locked.save(update_fields=["agenda_sent_at"])
    tell_of_agenda_on_commit(locked)


@action
def write_questions(*, partnership: Partnership, questions: str, seen: int, by: User) -> None:
    """The partnership's own framing questions, one a line."""
    Partnership.objects.select_for_update().get(pk=partnership.pk)
    framing = framing_of(partnership)
    if framing.questions == questions:
        return
    if framing.version != seen:
        raise ChangedMeanwhile
    framing.questions, framing.version = questions, framing.version + 1
    framing.save()


def planned(meeting: Meeting) -> Meeting:
    """The meeting, locked, as long as something may still be written about it."""
    locked = Meeting.objects.select_for_update(of=("self",), no_key=True).select_related("board").get(pk=meeting.pk)
    if locked.is_closed:
        raise Refused("This meeting is closed: its minutes stand")
    if locked.is_cancelled:
        raise Refused("This meeting is cancelled")
    return locked


def touch(meeting: Meeting) -> None:
    """Let the pages of everybody in the room know that something is new."""
    Meeting.objects.filter(pk=meeting.pk).update(pulse=F("pulse") + 1)


def _locked_parent(parent: Meeting | Board) -> Meeting | Board:
    if isinstance(parent, Meeting):
        meeting = planned(parent)
        touch(meeting)
        return meeting
    with transaction.atomic():
        return Board.objects.select_for_update(no_key=True).get(pk=parent.pk)


def _lines(parent: Meeting | Board) -> Any:
    return parent.items if isinstance(parent, Meeting) else parent.template


def _kind_stays(item: Line, values: Mapping[str, Any]) -> None:
    kind = values.get("kind", item.kind)
    if (kind == ItemKind.REFLECTIONS) is not item.is_reflections:
        raise Refused("The reflections are the last item, and the last item is the reflections")
