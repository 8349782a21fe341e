"""What metrics put on the menu."""

from django.urls import reverse

from accounts.permissions import Permission
from trusts.scope import scope_of
from ui import navigation


def register() -> None:
    navigation.register(
        navigation.NavItem(
            key="metrics",
            label="Metrics",
            url=lambda _user: reverse("metrics_of_trusts"),
            order=40,
            visible=lambda user: scope_of(user).may(Permission.SEE_TRUST),
        )
    )
