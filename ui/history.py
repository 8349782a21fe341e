"""What the history panel shows: one entry per change, in plain words. A room turns its own events into these."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Change:
    """One fact: what it is called, what it was (None: there was none) and what it became (None: removed)."""

    what: str
    before: str | None
    after: str | None


@dataclass(frozen=True)
class Entry:
    when: dt.datetime
    who: str
    sentence: str
    changes: tuple[Change, ...] = ()
    why: str = ""
    icon: str = "corrected"
    row: str = ""
    """Which row of the record it is about, like `reading-12`; empty for the record itself."""


def differences(before: Mapping[str, Any], after: Mapping[str, Any], names: Mapping[str, str]) -> tuple[Change, ...]:
    """The named facts that differ, in the order of `names` (key: what the page calls it)."""
    return tuple(
        Change(called, _word(before.get(key)), _word(after.get(key)))
        for key, called in names.items()
        if before.get(key) != after.get(key)
    )


def newest_first(entries: Iterable[Entry]) -> list[Entry]:
    return sorted(entries, key=lambda entry: entry.when, reverse=True)


def _word(value: Any) -> str | None:
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)
