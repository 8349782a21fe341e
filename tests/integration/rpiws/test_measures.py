"""Measures: their order, what a baseline fixes, and when readings are no longer comparable."""

from decimal import Decimal

import pytest

from accounts.permissions import Role
from rpiws.actions.measures import Comparing, MeasureRefused, add_measure, delete_measure, edit_measure, move_measure
from rpiws.actions.writes import EditedMeanwhile
from rpiws.forms.measures import EditMeasureForm, MeasureForm
from tests.factories.rpiws import MeasureFactory, ObservationFactory, ReadingFactory, RpiwFactory
from tests.factories.trusts import TrustFactory, member

pytestmark = pytest.mark.django_db


@pytest.fixture
def rpiw():
    return RpiwFactory(following_up=True)


@pytest.fixture
def facilitator(rpiw):
    return member(Role.FACILITATOR, rpiw.value_stream.trust)


def names(rpiw):
    return list(rpiw.measures.values_list("name", flat=True))


def test_measures_move_one_place(rpiw, facilitator):
    first, _, third = (MeasureFactory(rpiw=rpiw, name=name, position=n) for n, name in enumerate("ABC", 1))

    move_measure(measure=third, by=facilitator, up=True)
    assert names(rpiw) == ["A", "C", "B"]

    move_measure(measure=first, by=facilitator, up=True)
    assert names(rpiw) == ["A", "C", "B"]


def test_measure_twice_as_by_a_double_click_is_one(rpiw, facilitator):
    facts = {"name": "Lead time", "kind": "lead_time", "unit": "min", "better_when": "lower"}

    assert add_measure(rpiw=rpiw, by=facilitator, **facts) == add_measure(rpiw=rpiw, by=facilitator, **facts)


@pytest.mark.parametrize("held", [ReadingFactory, ObservationFactory])
def test_measure_with_readings_is_not_deleted(rpiw, facilitator, held):
    measure = MeasureFactory(rpiw=rpiw)
    held(measure=measure)

    with pytest.raises(MeasureRefused):
        delete_measure(measure=measure, by=facilitator)

    assert rpiw.measures.count() == 1


def test_measure_without_readings_is_deleted(rpiw, facilitator):
    delete_measure(measure=MeasureFactory(rpiw=rpiw), by=facilitator)

    assert not rpiw.measures.exists()


def test_statistic_is_fixed_by_the_baseline(rpiw, facilitator):
    measure = MeasureFactory(rpiw=rpiw)
    edit_measure(measure=measure, by=facilitator, version=1, statistic="median")
    ReadingFactory(measure=measure)

    with pytest.raises(MeasureRefused):
        edit_measure(measure=measure, by=facilitator, version=2, statistic="mean")


def test_changed_start_without_a_baseline_asks_nothing(rpiw, facilitator):
    measure = edit_measure(measure=MeasureFactory(rpiw=rpiw), by=facilitator, version=1, starts_when="the call")

    assert measure.starts_when == "the call"


def test_changed_start_after_the_baseline_asks_whether_readings_compare(rpiw, facilitator):
    measure = MeasureFactory(rpiw=rpiw)
    ReadingFactory(measure=measure)

    with pytest.raises(MeasureRefused):
        edit_measure(measure=measure, by=facilitator, version=1, starts_when="the call")


@pytest.mark.parametrize(
    ("change", "reason"),
    [("starts_when", "start_or_end"), ("sampling", "sampling"), ("outputs", "definition")],
)
def test_earlier_readings_are_left_out_with_the_reason(rpiw, facilitator, change, reason):
    measure = MeasureFactory(rpiw=rpiw)
    for checkpoint in ("baseline", "day_30"):
        ReadingFactory(measure=measure, checkpoint=checkpoint)

    edit_measure(measure=measure, by=facilitator, version=1, comparing=Comparing.UNTIL_NOW, **{change: "another"})

    assert set(measure.readings.values_list("not_comparable", flat=True)) == {reason}


