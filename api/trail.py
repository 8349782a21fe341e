"""Which of the API's tables the audit page tells, and by which name a system stands in a trail."""

from collections.abc import Collection
from typing import Any

from accounts.history import register_names
from accounts.trail import OF_SET_UP, OF_TRUSTS
from api.models import ApiClient, ApiToken
from trusts.names import NOT_OF_THIS_TRUST, names_for_history


def register() -> None:
    OF_TRUSTS.add(ApiClient, "trust", called="name")
    OF_TRUSTS.add(ApiToken, "client", called="prefix")
    OF_SET_UP.add(ApiClient, "partnership", called="name", trust=None)
    OF_SET_UP.add(ApiToken, "client", called="prefix")
    register_names(_with_systems)


def _with_systems(record: Any, user_ids: Collection[int]) -> dict[int, str]:
    """People by the names of their place, and the place's own systems by theirs."""
    names = names_for_history(record, user_ids)
    strangers = [user_id for user_id, name in names.items() if name == NOT_OF_THIS_TRUST]
    if strangers:
        systems = ApiClient.objects.filter(acts_as_id__in=strangers, trust_id=record.trust_id)
        names |= {user_id: f"{name} (a system)" for user_id, name in systems.values_list("acts_as_id", "name")}
    return names
