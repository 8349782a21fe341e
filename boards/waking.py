"""Asking the worker to write to somebody, once what was written is committed."""

from django.db import transaction

from boards.models import Meeting
from boards.tasks import tell_of_agenda


def tell_of_agenda_on_commit(meeting: Meeting) -> None:
    """A broker that is down does not undo it: the agenda stands on everybody's page all the same."""
    meeting_id = meeting.pk
    transaction.on_commit(lambda: tell_of_agenda.delay(meeting_id), robust=True)
