"""The audit trail sees every way of writing a fact, and the application's own role can do nothing to it."""

import io
import json
import os
from contextlib import closing
from datetime import timedelta

import pghistory
import psycopg2
import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection, connections, transaction
from django.utils import timezone
from psycopg2.errors import InsufficientPrivilege

from accounts import safekeeping
from accounts.history import is_tracked
from accounts.models import User
from accounts.permissions import Role
from improvement.services.postgres import APPLICATION, OWNER
from rpiws.models import Reading
from snapshots.models import ChangeMark
from tests.factories.api import client_of
from tests.factories.rpiws import MeasureFactory, ReadingFactory, RpiwFactory
from tests.factories.trusts import member

pytestmark = pytest.mark.django_db(transaction=True)

Event = Reading.pgh_event_model
ROOMS = {"snapshots", "accounts", "trusts", "rpiws", "dashboards", "examples"}

# Models of ours without a trail of their own, and why. One that is tracked, or gone, must leave this list.
NOT_TRACKED = {
    "accounts.AccessEvent": "is itself a trail: its rows are written once",
    "snapshots.ChangeMark": "a note that a dashboard is stale; taken when it is computed",
    "snapshots.Snapshot": "computed from the facts",
    "snapshots.FrozenSnapshot": "never changes: a trigger refuses it",
    "snapshots.Trouble": "how often a computation failed",
    "dashboards.Pack": "never changes: a trigger refuses it",
    "rpiws.GridSave": "the key of a save, so that a second click saves nothing",
    "rpiws.Reminder": "which mail was sent",
}


@pytest.fixture
def rpiw():
    return RpiwFactory(following_up=True, week_starts=timezone.localdate() - timedelta(days=66))


@pytest.fixture
def facilitator(rpiw):
    return member(Role.FACILITATOR, rpiw.value_stream.trust)


@pytest.fixture
def reading(rpiw):
    """A baseline of 41."""
    return ReadingFactory(measure=MeasureFactory(rpiw=rpiw), value=41)


@pytest.fixture
def psql():
    """A session of the application's role outside Django: psql, a script, or an injected statement."""
    with closing(psycopg2.connect(os.environ["DATABASE_URL"])) as session:
        session.autocommit = True
        yield session.cursor()


def trail(reading):
    """The reading's events as (what, value, user)."""
    events = Event.objects.filter(pgh_obj_id=reading.pk).select_related("pgh_context").order_by("pgh_id")
    return [(event.pgh_label, event.value, event.pgh_context.metadata.get("user")) for event in events]


