"""A record's history in plain words, from the events that the database keeps of every tracked model.

Rooms above register by which names a record's people are called, which tables are part of a record and how their
changes are said, and where the page of a record's history leads back to.
"""

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db.models import Field, ForeignKey, Model

from accounts.models import User
from ui import words
from ui.history import Change, Entry, newest_first

Names = Callable[[Any, Collection[int]], dict[int, str]]
Way = tuple[list[tuple[str, str]], str]

THE_SYSTEM = "The system"
NO_LONGER_HERE = "one that is no longer here"
SAVED_AGAIN = "Saved without a change of its facts"
NOT_SHOWN = "Changed facts that only its trust sees"
_UNTOLD = frozenset({"version", "position"})
_LONG = 60
_TOO_HIGH = 2**63


@dataclass(frozen=True)
class Said:
    """One change in a room's own words. Without a sentence the change is not told. `why` goes before the reason that
    the act was given."""

    sentence: str
    changes: tuple[Change, ...] = ()
    why: str = ""


Tell = Callable[[Any, Any, tuple[Change, ...]], Said | None]


@dataclass(frozen=True)
class Part:
    """A table whose rows say something about a record, like the objectives that a value stream serves."""

    model: type[Model]
    parent: str
    called: str
    tell: Tell | None
    with_: tuple[str, ...]
    only: dict[str, Any]


_names: list[Names] = []
_parts: dict[type[Model], list[Part]] = {}
_ways: dict[type[Model], Callable[[Any], Way]] = {}


def register_names(names: Names) -> None:
    """How people are called in a record's history: `names(record, user_ids)`. The last to register decides."""
    _names.append(names)


def register_parts(
    model: type[Model],
    part: type[Model],
    parent: str,
    *,
    called: str = "",
    tell: Tell | None = None,
    with_: tuple[str, ...] = (),
    **only: Any,
) -> None:
    """That the rows of `part` belong into the history of the record to which their foreign key `parent` points.

    called: the field by whose value a row is known. tell: says a change in the room's own words, from the event before
    (None: the row is new), the event itself and the facts that differ; None leaves the words to this module. with_: the
    foreign keys that `tell` reads. only: which rows belong.
    """
    _parts.setdefault(model, []).append(Part(part, parent, called, tell, with_, only))


def register_way(kind: type[Model], way: Callable[[Any], Way]) -> None:
    """Where the history of such a record leads back to: breadcrumbs as (text, address), and its menu item's key."""
    _ways[kind] = way


def way_back(record: Any) -> Way:
    """Breadcrumbs and menu item of the page of a record's history."""
    return next((way(record) for kind, way in _ways.items() if isinstance(record, kind)), ([], ""))


def parents_to_tell(model: type[Model]) -> tuple[str, ...]:
    """The foreign keys that a room's words for the model read."""
    return next((part.with_ for parts in _parts.values() for part in parts if part.model is model), ())


def is_tracked(model: type[Model]) -> bool:
    try:
        return model._meta.get_field("events").one_to_many is True
    except FieldDoesNotExist:
        return False


def history(record: Any) -> list[Entry]:
    """Every change of the record, newest first, in a number of queries that does not grow with the changes."""
    model = type(record)
    own = _events(model, pgh_obj_id=record.pk)
    parts = [(part, _events_of(part, record)) for part in _parts.get(model, [])]
    telling = Telling(record, [(model, own), *((part.model, events) for part, events in parts)])
    entries = telling.of_record(model, own)
    for part, events in parts:
        entries += telling.of_part(part, events)
    # All changes of one transaction have the same time: among them the later one comes first too.
    return newest_first(reversed(entries))


def _events(model: type[Model], **of: int) -> list[Any]:
    event: Any = model._meta.get_field("events").related_model
    return list(event.objects.filter(**of).select_related("pgh_context").order_by("pgh_id"))


def _events_of(part: Part, record: Any) -> list[Any]:
    event: Any = part.model._meta.get_field("events").related_model
    found = event.objects.filter(**{f"{part.parent}_id": record.pk}, **part.only)
    return list(found.select_related("pgh_context", *part.with_).order_by("pgh_id"))


def _told(model: type[Model], shown: Collection[str] | None = None) -> list[Field]:
    """The fields whose changes are told, of the `shown` ones where only some are; a date's precision goes with it."""
    return [
        field
        for field in model._meta.concrete_fields
        if not (field.primary_key or field.name in _UNTOLD or field.name.endswith("_precision"))
        and (shown is None or field.name in shown)
    ]


