"""From rows in the database to the bodies of the three kinds of dashboard."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from dashboards import partnership, trust, value_stream
from dashboards.trust import period_of
from rpiws.models import Checkpoint, State
from snapshots.freshness import latest
from snapshots.sweeping import catch_up
from tests.factories.rpiws import MeasureFactory, ReadingFactory, RpiwFactory, TransitionFactory
from tests.factories.trusts import (
    ChiefExecutiveFactory,
    CqcRatingFactory,
    NamedPeriodFactory,
    PartnershipFactory,
    StandDownFactory,
    TrustFactory,
    ValueStreamFactory,
)


def measured(rpiw, baseline, post, checkpoint=Checkpoint.DAY_60, **facts):
    measure = MeasureFactory(rpiw=rpiw, **facts)
    ReadingFactory(measure=measure, checkpoint=Checkpoint.BASELINE, value=baseline)
    ReadingFactory(measure=measure, checkpoint=checkpoint, value=post)
    return measure


@pytest.mark.django_db
def test_value_stream_body_holds_what_the_rows_say():
    stream = ValueStreamFactory()
    period = NamedPeriodFactory(partnership=stream.trust.partnership, ends=date(2019, 7, 31), public=True)
    old = RpiwFactory(value_stream=stream, closed=True, week_starts=date(2019, 3, 4))
    new = RpiwFactory(value_stream=stream, following_up=True, follows=old)
    measured(old, 600, 300)
    measured(new, 400, 100)
    MeasureFactory(rpiw=new, defects=True, name="Forms without a date")
    body = value_stream.compute(stream.pk)
    ever, published = period_of(body, "all"), period_of(body, str(period.pk))
    assert ever["before_after"]["lead_time"]["summary"]["baseline_total"] == 1000
    assert published["before_after"]["lead_time"]["summary"]["baseline_total"] == 600
    assert published["public"] is True
    assert ever["completeness"] | {"due_dates": None} == {
        "held": 2,
        "complete": 1,
        "measures": 3,
        "paired": 2,
        "unpaired": {"no_baseline": 1},
        "due_dates": None,
    }
    assert ever["processes"] == {"rpiws": 2, "processes": 1, "sharing": 2}


@pytest.mark.django_db
def test_value_stream_that_is_gone_has_no_body():
    assert value_stream.compute(12345) is None
    assert trust.compute(12345) is None
    assert partnership.compute(12345) is None


@pytest.mark.django_db
def test_value_stream_is_computed_in_as_many_queries_however_many_rpiws(django_assert_num_queries):
    stream = ValueStreamFactory()
    with django_assert_num_queries(9):
        value_stream.compute(stream.pk)
    for _ in range(5):
        rpiw = RpiwFactory(value_stream=stream, following_up=True)
        TransitionFactory(rpiw=rpiw, step="stand_down", left=State.FOLLOWING_UP, entered=State.STOOD_DOWN)
        measured(rpiw, 600, 300)
        measured(rpiw, 6, 3, defects=True)
    StandDownFactory(value_stream=stream)
    with django_assert_num_queries(9):
        value_stream.compute(stream.pk)


@pytest.mark.django_db
def test_stand_down_of_another_value_stream_is_not_shown():
    stream, other = ValueStreamFactory(), ValueStreamFactory()
    StandDownFactory(value_stream=other)
    whole = StandDownFactory(trust=stream.trust, value_stream=None)
    body = value_stream.compute(stream.pk)
    assert [each["started"] for each in body["stand_downs"]] == [whole.started.isoformat()]
    assert body["stand_downs"][0]["whole_trust"] is True


@pytest.mark.django_db
def test_rpiw_that_was_stood_down_has_no_late_checkpoint_in_that_time():
    rpiw = RpiwFactory(following_up=True)
    MeasureFactory(rpiw=rpiw)
    at = timezone.now() - timedelta(days=40)
    for step, days in (("stand_down", 20), ("resume", 40)):
        TransitionFactory(
            rpiw=rpiw, step=step, on=rpiw.reported_out + timedelta(days=days), at=at + timedelta(days=days)
        )
    points = value_stream.compute(rpiw.value_stream_id)["rpiws"][0]["checkpoints"]
    assert [(point["checkpoint"], point["stood_down"]) for point in points][:2] == [("day_30", True), ("day_60", False)]


@pytest.mark.django_db
def test_trust_adds_up_its_value_streams_and_names_those_still_waiting(computed):
    known = ValueStreamFactory()
    waiting = ValueStreamFactory(trust=known.trust, name="Sepsis")
    TrustFactory(partnership=known.trust.partnership)
    for post in (300, 200):
        measured(RpiwFactory(value_stream=known, following_up=True), 600, post)
    computed("value_stream", known.pk)
    body = trust.compute(known.trust_id)
    assert body["waiting"] == ["Sepsis"]
    assert [row["id"] for row in body["value_streams"]] == [known.pk, waiting.pk]
    ever = period_of(body, "all")
    assert ever["value_streams"] == 1
    assert ever["before_after"]["lead_time"]["summary"]["percentage_reduction"] == pytest.approx(58.3333333)
    computed("value_stream", waiting.pk)
    assert trust.compute(known.trust_id)["waiting"] == []


@pytest.mark.django_db
def test_trust_is_computed_in_as_many_queries_however_many_value_streams(computed, django_assert_num_queries):
    one = ValueStreamFactory().trust
    with django_assert_num_queries(10):
        trust.compute(one.pk)
    for _ in range(4):
        computed("value_stream", ValueStreamFactory(trust=one).pk)
    ChiefExecutiveFactory(trust=one)
    CqcRatingFactory.create_batch(3, trust=one)
    with django_assert_num_queries(10):
        trust.compute(one.pk)


@pytest.mark.django_db
def test_partnership_keeps_both_totals_of_the_defect_ratio_apart(computed_all):
    together = PartnershipFactory()
    for ratios in ([0.2, 0.4], [0.9]):
        rpiw = RpiwFactory(value_stream__trust__partnership=together, following_up=True)
        for ratio in ratios:
            measured(rpiw, ratio, 0.1, defect_ratio=True)
    computed_all()
    summary = period_of(latest("partnership", together.pk).body, "all")["before_after"]["defect_ratio"]["summary"]
    assert summary["baseline_mean"] == pytest.approx(0.5)
    assert summary["group_means"]["baseline"] == pytest.approx(0.6)
    assert summary["group_means"]["groups"] == 2


@pytest.mark.django_db
def test_partnership_lists_its_trusts_by_seat_and_no_other_partnerships(computed_all):
    together = PartnershipFactory()
    third, first = TrustFactory(partnership=together, seat=3), TrustFactory(partnership=together, seat=1)
    TrustFactory()
    computed_all()
    body = latest("partnership", together.pk).body
    assert [row["id"] for row in body["trusts"]] == [first.pk, third.pk]


@pytest.mark.django_db(transaction=True)
def test_saved_reading_reaches_the_trust_and_the_partnership():
    rpiw = RpiwFactory(following_up=True)
    measure = measured(rpiw, 600, 300)
    catch_up()
    owner = rpiw.value_stream.trust
    for kind, scope_id in (
        ("value_stream", rpiw.value_stream_id),
        ("trust", owner.pk),
        ("partnership", owner.partnership_id),
    ):
        figures = period_of(latest(kind, scope_id).body, "all")["before_after"]["lead_time"]["summary"]
        assert figures["post_total"] == 300
    measure.readings.filter(checkpoint=Checkpoint.DAY_60).update(value=150)
    catch_up()
    stored = latest("partnership", owner.partnership_id)
    assert period_of(stored.body, "all")["before_after"]["lead_time"]["summary"]["post_total"] == 150
