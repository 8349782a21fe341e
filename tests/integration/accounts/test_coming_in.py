"""A second factor, guesses held off, weak passwords refused, and all of it written down."""

import hashlib
import re
from datetime import timedelta
from unittest.mock import patch

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core import mail
from django.core.exceptions import ValidationError
from django.db import ProgrammingError, connection, transaction
from django.test import Client
from django.utils import timezone

from accounts.models import AccessEvent, User
from accounts.passwords import KnownFromBreaches, holds
from accounts.permissions import NEED_SECOND_FACTOR, Role
from tests.factories.accounts import PASSWORD, UserFactory
from tests.factories.trusts import TrustFactory, member

pytestmark = pytest.mark.django_db

SIGN_IN = "/accounts/login/"
Kind = AccessEvent.Kind


@pytest.fixture(autouse=True)
def _no_tries_of_earlier_tests():
    from django.core.cache import cache

    cache.clear()


def sign_in(client, email, password=PASSWORD):
    return client.post(SIGN_IN, {"login": email, "password": password})


def code_of(secret):
    return format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))


def with_second_factor(user):
    secret = "JBSWY3DPEHPK3PXP"
    TOTP.activate(user, secret)
    return secret


def kinds():
    return list(AccessEvent.objects.order_by("pk").values_list("kind", flat=True))


class TestSecondFactor:
    @pytest.mark.parametrize("role", sorted(NEED_SECOND_FACTOR))
    def test_role_that_needs_one_is_led_to_add_it(self, client, role, settings):
        settings.SECOND_FACTOR_REQUIRED = True
        client.force_login(member(role))
        answer = client.get("/")
        assert answer.status_code == 302
        assert answer["Location"] == "/accounts/2fa/totp/activate/"

    def test_roles_that_need_one_are_as_agreed(self):
        assert {"kpo_lead", "chief_executive", "deputy", "executive_sponsor", "administrator"} == NEED_SECOND_FACTOR

    def test_admin_site_waits_for_it_too(self, client, settings):
        settings.SECOND_FACTOR_REQUIRED = True
        administrator = member(Role.ADMINISTRATOR)
        administrator.is_staff = True
        administrator.save()
        client.force_login(administrator)
        assert client.get("/admin/")["Location"] == "/accounts/2fa/totp/activate/"

    def test_facilitator_needs_none(self, client, settings):
        settings.SECOND_FACTOR_REQUIRED = True
        client.force_login(member(Role.FACILITATOR))
        assert client.get("/").status_code == 200

    def test_role_with_one_goes_on(self, client, settings):
        settings.SECOND_FACTOR_REQUIRED = True
        lead = member(Role.KPO_LEAD)
        with_second_factor(lead)
        client.force_login(lead)
        assert client.get("/").status_code == 200

    def test_somebody_who_must_add_one_can_sign_out(self, client, settings):
        settings.SECOND_FACTOR_REQUIRED = True
        client.force_login(member(Role.KPO_LEAD))
        client.post("/accounts/logout/")
        assert client.get("/")["Location"].startswith(SIGN_IN)

    def test_adding_one_shows_recovery_codes(self, client, django_capture_on_commit_callbacks):
        user = member(Role.KPO_LEAD)
        sign_in(client, user.email)
        asked = client.get("/accounts/2fa/totp/activate/")["Location"]
        page = client.post(asked, {"password": PASSWORD}, follow=True).content.decode()
        secret = re.search(r'id="totp-key">([A-Z2-7]+)<', page)[1]
        with django_capture_on_commit_callbacks(execute=True):
            answer = client.post("/accounts/2fa/totp/activate/", {"code": code_of(secret)}, follow=True)
        shown = answer.content.decode()
        assert shown.count("<li><code>") == 10
        assert Kind.SECOND_FACTOR_ADDED in kinds()

    def test_sign_in_asks_for_the_code(self, client):
        user = member(Role.KPO_LEAD)
        secret = with_second_factor(user)
        assert sign_in(client, user.email)["Location"] == "/accounts/2fa/authenticate/"
        assert client.get("/")["Location"].startswith(SIGN_IN)
        refused = client.post("/accounts/2fa/authenticate/", {"code": "000000"})
        assert "That code does not fit" in refused.content.decode()
        client.post("/accounts/2fa/authenticate/", {"code": code_of(secret)})
        assert client.get("/").status_code == 200
        assert kinds() == [Kind.CODE_REFUSED, Kind.SIGNED_IN]

    def test_secret_is_not_in_the_database(self):
        secret = with_second_factor(UserFactory())
        assert secret not in str(Authenticator.objects.get().data)