class Telling:
    """Turns events into entries once the names of everything they point to were fetched in bulk.

    shown: of which models only some fields are told, to somebody who may not see the others.
    """

    def __init__(
        self,
        record: Any,
        kinds: Iterable[tuple[type[Model], list[Any]]],
        shown: Mapping[type[Model], Collection[str]] | None = None,
    ) -> None:
        self.shown = shown or {}
        people: set[int] = set()
        others: dict[type[Model], set[int]] = {}
        for model, events in kinds:
            people |= {actor for event in events if (actor := actor_of(event))}
            for field in self._told(model):
                if isinstance(field, ForeignKey):
                    target: Any = field.related_model
                    ids = {key for event in events if (key := getattr(event, field.attname, None)) is not None}
                    (people if target is User else others.setdefault(target, set())).update(ids)
        self.people = _people(record, people) if people else {}
        self.others = {model: _called(record, model, ids) for model, ids in others.items() if ids}

    def _told(self, model: type[Model]) -> list[Field]:
        return _told(model, self.shown.get(model))

    def of_record(self, model: type[Model], events: list[Any]) -> list[Entry]:
        entries, before = [], None
        for event in events:
            if event.pgh_label == "insert":
                entries.append(self._entry(event, f"Recorded this {model._meta.verbose_name}", icon="done"))
            elif event.pgh_label == "delete":
                entries.append(self._entry(event, f"Removed this {model._meta.verbose_name}", icon="info"))
            elif before is not None and (changes := self._changes(model, before, event)):
                sentence, listed = _said(changes)
                entries.append(self._entry(event, sentence, listed))
            before = event
        return entries

    def of_part(self, part: Part, events: list[Any]) -> list[Entry]:
        latest: dict[int, Any] = {}
        entries = []
        for event in events:
            before = latest.get(event.pgh_obj_id)
            latest[event.pgh_obj_id] = event
            said = self._part_said(part, before, event)
            if said.sentence:
                icon = {"insert": "done", "delete": "info"}.get(event.pgh_label, "corrected")
                entry = self._entry(event, said.sentence, said.changes, icon=icon, why=said.why)
                entries.append(replace(entry, row=f"{part.model._meta.model_name}-{event.pgh_obj_id}"))
        return entries

    def of_any(self, model: type[Model], before: Any, event: Any) -> Entry:
        """One event beside its record's name, in the words of its room or of this module."""
        part = next((part for parts in _parts.values() for part in parts if part.model is model), None)
        changes = self._facts(model, before, event)
        said = None
        above: list[Any] = [model._meta.get_field(name) for name in part.with_] if part else []
        if part and part.tell and all(key.is_cached(event) for key in above):
            said = part.tell(before, event, changes)
        if not (said and said.sentence):
            said = self._plainly(model, event, changes)
        entry = self._entry(event, said.sentence, said.changes, why=said.why)
        # A reason may speak of what is not shown.
        return replace(entry, why="") if model in self.shown else entry

    def _plainly(self, model: type[Model], event: Any, changes: tuple[Change, ...]) -> Said:
        whole = {"insert": "Recorded", "delete": "Removed"}.get(event.pgh_label)
        if whole is None and not changes:
            whole = NOT_SHOWN if model in self.shown else SAVED_AGAIN
        return Said(whole, changes) if whole else Said(*_said(list(changes)))

    def called(self, model: type[Model], name: str, event: Any) -> str:
        """The value by which a row is known, as the event has it."""
        field: Any = model._meta.get_field(name)
        return self._value(model, field, event) or ""

    def _part_said(self, part: Part, before: Any, event: Any) -> Said:
        """What became of a row: added, changed or taken away, with the facts that it had or that differ."""
        kind = part.model._meta.verbose_name
        changes = self._facts(part.model, before, event, but=(part.parent, part.called))
        if not changes and event.pgh_label == "update" and before is not None:
            return Said("")
        if part.tell and (own := part.tell(before, event, changes)):
            return own
        verb = {"insert": "Added", "delete": "Took away"}.get(event.pgh_label, "Changed")
        if part.called:
            named: Any = part.model._meta.get_field(part.called)
            called = self._value(part.model, named, event)
            return Said(f"{verb} {kind}: {called}", changes)
        if event.pgh_label == "update":
            return Said(f"{verb} {kind}", changes)
        # The same words twice, like a post and a person known by it, say nothing new.
        facts = dict.fromkeys(change.before or change.after or "" for change in changes)
        return Said(f"{verb} {kind}: {'; '.join(facts)}")

    def _facts(self, model: type[Model], before: Any, event: Any, but: tuple[str, ...] = ()) -> tuple[Change, ...]:
        """What differs; or all that a row began or ended with, `but` for what its sentence says."""
        if event.pgh_label == "update" and before is not None:
            return tuple(self._changes(model, before, event))
        had = [
            (each, said)
            for each in self._told(model)
            if each.name not in but
            and getattr(event, each.attname, None) is not False
            and (said := self._value(model, each, event))
        ]
        gone = event.pgh_label == "delete"
        return tuple(Change(_heading(each), said if gone else None, None if gone else said) for each, said in had)

    def _entry(
        self, event: Any, sentence: str, changes: tuple[Change, ...] = (), icon: str = "corrected", why: str = ""
    ) -> Entry:
        actor = actor_of(event)
        who = self.people.get(actor, "Somebody whose account was removed") if actor else THE_SYSTEM
        told = event.pgh_context.metadata if event.pgh_context else {}
        return Entry(event.pgh_created_at, who, sentence, changes, why=why or str(told.get("reason") or ""), icon=icon)

    def _changes(self, model: type[Model], before: Any, after: Any) -> list[Change]:
        changes = []
        for field in self._told(model):
            was, now = self._value(model, field, before), self._value(model, field, after)
            if was != now:
                changes.append(Change(_heading(field), was, now))
        return changes

    def _value(self, model: type[Model], field: Field, event: Any) -> str | None:
        """What the page says for a field's value in an event; None when it had none."""
        value = getattr(event, field.attname, None)
        if value is None or value == "":
            return None
        if isinstance(field, ForeignKey):
            target: Any = field.related_model
            names = self.people if target is User else self.others.get(target, {})
            return names.get(value, NO_LONGER_HERE)
        if field.choices:
            return str(dict(field.flatchoices).get(value, value))
        if isinstance(value, bool):
            return "yes" if value else "no"
        if isinstance(value, dt.datetime):
            return words.moment(value)
        if isinstance(value, dt.date):
            return words.partial_date(value, getattr(event, f"{field.name}_precision", "day"))
        if isinstance(value, Decimal | int | float):
            return words.number(value)
        return str(value)


