"""/metrics opens by its own token alone: no role, no membership and no system's token opens it."""

import pytest
from django.test import Client

from accounts.permissions import Role
from tests.architecture.world import build_world
from tests.factories.api import client_of, regulator_client

pytestmark = pytest.mark.django_db
TOKEN = "for the tests alone"


def ask(client: Client, token: str = "") -> int:
    answer = client.get("/metrics", headers={"Authorization": token} if token else {})
    assert (b"improvement_marks_waiting" in answer.content) == (answer.status_code == 200)
    return answer.status_code


@pytest.fixture
def everybody():
    """Signed out, each role at a trust and in the partnership and a former member."""
    world = build_world()
    people = [world.somebody(role) for role in Role] + [world.own.former]
    clients = [Client() for _ in (None, *people)]
    for client, user in zip(clients[1:], people, strict=True):
        client.force_login(user)
    tokens = [client_of(world.own.trust).token, regulator_client(world.partnership).token]
    return clients, tokens


@pytest.mark.parametrize(("configured", "answer"), [("", 404), (TOKEN, 401)])
def test_nobody_without_its_token_reads_it(everybody, settings, configured, answer):
    settings.METRICS_TOKEN = configured
    clients, tokens = everybody
    wrong = [
        "",
        TOKEN,
        f"bearer {TOKEN}",
        "Bearer ",
        "Bearer",
        f"Bearer {TOKEN}x",
        *(f"Bearer {one}" for one in tokens),
    ]
    assert {ask(client) for client in clients} == {answer}
    assert {ask(Client(), token) for token in wrong} == {answer}


def test_there_is_nothing_where_no_token_is_set(settings):
    settings.METRICS_TOKEN = ""
    assert ask(Client(), "Bearer ") == 404
    assert ask(Client(), f"Bearer {TOKEN}") == 404


def test_whoever_has_the_token_reads_it(broker, settings):
    settings.METRICS_TOKEN = TOKEN
    assert ask(Client(), f"Bearer {TOKEN}") == 200
