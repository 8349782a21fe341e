"""The ground that other tests stand on."""

import psycopg2
import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone

from tests.processes import WorkerProcess


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("attempt", [1, 2])
def test_transactional_test_finds_an_empty_database(attempt: int) -> None:
    assert not Session.objects.exists()
    Session.objects.create(session_key=str(attempt), session_data="", expire_date=timezone.now())


def test_owner_connection_may_truncate(owner_connection: "psycopg2.extensions.connection") -> None:
    with owner_connection.cursor() as cursor:
        cursor.execute("TRUNCATE django_session")


def test_worker_process_listens(celery_worker_process: WorkerProcess) -> None:
    assert "recompute" in celery_worker_process.log()


def test_worker_process_ends_when_killed(celery_worker_process: WorkerProcess) -> None:
    celery_worker_process.kill()
    assert celery_worker_process.process is not None
    assert celery_worker_process.process.returncode == -9
