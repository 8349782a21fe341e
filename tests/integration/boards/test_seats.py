"""Seats: who gives them, how a holder changes, and what the database itself refuses."""

from datetime import date, timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from accounts.models import User
from accounts.permissions import Role, SeatRole
from boards.actions import seats as act
from boards.models import Board, Holding, Seat
from boards.refusals import Refused
from boards.seating import seats_on, table_on
from tests.architecture.asking import client_of
from tests.factories.boards import BoardFactory, HoldingFactory, SeatFactory, sitting
from tests.factories.trusts import TrustFactory, member

pytestmark = pytest.mark.django_db

TODAY = date(2021, 3, 16)


@pytest.fixture
def board():
    return BoardFactory()


@pytest.fixture
def secretariat(board):
    return member(Role.SECRETARIAT, partnership=board.partnership)


def boxes(name, day):
    return {f"{name}_day": day.day, f"{name}_month": day.month, f"{name}_year": day.year}


def test_new_holder_leaves_the_former_one_in_the_history(board, secretariat):
    before = HoldingFactory(seat__board=board, starts=date(2020, 1, 1), known_as="Regional director")
    given = act.give_seat(
        seat=before.seat,
        email="new@regulator.example",
        known_as="New director",
        starts=TODAY,
        ends=None,
        by=secretariat,
    )
    before.refresh_from_db()
    assert before.ends == TODAY - timedelta(days=1)
    assert [holding.known_as for holding in before.seat.holdings.order_by("starts")] == [
        "Regional director",
        "New director",
    ]
    for user, day, sits in (
        (before.user, TODAY - timedelta(days=1), True),
        (before.user, TODAY, False),
        (given.holding.user, TODAY - timedelta(days=1), False),
        (given.holding.user, TODAY, True),
    ):
        assert bool(seats_on(user.pk, day)) is sits
    assert [holding.known_as for _seat, holding in table_on(board, TODAY)] == ["New director"]


def test_seat_given_twice_by_a_form_sent_twice_is_given_once(board, secretariat):
    facts = {"seat": SeatFactory(board=board), "email": "a@b.example", "known_as": "A", "starts": TODAY, "ends": None}
    assert [act.give_seat(**facts, by=secretariat).new for _ in range(2)] == [True, False]


def test_nobody_gives_a_seat_to_themselves_or_ends_their_own(board, secretariat):
    seat = SeatFactory(board=board)
    with pytest.raises(act.OwnSeat):
        act.give_seat(
            seat=seat, email=secretariat.email.upper(), known_as="Me", starts=TODAY, ends=None, by=secretariat
        )
    own = HoldingFactory(seat=seat, user=secretariat)
    with pytest.raises(act.OwnSeat):
        act.end_holding(holding=own, last_day=None, by=secretariat)
    with pytest.raises(act.OwnSeat):
        act.give_seat(
            seat=seat, email="else@b.example", known_as="B", starts=timezone.localdate(), ends=None, by=secretariat
        )
    client = client_of(secretariat)
    assert client.get(f"/seats/holders/{own.pk}/end/").status_code == 403
    sent = {"email": secretariat.email, "known_as": "Me", **boxes("starts", timezone.localdate())}
    assert "You cannot give a seat to yourself" in client.post(f"/seats/{seat.pk}/give/", sent).content.decode()
    assert Holding.objects.get(seat=seat) == own


def test_seat_is_not_given_across_a_later_holding(board, secretariat):
    later = HoldingFactory(seat__board=board, starts=TODAY + timedelta(days=30), known_as="The next one")
    with pytest.raises(Refused, match="The next one holds this seat from 15 April 2021"):
        act.give_seat(seat=later.seat, email="x@b.example", known_as="X", starts=TODAY, ends=None, by=secretariat)
    between = act.give_seat(
        seat=later.seat,
        email="x@b.example",
        known_as="X",
        starts=TODAY,
        ends=TODAY + timedelta(days=29),
        by=secretariat,
    )
    assert between.new


