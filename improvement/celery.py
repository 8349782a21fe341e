"""The Celery application. Its settings stand in improvement/settings/messages.py."""

import os
from typing import Any

import redis
from celery import Celery, Task
from celery.app.amqp import AMQP
from celery.fixups import django as fixups
from celery.signals import beat_init, celeryd_init
from django.db import close_old_connections
from kombu import Connection
from kombu.transport.redis import Channel, Transport

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "improvement.settings.development")


class LostChannel(Channel):
    """A channel that says so when its connection is gone.

    kombu 5.7 raises AttributeError there, which ends the whole worker when the broker dies while a message is not yet
    acknowledged; from a connection error it recovers (docs/adr/0003).
    """

    def _connparams(self, asynchronous: bool = False) -> dict[str, Any]:
        if self.connection is None or self.connection.client is None:
            raise redis.ConnectionError("The connection to the broker was lost.")
        return super()._connparams(asynchronous=asynchronous)  # type: ignore[misc]


Transport.Channel = LostChannel


class PromptConnection(Connection):
    """Looks every few seconds whether the broker is back. kombu's own waits grow to half a minute, by which dashboards
    would be late after a long night without a broker."""

    def ensure_connection(self, *args: Any, **kwargs: Any) -> Any:
        return super().ensure_connection(*args, **{"interval_start": 1, "interval_step": 1, "interval_max": 3} | kwargs)


class Messages(AMQP):
    Connection = PromptConnection


def keep_connections(_fixup: Any, **_sent_with: Any) -> None:
    """Before and after a task, do with database connections what Django does around a request.

    Celery 5.7 closes them each time, whatever CONN_MAX_AGE says: a new connection cost more than all else that a
    recomputation does besides computing (docs/performance.md). A broken one is noticed by CONN_HEALTH_CHECKS. What a
    child process inherits is closed by another method, still.
    """
    close_old_connections()


fixups.DjangoWorkerFixup.close_database = keep_connections  # type: ignore[attr-defined]


class NumberedTask(Task):
    """A task whose failures are told under the number of the request that led to it."""

    Request = "improvement.worker_requests:Numbered"


app = Celery("improvement", task_cls=NumberedTask, amqp=Messages)
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

# Seconds. Nobody waits for a worker's answer, and a busy broker must not make it reconnect.
PATIENCE = 5


@celeryd_init.connect
@beat_init.connect
def be_patient(**_sent_with: Any) -> None:
    """Workers and beat give the broker more time than a process that serves pages."""
    app.conf.broker_transport_options = {**app.conf.broker_transport_options, "socket_timeout": PATIENCE}
