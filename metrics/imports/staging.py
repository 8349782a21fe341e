"""A file's entries in a staging table, compared with what is recorded and written by set. One transaction does it all.

COPY goes to the staging table alone: facts are inserted through Django's cursor, which carries who asked into the audit
trail. The staging table is this transaction's own and goes away with it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import DataError, connection

from metrics.files.entries import COLUMNS, MOST_PROBLEMS, TOO_MANY_PROBLEMS
from metrics.files.limits import Unreadable
from metrics.files.reading import reading

STEP = 100_000
PATIENCE = "240s"

_STAGE = """
CREATE TEMPORARY TABLE import_entry (
    line integer NOT NULL, cell smallint NOT NULL, version_id bigint, subgroup varchar(80), day date,
    value numeric(18, 6), numerator numeric(18, 4), denominator numeric(18, 4), missing varchar(13),
    note varchar(240), problem text, said text
) ON COMMIT DROP
"""

# The same value twice is one measurement; two values for one period are a problem of both rows.
_REPEATED = """
CREATE TEMPORARY TABLE import_repeated ON COMMIT DROP AS
SELECT version_id, subgroup, day, min(line) AS first, min(e.ctid) AS kept,
    count(DISTINCT (value, numerator, denominator, missing)) > 1 AS differ
FROM import_entry e JOIN (
    SELECT version_id, subgroup, day FROM import_entry WHERE problem IS NULL
    GROUP BY version_id, subgroup, day HAVING count(*) > 1
) AS several USING (version_id, subgroup, day)
GROUP BY version_id, subgroup, day
"""

_SAY_REPEATED = """
INSERT INTO import_entry (line, cell, problem, said)
SELECT line, cell, 'Row ' || CASE WHEN line = first THEN other ELSE first END
    || ' gives another value for the same period. Keep one of the two', trim_scale(value)::text
FROM import_entry e JOIN (
    SELECT repeated.*, (SELECT max(line) FROM import_entry e WHERE (e.version_id, e.subgroup, e.day)
        = (repeated.version_id, repeated.subgroup, repeated.day)) AS other
    FROM import_repeated AS repeated WHERE differ
) AS repeated USING (version_id, subgroup, day)
"""

_DROP_REPEATED = """
DELETE FROM import_entry USING import_repeated AS repeated
WHERE (import_entry.version_id, import_entry.subgroup, import_entry.day)
    = (repeated.version_id, repeated.subgroup, repeated.day) AND NOT differ AND import_entry.ctid <> kept
"""

_DROP_REJECTED = """
DELETE FROM import_entry WHERE problem IS NULL
    AND line IN (SELECT line FROM import_entry WHERE problem IS NOT NULL)
"""

# What a file does not say, like counts or a note, it does not take away.
_DIFFERS = """
(m.value, m.missing) IS DISTINCT FROM (e.value, e.missing)
OR e.numerator IS NOT NULL AND (m.numerator, m.denominator) IS DISTINCT FROM (e.numerator, e.denominator)
OR e.note <> '' AND m.note <> e.note
"""

_JOINED = """
FROM import_entry e JOIN metrics_measurement m
    ON m.version_id = e.version_id AND m.subgroup = e.subgroup AND m."on" = e.day
WHERE e.problem IS NULL
"""

_COUNT = f"""
SELECT (SELECT count(*) FROM import_entry WHERE problem IS NULL), count(*), count(*) FILTER (WHERE {_DIFFERS})
{_JOINED}
"""  # noqa: S608

_CHANGES = f"""
SELECT e.line, e.version_id, e.subgroup, e.day, trim_scale(m.value), trim_scale(e.value), e.missing
{_JOINED} AND ({_DIFFERS})
ORDER BY e.line, e.cell LIMIT %s
"""

# What is usual: of each series the latest values recorded; where there are fewer than three, the file's own.
_USUAL = """
SELECT f.version_id, f.subgroup, r.recorded, f.middle, f.entries, f.greatest
FROM (
    SELECT version_id, subgroup, percentile_disc(0.5) WITHIN GROUP (ORDER BY value) AS middle, count(*) AS entries,
        max(value) AS greatest
    FROM import_entry WHERE problem IS NULL AND value IS NOT NULL GROUP BY version_id, subgroup
) AS f CROSS JOIN LATERAL (
    SELECT array_agg(value) AS recorded FROM (
        SELECT value FROM metrics_measurement m
        WHERE m.version_id = f.version_id AND m.subgroup = f.subgroup AND m.value IS NOT NULL AND NOT m.ghost
        ORDER BY m."on" DESC LIMIT %s
    ) AS latest
) AS r
"""

# What is recorded as it stands in the file was looked at when it was recorded.
_ODD = """
SELECT e.line, e.cell, e.version_id, e.subgroup, e.value, e.numerator, e.denominator, e.said = '%%'
FROM import_entry e JOIN unnest(%s::bigint[], %s::text[], %s::numeric[], %s::boolean[])
    AS usual (version_id, subgroup, value, percent) USING (version_id, subgroup)
