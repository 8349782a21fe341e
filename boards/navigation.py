"""What boards put on the menu."""

from django.urls import reverse

from accounts.permissions import Permission
from trusts.scope import scope_of
from ui import navigation


def register() -> None:
    navigation.register(
        navigation.NavItem(
            key="boards",
            label="Boards",
            url=lambda _user: reverse("boards"),
            order=50,
            visible=lambda user: scope_of(user).may(Permission.SEE_BOARD),
        )
    )
