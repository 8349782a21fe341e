"""Setting up boards, and giving their seats. Nobody gives a seat to themselves, or ends their own."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.core.exceptions import PermissionDenied
from django.db.models import F, Max, Q
from django.utils import timezone

from accounts.audit import action
from accounts.models import User
from accounts.permissions import SeatRole
from boards.models import Board, Holding, Seat
from boards.refusals import Refused
from trusts.actions.memberships import person_with
from trusts.models import Partnership, Trust

USUAL: dict[str, list[tuple[SeatRole, str]]] = {
    Board.Kind.TGB: [
        (SeatRole.CHAIR, "Chair"),
        (SeatRole.REGULATOR, "Regulator member"),
        (SeatRole.SENSEI, "Sensei"),
        (SeatRole.SECRETARIAT, "Secretariat"),
    ],
    Board.Kind.KPO_NETWORK: [(SeatRole.CHAIR, "Chair")],
    Board.Kind.TGT: [(SeatRole.CHAIR, "Chief executive, in the chair"), (SeatRole.KPO_LEAD, "KPO lead")],
}
"""The seats that a board begins with. To each of the partnership's boards come those of its trusts."""


class OwnSeat(PermissionDenied):
    """Somebody else must decide about one's own seat."""


@dataclass(frozen=True)
class Given:
    """A seat's holder, and whether this very call made it: a form sent twice gives once."""

    holding: Holding
    new: bool


@action
def set_up_board(*, kind: str, partnership: Partnership, trust: Trust | None, by: User) -> Board:
    """The board with its usual seats, nobody in them yet. One that is there already is left as it is."""
    board, new = Board.objects.get_or_create(kind=kind, partnership=partnership, trust=trust)
    if new:
        seats: list[tuple[SeatRole, str, Trust | None]] = [(role, title, None) for role, title in USUAL[kind]]
        role, title = (SeatRole.CHIEF_EXECUTIVE, "Chief executive") if board.is_tgb else (SeatRole.KPO_LEAD, "KPO lead")
        if trust is None:
            seats[1:1] = [(role, f"{title}, {one.short_name}", one) for one in partnership.trusts.all()]
        for place, (of, called, speaks_for) in enumerate(seats, start=1):
            Seat.objects.create(board=board, role=of, title=called, speaks_for=speaks_for, place=place)
    return board


@action
def add_seat(*, board: Board, role: SeatRole, title: str, speaks_for: Trust | None, by: User) -> Seat:
    """A further place at the table, at its end. The same seat sent twice is added once."""
    Board.objects.select_for_update().get(pk=board.pk)
    last = board.seats.aggregate(last=Max("place"))["last"] or 0
    _one_chair(board, role)
    seat, _ = Seat.objects.get_or_create(
        board=board, title=title, defaults={"role": role, "speaks_for": speaks_for, "place": last + 1}
    )
    return seat


@action
def change_seat(*, seat: Seat, role: SeatRole, title: str, speaks_for: Trust | None, by: User) -> None:
    """What the seat is called and what it is; who holds it stays."""
    Board.objects.select_for_update().get(pk=seat.board_id)
    if Seat.objects.filter(board=seat.board_id, title=title).exclude(pk=seat.pk).exists():
        raise Refused("Another seat of this board has this title. Choose one that tells them apart")
    _one_chair(seat.board, role, but=seat.pk)
    seat.role, seat.title, seat.speaks_for = role, title, speaks_for
    seat.save(update_fields=["role", "title", "speaks_for"])


@action
def move_seat(*, seat: Seat, up: bool, by: User) -> None:
    """One place further up or down the table."""
    Board.objects.select_for_update().get(pk=seat.board_id)
    seats = list(Seat.objects.filter(board=seat.board_id))
    at = seats.index(seat)
    to = at - 1 if up else at + 1
    if 0 <= to < len(seats):
        seats[at], seats[to] = seats[to], seats[at]
        for place, each in enumerate(seats, start=1):
            if each.place != place:
                each.place = place
                each.save(update_fields=["place"])


@action
def give_seat(*, seat: Seat, email: str, known_as: str, starts: date, ends: date | None, by: User) -> Given:
    """Give the seat to somebody from a day on. Whoever holds it till then holds it to the day before."""
    if email.strip().lower() == by.email.lower():
        raise OwnSeat
    seat = Seat.objects.select_for_update(of=("self",)).get(pk=seat.pk)
    user = person_with(email.strip(), known_as)
    held = Holding.objects.filter(seat=seat)
    if same := held.filter(user=user, starts=starts, ends=ends).first():
        return Given(same, new=False)
    before_the_end = Q(starts__lte=ends) if ends else Q()
    if later := held.filter(before_the_end, starts__gte=starts).first():
        raise Refused(f"{later.known_as} holds this seat from {later.starts:%-d %B %Y}. End that first, or begin later")
    for before in held.filter(Q(ends__isnull=True) | Q(ends__gte=starts), starts__lt=starts):
        if before.user_id == by.pk:
            raise OwnSeat
        before.ends = starts - timedelta(days=1)
        before.save(update_fields=["ends"])
    holding = Holding.objects.create(seat=seat, user=user, known_as=known_as, starts=starts, ends=ends)
    return Given(holding, new=True)


@action
def end_holding(*, holding: Holding, last_day: date | None, by: User) -> None:
    """End it on `last_day`; without one, at once. What never began is withdrawn."""
    holding = Holding.objects.select_for_update(of=("self",)).get(pk=holding.pk)
    if holding.user_id == by.pk:
        raise OwnSeat
    last_day = last_day or timezone.localdate() - timedelta(days=1)
    if last_day < holding.starts:
        holding.delete()
    else:
        holding.ends = last_day
        holding.save(update_fields=["ends"])


@action
def remove_seat(*, seat: Seat, by: User) -> None:
    """Take away a place at which nobody ever sat; one with a history stays, empty."""
    if seat.holdings.exists():
        raise Refused("Somebody has held this seat, so it stays with its history. End who holds it; it is then empty")
    seat.delete()
    Seat.objects.filter(board=seat.board_id, place__gt=seat.place).update(place=F("place") - 1)


def _one_chair(board: Board, role: SeatRole, but: int = 0) -> None:
    if role == SeatRole.CHAIR and board.seats.filter(role=role).exclude(pk=but).exists():
        raise Refused("This board has a chair. Change that seat first; a single meeting may have another one")
