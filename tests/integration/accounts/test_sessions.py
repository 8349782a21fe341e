"""A session ends after half an hour without use and after twelve hours in any case, and leads back to where one was."""

import time
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from accounts import sessions
from accounts.models import AccessEvent
from accounts.permissions import Role
from tests.factories.accounts import PASSWORD
from tests.factories.trusts import TrustFactory, member

pytestmark = pytest.mark.django_db

POLL = {"HX-Request": "true"}
IDLE, LONGEST = timedelta(minutes=30), timedelta(hours=12)


@pytest.fixture
def person():
    return member(Role.FACILITATOR, TrustFactory(short_name="Leeds", ods_code="RR8"))


@pytest.fixture
def client(person):
    client = Client()
    client.force_login(person)
    return client


@pytest.fixture
def later(monkeypatch):
    """later(minutes=29) moves the clock on, from where it stood."""
    moved = [time.time()]
    monkeypatch.setattr(sessions, "_now", lambda: moved[0])

    def move(**by):
        moved[0] += timedelta(**by).total_seconds()

    return move


def is_in(client):
    return "/accounts/login/" not in client.get("/account/", headers=POLL).get("Location", "")


def test_session_lasts_while_it_is_used(client, later):
    for _ in range(6):
        later(minutes=29)
        assert client.get("/account/").status_code == 200


def test_session_ends_after_a_time_without_use(client, later, person):
    client.get("/account/")
    later(minutes=29, seconds=50)
    assert is_in(client)
    later(seconds=10)
    assert not is_in(client)
    assert AccessEvent.objects.filter(user=person, kind="left_idle").count() == 1
    assert not AccessEvent.objects.filter(kind="signed_out").exists()


def test_page_that_refreshes_itself_is_no_use(client, later):
    for _ in range(10):
        later(minutes=3)
        client.get("/trusts/RR8/fresh/", headers=POLL)
        client.get("/account/session/", headers=POLL)
    assert not is_in(client)


def test_what_htmx_sends_is_use(client, later):
    later(minutes=29)
    client.post("/account/session/", headers=POLL)
    later(minutes=29)
    assert is_in(client)


def test_longest_time_cannot_be_extended(client, later, person):
    for _ in range(36):
        later(minutes=20)
        answer = client.post("/account/session/")
    assert answer.status_code == 302
    assert AccessEvent.objects.filter(user=person, kind="longest_over").count() == 1


def test_asking_says_what_is_left_and_extends_nothing(client, later):
    client.get("/account/")
    later(minutes=20)
    assert client.get("/account/session/", headers=POLL).json() == {"idle": 600, "longest": 42000}
    assert client.post("/account/session/").json() == {"idle": 1800, "longest": 42000}


def test_person_is_told_and_returns_to_the_page(client, later, person):
    later(hours=1)
    answer = client.get("/trusts/RR8/?tab=context")
    assert parse_qs(urlsplit(answer["Location"]).query) == {"next": ["/trusts/RR8/?tab=context"]}
    assert "nothing was opened or saved for 30 minutes" in client.get(answer["Location"]).content.decode()
    back = client.post(
        answer["Location"], {"login": person.email, "password": PASSWORD, "next": "/trusts/RR8/?tab=context"}
    )
    assert back["Location"] == "/trusts/RR8/?tab=context"


def test_form_that_was_sent_too_late_leads_back_to_its_page(client, later):
    later(hours=1)
    answer = client.post("/account/sign-out-everywhere/", headers={"Referer": "http://testserver/account/?a=1"})
    assert parse_qs(urlsplit(answer["Location"]).query) == {"next": ["/account/?a=1"]}


def test_page_elsewhere_is_not_returned_to(client, later):
    later(hours=1)
    answer = client.post("/account/sign-out-everywhere/", headers={"Referer": "https://elsewhere.example/account/"})
    assert parse_qs(urlsplit(answer["Location"]).query) == {"next": ["/"]}


def test_open_page_answers_after_the_end_as_to_anybody(client, later):
    later(hours=1)
    assert client.get("/accounts/login/").status_code == 200
    assert client.get("/health/").status_code == 200


def test_times_are_settings(client, later, settings):
    settings.SESSION_IDLE = timedelta(minutes=5)
    later(minutes=5)
    assert not is_in(client)


def test_session_of_before_the_limits_goes_on(client, later):
    session = client.session
    del session[sessions.BEGAN], session[sessions.USED]
    session.save()
    assert client.get("/account/").status_code == 200
    later(hours=13)
    assert not is_in(client)


def test_signing_in_anew_begins_a_session_of_full_length(client, later, person):
    later(hours=11)
    client.force_login(person)
    later(minutes=29)
    assert is_in(client)


def test_a_page_soon_after_another_writes_nothing(client, django_assert_num_queries):
    client.get("/account/session/")
    with django_assert_num_queries(3):  # session, person, memberships
        client.get("/account/session/")


def test_somebody_who_must_add_a_second_factor_is_warned_too(client, settings):
    settings.SECOND_FACTOR_REQUIRED = True
    client.force_login(member(Role.KPO_LEAD))
    assert client.get("/account/session/").status_code == 200
    assert client.get("/account/").status_code == 302


def test_page_carries_the_warning_for_those_signed_in_alone(client):
    assert 'data-idle="' in client.get("/account/").content.decode()
    assert 'id="session"' in client.get("/accounts/password/change/").content.decode()
    assert 'id="session"' not in Client().get("/accounts/login/").content.decode()
