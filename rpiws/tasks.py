"""What Celery runs of this room. It may run twice, late, or not at all."""

from celery import shared_task
from django.utils import timezone

from rpiws import reminders


# A mail server answers more slowly than the usual limit allows for.
@shared_task(time_limit=240)
def send_reminders() -> None:
    reminders.send_reminders(on=timezone.localdate())