def test_later_readings_are_left_out_and_earlier_ones_stay(rpiw, facilitator):
    measure = MeasureFactory(rpiw=rpiw)
    ReadingFactory(measure=measure)

    edit_measure(measure=measure, by=facilitator, version=1, comparing=Comparing.FROM_NOW_ON, sampling="another")

    measure.refresh_from_db()
    assert measure.later_not_comparable == "sampling"
    assert measure.readings.get().not_comparable == ""


def test_edit_of_an_older_version_is_refused(rpiw, facilitator):
    measure = MeasureFactory(rpiw=rpiw)
    edit_measure(measure=measure, by=facilitator, version=1, name="Lead time")

    with pytest.raises(EditedMeanwhile):
        edit_measure(measure=measure, by=facilitator, version=1, name="Waiting")


@pytest.mark.parametrize(
    ("kind", "facts", "typed", "target"),
    [
        ("lead_time", {"unit": "h", "starts_when": "a", "ends_when": "b", "day_hours": "24"}, "8", Decimal(480)),
        (
            "lead_time",
            {"unit": "min", "starts_when": "a", "ends_when": "b", "day_hours": "7.5"},
            "2 days",
            Decimal(900),
        ),
        ("defect_ratio", {"outputs": "records"}, "10%", Decimal("0.1")),
        ("defect_ratio", {"outputs": "records"}, "2/20", Decimal("0.1")),
        ("safety_5s", {}, "4", Decimal(4)),
        ("walking", {"unit": "m"}, "420 m", Decimal(420)),
        ("own", {"unit": "%", "shape": "ratio"}, "25%", Decimal("0.25")),
        ("inventory", {"unit": "items"}, "", None),
    ],
)
def test_target_is_typed_as_people_say_it(rpiw, kind, facts, typed, target):
    data = {"name": "Measure", "better_when": "lower", "statistic": "mean", "target": typed, **facts}
    form = MeasureForm(data, kind=kind, rpiw=rpiw)

    assert form.is_valid(), form.errors
    assert form.facts["target"] == target


def test_target_that_cannot_be_read_says_so_at_its_field(rpiw):
    form = MeasureForm({"name": "Stores", "better_when": "higher", "target": "9"}, kind="safety_5s", rpiw=rpiw)

    assert not form.is_valid()
    assert list(form.errors) == ["target"]


def test_nothing_guesses_which_way_is_better_of_the_teams_own(rpiw):
    assert MeasureForm(kind="own", rpiw=rpiw)["better_when"].value() in (None, "")
    assert MeasureForm(kind="safety_5s", rpiw=rpiw)["better_when"].value() == "higher"


def test_nhs_number_is_refused_at_its_field(rpiw):
    form = MeasureForm({"name": "Wait of 943 476 5919", "better_when": "lower"}, kind="safety_5s", rpiw=rpiw)

    assert "name" in form.errors


def test_people_of_another_trust_are_no_choice(rpiw):
    own = member(Role.PROCESS_OWNER, rpiw.value_stream.trust)
    member(Role.PROCESS_OWNER, TrustFactory())

    assert list(MeasureForm(kind="own", rpiw=rpiw).fields["remeasured_by"].queryset) == [own]


def test_form_of_a_measure_with_a_baseline_asks_about_comparability(rpiw):
    measure = MeasureFactory(rpiw=rpiw, starts_when="a", ends_when="b")
    data = {
        "name": "M",
        "better_when": "lower",
        "day_hours": "24",
        "starts_when": "x",
        "ends_when": "b",
        "version": "1",
    }

    form = EditMeasureForm(data, measure=measure, has_baseline=True)

    assert list(form.errors) == ["comparing"]
    assert "statistic" not in form.fields
    assert EditMeasureForm(data | {"comparing": "all"}, measure=measure, has_baseline=True).is_valid()
