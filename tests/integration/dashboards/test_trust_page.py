"""The trust's page: context beside figures, what is not recorded, who may add it, and nothing of another trust."""

import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.permissions import Role
from metrics.models import Category, Metric, MetricVersion
from rpiws.models import Checkpoint
from tests.factories.metrics import MeasurementFactory, MetricFactory, MetricVersionFactory
from tests.factories.rpiws import MeasureFactory, ReadingFactory, RpiwFactory
from tests.factories.trusts import (
    ChiefExecutiveFactory,
    CqcRatingFactory,
    NamedPeriodFactory,
    RegulatoryPeriodFactory,
    StandDownFactory,
    TrustFactory,
    ValueStreamFactory,
    member,
)
from trusts.models import CqcRating
from ui.icons import NO_METRIC, VARIATION

pytestmark = pytest.mark.django_db


@pytest.fixture
def trust():
    trust = TrustFactory(short_name="Leeds", method_name="Leeds Improvement Method")
    CqcRatingFactory(trust=trust, rating=CqcRating.Rating.GOOD, rated=date(2014, 1, 1))
    CqcRatingFactory(trust=trust, rating=CqcRating.Rating.INADEQUATE, rated=date(2018, 1, 1))
    ChiefExecutiveFactory(trust=trust, name="Somebody, as published")
    RegulatoryPeriodFactory(trust=trust, description="Special measures")
    StandDownFactory(trust=trust, value_stream=None)
    stream = ValueStreamFactory(trust=trust, name="Critical care flow")
    measure = MeasureFactory(rpiw=RpiwFactory(value_stream=stream, following_up=True, process="Bed-state huddle"))
    for checkpoint, value in ((Checkpoint.BASELINE, 6000), (Checkpoint.DAY_30, 2700)):
        ReadingFactory(measure=measure, checkpoint=checkpoint, value=value)
    return trust


def page_of(client, trust, **query):
    return client.get(f"/trusts/{trust.ods_code}/", query).content.decode()


def test_page_joins_context_and_figures(trust, signed_in, computed_all):
    computed_all()
    page = page_of(signed_in(member(Role.FACILITATOR, trust)), trust)
    for words in (
        "Somebody, as published",
        "Special measures",
        "a fall in rating",
        "one chief executive",
        "1 RPIW in one value stream",
        "Critical care flow",
        "1 of 1",
        "100 h",
        "45 h",
        "–55%",
        "Leeds Improvement Method",
        "Bed-state huddle",
    ):
        assert words in page


def test_chief_executive_is_who_holds_the_post_today_although_the_next_one_is_known(signed_in, computed_all):
    today = timezone.localdate()
    trust = ValueStreamFactory().trust
    RpiwFactory(value_stream=trust.value_streams.get(), following_up=True)
    ChiefExecutiveFactory(trust=trust, name="Leaves today", started=date(2019, 1, 1), ended=today)
    ChiefExecutiveFactory(trust=trust, name="Comes tomorrow", started=today + timedelta(days=1))
    computed_all()
    page = page_of(signed_in(member(Role.FACILITATOR, trust)), trust)
    words = re.search(r"Chief executive</dt>\s*<dd[^>]*>(.*?)</dd>", page, re.DOTALL)[1]
    assert "Leaves today" in words
    assert "Comes tomorrow" not in words
    assert "through one chief executive" in page


def test_missing_fact_says_so_and_only_who_may_add_it_is_asked_to(trust, signed_in, computed_all):
    computed_all()
    lead = page_of(signed_in(member(Role.KPO_LEAD, trust)), trust)
    assert "Not recorded." in lead
    assert f'href="/trusts/{trust.ods_code}/context/headcounts/add/"' in lead
    facilitator = page_of(signed_in(member(Role.FACILITATOR, trust)), trust)
    assert "Not recorded." in facilitator
    assert "/add/" not in facilitator


