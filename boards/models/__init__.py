from boards.models.board import Board, Holding, Seat
from boards.models.meetings import Meeting, Series

__all__ = ["Board", "Holding", "Meeting", "Seat", "Series"]
