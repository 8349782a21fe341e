"""Every state with every step, and what stands in the way of one."""

from datetime import date

import pytest

from analysis.checkpoints import Checkpoint
from rpiws.life_cycle import (
    StepRefused,
    Unanswered,
    closing_refusals,
    due_checkpoints,
    missing_parts,
    moved_week_refusals,
    next_state,
    report_out_refusals,
    still_to_come,
    still_to_name,
    unmeasured_refusals,
    week_problems,
    week_refusals,
)
from rpiws.models import LIFE_CYCLE, Rpiw, RpiwPerson, State

P, R, W, F, C, X, S = (
    State.PLANNED,
    State.PREPARING,
    State.WEEK,
    State.FOLLOWING_UP,
    State.CLOSED,
    State.CANCELLED,
    State.STOOD_DOWN,
)
# Typed by hand, beside the table: where each step leads from each state, None where it is refused.
WHERE_TO = {
    "prepare": {P: R, R: None, W: None, F: None, C: None, X: None, S: None},
    "start_week": {P: None, R: W, W: None, F: None, C: None, X: None, S: None},
    "follow_up": {P: None, R: None, W: F, F: None, C: None, X: None, S: None},
    "close": {P: None, R: None, W: None, F: C, C: None, X: None, S: None},
    "cancel": {P: X, R: X, W: None, F: None, C: None, X: None, S: X},
    "stand_down": {P: S, R: S, W: S, F: S, C: None, X: None, S: None},
    "resume": {P: None, R: None, W: None, F: None, C: None, X: None, S: R},
}
EVERY = [(step, state, leads_to) for step, states in WHERE_TO.items() for state, leads_to in states.items()]
ALL_PARTS = set(RpiwPerson.REQUIRED_FOR_THE_WEEK)
MONDAY = date(2021, 1, 4)


def test_table_typed_by_hand_knows_every_step_and_state():
    assert set(WHERE_TO) == set(LIFE_CYCLE)
    assert all(set(states) == set(State) for states in WHERE_TO.values())


@pytest.mark.parametrize(("step", "state", "leads_to"), EVERY)
def test_next_state_of_each_step_from_each_state(step, state, leads_to):
    if leads_to is None:
        with pytest.raises(StepRefused) as refused:
            next_state(step, state=state, before_stand_down=R)
        assert state.label.lower() in str(refused.value)
    else:
        assert next_state(step, state=state, before_stand_down=R) == leads_to


@pytest.mark.parametrize(("step", "state", "leads_to"), EVERY)
def test_steps_of_an_rpiw_are_those_that_its_state_allows(step, state, leads_to):
    assert (step in Rpiw(state=state).steps()) == (leads_to is not None)


@pytest.mark.parametrize("before", [P, R, W, F])
def test_resume_leads_back_to_the_state_before(before):
    assert next_state("resume", state=S, before_stand_down=before) == before


@pytest.mark.parametrize(
    ("state", "before", "locked"),
    [
        (P, "", False),
        (R, "", False),
        (W, "", True),
        (F, "", True),
        (C, "", True),
        (X, "", False),
        (S, R, False),
        (S, W, True),
    ],
)
def test_baseline_is_locked_from_the_week_on(state, before, locked):
    assert Rpiw(state=state, state_before_stand_down=before).baseline_locked is locked


@pytest.mark.parametrize("missing", list(RpiwPerson.REQUIRED_FOR_THE_WEEK))
def test_week_cannot_start_without_each_required_part(missing):
    (refusal,) = week_refusals(parts=ALL_PARTS - {missing}, week_starts=MONDAY, on=MONDAY)

    assert missing.label.lower() in refusal.sentence
    assert "KPO lead" in refusal.sentence
    assert refusal.mend == "rpiw_people"


def test_who_may_start_without_a_part_is_told_of_it_before_the_day():
    (refusal,) = still_to_name(ALL_PARTS - {RpiwPerson.Part.PATIENT_REPRESENTATIVE})
    assert refusal.sentence.startswith("Still to be named: the patient representative.")
    assert still_to_name(ALL_PARTS) == []


def test_week_starts_with_all_parts():
    assert week_refusals(parts=ALL_PARTS, week_starts=MONDAY, on=MONDAY) == []


def test_week_starts_without_people_when_the_reason_is_recorded():
    assert week_refusals(parts=set(), week_starts=MONDAY, on=MONDAY, started_without="She was taken ill.") == []


def test_week_cannot_start_before_its_first_day():
    (refusal,) = week_refusals(parts=ALL_PARTS, week_starts=MONDAY, on=date(2021, 1, 3))

    assert "Mon 4 January 2021" in refusal.sentence
    assert refusal.mend == "edit_rpiw"


def test_missing_parts_keep_their_order():
    assert missing_parts({RpiwPerson.Part.PROCESS_OWNER}) == [
        RpiwPerson.Part.EXECUTIVE_SPONSOR,
        RpiwPerson.Part.PATIENT_REPRESENTATIVE,
    ]


@pytest.mark.parametrize(
    ("on", "refused"),
    [
        (date(2021, 1, 3), True),
        (date(2021, 1, 5), True),  # the second day
        (date(2021, 1, 6), False),
        (date(2021, 1, 8), False),
        (date(2021, 1, 9), True),  # a Saturday
        (date(2021, 1, 11), True),  # the sixth working day
        (date(2021, 3, 21), True),
    ],
)
def test_report_out_ends_a_week_of_three_to_five_working_days(on, refused):
    assert bool(report_out_refusals(on=on, week_starts=MONDAY, today=date(2021, 4, 1))) is refused


