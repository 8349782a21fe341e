"""What the RPIWs put on the menu, and what belongs into the history of an RPIW."""

from django.urls import reverse

from accounts.history import register_parts
from accounts.permissions import Permission
from rpiws.models import Rpiw, RpiwPerson
from trusts.scope import scope_of
from ui import navigation


def register() -> None:
    navigation.register(
        navigation.NavItem(
            key="rpiws",
            label="RPIWs",
            url=lambda _user: reverse("rpiws"),
            order=30,
            visible=lambda user: scope_of(user).may(Permission.SEE_TRUST),
        )
    )
    register_parts(Rpiw, RpiwPerson, "rpiw")
