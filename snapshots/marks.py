"""Triggers that leave change marks, declared on the models whose facts a dashboard shows.

They are statement-level: a bulk load pays once, and no code path can forget (docs/adr/0003). PostgreSQL allows a
transition table one event, so there is one trigger for each of insert, update, delete and truncate.
"""

from typing import Any

import pgtrigger

_INSERT = """
INSERT INTO snapshots_changemark (kind, scope_id, at)
SELECT '{kind}', scope, clock_timestamp()
FROM (SELECT DISTINCT scope FROM ({scopes}) AS changed (scope) WHERE scope IS NOT NULL) AS marked;
RETURN NULL;
"""


def leaves_marks(*, kind: str, scope: str, joins: str = "") -> list[pgtrigger.Trigger]:
    """Triggers for a model's Meta.triggers.

    `scope` is an SQL expression for the scope's id of a row called `changed`; `joins` follows `FROM ... AS changed`
    when the id stands in another table, for example `JOIN rpiws_rpiw r ON r.id = changed.rpiw_id`.
    """

    def marks(*transition_tables: str) -> str:
        chosen = " UNION ".join(f"SELECT {scope} FROM {table} AS changed {joins}" for table in transition_tables)  # noqa: S608
        return _INSERT.format(kind=kind, scopes=chosen)

    def trigger(event: str, operation: pgtrigger.Operation, function: str, **options: Any) -> pgtrigger.Trigger:
        return pgtrigger.Trigger(
            name=f"mark_{kind}_{event}",
            level=pgtrigger.Statement,
            operation=operation,
            func=pgtrigger.Func(function) if "{meta" in function else function,
            **options,
        )

    return [
        trigger(
            "insert",
            pgtrigger.Insert,
            marks("new_rows"),
            when=pgtrigger.After,
            referencing=pgtrigger.Referencing(new="new_rows"),
        ),
        trigger(
            "update",
            pgtrigger.Update,
            marks("old_rows", "new_rows"),
            when=pgtrigger.After,
            referencing=pgtrigger.Referencing(old="old_rows", new="new_rows"),
        ),
        trigger(
            "delete",
            pgtrigger.Delete,
            marks("old_rows"),
            when=pgtrigger.After,
            referencing=pgtrigger.Referencing(old="old_rows"),
        ),
        trigger("truncate", pgtrigger.Truncate, marks("{meta.db_table}"), when=pgtrigger.Before),
    ]
