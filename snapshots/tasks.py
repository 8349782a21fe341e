"""What Celery runs: an id in, one function called. Every one of them may run twice, late, or not at all."""

from celery import shared_task
from django.utils import timezone

from snapshots import freezing, sweeping
from snapshots.recompute import recompute as bring_up_to_date


@shared_task
def recompute(kind: str, scope_id: int) -> None:
    bring_up_to_date(kind, scope_id)


@shared_task
def sweep() -> None:
    sweeping.sweep()


# Shorter than the broker's visibility timeout, after which it would hand the message to a second worker.
@shared_task(time_limit=240)
def freeze_month_end() -> None:
    freezing.freeze_month_end(timezone.localdate())
