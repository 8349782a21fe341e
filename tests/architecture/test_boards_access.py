"""Who reaches what of a partnership's board: typed by hand, by seat and by role, for every route of boards."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.permissions import Permission, Role, SeatRole
from boards.models import Board, Holding
from tests.architecture.asking import ask, client_of
from tests.architecture.routes import our_routes
from tests.architecture.world import Place, add_safe_space, build_world
from tests.factories.accounts import UserFactory
from tests.factories.boards import (
    AgendaItemFactory,
    BoardFactory,
    EntryFactory,
    HoldingFactory,
    MeetingFactory,
    RegulatorLineFactory,
    SeatFactory,
    TemplateItemFactory,
    sitting,
)

pytestmark = pytest.mark.django_db

READING = """
boards board board_calendar board_history board_actions seats meeting meeting_calendar meeting_history room room_fresh
minutes minutes_docx minutes_pdf regulator_lines
"""
WRITING = "attendance entry_add"
# Of an entry the author alone, and of an action who owns it or prepares: the entry asked for is somebody else's.
OWN = "entry_edit entry_remove"
DOING = "action_done action_take_up"
PREPARING = f"""
meeting_rule meeting_add meeting_move meeting_cancel agenda_template agenda_template_keep framing_questions
template_item_edit template_item_move template_item_remove agenda_build agenda_send agenda_item_add agenda_item_edit
agenda_item_move agenda_item_remove item_begin meeting_open meeting_close meeting_reopen safety_routes {DOING}
"""
KEEPING = "regulator_line_add regulator_line_edit regulator_line_remove"
# The safe space is for members: not for the secretariat, by seat or by role.
REFLECTING = """
reflections reflections_fresh scribe_choose line_propose note_save proposal_agree proposal_drop line_take_back line_sign
board_reflections safe_space breach_call breach breach_table breach_led_to step_done step_drop
"""
# For the scribe of the meeting alone, and for who is in its chair: neither is who asks here.
CHOSEN = "breach_talk breach_step breach_end safe_terms"
# A draft is its caller's alone: to every other member it is not there.
CALLERS = "breach_draft breach_draft_edit breach_draft_drop breach_hand breach_bring"
SAFE = f"{REFLECTING} {CHOSEN} {CALLERS}".split()
GIVING = "board_set_up seat_add seat_edit seat_move seat_remove seat_give holding_end holding_letter"
# What a person may do there; where nothing is said the answer is 403, and 404 for who has nothing to do with the board.
MAY = {
    SeatRole.CHAIR: {READING, WRITING, PREPARING, KEEPING, REFLECTING},
    SeatRole.SECRETARIAT: {READING, WRITING, PREPARING},
    SeatRole.CHIEF_EXECUTIVE: {READING, WRITING, REFLECTING},
    SeatRole.REGULATOR: {READING, WRITING, KEEPING, REFLECTING},
    SeatRole.SENSEI: {READING, WRITING, REFLECTING},
    SeatRole.KPO_LEAD: {READING, WRITING, REFLECTING},
    SeatRole.MEMBER: {READING, WRITING, REFLECTING},
}
SECRETARIAT = f"{READING} {WRITING} {PREPARING} {GIVING}".split()
"""The role of that name, which looks after the partnership's boards; the seat of that name is at one of them."""
SEEN_BY_ALL_WHO_SIT = {
    "home",
    "account",
    "session",
    "sign_out_everywhere",
    "compact",
    "compact_version",
    "compact_print",
}
# Without a trust or a board in their address: what is not theirs is refused, not hidden.
WITHOUT_PLACE = {"boards", "board_set_up"}


@pytest.fixture
def world():
    return build_world()


@pytest.fixture
def tgb(world):
    """The partnership's board as a place, so that its routes can be asked for like a trust's."""
    board = BoardFactory(partnership=world.partnership)
    seat = SeatFactory(board=board, title="A seat")
    rows = {"board": board, "seat": seat, "holding": HoldingFactory(seat=seat), **meeting_of(board, owner=seat)}
    place = Place(world.own.trust, world.own.canary, rows=rows)
    add_safe_space(place)
    return place


def meeting_of(board, owner):
    """A meeting that is being held, with an agenda, and an action that somebody else wrote."""
    meeting = MeetingFactory(board=board, on=timezone.localdate(), opened_at=timezone.now())
    item = AgendaItemFactory(meeting=meeting)
    return {
        "meeting": meeting,
        "agenda_item": item,
        "template_item": TemplateItemFactory(board=board),
        "entry": EntryFactory(item=item, kind="action", owner=owner),
        "regulator_line": RegulatorLineFactory(board=board),
    }


