from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis import checkpoints
from analysis.checkpoints import Checkpoint, LeftOutReason, Reading, StandDown, State, UnpairedReason

REPORT_OUT = date(2019, 3, 1)
DAYS_30, DAYS_60, DAYS_90 = date(2019, 3, 31), date(2019, 4, 30), date(2019, 5, 30)


def reading(checkpoint, value=5, on=None, **facts):
    return Reading(checkpoint=checkpoint, value=None if value is None else Decimal(value), on=on, **facts)


BASELINE = reading(Checkpoint.BASELINE, 10)


def test_due_dates_count_from_report_out():
    assert checkpoints.due_date(Checkpoint.DAY_30, REPORT_OUT) == DAYS_30
    assert checkpoints.due_date(Checkpoint.DAY_90, REPORT_OUT) == DAYS_90
    assert checkpoints.due_date(Checkpoint.REPORT_OUT, REPORT_OUT) == REPORT_OUT
    assert checkpoints.due_date(Checkpoint.DAY_365, REPORT_OUT) == date(2020, 2, 29)
    assert checkpoints.due_date(Checkpoint.BASELINE, REPORT_OUT) is None
    assert checkpoints.due_date(Checkpoint.AFTER_UNKNOWN, REPORT_OUT) is None


def test_post_is_the_last_by_date_not_the_best():
    best, last = reading(Checkpoint.DAY_30, 1, DAYS_30), reading(Checkpoint.DAY_60, 7, DAYS_60)
    assert checkpoints.post([last, best, BASELINE]) is last


def test_post_by_true_day_even_when_a_later_checkpoint_was_measured_earlier():
    late_30 = reading(Checkpoint.DAY_30, 4, date(2019, 6, 9))
    assert checkpoints.post([late_30, reading(Checkpoint.DAY_60, 3, DAYS_60)]) is late_30


@pytest.mark.parametrize(
    "other",
    [
        reading(Checkpoint.REPORT_OUT, 1, date(2030, 1, 1)),
        reading(Checkpoint.DAY_365, 1, date(2030, 1, 1)),
        reading(Checkpoint.DAY_90, 1, date(2030, 1, 1), simulated=True),
        reading(Checkpoint.DAY_90, None, date(2030, 1, 1), not_measured_reason="ward closed"),
        reading(Checkpoint.DAY_90, 1, date(2030, 1, 1), not_comparable_reason="another start"),
        BASELINE,
    ],
)
def test_post_is_never_such_a_reading(other):
    assert checkpoints.post([other]) is None
    kept = reading(Checkpoint.DAY_30, 5, DAYS_30)
    assert checkpoints.post([other, kept]) is kept


def test_post_after_an_unpublished_time_counts_when_alone():
    published = reading(Checkpoint.AFTER_UNKNOWN, 3)
    assert checkpoints.post([published]) is published
    dated = reading(Checkpoint.DAY_30, 4, DAYS_30)
    assert checkpoints.post([published, dated]) is dated


def test_left_out_readings_are_named():
    simulated = reading(Checkpoint.DAY_30, 1, simulated=True)
    changed = reading(Checkpoint.DAY_60, 1, not_comparable_reason="another start")
    missing = reading(Checkpoint.DAY_90, None, not_measured_reason="ward closed")
    found = checkpoints.left_out(
        [missing, changed, simulated, BASELINE, reading(Checkpoint.REPORT_OUT, simulated=True)]
    )
    assert [(item.reading, item.reason, item.detail) for item in found] == [
        (simulated, LeftOutReason.SIMULATED, ""),
        (changed, LeftOutReason.NOT_COMPARABLE, "another start"),
        (missing, LeftOutReason.NOT_MEASURED, "ward closed"),
    ]


@pytest.mark.parametrize(
    ("readings", "why"),
    [
        ([BASELINE, reading(Checkpoint.DAY_30)], None),
        ([reading(Checkpoint.DAY_30)], UnpairedReason.NO_BASELINE),
        ([reading(Checkpoint.BASELINE, None), reading(Checkpoint.DAY_30)], UnpairedReason.NO_BASELINE),
        (
            [reading(Checkpoint.BASELINE, not_comparable_reason="x"), reading(Checkpoint.DAY_30)],
            UnpairedReason.BASELINE_NOT_COMPARABLE,
        ),
        ([BASELINE, reading(Checkpoint.DAY_30, not_comparable_reason="x")], UnpairedReason.POST_NOT_COMPARABLE),
        ([BASELINE, reading(Checkpoint.DAY_30, None)], UnpairedReason.POST_NOT_MEASURED),
        ([BASELINE, reading(Checkpoint.REPORT_OUT)], UnpairedReason.NO_POST),
    ],
)
def test_pairing_and_why_not(readings, why):
    assert checkpoints.why_unpaired(iter(readings)) is why
    assert checkpoints.is_paired(iter(readings)) is (why is None)


