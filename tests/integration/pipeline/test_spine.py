"""From a saved reading to the stored dashboard, through a real broker and a real worker, and what may befall them."""

import time

import pytest
from django.db import connection

from snapshots.freshness import freshness, latest, oldest_mark_age
from snapshots.models import ChangeMark, Trouble
from snapshots.sweeping import sweep
from tests.factories.rpiws import ReadingFactory
from tests.faults import is_fresh, save, shown
from tests.processes import WorkerProcess, wait_until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(120)]


@pytest.fixture
def reading():
    return ReadingFactory()


@pytest.fixture
def stream_id(reading):
    return reading.measure.rpiw.value_stream_id


def test_a_saved_reading_is_shown_and_rolled_up_without_the_sweep(reading, stream_id, own_broker, worker):
    trust = reading.measure.rpiw.value_stream.trust
    waited = save(reading, 41)
    began = time.monotonic()
    wait_until(lambda: shown(reading) == 41, seconds=5, why=worker.log)
    assert time.monotonic() - began < 3
    assert waited < 0.5
    wait_until(lambda: freshness("partnership", trust.partnership_id).version > 0, seconds=5, why=worker.log)
    assert latest("trust", trust.pk) is not None
    wait_until(lambda: not ChangeMark.objects.exists(), seconds=5, why=worker.log)


def test_a_burst_costs_a_few_recomputations(reading, stream_id, own_broker, worker):
    for value in range(300):
        save(reading, value + 1)
    wait_until(lambda: shown(reading) == 300, seconds=10, why=worker.log)
    assert freshness("value_stream", stream_id).version <= 30


def test_the_sweep_finds_what_nobody_announced(reading, stream_id, own_broker, worker, beat):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE rpiws_reading SET value = 17 WHERE id = %s", [reading.pk])
    wait_until(lambda: shown(reading) == 17, seconds=12, why=worker.log)


def test_saves_go_on_while_the_broker_is_dead_and_nothing_is_lost(reading, stream_id, own_broker, worker, beat):
    save(reading, 1)
    wait_until(lambda: shown(reading) == 1, why=worker.log)
    own_broker.kill()
    waits = [save(reading, value) for value in range(2, 52)]
    assert max(waits) < 0.5
    assert freshness("value_stream", stream_id).updating
    assert shown(reading) == 1
    assert oldest_mark_age() > 0
    own_broker.start()
    wait_until(lambda: shown(reading) == 51, seconds=40, why=worker.log)
    wait_until(lambda: oldest_mark_age() == 0, seconds=15, why=worker.log)


def test_nobody_waits_for_a_frozen_broker_and_it_catches_up_by_itself(reading, stream_id, own_broker, worker):
    save(reading, 1)
    wait_until(lambda: shown(reading) == 1, why=worker.log)
    own_broker.freeze()
    waits = [save(reading, value) for value in range(2, 32)]
    assert max(waits) < 0.5
    time.sleep(1.5)
    assert save(reading, 99) < 0.5
    own_broker.thaw()
    wait_until(lambda: shown(reading) == 99, seconds=40, why=worker.log)


def test_a_worker_killed_while_computing_leaves_the_marks_to_the_next(
    reading, stream_id, own_broker, worker, owner_connection
):
    with owner_connection.cursor() as cursor:
        cursor.execute("BEGIN; LOCK TABLE rpiws_reading IN ACCESS EXCLUSIVE MODE")
        # The value stream's row is changed, since nobody can write a reading now.
        stream = reading.measure.rpiw.value_stream
        stream.name = "Renamed"
        stream.save()
        sweep()
        wait_until(computing, why=worker.log)
        worker.kill()
        cursor.execute("ROLLBACK")
    wait_until(lambda: not computing())
    assert ChangeMark.objects.filter(kind="value_stream", scope_id=stream_id).exists()
    assert Trouble.objects.get(kind="value_stream").attempts == 1
    second = WorkerProcess(concurrency=1)
    second.start()
    try:
        wait_until(lambda: sweep() == 0 and is_fresh(stream_id), seconds=20, why=second.log)
    finally:
        second.stop()
    assert latest("value_stream", stream_id).body["value_stream"]["name"] == "Renamed"
    assert not Trouble.objects.exists()


def computing():
    """Whether a worker waits for the locked table."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        return cursor.fetchone()[0]
