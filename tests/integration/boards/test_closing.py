"""A TGB's meeting closes after its reflections, or with the chair's reason. The database says so, whoever asks."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from accounts.permissions import Role, SeatRole
from boards.actions import room as act
from boards.models import AgendaItem, Board, ItemKind, Meeting
from boards.refusals import Refused
from tests.architecture.asking import client_of
from tests.factories.boards import (
    AgendaItemFactory,
    BoardFactory,
    EntryFactory,
    HoldingFactory,
    MeetingFactory,
    SeatFactory,
    sitting,
)
from tests.factories.trusts import TrustFactory, member

pytestmark = pytest.mark.django_db

RULE = "closes after its reflections"
CLOSE = "UPDATE boards_meeting SET closed_at = now(), closed_by_id = %s WHERE id = %s"


@pytest.fixture
def board():
    return BoardFactory()


@pytest.fixture
def secretariat(board):
    return member(Role.SECRETARIAT, partnership=board.partnership)


@pytest.fixture
def chair(board):
    return sitting(board, SeatRole.CHAIR, name="Chair")


@pytest.fixture
def meeting(board, chair):
    meeting = MeetingFactory(
        board=board, on=timezone.localdate(), opened_at=timezone.now(), chair=board.seats.get(role="chair")
    )
    AgendaItemFactory(meeting=meeting, kind=ItemKind.WELCOME, began_at=timezone.now(), ended_at=timezone.now())
    AgendaItemFactory(meeting=meeting, kind=ItemKind.REFLECTIONS, title="Reflections on the compact")
    return meeting


def reflections(meeting):
    return meeting.items.get(kind=ItemKind.REFLECTIONS)


def sql(statement, *values):
    """As somebody who reached the database as the application, past all of its code."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values or None)


@pytest.mark.parametrize(
    ("before", "sets"),
    [
        ("", ""),
        ("", ", why_not_reflected = 'No time.'"),
        ("", ", why_not_reflected = 'No time.', why_not_reflected_by_id = {secretariat}"),
        ("", ", why_not_reflected = '', why_not_reflected_by_id = {chair}"),
        ("SELECT set_config('pgtrigger.ignore', '{{boards_meeting:tgb_closes_after_its_reflections}}', true);", ""),
        (
            "CREATE TEMP TABLE boards_agendaitem AS SELECT * FROM public.boards_agendaitem;"
            " UPDATE pg_temp.boards_agendaitem SET began_at = now(), ended_at = now();",
            "",
        ),
    ],
    ids=["plainly", "reason of nobody", "reason of another", "no reason", "trigger ignored", "table of its own"],
)
def test_sql_cannot_close_a_tgbs_meeting_without_its_reflections(meeting, secretariat, chair, before, sets):
    people = {"secretariat": secretariat.pk, "chair": chair.pk}
    close = f"UPDATE public.boards_meeting SET closed_at = now(), closed_by_id = {chair.pk}{sets}"
    with pytest.raises(IntegrityError, match=f"{RULE}|who_says_why"):
        sql((before + close).format(**people))
    assert Meeting.objects.get().closed_at is None


def test_sql_cannot_insert_a_meeting_that_is_closed_already(board, secretariat):
    with pytest.raises(IntegrityError, match=RULE):
        sql(
            'INSERT INTO boards_meeting (board_id, uid, "on", begins_at, minutes, place, changes, cancelled_because,'
            " opened_at, closed_at, closed_by_id)"
            " VALUES (%s, gen_random_uuid(), current_date, '10:00', 60, '', 0, '', now(), now(), %s)",
            board.pk,
            secretariat.pk,
        )


def test_begun_reflections_are_not_held_ones(meeting, secretariat):
    AgendaItem.objects.filter(pk=reflections(meeting).pk).update(began_at=timezone.now())
    with pytest.raises(IntegrityError, match=RULE):
        sql(CLOSE, secretariat.pk, meeting.pk)
    AgendaItem.objects.filter(pk=reflections(meeting).pk).update(ended_at=timezone.now())
    sql(CLOSE, secretariat.pk, meeting.pk)
    assert Meeting.objects.get().is_closed


