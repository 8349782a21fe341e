"""Minutes of faults under load: whatever dies, every accepted reading ends on its dashboard."""

import random
import threading
import time

import pytest
from django.db import connections

from snapshots.freshness import freshness, oldest_mark_age
from snapshots.models import Trouble
from tests.factories.rpiws import ReadingFactory
from tests.faults import save, shown
from tests.processes import WorkerProcess, wait_until

pytestmark = [pytest.mark.soak, pytest.mark.django_db(transaction=True), pytest.mark.timeout(600)]


class Savers:
    """People who go on saving in threads of their own, each at a reading of another value stream."""

    def __init__(self, readings):
        self.readings = readings
        self.accepted = {reading.pk: 0 for reading in readings}
        self.waits = []
        self.errors = []
        self.stopped = threading.Event()
        self.threads = [threading.Thread(target=self._go_on, args=(reading,)) for reading in readings]

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_error):
        self.stopped.set()
        for thread in self.threads:
            thread.join(30)

    def _go_on(self, reading):
        try:
            value = 0
            while not self.stopped.wait(0.05):
                value += 1
                self.waits.append(save(reading, value))
                self.accepted[reading.pk] = value
        except Exception as error:
            self.errors.append(error)
        finally:
            connections.close_all()

    def all_shown(self):
        return all(shown(reading) == self.accepted[reading.pk] for reading in self.readings)


@pytest.fixture
def readings():
    return ReadingFactory.create_batch(3)


def check(savers, worker, *, seconds):
    wait_until(savers.all_shown, seconds=seconds, why=worker.log)
    wait_until(lambda: oldest_mark_age() == 0, seconds=30, why=worker.log)
    assert savers.errors == []
    assert min(savers.accepted.values()) > 50
    assert sorted(savers.waits)[int(len(savers.waits) * 0.99)] < 0.5
    assert not Trouble.objects.exists()


def test_broker_killed_again_and_again(readings, own_broker, worker, beat):
    dice = random.Random(7)
    with Savers(readings) as savers:
        for _ in range(5):
            time.sleep(dice.uniform(1, 5))
            own_broker.kill()
            time.sleep(dice.uniform(2, 10))
            own_broker.start()
    check(savers, worker, seconds=90)


def test_broker_dead_for_half_a_minute(readings, own_broker, worker, beat):
    with Savers(readings) as savers:
        time.sleep(2)
        own_broker.kill()
        time.sleep(30)
        assert oldest_mark_age() > 20
        own_broker.start()
    check(savers, worker, seconds=90)


def test_broker_frozen_for_half_a_minute(readings, own_broker, worker, beat):
    with Savers(readings) as savers:
        time.sleep(2)
        own_broker.freeze()
        time.sleep(30)
        own_broker.thaw()
    check(savers, worker, seconds=90)


def test_workers_killed_every_few_seconds(readings, own_broker, beat):
    worker = WorkerProcess(concurrency=2)
    worker.start()
    try:
        with Savers(readings) as savers:
            for _ in range(8):
                time.sleep(2)
                worker.kill()
                worker.stop()
                worker = WorkerProcess(concurrency=2)
                worker.start()
        check(savers, worker, seconds=120)
    finally:
        worker.stop()


def test_beat_dead_for_the_whole_time(readings, own_broker, worker):
    """The messages alone keep dashboards fresh as long as the broker lives."""
    with Savers(readings) as savers:
        time.sleep(20)
        stale = [freshness("value_stream", one.measure.rpiw.value_stream_id) for one in readings]
        assert all(one.version > 5 for one in stale)
    check(savers, worker, seconds=15)
