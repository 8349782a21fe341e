"""What the trusts put on every page: items of the menu, who is signed in, and the line below the product's name."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from accounts.history import register_way
from accounts.permissions import Permission, Role
from trusts.models import Membership, Objective, Trust, ValueStream
from trusts.models.context import ContextFact
from trusts.scope import Held, scope_of
from ui import navigation
from ui.words import plural, sentence, spelled


def register() -> None:
    navigation.register(
        navigation.NavItem(
            key="trust",
            label=lambda user: _own_trust(user).trust_name,
            url=lambda user: reverse("trust", args=[_own_trust(user).ods_code]),
            order=20,
            visible=lambda user: bool(scope_of(user).trust_ids),
        ),
        navigation.NavItem(
            key="people",
            label="People",
            url=lambda _user: reverse("people"),
            order=70,
            visible=lambda user: scope_of(user).may(Permission.MANAGE_MEMBERSHIPS),
        ),
        navigation.NavItem(
            key="set_up",
            label="Set-up",
            url=lambda _user: reverse("set_up"),
            order=80,
            visible=lambda user: scope_of(user).may(Permission.SET_UP_PARTNERSHIP),
        ),
    )
    navigation.register_identity(identity)
    navigation.register_tagline(tagline)
    register_way(Trust, lambda trust: (_to_context(trust), "trust"))
    register_way(ContextFact, lambda fact: (_to_context(fact.trust), "trust"))
    register_way(Objective, lambda objective: (_to_context(objective.trust), "trust"))
    register_way(Membership, lambda membership: ([("People", reverse("people"))], "people"))
    register_way(ValueStream, lambda stream: (_to_value_stream(stream), "trust"))


def _to_context(trust: Trust) -> list[tuple[str, str]]:
    return [
        (trust.short_name, reverse("trust", args=[trust.ods_code])),
        ("Context", reverse("trust_context", args=[trust.ods_code])),
    ]


def _to_value_stream(stream: ValueStream) -> list[tuple[str, str]]:
    return [
        (stream.trust.short_name, reverse("trust", args=[stream.trust.ods_code])),
        (stream.name, reverse("value_stream_about", args=[stream.pk])),
    ]


def _own_trust(user: Any) -> Held:
    scope = scope_of(user)
    return next(held for held in scope.held if held.trust_id in scope.trust_ids)


def identity(request: HttpRequest) -> str:
    """KPO facilitator, Leeds; somebody with several roles is told how many more. Who sits at a board and holds no role
    at a trust: the seat, like the regulator's director in the chair."""
    scope = scope_of(request.user)
    of_no_trust = all(each.role == Role.REGULATOR_ANALYST for each in scope.held)
    held = (of_no_trust and scope.seats) or scope.held
    if not held:
        return str(request.user)
    more = len(held) - 1
    return f"{held[0].words} and {plural(more, 'more role')}" if more else held[0].words


def tagline(request: HttpRequest) -> str:
    """Five trusts, one regulator."""
    user = request.user
    if not user.is_authenticated:
        return ""
    partnerships = scope_of(user).partnership_ids
    if len(partnerships) != 1:
        return ""
    count = Trust.objects.in_partnerships(partnerships).count()
    return f"{sentence(spelled(count))} {'trust' if count == 1 else 'trusts'}, one regulator"
