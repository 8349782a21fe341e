"""Inviting, renewing and ending, through the pages that KPO leads and administrators use."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from accounts.models import User
from accounts.permissions import Role
from tests.factories.trusts import MembershipFactory, PartnershipFactory, TrustFactory, member
from trusts.actions import memberships as actions
from trusts.models import Membership

pytestmark = pytest.mark.django_db


@pytest.fixture
def trust():
    return TrustFactory(short_name="Leeds")


@pytest.fixture
def lead(client, trust):
    user = member(Role.KPO_LEAD, trust)
    client.force_login(user)
    return user


def dated(name, day):
    return {f"{name}_day": day.day, f"{name}_month": day.month, f"{name}_year": day.year}


def invitation(**changes):
    form = {"email": "New.Person@trust.example", "known_as": "Ward sister", "role": "facilitator"}
    return form | dated("starts", timezone.localdate()) | changes


def test_invite_of_somebody_new_makes_account_membership_and_letter(client, lead, trust):
    response = client.post("/people/invite/", invitation())
    assert response.status_code == 302
    [membership] = Membership.objects.filter(user__email="new.person@trust.example")
    assert (membership.trust, membership.role, membership.name) == (trust, Role.FACILITATOR, "Ward sister")
    assert not membership.user.has_usable_password()
    [letter] = mail.outbox
    assert letter.to == ["new.person@trust.example"]


def test_letter_leads_to_a_password_and_signing_in(client, lead):
    client.post("/people/invite/", invitation())
    path = re.search(r"http://[^/]+(/accounts/password/reset/key/\S+)", mail.outbox[0].body).group(1)
    client.logout()
    page = client.get(path, follow=True)
    typed = {"password1": "a long and quiet river", "password2": "a long and quiet river"}
    client.post(page.redirect_chain[-1][0], typed)
    signed_in = client.post(
        "/accounts/login/", {"login": "new.person@trust.example", "password": "a long and quiet river"}
    )
    assert signed_in.status_code == 302


def test_invite_sent_twice_invites_once(client, lead):
    for _click in range(2):
        assert client.post("/people/invite/", invitation()).status_code == 302
    assert Membership.objects.filter(user__email="new.person@trust.example").count() == 1
    assert len(mail.outbox) == 1


def test_invite_to_a_role_that_is_held_says_so_at_the_address(client, lead):
    client.post("/people/invite/", invitation())
    later = dated("starts", timezone.localdate() + timedelta(days=5))
    page = client.post("/people/invite/", invitation(**later))
    assert page.status_code == 200
    assert "holds this role here already" in page.content.decode()


def test_invite_of_the_same_person_to_another_role_adds_a_membership(client, lead):
    client.post("/people/invite/", invitation())
    client.post("/people/invite/", invitation(role="workshop_lead"))
    assert Membership.objects.filter(user__email="new.person@trust.example").count() == 2
    assert User.objects.filter(email="new.person@trust.example").count() == 1


@pytest.mark.parametrize("role", ["administrator", "regulator_analyst", "secretariat"])
def test_invite_to_a_role_of_the_partnership_is_refused(client, lead, role):
    assert client.post("/people/invite/", invitation(role=role)).status_code == 200
    assert not User.objects.filter(email="new.person@trust.example").exists()


def test_invite_of_oneself_is_refused(client, lead):
    page = client.post("/people/invite/", invitation(email=lead.email.upper()))
    assert "cannot change your own memberships" in page.content.decode()
    assert lead.memberships.count() == 1


def test_invite_with_an_nhs_number_in_the_name_is_refused(client, lead):
    page = client.post("/people/invite/", invitation(known_as="Sister 943 476 5919"))
    assert "NHS number" in page.content.decode()


def test_invite_to_a_trust_that_is_not_ones_own_is_refused(client, lead, trust):
    MembershipFactory(user=lead, role=Role.KPO_LEAD, trust=TrustFactory(partnership=trust.partnership))
    other = TrustFactory(partnership=trust.partnership)
    assert client.post("/people/invite/", invitation(trust=other.pk)).status_code == 200
    assert not User.objects.filter(email="new.person@trust.example").exists()


def test_invite_when_the_mail_server_is_down_keeps_the_membership(client, lead, settings):
    settings.EMAIL_BACKEND = "tests.integration.trusts.no_mail.NoMail"
    page = client.post("/people/invite/", invitation(), follow=True)
    assert "could not be sent" in page.content.decode()
    assert Membership.objects.filter(user__email="new.person@trust.example").exists()


def test_own_membership_is_neither_renewed_nor_ended(client, lead):
    own = lead.memberships.get()
    assert client.post(f"/people/{own.pk}/renew/", {}).status_code == 403
    assert client.post(f"/people/{own.pk}/end/", {"when": "now"}).status_code == 403
    with pytest.raises(actions.OwnMembership):
        actions.end(membership=own, last_day=None, by=lead)
    with pytest.raises(actions.OwnMembership):
        actions.renew(membership=own, ends=None, by=lead)
    own.refresh_from_db()
    assert own.ends is None


def test_membership_ended_at_once_opens_nothing_more(client, lead, trust):
    colleague = member(Role.FACILITATOR, trust)
    client.post(f"/people/{colleague.memberships.get().pk}/end/", {"when": "now"})
    client.force_login(colleague)
    assert client.get(f"/trusts/{trust.ods_code}/context/").status_code == 404


def test_membership_that_never_began_is_withdrawn(client, lead, trust):
    tomorrow = timezone.localdate() + timedelta(days=1)
    coming = MembershipFactory(trust=trust, starts=tomorrow)
    client.post(f"/people/{coming.pk}/end/", {"when": "now"})
    assert not Membership.objects.filter(pk=coming.pk).exists()


def test_renew_moves_the_last_day(client, lead, trust):
    held = MembershipFactory(trust=trust, ends=timezone.localdate())
    until = timezone.localdate() + timedelta(days=90)
    client.post(f"/people/{held.pk}/renew/", dated("ends", until))
    held.refresh_from_db()
    assert held.ends == until


def test_renew_of_an_ended_membership_leaves_the_gap_a_gap(client, lead, trust):
    yesterday = timezone.localdate() - timedelta(days=1)
    ended = MembershipFactory(trust=trust, ends=yesterday)
    client.post(f"/people/{ended.pk}/renew/", {"ends_day": ""})
    ended.refresh_from_db()
    assert ended.ends == yesterday
    assert Membership.objects.get(user=ended.user, starts=timezone.localdate()).ends is None


def test_people_page_asks_as_much_for_many_as_for_few(client, lead, trust, django_assert_max_num_queries):
    client.get("/people/")
    with django_assert_max_num_queries(12) as few:
        client.get("/people/")
    MembershipFactory.create_batch(10, trust=trust)
    with django_assert_max_num_queries(len(few)):
        client.get("/people/")


@pytest.fixture
def administrator(client, trust):
    user = member(Role.ADMINISTRATOR, partnership=trust.partnership)
    User.objects.filter(pk=user.pk).update(is_staff=True)
    client.force_login(user)
    return user


def test_administrator_appoints_the_first_kpo_lead_of_a_trust_only(client, administrator, trust):
    form = invitation(role="kpo_lead", trust=trust.pk)
    assert client.post("/set-up/people/appoint/", form).status_code == 302
    second = client.post("/set-up/people/appoint/", form | {"email": "second@trust.example"})
    assert "Choose a trust that has no KPO lead" in second.content.decode()
    assert Membership.objects.filter(trust=trust, role=Role.KPO_LEAD).count() == 1


def test_administrator_sets_up_a_trust_and_a_code_is_taken_once(client, administrator, trust):
    form = {"name": "Leeds Teaching Hospitals", "short_name": "Leeds", "ods_code": " rr8 ", "seat": "90"}
    form |= {"joined_day": "1", "joined_month": "10", "joined_year": "2015"}
    assert client.post("/set-up/trusts/add/", form).status_code == 302
    assert trust.partnership.trusts.filter(ods_code="RR8").exists()
    again = client.post("/set-up/trusts/add/", form | {"seat": "91", "name": "Another"})
    assert "Another trust has this ODS code" in again.content.decode()
    wrong = client.post("/set-up/trusts/add/", form | {"seat": "92", "ods_code": "leeds!"})
    assert wrong.status_code == 200


def test_administrator_of_one_partnership_sets_up_no_other(client, administrator):
    elsewhere = TrustFactory(partnership=PartnershipFactory(name="Another partnership"))
    assert client.get(f"/set-up/trusts/{elsewhere.pk}/").status_code == 404


def test_history_of_a_membership_is_for_whoever_manages_them(client, lead, trust):
    membership = MembershipFactory(user=member(Role.FACILITATOR, trust), trust=trust, role=Role.PROCESS_OWNER)
    address = f"/history/trusts/membership/{membership.pk}/"
    assert client.get(address).status_code == 200
    client.force_login(member(Role.FACILITATOR, trust))
    assert client.get(address).status_code == 403
