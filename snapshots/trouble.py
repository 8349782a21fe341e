"""The guard against a computation that fails, hangs or kills its worker: attempts are counted before they are made."""

import logging
from datetime import datetime, timedelta
from enum import Enum

from django.db import transaction
from django.utils import timezone

from snapshots.locking import try_lock
from snapshots.models import ChangeMark, Trouble
from snapshots.registry import Scope

logger = logging.getLogger(__name__)

ATTEMPTS = 5
FIRST_WAIT = timedelta(seconds=5)


class Go(Enum):
    """Whether a computation may begin."""

    AHEAD = "ahead"
    BUSY = "busy"
    NOTHING_TO_DO = "nothing to do"
    LATER = "later"
    SET_ASIDE = "set aside"


def wait_after(attempts: int) -> timedelta:
    """How long after the nth attempt the next one may begin: 5 s, 20 s, 80 s, 320 s."""
    return FIRST_WAIT * 4 ** (attempts - 1)


def begin(scope: Scope) -> Go:
    """Count an attempt, in a transaction of its own so that it is counted even if the worker dies of it."""
    kind, scope_id = scope
    if not ChangeMark.objects.filter(kind=kind, scope_id=scope_id).exists():
        return Go.NOTHING_TO_DO
    # Looked at before the lock is: duplicates that took it only to look kept it from the attempt that was counted.
    if Trouble.objects.filter(
        kind=kind, scope_id=scope_id, set_aside_at__isnull=True, next_attempt_at__gt=timezone.now()
    ).exists():
        return Go.LATER
    with transaction.atomic(durable=True):
        if not try_lock(scope):
            return Go.BUSY
        now = timezone.now()
        trouble = Trouble.objects.filter(kind=kind, scope_id=scope_id).first()
        if trouble is None:
            Trouble.objects.create(kind=kind, scope_id=scope_id, attempts=1, next_attempt_at=now + wait_after(1))
            return Go.AHEAD
        if trouble.set_aside_at:
            return Go.SET_ASIDE
        if now < trouble.next_attempt_at:
            return Go.LATER
        if trouble.attempts >= ATTEMPTS:
            _set_aside(trouble, now)
            return Go.SET_ASIDE
        trouble.attempts += 1
        trouble.next_attempt_at = now + wait_after(trouble.attempts)
        trouble.save()
        return Go.AHEAD


def failed(scope: Scope, error: Exception) -> None:
    """Keep what went wrong; after the last attempt, set the scope aside."""
    kind, scope_id = scope
    with transaction.atomic(durable=True):
        trouble = Trouble.objects.select_for_update().filter(kind=kind, scope_id=scope_id).first()
        if trouble is None:
            return
        trouble.error = f"{type(error).__name__}: {error}"
        if trouble.attempts >= ATTEMPTS and not trouble.set_aside_at:
            _set_aside(trouble, timezone.now())
        else:
            trouble.save()


def _set_aside(trouble: Trouble, now: datetime) -> None:
    trouble.set_aside_at = now
    trouble.error = trouble.error or "The worker ended, or was ended, during each attempt."
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
