"""A write of facts that a value stream's dashboard shows: done whole, audited, and told to the worker on commit."""

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from accounts.audit import action
from snapshots.signals import facts_changed
from trusts.models import ValueStream

P = ParamSpec("P")
R = TypeVar("R")


def announced(write: Callable[P, R]) -> Callable[P, R]:
    """An action whose facts the value stream's dashboard shows: the worker hears of the change on commit.

    The value stream is found from the arguments, so that no action can tell of another one or forget to tell.
    """
    acted = action(write)

    @wraps(write)
    def act(*args: P.args, **kwargs: P.kwargs) -> R:
        scope_id = _value_stream_of(kwargs)
        result = acted(*args, **kwargs)
        facts_changed.send(sender=write, kind="value_stream", scope_id=scope_id)
        return result

    return act


def _value_stream_of(given: dict[str, Any]) -> int:
    """The id of the value stream that an action's keyword arguments belong to."""
    for value in given.values():
        if isinstance(value, ValueStream):
            return value.pk
        if (found := getattr(value, "value_stream_id", None)) is not None:
            return found
    raise TypeError("An announced action names the value stream, or a record of one.")
