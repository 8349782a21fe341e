"""Asking the worker for a letter, once what was written is committed. The message holds a board's number alone."""

from django.db import transaction

from boards.models import Board
from reflections.tasks import tell_sensei


def tell_sensei_on_commit(board: Board) -> None:
    """A broker that is down does not undo it: the page of the reflections says it all the same."""
    board_id = board.pk
    transaction.on_commit(lambda: tell_sensei.delay(board_id), robust=True)
