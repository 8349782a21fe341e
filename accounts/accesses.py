"""Writes down who came in, who was kept out, and who changed how they come in."""

from contextlib import suppress
from ipaddress import ip_address
from typing import Any

from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.signals import password_changed, password_reset
from allauth.mfa.signals import authentication_failed, authenticator_added, authenticator_removed
from axes.signals import user_locked_out
from django.conf import settings
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.http import HttpRequest

from accounts.models import AccessEvent, User

Kind = AccessEvent.Kind


def note(kind: Kind, request: HttpRequest | None, user: Any, *, by: User | None = None, reason: str = "") -> None:
    """`by` and `reason` when somebody else did it to the person's account."""
    known = user if isinstance(user, User) else None
    AccessEvent.objects.create(kind=kind, user=known, address=address_of(request), by=by, reason=reason)


def address_of(request: HttpRequest | None) -> str | None:
    """The network address that the connection came from, seen by the outermost of TRUSTED_PROXIES proxies.

    Each proxy adds whom it heard from at the right of X-Forwarded-For; what stands further left, anybody can write.
    """
    if request is None:
        return None
    heard_from = [request.META.get("HTTP_X_FORWARDED_FOR", ""), request.META.get("REMOTE_ADDR", "")]
    heard_from = [address.strip() for address in ",".join(heard_from).split(",") if address.strip()]
    seen = heard_from[-(settings.TRUSTED_PROXIES + 1) :]
    return _plain(seen[0]) if seen else None


def _plain(address: str) -> str | None:
    """Without the port that some proxies add."""
    with suppress(ValueError):
        return str(ip_address(address))
    host, _, _port = address.rpartition(":")
    with suppress(ValueError):
        return str(ip_address(host.strip("[]")))
    return None


def address_tried(_request: HttpRequest | None, credentials: dict[str, Any] | None) -> str:
    """The e-mail address that a sign-in names, whatever its case: guesses are counted by it."""
    return str((credentials or {}).get("email") or "").strip().lower()


def _refused(kind: Kind, request: HttpRequest | None, address: str) -> None:
    note(kind, request, User.objects.filter(email__iexact=address).first() if address else None)


def listen() -> None:
    """Called once, when the application is ready."""
    for signal, kind in (
        (user_logged_out, Kind.SIGNED_OUT),
        (password_changed, Kind.PASSWORD_CHANGED),
        (password_reset, Kind.PASSWORD_CHANGED),
        (authenticator_added, Kind.SECOND_FACTOR_ADDED),
        (authenticator_removed, Kind.SECOND_FACTOR_REMOVED),
        (authentication_failed, Kind.CODE_REFUSED),
    ):
        signal.connect(_noting(kind), weak=False, dispatch_uid=f"accesses {kind} {id(signal)}")
    user_logged_in.connect(_signed_in, dispatch_uid="accesses signed in")
    user_login_failed.connect(_login_failed, dispatch_uid="accesses refused")
    user_locked_out.connect(_locked_out, dispatch_uid="accesses held off")


def _noting(kind: Kind) -> Any:
    def heard(sender: Any, request: HttpRequest | None = None, user: Any = None, **_told: Any) -> None:
        # Signing out when nobody is signed in says nothing.
        if user is not None:
            note(kind, request, user)

    return heard


def _signed_in(sender: Any, request: HttpRequest, user: User, **_told: Any) -> None:
    ways = [record["method"] for record in get_authentication_records(request, user) if record["method"] != "mfa"]
    note(Kind.SIGNED_IN_ELSEWHERE if ways[-1:] == ["socialaccount"] else Kind.SIGNED_IN, request, user)


def _login_failed(sender: Any, credentials: dict[str, Any], request: HttpRequest | None = None, **_told: Any) -> None:
    _refused(Kind.REFUSED, request, address_tried(request, credentials))


def _locked_out(sender: Any, request: HttpRequest, username: str | None = None, **_told: Any) -> None:
    _refused(Kind.HELD_OFF, request, username or "")