def routes():
    return [route for route in our_routes() if route.view.__module__.startswith(("boards.", "reflections."))]


def answers(world, place, user):
    client = client_of(user)
    return {route.name: ask(client, route.address(world, place), route.sent(place)) for route in routes()}


def test_every_route_of_boards_is_classified():
    classified = {*f"{READING} {WRITING} {OWN} {PREPARING} {KEEPING} {GIVING}".split(), *SAFE}
    assert {route.name for route in routes()} == classified


@pytest.mark.parametrize("role", list(SeatRole))
def test_seat_lets_its_holder_do_what_is_written_here(world, tgb, role):
    allowed = " ".join(MAY[role]).split()
    got = answers(world, tgb, sitting(tgb.board, role))
    hidden = [] if role == SeatRole.SECRETARIAT else CALLERS.split()
    assert got == {name: "ok" if name in allowed else "404" if name in hidden else "403" for name in got}


def test_secretariat_looks_after_the_board_without_a_seat(world, tgb):
    got = answers(world, tgb, world.central[Role.SECRETARIAT])
    assert got == {name: "ok" if name in SECRETARIAT else "403" for name in got}


@pytest.mark.parametrize("role", [role for role in Role if role not in (Role.SECRETARIAT, Role.KPO_LEAD)])
def test_for_everybody_else_the_board_is_not_there(world, tgb, role):
    got = answers(world, tgb, world.somebody(role))
    assert got == {name: "403" if name in WITHOUT_PLACE else "404" for name in got}


def test_kpo_lead_looks_after_the_own_guidance_team_alone(world, tgb):
    lead = world.own.people[Role.KPO_LEAD]
    world.own.rows["entry"] = EntryFactory(item=world.own.agenda_item, kind="action", owner=world.own.seat)
    for place, wanted in ((world.own, "ok"), (world.other, "404"), (tgb, "404")):
        got = answers(world, place, lead)
        closed = (*f"{OWN} {KEEPING}".split(), *SAFE)
        kept = {name: "403" if place is world.own and name in closed else wanted for name in got}
        assert got == {name: "ok" if name in WITHOUT_PLACE else kept[name] for name in got}


def test_secretariat_has_nothing_to_do_with_a_trusts_guidance_team(world):
    got = answers(world, world.own, world.central[Role.SECRETARIAT])
    assert {answer for name, answer in got.items() if name not in WITHOUT_PLACE} == {"404"}


def test_seat_at_one_board_opens_no_other(world, tgb):
    member = sitting(tgb.board, SeatRole.CHAIR)
    network = BoardFactory(partnership=world.partnership, kind=Board.Kind.KPO_NETWORK)
    seat = SeatFactory(board=network)
    rows = {"board": network, "seat": seat, "holding": HoldingFactory(seat=seat), **meeting_of(network, owner=seat)}
    other = Place(world.own.trust, "", rows=rows)
    add_safe_space(other)
    for place in (other, world.own, world.other):
        got = answers(world, place, member)
        assert {answer for name, answer in got.items() if name not in WITHOUT_PLACE} == {"404"}


@pytest.mark.parametrize(("starts", "ends"), [(-30, -1), (1, None)])
def test_seat_counts_on_its_own_days_alone(world, tgb, starts, ends):
    today = timezone.localdate()
    user = UserFactory()
    days = {"starts": today + timedelta(days=starts), "ends": today + timedelta(days=ends) if ends else None}
    HoldingFactory(seat=SeatFactory(board=tgb.board, role=SeatRole.CHAIR), user=user, **days)
    assert set(answers(world, tgb, user).values()) == {"403", "404"}
    Holding.objects.filter(user=user).update(starts=today, ends=today)
    assert answers(world, tgb, user)["board"] == "ok"


def test_seat_opens_nothing_of_any_trust(world, tgb):
    """A regulator member without another role: what is neither a board's nor the partners' compact stays shut."""
    client = client_of(sitting(tgb.board, SeatRole.REGULATOR))
    for route in our_routes():
        if (
            route.view.__module__.startswith(("boards.", "reflections."))
            or route.view.permission == Permission.SEE_COMPACT
        ):
            continue
        answer = ask(client, route.address(world, world.own), route.sent(world.own))
        wanted = {"ok"} if route.name in SEEN_BY_ALL_WHO_SIT else {"403", "404"}
        assert answer in wanted, route.name


def test_files_and_pages_of_a_board_are_kept_by_no_cache(world, tgb):
    answer = client_of(sitting(tgb.board)).get(f"/boards/{tgb.board.pk}/calendar.ics")
    assert "no-store" in answer["Cache-Control"]