def test_links_to_add_lead_to_pages_that_open(trust, signed_in, computed_all):
    computed_all()
    lead = signed_in(member(Role.KPO_LEAD, trust))
    for kind in ("headcounts", "cultural-work", "chief-executives"):
        assert lead.get(f"/trusts/{trust.ods_code}/context/{kind}/add/").status_code == 200


def test_named_period_shows_its_own_figures(trust, signed_in, computed_all):
    period = NamedPeriodFactory(partnership=trust.partnership, ends=date(2019, 7, 31))
    computed_all()
    page = page_of(signed_in(member(Role.FACILITATOR, trust)), trust, period=period.pk)
    assert "No RPIW has reported out in this period yet." in page
    assert "none held" in page
    assert "100 h" not in page


def test_pair_kept_apart_is_shown_as_printed_and_not_totalled(trust, signed_in, computed_all):
    apart = RpiwFactory(
        value_stream=trust.value_streams.get(), closed=True, kept_apart=True, week_published=False, source="A journal"
    )
    measure = MeasureFactory(rpiw=apart, name="Time to gather the bed state")
    for checkpoint, value in ((Checkpoint.BASELINE, 50), (Checkpoint.DAY_30, 9)):
        ReadingFactory(measure=measure, checkpoint=checkpoint, value=value)
    computed_all()
    page = page_of(signed_in(member(Role.FACILITATOR, trust)), trust)
    assert "As printed" in page
    assert "Time to gather the bed state" in page
    assert "A journal" in page
    assert "100 h" in page


def test_another_trust_is_not_found_in_either_form(trust, signed_in, computed_all):
    computed_all()
    stranger = signed_in(member(Role.CHIEF_EXECUTIVE, TrustFactory(partnership=trust.partnership)))
    for page in ("", "fresh/"):
        assert stranger.get(f"/trusts/{trust.ods_code}/{page}").status_code == 404


def test_fresh_answers_304_then_panels(trust, signed_in, computed_all, computed):
    computed_all()
    client = signed_in(member(Role.FACILITATOR, trust))
    first = client.get(f"/trusts/{trust.ods_code}/fresh/", {"period": "all"})
    again = {"headers": {"If-None-Match": first["ETag"]}}
    assert client.get(f"/trusts/{trust.ods_code}/fresh/", {"period": "all"}, **again).status_code == 304
    computed("trust", trust.pk)
    answer = client.get(f"/trusts/{trust.ods_code}/fresh/", {"period": "all"}, **again)
    assert "Updated to version 2" in answer.content.decode()
    for panel in ("glance", "streams", "before-after", "context"):
        assert f'id="{panel}"' in answer.content.decode()


def test_value_stream_shows_how_its_metrics_move_by_category(trust, signed_in, computed_all):
    stream = trust.value_streams.get()
    for value in (Category.SERVICE, Category.COST):
        MetricVersionFactory(metric=MetricFactory(value_stream=stream, category=value))
    Metric.objects.filter(category=Category.COST).update(retired_on=date(2026, 1, 1))
    for version in MetricVersion.objects.all():
        for month in range(1, 4):
            MeasurementFactory(version=version, on=date(2025, month, 1), value=10)
    computed_all()
    page = page_of(signed_in(member(Role.FACILITATOR, trust)), trust)
    row = page[page.index(">Critical care flow</a>") :].split("</tr>")[0]
    said = re.findall(r'class="of-icon">.*?aria-label="([^"]+)"', row, re.DOTALL)
    assert said == [NO_METRIC, VARIATION["few"], NO_METRIC, NO_METRIC, NO_METRIC]


def test_queries_do_not_grow_with_value_streams_and_facts(trust, signed_in, computed_all):
    client = signed_in(member(Role.FACILITATOR, trust))

    def count():
        computed_all()
        with CaptureQueriesContext(connection) as asked:
            page_of(client, trust)
        return len(asked)

    page_of(client, trust)
    before = count()
    for _ in range(4):
        RpiwFactory(value_stream=ValueStreamFactory(trust=trust), following_up=True)
        ChiefExecutiveFactory(trust=trust)
    assert count() == before
