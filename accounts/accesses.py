"""Writes down who came in, who was kept out, and who changed how they come in."""

from ipaddress import ip_address
from typing import Any

from allauth.account.signals import password_changed, password_reset
from allauth.mfa.signals import authentication_failed, authenticator_added, authenticator_removed
from axes.signals import user_locked_out
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.http import HttpRequest

from accounts.models import AccessEvent, User

Kind = AccessEvent.Kind


def note(kind: Kind, request: HttpRequest | None, user: Any) -> None:
    known = user if isinstance(user, User) else None
    AccessEvent.objects.create(kind=kind, user=known, address=address_of(request))


def address_of(request: HttpRequest | None) -> str | None:
    """The network address that the connection came from: behind a proxy, the proxy's."""
    try:
        return str(ip_address(request.META["REMOTE_ADDR"])) if request is not None else None
    except (KeyError, ValueError):
        return None


def address_tried(_request: HttpRequest | None, credentials: dict[str, Any] | None) -> str:
    """The e-mail address that a sign-in names, whatever its case: guesses are counted by it."""
    return str((credentials or {}).get("email") or "").strip().lower()


def _refused(kind: Kind, request: HttpRequest | None, address: str) -> None:
    note(kind, request, User.objects.filter(email__iexact=address).first() if address else None)


def listen() -> None:
    """Called once, when the application is ready."""
    for signal, kind in (
        (user_logged_in, Kind.SIGNED_IN),
        (user_logged_out, Kind.SIGNED_OUT),
        (password_changed, Kind.PASSWORD_CHANGED),
        (password_reset, Kind.PASSWORD_CHANGED),
        (authenticator_added, Kind.SECOND_FACTOR_ADDED),
        (authenticator_removed, Kind.SECOND_FACTOR_REMOVED),
        (authentication_failed, Kind.CODE_REFUSED),
    ):
        signal.connect(_noting(kind), weak=False, dispatch_uid=f"accesses {kind} {id(signal)}")
    user_login_failed.connect(_login_failed, dispatch_uid="accesses refused")
    user_locked_out.connect(_locked_out, dispatch_uid="accesses held off")


def _noting(kind: Kind) -> Any:
    def heard(sender: Any, request: HttpRequest | None = None, user: Any = None, **_told: Any) -> None:
        # Signing out when nobody is signed in says nothing.
        if user is not None:
            note(kind, request, user)

    return heard


def _login_failed(sender: Any, credentials: dict[str, Any], request: HttpRequest | None = None, **_told: Any) -> None:
    _refused(Kind.REFUSED, request, address_tried(request, credentials))


def _locked_out(sender: Any, request: HttpRequest, username: str | None = None, **_told: Any) -> None:
    _refused(Kind.HELD_OFF, request, username or "")
