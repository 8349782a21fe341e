"""What pages and the API read: the stored dashboard of a scope, and whether it is the newest there can be."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django.db import connection
from django.db.models import DurationField, ExpressionWrapper, Min
from django.db.models.functions import Now

from snapshots.models import GONE, ChangeMark, Snapshot
from snapshots.registry import registered


@dataclass(frozen=True)
class Version:
    """Which of a scope's dashboards it is. A restored database may give a number again, but not at the same moment."""

    kind: str
    scope_id: int
    version: int
    computed_at: datetime
    rules: str

    @property
    def etag(self) -> str:
        return etag(self.version)


@dataclass(frozen=True)
class Stored(Version):
    """One computed dashboard. `text` is its JSON as it was written; `body` reads it the first time it is asked for."""

    text: str

    @cached_property
    def body(self) -> dict[str, Any]:
        return json.loads(self.text)


@dataclass(frozen=True)
class Freshness:
    """Whether the stored dashboard shows every fact. `stored` is None, and `version` 0, before the first one."""

    stored: Version | None
    updating: bool
    newest_mark_at: datetime | None
    set_aside: bool

    @property
    def version(self) -> int:
        return self.stored.version if self.stored else 0


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
    """In one query, which every page of a dashboard asks, and that which finds the children of the kind."""
    registration = registered(kind)
    shown = ((kind, scope_id), *(registration.children(scope_id) if registration else ()))
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT 'stored', kind, scope_id, version, computed_at, rules
            FROM snapshots_snapshot WHERE kind = %(kind)s AND scope_id = %(scope_id)s
            UNION ALL
            SELECT 'marked', kind, scope_id, NULL, max(at), NULL
            FROM snapshots_changemark WHERE (kind, scope_id) IN %(shown)s GROUP BY kind, scope_id
            UNION ALL
            SELECT 'set aside', kind, scope_id, NULL, NULL, NULL
            FROM snapshots_trouble WHERE (kind, scope_id) IN %(shown)s AND set_aside_at IS NOT NULL
            """,
            {"kind": kind, "scope_id": scope_id, "shown": shown},
        )
        rows = cursor.fetchall()
    stored = next((Version(*facts) for what, *facts in rows if what == "stored"), None)
    marked = {(of_kind, of_id): at for what, of_kind, of_id, _version, at, _rules in rows if what == "marked"}
    set_aside = {(of_kind, of_id) for what, of_kind, of_id, *_rest in rows if what == "set aside"}
    return Freshness(
        stored=stored,
        updating=any(scope not in set_aside for scope in marked),
        newest_mark_at=max(marked.values(), default=None),
        set_aside=bool(set_aside),
    )


def oldest_mark_age() -> float:
    """Seconds since the oldest change that no dashboard shows yet; zero when every one is up to date."""
    waited = ExpressionWrapper(Now() - Min("at"), output_field=DurationField())
    age = ChangeMark.objects.aggregate(age=waited)["age"]
    return max(0.0, age.total_seconds()) if age else 0.0