class TestGuessing:
    def test_sixth_try_is_held_off_even_with_the_right_password(self, client):
        user = member(Role.FACILITATOR)
        answers = [sign_in(client, user.email, "wrong") for _ in range(5)]
        held_off = sign_in(client, user.email)
        assert answers[-1].status_code == held_off.status_code == 429
        assert "Too many tries" in held_off.content.decode()
        assert f"quote this number: <b>{held_off['X-Request-ID']}</b>" in held_off.content.decode()
        assert kinds().count(Kind.REFUSED) >= 4
        assert Kind.HELD_OFF in kinds()
        assert Kind.SIGNED_IN not in kinds()

    def test_machine_that_asks_too_often_gets_a_page_with_words(self, client):
        asked = ({"email": f"nobody{number}@ward.example"} for number in range(21))
        answers = [client.post("/accounts/password/reset/", given) for given in asked]
        assert {answer.status_code for answer in answers[:20]} == {302}
        assert (answers[20].status_code, answers[20]["Retry-After"]) == (429, "60")
        assert "Wait a few minutes" in answers[20].content.decode()
        assert answers[20]["X-Request-ID"] in answers[20].content.decode()

    def test_capitals_in_the_address_are_the_same_account(self, client):
        user = member(Role.FACILITATOR)
        for number in range(5):
            sign_in(client, user.email.upper() if number % 2 else user.email, "wrong")
        assert sign_in(client, user.email).status_code == 429

    def test_colleague_behind_the_same_address_comes_in(self, client):
        trust = TrustFactory()
        for _ in range(6):
            sign_in(
                client,
                member(Role.FACILITATOR, trust, email="a@trust.example").email if _ == 0 else "a@trust.example",
                "x",
            )
        assert sign_in(Client(), member(Role.FACILITATOR, trust).email).status_code == 302

    def test_nobody_learns_whether_there_is_an_account(self, client):
        known = member(Role.FACILITATOR).email
        said = {}
        for email in (known, "nobody@trust.example"):
            pages = [sign_in(Client(), email, "wrong") for _ in range(6)]
            said[email] = [(page.status_code, words_of(page, email)) for page in pages]
        assert said[known] == said["nobody@trust.example"]

    def test_an_unknown_address_is_not_kept(self, client):
        sign_in(client, "my-password-by-mistake@trust.example", "wrong")
        [event] = AccessEvent.objects.all()
        assert (event.kind, event.user_id) == (Kind.REFUSED, None)


def words_of(page, email):
    text = re.sub(r"<script.*?</script>|<[^>]+>", " ", page.content.decode(), flags=re.DOTALL)
    return " ".join(text.replace(email, "").replace(page["X-Request-ID"], "").split())


class TestTrail:
    def test_coming_and_going_is_written(self, client):
        user = member(Role.FACILITATOR)
        sign_in(client, user.email)
        client.post("/accounts/logout/")
        assert kinds() == [Kind.SIGNED_IN, Kind.SIGNED_OUT]
        assert set(AccessEvent.objects.values_list("user", "address")) == {(user.pk, "127.0.0.1")}

    @pytest.mark.parametrize("change", [lambda rows: rows.update(kind="refused"), lambda rows: rows.delete()])
    def test_what_is_written_stays(self, client, change):
        sign_in(client, member(Role.FACILITATOR).email)
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            change(AccessEvent.objects.all())

    def test_what_is_written_cannot_be_emptied(self):
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            connection.cursor().execute("TRUNCATE accounts_accessevent")

    def test_time_of_an_event_cannot_be_chosen(self):
        long_ago = timezone.now() - timedelta(days=400)
        with patch("django.utils.timezone.now", return_value=long_ago):
            event = AccessEvent.objects.create(kind=Kind.SIGNED_IN, user=UserFactory())
        event.refresh_from_db()
        assert timezone.now() - event.at < timedelta(minutes=1)

    def test_address_is_the_one_behind_the_trusted_proxy(self, client, settings):
        settings.TRUSTED_PROXIES = 1
        user = member(Role.FACILITATOR)
        headers = {"X-Forwarded-For": "1.1.1.1, 203.0.113.7"}
        client.post(SIGN_IN, {"login": user.email, "password": PASSWORD}, headers=headers)
        assert AccessEvent.objects.get().address == "203.0.113.7"

    def test_another_forged_address_gives_no_more_tries(self, client):
        """Without a trusted proxy the header says nothing; behind one, its left part says nothing."""
        user = member(Role.FACILITATOR)
        for number in range(5):
            forged = {"X-Forwarded-For": f"1.1.1.{number}"}
            client.post(SIGN_IN, {"login": user.email, "password": "wrong"}, headers=forged)
        assert sign_in(client, user.email).status_code == 429


