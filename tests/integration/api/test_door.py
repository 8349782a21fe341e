"""Who gets in, and what those who do not are told."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.permissions import Role
from api import actions, throttling
from api.models import ApiClient, ApiToken
from tests.factories.api import client_of
from tests.factories.trusts import TrustFactory, member

pytestmark = pytest.mark.django_db


def test_token_opens_the_own_trust(system, trust):
    answer = system.get("trusts")
    assert [row["ods_code"] for row in answer.json()["results"]] == [trust.ods_code]


def test_nothing_without_a_token(client):
    answer = client.get("/api/v1/trusts")
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == 'Bearer realm="api"'
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["status"] == 401


def test_a_persons_session_does_not_open_it(client, trust):
    client.force_login(member(Role.KPO_LEAD, trust))
    assert client.get("/api/v1/trusts").status_code == 401


@pytest.mark.parametrize("change", ["revoked", "expired", "renewed"])
def test_a_token_that_ended_is_refused(system, made, change):
    if change == "revoked":
        actions.revoke_client(client=made.client, by=made.client.created_by)
    elif change == "renewed":
        actions.renew_token(client=made.client, by=made.client.created_by)
    else:
        ApiClient.objects.update(expires_on=timezone.localdate() - timedelta(days=1))
    assert system.get("trusts").status_code == 401


def test_scopes_keep_apart(system, regulator, asker, trust):
    assert regulator.get("value-streams").status_code == 403
    assert system.get("trust-summaries").status_code == 403
    assert regulator.get("trust-summaries").status_code == 200
    reader = asker(client_of(trust, writes=False).token)
    assert reader.post("readings", {}).status_code == 403


def test_only_a_digest_is_kept(made):
    token = ApiToken.objects.get()
    assert made.token.startswith(token.prefix)
    assert made.token not in {str(value) for value in vars(token).values()}


def test_last_use_is_written_once_a_minute(system):
    system.get("trusts")
    first = ApiToken.objects.get().last_used_at
    assert first
    system.get("trusts")
    assert ApiToken.objects.get().last_used_at == first
    ApiToken.objects.update(last_used_at=first - timedelta(seconds=61))
    system.get("trusts")
    assert ApiToken.objects.get().last_used_at >= first


def test_record_of_a_client_cannot_sign_in(client, made):
    user = made.client.acts_as
    assert not user.is_active
    assert not user.has_usable_password()


def test_too_many_requests_are_told_when_to_come_back(system, settings):
    settings.API_REQUESTS_A_MINUTE = 2
    assert [system.get("trusts").status_code for _ in range(3)] == [200, 200, 429]
    answer = system.get("trusts")
    assert 1 <= int(answer["Retry-After"]) <= 61
    assert answer["Content-Type"] == "application/problem+json"


def test_counter_begins_anew_each_minute():
    now = [0.0]
    counter = throttling.Counter(lambda: now[0])
    assert [counter.count(1), counter.count(1), counter.count(2)] == [1, 2, 1]
    assert counter.left() == 60
    now[0] = 60.0
    assert counter.count(1) == 1


@pytest.mark.parametrize("path", ["/api/nothing", "/api/v1/", "/api/v1/trusts/", "/api/v2/trusts"])
def test_unknown_addresses_answer_a_problem(client, path):
    answer = client.get(path)
    assert answer.status_code == 404
    assert answer["Content-Type"] == "application/problem+json"


def test_what_nobody_foresaw_is_a_problem_too(client, system, monkeypatch):
    client.raise_request_exception = False
    monkeypatch.setattr("api.endpoints.base.ListOfTrust.get_queryset", lambda self: 1 / 0)
    answer = system.get("trusts")
    assert answer.status_code == 500
    assert answer["Content-Type"] == "application/problem+json"
    assert "division" not in answer.content.decode()


def test_description_is_public(client):
    page = client.get("/api/").content.decode()
    assert "/api/v1/readings" in page
    assert "How many were looked at." in page
    assert client.get("/api/v1/openapi.yaml").content.startswith(b"openapi: 3.1.0")


def test_client_of_another_trust_reads_none_of_it(asker, rpiw, measure):
    other = asker(client_of(TrustFactory()).token)
    for path in ("value-streams", "rpiws", "measures", "readings"):
        assert other.get(path).json()["results"] == []
    for path in (f"value-streams/{rpiw.value_stream_id}", f"value-streams/{rpiw.value_stream_id}/dashboard"):
        assert other.get(path).status_code == 404
    assert other.get(f"rpiws/{rpiw.pk}").status_code == 404
    sent = {"rpiw": rpiw.pk, "checkpoint": "day_60", "readings": [{"measure": measure.pk, "value": "9 min"}]}
    assert other.post("readings", sent).status_code == 404
