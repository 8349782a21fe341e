"""A worker keeps its database connection from one task to the next, as long as CONN_MAX_AGE says."""

import pytest
from celery.fixups.django import DjangoWorkerFixup
from django.db import connection

from improvement.celery import app

pytestmark = pytest.mark.django_db(transaction=True)


def backend() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return cursor.fetchone()[0]


@pytest.mark.parametrize(("age", "kept"), [(600, True), (0, False)])
def test_connection_lives_as_long_as_the_setting_says(age, kept, monkeypatch):
    connection.close()
    monkeypatch.setitem(connection.settings_dict, "CONN_MAX_AGE", age)
    before = backend()
    DjangoWorkerFixup(app).close_database()
    assert (backend() == before) is kept
    connection.close()


def test_broken_connection_is_replaced_before_the_next_task(monkeypatch, owner_connection):
    connection.close()
    monkeypatch.setitem(connection.settings_dict, "CONN_MAX_AGE", 600)
    monkeypatch.setitem(connection.settings_dict, "CONN_HEALTH_CHECKS", True)
    before = backend()
    DjangoWorkerFixup(app).close_database()
    connection.connection.close()
    DjangoWorkerFixup(app).close_database()
    assert backend() != before
    connection.close()
