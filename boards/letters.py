"""Letters of boards: they say that something waits, and nothing of what is spoken there."""

from collections import defaultdict
from datetime import date, timedelta
from logging import getLogger
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.db.models import F
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from boards.models import Entry, Holding, Meeting
from boards.seating import sitting_at
from trusts.invitations import password_path

log = getLogger(__name__)

AHEAD = timedelta(days=3)
"""How long before its day an action is reminded of."""


def tell_of_seat(holding: Holding) -> bool:
    """Tell somebody of the seat, with the link at which they choose a password if they have none. False when the mail
    server did not take it; the seat is theirs either way."""
    user = holding.user
    chooses_password = not user.has_usable_password()
    letter = render_to_string(
        "boards/emails/seat.txt",
        {
            "holding": holding,
            "board": holding.seat.board,
            "chooses_password": chooses_password,
            "link": address(password_path(user) if chooses_password else reverse("board", args=[holding.board_id])),
            "reset": address(reverse("account_reset_password")),
            "sign_in": address(reverse(settings.LOGIN_URL)),
            "organisation": settings.OIDC_NAME if settings.OIDC_ISSUER else "",
            "days": settings.PASSWORD_RESET_TIMEOUT // (24 * 60 * 60),
        },
    )
    return post(f"Your seat: {holding.seat.title}, {holding.seat.board}", letter, user.email)


def tell_of_agenda(meeting_id: int) -> int:
    """Tell everybody who sits at the board on the day of the letter. How many letters left."""
    meeting = Meeting.objects.select_related("board__trust").filter(pk=meeting_id).first()
    if meeting is None or not meeting.is_planned:
        return 0
    link = address(reverse("meeting", args=[meeting.pk]))
    letter = render_to_string("boards/emails/agenda.txt", {"meeting": meeting, "board": meeting.board, "link": link})
    subject = f"Agenda ready: {meeting.board}"
    return sum(post(subject, letter, user.email) for user in sitting_at(meeting.board, timezone.localdate()))


def remind_of_actions(*, on: date) -> int:
    """Tell those who hold the seats that something of theirs is due, once for each action and day. How many left."""
    due = Entry.objects.open().filter(due__lte=on + AHEAD).exclude(reminded_for=F("due"))
    waiting: dict[int, list[int]] = defaultdict(list)
    for entry_id, seat_id in due.values_list("pk", "owner_id"):
        waiting[seat_id].append(entry_id)
    holders = Holding.objects.held_on(on).filter(seat__in=waiting, user__is_active=True)
    return sum(_remind(holding, waiting[holding.seat_id]) for holding in holders.select_related("user", "seat__board"))


def _remind(holding: Holding, entry_ids: list[int]) -> bool:
    """One letter to one person; marked in the transaction that sends it, and tried again when it did not leave."""
    with transaction.atomic():
        entries = Entry.objects.select_for_update(of=("self",)).filter(pk__in=entry_ids)
        fresh = [entry for entry in entries if entry.reminded_for != entry.due and not entry.is_done]
        board = holding.seat.board
        link = address(reverse("board_actions", args=[board.pk]))
        letter = render_to_string("boards/emails/action.txt", {"holding": holding, "board": board, "link": link})
        if not fresh or not post(f"Something waits for you: {board}", letter, holding.user.email):
            return False
        for entry in fresh:
            entry.reminded_for = entry.due
            entry.save(update_fields=["reminded_for"])
    return True


def address(path: str) -> str:
    return f"{settings.SITE_ADDRESS.rstrip('/')}{path}"


def post(subject: str, letter: str, to: str) -> bool:
    try:
        send_mail(subject, letter, None, [to])
    except (SMTPException, OSError):
        log.exception("a letter of a board was not sent")
        return False
    return True
