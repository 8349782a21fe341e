"""Who sits on which board on a day: what somebody sees of a board follows from it, or from a role that prepares it."""

from collections.abc import Collection
from datetime import date
from typing import Any

from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from accounts.permissions import GRANTS, Permission, SeatRole
from boards.models import Board, Holding, Seat
from trusts.models import Membership
from trusts.names import names_for_history as names_of_trusts
from trusts.scope import Scope, Seated


def seats_of(scope: Scope) -> tuple[Seated, ...]:
    """For the scope, which asks for the seats of its own day."""
    return seats_on(scope.user_id, scope.day)


def seats_on(user_id: int, day: date) -> tuple[Seated, ...]:
    """The seats that somebody holds on a day, in one query."""
    held = Holding.objects.held_on(day).filter(user_id=user_id).select_related("seat__board__trust")
    return tuple(
        Seated(
            role=SeatRole(each.seat.role),
            board_id=each.seat.board_id,
            partnership_id=each.seat.board.partnership_id,
            trust_id=each.seat.board.trust_id,
            words=f"{each.seat.title}, {each.seat.board}",
        )
        for each in held
    )


def table_on(board: Board, day: date) -> list[tuple[Seat, Holding | None]]:
    """The seats in the order round the table, each with its holder on the day."""
    holdings = Holding.objects.held_on(day).filter(seat__board=board).select_related("user")
    by_seat = {holding.seat_id: holding for holding in holdings}
    return [(seat, by_seat.get(seat.pk)) for seat in board.seats.all()]


def sitting_at(board: Board, day: date) -> list[User]:
    """Those who hold a seat on the day: whom letters go to."""
    held = Holding.objects.held_on(day).filter(seat__board=board, user__is_active=True).select_related("user")
    return list({holding.user_id: holding.user for holding in held}.values())


def title_of(user_id: int, board: Board, *, on: date | None = None) -> str:
    """As what somebody speaks at the board: their seat, else the role by which they look after it."""
    day = on or timezone.localdate()
    held = Holding.objects.held_on(day).filter(seat__board=board, user_id=user_id).select_related("seat").first()
    if held:
        return held.seat.title
    here = Q(trust=board.trust) if board.trust_id else Q(trust=None, partnership_id=board.partnership_id)
    roles = [role for role, grants in GRANTS.items() if Permission.WRITE_AT_BOARD in grants]
    role = Membership.objects.held_on(day).filter(here, user_id=user_id, role__in=roles).first()
    return role.get_role_display() if role else "Somebody who has left"


def names_for_history(record: Any, user_ids: Collection[int]) -> dict[int, str]:
    """The people in a record's history: a board's record names them as the board knows them."""
    board_id = getattr(record, "board_id", None)
    if board_id is None:
        return names_of_trusts(record, user_ids)
    known = Holding.objects.filter(seat__board_id=board_id, user_id__in=user_ids).order_by("starts")
    names = {holding.user_id: holding.known_as for holding in known}
    unknown = set(user_ids) - names.keys()
    return names_of_trusts(record, unknown) | names if unknown else names