def everything_kept():
    """Every table of the trail."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid "
            "WHERE c.relkind = 'r' AND (a.attname = 'pgh_id' OR c.relname = 'pghistory_context')"
        )
        return {name for (name,) in cursor.fetchall()}


# Every way of writing ---------------------------------------------------------


def test_form(client, rpiw, reading, facilitator):
    client.force_login(facilitator)
    form = {f"m{reading.measure_id}-value": "9 min", "measured_on": str(timezone.localdate())}
    form["key"] = "0d5cbf7e-4f0c-4b52-9c0c-7e9c7a7e9f10"
    assert client.post(f"/rpiws/{rpiw.pk}/readings/?checkpoint=day_60", form).status_code == 302
    logged = Reading.objects.get(checkpoint="day_60")
    assert trail(logged) == [("insert", 9, facilitator.pk)]
    assert Event.objects.get(pgh_obj_id=logged.pk).pgh_context.metadata["action"] == "save_readings"


def test_api(client, rpiw, reading):
    """Who is the system that the token was made for, by its number and its name of that day."""
    made = client_of(rpiw.value_stream.trust)
    sent = {"rpiw": rpiw.pk, "checkpoint": "day_60", "measured_on": str(timezone.localdate())}
    sent["readings"] = [{"measure": reading.measure_id, "value": "9 min"}]
    headers = {"Authorization": f"Bearer {made.token}", "Idempotency-Key": "ward-board-1"}
    answer = client.post("/api/v1/readings", json.dumps(sent), content_type="application/json", headers=headers)
    assert answer.status_code == 201
    logged = Reading.objects.get(checkpoint="day_60")
    assert trail(logged) == [("insert", 9, made.client.acts_as_id)]
    told = Event.objects.get(pgh_obj_id=logged.pk).pgh_context.metadata
    assert (told["action"], told["api_client"], told["api_client_name"]) == (
        "save_readings",
        made.client.pk,
        made.client.name,
    )


def test_admin_site(client):
    administrator = member(Role.ADMINISTRATOR)
    User.objects.filter(pk=administrator.pk).update(is_staff=True)
    other = member(Role.FACILITATOR, name="Bed manager")
    client.force_login(administrator)
    form = {"name": "Ward manager", "is_active": "on"}
    assert client.post(f"/admin/accounts/user/{other.pk}/change/", form).status_code == 302
    events = User.pgh_event_model.objects.filter(pgh_obj_id=other.pk).order_by("pgh_id")
    assert [(event.pgh_label, event.name) for event in events] == [
        ("insert", "Bed manager"),
        ("update", "Ward manager"),
    ]
    assert events.last().pgh_context.metadata["user"] == administrator.pk


def test_bulk_create(rpiw, facilitator):
    measure = MeasureFactory(rpiw=rpiw)
    with pghistory.context(user=facilitator.pk):
        made = Reading.objects.bulk_create(
            Reading(measure=measure, checkpoint=checkpoint, value=7) for checkpoint in ("baseline", "day_30")
        )
    for reading in made:
        assert trail(reading) == [("insert", 7, facilitator.pk)]


def update(reading):
    Reading.objects.filter(pk=reading.pk).update(value=14)


def bulk_update(reading):
    reading.value = 14
    Reading.objects.bulk_update([reading], ["value"])


def save(reading):
    reading.value = 14
    reading.save()


def insert_that_becomes_an_update(reading):
    Reading.objects.bulk_create(
        [Reading(measure=reading.measure, checkpoint=reading.checkpoint, value=14)],
        update_conflicts=True,
        unique_fields=["measure", "checkpoint"],
        update_fields=["value"],
    )


def raw_sql(reading):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE rpiws_reading SET value = 14 WHERE id = %s", [reading.pk])


@pytest.mark.parametrize("write", [save, update, bulk_update, insert_that_becomes_an_update, raw_sql])
def test_change_is_kept_with_before_and_after_and_who(reading, facilitator, write):
    with pghistory.context(user=facilitator.pk):
        write(reading)
    assert trail(reading) == [("insert", 41, None), ("update", 14, facilitator.pk)]


def test_deletion(reading, facilitator):
    gone = Reading(pk=reading.pk)
    with pghistory.context(user=facilitator.pk):
        Reading.objects.filter(pk=reading.pk).delete()
    assert trail(gone) == [("insert", 41, None), ("delete", 41, facilitator.pk)]


def test_another_session_is_kept_with_the_role_that_signed_in(reading, psql):
    """Who sat there the database cannot know: it says as which role they came."""
    psql.execute("UPDATE rpiws_reading SET value = 14 WHERE id = %s", [reading.pk])
    assert trail(reading)[1:] == [("update", 14, None)]
    assert Event.objects.latest("pgh_id").pgh_context.metadata == {"database_role": APPLICATION}


def test_owners_session_is_told_from_the_applications(reading, owner_connection):
    owner_connection.cursor().execute("UPDATE rpiws_reading SET value = 14 WHERE id = %s", [reading.pk])
    assert Event.objects.latest("pgh_id").pgh_context.metadata == {"database_role": OWNER}


def as_copied(reading):
    """The reading's row as COPY writes it, without its key, and the names of its columns."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT column_name FROM information_schema.columns WHERE table_name = 'rpiws_reading'")
        columns = ", ".join(name for (name,) in cursor.fetchall() if name != "id")
        lines = io.StringIO()
        cursor.copy_expert(f"COPY (SELECT {columns} FROM rpiws_reading WHERE id = {reading.pk}) TO STDOUT", lines)
    return columns, lines.getvalue()


