"""Copies that never change: of a month's end, of a release, of a meeting's papers. "As of" reads those."""

from datetime import date, timedelta

from django.db import connection
from django.utils import timezone

from snapshots.models import GONE, FrozenSnapshot, Snapshot
from snapshots.registry import Scope
from snapshots.sweeping import catch_up


class NothingToFreeze(Exception):
    """The scope has no stored dashboard."""


def freeze(kind: str, scope_id: int, *, reason: FrozenSnapshot.Reason, as_of: date) -> FrozenSnapshot:
    """Keep the stored dashboard of a scope as it is now, for ever.

    A month's end is kept once: asked again, the first copy is the answer.
    """
    stored = Snapshot.objects.filter(kind=kind, scope_id=scope_id).exclude(body=GONE).first()
    if stored is None:
        raise NothingToFreeze(f"Nothing has been computed for {kind} {scope_id}.")
    copy = {
        "version": stored.version,
        "computed_at": stored.computed_at,
        "rules": stored.rules,
        "body": stored.body,
        "frozen_at": timezone.now(),
    }
    if reason == FrozenSnapshot.Reason.MONTH_END:
        frozen, _ = FrozenSnapshot.objects.get_or_create(
            kind=kind, scope_id=scope_id, as_of=as_of, reason=reason, defaults=copy
        )
        return frozen
    return FrozenSnapshot.objects.create(kind=kind, scope_id=scope_id, as_of=as_of, reason=reason, **copy)


def as_of(kind: str, scope_id: int, day: date, *, reason: FrozenSnapshot.Reason | None = None) -> FrozenSnapshot | None:
    """The newest copy that was frozen for that day or one before it; of one reason, or of any."""
    copies = FrozenSnapshot.objects.filter(kind=kind, scope_id=scope_id, as_of__lte=day)
    if reason is not None:
        copies = copies.filter(reason=reason)
    return copies.order_by("-as_of", "-frozen_at", "-pk").first()


def last_month_end(today: date) -> date:
    """The last day of the month before."""
    return today.replace(day=1) - timedelta(days=1)


def freeze_month_end(today: date) -> int:
    """Freeze every dashboard for the last month's end, unless it has been; how many copies were made.

    It runs every day, so that a beat which slept through the first of the month makes up for it; the copy's
    `computed_at` then says that it is later than its month. A dashboard that is behind is brought up to date before.
    """
    day = last_month_end(today)
    if not _unfrozen(day):
        return 0
    catch_up()
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO snapshots_frozensnapshot
                (kind, scope_id, version, computed_at, rules, body, reason, as_of, frozen_at)
            SELECT kind, scope_id, version, computed_at, rules, body, %s, %s, now()
            FROM snapshots_snapshot
            WHERE body <> %s
            ON CONFLICT DO NOTHING
            """,
            [FrozenSnapshot.Reason.MONTH_END, day, GONE],
        )
        return cursor.rowcount


def _unfrozen(day: date) -> set[Scope]:
    frozen = FrozenSnapshot.objects.filter(reason=FrozenSnapshot.Reason.MONTH_END, as_of=day)
    stored = Snapshot.objects.exclude(body=GONE)
    return set(stored.values_list("kind", "scope_id")) - set(frozen.values_list("kind", "scope_id"))
