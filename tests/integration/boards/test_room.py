"""The room: item by item, entries by several people, what refreshes itself, and nothing typed lost."""

import uuid
from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.permissions import Role, SeatRole
from boards.actions import agenda as agendas
from boards.actions import entries as act
from boards.actions import room as rooms
from boards.models import AgendaItem, Entry, ItemKind, Meeting
from boards.refusals import ChangedMeanwhile
from tests.architecture.asking import client_of
from tests.factories.boards import BoardFactory, EntryFactory, MeetingFactory, sitting
from tests.factories.compacts import drafted, published
from tests.factories.metrics import MetricFactory, MetricVersionFactory
from tests.factories.trusts import TrustFactory, member
from tests.integration.boards.test_seats import boxes

pytestmark = pytest.mark.django_db


@pytest.fixture
def board():
    return BoardFactory()


@pytest.fixture
def chair(board):
    return sitting(board, SeatRole.CHAIR, name="Chair")


@pytest.fixture
def sensei(board):
    return sitting(board, SeatRole.SENSEI, name="Sensei")


@pytest.fixture
def meeting(board, chair):
    meeting = MeetingFactory(board=board, on=timezone.localdate(), chair=board.seats.get(role="chair"))
    rooms.open_meeting(meeting=meeting, by=chair)
    meeting.refresh_from_db()
    return meeting


def item(meeting, kind):
    return meeting.items.get(kind=kind)


def note(meeting, kind=ItemKind.WELCOME, **facts):
    usual = {"item": item(meeting, kind).pk, "key": str(uuid.uuid4()), "kind": "note", "text": "We ring the same day."}
    return {**usual, **facts}


def post(client, meeting, sent, **headers):
    return client.post(f"/meetings/{meeting.pk}/entries/add/", sent, headers=headers)


def page_of(client, meeting, **asked):
    return client.get(f"/meetings/{meeting.pk}/room/", asked).content.decode()


def test_meeting_is_run_item_by_item(meeting, chair):
    first, second = meeting.items.all()[:2]
    assert first.is_in_hand
    client = client_of(chair)
    assert f"Next: {second.title}" in page_of(client, meeting)
    client.post(f"/agenda/{second.pk}/begin/")
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.was_held, second.is_in_hand) == (True, True)
    client.post(f"/agenda/{first.pk}/begin/")  # taken up again
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.is_in_hand, second.was_held) == (True, True)
    with pytest.raises(IntegrityError, match="one_item_in_hand"), transaction.atomic():
        AgendaItem.objects.filter(pk=second.pk).update(ended_at=None)


def test_entry_sent_twice_is_one(meeting, sensei):
    client, sent = client_of(sensei), note(meeting)
    for headers in ({}, {"HX-Request": "true"}, {}):
        assert post(client, meeting, sent, **headers).status_code in (200, 302)
    entry = Entry.objects.get()
    assert (entry.text, entry.said_as, entry.author) == ("We ring the same day.", "Sensei", sensei)
    # No answer came to the first, and the author went on typing.
    post(client, meeting, sent | {"text": "We ring the same day, and say so.", "kind": "decision"})
    entry.refresh_from_db()
    assert (entry.text, entry.kind) == ("We ring the same day, and say so.", "decision")
    assert Entry.objects.count() == 1


def test_reflections_have_decisions_and_actions_and_no_notes_for_the_secretariat_to_read(meeting, sensei, chair):
    rooms.begin_item(item=item(meeting, ItemKind.REFLECTIONS), by=chair)
    client = client_of(sensei)
    assert "decisions and actions alone, for they stand in the minutes" in page_of(client, meeting)
    answer = post(client, meeting, note(meeting, ItemKind.REFLECTIONS, text="I saw it strained"))
    assert answer.status_code == 422
    assert "Minutes hold no notes of the reflections" in answer.content.decode()
    assert ">I saw it strained</textarea>" in answer.content.decode()
    assert not Entry.objects.exists()
    sent = note(meeting, ItemKind.REFLECTIONS, text="The compact is worded anew") | {"kind": "decision"}
    post(client, meeting, sent)
    assert Entry.objects.get().kind == "decision"


