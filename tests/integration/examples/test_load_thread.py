"""The golden thread of the example: full where it can be, and openly missing links where it cannot."""

from datetime import date

import pytest

from dashboards.thread.records import as_of, load
from dashboards.thread.tree import Kind, threads
from examples.loading.everything import load_example
from metrics.models import Metric
from metrics.series import metrics_of
from rpiws.models import MetricServed
from trusts.models import Trust

pytestmark = pytest.mark.django_db

TODAY = date(2026, 3, 11)


def test_every_trust_reaches_a_metric_and_says_why_links_of_published_sources_are_missing():
    load_example(today=TODAY)
    trusts = list(Trust.objects.all())
    ids = [trust.pk for trust in trusts]
    when = as_of(TODAY, ids, today=TODAY)
    found = threads(load(when, partnership_id=trusts[0].partnership_id, trust_ids=ids, charted=[]))
    assert len(found) == 5
    for thread in found:
        assert thread.reached >= 1, thread.trust
        missing = {one.kind for one in thread.open}
        assert Kind.NO_METRIC in missing
        assert any(one.reason for one in thread.open)
        assert any(not one.reason for one in thread.open)
    assert MetricServed.objects.count() >= 15


def test_charts_show_weeks_ideas_and_a_stand_down():
    load_example(today=TODAY)
    late = Metric.objects.get(name="Theatre sessions that start late")
    (body,) = [one for one in metrics_of(late.value_stream_id) if one["id"] == late.pk]
    first = body["versions"][0]["series"][0]["points"][0]["on"]
    shown = [one for one in body["happened"] if one["on"] >= first]
    assert {one["kind"] for one in shown} == {"week", "idea", "stand_down"}
    assert all(one["synthetic"] for one in shown)
    assert [one["process"] for one in body["served_by"]] == ["Urology theatre start"]
