"""Somebody lost their phone, or wrote too many wrong passwords: who may help, and what it leaves behind."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.core import mail
from django.test import Client

from accounts.held_off import is_held_off
from accounts.models import AccessEvent
from accounts.permissions import Role
from tests.factories.accounts import PASSWORD
from tests.factories.trusts import MembershipFactory, PartnershipFactory, TrustFactory, member
from tests.integration.trusts.no_mail import NoMail

pytestmark = pytest.mark.django_db

LOST = {"what": "second_factor", "reason": "Phone lost on the ward; we spoke face to face"}
WAIT = {"what": "wait", "reason": "Mistyped; we spoke on the phone"}


@pytest.fixture
def trust():
    return TrustFactory(short_name="Leeds")


@pytest.fixture
def lead(trust):
    return member(Role.KPO_LEAD, trust, name="KPO lead")


@pytest.fixture
def person(trust):
    person = member(Role.FACILITATOR, trust)
    TOTP.activate(person, "JBSWY3DPEHPK3PXP")
    return person


def as_(user):
    client = Client()
    client.force_login(user)
    return client


def page_of(person, *, by="people"):
    return f"/{by}/{person.memberships.first().pk}/sign-in/"


def hold_off(person):
    for _ in range(5):
        Client().post("/accounts/login/", {"login": person.email, "password": "wrong"})
    assert is_held_off(person.email)


def test_lost_second_factor_is_taken_away_told_and_written_down(lead, person):
    at_work = as_(person)
    assert as_(lead).post(page_of(person), LOST)["Location"] == "/people/"
    assert not Authenticator.objects.filter(user=person).exists()
    assert at_work.get("/account/").status_code == 302
    event = AccessEvent.objects.get(kind="second_factor_cleared")
    assert (event.user, event.by, event.reason, event.address) == (person, lead, LOST["reason"], "127.0.0.1")
    [letter] = mail.outbox
    assert letter.to == [person.email]
    assert LOST["reason"] in letter.body


def test_person_reads_it_on_their_account(lead, person):
    as_(lead).post(page_of(person), LOST)
    person.refresh_from_db()
    assert LOST["reason"] in as_(person).get("/account/").content.decode()


def test_wait_after_wrong_passwords_is_ended(lead, person):
    Authenticator.objects.all().delete()
    hold_off(person)
    as_(lead).post(page_of(person), WAIT)
    assert not is_held_off(person.email)
    assert Client().post("/accounts/login/", {"login": person.email, "password": PASSWORD}).status_code == 302
    assert AccessEvent.objects.get(kind="let_try_again").by == lead


def test_page_offers_only_what_keeps_them_out(lead, person):
    page = as_(lead).get(page_of(person)).content.decode()
    assert "take the second factor away" in page
    assert "let them try again now" not in page
    Authenticator.objects.all().delete()
    assert "Nothing keeps them out" in as_(lead).get(page_of(person)).content.decode()


@pytest.mark.parametrize("missing", ["what", "reason"])
def test_nothing_happens_without_a_reason_and_a_choice(lead, person, missing):
    answer = as_(lead).post(page_of(person), {**LOST, missing: ""})
    assert answer.status_code == 200
    assert Authenticator.objects.filter(user=person).exists()


def test_nobody_does_it_for_themselves(lead, trust):
    TOTP.activate(lead, "JBSWY3DPEHPK3PXP")
    assert as_(lead).post(page_of(lead), LOST).status_code == 403
    administrator = member(Role.ADMINISTRATOR, partnership=trust.partnership)
    TOTP.activate(administrator, "JBSWY3DPEHPK3PXP")
    assert as_(administrator).post(page_of(administrator, by="set-up/people"), LOST).status_code == 403
    assert Authenticator.objects.count() == 2


def test_account_that_opens_more_than_the_trust_is_an_administrators_to_help(lead, person, trust):
    page = page_of(person)
    membership = MembershipFactory(
        user=person, role=Role.ADMINISTRATOR, trust=None, partnership=trust.partnership, known_as="Administrator"
    )
    answer = as_(lead).post(page, LOST)
    assert "An administrator of the partnership has to do this" in answer.content.decode()
    assert Authenticator.objects.filter(user=person).exists()
    administrator = as_(member(Role.ADMINISTRATOR, partnership=trust.partnership))
    administrator.post(f"/set-up/people/{membership.pk}/sign-in/", LOST)
    assert not Authenticator.objects.filter(user=person).exists()


@pytest.mark.parametrize(
    ("role", "answer"), [(Role.KPO_LEAD, 302), (Role.CHIEF_EXECUTIVE, 302), (Role.FACILITATOR, 404)]
)
def test_administrator_helps_leads_and_executives(trust, role, answer):
    person = member(role, trust)
    TOTP.activate(person, "JBSWY3DPEHPK3PXP")
    administrator = as_(member(Role.ADMINISTRATOR, partnership=trust.partnership))
    assert administrator.post(page_of(person, by="set-up/people"), LOST).status_code == answer


def test_administrator_of_another_partnership_finds_nobody(lead):
    administrator = as_(member(Role.ADMINISTRATOR, partnership=PartnershipFactory()))
    assert administrator.get(page_of(lead, by="set-up/people")).status_code == 404


def test_administrator_finds_executives_in_the_admin(trust):
    executive = member(Role.CHIEF_EXECUTIVE, trust)
    administrator = member(Role.ADMINISTRATOR, partnership=trust.partnership)
    administrator.is_staff = True
    administrator.save()
    page = as_(administrator).get("/admin/trusts/membership/").content.decode()
    assert page_of(executive, by="set-up/people") in page


def test_letter_that_was_not_sent_is_said(lead, person, settings):
    settings.EMAIL_BACKEND = f"{NoMail.__module__}.{NoMail.__name__}"
    answer = as_(lead).post(page_of(person), LOST, follow=True)
    assert "tell them yourself" in answer.content.decode()
    assert not Authenticator.objects.filter(user=person).exists()
