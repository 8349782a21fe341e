"""What workers have done, counted in the broker: worker processes come and go, and nobody can ask them by HTTP.

Counts are lost while the broker is away; what they count is not.
"""

import logging
from collections.abc import Mapping
from contextlib import closing
from typing import Any

import redis

from improvement import heartbeat
from snapshots.recompute import Outcome

logger = logging.getLogger(__name__)

KEY = "improvement:tally"
SECONDS = "recomputation-seconds"
RECOMPUTATIONS = "recomputations:"
FAILED_TASKS = "failed-tasks:"
DATABASE_ERRORS = "database-errors"


def add(counts: Mapping[str, float]) -> None:
    with closing(heartbeat.client()) as broker:
        try:
            pipe = broker.pipeline(transaction=False)
            for name, by in counts.items():
                pipe.hincrbyfloat(KEY, name, by)
            pipe.execute()
        except redis.RedisError as error:
            logger.warning("The broker did not take the worker's counts (%s).", type(error).__name__)


def read(broker: redis.Redis) -> dict[str, float]:
    """Raises what redis raises."""
    counted: Any = broker.hgetall(KEY)
    return {name.decode(): float(value) for name, value in counted.items()}


def note_recomputation(*, outcome: Outcome, seconds: float, **_sent_with: Any) -> None:
    """Receiver of `recomputed`."""
    add({RECOMPUTATIONS + outcome.result.name.lower(): 1, SECONDS: seconds})


def note_failure(*, sender: Any = None, exception: BaseException | None = None, **_sent_with: Any) -> None:
    """Receiver of Celery's `task_failure`."""
    from improvement.metrics import is_lost_connection

    counts = {FAILED_TASKS + getattr(sender, "name", "unknown"): 1.0}
    if is_lost_connection(exception):
        counts[DATABASE_ERRORS] = 1
    add(counts)