def test_once_closed_nothing_of_it_changes_but_what_became_of_actions(meeting, secretariat, chair):
    item = reflections(meeting)
    entry = EntryFactory(item=item, kind="action", author=chair)
    act.begin_item(item=item, by=chair)
    act.close_meeting(meeting=meeting, why_not_reflected="", by=chair)
    for attack in (
        "UPDATE boards_agendaitem SET began_at = NULL, ended_at = NULL WHERE kind = 'reflections'",
        "DELETE FROM boards_agendaitem WHERE kind = 'reflections'",
        "UPDATE boards_entry SET text = 'Something else'",
        "DELETE FROM boards_entry",
        f"INSERT INTO boards_attendance (meeting_id, seat_id, presence, deputy)"
        f" VALUES ({meeting.pk}, {SeatFactory(board=meeting.board).pk}, 'present', '')",
        f"INSERT INTO boards_agendaitem (meeting_id, kind, title, minutes, position, about)"
        f" VALUES ({meeting.pk}, 'topic', 'x', 5, 7, '')",
    ):
        with pytest.raises(IntegrityError, match="its minutes stand"):
            sql(attack)
    sql("UPDATE boards_entry SET done_at = now(), done_by_id = %s", chair.pk)
    entry.refresh_from_db()
    assert entry.is_done


def test_reflections_are_the_last_item_whatever_is_written(meeting):
    with pytest.raises(IntegrityError, match="agenda_ends_with_reflections"):
        sql("UPDATE boards_agendaitem SET position = 1 WHERE kind = 'reflections'")
    with pytest.raises(IntegrityError, match="agenda_ends_with_reflections"):
        sql("UPDATE boards_agendaitem SET position = 1000 WHERE kind = 'welcome'")
    with pytest.raises(IntegrityError, match="one_reflections_on_an_agenda"):
        AgendaItemFactory(meeting=meeting, kind=ItemKind.REFLECTIONS)


def test_chair_says_why_and_nobody_else_can(meeting, secretariat, chair, board):
    with pytest.raises(Refused, match="have not been held"):
        act.close_meeting(meeting=meeting, why_not_reflected="", by=chair)
    with pytest.raises(PermissionDenied):
        act.close_meeting(meeting=meeting, why_not_reflected="No time.", by=secretariat)
    page = client_of(secretariat).get(f"/meetings/{meeting.pk}/close/").content.decode()
    assert "whoever is in the chair (Chair) says why" in page
    client = client_of(chair)
    assert "Write why: it stands in the minutes" in client.post(f"/meetings/{meeting.pk}/close/").content.decode()
    client.post(f"/meetings/{meeting.pk}/close/", {"why": "The fire alarm rang."})
    closed = Meeting.objects.get()
    assert (closed.why_not_reflected, closed.why_not_reflected_by) == ("The fire alarm rang.", chair)
    assert (
        "Not held. The chair: The fire alarm rang." in client.get(f"/meetings/{meeting.pk}/minutes/").content.decode()
    )


def test_who_takes_the_chair_of_one_meeting_can_say_why_at_it(meeting, chair, board):
    other = sitting(board, SeatRole.MEMBER, name="Stands in")
    meeting.chair = board.seats.get(title="Stands in")
    meeting.save()
    with pytest.raises(PermissionDenied):
        act.close_meeting(meeting=meeting, why_not_reflected="No time.", by=chair)
    act.close_meeting(meeting=meeting, why_not_reflected="No time.", by=other)
    assert Meeting.objects.get().is_closed


def test_former_chair_cannot_say_why_for_a_meeting_after_their_days(meeting, chair, board):
    board.seats.get(role="chair").holdings.update(ends=timezone.localdate() - timedelta(days=1))
    with pytest.raises(PermissionDenied):
        act.close_meeting(meeting=meeting, why_not_reflected="No time.", by=chair)


@pytest.mark.parametrize("kind", [Board.Kind.TGT, Board.Kind.KPO_NETWORK])
def test_other_boards_close_without_being_asked(kind):
    trust = TrustFactory() if kind == Board.Kind.TGT else None
    board = BoardFactory(kind=kind, **({"trust": trust} if trust else {}))
    meeting = MeetingFactory(board=board, on=timezone.localdate(), opened_at=timezone.now())
    by = HoldingFactory(seat=SeatFactory(board=board, role=SeatRole.CHAIR)).user
    act.close_meeting(meeting=meeting, why_not_reflected="", by=by)
    assert Meeting.objects.get().is_closed


def test_closed_meeting_is_opened_again_with_a_reason_and_closes_by_the_same_rule(meeting, chair):
    act.close_meeting(meeting=meeting, why_not_reflected="No time.", by=chair)
    client = client_of(chair)
    client.post(f"/meetings/{meeting.pk}/reopen/", {"reason": "A decision is missing."})
    assert Meeting.objects.get().is_open
    with pytest.raises(IntegrityError, match=RULE):
        sql(CLOSE, chair.pk, meeting.pk)
    assert "A decision is missing." in client.get(f"/meetings/{meeting.pk}/history/").content.decode()
