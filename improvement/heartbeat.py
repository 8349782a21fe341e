"""When a worker last did a sweep: it shows that beat, broker and worker work together, and asking costs one read.

Kept in the broker. A question to the workers themselves would hang just when they do (Celery's inspect).
"""

import logging
from typing import Any

import redis
from django.conf import settings

logger = logging.getLogger(__name__)

KEY = "improvement:last-sweep"
BEATS = "snapshots.tasks.sweep"


def client() -> redis.Redis:
    return redis.Redis.from_url(settings.REDIS_URL, socket_connect_timeout=1, socket_timeout=1)


def note(*, sender: Any = None, **_sent_with: Any) -> None:
    """Receiver of Celery's `task_postrun`."""
    if sender is None or sender.name != BEATS:
        return
    broker = client()
    try:
        broker.set(KEY, now(broker))
    except redis.RedisError as error:
        logger.warning("The broker did not take the worker's heartbeat (%s).", type(error).__name__)
    finally:
        broker.close()


def seconds_since(broker: redis.Redis) -> float | None:
    """Seconds since the last sweep; None when there was none. Raises what redis raises."""
    noted: Any = broker.get(KEY)
    return max(0.0, now(broker) - float(noted)) if noted else None


def now(broker: redis.Redis) -> float:
    """Seconds by the broker's clock: the worker that notes and the process that asks may disagree about the time."""
    told: Any = broker.time()
    seconds, microseconds = told
    return seconds + microseconds / 1_000_000
