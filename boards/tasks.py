"""What Celery runs of this room. It may run twice, late, or not at all."""

from celery import shared_task
from django.utils import timezone

from boards.actions.meetings import plan_ahead
from boards.models import Series


@shared_task
def plan_meetings() -> None:
    """Keep a year of meetings ahead in every calendar."""
    today = timezone.localdate()
    for series in Series.objects.running(today).select_related("board"):
        plan_ahead(series, today=today)
