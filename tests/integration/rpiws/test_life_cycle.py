"""The steps as actions: what each writes, and what it refuses."""

from datetime import date, timedelta

import pytest
import time_machine
from django.utils import timezone

from accounts.permissions import Role
from rpiws.actions import life_cycle as actions
from rpiws.actions.writes import EditedMeanwhile
from rpiws.life_cycle import StepRefused
from rpiws.models import RpiwPerson, State
from rpiws.working_days import possible_last_days
from snapshots.signals import facts_changed
from tests.factories.rpiws import MeasureFactory, ReadingFactory, RpiwFactory, RpiwPersonFactory, monday
from tests.factories.trusts import ValueStreamFactory, member

pytestmark = pytest.mark.django_db


@pytest.fixture
def stream():
    return ValueStreamFactory()


@pytest.fixture
def facilitator(stream):
    return member(Role.FACILITATOR, stream.trust)


def with_required_people(rpiw):
    for part in RpiwPerson.REQUIRED_FOR_THE_WEEK:
        RpiwPersonFactory(rpiw=rpiw, part=part)
    return rpiw


def test_plan_numbers_rpiws_within_their_value_stream(stream, facilitator):
    RpiwFactory(value_stream=stream, number=4)
    RpiwFactory(number=9)
    starts = monday(weeks=10)

    rpiw = actions.plan_rpiw(
        value_stream=stream,
        by=facilitator,
        process="Bed flow",
        week_starts=starts,
        week_ends=starts + timedelta(days=4),
    )

    assert rpiw.number == 5
    assert rpiw.state == State.PLANNED
    assert rpiw.transitions.get().by == facilitator


def test_plan_twice_as_by_a_double_click_plans_one(stream, facilitator):
    starts = monday(weeks=10)
    week = {"week_starts": starts, "week_ends": starts + timedelta(days=4)}

    first = actions.plan_rpiw(value_stream=stream, by=facilitator, process="Bed flow", **week)
    second = actions.plan_rpiw(value_stream=stream, by=facilitator, process="Bed flow", **week)

    assert first == second


def test_prepare_makes_the_checklist_counted_back_from_the_week(stream, facilitator):
    rpiw = RpiwFactory(value_stream=stream)

    actions.prepare(rpiw=rpiw, by=facilitator)

    tasks = list(rpiw.preparation.all())
    assert len(tasks) == 11
    assert tasks[0].due == rpiw.week_starts - timedelta(days=56)
    assert rpiw.transitions.get().entered == State.PREPARING


def test_moving_the_week_moves_undone_tasks_alone(stream, facilitator):
    rpiw = RpiwFactory(value_stream=stream)
    rpiw = actions.prepare(rpiw=rpiw, by=facilitator)
    done, undone = rpiw.preparation.all()[:2]
    type(done).objects.filter(pk=done.pk).update(done=done.due, done_by=facilitator)
    week = timedelta(weeks=1)

    actions.edit_rpiw(
        rpiw=rpiw,
        by=facilitator,
        version=rpiw.version,
        week_starts=rpiw.week_starts + week,
        week_ends=rpiw.week_ends + week,
    )

    assert rpiw.preparation.get(pk=done.pk).due == done.due
    assert rpiw.preparation.get(pk=undone.pk).due == undone.due + week


def test_edit_of_an_older_version_changes_nothing(stream, facilitator):
    rpiw = RpiwFactory(value_stream=stream, process="Bed flow")
    actions.edit_rpiw(rpiw=rpiw, by=facilitator, version=1, process="Bed state")

    with pytest.raises(EditedMeanwhile):
        actions.edit_rpiw(rpiw=rpiw, by=facilitator, version=1, process="Bed board")

    rpiw.refresh_from_db()
    assert (rpiw.process, rpiw.version) == ("Bed state", 2)


def test_dates_stay_once_the_report_out_was_held(stream, facilitator):
    rpiw = RpiwFactory(value_stream=stream, following_up=True)

    with pytest.raises(StepRefused):
        actions.edit_rpiw(rpiw=rpiw, by=facilitator, version=1, week_starts=rpiw.week_starts + timedelta(days=7))


def test_week_that_began_later_than_planned_is_put_right_and_reported_out(stream, facilitator):
    planned, began = monday(weeks=-9), monday(weeks=-2)
    rpiw = RpiwFactory(value_stream=stream, in_week=True, week_starts=planned)
    last = possible_last_days(began)[0]
    with pytest.raises(StepRefused, match="three to five working days"):
        actions.follow_up(rpiw=rpiw, by=facilitator, reported_out=last)

    actions.edit_rpiw(rpiw=rpiw, by=facilitator, version=1, week_starts=began, week_ends=last)
    actions.follow_up(rpiw=rpiw, by=facilitator, reported_out=last)

    rpiw.refresh_from_db()
    assert (rpiw.week_starts, rpiw.week_ends, rpiw.reported_out) == (began, last, last)


def test_week_starts_with_its_people(stream, facilitator):
    rpiw = with_required_people(RpiwFactory(value_stream=stream, preparing=True, week_starts=monday(weeks=0)))

    actions.start_week(rpiw=rpiw, by=facilitator, started_without="Not needed, and so not kept.")

    rpiw.refresh_from_db()
    assert rpiw.state == State.WEEK
    assert rpiw.started_without == ""


def test_week_without_its_people_is_refused_and_writes_nothing(stream, facilitator):
    rpiw = RpiwFactory(value_stream=stream, preparing=True, week_starts=monday(weeks=0))

    with pytest.raises(StepRefused):
        actions.start_week(rpiw=rpiw, by=facilitator)

    rpiw.refresh_from_db()
    assert rpiw.state == State.PREPARING
    assert not rpiw.transitions.exists()


