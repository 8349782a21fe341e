"""The example's boards: everybody in their seat, meetings with closed minutes, and an agenda to come."""

from datetime import date

import pytest

from boards.facts import load
from boards.models import Board, Entry, Holding, ItemKind, Meeting
from compacts.models import PartyMember
from examples.loading.everything import load_example
from examples.loading.people import AT_THE_TGB, DIRECTOR, seated
from reflections.models import Breach, Line
from reflections.safe import speaking_as
from tests.architecture.asking import client_of
from trusts.models import Membership

pytestmark = pytest.mark.django_db

TODAY = date(2026, 3, 11)


def test_boards_of_the_example():
    load_example(today=TODAY)
    tgb = Board.objects.get(kind=Board.Kind.TGB)
    assert Board.objects.count() == 7
    assert tgb.seats.filter(role="chief_executive").count() == 5
    assert all(seat.holdings.count() == 1 for seat in tgb.seats.all())
    held = Meeting.objects.held().filter(board=tgb)
    brought, ended = date(2018, 7, 17), date(2018, 9, 18)
    assert [meeting.on for meeting in held] == [
        brought,
        ended,
        date(2025, 12, 16),
        date(2026, 1, 20),
        date(2026, 2, 17),
    ]
    assert all(meeting.is_closed and load(meeting).reflected for meeting in held)
    coming = Meeting.objects.to_come(TODAY).filter(board=tgb)
    assert coming[0].on == date(2026, 3, 17)
    assert coming[0].items.last().kind == ItemKind.REFLECTIONS
    assert Entry.objects.open().filter(item__meeting__board=tgb).exists()
    seated_only = Holding.objects.filter(user__email__in=[seated(name) for name in AT_THE_TGB])
    assert seated_only.count() == len(AT_THE_TGB)
    assert not Membership.objects.filter(user__in=seated_only.values("user")).exists()
    # One person: in the chair of the TGB, and named for the regulator in the compact.
    chair = Holding.objects.get(seat__board=tgb, seat__role="chair").user
    assert chair.email == DIRECTOR
    assert PartyMember.objects.filter(user=chair, party__name="The regulator").exists()
    assert "Regional director, regulator, TGB" in client_of(chair).get("/").content.decode()
    sensei = seated_only.get(user__email=seated("sensei")).user
    assert not Breach.objects.exists()
    with speaking_as(sensei):
        breach = Breach.objects.get()
        assert (breach.brought_at.on, breach.ended_at.on, breach.ended_as) == (brought, ended, "renegotiated")
        assert [talk.day for talk in breach.talks.all()] == [brought, ended]
        assert set(Line.objects.values_list("day", flat=True)) == {meeting.on for meeting in held}
    version = client_of(sensei).get(f"/compact/versions/{breach.led_to.number}/").content.decode()
    assert f"/boards/{tgb.pk}/breaches/{breach.pk}/" in version
    client = client_of(seated_only[0].user)
    for address in ("/", f"/boards/{tgb.pk}/", f"/meetings/{held[0].pk}/minutes/", f"/meetings/{coming[0].pk}/"):
        assert client.get(address).status_code == 200
