"""Every address of the API x every kind of client x own trust and another, signed out, and by a person's session."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.permissions import Role
from api.models import Scope
from metrics.models import Measurement
from tests.architecture.routes import api_routes
from tests.architecture.world import build_world
from tests.factories.api import client_of, regulator_client, released_summary
from tests.factories.trusts import PartnershipFactory

pytestmark = pytest.mark.django_db

VALUES = {
    "api_value_stream": lambda place: [place.value_stream.pk],
    "api_dashboard": lambda place: [place.value_stream.pk],
    "api_rpiw": lambda place: [place.rpiw.pk],
    "api_metric": lambda place: [place.metric.pk],
    "api_chart": lambda place: [place.metric.pk],
    "api_summary": lambda place: [place.trust.ods_code],
    "api_history": lambda place: [place.trust.ods_code],
    "api_version": lambda place: [place.trust.ods_code, place.of_january.pk],
}


@pytest.fixture
def world():
    world = build_world()
    for place in (world.own, world.other):
        place.rows["of_january"] = released_summary(place.trust)
    return world


def address(name, place):
    return reverse(name, args=VALUES[name](place) if name in VALUES else [])


def ask(path, token=""):
    return Client().get(path, headers={"Authorization": f"Bearer {token}"} if token else {})


def test_every_endpoint_names_the_scopes_that_it_needs():
    for name, pattern in api_routes().items():
        assert set(pattern.callback.cls.scopes.values()) <= set(Scope), name
        assert bool(pattern.pattern.converters) == (name in VALUES), name
    assert len(api_routes()) >= 12


def test_nobody_comes_in_without_a_token_not_even_signed_in(world):
    session = Client()
    for role in Role:
        session.force_login(world.somebody(role))
        for name in api_routes():
            for path in (address(name, world.own), address(name, world.other)):
                assert session.get(path).status_code == 401, (role, name)
    for name in api_routes():
        assert ask(address(name, world.own)).status_code == 401
        assert ask(address(name, world.own), "rpiw_made-up").status_code == 401


@pytest.mark.parametrize("kind", ["reads", "writes", "regulator"])
def test_client_gets_what_its_scope_says(world, kind):
    made = (
        regulator_client(world.partnership)
        if kind == "regulator"
        else client_of(world.own.trust, writes=kind == "writes")
    )
    wrong = {}
    for name, pattern in api_routes().items():
        needed = pattern.callback.cls.scopes["GET"]
        for place in (world.own, world.other):
            answer = ask(address(name, place), made.token)
            wanted = 403
            if needed in made.client.scopes:
                hidden = kind != "regulator" and place is world.other and name in VALUES
                wanted = 404 if hidden else 200
            if answer.status_code != wanted:
                wrong[name, place.trust.short_name] = answer.status_code
            if kind == "regulator":
                seen = [each for each in (world.own, world.other) if each.canary in answer.content.decode()]
            else:
                seen = [world.other] if world.other.canary in answer.content.decode() else []
            assert not seen, (name, place.trust.short_name)
    assert wrong == {}


@pytest.mark.parametrize(
    ("who", "own", "other"),
    [("nobody", 401, 401), ("reads", 403, 403), ("writes", 201, 404), ("regulator", 403, 403)],
)
def test_system_writes_where_it_was_let_to(world, who, own, other):
    """By hand: what each kind of client is answered when it logs at its own trust, and at another one."""
    tokens = {
        "nobody": "",
        "reads": client_of(world.own.trust, writes=False).token,
        "writes": client_of(world.own.trust).token,
        "regulator": regulator_client(world.partnership).token,
    }
    for place, answer in ((world.own, own), (world.other, other)):
        reading = {"measure": place.measure.pk, "value": "9 min"}
        bodies = {
            "api_readings": {"rpiw": place.rpiw.pk, "checkpoint": "baseline", "readings": [reading]},
            "api_measurements": {"metric": place.metric.pk, "measurements": [{"on": "2018-05-01", "value": "9"}]},
        }
        for name, body in bodies.items():
            if name == "api_readings" and answer == 201:
                body["readings"][0] |= {"corrects_version": 1, "why": "A slip."}
            headers = {"Idempotency-Key": f"{name}-{place.canary}"}
            headers |= {"Authorization": f"Bearer {tokens[who]}"} if tokens[who] else {}
            sent = Client().post(reverse(name), body, content_type="application/json", headers=headers)
            assert sent.status_code == answer, (name, place.trust.short_name, sent.content)
    assert Measurement.objects.filter(on="2018-05-01").count() == (own == 201)


def test_client_of_another_partnership_gets_nothing(world):
    token = regulator_client(PartnershipFactory(name="Another partnership")).token
    for name in ("api_summary", "api_history", "api_version"):
        assert ask(address(name, world.own), token).status_code == 404
    assert ask(address("api_summaries", world.own), token).json()["results"] == []


def test_no_route_offers_to_sort(world):
    token = client_of(world.own.trust).token
    for name, pattern in api_routes().items():
        if pattern.callback.cls.scopes["GET"] == Scope.READ_DETAIL:
            for parameter in ("ordering", "sort", "order_by"):
                assert ask(f"{address(name, world.own)}?{parameter}=name", token).status_code == 400, name
