"""The people of the example: roles, never named persons, each with an address that cannot exist."""

from dataclasses import dataclass
from datetime import date

from accounts.models import User
from accounts.permissions import TRUST_ROLES, Role
from examples.loading.context import Place
from trusts.models import Membership, Partnership, Trust

_STARTED = date(2015, 9, 1)
_DOMAIN = "example.org"

AT_THE_TGB = {"sensei": "Sensei"}
"""Whom to sign in as, of those who hold a seat and no role: their address, and what they are."""


@dataclass(frozen=True)
class Staff:
    """The people of one trust, by role."""

    by_role: dict[Role, User]

    def __getitem__(self, role: Role) -> User:
        return self.by_role[role]


def address(role: Role, trust: Trust | None = None) -> str:
    """The example's sign-in of a role: facilitator.leeds@example.org, secretariat@example.org."""
    part = role.value.replace("_", "-")
    if trust is None:
        return f"{part}@{_DOMAIN}"
    return f"{part}.{place_of(trust)}@{_DOMAIN}"


def place_of(trust: Trust) -> str:
    """`leeds`: what tells the sign-ins of one trust from another's."""
    return trust.short_name.split()[0].strip(",").lower()


DIRECTOR = f"regional-director@{_DOMAIN}"
"""Of the regulator: in the chair of the TGB, reads what trusts release, agrees for the regulator to the compact."""


def person(role: Role) -> User:
    """Who holds the role in the partnership."""
    return User.objects.get(email=address(role))


def director_of(partnership: Partnership) -> User:
    """The regulator's regional director, made when asked for first."""
    user = User.objects.filter(email=DIRECTOR).first()
    if user is None:
        user = User.objects.create_user(DIRECTOR, password=None, name="Regional director, regulator")
        Membership.objects.create(
            user=user, role=Role.REGULATOR_ANALYST, partnership=partnership, known_as=user.name, starts=_STARTED
        )
    return user


def load_people(partnership: Partnership, places: dict[str, Place]) -> dict[str, Staff]:
    """One person per role: at each trust the trust's roles, in the partnership the others. Nobody has a password."""
    staff = {}
    for abbreviation, place in places.items():
        by_role = {
            role: _person(role, f"{role.label}, {place.trust.short_name}", place.trust)
            for role in Role
            if role in TRUST_ROLES
        }
        staff[abbreviation] = Staff(by_role)
        Membership.objects.bulk_create(
            Membership(
                user=user,
                role=role,
                partnership=partnership,
                trust=place.trust,
                known_as=user.name,
                starts=_STARTED,
            )
            for role, user in by_role.items()
        )
    Membership.objects.bulk_create(
        Membership(user=_person(role, role.label, None), role=role, partnership=partnership, starts=_STARTED)
        for role in Role
        if role not in TRUST_ROLES
    )
    return staff


def seated(name: str) -> str:
    """The sign-in of somebody who only holds a seat: sensei@example.org."""
    return f"{name}@{_DOMAIN}"


def at_the_table(name: str, known_as: str) -> User:
    """Who is known by that address; else somebody without any role, like a regulator's member of the TGB."""
    known = User.objects.filter(email=seated(name)).first()
    return known or User.objects.create_user(seated(name), password=None, name=known_as)


def _person(role: Role, name: str, trust: Trust | None) -> User:
    return User.objects.create_user(address(role, trust), password=None, name=name, is_staff=role is Role.ADMINISTRATOR)