def test_week_started_without_people_keeps_why_and_who(stream):
    lead = member(Role.KPO_LEAD, stream.trust)
    rpiw = RpiwFactory(value_stream=stream, preparing=True, week_starts=monday(weeks=0))

    actions.start_week(rpiw=rpiw, by=lead, started_without="The patient representative was taken ill.")

    rpiw.refresh_from_db()
    assert rpiw.started_without == "The patient representative was taken ill."
    assert rpiw.started_without_by == lead


def test_follow_up_counts_from_the_report_out(stream, facilitator):
    rpiw = RpiwFactory(value_stream=stream, in_week=True, week_starts=monday(weeks=-1))
    reported_out = possible_last_days(rpiw.week_starts)[0]

    actions.follow_up(rpiw=rpiw, by=facilitator, reported_out=reported_out)

    rpiw.refresh_from_db()
    assert (rpiw.state, rpiw.reported_out, rpiw.week_ends) == (State.FOLLOWING_UP, reported_out, reported_out)


def due_until_day_60(stream):
    """Ten weeks after its report-out: baseline, report-out, 30 and 60 days are due."""
    rpiw = RpiwFactory(value_stream=stream, following_up=True)
    measure = MeasureFactory(rpiw=rpiw, name="Lead time")
    for checkpoint in ("baseline", "report_out", "day_30"):
        ReadingFactory(measure=measure, checkpoint=checkpoint)
    return rpiw, measure


def test_close_is_refused_while_a_due_checkpoint_is_unanswered(stream, facilitator):
    rpiw, _ = due_until_day_60(stream)

    with pytest.raises(StepRefused) as refused:
        actions.close(rpiw=rpiw, by=facilitator, decision="hold", note="The ward keeps it.")

    assert [refusal.mend for refusal in refused.value.refusals] == ["readings"]
    assert "60 days: Lead time" in str(refused.value)


def test_close_takes_a_reason_for_an_answer(stream, facilitator):
    rpiw, measure = due_until_day_60(stream)
    ReadingFactory(measure=measure, checkpoint="day_60")
    ReadingFactory(measure=measure, checkpoint="day_90", unmeasured=True)
    day_90 = rpiw.reported_out + timedelta(days=90)

    actions.close(rpiw=rpiw, by=facilitator, decision="spread", note="Two more wards take it up.", on=day_90)

    rpiw.refresh_from_db()
    assert (rpiw.state, rpiw.closing_decision) == (State.CLOSED, "spread")
    assert rpiw.transitions.get().reason == "Two more wards take it up."


def test_close_before_the_last_remeasure_is_for_work_that_stops(stream, facilitator):
    rpiw, measure = due_until_day_60(stream)
    ReadingFactory(measure=measure, checkpoint="day_60")

    with pytest.raises(StepRefused, match="90-day remeasure is due"):
        actions.close(rpiw=rpiw, by=facilitator, decision="hold", note="The ward keeps it.")
    actions.close(rpiw=rpiw, by=facilitator, decision="stop", note="The ward moves to another site.")

    rpiw.refresh_from_db()
    assert (rpiw.state, rpiw.closing_decision) == (State.CLOSED, "stop")


def test_close_of_one_measure_does_not_answer_for_another(stream, facilitator):
    rpiw, measure = due_until_day_60(stream)
    ReadingFactory(measure=measure, checkpoint="day_60")
    MeasureFactory(rpiw=rpiw, name="Walking distance")

    with pytest.raises(StepRefused) as refused:
        actions.close(rpiw=rpiw, by=facilitator, decision="hold", note="The ward keeps it.")

    assert "Walking distance" in str(refused.value)
    assert "Lead time" not in str(refused.value)


@pytest.mark.parametrize("state", ["preparing", "in_week", "following_up"])
def test_stand_down_and_resume_lead_back(stream, facilitator, state):
    rpiw = RpiwFactory(value_stream=stream, **{state: True})
    before = rpiw.state

    actions.stand_down(rpiw=rpiw, by=facilitator, reason="The pandemic.")
    rpiw.refresh_from_db()
    assert (rpiw.state, rpiw.state_before_stand_down) == (State.STOOD_DOWN, before)

    actions.resume(rpiw=rpiw, by=facilitator)
    rpiw.refresh_from_db()
    assert (rpiw.state, rpiw.state_before_stand_down) == (before, "")


def test_every_step_tells_the_dashboard_of_its_value_stream(stream, facilitator):
    told = []

    def listen(**sent):
        told.append((sent["kind"], sent["scope_id"]))

    facts_changed.connect(listen)
    try:
        actions.cancel(rpiw=RpiwFactory(value_stream=stream), by=facilitator, reason="No longer wanted.")
    finally:
        facts_changed.disconnect(listen)

    assert told == [("value_stream", stream.pk)]


def test_refused_step_tells_no_dashboard(stream, facilitator):
    told = []

    def listen(**sent):
        told.append(sent)

    facts_changed.connect(listen)
    try:
        with pytest.raises(StepRefused):
            actions.resume(rpiw=RpiwFactory(value_stream=stream), by=facilitator)
    finally:
        facts_changed.disconnect(listen)

    assert told == []


def test_report_out_today_is_allowed(stream, facilitator):
    rpiw = RpiwFactory(value_stream=stream, in_week=True, week_starts=date(2020, 1, 6))

    with time_machine.travel("2020-01-10 12:00", tick=False):
        actions.follow_up(rpiw=rpiw, by=facilitator, reported_out=timezone.localdate())

    rpiw.refresh_from_db()
    assert rpiw.state == State.FOLLOWING_UP
