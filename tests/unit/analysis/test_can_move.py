"""The published case: Theatres at UHCW watched all theatres while the work was in one."""

import random

import pytest

from analysis.can_move import Showing, can_move, periods_until_shown


def test_one_theatre_of_thirty_does_not_show() -> None:
    found = can_move(mean=80, reach=6, share=1 / 30, hoped=95, run=6)
    assert found.moved == pytest.approx(0.5)
    assert found.showing is Showing.NOT
    assert found.periods is None
    assert found.share_needed is not None
    assert found.share_needed > 1 / 30


def test_the_same_change_in_the_one_theatre_shows_at_once() -> None:
    found = can_move(mean=80, reach=6, share=1, hoped=95, run=6)
    assert found.showing is Showing.AT_ONCE
    assert found.periods == 1


def test_a_change_within_the_limits_shows_as_a_shift_later() -> None:
    found = can_move(mean=80, reach=6, share=0.2, hoped=95, run=6)
    assert found.moved == pytest.approx(3)
    assert found.showing is Showing.AS_A_SHIFT
    assert found.periods is not None
    assert 6 <= found.periods <= 24


def test_no_change_never_shows() -> None:
    found = can_move(mean=80, reach=6, share=1, hoped=80, run=6)
    assert (found.periods, found.share_needed) == (None, None)


@pytest.mark.parametrize("share", [0, -0.1, 1.1])
def test_a_share_outside_its_range_is_refused(share: float) -> None:
    with pytest.raises(ValueError, match="share"):
        can_move(mean=80, reach=6, share=share, hoped=95, run=6)


def test_the_periods_are_those_of_a_simulation() -> None:
    """The naive twin: many processes that moved by three quarters of sigma times two, drawn point by point."""
    moved, reach, run = 3.0, 6.0, 6
    periods = periods_until_shown(moved, reach, run=run)
    assert periods is not None
    draw = random.Random(2019)
    shown_after = []
    for _ in range(4000):
        length = 0
        for period in range(1, 200):
            value = draw.gauss(moved, reach / 3)
            length = length + 1 if value > 0 else 0
            if value > reach or length == run:
                shown_after.append(period)
                break
    share = sum(after <= periods for after in shown_after) / len(shown_after)
    earlier = sum(after < periods for after in shown_after) / len(shown_after)
    assert earlier - 0.02 < 0.8 < share + 0.02
