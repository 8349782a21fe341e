"""The production installation, part by part as docker-compose.yml starts it, over local servers.

Each command, health check and environment is the file's own; only host names, ports and the three programs that come
with other images are put in. Where a folder belongs to an image, a temporary one stands for it.
"""

import http.client
import json
import os
import re
import shutil
import signal
import socket
import socketserver
import ssl
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import psycopg2
import pytest

from improvement.services import broker
from improvement.services.ports import HOST, Memory
from improvement.services.postgres import APPLICATION, DATABASE, OWNER, SUPERUSER, Postgres, programs
from improvement.services.processes import end, start
from tests import compose
from tests.conftest import as_superuser
from tests.processes import PROGRAMS, ROOT, wait_until
from tests.servers import TEMPLATE

pytestmark = pytest.mark.timeout(600)

SECRETS = {
    name: f"{name.lower().replace('_', '')}0123456789abcdefghijklmnopqrstuvwxyz0123456789"
    for name in compose.variables()
}

ROLES = {"APP_PASSWORD": "DATABASE_URL", "OWNER_PASSWORD": "DATABASE_OWNER_URL"}
# Stand-ins for what the images of Valkey and Caddy bring beside their servers.
VALKEY_CLI = """#!{python}
import os, sys, redis
print("PONG" if redis.Redis(port=int(sys.argv[2]), password=os.environ["REDISCLI_AUTH"]).ping() else "")
"""
WGET = """#!{python}
import sys, urllib.request
urllib.request.urlopen(sys.argv[-1], timeout=5)
"""


class Letters(socketserver.StreamRequestHandler):
    """A mail server that is there."""

    def handle(self) -> None:
        self.wfile.write(b"220 ready\r\n")
        for line in iter(self.rfile.readline, b""):
            self.wfile.write(b"221 bye\r\n" if line.upper().startswith(b"QUIT") else b"250 ok\r\n")


def different_ports(*names: str) -> dict[str, int]:
    """Held until all are known, so that the system gives none of them twice."""
    with ExitStack() as held:
        probes = {name: held.enter_context(socket.socket()) for name in names}
        for probe in probes.values():
            probe.bind((HOST, 0))
        return {name: probe.getsockname()[1] for name, probe in probes.items()}


