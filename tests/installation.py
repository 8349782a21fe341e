"""A whole installation of a test's own, to be killed part by part: PostgreSQL, broker, web, workers and beat.

Its PostgreSQL writes to disk before it answers, as in production, and its web process keeps connections.
"""

import os
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
import psycopg2
import pytest
from django.conf import settings
from django.db import connections

from improvement.services.ports import Memory
from improvement.services.postgres import APPLICATION, DATABASE, OWNER, SUPERUSER, Postgres, system_user
from improvement.services.processes import CannotStart
from tests.faults import BeatProcess, FaultyBroker
from tests.ledger import World
from tests.processes import PROGRAMS, SiteProcess, WorkerProcess, wait_until
from tests.servers import VAR, recipe, remove

SPARE = "spare"
"""An empty database beside the one in use."""
FULL = 16 * 1024 * 1024


class FaultyPostgres(Postgres):
    """A real server that can be killed, and whose files can be kept from growing."""

    def kill(self) -> None:
        """-9 to all of its processes at once, as when its machine loses power."""
        assert self.process is not None
        family = [*psutil.Process(self.process.pid).children(), psutil.Process(self.process.pid)]
        for process in reversed(family):
            process.kill()
        self.process.wait(10)
        psutil.wait_procs(family, timeout=10)

    def start_again(self) -> None:
        """As a supervisor would, again and again until it does."""

        def comes() -> bool:
            try:
                self.run()
            except CannotStart:
                return False
            return True

        wait_until(comes, seconds=60, why=self.log.read_text)

    def limit_files(self, size: int) -> None:
        """No file of its may grow beyond `size` bytes: PostgreSQL meets what it meets on a full disk, an error on
        extending a table. Nothing needs to be mounted, and no other process is hindered."""
        assert self.process is not None
        pids = [self.process.pid, *(child.pid for child in psutil.Process(self.process.pid).children())]
        user = system_user()
        # Only a process of the same user may change the limits of a server that does not run as root.
        subprocess.run(
            ["prlimit", "--version"],
            check=True,
            stdout=subprocess.DEVNULL,
            user=user,
            group=user,
            extra_groups=[] if user else None,
            preexec_fn=lambda: _limit(pids, size),
        )


def _limit(pids: list[int], size: int) -> None:
    import resource

    for pid in pids:
        try:
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))
        except ProcessLookupError:
            continue


