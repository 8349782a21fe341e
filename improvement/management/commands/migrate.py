"""Django's migrate, run as the role that owns the tables (docs/adr/0002)."""

from typing import Any

from django.core.management.commands import migrate
from django.db import connections, transaction

from accounts import safekeeping

EXTENSIONS = ("btree_gist", "citext", "pg_trgm")


def let_application_in(owner_alias: str, application_role: str) -> None:
    """Give the application's role what it needs of every table that this role will make, and no more."""
    with connections[owner_alias].cursor() as cursor:
        quoted = connections[owner_alias].ops.quote_name(application_role)
        cursor.execute("SELECT extname FROM pg_extension")
        present = {name for (name,) in cursor.fetchall()}
        for extension in EXTENSIONS:
            if extension not in present:
                cursor.execute(f"CREATE EXTENSION IF NOT EXISTS {extension}")
        for what, on in (("SELECT, INSERT, UPDATE, DELETE", "TABLES"), ("USAGE, SELECT", "SEQUENCES")):
            cursor.execute(f"ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT {what} ON {on} TO {quoted}")


class Command(migrate.Command):
    """Runs on the "owner" connection wherever there is one, unless another is asked for."""

    def handle(self, *args: Any, **options: Any) -> str | None:
        application_role = None
        if options["database"] == "default" and "owner" in connections:
            options["database"] = "owner"
            role = str(connections["default"].settings_dict["USER"])
            if role != connections["owner"].settings_dict["USER"]:
                application_role = role
                let_application_in("owner", role)
        database = connections[options["database"]]
        with safekeeping.kept(database, application_role):
            done = super().handle(*args, **options)
        if not (options["plan"] or options["check_unapplied"]):
            # What an earlier release has left, when no migration touches it.
            database.ensure_connection()
            with transaction.atomic(using=database.alias):
                safekeeping.keep(database.connection, application_role)
        return done
