"""Can this metric move? How far it goes when only a part of what it counts changes, and whether its chart shows it.

The evaluation's case: one of thirty theatres is improved, and a metric over all thirty cannot tell. Shown means what an
XmR chart shows (analysis/spc): a point outside the limits at once, or a shift after a run of points on one side.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from math import erf, sqrt
from statistics import NormalDist

SURE_ENOUGH = 0.8
"""A shift is said to show when it does so with at least this probability within `WITHIN`."""
WITHIN = 24
"""Periods that a team can be asked to wait: two years of months."""


class Showing(StrEnum):
    AT_ONCE = "at_once"
    AS_A_SHIFT = "as_a_shift"
    NOT = "not"


@dataclass(frozen=True)
class Move:
    """What the change hoped for does to the metric. moved: its mean afterwards minus before, in the metric's unit.

    periods: the points after which the change shows with probability SURE_ENOUGH; None when it does not within WITHIN.
    share_needed: the share of the activity that the same change would have to touch to show; None when not even all.
    """

    mean: float
    hoped: float
    share: float
    moved: float
    reach: float
    showing: Showing
    periods: int | None
    share_needed: float | None


def can_move(*, mean: float, reach: float, share: float, hoped: float, run: int) -> Move:
    """How far the metric moves when `share` of its activity goes from `mean` to `hoped`, and whether it shows.

    mean, reach: the chart's centre and the way from it to a limit (2.66 mean moving ranges), in the metric's unit.
    share: 0 to 1, of the metric's activity that the work touches. run: points of a shift. The part touched is taken to
    be as the whole is today, and the points to scatter as they did, independently and normally.
    Raises ValueError for a share outside 0 to 1, a negative reach, or a run below 3.
    """
    if not 0 < share <= 1 or reach < 0 or run < 3:
        raise ValueError("A share lies above 0 and at most at 1, limits are not below the mean, a run has 3 points.")
    moved = share * (hoped - mean)
    periods = periods_until_shown(moved, reach, run=run)
    if periods is None:
        showing = Showing.NOT
    else:
        showing = Showing.AT_ONCE if abs(moved) > reach else Showing.AS_A_SHIFT
    return Move(
        mean=mean,
        hoped=hoped,
        share=share,
        moved=moved,
        reach=reach,
        showing=showing,
        periods=periods,
        share_needed=_share_needed(hoped - mean, reach, run=run) if periods is None else share,
    )


def periods_until_shown(moved: float, reach: float, *, run: int, within: int = WITHIN) -> int | None:
    """The number of points after which a move shows with probability SURE_ENOUGH: a shift or a point outside.

    None when it takes more than `within`, or when nothing moves. Points scatter normally with a third of the reach.
    """
    if moved == 0:
        return None
    if reach == 0:
        return 1
    sigma = reach / 3
    beyond = 1 - NormalDist().cdf((reach - abs(moved)) / sigma)
    on_the_side = 0.5 * (1 + erf(abs(moved) / sigma / sqrt(2))) - beyond
    # Chances of the length of the run so far (0 to run - 1) among the points that have shown nothing yet.
    chances = [1.0] + [0.0] * (run - 1)
    shown = 0.0
    for period in range(1, within + 1):
        shown += sum(chances) * beyond + chances[-1] * on_the_side
        chances = [sum(chances) * (1 - beyond - on_the_side)] + [chance * on_the_side for chance in chances[:-1]]
        if shown >= SURE_ENOUGH:
            return period
    return None


def _share_needed(change: float, reach: float, *, run: int) -> float | None:
    """The least share, in hundredths rounded up, at which the change would show; None when not even at the whole."""
    shares = (hundredths / 100 for hundredths in range(1, 101))
    return next((share for share in shares if periods_until_shown(share * change, reach, run=run) is not None), None)
