"""What a metric's page says where its series is not a plain one, from real rows."""

from datetime import date

import pytest

from metrics.models import Measurement
from metrics.presenters.page import panels
from metrics.presenters.words import metric_sentence
from metrics.series import metrics_of
from tests.factories.metrics import (
    MeasurementFactory,
    MetricVersionFactory,
    RecalculationFactory,
    TargetFactory,
    month,
    series,
)

pytestmark = pytest.mark.django_db

STEADY = [20, 22, 19, 21, 20, 23, 18, 21, 20, 22, 19, 21, 20]


def page_of(version):
    metrics = metrics_of(version.metric.value_stream_id)
    return panels(metrics[0], metrics, {})


def amended(version, **changes):
    return MetricVersionFactory(
        metric=version.metric, number=2, applies_from=date(2016, 6, 1), reason="Counts one theatre.", **changes
    )


@pytest.fixture
def version():
    made = MetricVersionFactory()
    series(made, [*STEADY, 35])
    return made


def test_the_former_chart_stands_until_the_new_definition_has_a_value(version):
    RecalculationFactory(version=version, on=month(5), cause="A second theatre opened")
    newer = amended(version, unit="minutes")
    page = page_of(version)
    assert (page.lead, page.latest) == ("No measurement yet:", "35.0%")
    assert "Definition 2 holds from June 2016" in page.waiting
    assert "definition 1, last judged February 2016" in page.waiting
    assert page.figure["layout"]["xaxis"]["range"][1] > "2016-06-01"
    assert len(page.rows) == 14
    MeasurementFactory(version=newer, on=date(2016, 6, 1), value=12)
    page = page_of(version)
    assert (page.waiting, page.latest, len(page.rows)) == ("", "12.0 min", 1)
    assert page.definitions[1].until == "February 2016"
    assert any("Limits recalculated from" in event.heading for event in page.events)


def test_months_without_a_row_are_told(version):
    assert page_of(version).absent == ""
    Measurement.objects.filter(on__in=[month(n) for n in (3, 4, 6, 8, 9)]).delete()
    said = page_of(version).absent
    assert said.startswith("Nothing is recorded for April 2015, May 2015, July 2015 and two more.")


def test_a_run_over_an_absent_month_is_of_measured_months():
    version = MetricVersionFactory()
    series(version, [*STEADY, 15, 14, 15, 14, 15, 14])
    (body,) = metrics_of(version.metric.value_stream_id)
    assert "the last 6 months are below" in metric_sentence(body)
    last = Measurement.objects.order_by("on").last()
    last.on = month(30)
    last.save()
    (body,) = metrics_of(version.metric.value_stream_id)
    assert "the last 6 measured months are below" in metric_sentence(body)


def test_one_value_after_a_recalculation_is_not_judged(version):
    TargetFactory(version=version, value=60)
    RecalculationFactory(version=version, on=month(13))
    page = page_of(version)
    assert (page.series["variation"], page.series["enough"]) == ("few", True)
    assert page.lead == "Too few points to judge:"
    assert (
        page.rest == "limits need two values that follow each other, and there are none since they were recalculated."
    )
    assert page.assurance_detail == "no assurance icon: too few points"


def test_rules_without_a_least_number_of_values_judge_no_single_one():
    version = MetricVersionFactory()
    trust = version.metric.value_stream.trust
    trust.spc_rules = "nhsr-plotthedots-0.2.2"
    trust.save()
    series(version, [20])
    page = page_of(version)
    assert (page.series["variation"], page.series["enough"]) == ("few", False)
    assert page.rest == "it has 1 of the 2 values that limits need. Until then a run chart shows them."
    low, high = page.figure["layout"]["xaxis"]["range"]
    assert (date.fromisoformat(high) - date.fromisoformat(low)).days > 31


def test_a_flat_series_stays_where_it_is():
    version = MetricVersionFactory(unit="count", decimals=0)
    series(version, [0] * 13)
    (body,) = metrics_of(version.metric.value_stream_id)
    assert metric_sentence(body) == "No change: it stays at 0."


def test_a_target_within_a_month_is_told_by_its_day(version):
    TargetFactory(version=version, value=30, starts=date(2015, 1, 1))
    TargetFactory(version=version, value=25, starts=date(2015, 9, 15))
    facts = dict(page_of(version).current.facts)
    assert facts["Target"] == "≤ 30.0% from January 2015, ≤ 25.0% from Tue 15 September 2015"
