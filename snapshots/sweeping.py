"""Find the marks that no message has led to: the broker was down, a worker died, a process ended too soon."""

from typing import Any

from django.db.models import Exists, Min, OuterRef, Q
from django.db.models.functions import Now

from snapshots.models import ChangeMark, Snapshot, Trouble
from snapshots.recompute import mark, recompute
from snapshots.registry import Scope, names, registered

MOST = 1000
ROUNDS = 50
# A sweep adds nothing to a queue that is as long as this. Messages that expire would bound it too, but expire at once
# for a worker whose clock is ahead of the sender's.
LONG_QUEUE = 1000


def remaining(most: int = MOST) -> list[Scope]:
    """Scopes with marks whose turn it is, those that have waited longest first."""
    not_yet = Trouble.objects.filter(kind=OuterRef("kind"), scope_id=OuterRef("scope_id")).filter(
        Q(set_aside_at__isnull=False) | Q(next_attempt_at__gt=Now())
    )
    marks = ChangeMark.objects.filter(kind__in=names()).exclude(Exists(not_yet))
    oldest_first = marks.values_list("kind", "scope_id").annotate(oldest=Min("at")).order_by("oldest")
    return [(kind, scope_id) for kind, scope_id, _ in oldest_first[:most]]


def sweep() -> int:
    """Send one message for each scope that remains; how many. Raises when the broker does not answer."""
    from snapshots import tasks

    scopes = remaining()
    if not scopes or messages_waiting() >= LONG_QUEUE:
        return 0
    for scope in scopes:
        tasks.recompute.apply_async(args=scope)
    return len(scopes)


def messages_waiting() -> int:
    """How many recomputations the broker holds for workers."""
    from snapshots import tasks

    app = tasks.recompute.app
    queue = app.conf.task_routes["snapshots.tasks.recompute"]["queue"]
    with app.connection_for_write() as connection:
        channel: Any = connection.default_channel
        return channel.queue_declare(queue).message_count


def catch_up() -> int:
    """Recompute whatever remains in this process, children before the parents that they mark; how many."""
    done = 0
    for _ in range(ROUNDS):
        scopes = remaining()
        if not scopes:
            break
        for scope in scopes:
            recompute(*scope)
        done += len(scopes)
    return done


def mark_everything() -> int:
    """Leave a mark on every scope there is, whether its room lists it or it has been computed before; how many."""
    scopes = set(Snapshot.objects.filter(kind__in=names()).values_list("kind", "scope_id"))
    for name in names():
        kind = registered(name)
        assert kind is not None
        scopes.update((name, scope_id) for scope_id in kind.scopes())
    mark(sorted(scopes))
    return len(scopes)


def mark_outdated() -> int:
    """Leave a mark on every scope that was computed by other rules than today's; how many."""
    stored = Snapshot.objects.values_list("kind", "scope_id", "rules")
    scopes = [(kind, pk) for kind, pk, rules in stored if (known := registered(kind)) and known.rules != rules]
    mark(scopes)
    return len(scopes)
