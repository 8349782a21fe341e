"""PostgreSQL leaves the marks: whichever way a fact is written, and whoever writes it."""

import io

import pytest
from django.db import connection, transaction

from rpiws.models import Measure, Reading, Rpiw
from snapshots.models import ChangeMark
from tests.factories.rpiws import MeasureFactory, ReadingFactory, RpiwFactory
from tests.factories.trusts import StandDownFactory, TrustFactory, ValueStreamFactory
from trusts.models import ValueStream

pytestmark = pytest.mark.django_db(transaction=True)

# Every table whose facts a dashboard shows, and the kinds that it marks.
MARKING = {
    "trusts_partnership": {"partnership"},
    "trusts_namedperiod": {"partnership", "trust", "value_stream"},
    "trusts_trust": {"trust", "partnership", "value_stream"},
    "trusts_headcount": {"trust"},
    "trusts_cqcrating": {"trust"},
    "trusts_chiefexecutive": {"trust"},
    "trusts_culturalwork": {"trust"},
    "trusts_regulatoryperiod": {"trust"},
    "trusts_objective": {"trust"},
    "trusts_standdown": {"trust", "value_stream"},
    "trusts_valuestream": {"value_stream", "trust"},
    "trusts_objectiveserved": {"value_stream"},
    "rpiws_rpiw": {"value_stream"},
    "rpiws_measure": {"value_stream"},
    "rpiws_reading": {"value_stream"},
    "rpiws_observation": {"value_stream"},
    "rpiws_rpiwperson": {"value_stream"},
    "rpiws_transition": {"value_stream"},
}


@pytest.fixture
def streams():
    return ValueStreamFactory.create_batch(2)


@pytest.fixture
def readings(streams):
    """One reading in each of the two value streams; no marks yet."""
    made = [ReadingFactory(measure__rpiw__value_stream=stream) for stream in streams]
    forget()
    return made


def forget():
    ChangeMark.objects.all().delete()


def marked(kind="value_stream"):
    return set(ChangeMark.objects.filter(kind=kind).values_list("scope_id", flat=True))


