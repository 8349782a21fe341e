"""What a burst of saves costs, against an empty Celery round trip on the same machine. Ratios travel; seconds do not.

Prints: recomputations for 1,000 saves in a burst; the time until the dashboard shows the last of them, and of a single
save, as multiples of an empty round trip. PostgreSQL runs as in tests, without waiting for the disk.
"""

import os
import statistics
import sys
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ["DJANGO_SETTINGS_MODULE"] = "improvement.settings.test"

SAVES = 1000


def round_trip() -> float:
    """Seconds from sending a task that does nothing until the worker has said that it began and ended it."""
    import redis
    from django.conf import settings

    from snapshots.tasks import recompute

    client = redis.Redis.from_url(settings.REDIS_URL)
    began = time.perf_counter()
    # A kind that no room computes: the task returns at once, and its acknowledgement empties "unacked".
    recompute.delay("nothing", 0)
    while client.llen("recompute") or client.hlen("unacked"):
        time.sleep(0.0005)
    return time.perf_counter() - began


def until_shown(reading: Any, value: int) -> float:
    from tests.faults import shown

    began = time.perf_counter()
    while shown(reading) != value:
        time.sleep(0.002)
    return time.perf_counter() - began


def measure() -> None:
    from snapshots.freshness import freshness
    from tests.factories.rpiws import MeasureFactory, ReadingFactory, RpiwFactory
    from tests.factories.trusts import ValueStreamFactory
    from tests.faults import save

    stream: Any = ValueStreamFactory()
    reading: Any = None
    for _ in range(10):
        rpiw = RpiwFactory(value_stream=stream, following_up=True)
        for _ in range(8):
            reading = ReadingFactory(measure=MeasureFactory(rpiw=rpiw))
            ReadingFactory(measure=reading.measure, checkpoint="day_30")
    save(reading, 1)
    until_shown(reading, 1)
    for _ in range(20):
        round_trip()
    empty = statistics.median(round_trip() for _ in range(50))

    singles = []
    for value in range(2, 12):
        time.sleep(1.2)  # so that each is the first for a while, and sent at once
        save(reading, value)
        singles.append(until_shown(reading, value))
    time.sleep(2)
    before = freshness("value_stream", stream.pk).version
    began = time.perf_counter()
    waits = [save(reading, value) for value in range(1000, 1000 + SAVES)]
    saving = time.perf_counter() - began
    after = until_shown(reading, 999 + SAVES)
    recomputations = freshness("value_stream", stream.pk).version - before

    print("a value stream of 10 RPIWs, 80 measures, 160 readings")
    print(f"empty round trip through broker and worker          1   ({empty * 1000:.1f} ms here)")
    print(f"one save until its dashboard shows it            {statistics.median(singles) / empty:6.1f}")
    print(f"{SAVES} saves in a burst, until the last is shown  {(saving + after) / empty:6.1f}")
    print(f"  of which after the last save                   {after / empty:6.1f}")
    print(f"  recomputations for {SAVES} saves                {recomputations:4d}")
    print(f"  recomputations a second while saving           {recomputations / (saving + after):6.1f}")
    print(f"  slowest save of {SAVES}                         {max(waits) / empty:6.1f}")


def main() -> int:
    from tests.processes import WorkerProcess
    from tests.servers import TestServers

    servers = TestServers()
    try:
        servers.start()
        import django

        django.setup()
        worker = WorkerProcess(concurrency=2)
        worker.start()
        try:
            measure()
        finally:
            worker.stop()
    finally:
        from django.db import connections

        connections.close_all()
        servers.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
