"""/metrics for Prometheus: what web processes count, and what is read from the database and the broker when asked.

Web processes of one machine add up their counts in files (PROMETHEUS_MULTIPROC_DIR), so that it does not matter which
one answers. What workers do, and what waits, is kept in the broker and the database, and survives every restart.
"""

import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import redis
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, InterfaceError, OperationalError, transaction
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import REGISTRY, CounterMetricFamily, GaugeMetricFamily, Metric, SummaryMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector

from api.endpoints.base import Endpoint
from improvement import heartbeat, tally
from improvement.doctor import QUEUES
from rpiws.models import Reminder
from snapshots.freshness import oldest_mark_age
from snapshots.models import ChangeMark, Trouble

FOLDER = os.environ.get("PROMETHEUS_MULTIPROC_DIR")
if FOLDER:
    Path(FOLDER).mkdir(parents=True, mode=0o700, exist_ok=True)

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
ANSWERS = Counter("improvement_requests", "Answers by route, method and status.", ["route", "method", "status"])
SECONDS = Histogram(
    "improvement_request_seconds",
    "Seconds from request to answer, by route.",
    ["route"],
    buckets=(0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)
API_REQUESTS = Counter("improvement_api_requests", "API requests by what they ask for.", ["kind", "status"])
SAVES = Counter("improvement_saves", "Changes that dashboards show, by what was done.", ["action"])
DATABASE_ERRORS = Counter(
    "improvement_database_connection_errors", "Requests that failed because the database was not reached.", ["process"]
)


def method_of(request: HttpRequest) -> str:
    """Anybody may send any word as a method; it becomes no label."""
    return request.method if request.method in METHODS else "other"


def note_answer(request: HttpRequest, status: int, *, route: str, method: str, seconds: float) -> None:
    ANSWERS.labels(route, method, status).inc()
    SECONDS.labels(route).observe(seconds)
    if kind := _kind_of_api_request(request):
        API_REQUESTS.labels(kind, status).inc()


def _kind_of_api_request(request: HttpRequest) -> str | None:
    """The scope that the endpoint asks for; None for a page."""
    view = getattr(request.resolver_match, "func", None)
    endpoint = getattr(view, "cls", None)
    if not (isinstance(endpoint, type) and issubclass(endpoint, Endpoint)):
        return None
    return str(endpoint.scopes.get(request.method or "", endpoint.scopes["GET"]))


def note_save(*, sender: Any, **_sent_with: Any) -> None:
    """Receiver of `facts_changed`."""
    count = SAVES.labels(sender.__name__).inc
    transaction.on_commit(lambda: count(), robust=True)


def note_exception(**_sent_with: Any) -> None:
    """Receiver of Django's `got_request_exception`."""
    if is_lost_connection(sys.exc_info()[1]):
        DATABASE_ERRORS.labels("web").inc()


def is_lost_connection(error: BaseException | None) -> bool:
    """Whether the database was not reached, or hung up: not a question that it refused or found too slow."""
    if isinstance(error, InterfaceError):
        return True
    code = getattr(error.__cause__, "pgcode", None) if isinstance(error, OperationalError) else ""
    return code is None or code.startswith(("08", "57P", "53300"))


def gauge(name: str, words: str, value: float) -> Metric:
    return GaugeMetricFamily(name, words, value=value)


def labelled(family: Any, values: Iterable[tuple[str, float]]) -> Metric:
    for label, value in values:
        family.add_metric([label], value)
    return family  # type: ignore[no-any-return]


def of_the_database() -> Iterator[Metric]:
    age = oldest_mark_age()
    yield gauge("improvement_marks_waiting", "Changes that no dashboard shows yet.", ChangeMark.objects.count())
    yield gauge("improvement_oldest_mark_seconds", "Age of the oldest change that no dashboard shows.", age)
    set_aside = Trouble.objects.exclude(set_aside_at=None).count()
    yield gauge("improvement_set_aside", "Dashboards set aside after five failures.", set_aside)
    failing = Trouble.objects.filter(set_aside_at=None, error__gt="").count()
    yield gauge("improvement_failing", "Dashboards whose last attempt failed and that are tried again.", failing)
    sent = Reminder.objects.values_list("occasion").annotate(number=Count("pk")).order_by("occasion")
    reminders = CounterMetricFamily("improvement_reminders_sent", "Reminders of remeasures.", labels=["occasion"])
    yield labelled(reminders, sent)


def of_the_broker(broker: redis.Redis) -> Iterator[Metric]:
    lengths: list[Any] = [broker.llen(queue) for queue in QUEUES]
    queues = GaugeMetricFamily("improvement_queue_length", "Messages that wait for a worker.", labels=["queue"])
    yield labelled(queues, zip(QUEUES, lengths, strict=True))
    with_workers: Any = broker.hlen("unacked")
    yield gauge("improvement_messages_with_workers", "Messages taken and not done yet.", with_workers)
    if (last := heartbeat.seconds_since(broker)) is not None:
        yield gauge("improvement_last_sweep_seconds", "Seconds since a worker last did a sweep.", last)
    counted = tally.read(broker)
    results = _by_label(counted, tally.RECOMPUTATIONS)
    recomputations = CounterMetricFamily("improvement_recomputations", "By what became of them.", labels=["result"])
    yield labelled(recomputations, results)
    yield SummaryMetricFamily(
        "improvement_recomputation_seconds",
        "Seconds spent on recomputations.",
        count_value=int(sum(number for _, number in results)),
        sum_value=counted.get(tally.SECONDS, 0.0),
    )
    failures = CounterMetricFamily("improvement_failed_tasks", "Tasks that ended with an error.", labels=["task"])
    yield labelled(failures, _by_label(counted, tally.FAILED_TASKS))
    yield CounterMetricFamily(
        "improvement_worker_database_connection_errors",
        "Tasks that failed because the database was not reached.",
        value=counted.get(tally.DATABASE_ERRORS, 0.0),
    )


def _by_label(counted: dict[str, float], prefix: str) -> list[tuple[str, float]]:
    return sorted((name.removeprefix(prefix), value) for name, value in counted.items() if name.startswith(prefix))


class Now:
    """What is read at the moment of asking. A part that does not answer is said to be down, and the rest is told."""

    def collect(self) -> Iterator[Metric]:
        yield from _told("improvement_database_up", "Whether the database answers.", of_the_database, DatabaseError)
        with closing(heartbeat.client()) as broker:
            words = "Whether the broker answers."
            yield from _told("improvement_broker_up", words, lambda: of_the_broker(broker), redis.RedisError)


def _told(
    up: str, words: str, ask: Callable[[], Iterator[Metric]], away: type[Exception] | tuple[type[Exception], ...]
) -> list[Metric]:
    try:
        told = list(ask())
    except away:
        return [gauge(up, words, 0)]
    return [gauge(up, words, 1), *told]


def everything() -> bytes:
    registry = CollectorRegistry()
    if FOLDER:
        MultiProcessCollector(registry, path=FOLDER)
    else:
        registry.register(REGISTRY)
    registry.register(Now())  # type: ignore[arg-type]
    return generate_latest(registry)


@login_not_required
@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """For whoever sends the token of the environment; where none is set, there is nothing here."""
    if not settings.METRICS_TOKEN:
        raise Http404
    if not constant_time_compare(request.headers.get("Authorization", ""), f"Bearer {settings.METRICS_TOKEN}"):
        said = "Send the token: Authorization: Bearer ..."
        return HttpResponse(said, status=401, headers={"WWW-Authenticate": "Bearer"})
    return HttpResponse(everything(), content_type=CONTENT_TYPE_LATEST)


urlpatterns = [path("metrics", metrics, name="metrics")]
