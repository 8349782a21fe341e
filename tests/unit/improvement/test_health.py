"""What /health/ and /ready/ make of what each part says."""

import pytest
from health_check.base import HealthCheckResult
from health_check.exceptions import ServiceUnavailable

from improvement.health import Broker, Database, Health, OldestMark, Ready, Worker, told


def test_parts_that_all_work_are_ready():
    assert Ready().status(set()) == ("ready", 200)
    assert Health().status(set()) == ("ok", 200)


@pytest.mark.parametrize("part", [Broker, Worker, OldestMark])
def test_part_that_needs_a_person_stops_no_pages(part):
    assert Ready().status({part.name}) == ("not ready", 503)
    assert Health().status({part.name}) == ("degraded", 200)


def test_pages_cannot_be_served_without_the_database():
    assert Ready().status({"database"}) == ("not ready", 503)
    assert Health().status({"database"}) == ("down", 503)


def test_each_part_says_its_word_and_its_seconds():
    results = [
        HealthCheckResult(Database(), None, 0.0),
        HealthCheckResult(Worker(seconds=61.04), ServiceUnavailable("silent"), 0.0),
        HealthCheckResult(OldestMark(), ServiceUnavailable("unknown"), 0.0),
    ]
    assert told(results) == {
        "database": "ok",
        "worker": "silent",
        "dashboards": "unknown",
        "last_sweep_seconds": 61.0,
        "oldest_change_waiting_seconds": None,
    }
