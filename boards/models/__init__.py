from boards.models.agenda import AgendaItem, Framing, ItemKind, TemplateItem
from boards.models.board import Board, Holding, Seat
from boards.models.entries import Attendance, Entry
from boards.models.meetings import Meeting, Series
from boards.models.regulator import RegulatorLine

__all__ = [
    "AgendaItem",
    "Attendance",
    "Board",
    "Entry",
    "Framing",
    "Holding",
    "ItemKind",
    "Meeting",
    "RegulatorLine",
    "Seat",
    "Series",
    "TemplateItem",
]
