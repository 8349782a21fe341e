"""The golden thread's pages: what they tell, whom they let mend what, as of any day, and of the partnership."""

import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.permissions import Role
from metrics.models import Metric
from rpiws.models import Measure, MetricServed, Rpiw
from tests.factories.metrics import MetricFactory, MetricVersionFactory, series
from tests.factories.rpiws import MeasureFactory, MetricServedFactory, RpiwFactory
from tests.factories.trusts import (
    NationalPriorityFactory,
    ObjectiveFactory,
    ObjectiveServedFactory,
    PartnershipFactory,
    TrustFactory,
    ValueStreamFactory,
    member,
)
from trusts.models import NationalPriority, Objective, ObjectiveServed, Trust, ValueStream

pytestmark = pytest.mark.django_db


@pytest.fixture
def together():
    return PartnershipFactory(name="The partnership")


@pytest.fixture
def priority(together):
    return NationalPriorityFactory(partnership=together, name="Faster flow", issued=date(2015, 1, 1))


@pytest.fixture
def leeds(together):
    return TrustFactory(partnership=together, short_name="Leeds", ods_code="RR8")


def whole(trust, priority, name="Theatres"):
    """A thread from the priority to a metric: the metric."""
    stream = ValueStreamFactory(
        trust=trust, name=name, chosen="bottom_up", why_chosen="Waits were long", data_behind_choice="A year of waits"
    )
    objective = ObjectiveFactory(trust=trust, name=f"{name} on time", national_priority=priority, why_no_priority="")
    ObjectiveServedFactory(value_stream=stream, objective=objective)
    rpiw = RpiwFactory(value_stream=stream, following_up=True, process=f"Turnaround of {name}")
    measure = MeasureFactory(rpiw=rpiw, name=f"Minutes in {name}")
    version = MetricVersionFactory(metric=MetricFactory(value_stream=stream, name=f"Late starts in {name}"))
    series(version, [20, 22, 19, 21, 20, 23, 18, 21, 20, 22, 19, 21, 20])
    MetricServedFactory(measure=measure, metric=version.metric)
    return version.metric


def client_of(role, trust):
    client = Client()
    client.force_login(member(role, trust))
    return client


def page(client, address="/trusts/RR8/golden-thread/", **asked):
    answer = client.get(address, asked)
    assert answer.status_code == 200
    return answer.content.decode()


def on(day):
    return {"on_day": day.day, "on_month": day.month, "on_year": day.year}


def part(said, name):
    return said.split(f'id="{name}"')[1].split("</section>")[0]


def test_thread_is_told_from_priority_to_metric_as_picture_and_list(leeds, priority, computed):
    metric = whole(leeds, priority)
    computed("value_stream", metric.value_stream_id)
    said = page(client_of(Role.FACILITATOR, leeds))
    assert "The one national priority that its objectives name reaches a metric" in said
    told = re.sub(r"<[^>]+>", " ", part(said, "thread-list"))
    names = ["Faster flow", "Theatres on time", "Theatres", "Why: Waits were long.", "On what data: A year of waits."]
    names += ["Turnaround of Theatres", "Minutes in Theatres", "Late starts in Theatres", "no significant change"]
    places = [told.index(name) for name in names]
    assert places == sorted(places)
    drawn = re.sub(r"<[^>]+>", " ", part(said, "thread-picture"))
    for name in ("Faster flow", "Theatres on time", "chosen bottom-up", "Minutes in Theatres", "Late starts in"):
        assert name in drawn
    assert 'aria-hidden="true" focusable="false" class="thread-tree"' in said


def test_open_threads_have_a_question_or_a_reason_and_a_link_for_whoever_may_mend_them(leeds, priority):
    stream = ValueStreamFactory(trust=leeds, name="Theatres")
    metric = MetricFactory(value_stream=stream)
    open_rpiw = MeasureFactory(rpiw=RpiwFactory(value_stream=stream, process="Trolleys")).rpiw
    said_why = RpiwFactory(value_stream=stream, process="Noise", why_no_metric="Nobody watches noise yet")
    MeasureFactory(rpiw=said_why)
    objective = ObjectiveFactory(trust=leeds, name="Less carbon", national_priority=priority, why_no_priority="")
    lead = part(page(client_of(Role.KPO_LEAD, leeds)), "open-threads")
    assert "Which metric of Theatres should it move?" in lead
    assert "Nobody watches noise yet" in lead
    assert "Which objective does it serve?" in lead
    assert "Which value stream will serve it?" in lead
    assert f'href="/rpiws/{open_rpiw.pk}/measures/"' in lead
    assert f'href="/value-streams/{stream.pk}/edit/"' in lead
    assert f"/objectives/{objective.pk}/" in lead
    chief = part(page(client_of(Role.CHIEF_EXECUTIVE, leeds)), "open-threads")
    assert "Which objective does it serve?" in chief
    assert "href=" not in chief
    facilitator = part(page(client_of(Role.FACILITATOR, leeds)), "open-threads")
    assert facilitator.count("href=") == 2
    stream.why_no_objective = "It was chosen by its own staff"
    stream.save()
    assert "It was chosen by its own staff" in page(client_of(Role.FACILITATOR, leeds))
    metric.delete()
    assert "watches no metric yet" in page(client_of(Role.FACILITATOR, leeds))


