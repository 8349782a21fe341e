"""What Celery runs of this room. It may run twice, late, or not at all."""

from celery import shared_task

from metrics import letters


# A mail server answers more slowly than the usual limit allows for.
@shared_task(time_limit=240)
def tell_sponsor(kind: str, proposal_id: int) -> None:
    letters.tell_sponsor(kind, proposal_id)
