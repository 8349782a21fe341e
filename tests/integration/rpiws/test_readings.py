"""Saving readings, on PostgreSQL."""

import threading
import uuid
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, connections, transaction
from django.test.utils import CaptureQueriesContext

from accounts.permissions import Role
from rpiws import entries
from rpiws.actions.readings import ChangedMeanwhile, add_observations, remove_observation, save_readings
from rpiws.answers import Answer, Circumstances
from rpiws.models import Checkpoint, GridSave, Observation, Reading
from snapshots.models import ChangeMark
from snapshots.signals import facts_changed
from tests.factories.accounts import UserFactory
from tests.factories.rpiws import MeasureFactory, ReadingFactory, RpiwFactory
from tests.factories.trusts import member

DAY = Circumstances(measured_on=date(2021, 3, 9), period="1 to 9 March")


@pytest.fixture
def rpiw(db):
    return RpiwFactory(following_up=True)


@pytest.fixture
def lead_time(rpiw):
    return MeasureFactory(rpiw=rpiw)


@pytest.fixture
def ratio(rpiw):
    return MeasureFactory(rpiw=rpiw, defect_ratio=True)


@pytest.fixture
def facilitator(rpiw):
    return member(Role.FACILITATOR, rpiw.value_stream.trust)


def answer(measure, text: str, **given) -> Answer:
    return Answer(measure_id=measure.pk, entry=entries.read(measure, text), typed=text, **given)


def save(rpiw, *cells: Answer, by, key=None, checkpoint=Checkpoint.DAY_60, common=DAY):
    return save_readings(rpiw=rpiw, checkpoint=checkpoint, cells=cells, common=common, key=key or uuid.uuid4(), by=by)


def test_readings_saved_with_who_when_and_what_was_typed(rpiw, lead_time, ratio, facilitator) -> None:
    saved = save(rpiw, answer(lead_time, "7h15"), answer(ratio, "6/28"), by=facilitator)
    assert saved.summary == "2 readings"
    timed = Reading.objects.get(measure=lead_time)
    assert (timed.value, timed.entered_as, timed.measured_on) == (435, "7h15", date(2021, 3, 9))
    assert timed.recorded_by == facilitator
    assert timed.recorded_at is not None
    counted = Reading.objects.get(measure=ratio)
    assert (counted.numerator, counted.denominator, counted.sample_size) == (6, 28, 28)


def test_timings_are_counted_and_kept_each_for_itself(rpiw, lead_time, facilitator) -> None:
    save(rpiw, answer(lead_time, "8; 9; 13"), by=facilitator)
    reading = Reading.objects.get()
    assert (reading.value, reading.sample_size) == (10, 3)
    assert list(reading.observations.values_list("value", flat=True)) == [8, 9, 13]


def test_corrected_timings_replace_the_earlier_ones_and_a_new_reading_has_none_to_take_away(
    rpiw, lead_time, facilitator
) -> None:
    with CaptureQueriesContext(connection) as queries:
        save(rpiw, answer(lead_time, "8; 9; 13"), by=facilitator)
    assert not [one for one in queries if one["sql"].startswith("DELETE")]
    save(rpiw, answer(lead_time, "7; 9", seen=1, why="A slip"), by=facilitator)
    assert list(Observation.objects.values_list("value", flat=True)) == [7, 9]


def test_sample_is_used_where_a_reading_does_not_say_its_own(rpiw, lead_time, ratio, facilitator) -> None:
    common = replace(DAY, sample=25)
    save(rpiw, answer(lead_time, "9 min"), answer(ratio, "6/28"), by=facilitator, common=common)
    assert Reading.objects.get(measure=lead_time).sample_size == 25
    assert Reading.objects.get(measure=ratio).sample_size == 28


def test_not_measured_keeps_its_reason_and_no_value(rpiw, lead_time, facilitator) -> None:
    cell = Answer(measure_id=lead_time.pk, not_measured="other", because="Corridor closed until April")
    assert save(rpiw, cell, by=facilitator).summary == "1 “not measured”"
    reading = Reading.objects.get()
    assert (reading.value, reading.not_measured_note, reading.measured_on) == (
        None,
        "Corridor closed until April",
        None,
    )


