"""Meetings by a rule, moved, cancelled, and in people's calendars."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from icalendar import Calendar

from accounts.permissions import Role, SeatRole
from boards.actions import meetings as act
from boards.models import Meeting
from boards.refusals import ChangedMeanwhile, Refused
from boards.tasks import plan_meetings
from tests.architecture.asking import client_of
from tests.factories.boards import BoardFactory, MeetingFactory, SeatFactory, SeriesFactory, sitting
from tests.factories.trusts import member
from tests.integration.boards.test_seats import boxes

pytestmark = pytest.mark.django_db


@pytest.fixture
def board():
    return BoardFactory()


@pytest.fixture
def secretariat(board):
    return member(Role.SECRETARIAT, partnership=board.partnership)


@pytest.fixture
def rule(board):
    today = timezone.localdate()
    return {
        "every": 1,
        "week": 3,
        "weekday": 1,
        "begins_at": time(10),
        "minutes": 150,
        "place": "Leeds",
        "starts": today,
    }


def events(content):
    return {str(event["uid"]): event for event in Calendar.from_ical(content).walk("VEVENT")}


def test_rule_plans_a_year_and_its_chair(board, secretariat, rule):
    chair = SeatFactory(board=board, role=SeatRole.CHAIR)
    series = act.meet_by_rule(board=board, values=rule, by=secretariat)
    planned = list(board.meetings.all())
    assert len(planned) in (12, 13)
    assert {(meeting.on.weekday(), meeting.chair, meeting.minutes) for meeting in planned} == {(1, chair, 150)}
    assert all(15 <= meeting.on.day <= 21 for meeting in planned)
    assert act.meet_by_rule(board=board, values=rule, by=secretariat) == series  # sent twice
    plan_meetings()
    assert board.meetings.count() == len(planned)


def test_new_rule_cancels_what_the_former_one_planned_from_its_first_day_on(board, secretariat, rule):
    act.meet_by_rule(board=board, values=rule, by=secretariat)
    later = rule["starts"] + timedelta(days=90)
    act.meet_by_rule(board=board, values={**rule, "weekday": 3, "starts": later}, by=secretariat)
    tuesdays = [meeting for meeting in board.meetings.all() if meeting.on.weekday() == 1]
    assert {meeting.is_cancelled for meeting in tuesdays if meeting.on < later} == {False}
    assert {meeting.cancelled_because for meeting in tuesdays if meeting.on >= later} == {act.ANOTHER_RULE}
    plan_meetings()
    assert len([one for one in board.meetings.all() if one.on.weekday() == 1]) == len(tuesdays)


def test_moved_and_cancelled_meetings_are_not_planned_again(board, secretariat, rule):
    series = act.meet_by_rule(board=board, values=rule, by=secretariat)
    first, second = board.meetings.all()[:2]
    values = {"on": first.on + timedelta(days=1), "begins_at": time(9), "minutes": 120, "place": "Hull", "chair": None}
    moved = act.move_meeting(meeting=first, values=values, seen=0, by=secretariat)
    act.cancel_meeting(meeting=second, because="Half of us are on leave.", by=secretariat)
    act.plan_ahead(series, today=timezone.localdate())
    assert moved.was_moved
    assert Meeting.objects.filter(day_of_rule__in=[first.day_of_rule, second.day_of_rule]).count() == 2


def test_move_that_somebody_else_was_quicker_with_is_shown_and_nothing_is_lost(board, secretariat):
    meeting = MeetingFactory(board=board)
    values = {"on": meeting.on, "begins_at": time(11), "minutes": 150, "place": "Hull", "chair": None}
    act.move_meeting(meeting=meeting, values=values, seen=0, by=secretariat)
    act.move_meeting(meeting=meeting, values=values, seen=0, by=secretariat)  # the same again changes nothing
    with pytest.raises(ChangedMeanwhile):
        act.move_meeting(meeting=meeting, values={**values, "place": "Leeds"}, seen=0, by=secretariat)
    sent = {**boxes("on", meeting.on), "begins_at": "11.30", "minutes": "90", "place": "Leeds", "version": "0"}
    client = client_of(secretariat)
    page = client.post(f"/meetings/{meeting.pk}/move/", sent).content.decode()
    assert "What was saved meanwhile" in page
    assert "Hull" in page
    assert 'value="Leeds"' in page
    assert client.post(f"/meetings/{meeting.pk}/move/", {**sent, "version": "1"}).status_code == 302
    assert Meeting.objects.get().place == "Leeds"


def test_meeting_that_has_begun_is_neither_moved_nor_cancelled_nor_deleted(board, secretariat):
    meeting = MeetingFactory(board=board, opened_at=timezone.now())
    with pytest.raises(Refused):
        act.cancel_meeting(meeting=meeting, because="Late", by=secretariat)
    values = {"on": meeting.on, "begins_at": time(12), "minutes": 150, "place": "", "chair": None}
    with pytest.raises(Refused):
        act.move_meeting(meeting=meeting, values=values, seen=0, by=secretariat)
    with pytest.raises(Exception, match="opened_meeting_never_goes"), transaction.atomic():
        connection.cursor().execute("DELETE FROM boards_meeting WHERE id = %s", [meeting.pk])


def test_database_keeps_a_meeting_at_its_board_and_a_cancelled_one_with_its_reason(board):
    meeting = MeetingFactory(board=board)
    other = BoardFactory(partnership=board.partnership, kind="kpo_network")
    with pytest.raises(Exception, match="meeting_stays_with_its_board"), transaction.atomic():
        connection.cursor().execute("UPDATE boards_meeting SET board_id = %s WHERE id = %s", [other.pk, meeting.pk])
    with pytest.raises(IntegrityError, match="cancelled_meeting_says_why"), transaction.atomic():
        Meeting.objects.update(cancelled_at=timezone.now())


def test_calendar_holds_each_meeting_in_london_time_with_a_name_that_never_changes(board, secretariat):
    series = SeriesFactory(board=board)
    winter = MeetingFactory(board=board, on=date(2021, 2, 16), series=series, day_of_rule=date(2021, 2, 16))
    summer = MeetingFactory(board=board, on=date(2021, 6, 15), place="Leeds, room 4; first floor")
    client = client_of(secretariat)
    answer = client.get(f"/boards/{board.pk}/calendar.ics")
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert "attachment" in answer["Content-Disposition"]
    before = events(answer.content)
    london = ZoneInfo("Europe/London")
    assert [event.decoded("dtstart") for event in before.values()] == [
        datetime(2021, 2, 16, 10, tzinfo=london),
        datetime(2021, 6, 15, 10, tzinfo=london),
    ]
    assert b"DTSTART;TZID=Europe/London:20210615T100000" in answer.content
    [zone] = Calendar.from_ical(answer.content).walk("VTIMEZONE")
    assert str(zone["tzid"]) == "Europe/London"
    assert {str(part["tzname"]) for part in zone.walk("DAYLIGHT")} == {"BST"}
    values = {"on": date(2021, 2, 17), "begins_at": time(9), "minutes": 60, "place": "Hull", "chair": None}
    act.move_meeting(meeting=winter, values=values, seen=0, by=secretariat)
    act.cancel_meeting(meeting=summer, because="Too hot.", by=secretariat)
    content = client.get(f"/boards/{board.pk}/calendar.ics").content
    after = events(content)
    assert after.keys() == before.keys()
    moved, cancelled = (after[f"{one.uid}@meetings.improvement-partnership"] for one in (winter, summer))
    assert moved.decoded("dtstart") == datetime(2021, 2, 17, 9, tzinfo=london)
    assert moved.decoded("duration") == timedelta(hours=1)
    assert [event["sequence"] for event in (moved, cancelled)] == [1, 1]
    assert str(cancelled["status"]) == "CANCELLED"
    assert str(cancelled["location"]) == "Leeds, room 4; first floor"
    assert b"Too hot" not in content


def test_one_meeting_is_a_file_of_its_own(board, secretariat):
    meeting, _other = MeetingFactory(board=board), MeetingFactory(board=board)
    content = client_of(secretariat).get(f"/meetings/{meeting.pk}/calendar.ics").content
    assert list(events(content)) == [f"{meeting.uid}@meetings.improvement-partnership"]


def test_list_of_boards_and_a_boards_page_ask_no_more_when_there_are_more_meetings(
    board, secretariat, django_assert_max_num_queries
):
    for n in range(30):
        MeetingFactory(board=board, on=timezone.localdate() + timedelta(days=n - 15))
        sitting(board)
    client = client_of(secretariat)
    with django_assert_max_num_queries(10):
        client.get("/boards/")
    with django_assert_max_num_queries(18):
        client.get(f"/boards/{board.pk}/")