class Installation:
    """What `docker compose up` would start."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.ports = different_ports("valkey", "web", "https", "http", "alive", "mail")
        self.database = f"production_{os.getpid()}"
        self.place = urlsplit(os.environ["DATABASE_URL"]).netloc.rpartition("@")[2]
        given = {name: str(urlsplit(os.environ[url]).password) for name, url in ROLES.items()}
        given |= {
            "SITE_HOST": "localhost",
            "TLS": "internal",
            "EMAIL_HOST": HOST,
            "EMAIL_PORT": str(self.ports["mail"]),
        }
        given |= {"DEFAULT_FROM_EMAIL": "improvement@example.org", "EMAIL_USE_TLS": "", "SECRET_KEY_FALLBACKS": ""}
        given |= {"POSTGRES_SHARED_BUFFERS": "64MB", "WEB_WORKERS": "1", "WEB_THREADS": "4", "WORKER_PROCESSES": "1"}
        given |= {"TRUSTED_PROXIES": "1", "SESSION_IDLE_MINUTES": "30", "SESSION_LONGEST_HOURS": "12"}
        given |= {name: "" for name in SECRETS if name.startswith("OIDC_")}
        self.services: dict[str, Any] = compose.read(SECRETS | given)["services"]
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self.bin = folder / "bin"
        self.bin.mkdir()
        self.schedule.parent.mkdir()
        (self.bin / "valkey-server").symlink_to(broker.program())
        for name, text in (("valkey-cli", VALKEY_CLI), ("wget", WGET)):
            (self.bin / name).write_text(text.format(python=sys.executable))
            (self.bin / name).chmod(0o755)

    def environment(self, name: str) -> dict[str, str]:
        """What the file and the image give to a service, its hosts being here; nothing of this process but the PATH."""
        path = os.pathsep.join([str(self.bin), str(PROGRAMS), str(programs()), os.environ["PATH"]])
        found = {"PATH": path, "HOSTNAME": socket.gethostname(), "HOME": str(self.folder)}
        found["TMPDIR"] = str(self.schedule.parent)
        if self.services[name]["image"].startswith("improvement:"):
            found |= compose.image_environment() | {"GRANIAN_HOST": HOST, "GRANIAN_PORT": str(self.ports["web"])}
        found |= {
            "VALKEY_PORT": str(self.ports["valkey"]),
            "WEB": f"{HOST}:{self.ports['web']}",
            "XDG_DATA_HOME": str(self.folder / "proxy"),
        }
        found |= {f"PROXY_{kind.upper()}_PORT": str(self.ports[kind]) for kind in ("https", "http", "alive")}
        for variable, value in self.services[name].get("environment", {}).items():
            value = str(value).replace("@postgres/improvement", f"@{self.place}/{self.database}")
            found[variable] = value.replace("@valkey:6379", f"@{HOST}:{self.ports['valkey']}")
        return found

    def command(self, name: str) -> list[str]:
        local = {"/etc/caddy/Caddyfile": str(ROOT / "Caddyfile"), "/tmp/beat-schedule": str(self.schedule)}
        return [local.get(word, word) for word in self.services[name]["command"]]

    @property
    def schedule(self) -> Path:
        return self.folder / "tmp" / "beat-schedule"

    def start(self, name: str) -> None:
        place = self.folder if name == "valkey" else ROOT
        with (self.folder / f"{name}.log").open("ab") as output:
            command = self.command(name)
            program = shutil.which(command[0], path=self.environment(name)["PATH"])
            assert program, f"{command[0]} is not installed"
            self.processes[name] = start(
                [program, *command[1:]], output=output, environment=self.environment(name), folder=place
            )

    def run(self, name: str, command: list[str]) -> subprocess.CompletedProcess[str]:
        """As `docker compose exec` or `run` would."""
        environment = self.environment(name)
        program = shutil.which(command[0], path=environment["PATH"])
        assert program, f"{command[0]} is not installed"
        # The health check of beat looks into /tmp, which is the container's own there.
        command = [program, *(word.replace("find /tmp", f"find {self.schedule.parent}") for word in command[1:])]
        return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=300)

    def is_well(self, name: str) -> bool:
        return self.run(name, compose.check_of(self.services[name])).returncode == 0

    def await_health(self, name: str, *, seconds: float = 180) -> None:
        process = self.processes[name]
        wait_until(
            lambda: process.poll() is not None or self.is_well(name), seconds=seconds, why=lambda: self.log(name)
        )
        assert process.poll() is None, self.log(name)

    def log(self, name: str) -> str:
        return (self.folder / f"{name}.log").read_text(errors="replace")

    def ask(self, statement: str) -> Any:
        with closing(as_superuser(self.database)) as connection, connection.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchone()[0]

    def administer(self, statement: str) -> None:
        with closing(as_superuser("postgres")) as connection, connection.cursor() as cursor:
            cursor.execute(statement)

    def end(self) -> None:
        for name in ("proxy", "beat", "worker", "web", "valkey"):
            if process := self.processes.get(name):
                end(process, seconds=10)
        self.administer(f"DROP DATABASE IF EXISTS {self.database} WITH (FORCE)")


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    made = Installation(tmp_path_factory.mktemp("production"))
    letters = socketserver.ThreadingTCPServer((HOST, made.ports["mail"]), Letters)
    threading.Thread(target=letters.serve_forever, daemon=True).start()
    try:
        made.administer(f"CREATE DATABASE {made.database} OWNER {OWNER} TEMPLATE {TEMPLATE}")
        made.start("valkey")
        made.await_health("valkey")
        migrated = made.run("migrate", made.command("migrate"))
        assert migrated.returncode == 0, migrated.stdout + migrated.stderr
        # The image is built with its static files.
        collected = made.run("web", ["python", "manage.py", "collectstatic", "--noinput"])
        assert collected.returncode == 0, collected.stdout + collected.stderr
        for name in ("web", "worker", "beat", "proxy"):
            made.start(name)
        yield made
    finally:
        made.end()
        letters.shutdown()
        letters.server_close()


class Cluster(Postgres):
    """PostgreSQL with the options of the file, its roles made by the container's own first-start script."""

    def __init__(self, folder: Path, service: dict[str, Any]) -> None:
        super().__init__(folder / "postgres", Memory(folder / "servers.json"), log=folder / "postgres.log", hasty=True)
        self.service = service

    def options(self) -> dict[str, str]:
        name, *rest = self.service["command"]
        assert name == "postgres"
        assert set(rest[::2]) == {"-c"}
        return dict(option.split("=", 1) for option in rest[1::2])

    def make_cluster(self) -> None:
        super().make_cluster()
        with (self.folder / "postgresql.conf").open("a") as settings:
            settings.writelines(f"{name} = '{value}'\n" for name, value in self.options().items())

    def make_roles(self) -> None:
        mounted = [volume for volume in self.service["volumes"] if "docker-entrypoint-initdb.d" in volume]
        script = ROOT / mounted[0].split(":")[0]
        place = {"PGHOST": HOST, "PGPORT": str(self.port), "PGPASSWORD": self.memory.password(SUPERUSER)}
        path = f"{programs()}{os.pathsep}{os.environ['PATH']}"
        environment = {**self.service["environment"], **place, "PATH": path}
        subprocess.run(["sh", str(script)], env=environment, check=True, capture_output=True)