def test_same_key_saves_once_and_answers_the_same(rpiw, lead_time, facilitator) -> None:
    key = uuid.uuid4()
    first = save(rpiw, answer(lead_time, "9 min"), by=facilitator, key=key)
    again = save(rpiw, answer(lead_time, "9 min"), by=facilitator, key=key)
    assert (again.summary, again.repeated) == (first.summary, True)
    assert Reading.objects.get().version == 1
    assert GridSave.objects.count() == 1


def test_same_key_with_other_values_is_another_save(rpiw, lead_time, ratio, facilitator) -> None:
    key = uuid.uuid4()
    save(rpiw, answer(lead_time, "9 min"), by=facilitator, key=key)
    save(rpiw, answer(lead_time, "9 min"), answer(ratio, "1/25"), by=facilitator, key=key)
    assert Reading.objects.count() == 2


def test_correction_keeps_the_old_value_in_the_history(rpiw, lead_time, facilitator) -> None:
    save(rpiw, answer(lead_time, "41 min"), by=facilitator)
    save(rpiw, answer(lead_time, "14 min", seen=1, why="Two digits swapped."), by=facilitator)
    reading = Reading.objects.get()
    assert (reading.value, reading.version, reading.correction_reason) == (14, 2, "Two digits swapped.")
    assert (reading.period, reading.measured_on) == ("1 to 9 March", date(2021, 3, 9))
    kept = Reading.pgh_event_models if hasattr(Reading, "pgh_event_models") else None
    assert kept is not None
    with connection.cursor() as cursor:
        cursor.execute("SELECT value FROM rpiws_readingevent WHERE pgh_obj_id = %s ORDER BY pgh_id", [reading.pk])
        assert [row[0] for row in cursor.fetchall()] == [41, 14]


def test_changed_meanwhile_saves_nothing_and_tells_both(rpiw, lead_time, ratio, facilitator) -> None:
    other = UserFactory()
    ReadingFactory(measure=ratio, checkpoint=Checkpoint.DAY_60, numerator=2, denominator=25, recorded_by=other)
    with pytest.raises(ChangedMeanwhile) as found:
        save(rpiw, answer(lead_time, "9 min"), answer(ratio, "1/25"), by=facilitator)
    (cell,) = found.value.cells
    assert (cell.measure_id, cell.stored.recorded_by, cell.stored.numerator) == (ratio.pk, other, 2)
    assert not Reading.objects.filter(measure=lead_time).exists()
    assert Reading.objects.get(measure=ratio).numerator == 2
    assert GridSave.objects.count() == 0


def test_same_value_typed_by_two_people_is_no_conflict(rpiw, ratio, facilitator) -> None:
    ReadingFactory(
        measure=ratio, checkpoint=Checkpoint.DAY_60, numerator=1, denominator=25, sample_size=25, recorded_by=None,
        recorded_at=None,
    )  # fmt: skip
    assert save(rpiw, answer(ratio, "1/25"), by=facilitator).summary == ""
    assert Reading.objects.get().version == 1


@pytest.mark.parametrize(("trait", "retrospective"), [("preparing", False), ("in_week", True), ("following_up", True)])
def test_baseline_is_retrospective_from_the_week_on(db, trait: str, retrospective: bool) -> None:
    rpiw = RpiwFactory(**{trait: True})
    measure = MeasureFactory(rpiw=rpiw)
    facilitator = member(Role.FACILITATOR, rpiw.value_stream.trust)
    save(rpiw, answer(measure, "50 min"), by=facilitator, checkpoint=Checkpoint.BASELINE)
    assert Reading.objects.get().retrospective is retrospective


def test_only_report_out_is_simulated(rpiw, lead_time, facilitator) -> None:
    simulated = replace(DAY, simulated=True)
    save(rpiw, answer(lead_time, "14 min"), by=facilitator, checkpoint=Checkpoint.REPORT_OUT, common=simulated)
    save(rpiw, answer(lead_time, "9 min"), by=facilitator, common=simulated)
    assert Reading.objects.get(checkpoint=Checkpoint.REPORT_OUT).simulated
    assert not Reading.objects.get(checkpoint=Checkpoint.DAY_60).simulated


