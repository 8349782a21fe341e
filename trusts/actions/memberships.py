"""Inviting people, renewing and ending what they hold. Nobody changes a membership of their own."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from accounts.audit import action
from accounts.models import User
from accounts.permissions import Role
from trusts.models import Membership, Partnership, Trust


class OwnMembership(PermissionDenied):
    """Somebody else must decide about one's own membership."""


class AlreadyHeld(Exception):
    """The person holds the role at this place on some of these days: renewing is what is wanted."""

    def __init__(self, membership: Membership) -> None:
        super().__init__(str(membership))
        self.membership = membership


@dataclass(frozen=True)
class Invitation:
    """A membership, and whether this very call made it: a form sent twice invites once."""

    membership: Membership
    new: bool


@action
def invite(
    *,
    email: str,
    known_as: str,
    role: Role,
    trust: Trust | None,
    partnership: Partnership,
    starts: date,
    ends: date | None,
    by: User,
) -> Invitation:
    """Give somebody a role: a person who never signed in gets an account that waits for a password."""
    if email.strip().lower() == by.email.lower():
        raise OwnMembership
    user = person_with(email.strip(), known_as)
    invitation = _give(
        user, known_as=known_as, role=role, trust=trust, partnership=partnership, starts=starts, ends=ends
    )
    if role == Role.ADMINISTRATOR and not user.is_staff:
        user.is_staff = True
        user.save(update_fields=["is_staff"])
    return invitation


@action
def renew(*, membership: Membership, ends: date | None, by: User) -> Membership:
    """Let a membership run to another last day. One that has ended starts anew today: the gap stays a gap."""
    locked = _of_somebody_else(membership, by)
    today = timezone.localdate()
    if locked.ends is None or locked.ends >= today:
        locked.ends = ends
        locked.save(update_fields=["ends"])
        return locked
    return _give(
        locked.user,
        known_as=locked.known_as,
        role=Role(locked.role),
        trust=locked.trust,
        partnership=locked.partnership,
        starts=today,
        ends=ends,
    ).membership


@action
def end(*, membership: Membership, last_day: date | None, by: User) -> None:
    """End a membership on `last_day`; without one, at once. What never began is withdrawn."""
    locked = _of_somebody_else(membership, by)
    last_day = last_day or timezone.localdate() - timedelta(days=1)
    if last_day < locked.starts:
        locked.delete()
    else:
        locked.ends = last_day
        locked.save(update_fields=["ends"])


def person_with(email: str, known_as: str) -> User:
    """The account with this address, locked; a new one without a password when there is none."""
    found = User.objects.select_for_update().filter(email__iexact=email).first()
    if found:
        return found
    try:
        with transaction.atomic():
            return User.objects.create_user(email, None, name=known_as)
    except IntegrityError:  # Two invitations at once: the other made the account.
        return User.objects.select_for_update().get(email__iexact=email)


def _give(
    user: User,
    *,
    known_as: str,
    role: Role,
    trust: Trust | None,
    partnership: Partnership,
    starts: date,
    ends: date | None,
) -> Invitation:
    place = Membership.objects.filter(user=user, role=role, trust=trust, partnership=partnership)
    if same := place.filter(starts=starts, ends=ends).first():
        return Invitation(same, new=False)
    before_the_end = Q(starts__lte=ends) if ends else Q()
    if held := place.filter(Q(ends__isnull=True) | Q(ends__gte=starts), before_the_end).first():
        raise AlreadyHeld(held)
    membership = Membership.objects.create(
        user=user, role=role, trust=trust, partnership=partnership, known_as=known_as, starts=starts, ends=ends
    )
    return Invitation(membership, new=True)


def _of_somebody_else(membership: Membership, by: User) -> Membership:
    locked = Membership.objects.select_for_update(of=("self",)).get(pk=membership.pk)
    if locked.user_id == by.pk:
        raise OwnMembership
    return locked
