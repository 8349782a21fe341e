"""A backup, and the proof that what was restored shows the same figures: pg_dump beside a fingerprint of one moment."""

import hashlib
import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

from django.db import OperationalError, connections
from django.db.backends.base.base import BaseDatabaseWrapper

from improvement.services.postgres import programs
from improvement.services.processes import CannotStart

_STORED = {
    "snapshots": "SELECT kind, scope_id, version, rules, body FROM snapshots_snapshot ORDER BY kind, scope_id",
    "frozen": "SELECT id, kind, scope_id, version, rules, body, as_of FROM snapshots_frozensnapshot ORDER BY id",
}
_TABLES = "SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"


class CannotBackUp(Exception):
    """Why, as a sentence for the person who asked."""


def program(name: str) -> str:
    """PostgreSQL's own program: the wheel's, whose release is the newest, or the one on the PATH."""
    try:
        ours = programs() / name
    except CannotStart:
        ours = Path(name)
    found = str(ours) if ours.exists() else shutil.which(name)
    if not found:
        raise CannotBackUp(f"{name} is not installed.")
    return found


def owner() -> BaseDatabaseWrapper:
    """The connection of the role that owns the tables; the application's own where there is but one role."""
    database = connections["owner" if "owner" in connections else "default"]
    try:
        database.ensure_connection()
    except OperationalError as error:
        why = str(error).strip().partition("\n")[0]
        raise CannotBackUp(
            f"The database cannot be reached: {why}. See that PostgreSQL runs, and that DATABASE_OWNER_URL names it."
        ) from None
    return database


def run(command: list[str], database: BaseDatabaseWrapper) -> None:
    """One of PostgreSQL's programs; the password goes by the environment, where `ps` does not show it."""
    place = database.settings_dict
    names = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD", "PGDATABASE": "NAME"}
    told = {variable: str(place[key]) for variable, key in names.items() if place.get(key)}
    done = subprocess.run(command, env=os.environ | told, capture_output=True, text=True)
    if done.returncode:
        raise CannotBackUp(f"{Path(command[0]).name} failed: {done.stderr.strip()}")


def fingerprint(cursor: Any) -> dict[str, Any]:
    """What must be the same after a restore: a hash over all stored figures, and the number of rows by table."""
    found: dict[str, Any] = {}
    for name, statement in _STORED.items():
        digest = hashlib.sha256()
        cursor.execute(statement)
        while rows := cursor.fetchmany(200):
            for row in rows:
                digest.update(json.dumps(row, default=str).encode() + b"\n")
        found[name] = digest.hexdigest()
    cursor.execute(_TABLES)
    found["rows"] = {}
    for (table,) in cursor.fetchall():
        cursor.execute(f"SELECT count(*) FROM {table}")  # noqa: S608
        found["rows"][table] = cursor.fetchone()[0]
    return found


def proof_of(file: Path) -> Path:
    return file.with_name(file.name + ".json")


def back_up(file: Path) -> dict[str, Any]:
    """Write the dump and its fingerprint, both of one moment; nothing is overwritten, others cannot read them."""
    if file.exists() or proof_of(file).exists():
        raise CannotBackUp(f"{file} is there already.")
    database = owner()
    half = file.with_name(file.name + ".unfinished")
    try:
        half.unlink(missing_ok=True)
        os.close(os.open(half, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except OSError as error:
        raise CannotBackUp(f"{half} cannot be written: {error.strerror}.") from None
    try:
        with database.cursor() as cursor:
            cursor.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
            try:
                cursor.execute("SELECT pg_export_snapshot()")
                moment = cursor.fetchone()[0]
                found = fingerprint(cursor)
                run([program("pg_dump"), "--format=custom", f"--snapshot={moment}", f"--file={half}"], database)
            finally:
                cursor.execute("ROLLBACK")
        with os.fdopen(os.open(proof_of(file), os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as proof:
            json.dump(found, proof, indent=1)
        half.rename(file)
    finally:
        half.unlink(missing_ok=True)
    return found


def differences(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """What is not the same, in words."""
    said = [f"the stored figures ({name})" for name in _STORED if before[name] != after[name]]
    tables = sorted(before["rows"].keys() | after["rows"].keys())
    return said + [
        f"{table} ({before['rows'].get(table, 'not there')} rows before, {after['rows'].get(table, 'not there')} now)"
        for table in tables
        if before["rows"].get(table) != after["rows"].get(table)
    ]


def restore(file: Path) -> dict[str, Any]:
    """Fill the empty database that DATABASE_OWNER_URL names, all or nothing; raises when the figures differ."""
    if not file.exists() or not proof_of(file).exists():
        raise CannotBackUp(f"{file} and {proof_of(file).name} must both be there.")
    try:
        before = json.loads(proof_of(file).read_text())
    except ValueError:
        raise CannotBackUp(f"{proof_of(file)} is damaged: take an earlier backup.") from None
    database = owner()
    with database.cursor() as cursor:
        cursor.execute(_TABLES)
        if cursor.fetchall():
            raise CannotBackUp(f"The database {database.settings_dict['NAME']} is not empty: restore into a new one.")
    into = f"--dbname={database.settings_dict['NAME']}"
    run([program("pg_restore"), "--exit-on-error", "--single-transaction", into, str(file)], database)
    with database.cursor() as cursor:
        after = fingerprint(cursor)
    if wrong := differences(before, after):
        raise CannotBackUp(f"Restored, but not the same: {'; '.join(wrong)}. Do not use this database.")
    return after