LEFT JOIN metrics_measurement m ON m.version_id = e.version_id AND m.subgroup = e.subgroup AND m."on" = e.day
WHERE e.problem IS NULL AND e.value IS NOT NULL AND m.value IS DISTINCT FROM e.value
    AND (usual.percent AND (e.value > 100 OR e.value > 0 AND e.value <= 1)
        OR usual.value > 0 AND e.value > 0 AND (e.value > %s * usual.value OR e.value * %s < usual.value))
ORDER BY e.line, e.cell LIMIT %s
"""

_CORRECT = f"""
UPDATE metrics_measurement m
SET value = e.value, missing = e.missing, synthetic = false, row_version = m.row_version + 1,
    numerator = CASE WHEN e.numerator IS NOT NULL OR m.value IS DISTINCT FROM e.value
        THEN e.numerator ELSE m.numerator END,
    denominator = CASE WHEN e.numerator IS NOT NULL OR m.value IS DISTINCT FROM e.value
        THEN e.denominator ELSE m.denominator END,
    note = CASE WHEN e.note <> '' THEN e.note ELSE m.note END,
    correction_reason = %(reason)s, recorded_by_id = %(by)s, recorded_at = %(at)s, from_file_id = %(file)s
FROM import_entry e
WHERE m.version_id = e.version_id AND m.subgroup = e.subgroup AND m."on" = e.day AND e.problem IS NULL AND ({_DIFFERS})
"""  # noqa: S608

_INSERT = """
INSERT INTO metrics_measurement (version_id, subgroup, "on", value, numerator, denominator, missing, ghost, note,
    correction_reason, synthetic, recorded_by_id, recorded_at, from_file_id, row_version)
SELECT version_id, subgroup, day, value, numerator, denominator, missing, false, note, '', false,
    %(by)s, %(at)s, %(file)s, 1
FROM import_entry WHERE problem IS NULL AND line > %(after)s AND line <= %(until)s
ON CONFLICT (version_id, subgroup, "on") DO NOTHING
"""


@dataclass(frozen=True)
class Compared:
    """How many entries are new, the same, or another value than recorded."""

    new: int
    unchanged: int
    differing: int


class _Counted:
    """The child's lines on their way into COPY, counted."""

    def __init__(self, lines: Any, progress: Callable[[int], None]) -> None:
        self._lines = lines
        self._progress = progress
        self._count = 0
        self._told = 0

    def read(self, size: int = -1) -> bytes:
        piece: bytes = self._lines.read(size)
        self._count += piece.count(b"\n")
        if self._count - self._told >= STEP / 4:
            self._told = self._count
            self._progress(self._count)
        return piece


def stage(content: bytes, plan: dict[str, Any], progress: Callable[[int], None]) -> dict[str, Any]:
    """Read the file into the staging table; returns what is said of the whole file. Raises Unreadable."""
    with connection.cursor() as cursor, reading(content, plan) as child:
        cursor.execute("SELECT set_config('statement_timeout', %s, true), set_config('work_mem', '64MB', true)",
                       [PATIENCE])  # fmt: skip
        cursor.execute(_STAGE)
        try:
            cursor.copy_expert(
                f"COPY import_entry ({', '.join(COLUMNS)}) FROM STDIN", _Counted(child.lines, progress), 1 << 17
            )
        except DataError:
            # The child ended in the middle of a line, and says why.
            child.finish()
            raise
        said = child.finish()
        cursor.execute("ANALYZE import_entry")
    _settle_repeated()
    return said


