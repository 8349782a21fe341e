"""When a visit starts and ends, so that the first page can say what changed since the last one."""

from dataclasses import dataclass
from datetime import datetime, timedelta

IDLE = timedelta(minutes=30)
"""A visit is over when no page was opened for this long."""

TICK = timedelta(minutes=5)
"""The clock is written down no more often than this."""


@dataclass(frozen=True)
class Clock:
    """`seen_at`: the last page opened, to a tick; `last_visit_at`: when the visit before this one ended."""

    seen_at: datetime | None
    visit_started_at: datetime | None
    last_visit_at: datetime | None

    def at(self, now: datetime) -> "Clock":
        """The clock after a page was opened now; the same clock when nothing needs writing."""
        if self.seen_at is None or now - self.seen_at >= IDLE:
            return Clock(seen_at=now, visit_started_at=now, last_visit_at=self.seen_at)
        if now - self.seen_at >= TICK:
            return Clock(now, self.visit_started_at, self.last_visit_at)
        return self
