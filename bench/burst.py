"""What a burst of saves costs: recomputations for 1,000 readings of one value stream, saved one after the other."""

import sys
import time

from bench.ground import run, say, worker

SAVES = 1000
AIM = 40


def measure() -> None:
    from bench.ground.streams import value_stream
    from snapshots.freshness import freshness
    from snapshots.sweeping import catch_up
    from tests.faults import is_fresh, save

    reading = value_stream(rpiws=10)
    catch_up()
    scope_id = reading.measure.rpiw.value_stream_id
    with worker():
        before = freshness("value_stream", scope_id).version
        began = time.perf_counter()
        waits = [save(reading, value) for value in range(1, SAVES + 1)]
        saving = time.perf_counter() - began
        while not is_fresh(scope_id):
            time.sleep(0.02)
        shown_after = time.perf_counter() - began - saving
        time.sleep(2)
        recomputations = freshness("value_stream", scope_id).version - before
    say(f"recomputations for {SAVES} readings", recomputations, aim=f"< {AIM}", met=recomputations < AIM, places=0)
    say("seconds here from the last save until it is shown", shown_after)
    say("the slowest of the saves, in mean saves", max(waits) / (saving / SAVES), places=1)


if __name__ == "__main__":
    sys.exit(run(measure))
