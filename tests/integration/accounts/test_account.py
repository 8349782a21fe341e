"""The page of one's own account."""

import pytest
from django.test import Client

from accounts.models import AccessEvent
from accounts.permissions import Role
from tests.factories.trusts import TrustFactory, member

pytestmark = pytest.mark.django_db


@pytest.fixture
def person():
    return member(Role.FACILITATOR, TrustFactory(short_name="Leeds"))


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


def test_account_says_what_is_held_and_what_happened_lately(person):
    page = signed_in(person).get("/account/").content.decode()
    assert "KPO facilitator, Leeds" in page
    assert "Signed in" in page


def test_account_says_nothing_of_others(person):
    signed_in(member(Role.FACILITATOR))
    page = signed_in(person).get("/account/").content.decode()
    assert page.count("Signed in") == 1


def test_signing_out_everywhere_ends_each_session_of_this_person_alone(person):
    here, elsewhere, colleague = signed_in(person), signed_in(person), signed_in(member(Role.FACILITATOR))
    assert here.post("/account/sign-out-everywhere/").status_code == 302
    assert [client.get("/").status_code for client in (here, elsewhere, colleague)] == [302, 302, 200]
    assert AccessEvent.objects.filter(user=person, kind="signed_out_everywhere").count() == 1


def test_signing_in_again_works_after_it(person):
    signed_in(person).post("/account/sign-out-everywhere/")
    person.refresh_from_db()
    assert signed_in(person).get("/account/").status_code == 200


def test_a_link_alone_signs_nobody_out(person):
    client = signed_in(person)
    assert client.get("/account/sign-out-everywhere/").status_code == 405
    assert client.get("/").status_code == 200
