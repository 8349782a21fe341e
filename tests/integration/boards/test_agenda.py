"""Agendas: from a template that ends with the reflections, changed, reordered, and announced without a word of it."""

import pytest
from django.core import mail
from django.utils import timezone

from accounts.permissions import Role, SeatRole
from boards import letters
from boards.actions import agenda as act
from boards.models import ItemKind, TemplateItem
from boards.refusals import ChangedMeanwhile, Refused
from tests.architecture.asking import client_of
from tests.factories.boards import BoardFactory, MeetingFactory, sitting
from tests.factories.trusts import member

pytestmark = pytest.mark.django_db


@pytest.fixture
def board():
    return BoardFactory()


@pytest.fixture
def secretariat(board):
    return member(Role.SECRETARIAT, partnership=board.partnership)


@pytest.fixture
def meeting(board, secretariat):
    meeting = MeetingFactory(board=board)
    act.build_agenda(meeting=meeting, by=secretariat)
    return meeting


def titles(parent):
    return [item.title for item in parent.all()]


def test_agenda_is_the_template_and_ends_with_the_reflections(meeting, secretariat, board):
    assert [item.kind for item in meeting.items.all()] == [kind for kind, _, _ in act.USUAL["tgb"]]
    assert titles(meeting.items)[-1] == "Reflections on the compact"
    act.build_agenda(meeting=meeting, by=secretariat)
    assert meeting.items.count() == len(act.USUAL["tgb"])
    page = client_of(sitting(board)).get(f"/meetings/{MeetingFactory(board=board).pk}/").content.decode()
    assert "The agenda is not made yet; it usually looks like this." in page


def test_items_are_added_before_the_reflections_and_go_up_and_down(meeting, secretariat):
    client = client_of(secretariat)
    for _ in range(2):  # pressed twice
        client.post(f"/meetings/{meeting.pk}/agenda/add/", {"kind": "topic", "title": "Winter", "minutes": "10"})
    assert titles(meeting.items)[-2:] == ["Winter", "Reflections on the compact"]
    winter = meeting.items.get(title="Winter")
    client.post(f"/agenda/{winter.pk}/move/", {"to": "down"})
    assert titles(meeting.items)[-1] == "Reflections on the compact"
    for _ in range(20):
        client.post(f"/agenda/{winter.pk}/move/", {"to": "up"})
    assert titles(meeting.items)[0] == "Winter"
    client.post(f"/agenda/{winter.pk}/remove/")
    assert "Winter" not in titles(meeting.items)


def test_reflections_cannot_be_taken_off_added_twice_or_turned_into_something_else(meeting, secretariat):
    last = meeting.items.get(kind=ItemKind.REFLECTIONS)
    with pytest.raises(Refused):
        act.remove_item(item=last, by=secretariat)
    with pytest.raises(Refused):
        act.add_item(to=meeting, values={"kind": "reflections", "title": "Again", "minutes": 5}, by=secretariat)
    with pytest.raises(Refused):
        act.change_item(item=last, values={"kind": "topic"}, seen=0, by=secretariat)
    client = client_of(secretariat)
    page = client.get(f"/agenda/{last.pk}/").content.decode()
    assert "Take it off" not in page
    client.post(f"/agenda/{last.pk}/remove/")
    assert meeting.items.filter(kind=ItemKind.REFLECTIONS).exists()


def test_item_that_somebody_else_changed_meanwhile_shows_both(meeting, secretariat):
    item = meeting.items.get(kind=ItemKind.CHALLENGE)
    act.change_item(item=item, values={"title": "Owners who move on"}, seen=0, by=secretariat)
    with pytest.raises(ChangedMeanwhile):
        act.change_item(item=item, values={"title": "Something else"}, seen=0, by=secretariat)
    sent = {"kind": "challenge", "title": "Late letters", "minutes": "20", "about": "", "version": "0"}
    page = client_of(secretariat).post(f"/agenda/{item.pk}/", sent).content.decode()
    assert "Owners who move on" in page
    assert 'value="Late letters"' in page


def test_board_writes_its_own_template_for_the_agendas_to_come(board, secretariat, meeting):
    client = client_of(secretariat)
    assert TemplateItem.objects.count() == 0
    client.post(f"/boards/{board.pk}/agenda/", {"kind": "topic", "title": "Visit to a ward", "minutes": "30"})
    assert titles(board.template)[-2:] == ["Visit to a ward", "Reflections on the compact"]
    later = MeetingFactory(board=board)
    act.build_agenda(meeting=later, by=secretariat)
    assert "Visit to a ward" in titles(later.items)
    assert "Visit to a ward" not in titles(meeting.items)


def test_letter_of_the_agenda_goes_to_who_sits_there_and_says_nothing_of_it(board, meeting):
    item = meeting.items.get(kind=ItemKind.CHALLENGE)
    item.about = "Owners leave within a year."
    item.save()
    users = {sitting(board).email, sitting(board, SeatRole.SENSEI).email}
    former = sitting(board)
    former.seats_held.update(ends=timezone.localdate() - timezone.timedelta(days=1))
    assert letters.tell_of_agenda(meeting.pk) == 2
    assert {letter.to[0] for letter in mail.outbox} == users
    for letter in mail.outbox:
        assert f"/meetings/{meeting.pk}/" in letter.body
        assert not [title for title in titles(meeting.items) if title in letter.body + letter.subject]
        assert "Owners leave" not in letter.body


def test_agenda_is_announced_by_the_worker_and_stands_without_it(
    meeting, secretariat, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks() as waiting:
        client_of(secretariat).post(f"/meetings/{meeting.pk}/agenda/send/")
    assert len(waiting) == 1
    meeting.refresh_from_db()
    assert meeting.agenda_sent_at is not None
