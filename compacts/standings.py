"""Who is named for a party today, as the scope asks: only as long as they are a member of the place, too."""

from collections.abc import Iterable

from accounts.permissions import Standing
from compacts.models import PartyMember
from trusts.scope import Scope, Stands, register_standings


def register() -> None:
    register_standings(standings_of)


def standings_of(scope: Scope) -> Iterable[Stands]:
    named = PartyMember.objects.held_on(scope.day).filter(user_id=scope.user_id)
    places = set(named.values_list("party__compact__partnership_id", "party__compact__trust_id"))
    for partnership_id, trust_id in places:
        if trust_id is None and partnership_id in scope.partnership_ids:
            yield Stands(Standing.COMPACT_MEMBER, None, partnership_id)
        elif trust_id in scope.trust_ids:
            yield Stands(Standing.TRUST_COMPACT_MEMBER, trust_id, partnership_id)
