"""One recomputation of a scope at a time, by PostgreSQL's advisory locks: nothing to clean up after a crash."""

import hashlib

from django.db import connection

from snapshots.registry import Scope


def lock_key(scope: Scope) -> int:
    """A signed 64-bit number for the scope; two scopes with the same one would only wait for each other."""
    kind, scope_id = scope
    digest = hashlib.blake2b(f"snapshots {kind} {scope_id}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)


def try_lock(scope: Scope) -> bool:
    """Take the scope's lock until the end of this transaction, or say that somebody else holds it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [lock_key(scope)])
        (taken,) = cursor.fetchone()
    return taken
