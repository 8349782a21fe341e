"""/health/ and /ready/ over real servers."""

import time
from datetime import timedelta

import pytest
from django.db import OperationalError, connection
from django.utils import timezone

from improvement import heartbeat
from snapshots.models import ChangeMark

pytestmark = pytest.mark.django_db


@pytest.fixture
def working(broker):
    """A worker that did a sweep just now."""
    heartbeat.client().set(heartbeat.KEY, time.time())


def test_ready_says_that_no_worker_works_and_then_that_one_does(client, broker):
    answer = client.get("/ready/")
    assert (answer.status_code, answer.json()["worker"]) == (503, "silent")
    heartbeat.client().set(heartbeat.KEY, time.time())
    answer = client.get("/ready/")
    assert (answer.status_code, answer.json()["status"]) == (200, "ready")
    assert client.get("/health/").json()["status"] == "ok"


def test_worker_that_has_been_silent_for_long_is_named(client, broker):
    heartbeat.client().set(heartbeat.KEY, time.time() - 61)
    assert client.get("/ready/").json()["worker"] == "silent"
    assert (client.get("/health/").status_code, client.get("/health/").json()["status"]) == (200, "degraded")


def test_change_that_waits_too_long_needs_a_person(client, working):
    mark = ChangeMark.objects.create(kind="trust", scope_id=1, at=timezone.now() - timedelta(seconds=100))
    assert client.get("/ready/").status_code == 200
    ChangeMark.objects.filter(pk=mark.pk).update(at=timezone.now() - timedelta(seconds=301))
    answer = client.get("/ready/")
    assert (answer.status_code, answer.json()["dashboards"]) == (503, "late")
    assert answer.json()["oldest_change_waiting_seconds"] >= 301


def test_ready_answers_soon_without_a_broker_and_health_goes_on(client, settings):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    begun = time.monotonic()
    answer = client.get("/ready/")
    assert time.monotonic() - begun < 3
    assert (answer.status_code, answer.json()["broker"]) == (503, "unreachable")
    assert (client.get("/health/").status_code, client.get("/health/").json()["status"]) == (200, "degraded")


def test_health_is_down_without_the_database_and_says_no_more_than_that(client, working, monkeypatch):
    def refused(*_asked):
        raise OperationalError('connection to server at "db.internal", port 5432 failed: password of improvement_app')

    monkeypatch.setattr(connection, "cursor", refused)
    for address, status in (("/health/", "down"), ("/ready/", "not ready")):
        answer = client.get(address)
        assert answer.status_code == 503
        assert answer.json()["status"] == status
        assert (answer.json()["database"], answer.json()["broker"]) == ("unreachable", "ok")
        assert "internal" not in answer.content.decode()


@pytest.mark.parametrize("address", ["/health/", "/ready/"])
def test_strange_questions_get_the_same_json(client, working, address):
    for headers in ({"Accept": "nonsense"}, {"Accept": "application/rss+xml"}):
        assert client.get(address, headers=headers)["Content-Type"] == "application/json"
    assert "no-store" in client.get(address)["Cache-Control"]
    assert client.post(address).status_code == 405