def test_reasons_are_asked_for_where_the_link_is_made(leeds, priority):
    client = client_of(Role.KPO_LEAD, leeds)
    stream, objective = ValueStreamFactory(trust=leeds), ObjectiveFactory(trust=leeds)
    rpiw = RpiwFactory(value_stream=stream)
    assert "Why it serves no objective" in page(client, f"/value-streams/{stream.pk}/edit/")
    assert "hy no value stream serves it" in page(client, f"/trusts/RR8/context/objectives/{objective.pk}/")
    assert "Why its measures serve no metric" in page(client, f"/rpiws/{rpiw.pk}/edit/")


def test_metric_that_cannot_move_is_an_open_thread(leeds, priority, computed):
    metric = whole(leeds, priority)
    version = metric.versions.get()
    version.activity, version.touched, version.activity_unit, version.hoped = 30, 1, "theatres", 10
    version.save()
    computed("value_stream", metric.value_stream_id)
    said = part(page(client_of(Role.FACILITATOR, leeds)), "open-threads")
    assert "A metric that cannot move" in said
    assert "The work touches 1 of 30 theatres" in said
    assert "It could not show within 24 months, however good the work." in said
    assert f'href="/metrics/{metric.pk}/amend/"' in said


def test_chart_that_is_not_computed_yet_is_said(leeds, priority):
    whole(leeds, priority)
    assert "its chart is being computed" in page(client_of(Role.FACILITATOR, leeds))


def test_day_that_cannot_be_is_refused_in_words_and_today_is_shown(leeds, priority):
    said = page(client_of(Role.FACILITATOR, leeds), on_day=31, on_month=2, on_year=2020)
    assert "There is no day 31 in February 2020" in said
    assert "What these records hold now." in said
    said = page(client_of(Role.FACILITATOR, leeds), **on(timezone.localdate() + timedelta(days=2)))
    assert "This day is still to come" in said


def test_before_the_records_dates_decide(leeds, priority, computed):
    metric = whole(leeds, priority)
    early = RpiwFactory(
        value_stream=metric.value_stream, closed=True, week_starts=date(2016, 3, 7), process="Early one"
    )
    unprinted = {"week_starts": date(2016, 3, 7), "week_published": False, "process": "Without a week"}
    RpiwFactory(value_stream=metric.value_stream, closed=True, **unprinted)
    ObjectiveFactory(trust=leeds, name="Began later", started=date(2018, 1, 1))
    ObjectiveFactory(trust=leeds, name="Ended before", ended=date(2016, 1, 1))
    computed("value_stream", metric.value_stream_id)
    client = client_of(Role.FACILITATOR, leeds)
    said = page(client, **on(date(2016, 6, 1)))
    assert "These records begin on" in said
    assert early.process in said
    for absent in ("Turnaround of Theatres", "Without a week", "Began later", "Ended before"):
        assert absent not in said
    assert "Late starts in Theatres" in said
    assert "Late starts in Theatres" not in page(client, **on(date(2014, 12, 1))), "it was not measured yet"
    assert "Faster flow" not in page(client, **on(date(2014, 12, 1)))


