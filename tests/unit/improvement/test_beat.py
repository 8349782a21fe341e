"""Beat goes on when its machine's clock is set back."""

from datetime import timedelta

import pytest
from celery.beat import Scheduler

from improvement.beat import SteadyScheduler
from improvement.celery import app


class Unstored(SteadyScheduler):
    """Without its file; what it would send is noted."""

    def setup_schedule(self):
        self.data = {}
        Scheduler.setup_schedule(self)

    def apply_async(self, entry, producer=None, advance=True, **kwargs):
        self.sent = [*getattr(self, "sent", []), entry.name]

    sync = get_schedule = None


@pytest.fixture
def beat(monkeypatch):
    monkeypatch.setattr(Unstored, "sync", lambda self: None)
    monkeypatch.setattr(Unstored, "schedule", property(lambda self: self.data))
    scheduler = Unstored(app, lazy=True)
    scheduler.data = {}
    scheduler.add(name="sweep", schedule=timedelta(seconds=3), task="snapshots.tasks.sweep")
    return scheduler


def test_a_clock_set_back_by_an_hour_costs_one_interval(beat):
    entry = beat.data["sweep"]
    entry.last_run_at = entry.default_now() + timedelta(hours=1)
    assert beat.tick() == pytest.approx(3, abs=1)
    entry.last_run_at -= timedelta(seconds=4)
    beat._heap = None
    beat.tick()
    assert beat.sent == ["sweep"]