def test_postgresql_takes_its_options_and_the_first_start_makes_two_plain_roles(tmp_path: Path) -> None:
    service = compose.read(SECRETS | {"POSTGRES_SHARED_BUFFERS": "64MB"})["services"]["postgres"]
    cluster = Cluster(tmp_path, service)
    try:
        cluster.start()
        with closing(cluster.connect()) as connection, connection.cursor() as cursor:
            for name, value in cluster.options().items():
                cursor.execute("SELECT current_setting(%s)", [name])
                assert cursor.fetchone() == (value,)
            cursor.execute(
                "SELECT rolname FROM pg_roles WHERE rolsuper OR rolbypassrls OR rolcreatedb OR rolcreaterole"
            )
            assert cursor.fetchall() == [(SUPERUSER,)]
        for role, password in ((OWNER, SECRETS["OWNER_PASSWORD"]), (APPLICATION, SECRETS["APP_PASSWORD"])):
            place = {"host": HOST, "port": cluster.port, "dbname": DATABASE, "user": role, "password": password}
            psycopg2.connect(**place).close()
        environment = {"PATH": str(programs()), "PGPORT": str(cluster.port)}
        check = compose.check_of(service)
        assert subprocess.run([str(programs() / check[0]), *check[1:]], env=environment).returncode == 0
    finally:
        cluster.stop()


def test_broker_takes_its_options(installation: Installation) -> None:
    looked = installation.run("web", ["python", "-c", LOOK_AT_BROKER])
    assert json.loads(looked.stdout) == ["noeviction", True], looked.stderr


LOOK_AT_BROKER = """
import os, json, redis
broker = redis.Redis.from_url(os.environ["REDIS_URL"])
print(json.dumps([broker.config_get("maxmemory-policy")["maxmemory-policy"], bool(broker.info()["aof_enabled"])]))
"""


def test_settings_pass_the_deployment_check(installation: Installation) -> None:
    done = installation.run("web", ["python", "manage.py", "check", "--deploy", "--fail-level", "WARNING"])
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("name", ["web", "worker", "beat", "proxy"])
def test_service_comes_up_as_its_health_check_says(installation: Installation, name: str) -> None:
    # Beat writes its schedule after three minutes for the first time, or when it ends; its file is there at once.
    installation.await_health(name)


ADD_A_READING = """
import django
django.setup()
from tests.factories.rpiws import ReadingFactory
ReadingFactory()
"""


def test_change_reaches_its_dashboard_by_worker_and_beat_alone(installation: Installation) -> None:
    assert installation.ask("SELECT count(*) FROM snapshots_snapshot") == 0
    added = installation.run("web", ["python", "-c", ADD_A_READING])
    assert added.returncode == 0, added.stderr
    there = "SELECT count(*) FROM snapshots_snapshot WHERE kind = 'value_stream'"
    wait_until(lambda: installation.ask(there) > 0, seconds=120, why=lambda: installation.log("worker"))
    owner = "SELECT count(*) FROM pg_tables WHERE schemaname = 'public' AND tableowner = %r"
    assert installation.ask(owner % APPLICATION) == 0


def test_doctor_finds_nothing_wrong(installation: Installation) -> None:
    installation.await_health("worker")

    def well() -> bool:
        return installation.run("web", ["python", "manage.py", "doctor"]).returncode == 0

    wait_until(well, seconds=180, why=lambda: installation.run("web", ["python", "manage.py", "doctor"]).stdout)


@dataclass(frozen=True)
class Answer:
    status: int
    headers: http.client.HTTPMessage
    text: str


def over_tls(installation: Installation) -> http.client.HTTPSConnection:
    """To the proxy, believing only the authority that it has made for itself."""
    authority = installation.folder / "proxy" / "caddy" / "pki" / "authorities" / "local" / "root.crt"
    trusting = ssl.create_default_context(cafile=str(authority))
    return http.client.HTTPSConnection("localhost", installation.ports["https"], context=trusting, timeout=30)


def ask(connection: http.client.HTTPConnection, method: str, path: str, body: bytes = b"", **headers: str) -> Answer:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    with closing(connection):
        connection.request(method, path, body or None, {"Host": "localhost"} | named)
        answer = connection.getresponse()
        return Answer(answer.status, answer.headers, answer.read().decode())