def _settle_repeated() -> None:
    with connection.cursor() as cursor:
        cursor.execute(_REPEATED)
        if cursor.rowcount:
            cursor.execute(_SAY_REPEATED)
            cursor.execute(_DROP_REPEATED)
        cursor.execute("SELECT count(DISTINCT line) FROM import_entry WHERE problem IS NOT NULL")
        (rejected,) = cursor.fetchone()
        if rejected > MOST_PROBLEMS:
            raise Unreadable(TOO_MANY_PROBLEMS)
        if rejected:
            cursor.execute(_DROP_REJECTED)


def compare() -> Compared:
    with connection.cursor() as cursor:
        cursor.execute(_COUNT)
        entries, recorded, differing = cursor.fetchone()
    return Compared(new=entries - recorded, unchanged=recorded - differing, differing=differing)


def problems() -> list[dict[str, Any]]:
    """Every problem by row and cell: line, cell, words, said."""
    return _rows(
        "SELECT line, cell, problem AS words, coalesce(said, '') AS said FROM import_entry"
        " WHERE problem IS NOT NULL ORDER BY line, cell"
    )


def changes(most: int) -> list[dict[str, Any]]:
    """The first values that differ from what is recorded."""
    names = ("line", "version", "subgroup", "day", "before", "after", "missing")
    with connection.cursor() as cursor:
        cursor.execute(_CHANGES, [most])
        return [dict(zip(names, _plain(row), strict=True)) for row in cursor.fetchall()]


def first_entries(most: int) -> list[dict[str, Any]]:
    chosen = "SELECT line, version_id AS version, subgroup, day, trim_scale(value) AS value, missing FROM import_entry"
    return _rows(f"{chosen} WHERE problem IS NULL ORDER BY line, cell LIMIT %s", most)


def usual(latest: int) -> list[tuple[int, str, list[Decimal], Decimal, int, Decimal]]:
    """Of each series of the file: definition, subgroup, the latest values recorded with the newest first, and of the
    file's own values the middle one, how many there are and the greatest."""
    with connection.cursor() as cursor:
        cursor.execute(_USUAL, [latest])
        return [(version, group, recorded or [], *own) for version, group, recorded, *own in cursor.fetchall()]


def odd(
    usual: list[tuple[int, str, Decimal | None, bool]], *, times: int, most: int
) -> list[tuple[int, int, int, str, Decimal, Decimal | None, Decimal | None, bool]]:
    """The entries that may be doubted, by row and cell: line, cell, definition, subgroup, value, numerator,
    denominator, whether % stood beside it. usual: definition, subgroup, the usual value, whether it is in per cent."""
    with connection.cursor() as cursor:
        columns = [list(column) for column in zip(*usual, strict=True)] or [[], [], [], []]
        cursor.execute(_ODD, [*columns, times, times, most])
        return [(*row[:-1], bool(row[-1])) for row in cursor.fetchall()]


def correct(*, by: int, at: datetime, file: int, reason: str) -> int:
    """Replace the values that differ; PostgreSQL keeps the old ones in the audit trail. Returns how many."""
    with connection.cursor() as cursor:
        cursor.execute(_CORRECT, {"by": by, "at": at, "file": file, "reason": reason})
        return cursor.rowcount


def insert(*, by: int, at: datetime, file: int, progress: Callable[[int], None]) -> int:
    """Write what is not recorded yet, some rows at a time. Returns how many."""
    added = 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(line), 0) FROM import_entry")
        (last,) = cursor.fetchone()
        for after in range(0, last, STEP):
            cursor.execute(_INSERT, {"by": by, "at": at, "file": file, "after": after, "until": after + STEP})
            added += cursor.rowcount
            progress(min(after + STEP, last))
    return added


def _rows(query: str, *values: int) -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        names = [column.name for column in cursor.description]
        return [dict(zip(names, _plain(row), strict=True)) for row in cursor.fetchall()]


def _plain(row: tuple[Any, ...]) -> list[Any]:
    """As JSON keeps it."""
    return [value if value is None or isinstance(value, int | str) else str(value) for value in row]
