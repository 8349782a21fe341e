"""The real PostgreSQL and the real broker of one test run, shared by all its workers.

The migrated database is kept in var/test-cluster-... under a hash of the migrations, and every run copies it: a run
starts in about two seconds, and two runs in one folder do not meet.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from improvement.services.broker import Broker
from improvement.services.ports import Memory
from improvement.services.postgres import APPLICATION, DATABASE, OWNER, SUPERUSER, Postgres
from improvement.services.processes import CannotStart

ROOT = Path(__file__).resolve().parent.parent
VAR = ROOT / "var"
HASHED = (
    "*/migrations/*.py",
    "requirements/run.txt",
    "improvement/services/*.py",
    "improvement/management/commands/*.py",
    "accounts/safekeeping.py",
)


def recipe() -> str:
    """A hash over what decides the content of the migrated database."""
    digest = hashlib.sha256()
    for pattern in HASHED:
        for path in sorted(ROOT.glob(pattern)):
            if not path.relative_to(ROOT).parts[0].startswith((".", "node_modules", "var")):
                digest.update(str(path.relative_to(ROOT)).encode() + path.read_bytes())
    return digest.hexdigest()[:16]


def remove(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)


class TestServers:
    """Starts both in one temporary folder, tells the environment where they are, and ends them."""

    __test__ = False

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="improvement-test-"))
        self.postgres: Postgres | None = None
        self.broker: Broker | None = None

    def start(self) -> None:
        kept = VAR / f"test-cluster-{recipe()}"
        if not kept.exists():
            self._make(kept)
        cluster = self.folder / "cluster"
        # cp keeps owner and modes, and is far quicker than shutil over a thousand small files.
        subprocess.run(["cp", "-a", str(kept), str(cluster)], check=True)
        memory = Memory(cluster / "servers.json")
        self.postgres = Postgres(cluster / "postgres", memory, log=self.folder / "postgres.log", hasty=True)
        self.postgres.start()
        self.broker = Broker(self.folder / "valkey", memory, log=self.folder / "valkey.log")
        self.broker.start()
        os.environ["TEST_SUPERUSER_URL"] = self.postgres.url(SUPERUSER, "postgres")
        os.environ["DATABASE_URL"] = self.postgres.url(APPLICATION)
        os.environ["DATABASE_OWNER_URL"] = self.postgres.url(OWNER)
        os.environ["REDIS_URL"] = self.broker.url

    def _make(self, kept: Path) -> None:
        """Migrate once as the owner, and keep the result for later runs."""
        VAR.mkdir(exist_ok=True)
        fresh = Path(tempfile.mkdtemp(prefix="test-cluster-new-", dir=VAR))
        postgres = Postgres(fresh / "postgres", Memory(fresh / "servers.json"), log=fresh / "postgres.log", hasty=True)
        try:
            postgres.start()
            environment = dict(os.environ, DJANGO_SETTINGS_MODULE="improvement.settings.test")
            environment |= {"DATABASE_URL": postgres.url(APPLICATION), "DATABASE_OWNER_URL": postgres.url(OWNER)}
            command = [sys.executable, "manage.py", "migrate", "--verbosity", "0", "--skip-checks"]
            done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
            if done.returncode:
                raise CannotStart(f"The migrations fail:\n{done.stdout}{done.stderr}")
            # Copying a database is quickest without anybody in it: the template takes no connections.
            postgres.stop(seconds=30)
            for old in VAR.glob("test-cluster-*"):
                # A younger one may be in use by another run.
                if time.time() - old.stat().st_mtime > 6 * 3600:
                    remove(old)
            fresh.rename(kept)
        except OSError:
            # Another run was quicker.
            if not kept.exists():
                raise
        finally:
            postgres.stop(seconds=30)
            remove(fresh)

    def stop(self) -> None:
        for server in (self.broker, self.postgres):
            if server:
                server.stop(seconds=5)
        remove(self.folder)


TEMPLATE = DATABASE