def test_reading_since_a_change_of_the_measure_is_not_comparable(rpiw, facilitator) -> None:
    measure = MeasureFactory(rpiw=rpiw, later_not_comparable="sampling")
    save(rpiw, answer(measure, "9 min"), by=facilitator)
    assert Reading.objects.get().not_comparable == "sampling"


@pytest.mark.parametrize(
    "wrong",
    [
        {"value": None, "not_measured": ""},
        {"value": Decimal(5), "not_measured": "staffing"},
        {"value": Decimal(5), "numerator": Decimal(5), "denominator": None},
        {"value": Decimal(5), "numerator": Decimal(0), "denominator": Decimal(0)},
        {"value": Decimal(5), "simulated": True},
        {"value": None, "not_measured": "other", "not_measured_note": ""},
        {"value": Decimal(5), "recorded_by": None},
    ],
)
def test_database_refuses_a_reading_that_cannot_be(lead_time, wrong: dict) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        ReadingFactory(measure=lead_time, checkpoint=Checkpoint.DAY_60, **wrong)


def test_save_leaves_a_mark_and_tells_the_worker(rpiw, lead_time, facilitator) -> None:
    ChangeMark.objects.all().delete()
    heard = []

    def hear(sender, kind, scope_id, **rest) -> None:
        heard.append((kind, scope_id))

    facts_changed.connect(hear)
    try:
        save(rpiw, answer(lead_time, "9 min"), by=facilitator)
    finally:
        facts_changed.disconnect(hear)
    assert heard == [("value_stream", rpiw.value_stream_id)]
    assert ChangeMark.objects.filter(kind="value_stream", scope_id=rpiw.value_stream_id).exists()


def test_observations_follow_in_the_order_typed_and_once(lead_time, facilitator) -> None:
    key = uuid.uuid4()
    for _ in range(2):
        add_observations(
            measure=lead_time, observed_on=date(2021, 2, 1), values=[Decimal(8), Decimal(9)], key=key, by=facilitator
        )
    add_observations(
        measure=lead_time, observed_on=date(2021, 2, 1), values=[Decimal(7)], key=uuid.uuid4(), by=facilitator
    )
    found = Observation.objects.filter(reading=None)
    assert list(found.values_list("value", flat=True)) == [8, 9, 7]
    remove_observation(observation=found[0], by=facilitator)
    assert list(found.all().values_list("value", flat=True)) == [9, 7]


def at_once(*writes) -> list[object]:
    """Run the writes in threads, each with a connection of its own; what each returned or raised."""
    found: list[object] = [None] * len(writes)
    start = threading.Barrier(len(writes))

    def run(place: int, write) -> None:
        try:
            start.wait()
            found[place] = write()
        except Exception as error:
            found[place] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=each) for each in enumerate(writes)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


@pytest.mark.django_db(transaction=True)
def test_two_saves_at_once_one_is_told_of_the_other(transactional_db) -> None:
    rpiw = RpiwFactory(following_up=True)
    measure = MeasureFactory(rpiw=rpiw)
    people = [member(Role.FACILITATOR, rpiw.value_stream.trust) for _ in range(2)]
    found = at_once(
        lambda: save(rpiw, answer(measure, "9 min"), by=people[0]),
        lambda: save(rpiw, answer(measure, "11 min"), by=people[1]),
    )
    assert sorted(type(each).__name__ for each in found) == ["ChangedMeanwhile", "Saved"]
    assert Reading.objects.get().version == 1


@pytest.mark.django_db(transaction=True)
def test_double_click_at_once_saves_once(transactional_db) -> None:
    rpiw = RpiwFactory(following_up=True)
    measure = MeasureFactory(rpiw=rpiw)
    person = member(Role.FACILITATOR, rpiw.value_stream.trust)
    key = uuid.uuid4()
    found = at_once(*[lambda: save(rpiw, answer(measure, "9 min"), by=person, key=key)] * 4)
    assert sorted(each.repeated for each in found) == [False, True, True, True]
    assert Reading.objects.get().version == 1