class TestPasswords:
    @pytest.mark.parametrize(
        "weak", ["short", "password1234", "Liverpool2024!!", "123456789012", "footballfootball", "aaaaaaaaaaaaaa"]
    )
    def test_weak_one_is_refused(self, weak):
        with pytest.raises(ValidationError):
            validate_password(weak)

    @pytest.mark.parametrize("good", [PASSWORD, "three wards and a kettle", "ohnichtnochmalsowas", "ééééàààà çççç üü"])
    def test_length_is_enough_without_any_composition(self, good):
        validate_password(good)

    @pytest.mark.parametrize("size", [1, 2, 3, 500])
    def test_breached_list_finds_each_line_and_no_other(self, tmp_path, size):
        words = [f"word {number}" for number in range(size)]
        hashes = sorted(hashlib.sha1(word.encode()).hexdigest().upper() for word in words)
        (tmp_path / "list").write_text("".join(f"{one}:{number}\r\n" for number, one in enumerate(hashes)))
        assert all(holds(tmp_path / "list", one) for one in hashes)
        assert not any(holds(tmp_path / "list", hashlib.sha1(f"x{n}".encode()).hexdigest().upper()) for n in range(200))
        with pytest.raises(ValidationError, match="breach"):
            KnownFromBreaches(str(tmp_path / "list")).validate("word 0")

    def test_every_form_asks_them(self):
        assert len(settings.AUTH_PASSWORD_VALIDATORS) == 5


def test_nobody_signs_up_and_the_page_says_who_invites(client):
    page = client.post(
        "/accounts/signup/", {"email": "nobody@trust.example", "password1": PASSWORD, "password2": PASSWORD}
    )
    assert "Ask the KPO lead of your trust to invite you" in page.content.decode()
    assert not User.objects.filter(email="nobody@trust.example").exists()


@pytest.mark.parametrize("address", ["/accounts/email/", "/accounts/confirm-email/", "/accounts/confirm-email/a-key/"])
def test_address_of_an_invitation_is_kept(client, address):
    user = UserFactory()
    client.force_login(user)
    for change in ("action_add", "action_primary"):
        answer = client.post(address, {change: "", "email": "another@elsewhere.example"})
        assert answer["Location"] == "/account/"
    assert not EmailAddress.objects.filter(email="another@elsewhere.example").exists()
    assert User.objects.get(pk=user.pk).email == user.email


def test_reset_for_an_address_without_an_account_sends_a_letter_that_offers_no_sign_up(client):
    client.post("/accounts/password/reset/", {"email": "nobody@trust.example"})
    [letter] = mail.outbox
    assert letter.to == ["nobody@trust.example"]
    assert letter.subject == "No account with this address"
    assert "invited by the KPO lead" in letter.body
    assert "sign up" not in letter.body
    assert "http" not in letter.body


def test_reset_for_an_account_sends_a_letter_with_its_link(client):
    user = UserFactory()
    client.post("/accounts/password/reset/", {"email": user.email})
    [letter] = mail.outbox
    assert letter.subject == "Choose a new password"
    assert "/accounts/password/reset/key/" in letter.body
    assert settings.PRODUCT_NAME in letter.body
