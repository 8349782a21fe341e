"""On commit, a changed scope wakes the worker: the first change at once, later ones of the same scope together.

Nobody who saves waits for the broker: the messages leave from a thread of their own. What it cannot send, because the
broker is gone or this process ends, is found by the sweep (docs/adr/0003).
"""

import atexit
import logging
import os
import threading
import time
from collections.abc import Callable
from typing import Any

from django.db import DatabaseError, transaction
from django_guid.context import guid

from snapshots.registry import Scope

logger = logging.getLogger(__name__)


def send(scope: Scope) -> None:
    """One message. Raises what Celery raises when the broker does not answer."""
    from snapshots.tasks import recompute

    recompute.delay(*scope)


class Waker:
    """Sends at most one message per scope and `pause` seconds; after a failure it tries again every `retry` seconds."""

    def __init__(self, send: Callable[[Scope], None], *, pause: float = 1.0, retry: float = 3.0) -> None:
        self._send = send
        self._pause = pause
        self._retry = retry
        self._due: dict[Scope, float] = {}
        self._sent: dict[Scope, float] = {}
        # The request that a message is sent for: the first of those that it serves.
        self._for: dict[Scope, str | None] = {}
        self._start_afresh()

    def _start_afresh(self) -> None:
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None
        self._sending = False
        self._broken_until = 0.0

    def after_fork(self) -> None:
        """A child process inherits neither the thread nor what was waiting: the parent sends that."""
        self._due.clear()
        self._for.clear()
        self._start_afresh()

    def wake(self, scope: Scope) -> None:
        """Have a message sent soon; returns at once, whatever the broker does."""
        with self._changed:
            if scope in self._due:
                return
            now = time.monotonic()
            self._for[scope] = guid.get()
            self._due[scope] = max(now, self._sent.get(scope, -self._pause) + self._pause)
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._run, name="snapshots-waker", daemon=True)
                self._thread.start()
            self._changed.notify_all()

    def drain(self, timeout: float) -> bool:
        """Send everything that waits without a pause; whether that was done within the time, in seconds."""
        with self._changed:
            if self._broken_until:
                return False
            self._due = dict.fromkeys(self._due, 0.0)
            self._changed.notify_all()
            return self._changed.wait_for(lambda: not self._due and not self._sending, timeout)

    def _run(self) -> None:
        while True:
            scope, request_id = self._next()
            guid.set(request_id)
            try:
                self._send(scope)
            except Exception as error:
                self._failed(scope, request_id, error)
            else:
                self._succeeded(scope)

    def _next(self) -> tuple[Scope, str | None]:
        """Wait for the scope that is due first; it, and the number of the request that asked."""
        with self._changed:
            while True:
                now = time.monotonic()
                self._sent = {scope: at for scope, at in self._sent.items() if now < at + self._pause}
                scope = min(self._due, key=self._due.__getitem__, default=None)
                if scope is None:
                    self._changed.wait()
                elif (wait := max(self._due[scope], self._broken_until) - now) > 0:
                    self._changed.wait(wait)
                else:
                    # From here on a change asks for a message of its own.
                    del self._due[scope]
                    self._sent[scope] = now
                    self._sending = True
                    return scope, self._for.pop(scope)

    def _failed(self, scope: Scope, request_id: str | None, error: Exception) -> None:
        with self._changed:
            if not self._broken_until:
                logger.warning("The broker does not answer (%r): dashboards are brought up to date later.", error)
            self._sending = False
            self._broken_until = time.monotonic() + self._retry
            if scope not in self._due:
                self._due[scope], self._for[scope] = self._broken_until, request_id

    def _succeeded(self, scope: Scope) -> None:
        with self._changed:
            if self._broken_until:
                logger.warning("The broker answers again.")
            self._broken_until = 0.0
            self._sending = False
            self._changed.notify_all()


waker = Waker(send)
os.register_at_fork(after_in_child=waker.after_fork)
# A management command that saves and ends still gets its messages out.
atexit.register(waker.drain, 1.0)


def wake_on_commit(*, kind: str, scope_id: int, **_sent_with: Any) -> None:
    """Receiver of `facts_changed`."""
    transaction.on_commit(lambda: waker.wake((kind, scope_id)), robust=True)


def mark_outdated_at_start(**signal: Any) -> None:
    """A worker of a new release marks what older rules computed; the sweep does the rest.

    A database that is away must not keep the worker from starting: `manage.py recompute` does the same later.
    """
    from snapshots.sweeping import mark_outdated

    try:
        mark_outdated()
    except DatabaseError:
        logger.exception("Dashboards of older rules were not marked.")
