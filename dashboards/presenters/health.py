"""Dashboards that could not be computed, in an administrator's words: whose, and the kind of error. No figure."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from snapshots.models import Trouble
from snapshots.registry import Scope
from trusts.models import Partnership, Trust, ValueStream

Names = Callable[[list[int]], Mapping[int, str]]


def _value_streams(ids: list[int]) -> dict[int, str]:
    """By their numbers: what a trust calls its work is its own."""
    rows = ValueStream.objects.filter(pk__in=ids).values_list("pk", "number", "trust__short_name")
    return {pk: f"Value stream {number}, {trust}" for pk, number, trust in rows}


def _trusts(ids: list[int]) -> dict[int, str]:
    return dict(Trust.objects.filter(pk__in=ids).values_list("pk", "short_name"))


def _partnerships(ids: list[int]) -> dict[int, str]:
    return dict(Partnership.objects.filter(pk__in=ids).values_list("pk", "name"))


NAMES: dict[str, Names] = {"value_stream": _value_streams, "trust": _trusts, "partnership": _partnerships}


@dataclass(frozen=True)
class Failing:
    """One dashboard in trouble."""

    pk: int
    kind: str
    name: str
    attempts: int
    error: str
    set_aside_at: datetime | None
    next_attempt_at: datetime


def failing(troubles: Iterable[Trouble]) -> list[Failing]:
    """Those set aside first. An attempt that is only just being made is no trouble yet."""
    told = [one for one in troubles if one.set_aside_at or one.failures or one.attempts > 1]
    names = _names((one.kind, one.scope_id) for one in told)
    rows = [
        Failing(
            one.pk,
            one.kind,
            names.get((one.kind, one.scope_id), f"{one.kind} {one.scope_id}"),
            one.attempts,
            one.error or "Cut short: the worker ended, or the database went away.",
            one.set_aside_at,
            one.next_attempt_at,
        )
        for one in told
    ]
    return sorted(rows, key=lambda row: (row.set_aside_at is None, row.kind, row.name))


def _names(scopes: Iterable[Scope]) -> dict[Scope, str]:
    ids: dict[str, list[int]] = {}
    for kind, scope_id in scopes:
        ids.setdefault(kind, []).append(scope_id)
    return {
        (kind, pk): name for kind, of_kind in ids.items() if kind in NAMES for pk, name in NAMES[kind](of_kind).items()
    }
