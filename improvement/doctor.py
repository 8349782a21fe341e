"""What is wrong with an installation, and what to do: facts are gathered once, and each rule looks at them alone."""

import shutil
import smtplib
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import Any

import redis
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from improvement import heartbeat
from snapshots.freshness import oldest_mark_age
from snapshots.models import Trouble

SMTP = "django.core.mail.backends.smtp.EmailBackend"
QUEUES = ("recompute", "imports", "sweep")
POSTGRESQL = 18
LATE = 60.0
VERY_LATE = 300.0
SILENT = 60.0
MANY_MESSAGES = 1000
LITTLE_ROOM = 2 * 1024**3
NO_ROOM = 200 * 1024**2


class Level(Enum):
    OK = "ok"
    WARNING = "warning"
    FAULT = "FAULT"


@dataclass(frozen=True)
class Finding:
    """`do` is empty when there is nothing to do."""

    level: Level
    about: str
    what: str
    do: str = ""


@dataclass(frozen=True)
class Role:
    """The role that the application connects as."""

    name: str
    superuser: bool
    bypasses_row_security: bool
    owns: int


@dataclass(frozen=True)
class Database:
    version: int
    role: Role
    clock_off: float


@dataclass(frozen=True)
class Broker:
    """`waiting` counts messages by queue; `last_sweep` is in seconds, None when no worker has ever done one."""

    policy: str
    append_only: bool
    waiting: dict[str, int]
    last_sweep: float | None


@dataclass(frozen=True)
class Facts:
    """What could not be learned is None: the rule about its source says why."""

    python: tuple[int, int]
    database: Database | None
    unapplied: list[str] | None
    oldest_mark: float | None
    set_aside: int | None
    broker: Broker | None
    free_bytes: int
    mail_backend: str
    mail_error: str = ""
    debug: bool = False
    hosts: list[str] = field(default_factory=list)


def about_versions(facts: Facts) -> Finding:
    python = ".".join(map(str, facts.python))
    if facts.python < (3, 11):
        return Finding(Level.FAULT, "versions", f"Python is {python}.", "Install Python 3.11 or newer.")
    if facts.database and facts.database.version < POSTGRESQL:
        what = f"PostgreSQL is {facts.database.version}; this release is tested with {POSTGRESQL}."
        return Finding(Level.WARNING, "versions", what, f"Plan an upgrade to PostgreSQL {POSTGRESQL}.")
    return Finding(Level.OK, "versions", f"Python {python}.")


def about_database(facts: Facts) -> Finding:
    if facts.database is None:
        do = "See that PostgreSQL runs, and that DATABASE_URL names it."
        return Finding(Level.FAULT, "database", "The database does not answer.", do)
    return Finding(Level.OK, "database", f"PostgreSQL {facts.database.version} answers.")


def about_role(facts: Facts) -> Finding | None:
    if facts.database is None:
        return None
    role = facts.database.role
    wrong = [
        words
        for holds, words in (
            (role.superuser, "is a superuser"),
            (role.bypasses_row_security, "bypasses row-level security"),
            (role.owns > 0, f"owns {role.owns} tables"),
        )
        if holds
    ]
    if wrong:
        do = "Let DATABASE_URL name a plain role, and DATABASE_OWNER_URL the owner (docs/adr/0002)."
        return Finding(Level.FAULT, "roles", f"The application's role {role.name} {' and '.join(wrong)}.", do)
    return Finding(Level.OK, "roles", f"{role.name} owns nothing and is no superuser.")


def about_migrations(facts: Facts) -> Finding | None:
    if facts.unapplied is None:
        return None
    if facts.unapplied:
        what = f"{len(facts.unapplied)} migrations are not applied: {', '.join(facts.unapplied[:5])}."
        return Finding(Level.FAULT, "migrations", what, "Run `manage.py migrate` with DATABASE_OWNER_URL set.")
    return Finding(Level.OK, "migrations", "All are applied.")


def about_clock(facts: Facts) -> Finding | None:
    if facts.database is None:
        return None
    off = abs(facts.database.clock_off)
    if off > 2:
        level = Level.FAULT if off > 30 else Level.WARNING
        what = f"This machine's clock and the database's are {off:.0f} s apart."
        return Finding(level, "clock", what, "Set both by a time server (chrony, systemd-timesyncd).")
    return Finding(Level.OK, "clock", "Agrees with the database's.")


def about_broker(facts: Facts) -> Finding:
    broker = facts.broker
    if broker is None:
        what = "The broker does not answer; readings are saved, dashboards wait."
        return Finding(Level.FAULT, "broker", what, "See that Valkey runs, and that REDIS_URL names it.")
    if broker.policy != "noeviction":
        what = f"The broker may throw messages away (maxmemory-policy {broker.policy})."
        return Finding(Level.WARNING, "broker", what, "Set maxmemory-policy to noeviction.")
    if not broker.append_only:
        what = "The broker forgets its messages when it stops."
        return Finding(Level.WARNING, "broker", what, "Set appendonly to yes.")
    return Finding(Level.OK, "broker", "Answers, keeps its messages, and throws none away.")


def about_queues(facts: Facts) -> Finding | None:
    if facts.broker is None:
        return None
    long = {queue: count for queue, count in facts.broker.waiting.items() if count > MANY_MESSAGES}
    if long:
        said = ", ".join(f"{count} in {queue}" for queue, count in long.items())
        return Finding(Level.WARNING, "queues", f"Messages wait: {said}.", "Start more workers.")
    return Finding(Level.OK, "queues", f"{sum(facts.broker.waiting.values())} messages wait.")


