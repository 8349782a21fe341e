"""What signals mean: improvement, concern, or neither; and the two icons.

A point's signals are eight bits, so a rule set's judgement of every combination is a table of 256 rows, made once.
"""

from __future__ import annotations

from enum import IntEnum, IntFlag
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analysis.before_after import Better
from analysis.spc.rule_sets import Conflict, RuleSet, Test


class Signal(IntFlag):
    """What a point showed. High means above the mean, or rising."""

    NONE = 0
    OUTSIDE_HIGH = 1
    OUTSIDE_LOW = 2
    SHIFT_HIGH = 4
    SHIFT_LOW = 8
    RISING = 16
    FALLING = 32
    TWO_OF_THREE_HIGH = 64
    TWO_OF_THREE_LOW = 128


HIGH_AND_LOW = {
    Test.OUTSIDE: (Signal.OUTSIDE_HIGH, Signal.OUTSIDE_LOW),
    Test.SHIFT: (Signal.SHIFT_HIGH, Signal.SHIFT_LOW),
    Test.TREND: (Signal.RISING, Signal.FALLING),
    Test.TWO_OF_THREE: (Signal.TWO_OF_THREE_HIGH, Signal.TWO_OF_THREE_LOW),
}


class Judgement(IntEnum):
    """The colour of a point. High and low: a special cause of a metric of which neither way is better."""

    COMMON = 0
    IMPROVEMENT = 1
    CONCERN = 2
    HIGH = 3
    LOW = 4


def _judged(signals: Signal, better: Better, rules: RuleSet) -> tuple[Judgement, Signal]:
    """The judgement of one combination of signals, and the one signal that gives the point its label."""
    if not signals:
        return Judgement.COMMON, Signal.NONE
    met = [pair for test in rules.precedence for pair in [HIGH_AND_LOW[test]] if signals & (pair[0] | pair[1])]
    if better is Better.NEITHER:
        asked = met[:1] if rules.conflict is Conflict.FIRST_TEST else met
        high = next((pair[0] for pair in asked if signals & pair[0]), None)
        return (Judgement.HIGH, high) if high else (Judgement.LOW, next(p[1] for p in asked if signals & p[1]))
    good = 0 if better is Better.HIGHER else 1
    improving = next((pair[good] for pair in met if signals & pair[good]), None)
    worsening = next((pair[1 - good] for pair in met if signals & pair[1 - good]), None)
    if improving is None or worsening is None:
        return (Judgement.CONCERN, worsening) if worsening else (Judgement.IMPROVEMENT, improving or Signal.NONE)
    if rules.conflict is Conflict.IMPROVEMENT:
        return Judgement.IMPROVEMENT, improving
    first = signals & (met[0][0] | met[0][1])
    if first == improving or (first not in (improving, worsening) and rules.tied_trends_improve):
        return Judgement.IMPROVEMENT, improving
    return Judgement.CONCERN, worsening


@lru_cache(maxsize=64)
def tables(rules: RuleSet) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Judgements and labelling signals, each (3, 256): by direction (in the order of Better) and signals."""
    judged = [[_judged(Signal(bits), better, rules) for bits in range(256)] for better in Better]
    return (
        np.array([[judgement for judgement, _ in row] for row in judged], dtype=np.uint8),
        np.array([[signal for _, signal in row] for row in judged], dtype=np.uint8),
    )


def variation(judgement: Judgement, better: Better) -> str:
    """The variation icon of a last point, in the published vocabulary; high and low follow the better direction."""
    if judgement is Judgement.COMMON:
        return "common"
    if judgement in (Judgement.HIGH, Judgement.LOW):
        return "neutral_high" if judgement is Judgement.HIGH else "neutral_low"
    improvement = judgement is Judgement.IMPROVEMENT
    high = improvement == (better is Better.HIGHER)
    return f"{'improvement' if improvement else 'concern'}_{'high' if high else 'low'}"


def assurance(
    target: NDArray[np.float64],
    mean: NDArray[np.float64],
    reach: NDArray[np.float64],
    slack: NDArray[np.float64],
    higher_is_better: NDArray[np.bool_],
    rules: RuleSet,
) -> NDArray[Any]:
    """`pass`, `fail`, `hit` (hit or miss), or `none`, of targets (k,) against mean +- reach of the last sections (k,).

    `none` where the target or the limits are missing (NaN); a metric without a better direction has no target here.
    slack (k,): a target nearer to a limit than this lies on it.
    """
    beyond_lower, beyond_upper = mean - reach - target, target - mean - reach
    if rules.edge_decides:
        below, above = beyond_lower >= -slack, beyond_upper >= -slack
    else:
        below, above = beyond_lower > slack, beyond_upper > slack
    passes = np.where(higher_is_better, below, above)
    fails = np.where(higher_is_better, above, below)
    known = ~(np.isnan(target) | np.isnan(mean) | np.isnan(reach))
    return np.select([~known, passes, fails], ["none", "pass", "fail"], default="hit")