class Installation:
    """Everything that `make run` starts, over a folder and addresses of its own."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="improvement-faults-"))
        subprocess.run(["cp", "-a", str(VAR / f"test-cluster-{recipe()}"), str(self.folder / "cluster")], check=True)
        memory = Memory(self.folder / "cluster" / "servers.json")
        self.postgres = FaultyPostgres(self.folder / "cluster" / "postgres", memory, log=self.folder / "postgres.log")
        self.broker = FaultyBroker(self.folder / "valkey", memory, log=self.folder / "valkey.log")
        self.site: SiteProcess | None = None
        self.others: list[WorkerProcess | BeatProcess] = []
        self.is_hurt = False

    def start(self) -> None:
        self.postgres.start()
        self.postgres.make_database(SPARE, template=DATABASE)
        self.broker.start()

    @property
    def environment(self) -> dict[str, str]:
        return {
            "DATABASE_URL": self.postgres.url(APPLICATION),
            "DATABASE_OWNER_URL": self.postgres.url(OWNER),
            "REDIS_URL": self.broker.url,
            "CONN_MAX_AGE": "600",
            "API_REQUESTS_A_MINUTE": "100000",
        }

    @contextmanager
    def in_this_process(self) -> Iterator[None]:
        """Django here reads and writes the same database."""
        before = {alias: dict(settings.DATABASES[alias]) for alias in ("default", "owner")}
        for alias, role in (("default", APPLICATION), ("owner", OWNER)):
            connections[alias].close()
            settings.DATABASES[alias] |= {
                "HOST": "127.0.0.1",
                "PORT": self.postgres.port,
                "USER": role,
                "PASSWORD": self.postgres.memory.password(role),
                "NAME": DATABASE,
            }
        try:
            yield
        finally:
            for alias, facts in before.items():
                connections[alias].close()
                settings.DATABASES[alias].update(facts)

    def serve(self) -> SiteProcess:
        if self.site is None:
            self.site = SiteProcess(**self.environment)
            self.site.start()
        return self.site

    def work(self, *, concurrency: int = 2, wound: str = "") -> WorkerProcess:
        worker = WorkerProcess(concurrency=concurrency, WOUND=wound, **self.environment)
        return self._hurt_and_start(worker, wound)

    def beat(self, *, wound: str = "") -> BeatProcess:
        return self._hurt_and_start(BeatProcess(WOUND=wound, **self.environment), wound)

    def _hurt_and_start(self, process: Any, wound: str) -> Any:
        if wound:
            assert process.command[:3] == [str(PROGRAMS / "celery"), "-A", "improvement"]
            process.command[2] = "tests.wounded"
            self.is_hurt = True
        process.start()
        self.others.append(process)
        return process

    def crew(self) -> None:
        """Beat and a worker, unhurt; those of the test before when there are."""
        if not self.others:
            self.beat()
            self.work()

    def rest(self) -> None:
        """End workers and beat; web and servers go on, as they were."""
        for process in self.others:
            process.kill()
            process.stop()
        self.others = []
        self.is_hurt = False
        if self.broker.process and self.broker.process.poll() is None:
            self.broker.process.send_signal(signal.SIGCONT)

    def superuser(self, database: str = DATABASE) -> Any:
        connection = psycopg2.connect(self.postgres.url(SUPERUSER, database), connect_timeout=5)
        connection.autocommit = True
        return connection

    def fill_the_disk(self, database: str = DATABASE) -> None:
        """From now on no table can grow, and the table of change marks, which every save writes, has no room left.

        The limit is the length of a file of PostgreSQL's log, so that the log itself goes on.
        """
        self.postgres.limit_files(FULL)
        connection = self.superuser(database)
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE snapshots_changemark SET (autovacuum_enabled = off)")
            many = 100_000
            while many:
                try:
                    cursor.execute(
                        "INSERT INTO snapshots_changemark (kind, scope_id, at)"
                        " SELECT 'filler', n, now() FROM generate_series(1, %s) n",
                        [many],
                    )
                except psycopg2.Error:
                    many //= 10
        connection.close()

    def make_room(self) -> None:
        self.postgres.limit_files(-1)

    def empty_the_disk(self) -> None:
        connection = self.superuser()
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM snapshots_changemark WHERE kind = 'filler'")
            cursor.execute("VACUUM FULL snapshots_changemark")
        connection.close()

    def stop(self) -> None:
        """Nothing of it is kept, so nothing is asked to end politely."""
        self.rest()
        if self.site:
            self.site.kill()
            self.site.stop()
        for server in (self.broker, self.postgres):
            if server.process and server.process.poll() is None:
                server.kill()
        remove(self.folder)


def logs(installation: Installation) -> str:
    """What its processes said last, for a test that failed."""
    parts = [*installation.others, *([installation.site] if installation.site else [])]
    return "\n".join(f"--- {type(part).__name__}\n{part.log()[-3000:]}" for part in parts)


@pytest.fixture(scope="module")
def installation(django_db_blocker: Any) -> Iterator[Installation]:
    """PostgreSQL and broker of this module's own; Django in this process uses them meanwhile."""
    if why := os.environ.get("TEST_SERVERS_FAILED"):
        pytest.fail(why, pytrace=False)
    whole = Installation()
    try:
        whole.start()
        with django_db_blocker.unblock(), whole.in_this_process():
            yield whole
    finally:
        whole.stop()


@pytest.fixture(autouse=True)
def _nothing_left_running(installation: Installation) -> Iterator[None]:
    """Each test finds servers and web in order, and at most an unhurt crew."""
    yield
    connections.close_all()
    if installation.is_hurt or len(installation.others) > 2:
        installation.rest()
    if installation.broker.process and installation.broker.process.poll() is not None:
        installation.broker.start()
    if installation.postgres.process and installation.postgres.process.poll() is not None:
        installation.postgres.start_again()


@pytest.fixture
def world(installation: Installation) -> World:
    return World()
