"""`make run`: the whole product on one machine. bootstrap.py has installed everything by the time this starts."""

import errno
import fcntl
import json
import os
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from urllib.parse import urlsplit

import psycopg2
import redis

from improvement.services.broker import Broker
from improvement.services.ports import HOST, Memory, is_free
from improvement.services.postgres import APPLICATION, OWNER, Postgres
from improvement.services.processes import CannotStart, Record
from improvement.services.supervisor import Supervisor

ROOT = Path(__file__).resolve().parent.parent.parent
VAR = ROOT / "var"
ROOM_TO_RUN = 200 * 1024**2
QUEUES = "recompute,imports,sweep"


def wanted_port() -> int:
    """The port from the environment, 8000 when it says nothing."""
    text = os.environ.get("PORT") or "8000"
    if not text.isdigit() or not 1 <= int(text) <= 65535:
        raise CannotStart(f"PORT is {text!r}, and must be a number between 1 and 65535.")
    return int(text)


def check_port(port: int) -> None:
    if not is_free(port):
        raise CannotStart(
            f"Port {port} on this machine is used by another program: stop that one, or choose another port with "
            f"`make run PORT={port + 1}`."
        )


def check_room(folder: Path = VAR) -> None:
    free = shutil.disk_usage(folder).free
    if free < ROOM_TO_RUN:
        raise CannotStart(f"The disk is nearly full ({free // 1024**2} MB free): make room and start again.")


def only_one(folder: Path = VAR) -> int:
    """Hold this folder's lock while running; the kernel lets go of it however the run ends."""
    descriptor = os.open(folder / "run.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise CannotStart("`make run` is running in this folder already: use that one, or stop it first.") from None
    return descriptor


def place(url: str) -> str:
    """Where an address points, without its password."""
    parts = urlsplit(url)
    return f"{parts.hostname or 'this machine'}{f':{parts.port}' if parts.port else ''}{parts.path}"


def first_line(error: Exception) -> str:
    """What an error says first, to end a sentence with."""
    return (str(error).strip().splitlines() or ["no answer"])[0].rstrip(".")


def check_database(name: str, url: str) -> None:
    """Whether the database that the environment names answers."""
    if urlsplit(url).scheme not in ("postgresql", "postgres"):
        raise CannotStart(f"{name} is no address of a database: write it like postgresql://user:password@host/name.")
    try:
        psycopg2.connect(url, connect_timeout=5).close()
    except (psycopg2.Error, ValueError) as error:
        raise CannotStart(f"The database at {place(url)} ({name}) cannot be reached: {first_line(error)}.") from None


def check_broker(url: str) -> None:
    try:
        redis.Redis.from_url(url, socket_connect_timeout=5, socket_timeout=5).ping()
    except (redis.RedisError, ValueError) as error:
        raise CannotStart(f"The broker at {place(url)} (REDIS_URL) cannot be reached: {first_line(error)}.") from None


def start_servers(supervisor: Supervisor, environment: dict[str, str]) -> None:
    """The embedded servers, or the ones that the environment names instead."""
    memory = Memory(VAR / "servers.json")
    if url := environment.get("DATABASE_URL"):
        check_database("DATABASE_URL", url)
        if owner := environment.get("DATABASE_OWNER_URL"):
            check_database("DATABASE_OWNER_URL", owner)
        else:
            supervisor.say("warning", "DATABASE_OWNER_URL is not set: one role owns the tables and serves the pages.")
    else:
        postgres = Postgres(VAR / "postgres", memory, log=VAR / "log" / "postgres.log")
        supervisor.add_server("postgres", postgres)
        environment["DATABASE_URL"] = postgres.url(APPLICATION)
        environment["DATABASE_OWNER_URL"] = postgres.url(OWNER)
    if url := environment.get("REDIS_URL"):
        check_broker(url)
    else:
        broker = Broker(VAR / "valkey", memory, log=VAR / "log" / "valkey.log")
        supervisor.add_server("valkey", broker)
        environment["REDIS_URL"] = broker.url


def manage(environment: dict[str, str], *arguments: str) -> None:
    """One management command, its output shown."""
    process = subprocess.Popen([sys.executable, "manage.py", *arguments], cwd=ROOT, env=environment)
    try:
        code = process.wait()
    except KeyboardInterrupt:
        process.terminate()
        process.wait()
        raise
    if code:
        raise CannotStart(f"`manage.py {' '.join(arguments)}` failed; what it said stands above.")


def add_programs(supervisor: Supervisor, port: int) -> None:
    web = ["--interface", "wsgi", "--host", HOST, "--port", str(port), "--workers", "2", "--blocking-threads", "4"]
    web += ["--respawn-failed-workers", "--workers-kill-timeout", "2s", "--log-level", "warning"]
    celery = [sys.executable, "-m", "celery", "-A", "improvement"]
    supervisor.add("web", [sys.executable, "-m", "granian", *web, "improvement.wsgi:application"])
    supervisor.add(
        "worker", [*celery, "worker", "-Q", QUEUES, "-c", "2", "-l", "warning", "--without-mingle", "--without-gossip"]
    )
    supervisor.add("beat", [*celery, "beat", "-l", "warning", "-s", str(VAR / "beat-schedule"), "--pidfile="])


class Announcement:
    """The address and the example sign-ins, printed once the pages answer."""

    def __init__(self, address: str, environment: dict[str, str]) -> None:
        self.address = address
        self.begun = time.monotonic()
        command = [sys.executable, "manage.py", "example_sign_ins"]
        self.sign_ins = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )

    def __call__(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.address}/health/", timeout=2) as answer:  # noqa: S310
                json.load(answer)
        except (OSError, ValueError, urllib.error.URLError):
            return False
        lines = self.sign_ins.communicate()[0].splitlines()
        said = [f"The improvement partnership is at {self.address} (ready in {time.monotonic() - self.begun:.0f} s)"]
        if lines:
            said += lines
        said += ["Ctrl-C ends everything; what was saved stays."]
        rule = "-" * max(len(line) for line in said)
        print("\n".join(["", rule, *said, rule, ""]), flush=True)
        return True


