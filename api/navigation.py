"""The menu's item for those who let systems in."""

from typing import Any

from django.urls import reverse

from accounts.permissions import Permission
from trusts.scope import scope_of
from ui import navigation


def register_items() -> None:
    navigation.register(
        navigation.NavItem(
            key="api_clients",
            label="API clients",
            url=_address,
            order=75,
            visible=lambda user: _for_a_trust(user) or scope_of(user).may(Permission.MANAGE_REGULATOR_CLIENTS),
        )
    )


def _for_a_trust(user: Any) -> bool:
    return scope_of(user).may(Permission.MANAGE_TRUST_CLIENTS)


def _address(user: Any) -> str:
    return reverse("api_clients" if _for_a_trust(user) else "regulator_clients")