def test_copy(reading, psql):
    columns, line = as_copied(reading)
    Reading.objects.all().delete()
    psql.copy_expert(f"COPY rpiws_reading ({columns}) FROM STDIN", io.StringIO(line))
    assert trail(Reading.objects.get()) == [("insert", 41, None)]


def test_copy_by_way_of_staging_keeps_who_asked_for_it(reading, facilitator):
    columns, line = as_copied(reading)
    Reading.objects.all().delete()
    with pghistory.context(user=facilitator.pk), connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE staging (LIKE rpiws_reading)")
        cursor.execute("ALTER TABLE staging ALTER id DROP NOT NULL")
        cursor.copy_expert(f"COPY staging ({columns}) FROM STDIN", io.StringIO(line))
        cursor.execute(f"INSERT INTO rpiws_reading ({columns}) SELECT {columns} FROM staging")
        cursor.execute("DROP TABLE staging")
    assert trail(Reading.objects.get()) == [("insert", 41, facilitator.pk)]


def test_each_model_of_facts_is_tracked():
    ours = {model._meta.label: model for model in apps.get_models() if model.__module__.split(".")[0] in ROOMS}
    facts = {label: model for label, model in ours.items() if not hasattr(model, "pgh_tracked_model")}
    assert {label for label, model in facts.items() if not is_tracked(model)} == set(NOT_TRACKED)
    with connection.cursor() as cursor:
        for label in set(facts) - set(NOT_TRACKED):
            cursor.execute(
                "SELECT tgname FROM pg_trigger JOIN pg_proc ON pg_proc.oid = tgfoid "
                "WHERE tgrelid = %s::regclass AND tgenabled = 'O' AND prosrc LIKE '%%pgh_created_at%%'",
                [facts[label]._meta.db_table],
            )
            names = " ".join(name for (name,) in cursor.fetchall())
            assert all(f"pgtrigger_{event}_" in names for event in ("insert", "update", "delete")), label


# What the application's role is refused ---------------------------------------


def test_application_only_reads_the_trail(psql):
    """Insert, update, delete and truncate are rights of their own: none of them, on any table of the trail."""
    tables = everything_kept()
    assert {"pghistory_context", "rpiws_readingevent", "accounts_userevent"} <= tables
    for table in tables:
        rights = "INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER, MAINTAIN"
        psql.execute("SELECT has_table_privilege(%s, %s), has_table_privilege(%s, 'SELECT')", [table, rights, table])
        assert psql.fetchone() == (False, True), table


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE rpiws_readingevent SET value = 1",
        "DELETE FROM rpiws_readingevent",
        "TRUNCATE rpiws_readingevent",
        "INSERT INTO rpiws_readingevent SELECT * FROM rpiws_readingevent",
        "SELECT setval(pg_get_serial_sequence('rpiws_readingevent', 'pgh_id'), 2147483647)",
        "SELECT nextval(pg_get_serial_sequence('rpiws_readingevent', 'pgh_id'))",
        "BEGIN; LOCK TABLE rpiws_readingevent IN EXCLUSIVE MODE",
        "DROP TABLE rpiws_readingevent",
        "ALTER TABLE rpiws_readingevent RENAME TO elsewhere",
        "CREATE RULE quiet AS ON INSERT TO rpiws_readingevent DO INSTEAD NOTHING",
        "UPDATE pghistory_context SET metadata = '{}'",
        "DELETE FROM pghistory_context",
        "TRUNCATE pghistory_context",
        "INSERT INTO pghistory_context VALUES (gen_random_uuid(), now(), now(), '{}')",
        "SELECT _pgh_attach_context()",
        "ALTER TABLE rpiws_reading DISABLE TRIGGER ALL",
        "ALTER TABLE rpiws_reading DISABLE TRIGGER USER",
        "CREATE TRIGGER quiet BEFORE UPDATE ON rpiws_reading EXECUTE FUNCTION suppress_redundant_updates_trigger()",
        "SET session_replication_role = replica",
        "ALTER ROLE improvement_app SET session_replication_role = replica",
        "SET SESSION AUTHORIZATION improvement_owner",
        "TRUNCATE rpiws_reading",
        "DROP FUNCTION _pgh_attach_context() CASCADE",
        "DROP FUNCTION _pgtrigger_should_ignore(name) CASCADE",
        "ALTER FUNCTION _pgh_attach_context() SECURITY INVOKER",
        "CREATE OR REPLACE FUNCTION _pgtrigger_should_ignore(trigger_name name) RETURNS boolean "
        "LANGUAGE sql AS 'SELECT true'",
        "CREATE FUNCTION public.now() RETURNS timestamptz LANGUAGE sql AS 'SELECT ''2001-01-01''::timestamptz'",
    ],
)
def test_application_is_refused(psql, statement):
    with pytest.raises(InsufficientPrivilege):
        psql.execute(statement)


