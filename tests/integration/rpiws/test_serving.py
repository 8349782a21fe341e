"""Measures say which metrics of their value stream they serve."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from accounts.history import history
from accounts.permissions import Role
from rpiws.actions.measures import add_measure, edit_measure
from rpiws.actions.writes import EditedMeanwhile
from rpiws.models import MetricServed
from snapshots.models import ChangeMark
from tests.factories.metrics import MetricFactory
from tests.factories.rpiws import MeasureFactory, MetricServedFactory, RpiwFactory
from tests.factories.trusts import ValueStreamFactory, member

pytestmark = pytest.mark.django_db


@pytest.fixture
def rpiw():
    return RpiwFactory(following_up=True)


@pytest.fixture
def facilitator(rpiw):
    return member(Role.FACILITATOR, rpiw.value_stream.trust)


@pytest.fixture
def client(facilitator):
    client = Client()
    client.force_login(facilitator)
    return client


def metric_of(rpiw, **facts):
    return MetricFactory(value_stream=rpiw.value_stream, **facts)


def served(measure):
    return set(measure.served.values_list("metric__name", flat=True))


def test_form_offers_the_metrics_of_the_own_value_stream_alone(rpiw, client):
    """And none that is retired, unless the measure serves it already."""
    measure = MeasureFactory(rpiw=rpiw)
    retired = metric_of(rpiw, name="Retired and served", retired_on=date(2020, 1, 1))
    MetricServedFactory(measure=measure, metric=retired)
    metric_of(rpiw, name="Late starts")
    metric_of(rpiw, name="Retired", retired_on=date(2020, 1, 1))
    MetricFactory(value_stream=ValueStreamFactory(trust=rpiw.value_stream.trust), name="Of another stream")
    said = client.get(reverse("edit_measure", args=[measure.pk])).content.decode()
    assert "Late starts" in said
    assert "Retired and served" in said
    assert "Of another stream" not in said
    assert said.count("Retired") == 1
    add = client.get(reverse("add_measure", args=[rpiw.pk, "lead_time"])).content.decode()
    assert "Late starts" in add
    assert "Retired" not in add


def test_value_stream_without_metrics_is_not_asked_for_them(rpiw, client):
    assert "that it serves" not in client.get(reverse("add_measure", args=[rpiw.pk, "lead_time"])).content.decode()


def test_chosen_metrics_are_kept_marked_and_told(rpiw, facilitator):
    first, second = metric_of(rpiw, name="Late starts"), metric_of(rpiw, name="Cancellations")
    measure = add_measure(
        rpiw=rpiw, by=facilitator, name="Turnaround", kind="lead_time", unit="min", better_when="lower", metrics=[first]
    )
    ChangeMark.objects.all().delete()
    changed = edit_measure(measure=measure, by=facilitator, version=1, metrics=[second])
    assert served(measure) == {"Cancellations"}
    assert changed.version == 2
    assert {(mark.kind, mark.scope_id) for mark in ChangeMark.objects.all()} == {("value_stream", rpiw.value_stream_id)}
    told = [entry.sentence for entry in history(rpiw)]
    assert "Turnaround serves the metric Late starts." in told
    assert "Turnaround no longer serves the metric Late starts." in told
    with pytest.raises(EditedMeanwhile):
        edit_measure(measure=measure, by=facilitator, version=1, metrics=[first])


def test_what_is_not_said_of_metrics_leaves_them(rpiw, facilitator):
    link = MetricServedFactory(measure__rpiw=rpiw, metric=metric_of(rpiw, name="Late starts"))
    edit_measure(measure=link.measure, by=facilitator, version=1, name="Turnaround")
    assert served(link.measure) == {"Late starts"}


def test_other_choice_that_was_saved_meanwhile_is_listed(rpiw, client, facilitator):
    metric = metric_of(rpiw, name="Late starts")
    measure = MeasureFactory(rpiw=rpiw)
    edit_measure(measure=measure, by=facilitator, version=1, metrics=[metric])
    sent = {"name": measure.name, "starts_when": "a", "ends_when": "b", "unit": "min", "day_hours": "24"}
    sent |= {"better_when": "lower", "statistic": "mean", "version": "1"}
    said = client.post(reverse("edit_measure", args=[measure.pk]), sent).content.decode()
    assert "Metrics of the value stream that it serves" in said.split('id="theirs"')[1].split("</section>")[0]
    assert served(measure) == {"Late starts"}


def test_metric_of_another_value_stream_is_refused_by_the_database(rpiw):
    other = MetricFactory(value_stream=ValueStreamFactory(trust=rpiw.value_stream.trust))
    with pytest.raises(IntegrityError, match="its own value stream"), transaction.atomic():
        MetricServed.objects.create(measure=MeasureFactory(rpiw=rpiw), metric=other)


def test_page_of_the_rpiw_leads_on_to_the_metric_or_says_why_there_is_none(rpiw, client):
    measure = MeasureFactory(rpiw=rpiw, name="Turnaround")
    assert "no measure serves one yet" in client.get(f"/rpiws/{rpiw.pk}/").content.decode()
    rpiw.why_no_metric = "Which metric shows a quieter ward?"
    rpiw.save()
    assert "Which metric shows a quieter ward?" in client.get(f"/rpiws/{rpiw.pk}/").content.decode()
    link = MetricServedFactory(measure=measure, metric=metric_of(rpiw, name="Late starts"))
    said = client.get(f"/rpiws/{rpiw.pk}/").content.decode()
    assert f'href="/metrics/{link.metric_id}/"' in said
    assert "Turnaround serves the metric" in said
    assert "Serves Late starts" in client.get(reverse("rpiw_measures", args=[rpiw.pk])).content.decode()
