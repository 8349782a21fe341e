"""Parts of a page that are kept: never older than the snapshot, never anybody else's, and cheap the second time."""

import re
from datetime import datetime, timedelta

import pytest
import time_machine
from django.core.cache import caches
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.permissions import Role
from dashboards import ready_made
from rpiws.models import Checkpoint, Reading
from snapshots.models import ChangeMark, Snapshot
from tests.factories.rpiws import MeasureFactory, ReadingFactory, RpiwFactory
from tests.factories.trusts import TrustFactory, ValueStreamFactory, member

pytestmark = pytest.mark.django_db


@pytest.fixture
def stream(computed):
    stream = ValueStreamFactory(name="Critical care flow")
    rpiw = RpiwFactory(value_stream=stream, following_up=True, process="Bed-state huddle")
    rpiw.week_starts, rpiw.week_ends = (timezone.localdate() - timedelta(days=days) for days in (39, 35))
    rpiw.reported_out = rpiw.week_ends
    rpiw.save()
    measure = MeasureFactory(rpiw=rpiw, name="Time to a bed")
    ReadingFactory(measure=measure, checkpoint=Checkpoint.BASELINE, value=6000)
    computed("value_stream", stream.pk)
    return stream


@pytest.fixture
def shows(stream, signed_in):
    """`shows(role)` is the dashboard as somebody in that role sees it."""
    people = {}

    def ask(role=Role.FACILITATOR, **query):
        client = people.setdefault(role, signed_in(member(role, stream.trust)))
        return client.get(f"/value-streams/{stream.pk}/", query).content.decode()

    return ask


def main_part(words):
    """The page without what each request makes anew: nonces, tokens and the time that the session has left."""
    return re.search(r"<main.*</main>", words, re.DOTALL)[0]


def test_second_page_reads_no_body_and_says_the_same(shows):
    first = shows()
    with CaptureQueriesContext(connection) as asked:
        second = shows()
    assert not [query["sql"] for query in asked if '"body"' in query["sql"]]
    assert not [query["sql"] for query in asked if "rpiws_" in query["sql"]]
    assert main_part(second) == main_part(first)
    assert "Bed-state huddle" in second


def test_newer_snapshot_is_shown_at_once(shows, stream, computed):
    shows()
    ReadingFactory(measure=Reading.objects.get().measure, checkpoint=Checkpoint.DAY_30, value=600)
    computed("value_stream", stream.pk)
    assert "100 h to 10 h" in shows()


def test_restored_database_with_the_same_version_number_shows_its_own_figures(shows, stream, computed):
    shows()
    ReadingFactory(measure=Reading.objects.get().measure, checkpoint=Checkpoint.DAY_30, value=600)
    computed("value_stream", stream.pk)
    Snapshot.objects.filter(kind="value_stream").update(version=1)
    assert "100 h to 10 h" in shows()


def test_figures_of_other_rules_are_not_shown_though_they_are_kept(shows, stream):
    shows()
    Snapshot.objects.filter(kind="value_stream").update(rules="value stream 0")
    assert "being computed for the first time" in shows()


def test_parts_hold_no_nonce_and_no_token(shows, monkeypatch):
    made = []
    make = ready_made._make
    monkeypatch.setattr(ready_made, "_make", lambda *args, **options: made.append(make(*args, **options)) or made[-1])
    first, second = shows(), shows()
    assert len(made) == 1
    kept = "".join(made[0].parts.values())
    assert "nonce" not in kept
    assert "csrf" not in kept.lower()
    nonces = [set(re.findall(r'nonce="([^"]+)"', each)) for each in (first, second)]
    assert all(len(each) == 1 for each in nonces)
    assert nonces[0] != nonces[1]


def test_what_one_person_was_shown_is_not_shown_to_another(shows, stream, signed_in):
    assert "/readings/?checkpoint=day_30" in shows(Role.FACILITATOR)
    assert "/readings/?checkpoint=" not in shows(Role.EXECUTIVE_SPONSOR)
    stranger = signed_in(member(Role.KPO_LEAD, TrustFactory(partnership=stream.trust.partnership)))
    assert stranger.get(f"/value-streams/{stream.pk}/").status_code == 404


@pytest.mark.parametrize("order", [(Role.KPO_LEAD, Role.EXECUTIVE_SPONSOR), (Role.EXECUTIVE_SPONSOR, Role.KPO_LEAD)])
def test_planning_is_offered_to_those_who_may_whoever_came_first(order, signed_in, computed):
    stream = ValueStreamFactory()
    computed("value_stream", stream.pk)
    offered = {
        role: "Plan the first RPIW"
        in signed_in(member(role, stream.trust)).get(f"/value-streams/{stream.pk}/").content.decode()
        for role in order
    }
    assert offered == {Role.KPO_LEAD: True, Role.EXECUTIVE_SPONSOR: False}


def test_what_is_due_follows_a_reading_before_the_snapshot_does(shows, stream):
    assert "30-day remeasure, due" in shows()
    ReadingFactory(measure=Reading.objects.get().measure, checkpoint=Checkpoint.DAY_30, value=600)
    assert ChangeMark.objects.filter(kind="value_stream", scope_id=stream.pk).exists()
    words = shows()
    assert "30-day remeasure, due" not in words
    assert "Being brought up to date" in words


def test_next_day_is_a_page_of_its_own(stream, signed_in):
    def due_at(days):
        with time_machine.travel(datetime.now(tz=timezone.get_current_timezone()) + timedelta(days=days), tick=False):
            client = signed_in(member(Role.FACILITATOR, stream.trust))
            return client.get(f"/value-streams/{stream.pk}/").content.decode()

    assert "60-day remeasure, due" not in due_at(0)
    later = due_at(40)
    assert "60-day remeasure, due" in later
    assert "60 days is late" in later


def test_periods_do_not_share_their_parts(shows):
    everything = shows()
    assert 'period=all"' in everything
    kept = caches["pages"]
    before = len(kept._cache)
    shows(period="999")
    assert len(kept._cache) > before