def row_of(reading):
    """The reading's row as COPY writes it, without its key and its measure."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT column_name FROM information_schema.columns WHERE table_name = 'rpiws_reading'")
        columns = [name for (name,) in cursor.fetchall() if name not in ("id", "measure_id")]
        out = io.StringIO()
        cursor.copy_expert(
            f"COPY (SELECT {', '.join(columns)} FROM rpiws_reading WHERE id = {reading.pk}) TO STDOUT", out
        )
    return columns, out.getvalue()


@pytest.mark.parametrize("table", sorted(MARKING))
def test_each_table_of_facts_marks_insert_update_delete_and_truncate(table):
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass AND tgenabled = 'O'", [table])
        names = [name for (name,) in cursor.fetchall()]
    for kind in MARKING[table]:
        for event in ("insert", "update", "delete", "truncate"):
            assert any(name.startswith(f"pgtrigger_mark_{kind}_{event}") for name in names), (kind, event)


def test_insert(streams):
    measure = MeasureFactory(rpiw__value_stream=streams[0])
    forget()
    ReadingFactory(measure=measure)
    assert marked() == {streams[0].pk}


def test_update(streams, readings):
    Reading.objects.filter(pk=readings[1].pk).update(value=7)
    assert marked() == {streams[1].pk}


def test_update_of_many_leaves_one_mark_for_each_value_stream(streams, readings):
    ReadingFactory(measure=readings[0].measure, checkpoint="day_30")
    forget()
    Reading.objects.update(value=7)
    assert ChangeMark.objects.count() == 2
    assert marked() == {stream.pk for stream in streams}


def test_reading_moved_to_another_value_stream_marks_both(streams, readings):
    other = MeasureFactory(rpiw__value_stream=streams[1])
    forget()
    readings[0].measure = other
    readings[0].save()
    assert marked() == {stream.pk for stream in streams}


def test_rpiw_moved_to_another_value_stream_marks_both(streams, readings):
    rpiw = readings[0].measure.rpiw
    Rpiw.objects.filter(pk=rpiw.pk).update(value_stream=streams[1], number=77)
    assert marked() == {stream.pk for stream in streams}


def test_measure_moved_to_another_value_stream_marks_both(streams, readings):
    Measure.objects.filter(pk=readings[0].measure_id).update(rpiw=readings[1].measure.rpiw, position=9)
    assert marked() == {stream.pk for stream in streams}


def test_value_stream_moved_to_another_trust_marks_both_trusts(streams):
    old, new = streams[0].trust_id, TrustFactory().pk
    forget()
    ValueStream.objects.filter(pk=streams[0].pk).update(trust_id=new, number=88)
    assert marked("trust") == {old, new}
    assert marked() == {streams[0].pk}


def test_delete(streams, readings):
    readings[0].delete()
    assert marked() == {streams[0].pk}


def test_deletion_of_the_measure_with_its_readings(streams, readings):
    readings[0].measure.delete()
    assert marked() == {streams[0].pk}


def test_bulk_create(streams, readings):
    Reading.objects.bulk_create(
        Reading(measure=reading.measure, checkpoint=checkpoint, value=1)
        for reading in readings
        for checkpoint in ("day_30", "day_60", "day_90")
    )
    assert ChangeMark.objects.filter(kind="value_stream").count() == 2
    assert marked() == {stream.pk for stream in streams}


def test_raw_sql(streams, readings):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE rpiws_reading SET value = 3 WHERE id = %s", [readings[0].pk])
    assert marked() == {streams[0].pk}


def test_copy(streams, readings):
    columns, row = row_of(readings[0])
    measures = [MeasureFactory(rpiw__value_stream=stream) for stream in streams]
    forget()
    lines = "".join(f"{measure.pk}\t{row}" for measure in measures)
    with connection.cursor() as cursor:
        cursor.copy_expert(f"COPY rpiws_reading (measure_id, {', '.join(columns)}) FROM STDIN", io.StringIO(lines))
    assert Reading.objects.filter(measure__in=measures).count() == 2
    assert marked() == {stream.pk for stream in streams}


def test_insert_that_becomes_an_update(streams, readings):
    reading = readings[0]
    Reading.objects.bulk_create(
        [Reading(measure=reading.measure, checkpoint=reading.checkpoint, value=99)],
        update_conflicts=True,
        unique_fields=["measure", "checkpoint"],
        update_fields=["value"],
    )
    reading.refresh_from_db()
    assert reading.value == 99
    assert marked() == {streams[0].pk}


def test_truncate(streams, readings, owner_connection):
    with owner_connection.cursor() as cursor:
        cursor.execute("TRUNCATE rpiws_reading CASCADE")
    assert marked() == {stream.pk for stream in streams}


def test_another_program(streams, readings, owner_connection):
    """As from psql."""
    with owner_connection.cursor() as cursor:
        cursor.execute("DELETE FROM rpiws_reading WHERE id = %s", [readings[1].pk])
    assert marked() == {streams[1].pk}


def test_a_statement_that_changes_no_row_marks_nothing(readings):
    Reading.objects.filter(pk=0).update(value=7)
    assert not ChangeMark.objects.exists()


def test_rolled_back_writes_mark_nothing(readings):
    with transaction.atomic():
        Reading.objects.update(value=7)
        transaction.set_rollback(True)
    assert not ChangeMark.objects.exists()


def test_stand_down_of_a_trust_marks_its_value_streams_and_of_one_only_that(streams):
    trust = streams[0].trust
    second = ValueStreamFactory(trust=trust)
    forget()
    StandDownFactory(trust=trust)
    assert marked() == {streams[0].pk, second.pk}
    forget()
    StandDownFactory(value_stream=second)
    assert marked() == {second.pk}


def test_rpiw_marks_its_value_stream(streams):
    forget()
    RpiwFactory(value_stream=streams[0])
    assert marked() == {streams[0].pk}
