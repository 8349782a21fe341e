"""What the benchmarks stand on: servers of their own, a worker, the product's pages, and how a result is said.

PostgreSQL runs as in the tests, without waiting for the disk, so that ratios tell of the product and not of the disk.
Ratios travel; seconds do not.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

SETTINGS = "bench.ground.settings"


def run(measure: Callable[[], None]) -> int:
    """Start PostgreSQL and the broker, let Django find them, measure, and end them."""
    os.environ["DJANGO_SETTINGS_MODULE"] = SETTINGS
    from tests.servers import TestServers

    servers = TestServers()
    try:
        servers.start()
        import django

        django.setup()
        measure()
    finally:
        from django.db import connections

        connections.close_all()
        servers.stop()
    return 0


@contextmanager
def worker(*, concurrency: int = 2) -> Iterator[None]:
    """A Celery worker that times its computations."""
    from tests.processes import WorkerProcess

    process = WorkerProcess(concurrency=concurrency, DJANGO_SETTINGS_MODULE=SETTINGS, BENCH_WORKER="1")
    process.command += ["--include", "bench.ground.timed"]
    process.start()
    try:
        yield
    finally:
        process.stop()


def served_by(site: Any) -> list[int]:
    """The processes that serve its pages: its own, and PostgreSQL's for its connections."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
        )
        return [site.process.pid, *(pid for (pid,) in cursor.fetchall())]


@contextmanager
def site(**environment: str) -> Iterator[Any]:
    """The pages and the API, served by Granian as in production."""
    from tests.processes import SiteProcess

    process = SiteProcess(workers=1, DJANGO_SETTINGS_MODULE=SETTINGS, **environment)
    process.start()
    try:
        yield process
    finally:
        process.stop()


def say(what: str, figure: float, *, aim: str = "", met: bool | None = None, places: int = 2) -> None:
    """One line of a result. A figure with an aim says whether it is met."""
    said = "" if met is None else f"   aim {aim}: {'met' if met else 'NOT MET'}"
    print(f"{what:<70}{figure:>10.{places}f}{said}", flush=True)
