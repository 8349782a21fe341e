"""Generated: every role asks for every route, at its own trust and at another, and the table decides the answer."""

import pytest

from accounts.permissions import Role
from tests.architecture.asking import ask, client_of
from tests.architecture.expected import NOT_THERE, REFUSED, SIGN_IN, expected, hidden_elsewhere
from tests.architecture.routes import our_routes
from tests.architecture.world import build_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return build_world()


@pytest.mark.parametrize("role", list(Role))
def test_role_gets_what_the_table_says(world, role):
    client = client_of(world.somebody(role))
    wrong = {}
    for route in our_routes():
        for place in (world.own, world.other) if route.at_a_place else (world.own,):
            answer = ask(client, route.address(world, place), route.sent(place))
            wanted = expected(route, role, own=place is world.own)
            if answer != wanted:
                wrong[route.name, place.trust.short_name] = f"{answer}, should be {wanted}"
    assert not wrong


def test_signed_out_person_is_asked_to_sign_in_everywhere(world):
    client = client_of(None)
    answers = {
        (route.name, place.trust.short_name): ask(client, route.address(world, place), route.sent(place))
        for route in our_routes()
        for place in (world.own, world.other)
    }
    assert {name: answer for name, answer in answers.items() if answer != SIGN_IN} == {}
    assert answers


def test_former_member_reaches_nothing(world):
    """The membership ended yesterday, by itself."""
    client = client_of(world.own.former)
    wrong = {}
    for route in our_routes():
        answer = ask(client, route.address(world, world.own), route.sent(world.own))
        if answer != (NOT_THERE if hidden_elsewhere(route) else REFUSED):
            wrong[route.name] = answer
    assert not wrong
