"""The product's own Celery and WSGI applications, hurt in the way that the environment's WOUND names.

slow:SECONDS         every dashboard takes that long to compute
fails:KIND,ID        that dashboard's computation always fails
kills:KIND,ID        that dashboard's computation kills the process that computes it, as a lack of memory would
clock:SECONDS        this process's clock is ahead by so much (behind, when negative)
"""

import dataclasses
import os
import signal
import time
from datetime import UTC, datetime, timedelta

import time_machine

WOUND, _, MORE = os.environ.get("WOUND", "").partition(":")

if WOUND == "clock":
    time_machine.travel(datetime.now(UTC) + timedelta(seconds=int(MORE)), tick=True).start()

import django  # noqa: E402

django.setup()

from improvement.celery import app as app  # noqa: E402
from improvement.wsgi import application as application  # noqa: E402
from snapshots import registry  # noqa: E402


class Poisonous(Exception):
    """What a test's computation raises."""


def hurt(kind: registry.Kind) -> registry.Kind:
    def compute(scope_id: int):
        if WOUND == "slow":
            time.sleep(float(MORE))
        elif f"{kind.name},{scope_id}" == MORE:
            if WOUND == "kills":
                os.kill(os.getpid(), signal.SIGKILL)
            raise Poisonous("reading 41.7 of a trust")
        return kind.compute(scope_id)

    return dataclasses.replace(kind, compute=compute)


if WOUND in ("slow", "fails", "kills"):
    for name in registry.names():
        registry._kinds[name] = hurt(registry._kinds[name])