def test_complete_when_every_measure_is_paired():
    paired = [BASELINE, reading(Checkpoint.DAY_30)]
    assert checkpoints.is_complete([paired, paired])
    assert not checkpoints.is_complete([paired, [BASELINE]])
    assert not checkpoints.is_complete([])


def test_rpiw_is_due_once_its_30_day_date_has_passed():
    assert not checkpoints.is_due(report_out=REPORT_OUT, on=DAYS_30)
    assert checkpoints.is_due(report_out=REPORT_OUT, on=DAYS_30 + timedelta(days=1))
    assert not checkpoints.is_due(report_out=None, on=date(2030, 1, 1))


@pytest.mark.parametrize(
    ("today", "state"),
    [
        (date(2019, 3, 16), State.TO_COME),
        (date(2019, 3, 17), State.DUE),
        (DAYS_30, State.DUE),
        (date(2019, 4, 1), State.LATE),
        (DAYS_60, State.LATE),
        (date(2019, 5, 1), State.NEVER_MEASURED),
    ],
)
def test_state_of_30_days_as_time_passes(today, state):
    assert checkpoints.state(Checkpoint.DAY_30, report_out=REPORT_OUT, today=today) is state


def test_state_of_the_last_planned_stays_late():
    later = date(2025, 1, 1)
    assert checkpoints.state(Checkpoint.DAY_90, report_out=REPORT_OUT, today=later) is State.LATE
    planned = (*checkpoints.REMEASURES, Checkpoint.DAY_120)
    assert checkpoints.state(Checkpoint.DAY_90, report_out=REPORT_OUT, today=later, planned=planned) is (
        State.NEVER_MEASURED
    )


def test_state_is_settled_by_a_reading():
    later = date(2025, 1, 1)
    stop = [StandDown(date(2019, 1, 1))]
    for found, state in (
        (reading(Checkpoint.DAY_30), State.MEASURED),
        (reading(Checkpoint.DAY_30, None), State.NOT_MEASURED),
    ):
        assert (
            checkpoints.state(Checkpoint.DAY_30, report_out=REPORT_OUT, today=later, reading=found, stand_downs=stop)
            is state
        )


def test_state_before_the_week_is_to_come():
    assert checkpoints.state(Checkpoint.DAY_30, report_out=None, today=date(2025, 1, 1)) is State.TO_COME


@given(
    st.dates(date(2018, 1, 1), date(2020, 1, 1)),
    st.none() | st.integers(0, 400),
    st.integers(-100, 800),
    st.sampled_from(checkpoints.REMEASURES),
)
def test_state_inside_a_stand_down_is_never_late(starts, length, days, checkpoint):
    stop = StandDown(starts, None if length is None else starts + timedelta(days=length))
    today = REPORT_OUT + timedelta(days=days)
    state = checkpoints.state(checkpoint, report_out=REPORT_OUT, today=today, stand_downs=[stop])
    due = REPORT_OUT + timedelta(days=checkpoint.days_after)
    inside = starts <= due and (length is None or due <= starts + timedelta(days=length))
    assert (state is State.STOOD_DOWN) is inside


@given(
    st.lists(
        st.builds(
            Reading,
            checkpoint=st.sampled_from(Checkpoint),
            value=st.none() | st.decimals(0, 9, places=1),
            on=st.none() | st.dates(date(2019, 1, 1), date(2019, 1, 9)),
            simulated=st.booleans(),
            not_comparable_reason=st.sampled_from(["", "changed"]),
        ),
        unique_by=lambda found: found.checkpoint,
    )
)
def test_post_equals_its_naive_twin(readings):
    last, last_place = None, (date(1, 1, 1), -1)
    for found in readings:
        if found.checkpoint.value not in ("day_30", "day_60", "day_90", "day_120", "after"):
            continue
        if found.value is None or found.simulated or found.not_comparable_reason:
            continue
        place = (found.on or date(1, 1, 1), list(Checkpoint).index(found.checkpoint))
        if place > last_place:
            last, last_place = found, place
    assert checkpoints.post(readings) is last


def test_stand_down_holds_its_first_and_its_last_day():
    stop = StandDown(date(2020, 3, 23), date(2020, 7, 31))
    assert stop.covers(date(2020, 3, 23))
    assert stop.covers(date(2020, 7, 31))
    assert not stop.covers(date(2020, 3, 22))
    assert not stop.covers(date(2020, 8, 1))
    assert StandDown(date(2020, 3, 23)).covers(date(2030, 1, 1))
