"""What Celery runs: one function called. It may run twice, late, or not at all."""

from celery import shared_task
from django.utils import timezone

from dashboards.summaries import drafting


@shared_task(time_limit=240)
def draft_summaries() -> None:
    drafting.draft_month(timezone.localdate())