def names_of_triggers(psql, table="rpiws_reading"):
    psql.execute("SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass", [table])
    return [name for (name,) in psql.fetchall()]


def test_application_drops_no_trigger_and_no_function_of_one(psql):
    names = [name for name in names_of_triggers(psql) if name.startswith("pgtrigger_")]
    assert len(names) >= 7
    for name in names:
        for statement in (f"DROP TRIGGER {name} ON rpiws_reading", f"DROP FUNCTION {name}() CASCADE"):
            with pytest.raises(InsufficientPrivilege):
                psql.execute(statement)


def test_application_copies_nothing_into_the_trail(psql):
    with pytest.raises(InsufficientPrivilege):
        psql.copy_expert("COPY rpiws_readingevent FROM STDIN", io.StringIO())


@pytest.mark.parametrize("how", ["SELECT set_config('pgtrigger.ignore', %s, true)", "SET pgtrigger.ignore = %s"])
def test_ignoring_triggers_silences_neither_trail_nor_marks(reading, psql, how):
    names = "{" + ",".join(names_of_triggers(psql)) + "}"
    ChangeMark.objects.all().delete()
    psql.execute("BEGIN")
    psql.execute(how, [names])
    psql.execute("UPDATE rpiws_reading SET value = 14 WHERE id = %s", [reading.pk])
    psql.execute("COMMIT")
    assert trail(reading)[1:] == [("update", 14, None)]
    marked = ChangeMark.objects.get()
    assert (marked.kind, marked.scope_id) == ("value_stream", reading.measure.rpiw.value_stream_id)


def test_temporary_tables_do_not_stand_before_the_real_ones(reading, psql):
    ChangeMark.objects.all().delete()
    for table in ("rpiws_readingevent", "pghistory_context", "snapshots_changemark", "rpiws_measure", "rpiws_rpiw"):
        psql.execute(f"CREATE TEMPORARY TABLE {table} (LIKE public.{table})")
    psql.execute("SET search_path TO pg_temp")
    psql.execute("UPDATE public.rpiws_reading SET value = 14 WHERE id = %s", [reading.pk])
    assert trail(reading)[1:] == [("update", 14, None)]
    assert ChangeMark.objects.count() == 1


def test_events_are_not_forged_with_the_trails_own_functions(psql):
    """On a table of one's own the trail's trigger would write whatever stands there."""
    name = next(name for name in names_of_triggers(psql) if name.startswith("pgtrigger_update_"))
    psql.execute("CREATE TEMPORARY TABLE mine (LIKE public.rpiws_reading)")
    with pytest.raises(InsufficientPrivilege):
        psql.execute(f"CREATE TRIGGER forge AFTER UPDATE ON mine FOR EACH ROW EXECUTE FUNCTION {name}()")


