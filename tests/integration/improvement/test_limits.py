"""How much a request may hold: what is more is answered in words, before anything reads it."""

import http.client
import json
from urllib.parse import urlencode

import pytest
from django.conf import settings

from accounts.permissions import Role
from tests.factories.api import client_of as system_of
from tests.factories.trusts import TrustFactory, ValueStreamFactory, member
from tests.processes import SiteProcess
from trusts.models import Objective

MOST = settings.DATA_UPLOAD_MAX_MEMORY_SIZE


@pytest.fixture
def stream():
    return ValueStreamFactory(trust=TrustFactory(ods_code="RR8"), name="Before")


@pytest.mark.django_db
@pytest.mark.parametrize("content_type", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=b"])
def test_too_long_a_form_is_refused_in_words_and_changes_nothing(client, stream, content_type):
    client.force_login(member(Role.KPO_LEAD, stream.trust))
    body = urlencode({"name": "New", "more": "x" * MOST})
    if content_type.startswith("multipart"):
        body = f'--b\r\nContent-Disposition: form-data; name="f"; filename="f"\r\n\r\n{"x" * MOST}\r\n--b--\r\n'
    answer = client.post(f"/value-streams/{stream.pk}/edit/", body, content_type=content_type)
    assert answer.status_code == 413
    assert "Nothing was saved" in answer.content.decode()
    assert f"quote this number: <b>{answer['X-Request-ID']}</b>" in answer.content.decode()
    stream.refresh_from_db()
    assert stream.name == "Before"


@pytest.mark.django_db
@pytest.mark.parametrize("part", ["fields", "files"])
def test_too_many_parts_are_refused_in_words(client, stream, part):
    client.force_login(member(Role.KPO_LEAD, stream.trust))
    if part == "fields":
        sent = {f"f{n}": "" for n in range(settings.DATA_UPLOAD_MAX_NUMBER_FIELDS + 1)}
        answer = client.post("/trusts/RR8/context/headcounts/add/", sent)
    else:
        body = '--b\r\nContent-Disposition: form-data; name="f"; filename="f"\r\n\r\nx\r\n' * 2 + "--b--\r\n"
        answer = client.post(
            "/trusts/RR8/context/headcounts/add/", body, content_type="multipart/form-data; boundary=b"
        )
    assert answer.status_code == 400
    assert "Nothing was changed" in answer.content.decode()
    assert Objective.objects.count() == 0


@pytest.mark.django_db
def test_too_long_a_body_for_the_api_is_a_problem(client, stream):
    token = system_of(stream.trust).token
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": "a"}
    body = json.dumps({"note": "x" * MOST})
    answer = client.post("/api/v1/readings", body, content_type="application/json", headers=headers)
    assert (answer.status_code, answer["Content-Type"]) == (413, "application/problem+json")
    assert answer.json()["detail"].startswith("The body is too long")


@pytest.mark.django_db
def test_longest_body_is_taken(client, stream):
    client.force_login(member(Role.KPO_LEAD, stream.trust))
    answer = client.post(f"/value-streams/{stream.pk}/edit/", "x" * MOST, content_type="application/octet-stream")
    assert answer.status_code == 200


def test_server_answers_before_a_long_body_is_there(transactional_db):
    """Through the real server: what is announced is refused before it is sent, and nobody waits for it."""
    site = SiteProcess()
    site.start()
    try:
        host = site.address.removeprefix("http://")
        connection = http.client.HTTPConnection(host, timeout=20)
        connection.putrequest("POST", "/accounts/login/")
        connection.putheader("Content-Type", "application/x-www-form-urlencoded")
        connection.putheader("Content-Length", str(10_000_000_000))
        connection.endheaders()
        connection.send(b"login=a")
        assert connection.getresponse().status == 413
        connection.close()
        connection = http.client.HTTPConnection(host, timeout=20)
        connection.request("GET", "/health/")
        assert connection.getresponse().status == 200
    finally:
        site.stop()
