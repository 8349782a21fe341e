"""What Celery runs of this room. It may run twice, late, or not at all."""

from celery import shared_task
from django.utils import timezone

from boards import letters
from boards.actions.meetings import plan_ahead
from boards.models import Series


# A mail server answers more slowly than the usual limit allows for.
@shared_task(time_limit=240)
def tell_of_agenda(meeting_id: int) -> None:
    letters.tell_of_agenda(meeting_id)


@shared_task(time_limit=240)
def remind_of_actions() -> None:
    letters.remind_of_actions(on=timezone.localdate())


@shared_task
def plan_meetings() -> None:
    """Keep a year of meetings ahead in every calendar."""
    today = timezone.localdate()
    for series in Series.objects.running(today).select_related("board"):
        plan_ahead(series, today=today)
