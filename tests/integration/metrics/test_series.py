"""The metrics part of a value stream's snapshot, from real rows."""

from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from metrics.series import metrics_of
from tests.factories.metrics import (
    MeasurementFactory,
    MetricFactory,
    MetricVersionFactory,
    RecalculationFactory,
    TargetFactory,
    series,
)
from trusts.models import Partnership

pytestmark = pytest.mark.django_db

STEADY = [20, 22, 19, 21, 20, 23, 18, 21, 20, 22, 19, 21, 20]


def test_chart_has_limits_icons_and_the_rules_it_followed():
    version = MetricVersionFactory()
    TargetFactory(version=version, value=60)
    series(version, [*STEADY, 35])
    (body,) = metrics_of(version.metric.value_stream_id)
    (chart,) = body["versions"][0]["series"]
    assert body["rules"] == {
        "key": "nhse-single-chart-5.0",
        "title": "NHS England, Single Chart Tool v5.0",
        "shift": 6,
        "trend": 6,
        "needed": 13,
    }
    assert chart["enough"]
    assert chart["variation"] == "concern_high"
    assert chart["points"][-1]["signals"] == ["outside_high"]
    assert chart["assurance"] == "pass"
    assert body["summary"]["latest"] == {"on": "2016-02-01", "value": 35.0}
    assert body["summary"]["target"] == 60.0


def test_twelve_points_have_a_run_chart_and_neither_limits_nor_icons():
    version = MetricVersionFactory()
    series(version, [*STEADY[:9], 30, None, 31, 32])
    (chart,) = metrics_of(version.metric.value_stream_id)[0]["versions"][0]["series"]
    assert (chart["enough"], chart["values"], chart["needed"]) == (False, 12, 13)
    assert (chart["variation"], chart["assurance"]) == ("few", "none")
    assert chart["run_chart"]["judged"]
    assert all(point["upper"] is None for point in chart["points"])
    assert chart["points"][10]["missing"] == "suppressed"


def test_partnership_or_trust_chooses_the_rules():
    version = MetricVersionFactory()
    series(version, [*STEADY, 24, 24, 24, 24, 24, 24])
    trust = version.metric.value_stream.trust
    assert metrics_of(version.metric.value_stream_id)[0]["summary"]["variation"] == "concern_high"
    Partnership.objects.update(spc_run_length=7)
    assert metrics_of(version.metric.value_stream_id)[0]["summary"]["variation"] == "common"
    trust.spc_rules, trust.spc_run_length = "nhse-sql-2.6a", 6
    trust.save()
    body = metrics_of(version.metric.value_stream_id)[0]
    assert body["rules"]["title"] == "NHS England, SQL query v2.6a"
    assert body["summary"]["variation"] == "concern_high"
    trust.spc_rules = ""
    trust.save()
    rules = metrics_of(version.metric.value_stream_id)[0]["rules"]
    assert (rules["title"], rules["shift"]) == ("NHS England, Single Chart Tool v5.0", 6)


def test_recalculation_starts_new_limits_until_it_is_withdrawn():
    version = MetricVersionFactory()
    series(version, [*STEADY, *(value + 20 for value in STEADY)])
    (chart,) = metrics_of(version.metric.value_stream_id)[0]["versions"][0]["series"]
    assert chart["consider_recalculation"] == "2016-02-01"
    recalculation = RecalculationFactory(version=version, on=date(2016, 2, 1))
    (chart,) = metrics_of(version.metric.value_stream_id)[0]["versions"][0]["series"]
    assert [point["section"] for point in chart["points"]] == [0] * 13 + [1] * 13
    assert chart["consider_recalculation"] is None
    recalculation.withdrawn_by = recalculation.by
    recalculation.withdrawn_at, recalculation.withdrawn_because = recalculation.at, "The old ward opened again"
    recalculation.save()
    (chart,) = metrics_of(version.metric.value_stream_id)[0]["versions"][0]["series"]
    assert {point["section"] for point in chart["points"]} == {0}


def test_an_amended_definition_has_a_series_of_its_own_and_a_proposed_one_none():
    first = MetricVersionFactory()
    series(first, STEADY)
    second = MetricVersionFactory(metric=first.metric, number=2, reason="Too broad", applies_from=date(2016, 2, 1))
    series(second, [5, 6])
    MetricVersionFactory(metric=first.metric, number=3, proposed=True)
    (body,) = metrics_of(first.metric.value_stream_id)
    assert [version["number"] for version in body["versions"]] == [1, 2]
    assert [version["series"][0]["variation"] for version in body["versions"]] == ["common", "few"]
    assert body["summary"]["version"] == 2
    assert body["proposed"] == 1


def test_days_of_decisions_are_those_of_the_wall_clock():
    """Half past midnight in summer is still the day before in the clock that the database keeps."""
    at = datetime(2016, 6, 30, 23, 30, tzinfo=UTC)
    version = MetricVersionFactory(agreed_at=at)
    series(version, STEADY)
    RecalculationFactory(version=version, on=date(2015, 6, 1), at=at)
    (told,) = metrics_of(version.metric.value_stream_id)[0]["versions"]
    assert told["agreed_at"] == "2016-07-01"
    assert told["recalculations"][0]["at"] == "2016-07-01"


def test_one_theatre_of_thirty_cannot_move_the_metric_and_a_narrower_one_could():
    version = MetricVersionFactory(activity=30, touched=1, activity_unit="theatres", hoped=10)
    series(version, STEADY)
    move = metrics_of(version.metric.value_stream_id)[0]["versions"][0]["move"]
    assert move["showing"] == "not"
    assert move["moved"] == pytest.approx((10 - move["mean"]) / 30)
    assert 1 / 30 < move["share_needed"] < 1


def test_queries_do_not_grow_with_metrics_or_measurements():
    version = MetricVersionFactory()
    series(version, STEADY)
    with CaptureQueriesContext(
        connection,
    ) as few:
        metrics_of(version.metric.value_stream_id)
    for _ in range(4):
        another = MetricVersionFactory(metric=MetricFactory(value_stream=version.metric.value_stream))
        series(another, STEADY * 3)
    with CaptureQueriesContext(connection) as many:
        metrics_of(version.metric.value_stream_id)
    assert len(many) == len(few)


def test_another_value_streams_series_are_not_read():
    mine, other = MetricVersionFactory(), MetricVersionFactory()
    MeasurementFactory(version=mine)
    MeasurementFactory(version=other)
    assert [metric["id"] for metric in metrics_of(mine.metric.value_stream_id)] == [mine.metric_id]


def test_subgroups_beyond_the_room_are_judged_from_all_and_hold_their_latest_points(monkeypatch):
    monkeypatch.setattr("metrics.series.SUBGROUP_POINTS", 30)
    version = MetricVersionFactory()
    series(version, [*STEADY, *STEADY, *STEADY])
    series(version, [*STEADY, *STEADY, 35], subgroup="Ward 1")
    series(version, [*STEADY, *STEADY, 35], subgroup="Ward 2")
    whole, first, second = metrics_of(version.metric.value_stream_id)[0]["versions"][0]["series"]
    assert [len(one["points"]) for one in (whole, first, second)] == [39, 27, 24]
    assert [one["points_before"] for one in (whole, first, second)] == [0, 0, 3]
    assert second["points"] == first["points"][3:]
    assert second["variation"] == first["variation"] == "concern_high"
