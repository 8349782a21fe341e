"""The four tests of a point, on arrays: outside the limits, shift, trend, two of three. Equality never signals.

Source: NHS England, Making Data Count; how the tools differ is in `rule_sets`.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from analysis.spc.judgement import Signal
from analysis.spc.limits import Bools, Floats
from analysis.spc.rule_sets import RuleSet, Test

Signals = NDArray[np.uint8]


def rounding(values: Floats, mean: Floats, reach: Floats) -> Floats:
    """How far a value may seem to lie beyond a line that it lies on, by the rounding of sums alone."""
    return 16 * np.finfo(np.float64).eps * (np.abs(values) + np.abs(mean) + np.nan_to_num(reach))


def in_a_run(kind: NDArray[np.int8], starts: Bools, length: int) -> Bools:
    """Points (n,) in a run of at least `length` of one kind other than 0; a run cannot go over a start (n,)."""
    if not kind.size:
        return np.zeros(0, dtype=bool)
    first = starts.copy()
    first[0] = True
    first[1:] |= kind[1:] != kind[:-1]
    run = np.cumsum(first) - 1
    return (kind != 0) & (np.bincount(run) >= length)[run]


def _trends(values: Floats, starts: Bools, length: int) -> tuple[Bools, Bools]:
    """Points of rising and of falling trends: `length` points are one step fewer, and the first point belongs to it."""
    step = np.zeros(values.shape, dtype=np.int8)
    difference = np.diff(values)
    step[1:] = np.where(starts[1:] | np.isnan(difference), 0, np.sign(np.nan_to_num(difference)))
    steps = in_a_run(step, starts, length - 1)
    trends = []
    for direction in (1, -1):
        points = steps & (step == direction)
        points[:-1] |= points[1:]
        trends.append(points)
    return trends[0], trends[1]


def _two_of_three(near: NDArray[np.int8], side: NDArray[np.int8], starts: Bools) -> Bools:
    """The points beyond two sigma (near: 1 high, -1 low) of any three in a row on one side with two such."""
    flagged = np.zeros(near.shape, dtype=bool)
    if near.size < 3:
        return flagged
    window = (side[:-2] != 0) & (side[:-2] == side[1:-1]) & (side[1:-1] == side[2:]) & ~starts[1:-1] & ~starts[2:]
    beyond = near != 0
    window &= (beyond[:-2].astype(np.int8) + beyond[1:-1] + beyond[2:]) >= 2
    flagged[:-2] |= window
    flagged[1:-1] |= window
    flagged[2:] |= window
    return flagged & beyond


def signals(
    values: Floats, mean: Floats, reach: Floats, series_starts: Bools, section_starts: Bools, rules: RuleSet
) -> Signals:
    """The signals of each point (n,), bits of `Signal`; a missing value (NaN) has none.

    mean, reach (n,): of the point's own section, reach from the mean to a limit. Starts (n,) mark first points.
    """
    slack = rounding(values, mean, reach)
    off = values - mean
    with np.errstate(invalid="ignore"):
        high, low = off > slack, off < -slack
        above, below = off - reach > slack, off + reach < -slack
        near_high, near_low = off - 2 / 3 * reach > slack, off + 2 / 3 * reach < -slack
    if not rules.beyond_limit_is_near:
        near_high, near_low = near_high & ~above, near_low & ~below
    side = high.astype(np.int8) - low.astype(np.int8)
    near = near_high.astype(np.int8) - near_low.astype(np.int8)

    def starts(test: Test) -> Bools:
        return series_starts if test in rules.crossing else series_starts | section_starts

    shift = in_a_run(side, starts(Test.SHIFT), rules.shift)
    rising, falling = _trends(values, starts(Test.TREND), rules.trend)
    two_of_three = _two_of_three(near, side, starts(Test.TWO_OF_THREE))
    found = np.zeros(values.shape, dtype=np.uint8)
    for points, signal in (
        (above, Signal.OUTSIDE_HIGH),
        (below, Signal.OUTSIDE_LOW),
        (shift & high, Signal.SHIFT_HIGH),
        (shift & low, Signal.SHIFT_LOW),
        (rising, Signal.RISING),
        (falling, Signal.FALLING),
        (two_of_three & high, Signal.TWO_OF_THREE_HIGH),
        (two_of_three & low, Signal.TWO_OF_THREE_LOW),
    ):
        found[points] |= np.uint8(signal)
    return found


def trend_that_goes_on(found: Signals, values: Floats, starts: Bools) -> Signals:
    """Signals in which each point of a trend keeps one direction, as NHSRplotthedots has it: that of its next step
    where the next point of its section is in a trend too, else its own.

    So a turning point belongs to the trend that starts there, and the last point of a rise that is followed at once by
    another rise falls. A next step that is flat says nothing (the source's own slip is not copied).
    """
    either = np.uint8(Signal.RISING | Signal.FALLING)
    step = np.zeros(values.shape)
    step[:-1] = np.where(starts[1:] | (found[1:] & either == 0), 0, np.nan_to_num(np.diff(values)))
    kept = found.copy()
    for direction, signal in ((1, Signal.RISING), (-1, Signal.FALLING)):
        points = (found & either != 0) & (np.sign(step) == direction)
        kept[points] = kept[points] & ~either | np.uint8(signal)
    return kept