def test_what_an_act_says_of_itself_is_not_rewritten_later(reading, facilitator, psql):
    """Not even by an act that claims to be the same."""
    with pghistory.context(user=facilitator.pk, reason="Two digits swapped.") as act:
        Reading.objects.filter(pk=reading.pk).update(value=14)
    first = Event.objects.latest("pgh_id")
    psql.execute("BEGIN; SELECT set_config('pghistory.context_id', %s, true)", [str(act.id)])
    psql.execute("SELECT set_config('pghistory.context_metadata', %s, true)", [json.dumps({"user": 0, "reason": ""})])
    psql.execute("UPDATE rpiws_reading SET value = 1 WHERE id = %s; COMMIT", [reading.pk])
    assert trail(reading)[1:] == [("update", 14, facilitator.pk), ("update", 1, 0)]
    first.pgh_context.refresh_from_db()
    assert first.pgh_context.metadata["reason"] == "Two digits swapped."


@pytest.mark.parametrize("said", ["", "no json", "[1]", '"user"', "null", '{"database_role": "somebody else"}'])
def test_nonsense_of_an_act_neither_silences_it_nor_names_another_role(reading, psql, said):
    psql.execute("BEGIN; SELECT set_config('pghistory.context_id', 'no id', true)")
    psql.execute("SELECT set_config('pghistory.context_metadata', %s, true)", [said])
    psql.execute("UPDATE rpiws_reading SET value = 14 WHERE id = %s; COMMIT", [reading.pk])
    assert trail(reading)[1:] == [("update", 14, None)]
    assert Event.objects.latest("pgh_id").pgh_context.metadata == {"database_role": APPLICATION}


# Kept so ------------------------------------------------------------------------


def functions_of_the_trail(cursor):
    cursor.execute(
        "SELECT proname, pg_get_userbyid(proowner), prosecdef, proconfig,"
        " has_function_privilege('public', oid, 'EXECUTE') FROM pg_proc"
        " WHERE pronamespace = 'public'::regnamespace"
        " AND (starts_with(proname, 'pgtrigger_') OR proname = '_pgh_attach_context')"
    )
    return {name: tuple(rest) for name, *rest in cursor.fetchall()}


def test_functions_run_as_the_owner_on_a_fixed_path_and_are_nobodys_to_call(psql):
    functions = functions_of_the_trail(psql)
    assert len(functions) > 50
    assert set(map(str, functions.values())) == {str((OWNER, True, ["search_path=public, pg_temp"], False))}


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_migrating_puts_right_what_was_loosened(owner_connection, reading, psql):
    cursor = owner_connection.cursor()
    name = next(name for name in names_of_triggers(psql) if name.startswith("pgtrigger_update_"))
    cursor.execute(f"ALTER FUNCTION {name}() SECURITY INVOKER; GRANT EXECUTE ON FUNCTION {name}() TO PUBLIC")
    cursor.execute(f"GRANT ALL ON rpiws_readingevent, pghistory_context TO {APPLICATION}")
    cursor.execute(
        "CREATE OR REPLACE FUNCTION _pgtrigger_should_ignore(trigger_name name) RETURNS boolean "
        "LANGUAGE sql AS 'SELECT true'"
    )
    for _time in range(2):
        call_command("migrate", verbosity=0)
        test_application_only_reads_the_trail(psql)
        test_functions_run_as_the_owner_on_a_fixed_path_and_are_nobodys_to_call(psql)
    psql.execute("UPDATE rpiws_reading SET value = 14 WHERE id = %s", [reading.pk])
    assert trail(reading)[1:] == [("update", 14, None)]


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_trigger_that_a_migration_writes_is_safe_before_its_transaction_ends(psql):
    """So the release that still runs while it is being replaced goes on writing, and writing events."""
    [trigger] = [one for one in Reading._meta.triggers if one.name == "update_update"]
    owner = connections["owner"]
    with safekeeping.kept(owner, APPLICATION), transaction.atomic(using="owner"), owner.schema_editor() as editor:
        editor.execute(trigger.compile(Reading).install_sql, params=None)
        with owner.connection.cursor() as inside:
            test_functions_run_as_the_owner_on_a_fixed_path_and_are_nobodys_to_call(inside)
            inside.execute("SELECT prosrc FROM pg_proc WHERE proname = '_pgtrigger_should_ignore'")
            assert inside.fetchone() == (" SELECT false ",)