def test_room_leads_to_the_dashboard_and_the_compact_and_proposes_the_next_meeting(meeting, sensei, chair, board):
    published(drafted(partnership=board.partnership))
    following = MeetingFactory(board=board, on=meeting.on + timedelta(days=28))
    rooms.begin_item(item=item(meeting, ItemKind.REFLECTIONS), by=chair)
    page = page_of(client_of(sensei), meeting)
    assert f'href="/meetings/{meeting.pk}/dashboard/"' in page
    assert 'href="/compact/versions/1/"' in page
    assert "The regulator promises to" in page
    due = BeautifulSoup(page, "html.parser").select("#task-form input[name^=due_]")
    assert [int(box["value"]) for box in due] == [following.on.day, following.on.month, following.on.year]


def test_without_javascript_what_could_not_be_saved_comes_back_as_it_was_typed(meeting, sensei):
    client = client_of(sensei)
    answer = post(client, meeting, note(meeting, text="943 476 5919 was seen late"))
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "943 476 5919 was seen late" in page
    assert "looks like an NHS number" in page
    sent = {"item": item(meeting, ItemKind.WELCOME).pk, "key": str(uuid.uuid4()), "text": "Ring them", "owner": ""}
    page = post(client, meeting, sent).content.decode()
    assert "Choose who does it" in page
    assert "Write by when" in page
    assert ">Ring them</textarea>" in page
    assert Entry.objects.count() == 0


