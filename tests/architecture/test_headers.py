"""Every answer of every kind tells the browser what it may do with it: generated over the resolver."""

import re

import pytest
from django.db import transaction
from django.urls import NoReverseMatch, reverse

from accounts.permissions import Role
from tests.architecture.asking import client_of
from tests.architecture.routes import api_routes, our_routes, patterns
from tests.architecture.world import build_world
from tests.factories.api import client_of as system_of

pytestmark = pytest.mark.django_db

UNSAFE = ("unsafe-inline", "unsafe-eval", "unsafe-hashes", "strict-dynamic", "*", "http:", "https:")
DIRECTIVES = {
    "default-src": "'none'",
    "object-src": "'none'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
    "form-action": "'self'",
}


@pytest.fixture
def world():
    return build_world()


def missing(answer, *, signed_in: bool) -> list[str]:
    """What the answer's headers lack."""
    policy = dict(
        part.strip().partition(" ")[::2] for part in answer.get("Content-Security-Policy", "").split(";") if part
    )
    lacks = [name for name, value in DIRECTIVES.items() if policy.get(name) != value]
    lacks += [f"{name} {word}" for name, value in policy.items() for word in UNSAFE if word in value.split()]
    if "script-src" not in policy or "style-src" not in policy:
        lacks.append("script-src or style-src")
    wanted = {
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
        "X-Frame-Options": "DENY",
    }
    lacks += [name for name, value in wanted.items() if answer.get(name) != value]
    if "camera=()" not in answer.get("Permissions-Policy", ""):
        lacks.append("Permissions-Policy")
    cached = answer.get("Cache-Control", "")
    if signed_in and not ("private" in cached and "no-store" in cached):
        lacks.append(f"Cache-Control: {cached}")
    return lacks


def lacking(client, addresses, *, signed_in=True, **sent):
    found = {}
    for address in addresses:
        with transaction.atomic():
            answer = client.get(address, **sent)
            if answer.streaming:
                answer.getvalue()
            transaction.set_rollback(True)
        client.cookies.load({}) if not signed_in else None
        assert answer.status_code < 500, address
        if lacks := missing(answer, signed_in=signed_in):
            found[address] = lacks
    return found


@pytest.mark.parametrize("role", [Role.KPO_LEAD, Role.ADMINISTRATOR, Role.CHIEF_EXECUTIVE])
def test_every_page_fragment_and_download(world, role):
    """Refusals, not found and wrong methods among them."""
    addresses = [route.address(world, world.own) for route in our_routes()]
    assert lacking(client_of(world.somebody(role)), addresses) == {}


def elsewhere() -> list[str]:
    """Pages of allauth and of the admin site whose addresses hold no parameter."""
    found = []
    for name, _pattern in patterns():
        if name.startswith(("account_", "mfa_", "admin:")) and name != "account_logout":
            try:
                found.append(reverse(name))
            except NoReverseMatch:
                continue
    assert {"/accounts/login/", "/admin/", "/admin/accounts/user/"} <= set(found)
    return found


def test_pages_of_sign_in_and_of_the_admin_site(world):
    client = client_of(world.central[Role.ADMINISTRATOR])
    user = world.own.people[Role.KPO_LEAD]
    assert lacking(client, [*elsewhere(), f"/admin/accounts/user/{user.pk}/change/", "/accounts/logout/"]) == {}
    assert lacking(client_of(None), ["/accounts/login/", "/accounts/password/reset/"], signed_in=False) == {}


def test_error_pages_and_public_ones(world):
    client = client_of(None)
    assert lacking(client, ["/nowhere/", "/api/", "/api/nowhere", "/health/"], signed_in=False) == {}
    too_long = client.post("/accounts/login/", "x" * 1_000_001, content_type="text/plain")
    assert too_long.status_code == 413
    assert missing(too_long, signed_in=False) == []


def test_answers_of_the_api(world):
    system = system_of(world.own.trust)
    sent = {"headers": {"Authorization": f"Bearer {system.token}"}}
    addresses = []
    for name, pattern in api_routes().items():
        values = {"pk": 1, "ods_code": world.own.trust.ods_code}
        addresses.append(reverse(name, kwargs={key: values[key] for key in pattern.pattern.converters}))
    assert lacking(client_of(None), addresses, signed_in=False, **sent) == {}
    assert lacking(client_of(None), addresses, signed_in=False) == {}
    for address in addresses:
        assert "private" in client_of(None).get(address, **sent)["Cache-Control"], address


def test_nonce_is_new_each_time_and_every_script_has_it(world):
    client = client_of(world.own.people[Role.KPO_LEAD])
    nonces = set()
    for address in ("/", "/rpiws/", f"/rpiws/{world.own.rpiw.pk}/readings/"):
        answer = client.get(address)
        [nonce] = re.findall(r"script-src [^;]*'nonce-([^']+)'", answer["Content-Security-Policy"])
        nonces.add(nonce)
        scripts = re.findall(r"<script\b[^>]*>", answer.content.decode())
        assert scripts
        assert [tag for tag in scripts if f'nonce="{nonce}"' not in tag and "application/json" not in tag] == []
    assert len(nonces) == 3
