"""RPIW weeks, ideas tested and stand-downs stand on the charts of the metrics they serve, by themselves."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from metrics.series import metrics_of
from rpiws.models import Idea, State
from tests.factories.metrics import MetricFactory, MetricVersionFactory, series
from tests.factories.rpiws import IdeaFactory, MeasureFactory, MetricServedFactory, RpiwFactory
from tests.factories.trusts import StandDownFactory, ValueStreamFactory

pytestmark = pytest.mark.django_db

MONDAY = date(2015, 6, 1)


@pytest.fixture
def stream():
    return ValueStreamFactory(name="Theatres")


@pytest.fixture
def metric(stream):
    version = MetricVersionFactory(metric=MetricFactory(value_stream=stream, name="Late starts"))
    series(version, [20] * 12)
    return version.metric


def held(stream, **facts):
    return RpiwFactory(value_stream=stream, following_up=True, week_starts=MONDAY, **facts)


def body_of(metric):
    return next(one for one in metrics_of(metric.value_stream_id) if one["id"] == metric.pk)


def happened(metric):
    return [(one["kind"], one["text"], one["serves"]) for one in body_of(metric)["happened"]]


def test_week_and_ideas_stand_on_the_charts_of_the_metrics_that_measures_serve(stream, metric):
    other = MetricFactory(value_stream=stream)
    rpiw = held(stream, process="Turnaround")
    IdeaFactory(rpiw=rpiw, name="Trolleys ready", tested_on=date(2015, 6, 3), outcome=Idea.Outcome.ADOPTED)
    IdeaFactory(rpiw=rpiw, name="One list", tested_on=date(2015, 6, 3), outcome=Idea.Outcome.ADAPTED)
    IdeaFactory(rpiw=rpiw, name="Not tested yet", tested_on=None)
    first, second = MeasureFactory(rpiw=rpiw, name="Minutes"), MeasureFactory(rpiw=rpiw, name="Trays")
    for measure in (first, second):
        MetricServedFactory(measure=measure, metric=metric)
    assert happened(metric) == [
        ("week", "Turnaround", True),
        ("idea", "Trolleys ready (adopted); One list (adapted)", True),
    ]
    assert happened(other) == []
    (serving,) = body_of(metric)["served_by"]
    assert (serving["rpiw"], serving["week_starts"]) == (rpiw.pk, "2015-06-01")
    assert [one["name"] for one in serving["measures"]] == ["Minutes", "Trays"]
    assert body_of(other)["served_by"] == []


def test_rpiw_that_names_no_metric_stands_on_all_as_one_of_which_it_is_not_said(stream, metric):
    other = MetricFactory(value_stream=stream)
    rpiw = held(stream, process="Turnaround")
    MeasureFactory(rpiw=rpiw)
    IdeaFactory(rpiw=rpiw, tested_on=date(2015, 6, 3))
    assert happened(metric) == happened(other) == [("week", "Turnaround", False)]


def test_what_has_not_begun_or_is_not_printed_stands_on_no_chart(stream, metric):
    RpiwFactory(value_stream=stream, preparing=True)
    RpiwFactory(value_stream=stream, cancelled=True)
    RpiwFactory(value_stream=stream, stood_down=True)
    held(stream, week_published=False)
    held(ValueStreamFactory(trust=stream.trust))
    assert happened(metric) == []
    begun = RpiwFactory(value_stream=stream, in_week=True, process="This week")
    begun.state, begun.state_before_stand_down = State.STOOD_DOWN, State.WEEK
    begun.save()
    assert happened(metric) == [("week", "This week", False)]


def test_stand_downs_of_the_value_stream_and_of_its_trust(stream, metric):
    StandDownFactory(trust=stream.trust, started=date(2015, 3, 1), ended=None, stops_training=True)
    StandDownFactory(value_stream=stream, started=date(2015, 5, 1), explanation="Two wards closed")
    StandDownFactory(value_stream=ValueStreamFactory(trust=stream.trust))
    StandDownFactory()
    assert [(one["text"], one["until"]) for one in body_of(metric)["happened"]] == [
        ("RPIWs and training stood down: pandemic", None),
        ("RPIWs stood down: Two wards closed", "2020-08-31"),
    ]


def test_generated_weeks_are_said_to_be_synthetic(stream, metric):
    held(stream, synthetic=True)
    assert body_of(metric)["happened"][0]["synthetic"]


def test_queries_do_not_grow_with_what_happened(stream, metric):
    def fill():
        rpiw = held(stream)
        MetricServedFactory(measure=MeasureFactory(rpiw=rpiw), metric=metric)
        IdeaFactory(rpiw=rpiw, tested_on=date(2015, 6, 3))
        StandDownFactory(value_stream=stream)

    fill()
    with CaptureQueriesContext(connection) as few:
        metrics_of(stream.pk)
    for _ in range(4):
        fill()
        MetricFactory(value_stream=stream)
    with CaptureQueriesContext(connection) as many:
        metrics_of(stream.pk)
    assert len(many) == len(few)
