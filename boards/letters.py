"""Letters of boards: they say that something waits, and nothing of what is spoken there."""

from logging import getLogger
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse

from boards.models import Holding
from trusts.invitations import password_path

log = getLogger(__name__)


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


def address(path: str) -> str:
    return f"{settings.SITE_ADDRESS.rstrip('/')}{path}"


def post(subject: str, letter: str, to: str) -> bool:
    try:
        send_mail(subject, letter, None, [to])
    except (SMTPException, OSError):
        log.exception("a letter of a board was not sent")
        return False
    return True