def test_report_out_is_not_recorded_before_it_was_held():
    (refusal,) = report_out_refusals(on=date(2021, 1, 8), week_starts=MONDAY, today=date(2021, 1, 7))
    assert "choose today or an earlier day" in refusal.sentence


def test_report_out_that_is_refused_names_the_days_to_choose_from():
    (refusal,) = report_out_refusals(on=date(2021, 3, 21), week_starts=MONDAY, today=date(2021, 4, 1))

    assert "choose Wed 6 January 2021, Thu 7 January 2021 or Fri 8 January 2021" in refusal.sentence
    assert refusal.mend == "edit_rpiw"


@pytest.mark.parametrize(
    ("state", "reported_out", "starts", "refused"),
    [
        (P, None, date(2021, 6, 7), False),
        (W, None, date(2021, 1, 11), False),  # it began a week later than planned
        (W, None, date(2021, 1, 13), True),  # it has begun, so not tomorrow
        (F, date(2021, 1, 8), date(2021, 1, 11), True),
    ],
)
def test_week_moves_until_its_report_out(state, reported_out, starts, refused):
    rpiw = Rpiw(state=state, week_starts=MONDAY, reported_out=reported_out)
    assert bool(moved_week_refusals(rpiw, starts=starts, today=date(2021, 1, 12))) is refused


def test_due_checkpoints_are_those_whose_date_has_come():
    planned = (Checkpoint.DAY_30, Checkpoint.DAY_60, Checkpoint.DAY_90)
    on_day_60 = due_checkpoints(planned, reported_out=date(2021, 1, 8), today=date(2021, 3, 9))
    the_day_before = due_checkpoints(planned, reported_out=date(2021, 1, 8), today=date(2021, 3, 8))

    assert on_day_60 == [Checkpoint.BASELINE, Checkpoint.REPORT_OUT, Checkpoint.DAY_30, Checkpoint.DAY_60]
    assert the_day_before == [Checkpoint.BASELINE, Checkpoint.REPORT_OUT, Checkpoint.DAY_30]


PLANNED = (Checkpoint.DAY_30, Checkpoint.DAY_60, Checkpoint.DAY_90, Checkpoint.DAY_365)


@pytest.mark.parametrize(
    ("today", "waits_for"),
    [
        (date(2021, 1, 9), Checkpoint.DAY_90),
        (date(2021, 4, 7), Checkpoint.DAY_90),
        (date(2021, 4, 8), None),  # its day; the 365 days are not waited for
    ],
)
def test_closing_waits_for_the_last_remeasure(today, waits_for):
    waits = still_to_come(PLANNED, reported_out=date(2021, 1, 8), today=today)
    assert (waits and waits.checkpoint) is waits_for


def test_closing_that_waits_says_until_when_and_for_what():
    waits = still_to_come(PLANNED, reported_out=date(2021, 1, 8), today=date(2021, 1, 9))
    assert waits.sentence == (
        "Its 90-day remeasure is due on Thu 8 April 2021. Until then it can be closed only to stop the work."
    )


def test_rpiw_without_a_measure_is_not_closed():
    assert unmeasured_refusals(measures=0)
    assert not unmeasured_refusals(measures=1)


def test_closing_refusals_name_the_measures_by_checkpoint():
    refusals = closing_refusals(
        [
            Unanswered(measure="Lead time", checkpoint=Checkpoint.DAY_60),
            Unanswered(measure="Lead time", checkpoint=Checkpoint.DAY_30),
            Unanswered(measure="Walking distance", checkpoint=Checkpoint.DAY_60),
        ]
    )

    assert [refusal.sentence for refusal in refusals] == [
        "30 days: Lead time has no reading, and no reason why there is none.",
        "60 days: Lead time and Walking distance have no reading, and no reason why there is none.",
    ]


@pytest.mark.parametrize(
    ("starts", "ends", "field"),
    [
        (date(2021, 1, 4), date(2021, 1, 8), None),
        (date(2021, 1, 4), date(2021, 1, 6), None),
        (date(2021, 1, 4), date(2021, 1, 5), "week_ends"),  # two days
        (date(2021, 1, 4), date(2021, 1, 11), "week_ends"),  # six days
        (date(2021, 1, 7), date(2021, 1, 11), None),  # over a weekend: Thursday, Friday, Monday
        (date(2021, 1, 2), date(2021, 1, 6), "week_starts"),  # a Saturday
        (date(2021, 1, 6), date(2021, 1, 9), "week_ends"),  # to a Saturday
        (date(2021, 5, 3), date(2021, 5, 7), "week_starts"),  # early May bank holiday
        (date(2021, 12, 22), date(2021, 12, 29), None),  # Christmas: 22, 23, 24 and 29
        (date(2021, 1, 8), date(2021, 1, 4), "week_ends"),
    ],
)
def test_week_has_three_to_five_working_days(starts, ends, field):
    problems = week_problems(starts, ends)

    assert list(problems) == ([field] if field else [])


def test_week_on_a_bank_holiday_says_which():
    assert "May Day" in week_problems(date(2021, 5, 3), date(2021, 5, 7))["week_starts"]
