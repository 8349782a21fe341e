"""What every test stands on: real servers, one database for each worker, the application's own role.

The servers start once, in the process that was asked to test; xdist's workers find them through the environment.
"""

import os
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import psycopg2
import pytest
from django.conf import settings
from django.core.cache import caches
from django.db import connections
from django.test import TransactionTestCase
from psycopg2 import sql

from improvement.services.postgres import OWNER
from tests.processes import WorkerProcess
from tests.servers import TEMPLATE, TestServers

SERVERS = pytest.StashKey[TestServers]()
WHY_NO_SERVERS = "TEST_SERVERS_FAILED"


def pytest_configure(config: pytest.Config) -> None:
    # Playwright keeps an event loop in the test's own thread, and Django would refuse the database there.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    if not hasattr(config, "workerinput"):
        servers = TestServers()
        config.stash[SERVERS] = servers
        os.environ.pop(WHY_NO_SERVERS, None)
        try:
            servers.start()
        except Exception as error:
            # Tests without a database still run; those with one say why they cannot.
            os.environ[WHY_NO_SERVERS] = str(error)
            return
    point_settings()


def pytest_unconfigure(config: pytest.Config) -> None:
    if servers := config.stash.get(SERVERS, None):
        servers.stop()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whatever stands in tests/browser is marked so, without each file having to say it; what opens a browser is last.

    Playwright leaves its event loop set in the thread, and Django keeps other connections inside a loop than outside:
    a test after it would have two of them.
    """
    for item in items:
        if "browser" in item.path.parts:
            item.add_marker(pytest.mark.browser)
    items.sort(key=lambda item: "playwright" in getattr(item, "fixturenames", ()))


def point_settings() -> None:
    """Settings were read before the servers had an address."""
    from improvement.celery import app

    for alias, name in (("default", "DATABASE_URL"), ("owner", "DATABASE_OWNER_URL")):
        if url := os.environ.get(name):
            parts = urlsplit(url)
            settings.DATABASES[alias] |= {
                "HOST": parts.hostname,
                "PORT": parts.port,
                "USER": parts.username,
                "PASSWORD": parts.password,
                "NAME": parts.path.lstrip("/"),
            }
    if url := os.environ.get("REDIS_URL"):
        # Each worker has a broker database of its own, as it has a database.
        number = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) + 1
        url = os.environ["REDIS_URL"] = urlsplit(url)._replace(path=f"/{number}").geturl()
        settings.REDIS_URL = settings.CELERY_BROKER_URL = url
        app.conf.update(broker_url=url)


def as_superuser(database: str) -> Any:
    parts = urlsplit(os.environ["TEST_SUPERUSER_URL"])
    connection = psycopg2.connect(parts._replace(path=f"/{database}").geturl())
    connection.autocommit = True
    return connection


@pytest.fixture(autouse=True)
def _nothing_ready_made() -> None:
    """Databases of tests begin anew, ids and versions with them, and so must what pages keep and limits counted."""
    for cache in caches.all(initialized_only=True):
        cache.clear()


@pytest.fixture(scope="session")
def django_db_setup(
    request: pytest.FixtureRequest, django_test_environment: None, django_db_blocker: Any
) -> Iterator[None]:
    """One database for this worker, copied from the migrated one, reached as the application's role."""
    if why := os.environ.get(WHY_NO_SERVERS):
        pytest.fail(why, pytrace=False)
    name = f"test_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
    administration = as_superuser("postgres")
    with administration.cursor() as cursor:
        statement = sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE {}")
        cursor.execute(statement.format(sql.Identifier(name), sql.Identifier(OWNER), sql.Identifier(TEMPLATE)))
    for alias, variable in (("default", "DATABASE_URL"), ("owner", "DATABASE_OWNER_URL")):
        connections[alias].close()
        connections[alias].settings_dict["NAME"] = settings.DATABASES[alias]["NAME"] = name
        os.environ[variable] = urlsplit(os.environ[variable])._replace(path=f"/{name}").geturl()
    cleaner = Cleaner(name)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda case: cleaner.clean())
        yield
    cleaner.connection.close()
    with django_db_blocker.unblock():
        for connection in connections.all(initialized_only=True):
            connection.close()
    with administration.cursor() as cursor:
        cursor.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
    administration.close()


class Cleaner:
    """Empties the database after a transactional test, and puts back what the migrations had put there.

    The application's role cannot truncate, and truncating would leave change marks: this runs as the superuser with
    triggers off, and takes milliseconds where Django's flush takes seconds.
    """

    def __init__(self, database: str) -> None:
        self.connection = as_superuser(database)
        with self.connection.cursor() as cursor:
            cursor.execute(
                "SELECT oid::regclass::text FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
            )
            self.tables = sorted(name for (name,) in cursor.fetchall())
            self.first = {name: self._rows(cursor, name) for name in self._holding(cursor)}

    def _holding(self, cursor: Any) -> list[str]:
        """The tables with any row."""
        parts = [f"SELECT '{name}' WHERE EXISTS (SELECT FROM {name})" for name in self.tables]
        cursor.execute(" UNION ALL ".join(parts))
        return [name.replace("''", "'") for (name,) in cursor.fetchall()]

    def _rows(self, cursor: Any, name: str) -> set[tuple[Any, ...]]:
        cursor.execute(f"SELECT t::text FROM {name} t")
        return set(cursor.fetchall())

    def clean(self) -> None:
        with self.connection.cursor() as cursor:
            cursor.execute("BEGIN; SET LOCAL session_replication_role = replica; SET LOCAL lock_timeout = '20s'")
            for name in self._holding(cursor):
                if name not in self.first:
                    cursor.execute(f"DELETE FROM {name}")
                elif self._rows(cursor, name) != self.first[name]:
                    self._restore(cursor, name)
            for name in self.first:
                if name not in self._holding(cursor):
                    self._restore(cursor, name)
            cursor.execute("COMMIT")

    def _restore(self, cursor: Any, name: str) -> None:
        cursor.execute(f"DELETE FROM {name}")
        for (row,) in self.first[name]:
            cursor.execute(f"INSERT INTO {name} SELECT (%s::{name}).*", [row])


@pytest.fixture
def owner_connection(transactional_db: None) -> Iterator[Any]:
    """A connection as the role that owns the tables, for what no page does: DDL, looking at privileges."""
    connection = psycopg2.connect(os.environ["DATABASE_OWNER_URL"])
    connection.autocommit = True
    yield connection
    connection.close()


@pytest.fixture
def broker() -> str:
    """The address of the run's broker, emptied."""
    import redis

    if why := os.environ.get(WHY_NO_SERVERS):
        pytest.fail(why, pytrace=False)
    url = os.environ["REDIS_URL"]
    redis.Redis.from_url(url).flushdb()
    return url


@pytest.fixture
def celery_worker_process(transactional_db: None, broker: str) -> Iterator[WorkerProcess]:
    """A real Celery worker over this test's database; `.log()` is what it has said, `.kill()` what may befall it."""
    worker = WorkerProcess()
    worker.start()
    yield worker
    worker.stop()
