"""Signing in with the organisation's account, against a provider on this machine."""

from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from allauth.mfa.totp.internal.auth import TOTP
from allauth.socialaccount.models import SocialAccount
from django.test import Client

from accounts.models import AccessEvent, User
from accounts.permissions import Role
from tests.factories.trusts import TrustFactory, member
from tests.identity_provider import CLIENT_ID, CLIENT_SECRET, IdentityProvider

pytestmark = pytest.mark.django_db

BEGIN = "/accounts/oidc/organisation/login/"


@pytest.fixture(scope="module")
def running():
    provider = IdentityProvider()
    yield provider
    provider.stop()


@pytest.fixture
def provider(running, settings):
    settings.OIDC_ISSUER = running.address
    settings.OIDC_NAME = "NHSmail"
    app = {"provider_id": "organisation", "name": "NHSmail", "client_id": CLIENT_ID, "secret": CLIENT_SECRET}
    app["settings"] = {"server_url": running.address}
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [app]}}
    running.person = {"sub": "id-1", "email": "Ward.Lead@nhs.net", "email_verified": True}
    running.also_in_token, running.error, running.down, running.asked[:] = {}, "", False, []
    return running


@pytest.fixture
def person():
    return member(Role.FACILITATOR, TrustFactory(short_name="Leeds"), email="ward.lead@nhs.net")


def come_in(client, to="/account/"):
    """Press the button, sign in there, come back: the last answer."""
    sent = client.post(BEGIN, {"next": to})
    if sent.status_code != 302:
        return sent
    back = requests.get(sent["Location"], allow_redirects=False, timeout=5).headers["Location"]
    return client.get(back.removeprefix("http://testserver"))


def words(answer):
    return " ".join(answer.content.decode().split())


def test_known_person_comes_in_and_it_is_written_down(client, provider, person):
    answer = come_in(client)
    assert answer["Location"] == "/account/"
    assert client.get("/account/").status_code == 200
    assert list(AccessEvent.objects.values_list("kind", "user")) == [("signed_in_elsewhere", person.pk)]
    assert "/token" in provider.asked


def test_nothing_of_what_the_provider_told_is_kept(client, provider, person):
    for _ in range(2):
        come_in(client)
    account = SocialAccount.objects.get()
    assert (account.user, account.uid, account.extra_data) == (person, "id-1", {})


def test_id_of_the_provider_counts_once_it_is_known(client, provider, person):
    come_in(client)
    provider.person = {"sub": "id-1", "email": "new.name@nhs.net", "email_verified": False}
    assert come_in(Client())["Location"] == "/account/"


def test_stranger_reads_why_and_gets_no_account(client, provider):
    before = User.objects.count()
    answer = come_in(client)
    assert answer.status_code == 403
    assert "your address is Ward.Lead@nhs.net. Nobody was invited with it." in words(answer)
    assert User.objects.count() == before
    assert "/accounts/login/" in client.get("/account/")["Location"]
    assert list(AccessEvent.objects.values_list("kind", "user")) == [("refused_elsewhere", None)]


@pytest.mark.parametrize("verified", [False, "false", None, "yes"])
def test_address_that_was_not_verified_opens_nothing(client, provider, person, verified):
    provider.person["email_verified"] = verified
    assert "did not confirm Ward.Lead@nhs.net" in words(come_in(client))
    assert not SocialAccount.objects.exists()


@pytest.mark.parametrize(("domain", "comes_in"), [("nhs.net", True), ("leeds.nhs.uk", False), ("s.net", False)])
def test_trusted_domain_stands_for_a_verified_address(client, provider, person, settings, domain, comes_in):
    settings.OIDC_DOMAINS = [domain]
    del provider.person["email_verified"]
    assert (come_in(client).status_code == 302) is comes_in


def test_no_address_opens_nothing(client, provider, person):
    del provider.person["email"]
    assert come_in(client).status_code == 403


def test_another_id_with_the_same_address_is_not_the_same_person(client, provider, person):
    come_in(client)
    provider.person["sub"] = "id-2"
    assert "with another account of NHSmail" in words(come_in(Client()))


def test_answers_about_two_people_open_nothing(client, provider, person):
    provider.also_in_token = {"sub": "id-9"}
    assert "do not fit together" in words(come_in(client))


@pytest.mark.parametrize("forged", [{"aud": "another client"}, {"iss": "https://elsewhere.example"}, {"exp": 1}])
def test_token_for_somebody_else_or_of_yesterday_is_refused(client, provider, person, forged):
    provider.also_in_token = forged
    assert come_in(client).status_code == 403
    assert not AccessEvent.objects.filter(kind="signed_in_elsewhere").exists()


