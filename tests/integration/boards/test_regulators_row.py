"""The regulator's own row: kept by its members, read by the table, nothing typed lost."""

import pytest
from django.utils import timezone

from accounts.permissions import SeatRole
from boards.models import RegulatorLine
from tests.architecture.asking import client_of
from tests.factories.boards import BoardFactory, RegulatorLineFactory, sitting

pytestmark = pytest.mark.django_db


@pytest.fixture
def board():
    return BoardFactory()


@pytest.fixture
def client(board):
    return client_of(sitting(board, SeatRole.REGULATOR))


def sent(**changes):
    today = timezone.localdate()
    asked = {"on_day": "1", "on_month": "2", "on_year": str(today.year)}
    return {"kind": "ask", "text": "Ask us once", "version": "0", "of_trust": "", "answer": ""} | asked | changes


def test_line_sent_twice_is_written_once(board, client):
    for _ in range(2):
        assert client.post(f"/boards/{board.pk}/regulator/add/", sent()).status_code == 302
    assert RegulatorLine.objects.get().text == "Ask us once"
    assert "Ask us once" in client.get(f"/boards/{board.pk}/regulator/").content.decode()


def test_answer_needs_its_day_and_belongs_to_an_ask(board, client):
    page = client.post(f"/boards/{board.pk}/regulator/add/", sent(answer="Yes")).content.decode()
    assert "Write when it was answered" in page
    page = client.post(f"/boards/{board.pk}/regulator/add/", sent(kind="review", answer="Yes")).content.decode()
    assert "Only what was asked of the regulator has an answer" in page
    assert not RegulatorLine.objects.exists()


def test_change_of_a_line_that_somebody_else_changed_keeps_what_was_typed(board, client):
    line = RegulatorLineFactory(board=board, version=3, text="Theirs")
    page = client.post(f"/regulator/{line.pk}/", sent(text="Mine", version="2")).content.decode()
    assert "Mine" in page
    assert "Theirs" in page
    line.refresh_from_db()
    assert line.text == "Theirs"


def test_line_taken_out_is_gone(board, client):
    line = RegulatorLineFactory(board=board)
    client.post(f"/regulator/{line.pk}/remove/")
    assert not RegulatorLine.objects.exists()
