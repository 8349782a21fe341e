"""Which of the boards' tables the audit page tells, and to whom.

A guidance team's belong to its trust. Of the partnership's boards administrators see that something changed, and never
what was said there.
"""

from accounts.history import register_parts
from accounts.trail import OF_SET_UP, OF_TRUSTS
from boards.models import (
    AgendaItem,
    Attendance,
    Board,
    Entry,
    Framing,
    Holding,
    Meeting,
    RegulatorLine,
    Seat,
    Series,
    TemplateItem,
)


def register() -> None:
    OF_TRUSTS.add(Board, "trust", called="kind")
    OF_TRUSTS.add(Seat, "board", called="title", name="Seat at a board")
    OF_TRUSTS.add(Holding, "seat", called="seat", name="Holder of a seat")
    OF_TRUSTS.add(Series, "board", called="board", name="Rule of meetings")
    OF_TRUSTS.add(Meeting, "board", called="on", name="Meeting of a board")
    OF_TRUSTS.add(TemplateItem, "board", called="title", name="Item of the usual agenda")
    OF_TRUSTS.add(AgendaItem, "meeting", called="title", name="Item of an agenda")
    OF_TRUSTS.add(Attendance, "meeting", called="seat", name="Attendance at a meeting")
    OF_TRUSTS.add(Entry, "item", called="kind", name="Entry of a meeting")
    OF_TRUSTS.add(RegulatorLine, "board", called="kind", name="Line of the regulator's row")

    OF_SET_UP.add(Board, "partnership", called="kind", trust__isnull=True)
    OF_SET_UP.add(Seat, "board", called="title", name="Seat at a board", shown=("board", "role", "title"))
    OF_SET_UP.add(Holding, "seat", called="seat", name="Holder of a seat", shown=("seat", "user", "starts", "ends"))
    OF_SET_UP.add(Series, "board", called="board", name="Rule of meetings", shown=("board",))
    OF_SET_UP.add(Meeting, "board", called="board", name="Meeting of a board", shown=("board",))
    OF_SET_UP.add(TemplateItem, "board", called="board", name="Item of the usual agenda", shown=("board",))
    OF_SET_UP.add(AgendaItem, "meeting", called="meeting", name="Item of an agenda", shown=("meeting",))
    OF_SET_UP.add(Attendance, "meeting", called="meeting", name="Attendance at a meeting", shown=("meeting",))
    OF_SET_UP.add(Entry, "item", called="kind", name="Entry of a meeting", shown=("kind",))
    OF_SET_UP.add(RegulatorLine, "board", called="board", name="Line of the regulator's row", shown=("board", "kind"))
    OF_SET_UP.add(Framing, "partnership", called="partnership", name="Framing questions")

    register_parts(Board, Seat, "board", called="title")
    register_parts(Board, Holding, "seat__board", called="seat", with_=("seat",))
    register_parts(Board, Series, "board")
    register_parts(Board, TemplateItem, "board", called="title")
    register_parts(Meeting, AgendaItem, "meeting", called="title")
    register_parts(Meeting, Attendance, "meeting", called="seat")
    register_parts(Meeting, Entry, "item__meeting", called="kind", with_=("item",))
