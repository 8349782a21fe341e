"""What dashboards put on the menu. The trust's own item is registered by trusts/."""

from django.urls import reverse

from accounts.permissions import Permission
from trusts.scope import scope_of
from ui import navigation


def register_items() -> None:
    navigation.register(
        navigation.NavItem(
            key="home",
            label="Home",
            url=lambda _user: reverse("home"),
            order=10,
            visible=lambda user: scope_of(user).may(Permission.SEE_OWN_WORK),
        ),
        navigation.NavItem(
            key="partnership",
            label="Partnership",
            url=lambda _user: reverse("partnership"),
            order=60,
            visible=lambda user: scope_of(user).may(Permission.SEE_PARTNERSHIP_TOTAL),
        ),
        navigation.NavItem(
            key="summaries",
            label="Summaries",
            url=lambda _user: reverse("summaries"),
            order=70,
            visible=lambda user: scope_of(user).may(Permission.SEE_RELEASED_TOTALS),
        ),
        navigation.NavItem(
            key="health",
            label="Health",
            url=lambda _user: reverse("dashboards_health"),
            order=90,
            visible=lambda user: scope_of(user).may(Permission.SET_UP_PARTNERSHIP),
        ),
    )
