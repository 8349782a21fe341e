"""The pages on which systems are let in and shut out."""

import re
import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.permissions import Role
from api.models import ApiClient, ApiToken
from tests.factories.trusts import TrustFactory, member

pytestmark = pytest.mark.django_db


def form(**more):
    day = timezone.localdate() + timedelta(days=90)
    return {
        "name": "Ward board",
        "writes": ["write_readings", "write_measurements"],
        "form_key": str(uuid.uuid4()),
        "expires_on_day": day.day,
        "expires_on_month": day.month,
        "expires_on_year": day.year,
    } | more


@pytest.fixture
def lead(client):
    user = member(Role.KPO_LEAD, TrustFactory())
    client.force_login(user)
    return user


def token_in(answer):
    return re.search(r"rpiw_[\w-]{43}", answer.content.decode())


def test_lead_lets_a_system_in_and_its_token_is_shown_once(client, lead):
    sent = form()
    answer = client.post("/api-clients/add/", sent)
    token = token_in(answer)[0]
    assert client.get("/api/v1/trusts", headers={"Authorization": f"Bearer {token}"}).status_code == 200
    again = client.post("/api-clients/add/", sent, follow=True)
    assert token_in(again) is None
    assert "Its token was shown once" in again.content.decode()
    assert ApiClient.objects.count() == ApiToken.objects.count() == 1
    assert "no-store" in answer["Cache-Control"]


def test_administrator_lets_the_regulators_system_in_for_summaries_alone(client):
    client.force_login(member(Role.ADMINISTRATOR))
    token = token_in(client.post("/api-clients/regulator/add/", form()))[0]
    assert [str(scope) for scope in ApiClient.objects.get().scopes] == ["read_summaries"]
    assert client.get("/api/v1/rpiws", headers={"Authorization": f"Bearer {token}"}).status_code == 403


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"name": ""}, "Write what the system is"),
        ({"name": "943 476 5919"}, "NHS number"),
        ({"writes": ["read_summaries"]}, "is not one of the available choices"),
        ({"expires_on_year": 2100}, "Choose a day from today to a year from now"),
    ],
)
def test_form_says_what_is_wrong(client, lead, wrong, said):
    assert said in client.post("/api-clients/add/", form(**wrong)).content.decode()
    assert not ApiClient.objects.exists()


def test_list_shows_token_scope_and_use_and_shutting_out_ends_it(client, lead):
    token = token_in(client.post("/api-clients/add/", form()))[0]
    page = client.get("/api-clients/").content.decode()
    assert f"{token[:12]}…" in page
    assert token not in page
    assert "not yet" in page
    system = ApiClient.objects.get()
    assert client.get(f"/api-clients/{system.pk}/revoke/").status_code == 200
    client.post(f"/api-clients/{system.pk}/revoke/")
    assert client.get("/api/v1/trusts", headers={"Authorization": f"Bearer {token}"}).status_code == 401
    system.refresh_from_db()
    assert system.revoked_by == lead
    assert "No system yet" in client.get("/api-clients/").content.decode()


def test_new_token_ends_the_one_before(client, lead):
    first = token_in(client.post("/api-clients/add/", form()))[0]
    second = token_in(client.post(f"/api-clients/{ApiClient.objects.get().pk}/token/"))[0]
    answers = [
        client.get("/api/v1/trusts", headers={"Authorization": f"Bearer {token}"}).status_code
        for token in (first, second)
    ]
    assert answers == [401, 200]


def test_lead_may_not_let_a_system_into_another_trust(client, lead):
    TrustFactory()
    client.post("/api-clients/add/", form(place=TrustFactory().pk))
    assert ApiClient.objects.get().trust == lead.memberships.get().trust
