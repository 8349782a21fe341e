"""What a trust's own system reads of its metrics."""

import csv
import io

import pytest
from django.utils import timezone

from metrics.series import metrics_of
from snapshots.models import Snapshot
from snapshots.recompute import as_text
from tests.factories.metrics import MetricFactory, MetricVersionFactory, TargetFactory, series

pytestmark = pytest.mark.django_db

STEADY = [20, 22, 19, 21, 20, 23, 18, 21, 20, 22, 19, 21, None, 35]


@pytest.fixture
def version(rpiw):
    version = MetricVersionFactory(metric=MetricFactory(value_stream=rpiw.value_stream, category="delivery"))
    TargetFactory(version=version)
    series(version, STEADY)
    return version


@pytest.fixture
def snapshot(version):
    stream = version.metric.value_stream_id
    body = as_text({"metrics": metrics_of(stream)})
    return Snapshot.objects.create(
        kind="value_stream", scope_id=stream, version=7, computed_at=timezone.now(), rules="r", body=body
    )


def test_metric_tells_the_definition_in_force(system, version):
    MetricVersionFactory(metric=version.metric, number=2, reason="Too broad", applies_from="2016-04-01", unit="days")
    MetricVersionFactory(metric=version.metric, number=3, proposed=True)
    [row] = system.get("metrics").json()["results"]
    assert (row["id"], row["definition"], row["applies_from"], row["unit"]) == (
        version.metric_id,
        2,
        "2016-04-01",
        "days",
    )
    assert system.get(f"metrics/{version.metric_id}").json() == row
    assert system.get("metrics?category=morale").json()["results"] == []


def test_metric_without_an_agreed_definition_says_so(system, rpiw):
    MetricFactory(value_stream=rpiw.value_stream)
    [row] = system.get("metrics").json()["results"]
    assert (row["definition"], row["unit"], row["objective"]) == (None, None, None)


def test_measurements_are_found_by_metric_and_day(system, version):
    series(MetricVersionFactory(metric=MetricFactory(value_stream=version.metric.value_stream)), [1, 2])
    rows = system.get(f"measurements?metric={version.metric_id}").json()["results"]
    assert [row["value"] and float(row["value"]) for row in rows] == STEADY
    assert rows[12]["missing"] == "suppressed"
    later = system.get(f"measurements?metric={version.metric_id}&since=2016-01-01").json()["results"]
    assert [row["on"] for row in later] == ["2016-01-01", "2016-02-01"]
    assert len(system.get(f"measurements?value_stream={version.metric.value_stream_id}").json()["results"]) == 16


def test_csv_has_the_same_rows_and_a_whole_trusts_measurements_are_no_file(system, version):
    for path in ("metrics", f"measurements?metric={version.metric_id}"):
        rows = system.get(path).json()["results"]
        text = system.get(f"{path}{'&' if '?' in path else '?'}format=csv").content.decode()
        lines = list(csv.DictReader(io.StringIO(text)))
        assert [list(line) for line in lines] == [list(row) for row in rows]
    answer = system.get("measurements?format=csv")
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (400, "/value_stream")


def test_chart_is_the_dashboards_and_its_version_the_etag(system, version, snapshot):
    path = f"metrics/{version.metric_id}/chart"
    answer = system.get(path)
    assert answer.json()["metric"] == metrics_of(version.metric.value_stream_id)[0]
    assert answer.json()["version"] == 7
    again = system.get(path, **{"If-None-Match": answer["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    Snapshot.objects.update(version=8)
    assert system.get(path, **{"If-None-Match": answer["ETag"]}).status_code == 200


def test_chart_that_is_not_computed_yet_says_so(system, version, snapshot):
    newer = MetricFactory(value_stream=version.metric.value_stream)
    assert "not computed yet" in system.get(f"metrics/{newer.pk}/chart").json()["detail"]


def test_queries_do_not_grow_with_metrics(system, version, django_assert_max_num_queries):
    for _ in range(4):
        series(MetricVersionFactory(metric=MetricFactory(value_stream=version.metric.value_stream)), [1, 2])
    system.get("trusts")
    for path in ("metrics", "measurements"):
        with django_assert_max_num_queries(3):
            system.get(path)
