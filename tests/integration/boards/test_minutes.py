"""Minutes in three forms that say the same, and actions that return until they are done."""

import io
import uuid
from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone
from docx import Document

from accounts.permissions import SeatRole
from boards import letters
from boards.actions import entries as act
from boards.actions import room as rooms
from boards.facts import load
from boards.models import Entry, ItemKind, Meeting
from tests.architecture.asking import client_of
from tests.factories.boards import BoardFactory, MeetingFactory, sitting
from tests.factories.compacts import drafted, published

pytestmark = pytest.mark.django_db

MARKUP = "Rings <b>at once</b> #panic() $x$ *really* \\ & “early”"


@pytest.fixture
def board():
    return BoardFactory()


@pytest.fixture
def chair(board):
    return sitting(board, SeatRole.CHAIR, name="Chair")


@pytest.fixture
def sensei(board):
    return sitting(board, SeatRole.SENSEI, name="Sensei")


def held(board, chair, *, days_ago=0):
    meeting = MeetingFactory(board=board, on=timezone.localdate() - timedelta(days=days_ago), place="Leeds")
    rooms.open_meeting(meeting=meeting, by=chair)
    Meeting.objects.filter(pk=meeting.pk).update(opened_at=timezone.now() - timedelta(days=days_ago, minutes=5))
    meeting.refresh_from_db()
    return meeting


def close(meeting, chair):
    rooms.begin_item(item=meeting.items.get(kind=ItemKind.REFLECTIONS), by=chair)
    rooms.close_meeting(meeting=meeting, why_not_reflected="", by=chair)


def write(meeting, by, kind, text, item=ItemKind.WELCOME, **facts):
    where = meeting.items.get(kind=item)
    return act.add_entry(item=where, kind=kind, text=text, key=uuid.uuid4(), by=by, **facts)[0]


def carried(meeting):
    return [(each.entry.text, each.is_done) for each in load(Meeting.objects.get(pk=meeting.pk)).carried]


def test_page_word_and_pdf_say_the_same(board, chair, sensei):
    meeting = held(board, chair)
    owner = board.seats.get(title="Sensei")
    write(meeting, sensei, "note", MARKUP)
    write(meeting, chair, "decision", "Early means before the next meeting.")
    write(meeting, chair, "action", "Name one person", owner=owner, due=timezone.localdate() + timedelta(days=9))
    client = client_of(sensei)
    assert "A draft" in client.get(f"/meetings/{meeting.pk}/minutes/").content.decode()
    close(meeting, chair)
    page = client.get(f"/meetings/{meeting.pk}/minutes/").content.decode()
    assert "A draft" not in page
    assert "1 decision and 1 new action." in page
    assert "Rings &lt;b&gt;at once&lt;/b&gt; #panic()" in page
    answer = client.get(f"/meetings/{meeting.pk}/minutes.docx")
    document = Document(io.BytesIO(answer.content))
    words = "\n".join(paragraph.text for paragraph in document.paragraphs)
    assert MARKUP in words
    assert "Decision. Early means before the next meeting." in words
    [table] = document.tables
    assert [cell.text for cell in table.rows[1].cells][:2] == ["Name one person", "Sensei"]
    styles = {paragraph.style.name for paragraph in document.paragraphs}
    assert {"Heading 1", "Heading 2"} <= styles
    answer = client.get(f"/meetings/{meeting.pk}/minutes.pdf")
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-")
    assert f"minutes-tgb-{meeting.on:%Y-%m-%d}.pdf" in answer["Content-Disposition"]


def test_action_returns_until_it_is_done_and_stands_once_more_as_done(board, chair, sensei):
    first = held(board, chair, days_ago=60)
    owner = board.seats.get(title="Sensei")
    entry = write(first, chair, "action", "Ring the region", owner=owner, due=timezone.localdate() - timedelta(days=40))
    close(first, chair)
    second = held(board, chair, days_ago=30)
    assert carried(second) == [("Ring the region", False)]
    close(second, chair)
    third = MeetingFactory(board=board, on=timezone.localdate())
    assert carried(third) == [("Ring the region", False)]
    act.finish_action(entry=entry, outcome="Rung on Monday.", by=sensei)
    rooms.open_meeting(meeting=third, by=chair)
    assert carried(third) == [("Ring the region", True)]
    assert carried(second) == [("Ring the region", False)]  # its minutes stay as they were
    page = client_of(sensei).get(f"/meetings/{third.pk}/minutes/").content.decode()
    assert "Done. Rung on Monday." in page
    close(third, chair)
    fourth = MeetingFactory(board=board, on=timezone.localdate() + timedelta(days=30))
    assert carried(fourth) == []


