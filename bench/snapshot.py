"""How long a committed reading takes until its snapshot is stored, against an empty Celery task's round trip.

All but the computing itself, which is timed inside the task: the wake-up, the broker, the worker, the attempt that is
counted, the lock, the marks, storing the body. What a person waits for is that and the computing, so both are said.
"""

import statistics
import sys
import time
from typing import Any

from bench.ground import run, say, worker

ROUNDS = 30
AIM = 3.0


def round_trip() -> float:
    """Seconds from sending a task that does nothing until it has answered through the broker."""
    from bench.ground.timed import DONE, clock, empty

    clock.delete(DONE)
    began = time.perf_counter()
    empty.apply_async(queue="recompute")
    clock.blpop(DONE, timeout=20)
    return time.perf_counter() - began


def value_stream() -> Any:
    """A value stream of 10 RPIWs, 80 measures and 160 readings; one of its readings."""
    from tests.factories.rpiws import MeasureFactory, ReadingFactory, RpiwFactory
    from tests.factories.trusts import ValueStreamFactory

    stream: Any = ValueStreamFactory()
    reading: Any = None
    for _ in range(10):
        rpiw = RpiwFactory(value_stream=stream, following_up=True)
        for _ in range(8):
            reading = ReadingFactory(measure=MeasureFactory(rpiw=rpiw))
            ReadingFactory(measure=reading.measure, checkpoint="day_30")
    return reading


def one_save(reading: Any, value: int) -> tuple[float, float]:
    """Seconds from the commit until the snapshot is stored, and of them those of the computing."""
    from bench.ground.timed import DONE, clock
    from tests.faults import save

    clock.delete(DONE)
    save(reading, value)
    began = time.perf_counter()
    told = clock.blpop(DONE, timeout=20)
    took = time.perf_counter() - began
    assert told is not None, "no snapshot was stored"
    return took, float(told[1])


def measure() -> None:
    with worker():
        reading = value_stream()
        one_save(reading, 1)
        trips, rests, computing = [], [], []
        for n in range(ROUNDS):
            time.sleep(1.1)  # so that each is the first for a while, and its message leaves at once
            # By turns, so that whatever else the machine does falls on both.
            trips.append(round_trip())
            took, of_it = one_save(reading, 2 + n)
            if n >= 5:
                rests.append(took - of_it)
                computing.append(of_it)
    empty = statistics.median(trips[5:])
    ratio = statistics.median(rests) / empty
    say("an empty task's round trip, in milliseconds here", empty * 1000)
    say("a committed reading to its snapshot, but for the computing, in trips", ratio, aim="< 3", met=ratio < AIM)
    say("the computing itself, 160 readings, in trips", statistics.median(computing) / empty)


if __name__ == "__main__":
    sys.exit(run(measure))
