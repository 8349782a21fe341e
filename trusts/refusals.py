"""What somebody reads who holds no membership today: what happened, and whom to ask."""

from collections.abc import Collection
from datetime import date

from django.http import HttpRequest
from django.utils import timezone

from accounts.permissions import Role
from trusts.models import Membership
from trusts.scope import scope_of
from ui.errors import Refusal, register_refusal
from ui.words import day_year


def register() -> None:
    register_refusal(refusal_of)


def refusal_of(request: HttpRequest) -> Refusal | None:
    """None for who holds a membership today, and for who is not signed in."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated or scope_of(user).held or scope_of(user).seats:
        return None
    memberships = Membership.objects.filter(user=user).select_related("trust")
    return refusal_for(memberships, on=timezone.localdate())


def refusal_for(memberships: Collection[Membership], *, on: date) -> Refusal:
    """The words for somebody none of whose memberships is held on the day: one to come before the last that ended."""
    to_come = [membership for membership in memberships if membership.starts > on]
    if to_come:
        first = min(to_come, key=lambda membership: membership.starts)
        return Refusal(
            "Your membership has not begun yet",
            f"{_held(first)}: from {day_year(first.starts)}.",
            f"You can begin on that day. To begin sooner, ask {_who_can_help(first)}.",
        )
    ended = [membership for membership in memberships if membership.ends is not None]
    if ended:
        last = max(ended, key=lambda membership: membership.ends or on)
        assert last.ends is not None
        return Refusal(
            "Your membership has ended",
            f"{_held(last)}: its last day was {day_year(last.ends)}.",
            f"Memberships end by themselves, and what you recorded is kept. To go on, ask {_who_can_help(last)} "
            "to renew yours.",
        )
    return Refusal(
        "You hold no membership",
        "You can sign in, but no role at a trust or in the partnership goes with your account.",
        "Ask a KPO lead of your trust to invite you.",
    )


def _held(membership: Membership) -> str:
    role = Role(membership.role).label
    return f"{role}, {membership.trust.short_name}" if membership.trust else role


def _who_can_help(membership: Membership) -> str:
    """Nobody renews their own membership; an administrator appoints where a trust has no KPO lead."""
    if membership.trust is None:
        return "an administrator of the partnership"
    if membership.role == Role.KPO_LEAD:
        return f"another KPO lead of {membership.trust.short_name}, or an administrator of the partnership,"
    return f"a KPO lead of {membership.trust.short_name}"
