"""What is computed for a scope. An upper room registers its kinds when Django starts; this room knows no domain."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ImproperlyConfigured

Scope = tuple[str, int]


def _none(_scope_id: int) -> Iterable[Scope]:
    return ()


def _unlisted() -> Iterable[int]:
    return ()


@dataclass(frozen=True)
class Kind:
    """A kind of scope, and how its dashboard is computed.

    `compute` reads the facts and returns what can be written as JSON, or None when the scope no longer exists. It runs
    in a REPEATABLE READ transaction: all its queries see the same moment. It must write nothing.
    `parents` gives the scopes whose roll-up shows this one; they are recomputed when its body has changed.
    `children` gives the scopes that this one rolls up: it is being brought up to date while one of them is.
    `scopes` lists every id there is, so that an operator can have all of them recomputed.
    """

    name: str
    rules: str
    compute: Callable[[int], dict[str, Any] | None]
    parents: Callable[[int], Iterable[Scope]] = _none
    children: Callable[[int], Iterable[Scope]] = _none
    scopes: Callable[[], Iterable[int]] = _unlisted


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    if _kinds.get(kind.name, kind) != kind:
        raise ImproperlyConfigured(f"Two computations are registered for {kind.name!r}.")
    _kinds[kind.name] = kind


def unregister(name: str) -> None:
    """Take a kind out again; tests that bring their own kinds do this."""
    _kinds.pop(name, None)


def registered(name: str) -> Kind | None:
    return _kinds.get(name)


def names() -> tuple[str, ...]:
    return tuple(_kinds)
