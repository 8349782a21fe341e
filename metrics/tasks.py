"""What Celery runs of this room. It may run twice, late, or not at all."""

from celery import shared_task

from metrics import letters
from metrics.imports import running


# A mail server answers more slowly than the usual limit allows for.
@shared_task(time_limit=240)
def tell_sponsor(kind: str, proposal_id: int) -> None:
    letters.tell_sponsor(kind, proposal_id)


# Shorter than the broker's visibility timeout, after which it would hand the message to a second worker.
@shared_task(time_limit=240)
def import_file(import_id: int) -> None:
    running.run(import_id)


@shared_task
def resume_imports() -> None:
    """Ask again for what waits: whoever is at work already holds the import's lock."""
    for import_id in running.resume():
        import_file.delay(import_id)
