"""Letters of the safe space: that something waits, and nothing else."""

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from accounts.permissions import SeatRole
from boards.letters import address, post
from boards.models import Board, Holding


def tell_sensei(board_id: int) -> int:
    """To whoever holds the sensei's seat today. How many letters left."""
    board = Board.objects.select_related("trust").filter(pk=board_id).first()
    if board is None:
        return 0
    held = Holding.objects.held_on(timezone.localdate()).filter(
        seat__board=board, seat__role=SeatRole.SENSEI, user__is_active=True
    )
    link = address(reverse("board_reflections", args=[board.pk]))
    letter = render_to_string("reflections/emails/waits.txt", {"board": board, "link": link})
    return sum(
        post(f"Something waits for you: {board}", letter, each.user.email) for each in held.select_related("user")
    )
