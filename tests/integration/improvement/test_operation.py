"""What whoever is on call uses: doctor, backup and restore, over real servers."""

import json
import os
import stat
from contextlib import closing
from urllib.parse import urlsplit

import psycopg2
import pytest
from django.core.management import CommandError, call_command
from django.db import connections

from improvement import backups, doctor
from improvement.services.postgres import OWNER
from snapshots.sweeping import catch_up
from tests.conftest import as_superuser
from tests.factories.rpiws import ReadingFactory
from tests.processes import WorkerProcess, wait_until

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])


def test_doctor_finds_the_application_role_plain_and_a_silent_worker(broker, capsys):
    with pytest.raises(SystemExit) as ended:
        call_command("doctor")
    said = capsys.readouterr().out
    assert ended.value.code == 1
    assert "improvement_app owns nothing" in said
    assert "No worker has done a sweep ever." in said
    assert "All are applied." in said


def test_doctor_says_that_the_broker_is_away(settings):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    facts = doctor.gather()
    assert facts.broker is None
    assert facts.database is not None
    assert abs(facts.database.clock_off) < 2


def test_worker_that_sweeps_leaves_its_heartbeat(celery_worker_process: WorkerProcess):
    from snapshots.tasks import sweep

    assert doctor.look_at_broker().last_sweep is None
    sweep.apply_async()
    wait_until(lambda: doctor.look_at_broker().last_sweep is not None, seconds=20, why=celery_worker_process.log)
    assert doctor.look_at_broker().last_sweep < 20


@pytest.fixture
def other_database():
    """An empty database of the owner's; the name to restore into."""
    name = f"restored_{os.getpid()}"
    with closing(as_superuser("postgres")) as administration, administration.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name} OWNER {OWNER} TEMPLATE template0")
        yield name
        cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def restoring_into(other_database):
    """The owner's connection leads to the empty database once this is called, and back afterwards."""
    owner = connections["owner"]
    before = owner.settings_dict["NAME"]

    def turn():
        owner.close()
        owner.settings_dict["NAME"] = other_database

    yield turn
    owner.close()
    owner.settings_dict["NAME"] = before


@pytest.fixture
def backup(tmp_path):
    ReadingFactory()
    assert catch_up()
    file = tmp_path / "monday.dump"
    call_command("backup", str(file))
    return file


def test_backup_restores_the_same_figures_and_protection(backup, restoring_into, other_database, capsys):
    from snapshots.models import Snapshot

    bodies = set(Snapshot.objects.values_list("kind", "scope_id", "body"))
    assert bodies
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    restoring_into()
    call_command("restore", str(backup))
    assert "every stored figure is the same" in capsys.readouterr().out
    as_application = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{other_database}").geturl()
    with closing(psycopg2.connect(as_application)) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT kind, scope_id, body FROM snapshots_snapshot")
        assert set(cursor.fetchall()) == bodies
        with pytest.raises(psycopg2.errors.InsufficientPrivilege):
            cursor.execute("TRUNCATE rpiws_reading")


def test_restored_figure_that_differs_is_told(backup, restoring_into):
    proof = backups.proof_of(backup)
    said = json.loads(proof.read_text())
    proof.write_text(json.dumps(said | {"snapshots": "another"}))
    restoring_into()
    with pytest.raises(CommandError, match="not the same: the stored figures"):
        call_command("restore", str(backup))


def test_restore_refuses_a_database_that_holds_something(backup):
    with pytest.raises(CommandError, match="is not empty"):
        call_command("restore", str(backup))


def test_backup_overwrites_nothing(backup):
    with pytest.raises(CommandError, match="is there already"):
        call_command("backup", str(backup))


def test_backup_without_a_folder_or_a_database_says_so(tmp_path, monkeypatch):
    with pytest.raises(CommandError, match="cannot be written: No such file or directory"):
        call_command("backup", str(tmp_path / "nowhere" / "monday.dump"))
    connections["owner"].close()
    monkeypatch.setitem(connections["owner"].settings_dict, "PORT", 1)
    with pytest.raises(CommandError, match=r"The database cannot be reached: .* DATABASE_OWNER_URL names it"):
        call_command("backup", str(tmp_path / "monday.dump"))
    assert not list(tmp_path.iterdir())


def test_restore_by_a_damaged_proof_says_so(backup):
    backups.proof_of(backup).write_text("{")
    with pytest.raises(CommandError, match="is damaged"):
        call_command("restore", str(backup))
