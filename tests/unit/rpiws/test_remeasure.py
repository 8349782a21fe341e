"""The remeasure clock, without a database."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.checkpoints import Checkpoint, StandDown
from analysis.checkpoints import State as CheckpointState
from rpiws.models import State
from rpiws.remeasure import MeasureFacts, RpiwFacts, Standing, completeness, stood_down_between

REPORT_OUT = date(2021, 1, 8)


def measure(*answered: Checkpoint, by: int | None = None, pk: int = 1) -> MeasureFacts:
    return MeasureFacts(id=pk, remeasured_by_id=by, who="", answered_at=frozenset(answered))


def rpiw(**facts) -> RpiwFacts:
    given = {
        "id": 1,
        "process": "Neurosurgical critical care flow",
        "number": 1,
        "state": State.FOLLOWING_UP,
        "week_starts": REPORT_OUT - timedelta(days=4),
        "reported_out": REPORT_OUT,
        "measures_day_120": False,
        "week_published": True,
        "value_stream_id": 5,
        "value_stream": "Critical care flow",
        "trust_id": 7,
        "trust": "Leeds",
        "measures": (measure(),),
    }
    return RpiwFacts(**{**given, **facts})


def states(facts: RpiwFacts, on: date) -> dict[Checkpoint, CheckpointState]:
    return {work.checkpoint: work.state for work in facts.work(on=on)}


def test_work_two_days_after_the_60_day_date() -> None:
    owed = states(rpiw(measures=(measure(Checkpoint.DAY_30),)), date(2021, 3, 11))
    assert owed == {Checkpoint.DAY_60: CheckpointState.LATE}


def test_work_of_a_checkpoint_passed_by_the_next_was_never_measured() -> None:
    owed = states(rpiw(), date(2021, 3, 11))
    assert owed == {Checkpoint.DAY_30: CheckpointState.NEVER_MEASURED, Checkpoint.DAY_60: CheckpointState.LATE}


def test_work_begins_with_the_most_pressing() -> None:
    owed = [work.checkpoint for work in rpiw().work(on=date(2021, 3, 11))]
    assert owed == [Checkpoint.DAY_60, Checkpoint.DAY_30]  # late before never measured, as the due list has it


@pytest.mark.parametrize(("days", "owed"), [(15, False), (16, True), (30, True), (31, True)])
def test_work_is_due_from_14_days_before_its_date(days: int, owed: bool) -> None:
    assert bool(rpiw().work(on=REPORT_OUT + timedelta(days=days))) is owed


def test_work_counts_the_measures_still_missing() -> None:
    facts = rpiw(measures=(measure(Checkpoint.DAY_30, pk=1, by=9), measure(pk=2, by=4)))
    (work,) = facts.work(on=date(2021, 2, 8), user_id=9)
    assert (work.answered, work.measures, work.mine) == (1, 2, False)
    (work,) = facts.work(on=date(2021, 2, 8), user_id=4)
    assert work.mine


@pytest.mark.parametrize("state", [State.CLOSED, State.CANCELLED, State.PLANNED, State.WEEK])
def test_work_is_owed_by_nobody_when_the_rpiw_is_not_followed_up(state: State) -> None:
    assert rpiw(state=state).work(on=date(2021, 3, 11)) == []


def test_checkpoint_inside_a_stand_down_is_stood_down_and_never_late() -> None:
    stood = rpiw(stand_downs=(StandDown(date(2021, 1, 20), date(2021, 3, 31)),))
    for days in range(0, 400, 7):
        found = states(stood, REPORT_OUT + timedelta(days=days))
        for checkpoint in (Checkpoint.DAY_30, Checkpoint.DAY_60):
            assert found.get(checkpoint, CheckpointState.STOOD_DOWN) is CheckpointState.STOOD_DOWN
    # ... and the one after it is due as ever
    assert states(stood, date(2021, 4, 9))[Checkpoint.DAY_90] is CheckpointState.LATE


def test_stood_down_work_says_whether_the_stand_down_is_over() -> None:
    stood = rpiw(stand_downs=(StandDown(date(2021, 2, 1), date(2021, 2, 28)),))
    (during,) = [w for w in stood.work(on=date(2021, 2, 10)) if w.checkpoint is Checkpoint.DAY_30]
    (after,) = [w for w in stood.work(on=date(2021, 3, 1)) if w.checkpoint is Checkpoint.DAY_30]
    assert (during.stand_down_is_over, after.stand_down_is_over) == (False, True)
    assert after.stood_down_until == date(2021, 2, 28)


def test_reading_whose_time_was_not_published_answers_every_checkpoint() -> None:
    assert rpiw(measures=(measure(Checkpoint.AFTER_UNKNOWN),)).work(on=date(2021, 6, 1)) == []


def test_day_120_is_owed_only_where_it_was_chosen() -> None:
    all_three = measure(Checkpoint.DAY_30, Checkpoint.DAY_60, Checkpoint.DAY_90)
    on = REPORT_OUT + timedelta(days=121)
    assert states(rpiw(measures=(all_three,)), on) == {}
    chosen = states(rpiw(measures=(all_three,), measures_day_120=True), on)
    assert chosen == {Checkpoint.DAY_120: CheckpointState.LATE}


def test_stand_down_of_the_rpiw_ends_the_day_before_it_resumes() -> None:
    steps = [("stand_down", date(2021, 2, 1)), ("resume", date(2021, 3, 1)), ("stand_down", date(2021, 4, 1))]
    assert stood_down_between(steps) == [
        StandDown(date(2021, 2, 1), date(2021, 2, 28)),
        StandDown(date(2021, 4, 1), None),
    ]


@pytest.mark.parametrize(
    ("facts", "standing"),
    [
        ({"reported_out": date(2021, 3, 1)}, Standing.NOT_YET_DUE),
        ({}, Standing.LATE),
        ({"state": State.CLOSED}, Standing.CLOSED_WITHOUT),
        ({"measures": (measure(Checkpoint.DAY_30, Checkpoint.DAY_60),)}, Standing.ANSWERED),
        ({"stand_downs": (StandDown(date(2021, 1, 20), None),)}, Standing.STOOD_DOWN),
        ({"week_published": False}, Standing.LATE),
        ({"week_published": False, "measures": (measure(Checkpoint.AFTER_UNKNOWN),)}, Standing.ANSWERED),
    ],
)
def test_standing_tells_late_stood_down_and_not_yet_due_apart(facts: dict, standing: Standing) -> None:
    assert rpiw(**facts).standing(on=date(2021, 3, 11)) is standing


def test_completeness_holds_nothing_against_what_is_not_yet_due() -> None:
    facts = [
        rpiw(),
        rpiw(id=2, reported_out=date(2021, 3, 1)),
        rpiw(id=3, measures=(measure(Checkpoint.DAY_30, Checkpoint.DAY_60),)),
        rpiw(id=4, reported_out=None, state=State.PLANNED),
    ]
    (line,) = completeness(facts, on=date(2021, 3, 11))
    assert (line.total, line.asked, line.count("answered"), line.count("late")) == (3, 2, 1, 1)


def naive_state(
    checkpoint: Checkpoint, answered: set[Checkpoint], spans: list[tuple[date, date]], on: date
) -> str | None:
    """The same rule, day by day, written without the clock."""
    days = {Checkpoint.DAY_30: 30, Checkpoint.DAY_60: 60, Checkpoint.DAY_90: 90, Checkpoint.DAY_365: 365}
    due = REPORT_OUT + timedelta(days=days[checkpoint])
    if checkpoint in answered:
        return None
    for first, last in spans:
        day = first
        while day <= last:
            if day == due:
                return "stood_down" if due <= on + timedelta(days=14) else None
            day += timedelta(days=1)
    if on < due - timedelta(days=14):
        return None
    if on <= due:
        return "due"
    later = sorted(d for d in days.values() if d > days[checkpoint])
    if later and on > REPORT_OUT + timedelta(days=later[0]):
        return "never_measured"
    return "late"


OFFSETS = st.integers(min_value=-10, max_value=420)


@given(
    answered=st.sets(st.sampled_from([Checkpoint.DAY_30, Checkpoint.DAY_60, Checkpoint.DAY_90, Checkpoint.DAY_365])),
    spans=st.lists(st.tuples(OFFSETS, st.integers(min_value=0, max_value=60)), max_size=3),
    on=OFFSETS,
)
def test_work_agrees_with_a_naive_twin(answered: set[Checkpoint], spans: list[tuple[int, int]], on: int) -> None:
    today = REPORT_OUT + timedelta(days=on)
    dated = [
        (REPORT_OUT + timedelta(days=first), REPORT_OUT + timedelta(days=first + length)) for first, length in spans
    ]
    facts = replace(
        rpiw(measures=(measure(*answered),)), stand_downs=tuple(StandDown(first, last) for first, last in dated)
    )
    expected = {
        checkpoint: state
        for checkpoint in (Checkpoint.DAY_30, Checkpoint.DAY_60, Checkpoint.DAY_90, Checkpoint.DAY_365)
        if (state := naive_state(checkpoint, answered, dated, today))
    }
    assert {checkpoint: str(state) for checkpoint, state in states(facts, today).items()} == expected
