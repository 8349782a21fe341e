"""The thread that tells Celery: whoever saves never waits for it."""

import threading
import time
from collections.abc import Iterator

import pytest

from snapshots.hooks import Waker
from tests.processes import wait_until

ONE, OTHER = ("stream", 1), ("stream", 2)


class Broker:
    """Remembers what was sent and when; `down` refuses, `frozen` keeps the sender waiting."""

    def __init__(self) -> None:
        self.sent: list[tuple[tuple[str, int], float]] = []
        self.down = False
        self.tried = 0
        self.thawed = threading.Event()
        self.thawed.set()

    def __call__(self, scope: tuple[str, int]) -> None:
        self.tried += 1
        self.thawed.wait(10)
        if self.down:
            raise ConnectionError("refused")
        self.sent.append((scope, time.monotonic()))

    @property
    def scopes(self) -> list[tuple[str, int]]:
        return [scope for scope, _ in self.sent]


@pytest.fixture
def broker() -> Iterator[Broker]:
    broker = Broker()
    yield broker
    broker.thawed.set()


def test_first_change_is_sent_at_once(broker):
    waker = Waker(broker, pause=5)
    began = time.monotonic()
    waker.wake(ONE)
    wait_until(lambda: broker.sent)
    assert broker.sent[0][1] - began < 0.5


def test_later_changes_of_a_scope_are_sent_together_after_the_pause(broker):
    waker = Waker(broker, pause=0.4)
    for _ in range(1000):
        waker.wake(ONE)
        time.sleep(0.0001)
    wait_until(lambda: len(broker.sent) >= 2)
    assert broker.sent[1][1] - broker.sent[0][1] >= 0.4
    time.sleep(0.6)
    assert len(broker.sent) <= 3


def test_the_last_change_of_a_burst_is_followed_by_a_message(broker):
    waker = Waker(broker, pause=0.2)
    waker.wake(ONE)
    wait_until(lambda: broker.sent)
    last = time.monotonic()
    waker.wake(ONE)
    wait_until(lambda: len(broker.sent) == 2)
    assert broker.sent[1][1] >= last


def test_another_scope_does_not_wait_for_the_pause_of_the_first(broker):
    waker = Waker(broker, pause=5)
    waker.wake(ONE)
    waker.wake(OTHER)
    wait_until(lambda: len(broker.sent) == 2, seconds=2)
    assert set(broker.scopes) == {ONE, OTHER}


def test_nobody_waits_for_a_frozen_broker(broker):
    broker.thawed.clear()
    waker = Waker(broker)
    began = time.monotonic()
    for scope_id in range(500):
        waker.wake(("stream", scope_id))
    assert time.monotonic() - began < 0.5
    assert not broker.sent


def test_a_dead_broker_raises_nothing_and_is_asked_again_seldom(broker):
    broker.down = True
    waker = Waker(broker, retry=0.2)
    for scope_id in range(100):
        waker.wake(("stream", scope_id))
    time.sleep(0.7)
    assert 2 <= broker.tried <= 5


def test_everything_is_sent_when_the_broker_is_back(broker):
    broker.down = True
    waker = Waker(broker, pause=0.1, retry=0.1)
    waker.wake(ONE)
    waker.wake(OTHER)
    time.sleep(0.3)
    broker.down = False
    wait_until(lambda: set(broker.scopes) == {ONE, OTHER}, seconds=3)


def test_drain_sends_what_waits_for_the_pause(broker):
    waker = Waker(broker, pause=60)
    waker.wake(ONE)
    wait_until(lambda: broker.sent)
    waker.wake(ONE)
    assert waker.drain(2)
    assert broker.scopes == [ONE, ONE]


def test_drain_does_not_wait_for_a_dead_broker(broker):
    broker.down = True
    waker = Waker(broker, retry=60)
    waker.wake(ONE)
    wait_until(lambda: broker.tried)
    time.sleep(0.05)
    began = time.monotonic()
    assert not waker.drain(2)
    assert time.monotonic() - began < 0.5


def test_a_forked_child_sends_its_own_changes_and_not_its_parents(broker):
    broker.thawed.clear()
    waker = Waker(broker, pause=0.1)
    waker.wake(ONE)
    wait_until(lambda: broker.tried)
    waker.wake(OTHER)
    waker.after_fork()
    broker.thawed.set()
    waker.wake(("stream", 3))
    wait_until(lambda: ("stream", 3) in broker.scopes)
    assert OTHER not in broker.scopes