def test_proxy_brings_pages_over_tls_and_keeps_the_inside_in(installation: Installation) -> None:
    for name in ("web", "proxy"):
        installation.await_health(name)
    answer = ask(over_tls(installation), "GET", "/health/")
    assert (answer.status, json.loads(answer.text)["database"]) == (200, "ok")
    assert "max-age=31536000" in answer.headers["Strict-Transport-Security"]
    assert answer.headers["Server"] is None
    page = ask(over_tls(installation), "GET", "/accounts/login/")
    assert page.status == 200
    sheet = re.search(r'href="(/assets/vendor/nhsuk-frontend.min.[^"]+)"', page.text)
    assert sheet
    assert ask(over_tls(installation), "GET", sheet[1]).status == 200


def guess(
    connect: Callable[[], http.client.HTTPConnection], address: str = "nobody@example.org", **headers: str
) -> Answer:
    """A sign-in with a wrong password."""
    page = ask(connect(), "GET", "/accounts/login/", **headers)
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)
    assert token, page.status
    sent = {"csrfmiddlewaretoken": token[1], "login": address, "password": "no"}
    headers |= {
        "Cookie": page.headers["Set-Cookie"].split(";")[0],
        "Content_Type": "application/x-www-form-urlencoded",
        "Referer": "https://localhost/accounts/login/",
    }
    return ask(connect(), "POST", "/accounts/login/", urlencode(sent).encode(), **headers)


def forged(address: str) -> dict[str, str]:
    """Every header by which some server or other believes who asks."""
    plain = ("X_Forwarded_For", "X_Real_IP", "True_Client_IP", "CF_Connecting_IP", "X_Client_IP")
    return dict.fromkeys(plain, address) | {"Forwarded": f"for={address};proto=https"}


LAST_ADDRESS = "SELECT coalesce(host(address), 'none') FROM accounts_accessevent ORDER BY id DESC LIMIT 1"
HERE = ("127.0.0.1", "::1")


def test_audit_trail_says_who_asked_as_the_proxy_saw_it_whatever_the_browser_says(installation: Installation) -> None:
    for name in ("web", "proxy"):
        installation.await_health(name)
    assert guess(lambda: over_tls(installation), **forged("203.0.113.9")).status == 200
    assert installation.ask(LAST_ADDRESS) in HERE
    assert guess(lambda: over_tls(installation), **forged("203.0.113.9, 198.51.100.4")).status == 200
    assert installation.ask(LAST_ADDRESS) in HERE
    # What the proxy itself says is what counts: this is how it would speak of somebody who asks from there.
    web = installation.ports["web"]
    proxy_says = {"X_Forwarded_For": "203.0.113.9", "X_Forwarded_Proto": "https"}
    assert guess(lambda: http.client.HTTPConnection(HOST, web, timeout=30), **proxy_says).status == 200
    assert installation.ask(LAST_ADDRESS) == "203.0.113.9"


def test_another_forged_address_through_the_proxy_gives_no_more_tries(installation: Installation) -> None:
    for name in ("web", "proxy"):
        installation.await_health(name)
    answers = [
        guess(lambda: over_tls(installation), "guessed@example.org", **forged(f"203.0.113.{number}")).status
        for number in range(6)
    ]
    assert answers == [200, 200, 200, 200, 429, 429]


def test_proxy_sends_http_to_https(installation: Installation) -> None:
    installation.await_health("proxy")
    plain = http.client.HTTPConnection(HOST, installation.ports["http"], timeout=20)
    answer = ask(plain, "GET", "/accounts/login/")
    assert answer.status == 308
    assert answer.headers["Location"].startswith("https://localhost")


@pytest.mark.parametrize(
    ("size", "words"),
    # The application refuses what is more than a form can hold, and the proxy what is more than it lets through.
    [(1_500_000, "longer than a page"), (9_500_000, "longer than a page"), (10_050_000, "at most 10 MB")],
)
def test_what_is_too_large_is_refused_in_words(installation: Installation, size: int, words: str) -> None:
    for name in ("web", "proxy"):
        installation.await_health(name)
    head = b'--x\r\nContent-Disposition: form-data; name="file"; filename="file"\r\n\r\n'
    answer = ask(
        over_tls(installation),
        "POST",
        "/accounts/login/",
        head + b"x" * size,
        Content_Type="multipart/form-data; boundary=x",
        # Without these nobody would read what is sent.
        Cookie=f"csrftoken={'a' * 32}",
        Referer="https://localhost/accounts/login/",
    )
    assert answer.status == 413
    assert words in answer.text


def test_worker_and_web_end_softly_within_their_time(installation: Installation) -> None:
    """Last, since it ends them."""
    for name in ("worker", "web"):
        installation.await_health(name)
        service, process = installation.services[name], installation.processes[name]
        process.send_signal(getattr(signal, service.get("stop_signal", "SIGTERM")))
        process.wait(int(service["stop_grace_period"].removesuffix("s")))
    away = ask(over_tls(installation), "GET", "/")
    assert away.status == 502
    assert "What was saved is safe" in away.text
