"""A broker of a test's own, to be killed and frozen, and beat. Fixtures for conftest.py files to import."""

import os
import signal
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import transaction

from improvement.celery import app
from improvement.services.broker import Broker
from improvement.services.ports import Memory
from rpiws.models import Reading
from snapshots import hooks, recompute
from snapshots.freshness import freshness, latest
from snapshots.signals import facts_changed
from tests.processes import PROGRAMS, Process, WorkerProcess


class BeatProcess(Process):
    """Celery beat: the sweep every few seconds."""

    def __init__(self, **environment: str) -> None:
        super().__init__(**environment)
        self.schedule = tempfile.TemporaryDirectory()
        self.command = [str(PROGRAMS / "celery"), "-A", "improvement", "beat", "-l", "info"]
        self.command += ["-s", str(Path(self.schedule.name) / "schedule"), "--pidfile="]

    def ready(self) -> bool:
        return "beat: Starting" in self.log()

    def stop(self) -> None:
        super().stop()
        self.schedule.cleanup()


class FaultyBroker(Broker):
    """A real broker over a folder that survives it."""

    def freeze(self) -> None:
        """It accepts connections and never answers: worse than a dead one."""
        assert self.process is not None
        self.process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        assert self.process is not None
        self.process.send_signal(signal.SIGCONT)

    def kill(self) -> None:
        assert self.process is not None
        self.process.kill()
        self.process.wait(10)


@pytest.fixture
def own_broker(transactional_db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FaultyBroker]:
    """A broker for this test alone; this process, and workers that are started from now on, use it."""
    broker = FaultyBroker(tmp_path / "valkey", Memory(tmp_path / "servers.json"), log=tmp_path / "valkey.log")
    broker.start()
    usual = app.conf.broker_url
    monkeypatch.setitem(os.environ, "REDIS_URL", broker.url)
    fresh = hooks.Waker(hooks.send)
    monkeypatch.setattr(hooks, "waker", fresh)
    monkeypatch.setattr(recompute, "waker", fresh)
    lead_to(broker.url)
    yield broker
    lead_to(usual)
    broker.thaw()
    broker.stop()


def lead_to(url: str) -> None:
    """Have this process send to another broker, over new connections."""
    app.conf.update(broker_url=url)
    app._after_fork()  # type: ignore[attr-defined]


@pytest.fixture
def worker(own_broker: FaultyBroker) -> Iterator[WorkerProcess]:
    """A worker at the test's own broker."""
    process = WorkerProcess(concurrency=2)
    process.start()
    yield process
    process.stop()


@pytest.fixture
def beat(own_broker: FaultyBroker) -> Iterator[BeatProcess]:
    process = BeatProcess()
    process.start()
    yield process
    process.stop()


def save(reading: Reading, value: int) -> float:
    """Save a reading as an action does, and say how many seconds the person waited."""
    began = time.monotonic()
    with transaction.atomic():
        Reading.objects.filter(pk=reading.pk).update(value=value)
        scope_id = reading.measure.rpiw.value_stream_id
        facts_changed.send(sender=Reading, kind="value_stream", scope_id=scope_id)
    return time.monotonic() - began


def is_fresh(value_stream_id: int) -> bool:
    seen = freshness("value_stream", value_stream_id)
    return seen.version > 0 and not seen.updating


def shown(baseline: Reading) -> float | None:
    """The value of a baseline as the stored dashboard of its value stream shows it."""
    stored = latest("value_stream", baseline.measure.rpiw.value_stream_id)
    if stored is None:
        return None
    (row,) = [measure["baseline"] for measure in stored.body["measures"] if measure["id"] == baseline.measure_id]
    return float(row["value"]) if row else None
