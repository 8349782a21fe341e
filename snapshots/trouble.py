"""The guard against a computation that fails, hangs or kills its worker: attempts are counted before they are made."""

import logging
import traceback
from datetime import datetime, timedelta
from enum import Enum
from pathlib import Path

from django.db import InterfaceError, InternalError, OperationalError, connection, transaction
from django.db.models import Exists
from django.db.models.functions import Now

from snapshots.clock import database_now
from snapshots.locking import lock_key, try_lock
from snapshots.models import ChangeMark, Trouble
from snapshots.registry import Scope

logger = logging.getLogger(__name__)

FAILURES = 5
FIRST_WAIT = timedelta(seconds=5)
# Attempts that ended without a word: a worker may be killed from outside, so they are given more, at even distances.
CUT_SHORT = 10
# Classes of PostgreSQL's errors that say nothing about the facts: connection, contention, resources, lock, the server
# being stopped, its system, itself. A query that takes too long (57014) is not among them.
NOT_THE_FACTS = ("08", "40", "53", "55", "57", "58", "XX")
QUERY_CANCELED = "57014"


class Go(Enum):
    """Whether a computation may begin."""

    AHEAD = "ahead"
    BUSY = "busy"
    NOTHING_TO_DO = "nothing to do"
    LATER = "later"
    SET_ASIDE = "set aside"


def wait_after(failures: int) -> timedelta:
    """How long after the nth failure the next attempt may begin: 5 s, 20 s, 80 s, 320 s."""
    return FIRST_WAIT * 4 ** (failures - 1)


def is_the_databases(error: Exception) -> bool:
    """Whether the database was in trouble, so that the attempt says nothing about the scope."""
    if isinstance(error, InterfaceError | InternalError):
        return True
    code = getattr(error.__cause__, "pgcode", None)
    return isinstance(error, OperationalError) and (
        code is None or (code.startswith(NOT_THE_FACTS) and code != QUERY_CANCELED)
    )


def begin(scope: Scope) -> Go:
    """Count an attempt, in a transaction of its own so that it is counted even if the worker dies of it."""
    if _begin_the_first(scope):
        return Go.AHEAD
    kind, scope_id = scope
    # Looked at before the lock is: duplicates that took it only to look kept it from the attempt that was counted.
    later = Trouble.objects.filter(kind=kind, scope_id=scope_id, set_aside_at__isnull=True, next_attempt_at__gt=Now())
    waits = list(ChangeMark.objects.filter(kind=kind, scope_id=scope_id).values_list(Exists(later))[:1])
    if not waits:
        return Go.NOTHING_TO_DO
    if waits == [(True,)]:
        return Go.LATER
    with transaction.atomic(durable=True):
        if not try_lock(scope):
            return Go.BUSY
        now = database_now()
        trouble = Trouble.objects.filter(kind=kind, scope_id=scope_id).first()
        if trouble is None:
            Trouble.objects.create(kind=kind, scope_id=scope_id, attempts=1, next_attempt_at=now + FIRST_WAIT)
            return Go.AHEAD
        if trouble.set_aside_at:
            return Go.SET_ASIDE
        if now < trouble.next_attempt_at:
            return Go.LATER
        if trouble.attempts - trouble.failures >= CUT_SHORT:
            _set_aside(trouble, now)
            return Go.SET_ASIDE
        trouble.attempts += 1
        trouble.next_attempt_at = now + FIRST_WAIT
        trouble.save()
        return Go.AHEAD


def _begin_the_first(scope: Scope) -> bool:
    """The usual case in one statement, which is a transaction of its own: marks wait, nothing has failed, nobody is at
    it. The lock is tried last, as below."""
    kind, scope_id = scope
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO snapshots_trouble (kind, scope_id, attempts, failures, next_attempt_at, error)
            SELECT %(kind)s, %(scope_id)s, 1, 0, clock_timestamp() + %(wait)s * interval '1 second', ''
            WHERE CASE
                WHEN EXISTS (SELECT FROM snapshots_changemark WHERE kind = %(kind)s AND scope_id = %(scope_id)s)
                    AND NOT EXISTS (SELECT FROM snapshots_trouble WHERE kind = %(kind)s AND scope_id = %(scope_id)s)
                THEN pg_try_advisory_xact_lock(%(key)s) ELSE false END
            ON CONFLICT DO NOTHING
            """,
            {"kind": kind, "scope_id": scope_id, "wait": FIRST_WAIT.total_seconds(), "key": lock_key(scope)},
        )
        return cursor.rowcount == 1


def failed(scope: Scope, error: Exception) -> None:
    """Keep what went wrong; after the last failure, set the scope aside."""
    kind, scope_id = scope
    with transaction.atomic(durable=True):
        trouble = Trouble.objects.select_for_update().filter(kind=kind, scope_id=scope_id).first()
        if trouble is None:
            return
        now = database_now()
        trouble.failures += 1
        trouble.error = what_went_wrong(error)
        trouble.next_attempt_at = now + wait_after(trouble.failures)
        if trouble.failures >= FAILURES and not trouble.set_aside_at:
            _set_aside(trouble, now)
        else:
            trouble.save()


def what_went_wrong(error: Exception) -> str:
    """The kind of error and the line of ours that met it: the words of an error may hold a trust's figures."""
    ours = [frame for frame in traceback.extract_tb(error.__traceback__) if "site-packages" not in frame.filename]
    if not ours:
        return type(error).__name__
    place = Path(ours[-1].filename)
    return f"{type(error).__name__} in {place.parent.name}/{place.name}, line {ours[-1].lineno} ({ours[-1].name})"


def _set_aside(trouble: Trouble, now: datetime) -> None:
    trouble.set_aside_at = now
    trouble.error = trouble.error or "Each attempt was cut short: the worker ended, or the database went away."
    trouble.save()
    logger.error(
        "Set aside the dashboard of %s %s after %s attempts; its page and the administrator's say why.",
        trouble.kind,
        trouble.scope_id,
        trouble.attempts,
    )


def forgive(scope: Scope) -> None:
    """Forget the failures of a scope: it has succeeded, or a person wants it tried again."""
    kind, scope_id = scope
    Trouble.objects.filter(kind=kind, scope_id=scope_id).delete()
