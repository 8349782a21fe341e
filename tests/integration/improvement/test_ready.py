"""/ready/ over real servers."""

import time

import pytest

from improvement import heartbeat

pytestmark = pytest.mark.django_db


def test_ready_says_that_no_worker_works_and_then_that_one_does(client, broker):
    answer = client.get("/ready/")
    assert (answer.status_code, answer.json()["worker"]) == (503, "silent")
    heartbeat.client().set(heartbeat.KEY, time.time())
    answer = client.get("/ready/")
    assert (answer.status_code, answer.json()["status"]) == (200, "ready")


def test_ready_answers_soon_without_a_broker_and_health_goes_on(client, settings):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    begun = time.monotonic()
    answer = client.get("/ready/")
    assert time.monotonic() - begun < 3
    assert (answer.status_code, answer.json()["broker"]) == (503, "unreachable")
    assert (client.get("/health/").status_code, client.get("/health/").json()["status"]) == (200, "degraded")