def run() -> int:
    """Start everything, announce it, and stay until Ctrl-C."""
    VAR.mkdir(exist_ok=True)
    lock = only_one()
    port = wanted_port()
    record = Record(VAR / "running.json")
    if left := record.end_leftovers():
        print(f"Ended what a former run had left: {', '.join(left)}.", flush=True)
    check_port(port)
    check_room()
    environment = dict(os.environ, PYTHONUNBUFFERED="1", SITE_ADDRESS=f"http://{HOST}:{port}")
    # Under root, Celery says so at length; whoever runs this on their own machine knows.
    environment["PYTHONWARNINGS"] = "ignore:You're running the worker"
    environment.setdefault("DJANGO_SETTINGS_MODULE", "improvement.settings.development")
    shutil.rmtree(VAR / "metrics", ignore_errors=True)
    environment["PROMETHEUS_MULTIPROC_DIR"] = str(VAR / "metrics")
    supervisor = Supervisor(folder=ROOT, environment=environment, record=record)
    try:
        start_servers(supervisor, environment)
        manage(environment, "migrate", "--verbosity", "1")
        manage(environment, "load_example", "--if-empty")
        add_programs(supervisor, port)
        announcement = Announcement(environment["SITE_ADDRESS"], environment)
    except BaseException:
        supervisor.end()
        raise
    supervisor.listen_for_the_end()
    try:
        return supervisor.run(when_ready=announcement)
    finally:
        announcement.sign_ins.terminate()
        os.close(lock)


def main() -> int:
    try:
        return run()
    except CannotStart as reason:
        print(reason, file=sys.stderr, flush=True)
        return 1
    except KeyboardInterrupt:
        print("Stopped.", flush=True)
        return 0
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        print("The disk is full: make room and start again; nothing that was saved is lost.", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
