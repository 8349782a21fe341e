"""What Celery runs of this room. It names nobody to the database, so it reads nothing of what was said."""

from celery import shared_task
from django.db import connection

from reflections import letters


@shared_task(time_limit=240)
def tell_sensei(board_id: int) -> None:
    letters.tell_sensei(board_id)


@shared_task
def forget() -> None:
    """Carry out how long each board keeps what was said: one function of the database, which may run twice."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT public.reflections_forget()")
