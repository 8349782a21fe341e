"""The audit trail's lines for a spreadsheet."""

from collections.abc import Iterator
from typing import Any

from django.utils import timezone

from accounts import trail
from ui.exports import Column, Export
from ui.history import Change

MOST = 10_000
"""A file holds so many lines at most; the page says how to get the others."""

COLUMNS = (
    Column("when", "When", "When the change was kept, in London, to the second."),
    Column("who", "Who", "As this place knows the person. Reading leaves no line here."),
    Column("kind", "Kind of record"),
    Column("record", "Record", "As it was called by this line."),
    Column("record_id", "Record number", "The same number within a kind is the same record."),
    Column("what", "What"),
    Column("changes", "Facts", "Each fact that differs: before, then after. All facts of what was added or removed."),
    Column("why", "Why", "The reason that the person gave."),
    Column("database_role", "Database role", "Who signed in to the database: the application, or somebody else."),
)


def audit_export(place: trail.Place, asked: trail.Asked, whose: str, name: str) -> Export:
    return Export(
        name=name,
        columns=COLUMNS,
        rows=list(_rows(place, asked)),
        title=f"Audit trail, {whose}",
        source="Events that the database keeps of every change.",
        notes=[f"The newest {MOST:,} lines at most: for earlier ones, ask for an earlier last day."],
    )


def _rows(place: trail.Place, asked: trail.Asked) -> Iterator[dict[str, Any]]:
    for line in trail.lines(place, asked, MOST):
        entry = line.entry
        yield {
            "when": timezone.localtime(entry.when).isoformat(sep=" ", timespec="seconds"),
            "who": entry.who,
            "kind": line.kind.name,
            "record": line.record,
            "record_id": line.record_id,
            "what": entry.sentence,
            "changes": "; ".join(_change(change) for change in entry.changes),
            "why": entry.why,
            "database_role": line.database_role,
        }


def _change(change: Change) -> str:
    if change.before is None:
        return f"{change.what}: {change.after}"
    return f"{change.what}: {change.before} → {change.after if change.after is not None else 'removed'}"
