"""Lists and rows carry an ETag: asked for again, what has not changed is answered with 304."""

import pytest
from django.utils import timezone

from metrics.models import Measurement, Metric
from rpiws.models import Measure, Reading, Rpiw
from snapshots.models import Snapshot
from tests.factories.api import released_summary
from tests.factories.metrics import MetricFactory, MetricVersionFactory, series
from tests.factories.rpiws import RpiwFactory
from tests.factories.trusts import ValueStreamFactory
from trusts.models import Trust, ValueStream

pytestmark = pytest.mark.django_db


@pytest.fixture
def version(measure):
    """One row of every list of the trust's."""
    version = MetricVersionFactory(metric=MetricFactory(value_stream=measure.rpiw.value_stream))
    series(version, [20, 22, 19])
    return version


def again(asker, path, etag):
    return asker.get(path, **{"If-None-Match": etag})


@pytest.mark.parametrize(
    ("path", "rows", "change"),
    [
        ("trusts", Trust, {"name": "Another name"}),
        ("value-streams", ValueStream, {"learned": "Ask first"}),
        ("value-streams", Trust, {"ods_code": "RXW"}),
        ("rpiws", Rpiw, {"process": "Another process"}),
        ("measures", Measure, {"target": 5}),
        ("readings", Reading, {"version": 2}),
        ("metrics", Metric, {"name": "Another name"}),
        ("measurements", Measurement, {"value": 17}),
        ("measurements?metric={metric}&format=csv", Measurement, {"value": 17}),
        ("metrics/{metric}", Metric, {"name": "Another name"}),
        ("rpiws?format=csv", Rpiw, {"process": "Another process"}),
    ],
)
def test_what_has_not_changed_is_not_sent_again(system, version, path, rows, change):
    path = path.format(metric=version.metric_id)
    answer = system.get(path)
    same = again(system, path, answer["ETag"])
    assert (same.status_code, same.content, same["ETag"]) == (304, b"", answer["ETag"])
    assert "private" in same["Cache-Control"]
    rows.objects.update(**change)
    changed = again(system, path, answer["ETag"])
    assert (changed.status_code, changed["ETag"] == answer["ETag"]) == (200, False)


def test_summaries_change_when_one_is_released(regulator, trust):
    first = released_summary(trust)
    paths = ("trust-summaries", f"trust-summaries/{trust.ods_code}/history")
    etags = {path: regulator.get(path)["ETag"] for path in paths}
    assert {again(regulator, *known).status_code for known in etags.items()} == {304}
    released_summary(trust, version=2, supersedes=first, reason="A slip.")
    assert {again(regulator, *known).status_code for known in etags.items()} == {200}


def test_each_page_has_its_own_and_a_full_one_keeps_it(system, trust, rpiw):
    for _ in range(3):
        ValueStreamFactory(trust=trust)
    first = system.get("value-streams?page_size=2")
    rest = first.json()["next"].split("/api/v1/")[1]
    second = system.get(rest)
    assert first["ETag"] != second["ETag"]
    ValueStreamFactory(trust=trust)
    assert again(system, "value-streams?page_size=2", first["ETag"]).status_code == 304
    assert again(system, rest, second["ETag"]).status_code == 200


def test_list_of_value_streams_tells_which_dashboards_are_new(system, rpiw):
    RpiwFactory(value_stream__trust=rpiw.value_stream.trust)
    etag = system.get("value-streams")["ETag"]
    Snapshot.objects.create(
        kind="value_stream", scope_id=rpiw.value_stream_id, version=7, computed_at=timezone.now(), rules="r", body="{}"
    )
    answer = again(system, "value-streams", etag)
    assert [row["dashboard_version"] for row in answer.json()["results"]] == [7, None]
    Snapshot.objects.update(version=8)
    assert again(system, "value-streams", answer["ETag"]).json()["results"][0]["dashboard_version"] == 8


def test_an_error_has_none(system):
    answer = system.get("rpiws?state=unheard")
    assert (answer.status_code, "ETag" in answer) == (400, False)