def test_owner_finishes_the_action_and_others_do_not(board, chair, sensei):
    meeting = held(board, chair)
    due = timezone.localdate() + timedelta(days=5)
    entry = write(meeting, chair, "action", "Ring the region", owner=board.seats.get(title="Sensei"), due=due)
    other = sitting(board, name="Somebody else")
    assert client_of(other).get(f"/entries/{entry.pk}/done/").status_code == 403
    home = client_of(sensei).get("/").content.decode()
    assert "Ring the region" in home
    assert "Ring the region" not in client_of(other).get("/").content.decode()
    answer = client_of(sensei).post(f"/entries/{entry.pk}/done/", {"outcome": "Rung."}, follow=True)
    assert "Done lately" in answer.content.decode()
    assert Entry.objects.get(pk=entry.pk).done_by == sensei
    assert "Ring the region" not in client_of(sensei).get("/").content.decode()
    answer = client_of(sensei).post(
        f"/entries/{entry.pk}/take-up/", {"reason": "It was the wrong number."}, follow=True
    )
    assert "1 action open, one of them yours" in answer.content.decode()
    assert not Entry.objects.get(pk=entry.pk).is_done


def test_action_stays_with_the_seat_when_its_holder_changes(board, chair, sensei):
    meeting = held(board, chair)
    seat = board.seats.get(title="Sensei")
    write(meeting, chair, "action", "Ring the region", owner=seat, due=timezone.localdate())
    seat.holdings.update(ends=timezone.localdate() - timedelta(days=1))
    after = sitting(board, name="After")
    seat.holdings.create(user=after, known_as="After", starts=timezone.localdate())
    assert "Ring the region" in client_of(after).get("/").content.decode()
    assert client_of(sensei).get("/").status_code == 403


def test_reminder_of_an_action_leaves_once_and_names_nothing(board, chair, sensei):
    meeting = held(board, chair)
    today = timezone.localdate()
    seat = board.seats.get(title="Sensei")
    write(meeting, chair, "action", "Ring the region", owner=seat, due=today + timedelta(days=2))
    write(meeting, chair, "action", "Write to the minister", owner=seat, due=today + timedelta(days=30))
    assert letters.remind_of_actions(on=today - timedelta(days=10)) == 0
    assert letters.remind_of_actions(on=today) == 1
    assert letters.remind_of_actions(on=today) == 0
    [letter] = mail.outbox
    assert letter.to == [sensei.email]
    assert "Ring" not in letter.body + letter.subject
    assert f"/boards/{board.pk}/actions/" in letter.body


def test_reminder_that_did_not_leave_is_tried_again(board, chair, sensei, settings):
    meeting = held(board, chair)
    seat = board.seats.get(title="Sensei")
    write(meeting, chair, "action", "Ring the region", owner=seat, due=timezone.localdate())
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_PORT = 1
    assert letters.remind_of_actions(on=timezone.localdate()) == 0
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert letters.remind_of_actions(on=timezone.localdate()) == 1


def test_compact_in_force_is_appended_to_agenda_room_and_minutes(board, chair, sensei):
    day = timezone.localdate()
    version = published(drafted(partnership=board.partnership, words="Ours:"))
    said = (f"{version.compact.name}, version 1", *(promise.text for promise in version.promises))
    assert len(said) > 3
    planned = MeetingFactory(board=board, on=day)
    client = client_of(sensei)
    page = client.get(f"/meetings/{planned.pk}/").content.decode()
    assert all(words in page for words in said)
    rooms.open_meeting(meeting=planned, by=chair)
    last = planned.items.get(kind=ItemKind.REFLECTIONS)
    page = client.get(f"/meetings/{planned.pk}/room/", {"item": last.pk}).content.decode()
    assert all(words in page for words in said)
    close(planned, chair)
    page = client.get(f"/meetings/{planned.pk}/minutes/").content.decode()
    assert all(words in page for words in said)
    document = Document(io.BytesIO(client.get(f"/meetings/{planned.pk}/minutes.docx").content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    assert set(said[1:]) <= set(cells)
    assert client.get(f"/meetings/{planned.pk}/minutes.pdf").content.startswith(b"%PDF-")
