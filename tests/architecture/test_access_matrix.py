"""Generated: every role asks for every route, at its own trust and at another, and the table decides the answer.

Every text of a trust holds its canary word. Nobody of another trust ever reads it, on any page or in any file.
"""

import pytest

from accounts.permissions import TRUST_ROLES, Role
from tests.architecture.asking import ask, ask_and_read, client_of
from tests.architecture.expected import NOT_THERE, REFUSED, SIGN_IN, expected, hidden_elsewhere
from tests.architecture.routes import our_routes
from tests.architecture.world import SAFE_WORD, build_world

pytestmark = pytest.mark.django_db

# An administrator appoints KPO leads and names trusts: names and regions, none of what a trust writes about its work.
SET_UP = "set_up"
# Where the own canary must be, or the search for another's would prove nothing.
SHOWS_THE_OWN = {"trust_context", "value_stream_about", "value_stream_edit", "people", "history"}


@pytest.fixture
def world():
    return build_world()


def walk(world, user):
    """Each route at each place, with the answer in a word and as text."""
    client = client_of(user)
    for route in our_routes():
        for place in (world.own, world.other) if route.at_a_place else (world.own,):
            yield route, place, *ask_and_read(client, route.address(world, place), route.sent(place))


def around(word, text):
    """What the word stands in."""
    return text[max(text.index(word) - 80, 0) :][:200]


@pytest.mark.parametrize("role", list(Role))
def test_role_gets_what_the_table_says_and_reads_no_other_trusts_words(world, role):
    foreign = [world.other.canary, SAFE_WORD] if role in TRUST_ROLES else [world.own.canary, world.other.canary]
    wrong, read, own = {}, {}, set()
    for route, place, answer, text in walk(world, world.somebody(role)):
        wanted = expected(route, role, own=place is world.own)
        if answer != wanted:
            wrong[route.name, place.trust.short_name] = f"{answer}, should be {wanted}"
        if world.own.canary in text:
            own.add(route.name)
        if role == Role.ADMINISTRATOR and route.name.startswith(SET_UP):
            continue
        read |= {(route.name, place.trust.short_name, word): around(word, text) for word in foreign if word in text}
    assert not wrong
    assert not read
    assert role != Role.KPO_LEAD or own >= SHOWS_THE_OWN


def test_signed_out_person_is_asked_to_sign_in_everywhere(world):
    client = client_of(None)
    answers = {
        (route.name, place.trust.short_name): ask(client, route.address(world, place), route.sent(place))
        for route in our_routes()
        for place in (world.own, world.other)
    }
    assert {name: answer for name, answer in answers.items() if answer != SIGN_IN} == {}
    assert answers


def test_former_member_reaches_nothing_and_reads_nothing(world):
    """The membership ended yesterday, by itself."""
    wrong, read = {}, {}
    for route, place, answer, text in walk(world, world.own.former):
        if answer != (NOT_THERE if hidden_elsewhere(route) else REFUSED):
            wrong[route.name, place.trust.short_name] = answer
        words = (world.own.canary, world.other.canary)
        read |= {(route.name, place.trust.short_name, word): around(word, text) for word in words if word in text}
    assert not wrong
    assert not read
