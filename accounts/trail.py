"""The audit trail as one list: every event that a place may see, newest first, some at a time (docs/adr/0013).

A place is a trust, or what administrators look after. Rooms register for each which tables belong to it, and by what
chain of foreign keys: the chain is walked through the events themselves, so that what was deleted is found too. No page
moves a record from one trust to another.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from django.conf import settings
from django.db.models import F, Model, OuterRef, Q, QuerySet, Subquery, Value

from accounts.history import Telling, actor_of, parents_to_tell
from accounts.models import AccessEvent, User
from ui.history import Entry
from ui.words import sentence

NOBODY = "nobody"
"""Asks for the events that name nobody: the system's, and those of an act at the database."""
A_PAGE = 50
_AT_ONCE = 500


@dataclass(frozen=True)
class Kind:
    """A table of the trail. `parent` is the foreign key towards the place; "" the place's own row; None: every row.

    called: the field by whose value a row is known. shown: the only fields that are told, where not all may be.
    """

    model: type[Model]
    parent: str | None
    called: str
    name: str
    shown: frozenset[str] | None = None
    only: dict[str, Any] = field(default_factory=dict)

    at = "pgh_created_at"
    number = "pgh_id"
    record = "pgh_obj_id"

    @property
    def key(self) -> str:
        return self.model._meta.label_lower

    @property
    def events(self) -> Any:
        tracked: Any = self.model._meta.get_field("events").related_model
        return tracked.objects

    def of_person(self, person: int | str) -> Q:
        if person == NOBODY:
            return Q(pgh_context__isnull=True) | Q(pgh_context__metadata__user__isnull=True)
        return Q(pgh_context__metadata__user=person)


class OwnTrail(Kind):
    """A table that is itself a trail, with other columns: its rows say what they tell."""

    def in_bulk(self, numbers: Collection[int]) -> dict[int, Any]:
        return self.events.in_bulk(numbers)  # type: ignore[no-any-return]

    def line(self, event: Any) -> "Line":
        raise NotImplementedError


class Accesses(OwnTrail):
    """Who came in, was kept out, or changed how they come in."""

    at = "at"
    number = "pk"
    record = "user_id"

    @property
    def events(self) -> Any:
        return AccessEvent.objects

    def of_person(self, person: int | str) -> Q:
        return Q(user__isnull=True) if person == NOBODY else Q(user_id=person) | Q(by_id=person)

    def in_bulk(self, numbers: Collection[int]) -> dict[int, Any]:
        return self.events.select_related("user", "by").in_bulk(numbers)  # type: ignore[no-any-return]

    def line(self, event: AccessEvent) -> "Line":
        return _access(self, event)


class Register:
    """The tables that one sort of place may see."""

    def __init__(self) -> None:
        self.kinds: dict[str, Kind] = {}

    def add(
        self,
        model: type[Model],
        parent: str | None,
        *,
        called: str,
        name: str = "",
        shown: Collection[str] | None = None,
        **only: Any,
    ) -> None:
        said = name or sentence(str(model._meta.verbose_name))
        kind = Kind(model, parent, called, said, frozenset(shown) if shown else None, only)
        self.kinds[kind.key] = kind

    def within(self, kind: Kind, ids: Collection[int]) -> QuerySet:
        """The events of the table that belong to the places with these ids."""
        rows = kind.events.filter(**kind.only)
        if kind.parent is None:
            return rows
        if not kind.parent:
            return rows.filter(pgh_obj_id__in=ids)
        of: Any = kind.model._meta.get_field(kind.parent)
        above = self.kinds.get(of.related_model._meta.label_lower)
        inside = ids if above is None or not above.parent else self.within(above, ids).values("pgh_obj_id")
        return rows.filter(**{f"{kind.parent}_id__in": inside})


OF_TRUSTS = Register()
OF_SET_UP = Register()
OF_SET_UP.kinds["accounts.accessevent"] = Accesses(AccessEvent, None, "user", "Sign-in")


@dataclass(frozen=True)
class Place:
    """Whose trail is read. `record` decides by which names people are called (accounts.history.register_names)."""

    register: Register
    ids: frozenset[int]
    record: Any = None

    @property
    def kinds(self) -> list[Kind]:
        return sorted(self.register.kinds.values(), key=lambda kind: kind.name)