@pytest.mark.django_db(transaction=True)
def test_after_the_records_begin_their_history_decides(leeds, priority, owner_connection):
    """Everything was recorded thirty days ago; ten days ago a link was taken away, and another made."""
    metric = whole(leeds, priority)
    stream = metric.value_stream
    with owner_connection.cursor() as cursor:
        for model in (
            Trust,
            NationalPriority,
            Objective,
            ObjectiveServed,
            ValueStream,
            Rpiw,
            Measure,
            MetricServed,
            Metric,
        ):
            table = model._meta.get_field("events").related_model._meta.db_table
            cursor.execute(f"UPDATE {table} SET pgh_created_at = now() - interval '30 days'")
    link = metric.served_by.get()
    measure = link.measure
    link.delete()
    MetricServedFactory(
        measure=MeasureFactory(rpiw=measure.rpiw, name="Newer measure"),
        metric=MetricFactory(value_stream=stream, name="Newer metric"),
    )
    stream.name = "Theatres and recovery"
    stream.save()
    client, today = client_of(Role.FACILITATOR, leeds), timezone.localdate()
    before = page(client, **on(today - timedelta(days=10)))
    assert "What these records held at the end of" in before
    told = part(before, "thread-list")
    assert "Minutes in Theatres" in told
    assert "Late starts in Theatres" in told
    for newer in ("Newer metric", "Newer measure", "Theatres and recovery", "touches no metric"):
        assert newer not in before
    now = part(page(client), "thread-list")
    assert "Newer measure" in now
    assert "Minutes in Theatres" not in now
    assert "Theatres and recovery" in now
    assert "href=" not in part(before, "open-threads")


@pytest.mark.parametrize("day", [None, date(2016, 6, 1)])
def test_queries_do_not_grow_with_what_the_thread_joins(leeds, priority, computed, day):
    client = client_of(Role.KPO_LEAD, leeds)
    computed("value_stream", whole(leeds, priority).value_stream_id)
    asked = on(day) if day else {}
    page(client, **asked)
    for address in ("/trusts/RR8/golden-thread/", "/partnership/golden-thread/"):
        with CaptureQueriesContext(connection) as few:
            page(client, address, **asked)
        for n in range(3):
            name = f"Stream {n} {address}"
            computed("value_stream", whole(leeds, priority, name=name).value_stream_id)
        with CaptureQueriesContext(connection) as many:
            page(client, address, **asked)
        assert len(many) == len(few) < 30


def test_partnership_shows_the_own_thread_and_of_others_a_total(together, leeds, priority, computed_all):
    """Also before the records begin, when the charts tell what was measured by then."""
    whole(leeds, priority)
    for name in ("Surrey", "Coventry"):
        whole(TrustFactory(partnership=together, short_name=name), priority, name=f"Secrets of {name}")
    computed_all()
    client, yesterday = client_of(Role.FACILITATOR, leeds), timezone.localdate() - timedelta(days=1)
    assert "3 RPIWs touch 3 metrics" in page(client, "/partnership/golden-thread/", **on(yesterday))
    said = page(client_of(Role.FACILITATOR, leeds), "/partnership/golden-thread/")
    assert "Theatres on time" in said
    assert "3 objectives and 3 value streams; 3 RPIWs touch 3 metrics" in said
    assert "One of one national priority reaches a metric" in said
    assert "Secrets" not in said
    assert "Surrey" not in said
    assert 'href="/trusts/RR8/golden-thread/"' in said


def test_partnership_hides_a_total_that_would_be_one_other_trusts(together, leeds, priority):
    whole(TrustFactory(partnership=together, short_name="Surrey"), priority)
    said = page(client_of(Role.CHIEF_EXECUTIVE, leeds), "/partnership/golden-thread/")
    assert "too few trusts for a total" in said
    assert "1 objective" not in said
    assert "Of the one there is no total: too few trusts." in said
    assert "a metric through" not in said


def test_partnership_counts_the_open_threads_that_the_trusts_page_counts(leeds, priority, computed):
    metric = whole(leeds, priority)
    version = metric.versions.get()
    version.activity, version.touched, version.activity_unit, version.hoped = 30, 1, "theatres", 10
    version.save()
    computed("value_stream", metric.value_stream_id)
    client = client_of(Role.FACILITATOR, leeds)
    for address in ("/trusts/RR8/golden-thread/", "/partnership/golden-thread/"):
        assert "One thread is open." in page(client, address)


def test_priority_that_no_trust_serves_is_open(together, leeds, priority):
    said = page(client_of(Role.FACILITATOR, leeds), "/partnership/golden-thread/")
    assert "No objective of any trust serves it." in said
    assert "One is served by no objective." in said


def test_other_pages_lead_to_the_thread(leeds, priority, computed_all):
    metric = whole(leeds, priority)
    computed_all()
    client = client_of(Role.FACILITATOR, leeds)
    rpiw = metric.served_by.get().measure.rpiw
    addresses = [
        "/trusts/RR8/",
        f"/value-streams/{metric.value_stream_id}/",
        f"/metrics/{metric.pk}/",
        f"/rpiws/{rpiw.pk}/",
    ]
    for address in addresses:
        assert 'href="/trusts/RR8/golden-thread/"' in page(client, address), address
    assert 'href="/partnership/golden-thread/"' in page(client, "/partnership/")
