"""/health/: whether the parts answer, for whoever watches over the installation. Public, and says nothing else."""

import redis
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.urls import path
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from snapshots.freshness import oldest_mark_age


def database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


def broker_answers() -> bool:
    client = redis.Redis.from_url(settings.REDIS_URL, socket_connect_timeout=1, socket_timeout=1)
    try:
        return bool(client.ping())
    except redis.RedisError:
        return False
    finally:
        client.close()


@login_not_required
@never_cache
@require_safe
def health(request: HttpRequest) -> JsonResponse:
    """503 only when pages cannot be served: without the broker, measures are saved and dashboards catch up later."""
    database = database_answers()
    answer = {
        "status": "ok",
        "database": "ok" if database else "unreachable",
        "broker": "ok" if broker_answers() else "unreachable",
        "oldest_change_waiting_seconds": round(oldest_mark_age(), 1) if database else None,
    }
    if answer["broker"] != "ok":
        answer["status"] = "degraded"
    if not database:
        answer["status"] = "down"
    return JsonResponse(answer, status=200 if database else 503)


urlpatterns = [path("health/", health, name="health")]