def test_answer_to_a_question_that_this_browser_did_not_ask_is_refused(client, provider, person):
    sent = client.post(BEGIN)
    back = requests.get(sent["Location"], allow_redirects=False, timeout=5).headers["Location"]
    assert Client().get(back.removeprefix("http://testserver")).status_code == 403


def test_question_carries_a_challenge(client, provider):
    asked = parse_qs(urlsplit(client.post(BEGIN)["Location"]).query)
    assert asked["code_challenge_method"] == ["S256"]
    assert len(asked["code_challenge"][0]) == 43


def test_somebody_who_changes_their_mind_reads_so(client, provider, person):
    provider.error = "access_denied"
    assert "You stopped before NHSmail had let you in" in words(come_in(client))


def test_provider_that_does_not_answer_leaves_the_password(client, provider, person):
    provider.down = True
    answer = client.post(BEGIN)
    assert answer.status_code == 503
    assert "NHSmail does not answer" in words(answer)
    assert "sign in with your password" in words(answer)


def test_closed_account_stays_closed(client, provider, person):
    User.objects.filter(pk=person.pk).update(is_active=False)
    come_in(client)
    assert "/accounts/login/" in client.get("/account/")["Location"]


def test_nobody_connects_another_account_while_signed_in(client, provider, person):
    client.force_login(member(Role.FACILITATOR))
    sent = client.post(f"{BEGIN}?process=connect")
    back = requests.get(sent["Location"], allow_redirects=False, timeout=5).headers["Location"]
    assert client.get(back.removeprefix("http://testserver")).status_code == 403
    assert not SocialAccount.objects.exists()


def test_connection_can_be_ended_by_the_person(client, provider, person):
    come_in(client)
    assert "connected" in words(client.get("/accounts/3rdparty/"))
    client.post("/accounts/3rdparty/", {"account": SocialAccount.objects.get().pk})
    assert not SocialAccount.objects.exists()


class TestSecondFactor:
    def test_ours_is_asked_as_after_a_password(self, client, provider, person):
        TOTP.activate(person, "JBSWY3DPEHPK3PXP")
        assert come_in(client)["Location"] == "/accounts/2fa/authenticate/"
        assert "/accounts/login/" in client.get("/account/")["Location"]

    def test_role_that_needs_one_is_led_to_add_it(self, client, provider, settings):
        settings.SECOND_FACTOR_REQUIRED = True
        member(Role.KPO_LEAD, email="ward.lead@nhs.net")
        come_in(client)
        assert client.get("/account/")["Location"] == "/accounts/2fa/totp/activate/"

    def test_providers_is_enough_where_the_installation_says_so(self, client, provider, settings):
        settings.SECOND_FACTOR_REQUIRED, settings.OIDC_SECOND_FACTOR = True, "provider"
        TOTP.activate(member(Role.KPO_LEAD, email="ward.lead@nhs.net"), "JBSWY3DPEHPK3PXP")
        assert come_in(client)["Location"] == "/account/"
        assert client.get("/account/").status_code == 200

    def test_role_that_needs_one_goes_on_without_ours_then(self, client, provider, settings):
        settings.SECOND_FACTOR_REQUIRED, settings.OIDC_SECOND_FACTOR = True, "provider"
        member(Role.KPO_LEAD, email="ward.lead@nhs.net")
        come_in(client)
        assert client.get("/account/").status_code == 200

    def test_provider_that_says_it_asked_for_a_password_alone_is_believed(self, client, provider, person, settings):
        settings.OIDC_SECOND_FACTOR = "provider"
        TOTP.activate(person, "JBSWY3DPEHPK3PXP")
        provider.also_in_token = {"amr": ["pwd"]}
        assert come_in(client)["Location"] == "/accounts/2fa/authenticate/"

    def test_providers_does_not_stay_with_a_later_sign_in_by_password(self, client, provider, settings):
        settings.SECOND_FACTOR_REQUIRED, settings.OIDC_SECOND_FACTOR = True, "provider"
        lead = member(Role.KPO_LEAD, email="ward.lead@nhs.net")
        come_in(client)
        client.post("/accounts/logout/")
        client.post("/accounts/login/", {"login": lead.email, "password": "correct horse battery"})
        assert client.get("/account/")["Location"] == "/accounts/2fa/totp/activate/"


def test_sign_in_page_offers_it_only_where_there_is_one(client, provider, settings):
    assert "Sign in with NHSmail" in words(client.get("/accounts/login/"))
    settings.OIDC_ISSUER = ""
    assert "Sign in with NHSmail" not in words(client.get("/accounts/login/"))


def test_without_a_provider_there_is_nothing_to_begin(client):
    assert client.post(BEGIN).status_code == 404