def _heading(field: Field) -> str:
    return words.sentence(str(field.verbose_name))


def actor_of(event: Any) -> int | None:
    """Who did it, as the act said of itself: anything but an account's number names nobody (docs/adr/0005)."""
    said = event.pgh_context.metadata.get("user") if event.pgh_context else None
    return said if isinstance(said, int) and 0 < said < _TOO_HIGH else None


def _people(record: Any, user_ids: set[int]) -> dict[int, str]:
    if _names:
        return _names[-1](record, user_ids)
    return {user.pk: str(user) for user in User.objects.filter(pk__in=user_ids)}


def _called(record: Any, model: type[Model], ids: set[int]) -> dict[int, str]:
    """Names of the records that a history points to; those of another trust are never named."""
    found: Any = model._default_manager.filter(pk__in=ids).select_related()
    trust_id = getattr(record, "trust_id", None)
    if trust_id is not None and hasattr(found, "in_trusts"):
        found = found.in_trusts(frozenset({trust_id}))
    return {row.pk: str(row) for row in found}


def _said(changes: list[Change]) -> tuple[str, tuple[Change, ...]]:
    """One short change is a sentence; more of them, or long texts, are listed below it."""
    only, called = changes[0], _inside(changes[0].what)
    if len(changes) == 1 and max(len(only.before or ""), len(only.after or "")) <= _LONG:
        if only.before is None:
            return f"Set {called} to {only.after}", ()
        if only.after is None:
            return f"Removed {called}, which was {only.before}", ()
        return f"Changed {called} from {only.before} to {only.after}", ()
    return f"Changed {words.listing([_inside(change.what) for change in changes])}", tuple(changes)


def _inside(name: str) -> str:
    """A field's name within a sentence; ODS code stays ODS code."""
    return name if name[:2].isupper() else name[:1].lower() + name[1:]