@dataclass(frozen=True)
class Spot:
    """Where a page ended: events of one transaction share their time, so the table and the number decide."""

    at: dt.datetime
    key: str
    number: int

    def __str__(self) -> str:
        return f"{self.at.isoformat()}~{self.key}~{self.number}"

    @classmethod
    def read(cls, text: str) -> "Spot | None":
        try:
            at, key, number = text.split("~")
            spot = cls(dt.datetime.fromisoformat(at), key, int(number))
        except ValueError:
            return None
        return spot if spot.at.tzinfo and 0 <= spot.number < 2**63 else None

    def later_ones(self, kind: Kind) -> Q:
        """What a list, newest first, shows of the table after this spot."""
        older, same = Q(**{f"{kind.at}__lt": self.at}), Q(**{kind.at: self.at})
        if kind.key == self.key:
            return older | same & Q(**{f"{kind.number}__lt": self.number})
        return older | same if kind.key > self.key else older


@dataclass(frozen=True)
class Asked:
    """What the reader asked for; nothing given asks for everything. `until` is left out itself."""

    person: int | str | None = None
    kind: str = ""
    record: int | None = None
    since: dt.datetime | None = None
    until: dt.datetime | None = None
    after: Spot | None = None

    def of(self, kind: Kind, rows: QuerySet) -> QuerySet:
        if self.person is not None:
            rows = rows.filter(kind.of_person(self.person))
        if self.record is not None:
            rows = rows.filter(**{kind.record: self.record})
        if self.since:
            rows = rows.filter(**{f"{kind.at}__gte": self.since})
        if self.until:
            rows = rows.filter(**{f"{kind.at}__lt": self.until})
        return rows.filter(self.after.later_ones(kind)) if self.after else rows


@dataclass(frozen=True)
class Line:
    entry: Entry
    kind: Kind
    record_id: int | None
    record: str
    database_role: str
    first_or_last: bool

    @property
    def whole(self) -> bool:
        """Whether all facts of a row are listed, rather than those that differ."""
        return self.first_or_last and bool(self.entry.changes)


@dataclass(frozen=True)
class Page:
    lines: list[Line]
    ends_at: Spot | None
    """Where the next page goes on; None when there is none."""


def page(place: Place, asked: Asked, size: int = A_PAGE) -> Page:
    """Some lines, in a number of queries that grows neither with the events nor with the lines."""
    found = _find(place, asked, size + 1)
    return Page(_told(place, found[:size]), found[size - 1] if len(found) > size else None)


def lines(place: Place, asked: Asked, most: int) -> Iterator[Line]:
    """The newest `most` lines, fetched some hundred at a time."""
    while most > 0:
        some = page(place, asked, min(_AT_ONCE, most))
        yield from some.lines
        most -= len(some.lines)
        if some.ends_at is None:
            return
        asked = replace(asked, after=some.ends_at)


def _find(place: Place, asked: Asked, most: int) -> list[Spot]:
    """Each table gives its newest, by its index on time; the newest of these are the page's."""
    keys = sorted(place.register.kinds)
    arms = []
    for rank, key in enumerate(keys):
        kind = place.register.kinds[key]
        if asked.kind in ("", key):
            rows = asked.of(kind, place.register.within(kind, place.ids))
            newest = rows.order_by(f"-{kind.at}", f"-{kind.number}")[:most]
            named = newest.annotate(when=F(kind.at), rank=Value(rank), which=F(kind.number))
            arms.append(named.values_list("when", "rank", "which"))
    if not arms:
        return []
    together = arms[0].union(*arms[1:], all=True).order_by("-when", "rank", "-which") if arms[1:] else arms[0]
    return [Spot(at, keys[rank], number) for at, rank, number in together[:most]]


