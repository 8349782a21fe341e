"""The letter that tells somebody of a membership, with the link at which they choose a password."""

from logging import getLogger
from smtplib import SMTPException

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse

from accounts.models import User
from trusts.models import Membership

log = getLogger(__name__)


def send_invitation(membership: Membership) -> bool:
    """Send the letter; False when the mail server did not take it. The membership stands either way."""
    user = membership.user
    chooses_password = not user.has_usable_password()
    path = password_path(user) if chooses_password else reverse(settings.LOGIN_URL)
    letter = render_to_string(
        "accounts/mail/invitation.txt",
        {
            "membership": membership,
            "link": f"{settings.SITE_ADDRESS}{path}",
            "chooses_password": chooses_password,
            "reset": f"{settings.SITE_ADDRESS}{reverse('account_reset_password')}",
            "organisation": settings.OIDC_NAME if settings.OIDC_ISSUER else "",
            "sign_in": f"{settings.SITE_ADDRESS}{reverse(settings.LOGIN_URL)}",
            "days": settings.PASSWORD_RESET_TIMEOUT // (24 * 60 * 60),
        },
    )
    place = membership.trust or membership.partnership
    try:
        send_mail(f"Your membership: {membership.get_role_display()}, {place}", letter, None, [user.email])
    except (SMTPException, OSError):
        log.exception("the letter for membership %s was not sent", membership.pk)
        return False
    return True


def password_path(user: User) -> str:
    """Where somebody without a password chooses one."""
    token = default_token_generator.make_token(user)
    return reverse("account_reset_password_from_key", kwargs={"uidb36": user_pk_to_url_str(user), "key": token})
