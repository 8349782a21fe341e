"""Sign-in by django-allauth; sign-up is closed, people come by invitation."""

import base64
import hashlib
from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.utils.encoding import force_bytes

from accounts.accesses import address_of


class ClosedSignUp(DefaultAccountAdapter):
    error_messages: ClassVar = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": "The e-mail address and the password do not belong together.",
        "incorrect_password": "That is not your password.",
        "too_many_login_attempts": "Too many tries. Wait five minutes, then try again.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_login_stages(self) -> list[str]:
        ours = {"allauth.mfa.stages.AuthenticateStage": "accounts.organisation.AskForCode"}
        return [ours.get(stage, stage) for stage in super().get_login_stages()]

    def get_client_ip(self, request: HttpRequest) -> str:
        """One way to tell who asks, for limits as for the events."""
        if address := address_of(request):
            return address
        raise PermissionDenied("The network address of this request is not known.")

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        super().send_mail(template_prefix, email, {**context, "product_name": settings.PRODUCT_NAME})

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """No "Successfully signed in as...": the page that follows shows it."""


class SecondFactor(DefaultMFAAdapter):
    """The secret of an authenticator app is kept under a key made of SECRET_KEY: the database alone gives no codes."""

    error_messages: ClassVar = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": "That code does not fit. Wait for the next one and try it.",
    }

    def generate_authenticator_name(self, user: AbstractBaseUser, type: Any) -> str:
        return f"Key {Authenticator.objects.filter(user_id=user.pk, type=type).count() + 1}"

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return {**super().get_public_key_credential_rp_entity(), "name": str(settings.PRODUCT_NAME)}

    def get_totp_issuer(self) -> str:
        return str(settings.PRODUCT_NAME)

    def encrypt(self, text: str) -> str:
        return _keys().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _keys().decrypt(encrypted_text.encode()).decode()


def under_present_key(encrypted_text: str) -> str:
    """The same secret, kept under SECRET_KEY whichever of the keys it was kept under; raises InvalidToken for none."""
    return _keys().rotate(encrypted_text.encode()).decode()


def _keys() -> MultiFernet:
    """The present key first; an older one, named in SECRET_KEY_FALLBACKS, still reads what it wrote."""
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    digests = [hashlib.sha256(b"second factor " + force_bytes(secret)).digest() for secret in secrets]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])
