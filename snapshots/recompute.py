"""Bring one stored dashboard up to date. Twice, late, or twice at once changes nothing (docs/adr/0003)."""

import json
import logging
import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import OperationalError, connection, transaction

from snapshots import trouble
from snapshots.clock import database_now
from snapshots.hooks import waker
from snapshots.locking import try_lock
from snapshots.models import GONE, ChangeMark
from snapshots.registry import Kind, Scope, registered
from snapshots.signals import recomputed

logger = logging.getLogger(__name__)

TRIES = 5
LOOK = 0.02  # seconds, longer than trouble.begin holds the lock
# serialization_failure and deadlock_detected: PostgreSQL asks for the transaction again.
AGAIN = ("40001", "40P01")


class Result(Enum):
    STORED = "stored"
    NOTHING_TO_DO = "nothing to do"
    BUSY = "another worker is at it"
    LATER = "it failed a moment ago and is tried again later"
    SET_ASIDE = "set aside"
    FAILED = "failed"
    CUT_SHORT = "the database was in trouble; it is tried again"
    UNKNOWN = "no room computes this kind"


@dataclass(frozen=True)
class Outcome:
    """What became of a recomputation: the version that it stored, and the scopes that must follow."""

    result: Result
    version: int = 0
    marks: int = 0
    parents: tuple[Scope, ...] = ()


_RESULTS = {
    trouble.Go.BUSY: Result.BUSY,
    trouble.Go.NOTHING_TO_DO: Result.NOTHING_TO_DO,
    trouble.Go.LATER: Result.LATER,
    trouble.Go.SET_ASIDE: Result.SET_ASIDE,
}


def recompute(kind: str, scope_id: int) -> Outcome:
    """Take the scope's marks and store its next version. Must not run inside a transaction."""
    registration = registered(kind)
    if registration is None:
        logger.error("No room computes %r: the marks of %s %s stay.", kind, kind, scope_id)
        return Outcome(Result.UNKNOWN)
    scope = (kind, scope_id)
    go = trouble.begin(scope)
    if go is not trouble.Go.AHEAD:
        return Outcome(_RESULTS[go])
    began = time.monotonic()
    outcome = _attempt(registration, scope)
    recomputed.send_robust(sender=Outcome, outcome=outcome, seconds=time.monotonic() - began)
    return outcome


def _attempt(registration: Kind, scope: Scope) -> Outcome:
    kind, scope_id = scope
    try:
        outcome = _store_again_until_serialised(registration, scope_id)
    except Exception as error:
        if trouble.is_the_databases(error):
            # Nothing is written down: whoever looks in a few seconds finds the marks, and the attempt that was begun.
            logger.warning("The dashboard of %s %s waits for the database.", kind, scope_id)
            return Outcome(Result.CUT_SHORT)
        logger.exception("The dashboard of %s %s could not be computed.", kind, scope_id)
        trouble.failed(scope, error)
        return Outcome(Result.FAILED)
    for follower in outcome.parents:
        waker.wake(follower)
    if ChangeMark.objects.filter(kind=kind, scope_id=scope_id).exists():
        # Left while this was computing; their own message may have found the lock taken.
        waker.wake(scope)
    return outcome


def _store_again_until_serialised(registration: Kind, scope_id: int) -> Outcome:
    outcome = Outcome(Result.BUSY)
    for left in reversed(range(TRIES)):
        try:
            outcome = _store(registration, scope_id)
        except OperationalError as error:
            if not left or getattr(error.__cause__, "pgcode", None) not in AGAIN:
                raise
        else:
            if outcome.result is not Result.BUSY:
                break
            # Somebody is just looking whether there is an attempt to make; this one was counted as ours.
            time.sleep(LOOK)
    return outcome


def _store(registration: Kind, scope_id: int) -> Outcome:
    """Marks and facts are read from one snapshot of the database, so a fact that is not seen keeps its mark."""
    scope = (registration.name, scope_id)
    with transaction.atomic(durable=True):
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        if not try_lock(scope):
            return Outcome(Result.BUSY)
        marks = _take_marks(scope)
        if not marks:
            trouble.forgive(scope)
            return Outcome(Result.NOTHING_TO_DO)
        began = database_now()
        body = as_text(registration.compute(scope_id))
        version, changed = _put(scope, body, registration.rules, began)
        parents = tuple(registration.parents(scope_id)) if changed else ()
        mark(parents)
        trouble.forgive(scope)
    return Outcome(Result.STORED, version, marks, parents)


def _take_marks(scope: Scope) -> int:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM snapshots_changemark WHERE kind = %s AND scope_id = %s RETURNING id", scope)
        return len(cursor.fetchall())


def as_text(body: dict[str, Any] | None) -> str:
    """The JSON that pages and the API pass through. A figure that is not a number is a mistake: missing is null."""
    if body is None:
        return GONE
    return json.dumps(body, cls=DjangoJSONEncoder, allow_nan=False, ensure_ascii=False, separators=(",", ":"))


def _put(scope: Scope, body: str, rules: str, computed_at: datetime) -> tuple[int, bool]:
    """Store the next version; whether its body or its rules differ from the version before."""
    kind, scope_id = scope
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO snapshots_snapshot AS stored (kind, scope_id, version, computed_at, rules, body)
            VALUES (%s, %s, 1, %s, %s, %s)
            ON CONFLICT (kind, scope_id) DO UPDATE
            SET version = stored.version + 1, computed_at = EXCLUDED.computed_at,
                rules = EXCLUDED.rules, body = EXCLUDED.body
            RETURNING version, COALESCE((
                -- What a statement reads is how things stood before it.
                SELECT (before.body, before.rules) IS DISTINCT FROM (stored.body, stored.rules)
                FROM snapshots_snapshot before WHERE before.kind = stored.kind AND before.scope_id = stored.scope_id
            ), true)
            """,
            [kind, scope_id, computed_at, rules, body],
        )
        version, changed = cursor.fetchone()
    return version, changed


def mark(scopes: Iterable[Scope]) -> None:
    """Leave a mark on each scope, so that it is recomputed."""
    now = database_now()
    ChangeMark.objects.bulk_create(ChangeMark(kind=kind, scope_id=scope_id, at=now) for kind, scope_id in scopes)


def retry(kind: str, scope_id: int) -> None:
    """Try a scope again that was set aside, or that waits for its next attempt."""
    with transaction.atomic():
        trouble.forgive((kind, scope_id))
        mark([(kind, scope_id)])
        transaction.on_commit(lambda: waker.wake((kind, scope_id)), robust=True)