@pytest.mark.parametrize(
    ("starts", "ends"),
    [("2021-01-01", None), ("2020-06-01", "2021-01-31"), ("2021-02-28", "2021-02-28"), ("2021-02-01", "2021-02-10")],
)
def test_database_refuses_two_holders_of_a_seat_on_one_day(board, starts, ends):
    held = HoldingFactory(seat__board=board, starts=date(2021, 1, 15), ends=date(2021, 2, 28))
    other = User.objects.create_user("other@b.example", name="Other")
    insert = "INSERT INTO boards_holding (seat_id, user_id, known_as, starts, ends) VALUES (%s, %s, 'X', %s, %s)"
    with pytest.raises(IntegrityError, match="one_holder_of_a_seat_at_a_time"), transaction.atomic():
        connection.cursor().execute(insert, [held.seat_id, other.pk, starts, ends])
    connection.cursor().execute(insert, [held.seat_id, other.pk, "2021-03-01", None])  # the day after
    connection.cursor().execute(insert, [SeatFactory(board=board).pk, other.pk, starts, ends])  # another seat


def test_database_refuses_a_guidance_team_without_its_trust_and_a_board_that_turns(board):
    with pytest.raises(IntegrityError, match="guidance_team_is_a_trusts"), transaction.atomic():
        Board.objects.create(partnership=board.partnership, kind="tgt")
    with pytest.raises(Exception, match="board_stays_what_it_is"), transaction.atomic():
        connection.cursor().execute("UPDATE boards_board SET kind = 'kpo_network' WHERE id = %s", [board.pk])


def test_letter_of_a_seat_lets_somebody_new_choose_a_password(board, secretariat):
    seat = SeatFactory(board=board, title="Regulator member")
    client = client_of(secretariat)
    sent = {"email": "new@regulator.example", "known_as": "Regional director", **boxes("starts", timezone.localdate())}
    page = client.post(f"/seats/{seat.pk}/give/", sent, follow=True).content.decode()
    assert "A letter is on its way to new@regulator.example" in page
    [letter] = mail.outbox
    assert "Regulator member" in letter.body
    assert "/accounts/password/reset/key/" in letter.body
    assert Holding.objects.get(seat=seat).user.email == "new@regulator.example"


def test_board_is_set_up_with_a_seat_for_each_trust(secretariat, board):
    TrustFactory(partnership=board.partnership, short_name="Leeds", seat=1)
    TrustFactory(partnership=board.partnership, short_name="Surrey", seat=2)
    client = client_of(secretariat)
    page = client.get("/boards/").content.decode()
    assert "KPO network" in page
    key = f"kpo_network-{board.partnership_id}"
    assert client.post("/boards/set-up/", {"board": key}).status_code == 302
    network = Board.objects.get(kind="kpo_network")
    assert [seat.title for seat in network.seats.all()] == ["Chair", "KPO lead, Leeds", "KPO lead, Surrey"]
    assert client.post("/boards/set-up/", {"board": "tgt-1"}).status_code == 404


def test_seats_go_up_and_down_the_table_and_one_is_the_chair(board, secretariat):
    first, second = (
        act.add_seat(board=board, role=role, title=title, speaks_for=None, by=secretariat)
        for role, title in ((SeatRole.CHAIR, "Chair"), (SeatRole.SENSEI, "Sensei"))
    )
    act.move_seat(seat=second, up=True, by=secretariat)
    assert [seat.title for seat in board.seats.all()] == ["Sensei", "Chair"]
    act.move_seat(seat=Seat.objects.get(pk=second.pk), up=True, by=secretariat)  # no further up
    assert [seat.title for seat in board.seats.all()] == ["Sensei", "Chair"]
    with pytest.raises(Refused, match="has a chair"):
        act.add_seat(board=board, role=SeatRole.CHAIR, title="Second chair", speaks_for=None, by=secretariat)
    act.remove_seat(seat=first, by=secretariat)
    HoldingFactory(seat=second)
    with pytest.raises(Refused, match="stays with its history"):
        act.remove_seat(seat=second, by=secretariat)


def test_who_only_sits_at_a_board_has_a_first_page_and_a_name(board):
    user = sitting(board, SeatRole.REGULATOR, name="Regional director")
    page = client_of(user).get("/").content.decode()
    assert "Regional director, TGB" in page
    Holding.objects.update(ends=timezone.localdate() - timedelta(days=1))
    assert client_of(user).get("/").status_code == 403


def test_history_of_a_board_tells_who_gave_which_seat(board, secretariat):
    seat = SeatFactory(board=board, title="Sensei")
    act.give_seat(seat=seat, email="s@c.example", known_as="Sensei", starts=TODAY, ends=None, by=secretariat)
    page = client_of(secretariat).get(f"/boards/{board.pk}/history/").content.decode()
    assert "Added holder of a seat: Sensei" in page
    assert str(secretariat) in page
