"""Real processes over the test's database: a Celery worker, a web server."""

import os
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

from improvement.services.ports import HOST, free_port
from improvement.services.processes import end, start

ROOT = Path(__file__).resolve().parent.parent
PROGRAMS = Path(sys.executable).parent


class Process:
    """One child over the addresses in the environment, ended by its id."""

    command: list[str]
    folder = ROOT

    def __init__(self, **environment: str) -> None:
        self.environment = dict(os.environ, DJANGO_SETTINGS_MODULE="improvement.settings.test", PYTHONUNBUFFERED="1")
        self.environment |= environment
        self.environment.pop("DJANGO_ALLOW_ASYNC_UNSAFE", None)
        self.output = tempfile.NamedTemporaryFile(suffix=".log")  # noqa: SIM115
        self.process: subprocess.Popen[bytes] | None = None

    def ready(self) -> bool:
        raise NotImplementedError

    def start(self, *, seconds: float = 60) -> None:
        self.process = start(self.command, output=self.output, environment=self.environment, folder=self.folder)
        wait_until(lambda: self.process.poll() is not None or self.ready(), seconds=seconds, why=self.log)
        assert self.process.poll() is None, self.log()

    def log(self) -> str:
        return Path(self.output.name).read_text(errors="replace")

    def kill(self) -> None:
        """As a crash would: -9, without a word."""
        assert self.process is not None
        end(self.process, number=9)

    def stop(self) -> None:
        if self.process:
            end(self.process, seconds=5)
        self.output.close()


class WorkerProcess(Process):
    """A Celery worker that listens to all queues."""

    def __init__(self, *, queues: str = "recompute,imports,sweep", concurrency: int = 1, **environment: str) -> None:
        super().__init__(**environment)
        self.command = [str(PROGRAMS / "celery"), "-A", "improvement", "worker", "-Q", queues, "-l", "info"]
        self.command += ["-c", str(concurrency), "--without-mingle", "--without-gossip"]

    def ready(self) -> bool:
        return " ready." in self.log()


class SiteProcess(Process):
    """The pages, served by Granian as in production."""

    def __init__(self, *, workers: int = 1, **environment: str) -> None:
        self.port = free_port()
        self.address = f"http://{HOST}:{self.port}"
        super().__init__(SITE_ADDRESS=self.address, **environment)
        self.command = [str(PROGRAMS / "granian"), "--interface", "wsgi", "--host", HOST, "--port", str(self.port)]
        self.command += ["--workers", str(workers), "--blocking-threads", "4", "improvement.wsgi:application"]

    def ready(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.address}/health/", timeout=2):
                return True
        except (OSError, urllib.error.URLError):
            return False


def wait_until(holds: Callable[[], object], *, seconds: float = 10, why: Callable[[], str] = lambda: "") -> None:
    """Wait for something that another process does; fail with what it said when it does not come."""
    until = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > until:
            raise AssertionError(f"It did not come within {seconds} s. {why()}")
        time.sleep(0.05)
