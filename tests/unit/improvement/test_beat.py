"""Beat goes on when its machine's clock is set back."""

from datetime import timedelta

import pytest
from celery.beat import Scheduler
from celery.schedules import schedule

from improvement.beat import SteadyScheduler
from improvement.celery import app


class Unstored(SteadyScheduler):
    """Without its file and without a broker; what it would send is noted."""

    schedule = None
    producer = None

    def __init__(self):
        Scheduler.__init__(self, app, lazy=True)
        self.schedule, self.sent = {}, []

    def sync(self):
        """There is no file."""

    def apply_async(self, entry, producer=None, advance=True, **kwargs):
        self.sent.append(entry.name)


@pytest.fixture
def beat():
    scheduler = Unstored()
    every = schedule(timedelta(seconds=3), app=app)
    scheduler.schedule["sweep"] = scheduler.Entry(name="sweep", schedule=every, task="snapshots.tasks.sweep", app=app)
    return scheduler


def test_a_clock_set_back_by_an_hour_costs_one_interval(beat):
    entry = beat.schedule["sweep"]
    entry.last_run_at = entry.default_now() + timedelta(hours=1)
    assert beat.tick() == pytest.approx(3, abs=1)
    entry.last_run_at -= timedelta(seconds=4)
    beat._heap = None
    beat.tick()
    assert beat.sent == ["sweep"]
