"""The example partnership: loaded once, all or nothing, and its published figures computed from its readings."""

import csv
from collections import Counter
from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import override_settings

from accounts.models import User
from analysis.checkpoints import REMEASURES
from analysis.checkpoints import State as CheckpointState
from examples.loading.context import PUBLISHED_PERIOD
from examples.loading.current import last_report_out
from examples.loading.everything import DatabaseHoldsOtherData, load_example
from examples.loading.tables import FOLDER
from rpiws.life_cycle import week_problems
from rpiws.models import Checkpoint, Measure, Reading, Rpiw, State
from rpiws.remeasure import load
from tests.factories.accounts import UserFactory
from trusts.models import Membership, Partnership, Trust, ValueStream

pytestmark = pytest.mark.django_db

TODAY = date(2026, 3, 11)


def test_example_loaded_twice_is_there_once():
    assert load_example(today=TODAY)
    counted = _counts()
    assert not load_example(today=TODAY + timedelta(days=40))
    assert _counts() == counted


def test_example_refuses_a_database_that_holds_other_data():
    UserFactory()
    with pytest.raises(DatabaseHoldsOtherData):
        load_example(today=TODAY)
    assert not Partnership.objects.exists()


def test_command_on_other_data_says_why_or_nothing_when_asked_to_load_only_if_empty():
    UserFactory()
    with pytest.raises(CommandError, match="holds other data"):
        call_command("load_example", verbosity=0)
    call_command("load_example", "--if-empty", verbosity=0)
    assert not Trust.objects.exists()


def test_value_streams_and_rpiws_of_the_published_period_are_those_of_table_7_1():
    load_example(today=TODAY)
    published = Rpiw.objects.filter(source__startswith="Reconstructed")
    rpiws = Counter(published.values_list("value_stream__trust__abbreviation", flat=True))
    streams = Counter(ValueStream.objects.values_list("trust__abbreviation", flat=True))
    with (FOLDER / "table_7_1.csv").open(encoding="utf-8") as file:
        printed = {row["trust"]: row for row in csv.DictReader(file)}
    total = printed.pop("Total")
    assert rpiws == {trust: int(row["rpiws"]) for trust, row in printed.items()}
    assert streams == {trust: int(row["value_streams"]) for trust, row in printed.items()}
    assert (streams.total(), rpiws.total()) == (int(total["value_streams"]), int(total["rpiws"]))
    period = Partnership.objects.get().named_periods.get(name=PUBLISHED_PERIOD)
    assert period.public
    assert all(rpiw.reported_out <= period.ends for rpiw in published)


def test_printed_pairs_are_kept_apart_and_as_printed():
    load_example(today=TODAY)
    apart = Measure.objects.filter(rpiw__kept_apart=True)
    assert apart.count() == 9
    bed_state = apart.get(name="Time to gather the live bed state")
    values = dict(bed_state.readings.values_list("checkpoint", "value"))
    assert values == {Checkpoint.BASELINE: 50, Checkpoint.DAY_30: 9}
    assert not Reading.objects.filter(measure__in=apart, synthetic=True).exists()
    assert not Rpiw.objects.filter(kept_apart=True, week_published=True).exists()


def test_closed_rpiws_have_a_reading_or_a_reason_wherever_one_is_owed():
    load_example(today=TODAY)
    closed = load(Rpiw.objects.filter(state=State.CLOSED, kept_apart=False))
    owed = (Checkpoint.BASELINE, Checkpoint.REPORT_OUT, *REMEASURES)
    assert len(closed) > 113
    assert not [
        (facts.process, checkpoint)
        for facts in closed
        for checkpoint in owed
        if facts.answered(checkpoint) != len(facts.measures)
    ]


def test_every_other_reading_says_that_it_is_synthetic():
    load_example(today=TODAY)
    assert not Reading.objects.filter(measure__rpiw__kept_apart=False, synthetic=False).exists()


@pytest.mark.parametrize("weekday", range(7))
def test_further_rpiws_stand_at_every_stage_on_any_day_of_the_week(weekday: int):
    today = TODAY + timedelta(days=weekday)
    load_example(today=today)
    further = Rpiw.objects.filter(source="Generated for the example")
    assert set(further.values_list("state", flat=True)) == set(State)
    leeds = load(further.filter(value_stream__trust__ods_code="RR8"))
    owed = {(work.state, Checkpoint(work.checkpoint)) for facts in leeds for work in facts.work(on=today)}
    assert (CheckpointState.DUE, Checkpoint.DAY_60) in owed
    assert (CheckpointState.LATE, Checkpoint.DAY_60) in owed
    assert (CheckpointState.DUE, Checkpoint.DAY_30) in owed
    assert (CheckpointState.NEVER_MEASURED, Checkpoint.DAY_60) in owed
    assert CheckpointState.STOOD_DOWN in {state for state, _ in owed}
    assert not Reading.objects.filter(measured_on__gt=today).exists()


def test_people_are_roles_without_a_password():
    load_example(today=TODAY)
    assert not any(user.has_usable_password() for user in User.objects.all())
    assert set(Membership.objects.values_list("role", flat=True)) == {role for role, _ in Membership.role.field.choices}


def test_sign_ins_exist_only_under_development_settings(tmp_path):
    load_example(today=TODAY)
    with override_settings(EXAMPLE_SIGN_INS=False), pytest.raises(CommandError, match="development"):
        call_command("example_sign_ins")
    with override_settings(EXAMPLE_SIGN_INS=True, ROOT=tmp_path):
        printed = StringIO()
        call_command("example_sign_ins", stdout=printed)
        again = StringIO()
        call_command("example_sign_ins", stdout=again)
    password = (tmp_path / "var" / "example-password").read_text()
    assert again.getvalue() == printed.getvalue()
    assert password in printed.getvalue()
    assert User.objects.get(email="facilitator.leeds@example.org").check_password(password)


def _counts() -> tuple[int, ...]:
    return tuple(model.objects.count() for model in (User, Membership, Trust, ValueStream, Rpiw, Measure, Reading))


def test_report_outs_of_the_example_end_a_week_that_the_product_accepts_on_any_day_of_the_year():
    for days in range(366):
        friday = last_report_out(TODAY + timedelta(days=days))
        assert not week_problems(friday - timedelta(days=4), friday)
        assert friday <= TODAY + timedelta(days=days)
