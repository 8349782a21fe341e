"""/health/ and /ready/: whether the parts answer, for whoever watches over the installation. Public."""

from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, ClassVar

import redis
from asgiref.sync import sync_to_async
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.urls import path
from health_check.base import HealthCheck, HealthCheckResult
from health_check.exceptions import ServiceUnavailable
from health_check.views import HealthCheckView

from improvement import heartbeat
from snapshots.freshness import oldest_mark_age

# Seconds. A sweep is due every three, and a dashboard seconds after its change.
WORKER_SILENT = 60.0
DASHBOARDS_LATE = 300.0


@dataclass
class Part(HealthCheck):
    """One part of the installation. `ask` raises ServiceUnavailable with one public word, and answers in seconds."""

    name: ClassVar[str]
    told_as: ClassVar[str] = ""
    timeout = timedelta(seconds=10)
    seconds: float | None = None

    def ask(self) -> None:
        raise NotImplementedError

    async def run(self) -> None:
        # In the request's own thread, so that its connection to the database serves.
        await sync_to_async(self.ask)()


@dataclass
class Database(Part):
    name = "database"

    def ask(self) -> None:
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1")
        except DatabaseError as error:
            raise ServiceUnavailable("unreachable") from error


@dataclass
class Broker(Part):
    name = "broker"

    def ask(self) -> None:
        try:
            with closing(heartbeat.client()) as broker:
                broker.ping()
        except redis.RedisError as error:
            raise ServiceUnavailable("unreachable") from error


@dataclass
class Worker(Part):
    name, told_as = "worker", "last_sweep_seconds"

    def ask(self) -> None:
        try:
            with closing(heartbeat.client()) as broker:
                self.seconds = heartbeat.seconds_since(broker)
        except redis.RedisError as error:
            raise ServiceUnavailable("silent") from error
        if self.seconds is None or self.seconds > WORKER_SILENT:
            raise ServiceUnavailable("silent")


@dataclass
class OldestMark(Part):
    name, told_as = "dashboards", "oldest_change_waiting_seconds"

    def ask(self) -> None:
        try:
            self.seconds = oldest_mark_age()
        except DatabaseError as error:
            raise ServiceUnavailable("unknown") from error
        if self.seconds > DASHBOARDS_LATE:
            raise ServiceUnavailable("late")


def told(results: Iterable[HealthCheckResult]) -> dict[str, Any]:
    """Each part's word, and the seconds that were measured (null where nobody could be asked)."""
    words: dict[str, Any] = {}
    seconds: dict[str, Any] = {}
    for result in results:
        part: Any = result.check
        words[part.name] = "ok" if result.error is None else result.error.message
        if part.told_as:
            seconds[part.told_as] = None if part.seconds is None else round(part.seconds, 1)
    return words | seconds


class Health(HealthCheckView):
    """503 only when pages cannot be served: without the broker, measures are saved and dashboards catch up later."""

    checks = (Database, Broker, Worker, OldestMark)
    http_method_names = ["get", "head"]

    async def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> JsonResponse:
        """JSON whoever asks, one part after the other: the package's own would answer 500 where a proxy wants 503."""
        results = [await check.get_result() for check in self.get_checks()]
        failing = {result.check.name for result in results if result.error}  # type: ignore[attr-defined]
        status, code = self.status(failing)
        return JsonResponse({"status": status} | told(results), status=code)

    def status(self, failing: set[str]) -> tuple[str, int]:
        if Database.name in failing:
            return "down", 503
        return ("degraded" if failing else "ok"), 200


class Ready(Health):
    """503 when a person is needed: for monitoring, not for a proxy, which would stop serving for no reason."""

    def status(self, failing: set[str]) -> tuple[str, int]:
        return ("not ready", 503) if failing else ("ready", 200)


urlpatterns = [
    path("health/", login_not_required(Health.as_view()), name="health"),
    path("ready/", login_not_required(Ready.as_view()), name="ready"),
]
