"""What the table of permissions says of a route: the answer that each role must get at each place."""

from accounts.permissions import EVERY_GRANT, GRANTS, Permission, Reach, Role
from tests.architecture.routes import Route

OK, REFUSED, NOT_THERE, SIGN_IN = "ok", "403", "404", "sign in"

_OF_A_WHOLE_TRUST = frozenset({"ods", "ods_code", "trust_id", "value_stream_id", "membership_id", "fact_id"})


def of_the_partnership(permission: Permission) -> bool:
    return any(grants.get(permission) is Reach.PARTNERSHIP for grants in EVERY_GRANT)


def hidden_elsewhere(route: Route) -> bool:
    """Whether somebody who may not see it finds nothing there. What belongs to the partnership is refused instead,
    unless its address names a trust."""
    return route.at_a_place and (not of_the_partnership(route.view.permission) or "ods_code" in route.parameters)


def expected(route: Route, role: Role, *, own: bool) -> str:
    """The answer to somebody who holds `role` at the trust called own and owns its RPIW."""
    permission = route.view.permission
    how_far = GRANTS[role].get(permission)
    if not hidden_elsewhere(route) or (how_far and of_the_partnership(permission)):
        return OK if how_far else REFUSED
    if not own or Permission.SEE_TRUST not in GRANTS[role]:
        return NOT_THERE
    if how_far is Reach.OWN_RECORDS:
        return REFUSED if set(route.parameters) <= _OF_A_WHOLE_TRUST else OK
    return OK if how_far else REFUSED
