"""By which name a trust knows a person."""

from collections.abc import Collection
from typing import Any

from accounts.models import User
from trusts.models import Membership

NOT_OF_THIS_TRUST = "Somebody from outside the trust"


def names_at(trust_id: int) -> dict[int, str]:
    """Everybody who ever held a membership of the trust, by id, as the trust knows them."""
    known = Membership.objects.filter(trust_id=trust_id).select_related("user").order_by("starts")
    return {membership.user_id: membership.name for membership in known}


def roles_of(user_ids: Collection[int]) -> dict[int, str]:
    """People by the last role they were given, like "Chief executive, Leeds": what the partnership may read of them."""
    held = Membership.objects.filter(user_id__in=user_ids).select_related("trust").order_by("starts", "pk")
    return {each.user_id: each.role_and_trust for each in held}


def names_for_history(record: Any, user_ids: Collection[int]) -> dict[int, str]:
    """The people in a record's history: a trust's record says no name by which another trust knows somebody."""
    trust_id = getattr(record, "trust_id", None)
    if trust_id is None and hasattr(record, "names_in_partnership"):
        names: dict[int, str] = record.names_in_partnership(user_ids)
        return names
    if trust_id is None:
        return {user.pk: str(user) for user in User.objects.filter(pk__in=user_ids)}
    names = names_at(trust_id)
    return {user_id: names.get(user_id, NOT_OF_THIS_TRUST) for user_id in user_ids}
