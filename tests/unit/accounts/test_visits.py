from datetime import UTC, datetime, timedelta

from accounts.visits import IDLE, TICK, Clock

NOON = datetime(2021, 3, 11, 12, tzinfo=UTC)
NEVER = Clock(None, None, None)


def test_clock_at_the_first_visit_knows_no_visit_before():
    assert NEVER.at(NOON) == Clock(seen_at=NOON, visit_started_at=NOON, last_visit_at=None)


def test_clock_within_a_tick_writes_nothing():
    clock = NEVER.at(NOON)
    assert clock.at(NOON + TICK - timedelta(seconds=1)) is clock


def test_clock_after_a_tick_stays_in_the_same_visit():
    later = NOON + TICK
    assert NEVER.at(NOON).at(later) == Clock(seen_at=later, visit_started_at=NOON, last_visit_at=None)


def test_clock_after_idling_starts_a_visit_and_remembers_the_end_of_the_last():
    seen, back = NOON + TICK, NOON + TICK + IDLE
    assert NEVER.at(NOON).at(seen).at(back) == Clock(seen_at=back, visit_started_at=back, last_visit_at=seen)
