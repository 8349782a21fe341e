"""What a worker of a benchmark loads besides: a task that does nothing, and clocks around computing and storing."""

import os
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import redis
from celery import shared_task
from django.conf import settings

from snapshots import recompute, registry

DONE = "bench:done"
clock = redis.Redis.from_url(settings.REDIS_URL)
computing: list[float] = []


@shared_task
def empty() -> None:
    """Its round trip is what Celery and the broker cost by themselves."""
    clock.rpush(DONE, "")


def timed(compute: Callable[[int], Any]) -> Callable[[int], Any]:
    def measured(scope_id: int) -> Any:
        began = time.perf_counter()
        body = compute(scope_id)
        computing.append(time.perf_counter() - began)
        return body

    return measured


def time_the_computing() -> None:
    """Of value streams: the dashboard that a reading leads to."""
    kind = registry.registered("value_stream")
    assert kind is not None
    registry.unregister(kind.name)
    registry.register(replace(kind, compute=timed(kind.compute)))


def tell_when_stored() -> None:
    """Whoever waits hears of it when the transaction has ended, and need not ask the database again and again."""
    store = recompute._store

    def told(registration: registry.Kind, scope_id: int) -> recompute.Outcome:
        outcome = store(registration, scope_id)
        if registration.name == "value_stream" and computing:
            clock.rpush(DONE, computing.pop())
        return outcome

    recompute._store = told


if os.environ.get("BENCH_WORKER"):
    time_the_computing()
    tell_when_stored()
