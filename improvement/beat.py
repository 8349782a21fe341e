"""Celery's beat, when the machine's clock is set back."""

from typing import Any

from celery.beat import PersistentScheduler


class SteadyScheduler(PersistentScheduler):
    """Does not wait until the time comes again at which it thinks that it ran last: sweeps would stop for the hour by
    which a clock was put right."""

    def tick(self, *args: Any, **kwargs: Any) -> float:
        for entry in self.schedule.values():
            now = entry.default_now()
            if entry.last_run_at and entry.last_run_at > now:
                entry.last_run_at = now
                self._heap = None
        return super().tick(*args, **kwargs)
