"""What a person may see and do today, from the memberships they hold and the table of permissions."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.utils import timezone

from accounts.permissions import (
    BY_SEAT,
    BY_STANDING,
    GRANTS,
    NEEDS_A_STANDING_ASKED,
    Permission,
    Reach,
    Role,
    SeatRole,
    Standing,
)
from trusts.models import Membership


@dataclass(frozen=True)
class Held:
    """One role that the person holds today; `trust_id` is None for a role of the partnership."""

    role: Role
    trust_id: int | None
    partnership_id: int
    trust_name: str = ""
    ods_code: str = ""

    @property
    def words(self) -> str:
        """The role and where it is held: "KPO facilitator, Leeds"."""
        return f"{self.role.label}, {self.trust_name}" if self.trust_name else self.role.label

    @property
    def grants(self) -> dict[Permission, Reach]:
        return GRANTS[self.role]


@dataclass(frozen=True)
class Stands:
    """What the person is named for today, at a trust or (`trust_id` None) in the partnership."""

    standing: Standing
    trust_id: int | None
    partnership_id: int

    @property
    def grants(self) -> dict[Permission, Reach]:
        return BY_STANDING[self.standing]


@dataclass(frozen=True)
class Seated:
    """One seat that the person holds today, at a board of a trust or, `trust_id` being None, of the partnership."""

    role: SeatRole
    board_id: int
    trust_id: int | None
    partnership_id: int
    words: str

    @property
    def grants(self) -> dict[Permission, Reach]:
        return BY_SEAT[self.role]


Standings = Callable[["Scope"], Iterable[Stands | Seated]]
_standings: list[Standings] = []


def register_standings(of: Standings) -> None:
    """How a room above says what a person is named for, or sits at, in it on the scope's day, to be asked only where it
    matters."""
    _standings.append(of)


@dataclass(frozen=True)
class Scope:
    """The person's memberships of one day, and the questions that views ask of them."""

    user_id: int
    held: tuple[Held, ...]
    day: date

    @classmethod
    def of(cls, user: Any, *, on: date | None = None) -> "Scope":
        """The scope of a signed-in user; somebody who is not signed in holds nothing."""
        day = on or timezone.localdate()
        if not user.is_authenticated:
            return cls(user_id=0, held=(), day=day)
        memberships = Membership.objects.held_on(day).filter(user=user)
        return cls(
            user_id=user.pk,
            day=day,
            held=tuple(
                Held(Role(role), trust_id, partnership_id, trust_name or "", ods_code or "")
                for role, trust_id, partnership_id, trust_name, ods_code in memberships.order_by(
                    "starts", "pk"
                ).values_list("role", "trust_id", "partnership_id", "trust__short_name", "trust__ods_code")
            ),
        )

    @property
    def trust_ids(self) -> frozenset[int]:
        """The trusts whose records the person may see: never more than where a role says so."""
        return frozenset(
            held.trust_id
            for held in self.held
            if held.trust_id is not None and Permission.SEE_TRUST in GRANTS[held.role]
        )

    @property
    def partnership_ids(self) -> frozenset[int]:
        return frozenset(held.partnership_id for held in self.held)

    @property
    def roles(self) -> tuple[Role, ...]:
        return tuple(held.role for held in self.held)

    @cached_property
    def standings(self) -> tuple[Stands | Seated, ...]:
        """What the person is named for, and their seats; nobody who is not signed in is named for anything."""
        return tuple(stands for of in _standings for stands in of(self)) if self.user_id else ()

    @property
    def seats(self) -> tuple[Seated, ...]:
        """The seats that the person holds at boards on that day."""
        return tuple(stands for stands in self.standings if isinstance(stands, Seated))

    def _holdings(self, permission: Permission) -> Iterator[Held | Stands | Seated]:
        """What could grant it: roles first, and only where they do not say everything what the person is named for."""
        yield from self.held
        if permission in NEEDS_A_STANDING_ASKED:
            yield from self.standings

    def may(self, permission: Permission) -> bool:
        """Whether the person holds the permission anywhere."""
        return any(permission in holding.grants for holding in self._holdings(permission))

    def may_at(self, permission: Permission, record: Any) -> bool:
        """Whether the person may do it with this record of a trust (anything with a `trust_id`) or of a board (with
        a `board_id` and a `partnership_id`).

        A grant that reaches own records only asks the record itself: `record.is_of(user_id)`.
        """
        return any(
            self._allows(holding, permission, record)
            for holding in self._holdings(permission)
            if holding.trust_id == record.trust_id
        )

    def _allows(self, holding: Held | Stands | Seated, permission: Permission, record: Any) -> bool:
        match holding.grants.get(permission):
            case Reach.OWN_TRUST:
                return True
            case Reach.OWN_RECORDS:
                return hasattr(record, "is_of") and record.is_of(self.user_id)
            case Reach.OWN_BOARD:
                return isinstance(holding, Seated) and holding.board_id == getattr(record, "board_id", None)
            case Reach.BOARDS:
                return hasattr(record, "board_id") and holding.partnership_id == record.partnership_id
            case _:
                return False

    def trusts_where(self, permission: Permission) -> frozenset[int]:
        """The trusts in which the person holds the permission for every record."""
        return frozenset(
            holding.trust_id
            for holding in self._holdings(permission)
            if holding.trust_id is not None and holding.grants.get(permission) is Reach.OWN_TRUST
        )

    def partnerships_where(self, permission: Permission, how_far: Reach = Reach.PARTNERSHIP) -> frozenset[int]:
        """The partnerships in which the person holds a permission that reaches so far: all of it, or its boards."""
        return frozenset(
            holding.partnership_id
            for holding in self._holdings(permission)
            if holding.grants.get(permission) is how_far
        )

    def boards_where(self, permission: Permission) -> frozenset[int]:
        """The boards at which a seat gives the person the permission."""
        return frozenset(seat.board_id for seat in self.seats if permission in seat.grants)

    def permissions_at(self, record: Any) -> frozenset[Permission]:
        """Everything the person may do with the record, for a page to decide which buttons to show."""
        return frozenset(permission for permission in Permission if self.may_at(permission, record))


def scope_of(user: Any) -> Scope:
    """The scope of a request's user, asked of the database once for the request: the menu and the view share it."""
    if not user.is_authenticated:
        return Scope.of(user)
    scope = getattr(user, "scope_today", None)
    if scope is None:
        scope = user.scope_today = Scope.of(user)
    return scope
