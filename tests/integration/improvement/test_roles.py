"""The application's role: what keeps a mistake in a page from changing the schema (docs/adr/0002)."""

import os

import psycopg2
import pytest
from django.db import connection

from improvement.services.postgres import APPLICATION, OWNER

pytestmark = pytest.mark.django_db


def test_application_role_is_plain() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rolname, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb "
            "FROM pg_roles WHERE rolname = current_user"
        )
        assert cursor.fetchone() == (APPLICATION, False, False, False, False)


def test_application_role_owns_nothing() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE pg_get_userbyid(relowner) = current_user")
        assert cursor.fetchall() == []
        cursor.execute("SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname = 'public'")
        assert cursor.fetchall() == [(OWNER,)]
        cursor.execute("SELECT pg_has_role(current_user, %s, 'MEMBER')", [OWNER])
        assert cursor.fetchone() == (False,)


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE public.mine (id int)",
        "DROP TABLE django_session",
        "TRUNCATE django_session",
        "ALTER TABLE django_session DISABLE TRIGGER ALL",
        "SET ROLE improvement_owner",
        "SET session_replication_role = replica",
    ],
)
def test_application_role_is_refused(statement: str) -> None:
    own = psycopg2.connect(os.environ["DATABASE_URL"])
    try:
        with pytest.raises(psycopg2.errors.InsufficientPrivilege):
            own.cursor().execute(statement)
    finally:
        own.close()


def test_application_role_reads_and_writes_every_session() -> None:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO django_session VALUES ('key', 'data', now())")
        cursor.execute("UPDATE django_session SET session_data = 'other'")
        cursor.execute("DELETE FROM django_session")
        assert cursor.rowcount == 1
