"""/health/ and /ready/: whether the parts answer, for whoever watches over the installation. Public."""

from dataclasses import dataclass

import redis
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.urls import path
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from improvement import heartbeat
from snapshots.freshness import oldest_mark_age

# Seconds. A sweep is due every three, and a dashboard seconds after its change.
WORKER_SILENT = 60.0
DASHBOARDS_LATE = 300.0


def database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


@dataclass(frozen=True)
class Parts:
    """Seconds are None where nobody could be asked, or where there never was a sweep."""

    database: bool
    broker: bool
    last_sweep: float | None
    oldest_mark: float | None

    def answer(self) -> dict[str, str | float | None]:
        worker = self.last_sweep is not None and self.last_sweep <= WORKER_SILENT
        fresh = self.oldest_mark is not None and self.oldest_mark <= DASHBOARDS_LATE
        return {
            "status": "ready" if self.database and self.broker and worker and fresh else "not ready",
            "database": "ok" if self.database else "unreachable",
            "broker": "ok" if self.broker else "unreachable",
            "worker": "ok" if worker else "silent",
            "dashboards": "ok" if fresh else "late",
            "last_sweep_seconds": None if self.last_sweep is None else round(self.last_sweep, 1),
            "oldest_change_waiting_seconds": None if self.oldest_mark is None else round(self.oldest_mark, 1),
        }


def look() -> Parts:
    """Asks each part once, for about a second each at most."""
    database = database_answers()
    broker = heartbeat.client()
    answers, last_sweep = True, None
    try:
        broker.ping()
        last_sweep = heartbeat.seconds_since(broker)
    except redis.RedisError:
        answers = False
    finally:
        broker.close()
    return Parts(database, answers, last_sweep, oldest_mark_age() if database else None)


@login_not_required
@never_cache
@require_safe
def health(request: HttpRequest) -> JsonResponse:
    """503 only when pages cannot be served: without the broker, measures are saved and dashboards catch up later."""
    parts = look()
    answer: dict[str, str | float | None] = {"status": "ok"}
    told = parts.answer()
    answer |= {name: told[name] for name in ("database", "broker", "oldest_change_waiting_seconds")}
    if answer["broker"] != "ok":
        answer["status"] = "degraded"
    if not parts.database:
        answer["status"] = "down"
    return JsonResponse(answer, status=200 if parts.database else 503)


@login_not_required
@never_cache
@require_safe
def ready(request: HttpRequest) -> JsonResponse:
    """503 when a person is needed: for monitoring, not for a proxy, which would stop serving for no reason."""
    answer = look().answer()
    return JsonResponse(answer, status=200 if answer["status"] == "ready" else 503)


urlpatterns = [path("health/", health, name="health"), path("ready/", ready, name="ready")]