def _told(place: Place, found: list[Spot]) -> list[Line]:
    """The lines in plain words: per table on the page its events and those before them, then all names in bulk."""
    numbers: dict[str, list[int]] = defaultdict(list)
    for spot in found:
        numbers[spot.key].append(spot.number)
    events: dict[str, dict[int, Any]] = {}
    before: dict[str, dict[int, Any]] = {}
    for key, some in numbers.items():
        kind = place.register.kinds[key]
        if isinstance(kind, OwnTrail):
            events[key] = kind.in_bulk(some)
        else:
            events[key] = _with_previous(kind).in_bulk(some)
            earlier = [event.previous for event in events[key].values() if event.previous]
            # Of this place too, so that nothing shows what a row said elsewhere.
            before[key] = place.register.within(kind, place.ids).select_related("pgh_context").in_bulk(earlier)
            _join_parents(kind, [*events[key].values(), *before[key].values()])
    kinds = [place.register.kinds[key] for key in before]
    telling = Telling(
        place.record,
        [(kind.model, [*events[kind.key].values(), *before[kind.key].values()]) for kind in kinds],
        {kind.model: kind.shown for kind in kinds if kind.shown},
    )
    told = []
    for spot in found:
        kind, event = place.register.kinds[spot.key], events[spot.key][spot.number]
        if isinstance(kind, OwnTrail):
            told.append(kind.line(event))
        else:
            told.append(_line(kind, event, before[spot.key].get(event.previous), telling))
    return told


def _with_previous(kind: Kind) -> QuerySet:
    same = kind.events.filter(pgh_obj_id=OuterRef("pgh_obj_id"), pgh_id__lt=OuterRef("pgh_id"))
    previous = Subquery(same.order_by("-pgh_id").values("pgh_id")[:1])
    return kind.events.select_related("pgh_context").annotate(previous=previous)  # type: ignore[no-any-return]


def _join_parents(kind: Kind, events: list[Any]) -> None:
    """What the room's words ask of the row above, as it is or, when it is gone, as its last event left it."""
    for name in parents_to_tell(kind.model):
        of: Any = kind.model._meta.get_field(name)
        ids = {getattr(event, of.attname) for event in events}
        rows = of.related_model._default_manager.in_bulk(ids)
        tracked = of.related_model._meta.get_field("events").related_model
        gone = tracked.objects.filter(pgh_obj_id__in=ids - rows.keys())
        for last in gone.order_by("pgh_obj_id", "-pgh_id").distinct("pgh_obj_id"):
            facts = {fact.attname: getattr(last, fact.attname) for fact in of.related_model._meta.concrete_fields}
            rows[last.pgh_obj_id] = of.related_model(**facts)
        for event in events:
            if row := rows.get(getattr(event, of.attname)):
                setattr(event, name, row)


def _line(kind: Kind, event: Any, before: Any, telling: Telling) -> Line:
    entry = telling.of_any(kind.model, before, event)
    role = str((event.pgh_context.metadata if event.pgh_context else {}).get("database_role") or "")
    if actor_of(event) is None and role != settings.DATABASES["default"].get("USER"):
        entry = replace(entry, who=f"Somebody at the database, as {role or 'a role that is not known'}")
    called = telling.called(kind.model, kind.called, event)
    return Line(entry, kind, event.pgh_obj_id, called, role, event.pgh_label != "update")


_HELPED: dict[str, str] = {
    AccessEvent.Kind.SECOND_FACTOR_CLEARED: "Took away the lost second factor of {whose}",
    AccessEvent.Kind.LET_TRY_AGAIN: "Let {whose} try again after too many wrong passwords",
}
"""What one person did for another who was kept out: the helper's act, told under the helper's name."""


def _access(kind: Kind, event: AccessEvent) -> Line:
    whose = _address_of(event.user_id, event.user) or "No account of ours"
    who = _address_of(event.by_id, event.by) or whose
    words = _HELPED[event.kind].format(whose=whose) if event.kind in _HELPED else sentence(event.get_kind_display())
    words += f", from {event.address}" if event.address else ""
    return Line(Entry(event.at, who, words, why=event.reason), kind, event.user_id, whose, "", False)


def _address_of(user_id: int | None, user: User | None) -> str:
    """Empty for nobody; the account may be gone while what was written of it stays."""
    return user.email if user else "An account that is no longer here" if user_id else ""
