"""What pages and the API read: the stored dashboard of a scope, and whether it is the newest there can be."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, reduce
from operator import or_
from typing import Any

from django.db.models import DurationField, ExpressionWrapper, Max, Min, Q
from django.db.models.functions import Now

from snapshots.models import GONE, ChangeMark, Snapshot, Trouble
from snapshots.registry import Scope, registered


@dataclass(frozen=True)
class Stored:
    """One computed dashboard. `text` is its JSON as it was written; `body` reads it the first time it is asked for."""

    kind: str
    scope_id: int
    version: int
    computed_at: datetime
    rules: str
    text: str

    @cached_property
    def body(self) -> dict[str, Any]:
        return json.loads(self.text)

    @property
    def etag(self) -> str:
        return etag(self.version)


@dataclass(frozen=True)
class Freshness:
    """Whether the stored dashboard shows every fact. `version` is 0 and `computed_at` None before the first one."""

    version: int
    computed_at: datetime | None
    updating: bool
    newest_mark_at: datetime | None
    set_aside: bool


def etag(version: int) -> str:
    return f'"{version}"'


def latest(kind: str, scope_id: int) -> Stored | None:
    return latest_many(kind, [scope_id]).get(scope_id)


def latest_many(kind: str, scope_ids: Iterable[int]) -> dict[int, Stored]:
    """The stored dashboards by scope id, in one query; a scope without one is not in the answer.

    Nor is one that other rules computed: after an upgrade pages say that it is being brought up to date, and do not
    read figures that mean something else.
    """
    rows = Snapshot.objects.filter(kind=kind, scope_id__in=list(scope_ids)).exclude(body=GONE)
    if registration := registered(kind):
        rows = rows.filter(rules=registration.rules)
    return {
        row.scope_id: Stored(row.kind, row.scope_id, row.version, row.computed_at, row.rules, row.body) for row in rows
    }


def freshness(kind: str, scope_id: int) -> Freshness:
    return freshness_many(kind, [scope_id])[scope_id]


def freshness_many(kind: str, scope_ids: Iterable[int]) -> dict[int, Freshness]:
    """The freshness of each scope, in three queries and those that find the children of the kind."""
    ids = list(scope_ids)
    registration = registered(kind)
    shown = {
        scope_id: [(kind, scope_id), *(registration.children(scope_id) if registration else ())] for scope_id in ids
    }
    everything = {scope for scopes in shown.values() for scope in scopes}
    snapshots = {
        scope_id: (version, computed_at)
        for scope_id, version, computed_at in Snapshot.objects.filter(kind=kind, scope_id__in=ids).values_list(
            "scope_id", "version", "computed_at"
        )
    }
    marked: dict[Scope, datetime] = {}
    set_aside: set[Scope] = set()
    if everything:
        chosen = within(everything)
        marks = ChangeMark.objects.filter(chosen).values_list("kind", "scope_id").annotate(newest=Max("at"))
        marked = {(of_kind, of_id): newest for of_kind, of_id, newest in marks}
        set_aside = set(
            Trouble.objects.filter(chosen, set_aside_at__isnull=False).values_list("kind", "scope_id"),
        )
    answers = {}
    for scope_id, scopes in shown.items():
        version, computed_at = snapshots.get(scope_id, (0, None))
        answers[scope_id] = Freshness(
            version=version,
            computed_at=computed_at,
            updating=any(scope in marked and scope not in set_aside for scope in scopes),
            newest_mark_at=max((marked[scope] for scope in scopes if scope in marked), default=None),
            set_aside=any(scope in set_aside for scope in scopes),
        )
    return answers


def within(scopes: Iterable[Scope]) -> Q:
    """The rows of these scopes, in any table of this room."""
    by_kind: dict[str, list[int]] = {}
    for kind, scope_id in scopes:
        by_kind.setdefault(kind, []).append(scope_id)
    return reduce(or_, (Q(kind=kind, scope_id__in=ids) for kind, ids in by_kind.items()))


def oldest_mark_age() -> float:
    """Seconds since the oldest change that no dashboard shows yet; zero when every one is up to date."""
    waited = ExpressionWrapper(Now() - Min("at"), output_field=DurationField())
    age = ChangeMark.objects.aggregate(age=waited)["age"]
    return max(0.0, age.total_seconds()) if age else 0.0
