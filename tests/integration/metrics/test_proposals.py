"""Amending and retiring a metric: what people do, and what the database never lets pass."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, InternalError, transaction
from django.utils import timezone

from metrics.actions import amendments as act
from metrics.models import Metric, MetricVersion, Retirement, Target
from metrics.refusals import Refused
from metrics.series import metrics_of
from tests.factories.accounts import UserFactory
from tests.factories.metrics import MeasurementFactory, MetricFactory, MetricVersionFactory, RetirementFactory, series

pytestmark = pytest.mark.django_db


@pytest.fixture
def metric() -> Metric:
    return MetricFactory()


@pytest.fixture
def present(metric) -> MetricVersion:
    return MetricVersionFactory(metric=metric)


def propose(metric, **given):
    definition = {
        "numerator": "Operations that started late in theatre 5",
        "data_source": "Theatre system",
        "collected_how": "Monthly report",
        "owner": "Theatre matron",
        "unit": "percent",
        "better_when": "lower",
    }
    facts = {
        "seen": 1,
        "definition": definition,
        "applies_from": date(2016, 4, 1),
        "reason": "Thirty theatres hid what one was learning",
        "back_cast": False,
        "target": None,
        "tell_sponsor": False,
        "by": UserFactory(),
    }
    return act.propose_amendment(metric=metric, **facts | given)


@pytest.mark.parametrize("facts", [{"numerator": "Something else"}, {"reason": "Another"}, {"agreed_at": None}])
def test_agreed_definition_cannot_be_changed_by_any_statement(present, facts):
    with pytest.raises(InternalError, match="agreed_definition_never_changes"), transaction.atomic():
        MetricVersion.objects.filter(pk=present.pk).update(**facts)
    with pytest.raises(InternalError, match="agreed_definition_never_goes"), transaction.atomic():
        present.delete()


def test_what_the_work_touches_is_no_part_of_an_agreed_definition(present):
    MetricVersion.objects.filter(pk=present.pk).update(activity=30, touched=1, hoped=10, baseline_points=12)


def test_agreed_retirement_cannot_be_changed_by_any_statement(metric):
    agreed = RetirementFactory(metric=metric, agreed_by=UserFactory(), agreed_at=timezone.now())
    with pytest.raises(InternalError, match="agreed_retirement_never_changes"), transaction.atomic():
        Retirement.objects.filter(pk=agreed.pk).update(reason="Another")


def test_declined_without_a_word_is_refused_by_the_database(metric, present):
    proposal = propose(metric)
    with pytest.raises(IntegrityError, match="declined_amendment_says_who_and_why"), transaction.atomic():
        MetricVersion.objects.filter(pk=proposal.pk).update(declined_by=UserFactory(), declined_at=timezone.now())


def test_proposal_changes_nothing_before_it_is_agreed(metric, present):
    series(present, [20 + n % 3 for n in range(15)])
    propose(metric, target=Decimal(5))
    [body] = metrics_of(metric.value_stream_id)
    assert [shown["number"] for shown in body["versions"]] == [1]
    assert body["proposed"] == 1
    assert body["summary"]["values"] == 15


def test_agreed_definition_starts_a_series_of_its_own_and_the_old_one_keeps_its_icon(metric, present):
    series(present, [20 + n % 3 for n in range(15)])
    proposal = propose(metric, target=Decimal(5))
    sponsor = UserFactory()
    act.agree(proposal=proposal, decision="Well spotted", by=sponsor)
    [body] = metrics_of(metric.value_stream_id)
    assert [shown["number"] for shown in body["versions"]] == [1, 2]
    assert body["versions"][0]["series"][0]["enough"]
    assert body["versions"][0]["series"][0]["points"][-1]["on"] == "2016-03-01"
    assert body["summary"]["variation"] == "few"
    assert body["proposed"] == 0
    assert Target.objects.get(version=proposal).starts == date(2016, 4, 1)
    proposal.refresh_from_db()
    assert (proposal.agreed_by, proposal.decision) == (sponsor, "Well spotted")


def test_declined_proposal_stays_with_its_words_and_another_can_be_proposed(metric, present):
    proposal = propose(metric)
    act.decline(proposal=proposal, decision="Theatre 5 closes in May", by=UserFactory())
    [body] = metrics_of(metric.value_stream_id)
    assert ([shown["number"] for shown in body["versions"]], body["proposed"]) == ([1], 0)
    assert propose(metric).number == 3


def test_second_proposal_waits_for_the_first(metric, present):
    propose(metric)
    with pytest.raises(Refused, match="waits for the executive sponsor"):
        propose(metric)
    with pytest.raises(Refused, match="waits for the executive sponsor"):
        act.propose_retirement(
            metric=metric, last_day=date(2016, 3, 31), reason="Done", tell_sponsor=False, by=UserFactory()
        )


def test_proposal_compared_with_a_definition_that_is_no_longer_in_force_is_refused(metric, present):
    act.agree(proposal=propose(metric), decision="", by=UserFactory())
    with pytest.raises(Refused, match="Definition 2 is in force since you opened this page"):
        propose(metric, seen=1)


def test_decided_twice_is_decided_once(metric, present):
    proposal = propose(metric)
    act.agree(proposal=proposal, decision="", by=UserFactory())
    with pytest.raises(act.DecidedMeanwhile):
        act.decline(proposal=proposal, decision="No", by=UserFactory())
    proposal.refresh_from_db()
    assert proposal.agreed_at
    assert not proposal.declined_at


def test_only_who_proposed_takes_it_back(metric, present):
    author = UserFactory()
    proposal = propose(metric, by=author)
    with pytest.raises(Refused, match="Only the person who proposed it"):
        act.take_back(proposal=proposal, by=UserFactory())
    act.take_back(proposal=proposal, by=author)
    assert not MetricVersion.objects.filter(pk=proposal.pk).exists()


def test_retired_metric_ends_when_the_sponsor_agrees_and_is_amended_no_more(metric, present):
    proposal = act.propose_retirement(
        metric=metric, last_day=date(2016, 3, 31), reason="Held for two years", tell_sponsor=False, by=UserFactory()
    )
    metric.refresh_from_db()
    assert metric.retired_on is None
    act.agree(proposal=proposal, decision="", by=UserFactory())
    metric.refresh_from_db()
    assert metric.retired_on == date(2016, 3, 31)
    with pytest.raises(Refused, match="was retired"):
        propose(metric)


def test_metric_is_not_retired_before_its_last_value(metric, present):
    MeasurementFactory(version=present, on=date(2016, 3, 1))
    facts = {"metric": metric, "reason": "Held for two years", "tell_sponsor": False, "by": UserFactory()}
    with pytest.raises(Refused, match="Its last value is dated Tue 1 March 2016"):
        act.propose_retirement(last_day=date(2016, 2, 29), **facts)
    proposal = act.propose_retirement(last_day=date(2016, 3, 31), **facts)
    MeasurementFactory(version=present, on=date(2016, 4, 1))
    with pytest.raises(Refused, match="Its last value is dated Fri 1 April 2016"):
        act.agree(proposal=proposal, decision="", by=UserFactory())
