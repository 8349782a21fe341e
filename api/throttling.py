"""So many requests a minute for each client, counted by each web process for itself (docs/adr/0008)."""

import threading
import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

MINUTE = 60.0


class Counter:
    """Fixed windows of a minute; it forgets everybody when a new one begins."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._began = clock()
        self._counts: dict[int, int] = {}

    def count(self, who: int) -> int:
        """How often `who` came in this minute, this time included."""
        with self._lock:
            if self._clock() - self._began >= MINUTE:
                self._began, self._counts = self._clock(), {}
            self._counts[who] = self._counts.get(who, 0) + 1
            return self._counts[who]

    def left(self) -> float:
        """Seconds until the next minute begins."""
        return max(self._began + MINUTE - self._clock(), 0.0)


counter = Counter()


class ClientThrottle(BaseThrottle):
    def allow_request(self, request: Request, view: Any) -> bool:
        token: Any = request.auth
        return token is None or counter.count(token.client_id) <= settings.API_REQUESTS_A_MINUTE

    def wait(self) -> float:
        return counter.left()
