"""What the writes of this room have in common: records are locked, and saved under their next version."""

from typing import Any, TypeVar

from rpiws.models import Rpiw
from rpiws.models.of_rpiw import RpiwRecord

Record = TypeVar("Record", bound=Rpiw | RpiwRecord)


class EditedMeanwhile(Exception):
    """Somebody else has changed the record since the page with the form was shown."""


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