def test_through_htmx_a_refusal_leaves_the_form_alone(meeting, sensei):
    answer = post(client_of(sensei), meeting, note(meeting, text=" "), **{"HX-Request": "true"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Not saved: Write a note first" in page
    assert 'id="note-target"' not in page


def test_item_or_owner_of_another_board_is_not_taken(meeting, sensei):
    other = MeetingFactory(board=BoardFactory(partnership=meeting.board.partnership, kind="kpo_network"))
    elsewhere = EntryFactory(item__meeting=other, kind="action")
    client = client_of(sensei)
    assert post(client, meeting, note(meeting, item=elsewhere.item_id)).status_code == 422
    sent = note(meeting) | {"owner": elsewhere.owner_id} | boxes("due", timezone.localdate())
    assert post(client, meeting, sent).status_code == 422
    assert Entry.objects.count() == 1


def test_author_alone_changes_an_entry_and_two_windows_do_not_overwrite_each_other(meeting, sensei, chair):
    entry, _ = act.add_entry(
        item=item(meeting, ItemKind.WELCOME), kind="note", text="First", key=uuid.uuid4(), by=sensei
    )
    client = client_of(sensei)
    assert client_of(chair).get(f"/entries/{entry.pk}/").status_code == 403
    assert client.post(f"/entries/{entry.pk}/", {"text": "Second", "version": "0"}).status_code == 302
    page = client.post(f"/entries/{entry.pk}/", {"text": "Third", "version": "0"}).content.decode()
    assert "What was saved meanwhile" in page
    assert "Second" in page
    assert "Third" in page
    with pytest.raises(ChangedMeanwhile):
        act.change_entry(entry=entry, values={"text": "Fourth"}, seen=0, by=sensei)
    assert client.post(f"/entries/{entry.pk}/", {"text": "Third", "version": "1"}).status_code == 302
    assert Entry.objects.get().text == "Third"
    history = client.get(f"/meetings/{meeting.pk}/history/").content.decode()
    assert "Changed entry: Note" in history
    assert "First</del>" in history


def test_page_asks_cheaply_and_is_told_only_what_is_new(meeting, sensei, chair, django_assert_max_num_queries):
    client = client_of(sensei)
    address = f"/meetings/{meeting.pk}/room/fresh/"
    first = client.get(address, headers={"HX-Request": "true"})
    etag = first["ETag"]
    with django_assert_max_num_queries(6):
        again = client.get(address, headers={"HX-Request": "true", "If-None-Match": etag})
    assert (again.status_code, again.content) == (304, b"")
    act.add_entry(item=item(meeting, ItemKind.WELCOME), kind="decision", text="Ring", key=uuid.uuid4(), by=chair)
    later = client.get(address, headers={"HX-Request": "true", "If-None-Match": etag})
    assert later.status_code == 200
    assert "Ring" in later.content.decode()
    assert later["ETag"] != etag


def test_pulse_of_the_room_leaves_no_events(meeting):
    before = meeting.events.count()
    agendas.touch(meeting)
    assert meeting.events.count() == before
    assert Meeting.objects.get().pulse == meeting.pulse + 1


def test_room_asks_no_more_of_the_database_when_more_was_written(meeting, sensei, chair, django_assert_max_num_queries):
    for n in range(40):
        kind = ("note", "decision", "action")[n % 3]
        EntryFactory(item=item(meeting, ItemKind.WELCOME), kind=kind, author=sensei)
    client = client_of(sensei)
    with django_assert_max_num_queries(24):
        client.get(f"/meetings/{meeting.pk}/room/")
    with django_assert_max_num_queries(20):
        client.get(f"/meetings/{meeting.pk}/minutes/")


def test_attendance_is_recorded_by_seat_and_said_without_a_percentage(meeting, sensei, chair):
    client = client_of(sensei)
    seats = {seat.title: seat.pk for seat in meeting.board.seats.all()}
    page = client.post(f"/meetings/{meeting.pk}/here/", {f"presence_{seats['Chair']}": "deputy"}).content.decode()
    assert "Write who came instead" in page
    sent = {f"presence_{seats['Chair']}": "deputy", f"deputy_{seats['Chair']}": "943 476 5919"}
    assert "looks like an NHS number" in client.post(f"/meetings/{meeting.pk}/here/", sent).content.decode()
    sent = {
        f"presence_{seats['Chair']}": "deputy",
        f"deputy_{seats['Chair']}": "Medical director",
        f"presence_{seats['Sensei']}": "present",
        "also_there": "Two process owners",
        "chair": seats["Sensei"],
    }
    assert client.post(f"/meetings/{meeting.pk}/here/", sent).status_code == 302
    assert "In the chair: Chair" in page_of(client, meeting)  # a member does not take the chair by a form
    client_of(chair).post(f"/meetings/{meeting.pk}/here/", sent)
    page = page_of(client, meeting)
    assert "Medical director (for Chair); Sensei; Two process owners" in page
    assert "In the chair: Sensei" in page
    assert "%" not in page.split('id="room-people"')[1].split("</section>")[0]


def test_challenge_shows_the_partnerships_own_questions(meeting, chair, sensei):
    client = client_of(chair)
    address = f"/boards/{meeting.board_id}/questions/"
    client.post(address, {"questions": "Who told us?\n\n What would they say now? ", "version": "0"})
    page = page_of(client_of(sensei), meeting, item=item(meeting, ItemKind.CHALLENGE).pk)
    assert "Leaders are asked to frame problems, not to solve them." in page
    assert "<li>Who told us?</li><li>What would they say now?</li>" in page
    late = client.post(address, {"questions": "Mine", "version": "0"}).content.decode()
    assert "What was saved meanwhile" in late


def test_amended_metrics_since_the_last_meeting_are_told_without_a_figure(meeting, chair, board):
    trust = TrustFactory(partnership=board.partnership, short_name="Leeds")
    metric = MetricFactory(value_stream__trust=trust, name="Theatre cases cancelled")
    MetricVersionFactory(metric=metric)
    facts = {"metric": metric, "reason": "Thirty theatres hid what one was learning.", "number": 2}
    now = timezone.now()
    MetricVersionFactory(**facts, agreed_at=now, applies_from=timezone.localdate())
    old = MetricFactory(value_stream__trust=trust, name="Long ago")
    past = timezone.localdate() - timedelta(days=90)
    MetricVersionFactory(metric=old, number=2, reason="Before.", agreed_at=now - timedelta(days=90), applies_from=past)
    page = page_of(client_of(chair), meeting, item=item(meeting, ItemKind.AMENDMENTS).pk)
    assert "Theatre cases cancelled" in page
    assert "Thirty theatres hid what one was learning." in page
    assert "Long ago" not in page


def test_secretariat_writes_as_the_secretariat(meeting, board):
    secretariat = member(Role.SECRETARIAT, partnership=board.partnership)
    entry, _ = act.add_entry(
        item=item(meeting, ItemKind.WELCOME), kind="note", text="Begun", key=uuid.uuid4(), by=secretariat
    )
    assert entry.said_as == "TGB secretariat"


def test_nothing_is_written_before_it_is_opened_or_once_it_is_closed(meeting, sensei, chair):
    rooms.begin_item(item=item(meeting, ItemKind.REFLECTIONS), by=chair)
    rooms.close_meeting(meeting=meeting, why_not_reflected="", by=chair)
    client = client_of(sensei)
    page = post(client, meeting, note(meeting)).content.decode()
    assert "This meeting is closed" in page
    assert "Add as a note" not in page_of(client, meeting)
    assert Entry.objects.count() == 0
