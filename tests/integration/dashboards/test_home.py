"""The first page after signing in: what is owed, what is next, what moved, by whom and why."""

from datetime import timedelta

import pghistory
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.permissions import Role
from rpiws.models import Checkpoint, ClosingDecision, Reading, Rpiw, RpiwPerson, State
from tests.factories.rpiws import (
    MeasureFactory,
    PreparationTaskFactory,
    ReadingFactory,
    RpiwFactory,
    RpiwPersonFactory,
)
from tests.factories.trusts import (
    NamedPeriodFactory,
    PartnershipFactory,
    StandDownFactory,
    TrustFactory,
    ValueStreamFactory,
    member,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def stream():
    return ValueStreamFactory(name="Critical care flow")


@pytest.fixture
def facilitator(stream):
    return member(Role.FACILITATOR, stream.trust)


@pytest.fixture
def colleague(stream):
    return member(Role.KPO_LEAD, stream.trust, name="KPO lead, Leeds")


def held(stream, days_ago, **facts):
    """An RPIW that reported out so many days ago, with one measure."""
    ends = timezone.localdate() - timedelta(days=days_ago)
    rpiw = RpiwFactory(
        value_stream=stream, following_up=True, week_starts=ends - timedelta(days=4), week_ends=ends, **facts
    )
    MeasureFactory(rpiw=rpiw)
    return rpiw


def home(signed_in, user) -> str:
    return signed_in(user).get("/").content.decode()


def test_late_remeasure_has_a_button_straight_to_its_column(stream, facilitator, signed_in):
    rpiw = held(stream, 63, process="Neurosurgical flow")
    ReadingFactory(measure=rpiw.measures.get(), checkpoint=Checkpoint.DAY_30)
    page = home(signed_in, facilitator)
    assert "One remeasure is late" in page
    assert f'class="btn" href="/rpiws/{rpiw.pk}/readings/?checkpoint=day_60"' in page
    assert "Log 60-day readings" in page
    assert "3 days ago" in page


def test_due_and_never_measured_are_told_apart(stream, facilitator, signed_in):
    held(stream, 85, process="Never then due")
    page = home(signed_in, facilitator)
    assert "one was never measured" in page
    assert "Log it, or say why not" in page
    assert "one is due in the next 14 days" in page or "is due in the next 14 days" in page


def test_stood_down_remeasure_has_a_button_once_its_day_has_come(stream, facilitator, signed_in):
    rpiw = held(stream, 29, process="Stood down for a while")
    StandDownFactory(value_stream=stream, started=timezone.localdate() - timedelta(days=9), ended=None)
    to_grid = f"/rpiws/{rpiw.pk}/readings/?checkpoint=day_30"
    assert to_grid not in home(signed_in, facilitator)
    Rpiw.objects.update(reported_out=rpiw.reported_out - timedelta(days=1))
    assert to_grid in home(signed_in, facilitator)


def test_own_duties_come_first(stream, facilitator, signed_in):
    held(stream, 66, process="Older, of a colleague")
    own = held(stream, 62, process="Younger, my own")
    own.measures.update(remeasured_by=facilitator)
    page = home(signed_in, facilitator)
    assert page.index("Younger, my own") < page.index("Older, of a colleague")


def test_nothing_owed_says_so(facilitator, signed_in):
    page = home(signed_in, facilitator)
    assert "No remeasure is late, or due in the next 14 days." in page


def test_next_rpiw_shows_its_tasks_and_who_is_missing(stream, facilitator, signed_in):
    rpiw = RpiwFactory(value_stream=stream, preparing=True, process="Elective admission")
    PreparationTaskFactory(rpiw=rpiw, name="Team released", due=timezone.localdate() - timedelta(days=3))
    PreparationTaskFactory(rpiw=rpiw, name="Process walked", due=timezone.localdate() + timedelta(days=1))
    for part in (RpiwPerson.Part.EXECUTIVE_SPONSOR, RpiwPerson.Part.PROCESS_OWNER):
        RpiwPersonFactory(rpiw=rpiw, part=part)
    page = home(signed_in, facilitator)
    assert "Next RPIW: Elective admission" in page
    assert "Team released" in page
    assert "was due" in page
    assert "it has no patient representative." in page


def test_change_since_the_last_visit_says_who_what_and_why(stream, facilitator, colleague, signed_in):
    rpiw = held(stream, 40)
    reading = ReadingFactory(measure=rpiw.measures.get(), checkpoint=Checkpoint.REPORT_OUT, value=41)
    with pghistory.context(user=colleague.pk):
        Reading.objects.filter(pk=reading.pk).update(value=14, correction_reason="Two digits swapped")
    page = home(signed_in, facilitator)
    assert "KPO lead, Leeds corrected the report-out reading of" in page
    assert "14 min, was 41 min." in page
    assert "“Two digits swapped”" in page


def test_readings_saved_together_are_one_change(stream, facilitator, colleague, signed_in):
    rpiw = held(stream, 40, process="Bed-state huddle")
    measures = [rpiw.measures.get(), MeasureFactory(rpiw=rpiw)]
    with pghistory.context(user=colleague.pk):
        for measure in measures:
            ReadingFactory(measure=measure, checkpoint=Checkpoint.DAY_30)
    page = home(signed_in, facilitator)
    assert "logged 2 30-day readings of <b>Bed-state huddle</b>" in page
    assert "One thing changed" in page


def test_own_doings_and_what_nobody_did_are_no_news(stream, facilitator, signed_in):
    rpiw = held(stream, 40)
    ReadingFactory(measure=rpiw.measures.get(), checkpoint=Checkpoint.DAY_30)
    with pghistory.context(user=facilitator.pk):
        ReadingFactory(measure=rpiw.measures.get(), checkpoint=Checkpoint.REPORT_OUT)
    assert "Nothing changed" in home(signed_in, facilitator)


def test_change_before_the_last_visit_is_old(stream, facilitator, colleague, signed_in):
    with pghistory.context(user=colleague.pk):
        ReadingFactory(measure=held(stream, 40).measures.get())
    facilitator.seen_at = timezone.now()
    facilitator.last_visit_at = timezone.now() + timedelta(seconds=1)
    facilitator.save()
    page = home(signed_in, facilitator)
    assert "Nothing changed since you last looked" in page


def test_another_trusts_changes_and_duties_are_not_shown(facilitator, signed_in):
    other = ValueStreamFactory(name="CANARY stream")
    stranger = member(Role.KPO_LEAD, other.trust, name="CANARY lead")
    with pghistory.context(user=stranger.pk):
        rpiw = held(other, 63, process="CANARY process")
        ReadingFactory(measure=rpiw.measures.get(), checkpoint=Checkpoint.DAY_30)
    assert "CANARY" not in home(signed_in, facilitator)


def test_text_of_a_change_is_escaped(stream, facilitator, colleague, signed_in):
    rpiw = held(stream, 40, process="<script>alert(1)</script>")
    with pghistory.context(user=colleague.pk):
        for measure in (rpiw.measures.get(), MeasureFactory(rpiw=rpiw)):
            ReadingFactory(measure=measure, checkpoint=Checkpoint.DAY_30)
    page = home(signed_in, facilitator)
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_complete_measures_are_those_of_the_dashboards(stream, facilitator, signed_in, computed_all):
    complete = held(stream, 40)
    for checkpoint in (Checkpoint.BASELINE, Checkpoint.DAY_30):
        ReadingFactory(measure=complete.measures.get(), checkpoint=checkpoint)
    held(stream, 40)
    held(stream, 3)
    computed_all()
    page = home(signed_in, facilitator)
    assert "1 of 3" in page
    assert "1 late or never measured, 1 not yet due" in page


def test_closed_without_every_reading_is_the_same_number_on_home_and_on_the_due_list(
    stream, facilitator, signed_in, computed_all
):
    """One of the two closed RPIWs is complete all the same: its remeasure of the 30th day is a pair."""
    complete, _ = closed = [held(stream, 200), held(stream, 200)]
    Rpiw.objects.filter(pk__in=[rpiw.pk for rpiw in closed]).update(
        state=State.CLOSED, closing_decision=ClosingDecision.HOLD
    )
    for checkpoint in (Checkpoint.BASELINE, Checkpoint.DAY_30):
        ReadingFactory(measure=complete.measures.get(), checkpoint=checkpoint)
    computed_all()
    page = home(signed_in, facilitator)
    assert "1 of 2" in page
    due = signed_in(facilitator).get(reverse("due")).content.decode()
    assert "2 closed without every reading" in page
    assert "2 closed without every reading" in due


def test_queries_do_not_grow_with_rpiws_and_changes(stream, facilitator, colleague, signed_in, computed_all):
    client = signed_in(facilitator)

    def add():
        rpiw = held(stream, 63)
        PreparationTaskFactory(rpiw=RpiwFactory(value_stream=stream, preparing=True))
        with pghistory.context(user=colleague.pk):
            reading = ReadingFactory(measure=rpiw.measures.get(), checkpoint=Checkpoint.REPORT_OUT, value=41)
            Reading.objects.filter(pk=reading.pk).update(value=40)

    def count():
        computed_all()
        with CaptureQueriesContext(connection) as asked:
            assert client.get("/").status_code == 200
        return len(asked)

    add()
    client.get("/")
    before = count()
    for _ in range(4):
        add()
    assert count() == before


@pytest.mark.parametrize("role", [Role.SECRETARIAT, Role.ADMINISTRATOR, Role.REGULATOR_ANALYST])
def test_role_of_no_trust_has_a_first_page_of_its_own(role, signed_in, computed_all):
    together = PartnershipFactory()
    computed_all()
    page = signed_in(member(role, partnership=together)).get("/")
    assert page.status_code == 200
    words = page.content.decode()
    assert "Change your password" in words
    assert ("Set up the partnership" in words) == (role is Role.ADMINISTRATOR)
    assert ("No trust has released figures" in words) == (role is Role.REGULATOR_ANALYST)


def test_regulator_analyst_sees_public_periods_and_nothing_else_of_the_trusts(signed_in, computed_all):
    together = PartnershipFactory()
    stream = ValueStreamFactory(trust=TrustFactory(partnership=together, short_name="Leeds"))
    rpiw = RpiwFactory(value_stream=stream, closed=True, week_starts=timezone.localdate() - timedelta(days=200))
    MeasureFactory(rpiw=rpiw)
    NamedPeriodFactory(partnership=together, name="Already published", ends=timezone.localdate(), public=True)
    NamedPeriodFactory(partnership=together, name="Not yet public", ends=timezone.localdate(), public=False)
    computed_all()
    page = home(signed_in, member(Role.REGULATOR_ANALYST, partnership=together))
    assert "Already published" in page
    assert "Leeds" in page
    assert "Not released" in page
    assert "Not yet public" not in page
    assert stream.name not in page