def about_worker(facts: Facts) -> Finding | None:
    if facts.broker is None:
        return None
    last = facts.broker.last_sweep
    if last is None or last > SILENT:
        when = "ever" if last is None else f"for {last:.0f} s"
        do = "Start worker and beat, or see their logs; `manage.py sweep` brings dashboards up to date meanwhile."
        return Finding(Level.FAULT, "worker", f"No worker has done a sweep {when}.", do)
    return Finding(Level.OK, "worker", f"A worker did a sweep {last:.0f} s ago.")


def about_oldest_mark(facts: Facts) -> Finding | None:
    age = facts.oldest_mark
    if age is None:
        return None
    if age > LATE:
        level = Level.FAULT if age > VERY_LATE else Level.WARNING
        what = f"A change has waited {age:.0f} s for its dashboard."
        return Finding(level, "dashboards", what, "See the worker's log; `manage.py sweep` does it by hand.")
    return Finding(Level.OK, "dashboards", f"The oldest change not shown yet is {age:.0f} s old.")


def about_set_aside(facts: Facts) -> Finding | None:
    if facts.set_aside is None:
        return None
    if facts.set_aside:
        what = f"{facts.set_aside} dashboards were set aside: their computation failed again and again."
        return Finding(
            Level.FAULT, "set aside", what, "An administrator reads why under Health, and has them tried again there."
        )
    return Finding(Level.OK, "set aside", "None.")


def about_disk(facts: Facts) -> Finding:
    free = f"{facts.free_bytes / 1024**3:.1f} GB of disk are free."
    if facts.free_bytes < LITTLE_ROOM:
        level = Level.FAULT if facts.free_bytes < NO_ROOM else Level.WARNING
        return Finding(level, "disk", free, "Make room, or enlarge the disk.")
    return Finding(Level.OK, "disk", free)


def about_mail(facts: Facts) -> Finding:
    if facts.mail_backend != SMTP:
        return Finding(Level.WARNING, "mail", "Letters are not sent from this installation.", "Set EMAIL_HOST.")
    if facts.mail_error:
        what = f"The mail server does not answer ({facts.mail_error})."
        return Finding(Level.FAULT, "mail", what, "See EMAIL_HOST, EMAIL_PORT and the sign-in for it.")
    return Finding(Level.OK, "mail", "The mail server answers.")


def about_settings(facts: Facts) -> Finding:
    if facts.debug:
        what = "Development settings are in use."
        return Finding(Level.WARNING, "settings", what, "Set DJANGO_SETTINGS_MODULE=improvement.settings.production.")
    if "*" in facts.hosts:
        return Finding(Level.WARNING, "settings", "Any host name is accepted.", "Name the hosts in ALLOWED_HOSTS.")
    return Finding(Level.OK, "settings", "Made for production.")


RULES: tuple[Callable[[Facts], Finding | None], ...] = (
    about_versions,
    about_settings,
    about_database,
    about_role,
    about_migrations,
    about_clock,
    about_broker,
    about_queues,
    about_worker,
    about_oldest_mark,
    about_set_aside,
    about_disk,
    about_mail,
)


def examine(facts: Facts) -> list[Finding]:
    return [finding for rule in RULES if (finding := rule(facts))]


def look_at_database() -> Database | None:
    try:
        with connection.cursor() as cursor:
            before = timezone.now()
            cursor.execute("SELECT clock_timestamp(), current_setting('server_version_num')::int / 10000")
            theirs, version = cursor.fetchone()
            ours = before + (timezone.now() - before) / 2
            cursor.execute(
                "SELECT rolname, rolsuper, rolbypassrls, "
                "(SELECT count(*) FROM pg_class WHERE relowner = pg_roles.oid AND relkind IN ('r', 'p')) "
                "FROM pg_roles WHERE rolname = current_user"
            )
            role = Role(*cursor.fetchone())
    except DatabaseError:
        return None
    return Database(version=version, role=role, clock_off=(theirs - ours).total_seconds())


def unapplied_migrations() -> list[str]:
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]


def look_at_broker() -> Broker | None:
    broker = heartbeat.client()
    try:
        memory: Any = broker.info("memory")
        kept: Any = broker.info("persistence")
        waiting: dict[str, Any] = {queue: broker.llen(queue) for queue in QUEUES}
        last = heartbeat.seconds_since(broker)
    except redis.RedisError:
        return None
    finally:
        broker.close()
    return Broker(str(memory.get("maxmemory_policy")), bool(kept.get("aof_enabled")), waiting, last)


def why_no_mail() -> str:
    """Why the mail server cannot be reached; empty when it can, or when no letter goes out by SMTP."""
    if settings.EMAIL_BACKEND != SMTP:
        return ""
    try:
        with smtplib.SMTP(settings.EMAIL_HOST, settings.EMAIL_PORT, timeout=5) as server:
            server.noop()
    except (OSError, smtplib.SMTPException) as error:
        return str(error)
    return ""


def gather() -> Facts:
    """Look at everything once. What does not answer within seconds is taken as away."""
    database = look_at_database()
    facts = Facts(
        python=sys.version_info[:2],
        database=database,
        unapplied=None,
        oldest_mark=None,
        set_aside=None,
        broker=look_at_broker(),
        free_bytes=shutil.disk_usage(Path(settings.ROOT)).free,
        mail_backend=settings.EMAIL_BACKEND,
        mail_error=why_no_mail(),
        debug=settings.DEBUG,
        hosts=list(settings.ALLOWED_HOSTS),
    )
    if database is None:
        return facts
    unapplied = unapplied_migrations()
    if any(name.startswith("snapshots.") for name in unapplied):
        return Facts(**{**vars(facts), "unapplied": unapplied})
    waiting = {"oldest_mark": oldest_mark_age(), "set_aside": Trouble.objects.exclude(set_aside_at=None).count()}
    return Facts(**{**vars(facts), "unapplied": unapplied, **waiting})
