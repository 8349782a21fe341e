"""What the writes of this room have in common: done whole, audited, versioned, announced to the dashboard."""

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from accounts.audit import action
from rpiws.models import Rpiw
from rpiws.models.of_rpiw import RpiwRecord
from rpiws.models.readings import MeasureRecord
from snapshots.signals import facts_changed
from trusts.models import ValueStream

P = ParamSpec("P")
R = TypeVar("R")
Record = TypeVar("Record", bound=Rpiw | RpiwRecord)


class EditedMeanwhile(Exception):
    """Somebody else has changed the record since the page with the form was shown."""


def announced(write: Callable[P, R]) -> Callable[P, R]:
    """An action whose facts the value stream's dashboard shows: the worker hears of the change on commit.

    The value stream is found from the arguments, so that no action can tell of another one or forget to tell.
    """
    acted = action(write)

    @wraps(write)
    def act(*args: P.args, **kwargs: P.kwargs) -> R:
        scope_id = value_stream_of(kwargs)
        result = acted(*args, **kwargs)
        facts_changed.send(sender=write, kind="value_stream", scope_id=scope_id)
        return result

    return act


def value_stream_of(given: dict[str, Any]) -> int:
    """The id of the value stream that an action's keyword arguments belong to."""
    for value in given.values():
        match value:
            case ValueStream():
                return value.pk
            case Rpiw():
                return value.value_stream_id
            case RpiwRecord():
                return value.rpiw.value_stream_id  # type: ignore[attr-defined]
            case MeasureRecord():
                return value.measure.rpiw.value_stream_id  # type: ignore[attr-defined]
    raise TypeError("An action of this room names the value stream, the RPIW, or a record of one.")


def locked(record: Record, *, version: int | None = None) -> Record:
    """The record as it is now, locked until the action ends. Raises EditedMeanwhile when it is not at `version`."""
    now = type(record)._default_manager.select_for_update(of=("self",)).get(pk=record.pk)
    if version is not None and now.version != version:
        raise EditedMeanwhile
    return now  # type: ignore[return-value]


def save_changes(record: Record, changes: dict[str, Any]) -> list[str]:
    """Set what differs and save it under the next version. Returns the names of the fields that changed."""
    changed = [name for name, value in changes.items() if getattr(record, name) != value]
    for name in changed:
        setattr(record, name, changes[name])
    if changed:
        record.version += 1
        record.save(update_fields=[*changed, "version"])
    return changed
