"""A view without a guard fails here, and so does an exception that is no longer needed."""

from pathlib import Path

from django.views.generic import RedirectView

from accounts.permissions import Permission
from tests.architecture.routes import api_routes, our_routes, patterns

# Views that anybody may open, by name: what they are for.
PUBLIC = {
    "api_description": "says what the API offers, and holds no fact of any trust",
    "api_openapi": "the same for tools",
    "api_unknown": "says that there is nothing at an address",
    "health": "says whether the installation is well, and nothing else",
    "ready": "says whether every part works, and nothing else",
}
# Views with a door of their own, by name: the test that shows that it is shut.
OWN_DOOR = {"metrics": "tests/architecture/test_metrics_door.py"}
# allauth's own pages and the admin keep their own doors; the admin's is tested in tests/integration/trusts.
GUARDED_ELSEWHERE = ("allauth.", "django.contrib.admin", "django.contrib.auth", "trusts.admin", "trusts.admin_site")


# Each of these names the scope that its clients need, and is asked for in test_api_routes.py.
API_ROUTES = frozenset(api_routes())


def unguarded() -> dict[str, str]:
    """The views without a permission, by name, with the module that holds them."""
    found = {}
    for name, pattern in patterns():
        module = pattern.callback.__module__
        if module.startswith(GUARDED_ELSEWHERE) or name.startswith("admin:"):
            continue
        if name in API_ROUTES or getattr(pattern.callback, "view_class", None) is RedirectView:
            continue
        if not isinstance(getattr(pattern.callback, "permission", None), Permission):
            found[name] = module
    return found


def test_every_view_names_its_permission():
    missing = {name: module for name, module in unguarded().items() if name not in PUBLIC | OWN_DOOR}
    assert not missing, f"These views lack @needs(Permission...): {missing}"


def test_no_exception_is_stale():
    stale = set(PUBLIC | OWN_DOOR) - set(unguarded())
    assert not stale, f"These exceptions are no longer needed: {stale}"
    assert all(Path(test).exists() for test in OWN_DOOR.values())


def test_every_route_can_be_asked_for():
    unknown = {route.name: route.unknown for route in our_routes() if route.unknown}
    assert not unknown, f"Say in tests/architecture/routes.py what these parameters stand for: {unknown}"


def test_every_route_has_a_name():
    assert not [route.view for route in our_routes() if route.name in ("None", "")]


def test_no_two_routes_share_a_name():
    names = [route.name for route in our_routes()]
    assert sorted(names) == sorted(set(names))
