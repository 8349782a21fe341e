"""What the pages that join rooms do when something happens in one of them."""

from functools import partial
from typing import Any

from django.db import transaction

from accounts.models import User
from boards.models import Meeting
from boards.signals import meeting_opened
from dashboards.actions.papers import freeze_papers


def register() -> None:
    meeting_opened.connect(keep_papers, dispatch_uid="papers of a meeting that begins")


def keep_papers(*, meeting: Meeting, by: User, **_sent: Any) -> None:
    """What a TGB had on the table when it began is kept for good. That this fails keeps no meeting from beginning."""
    if meeting.board.is_tgb:
        transaction.on_commit(partial(freeze_papers, meeting=meeting, by=by), robust=True)
