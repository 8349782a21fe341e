"""The seats of a board as its page lists them: who holds each today, who will, and who did."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from boards.models import Board, Holding, Seat


@dataclass(frozen=True)
class SeatLine:
    seat: Seat
    now: Holding | None
    coming: list[Holding]
    past: list[Holding]


def seat_lines(board: Board, *, on: date) -> list[SeatLine]:
    """In the order round the table; two queries."""
    held: dict[int, list[Holding]] = defaultdict(list)
    for holding in Holding.objects.filter(seat__board=board).select_related("user").order_by("starts"):
        held[holding.seat_id].append(holding)
    return [
        SeatLine(
            seat=seat,
            now=next((one for one in held[seat.pk] if one.is_held_on(on)), None),
            coming=[one for one in held[seat.pk] if one.starts > on],
            past=[one for one in held[seat.pk] if one.ends is not None and one.ends < on],
        )
        for seat in board.seats.select_related("speaks_for")
    ]
