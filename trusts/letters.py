"""The letter that tells somebody that another person changed how they come in."""

from logging import getLogger
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse

from trusts.models import Membership

log = getLogger(__name__)


def tell_of_help(membership: Membership, *, lost: bool, reason: str) -> bool:
    """Send it; False when the mail server did not take it. What was done stands either way."""
    letter = render_to_string(
        "accounts/mail/sign_in_help.txt",
        {
            "membership": membership,
            "lost": lost,
            "reason": reason,
            "link": f"{settings.SITE_ADDRESS}{reverse(settings.LOGIN_URL)}",
        },
    )
    subject = "Your second factor was taken away" if lost else "You can try to sign in again"
    try:
        send_mail(subject, letter, None, [membership.user.email])
    except (SMTPException, OSError):
        log.exception("the letter about help for membership %s was not sent", membership.pk)
        return False
    return True
