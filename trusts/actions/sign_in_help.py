"""Helping somebody in who lost the second factor or wrote too many wrong passwords: by a person, saying why."""

from allauth.mfa.models import Authenticator
from axes.handlers.proxy import AxesProxyHandler
from django.core.exceptions import PermissionDenied
from django.db.models import F

from accounts.accesses import Kind
from accounts.audit import action
from accounts.models import AccessEvent, User


class OwnAccount(PermissionDenied):
    """Nobody takes their own second factor away in this way: that is done on the account's page, with a code."""


@action
def clear_second_factor(*, person: User, reason: str, by: User, address: str | None) -> None:
    """Take away app, keys and codes, and end every session: whoever found the phone is out at once."""
    _somebody_else(person, by)
    Authenticator.objects.filter(user=person).delete()
    User.objects.filter(pk=person.pk).update(sessions_ended=F("sessions_ended") + 1)
    _write(Kind.SECOND_FACTOR_CLEARED, person, reason, by, address)


@action
def end_wait(*, person: User, reason: str, by: User, address: str | None) -> None:
    """Let somebody try again who wrote too many wrong passwords."""
    _somebody_else(person, by)
    AxesProxyHandler.reset_attempts(username=person.email.lower())
    _write(Kind.LET_TRY_AGAIN, person, reason, by, address)


def _somebody_else(person: User, by: User) -> None:
    if person.pk == by.pk:
        raise OwnAccount


def _write(kind: Kind, person: User, reason: str, by: User, address: str | None) -> None:
    AccessEvent.objects.create(kind=kind, user=person, by=by, reason=reason, address=address)
