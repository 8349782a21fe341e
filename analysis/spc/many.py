"""XmR charts of thousands of series at once, on arrays.

Source: NHS England, Making Data Count; the rules that hold are a value (`rule_sets`). Dates only order the points: a
month that is not there is not noticed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analysis.before_after import Better
from analysis.spc.judgement import Judgement, assurance, tables, variation
from analysis.spc.limits import Bools, Floats, Ints, limits, moving_ranges
from analysis.spc.point_tests import Signals, rounding, signals, trend_that_goes_on
from analysis.spc.rule_sets import SINGLE_CHART_TOOL, Baseline, Conflict, Missing, RuleSet

_DIRECTIONS = list(Better)
_HIGHER, _NEITHER = _DIRECTIONS.index(Better.HIGHER), _DIRECTIONS.index(Better.NEITHER)


class UnusableSeries(ValueError):
    """The series cannot be charted as asked; the message says which date is the matter."""


@dataclass(frozen=True)
class ManySeries:
    """Series laid end to end, each in order of time.

    values (n,): in each series' own unit, NaN where missing. starts (k,): where each series begins, the first at 0.
    recalculated (n,): True where the limits are computed anew from this point on. ghosts (n,): shown, counted nowhere.
    """

    values: Floats
    starts: Ints
    recalculated: Bools
    ghosts: Bools

    @classmethod
    def of(
        cls,
        values: ArrayLike,
        starts: ArrayLike,
        *,
        recalculated: ArrayLike | None = None,
        ghosts: ArrayLike | None = None,
    ) -> ManySeries:
        """Arrays of the right types; nobody's recalculation, and no ghosts, unless said.

        Raises UnusableSeries when the lengths differ, when starts do not ascend from 0, or for an infinite value.
        """
        numbers = np.asarray(values, dtype=np.float64)
        begins = np.asarray(starts, dtype=np.int64)
        none = np.zeros(numbers.shape, dtype=bool)
        breaks = none if recalculated is None else np.asarray(recalculated, dtype=bool)
        apart = none if ghosts is None else np.asarray(ghosts, dtype=bool)
        if not breaks.shape == apart.shape == numbers.shape:
            raise UnusableSeries("Values, recalculations and ghosts must be equally many.")
        if begins.size == 0 or begins[0] != 0 or (np.diff(begins) <= 0).any() or begins[-1] >= numbers.size:
            raise UnusableSeries("Series start at 0, each after the one before, and none is empty.")
        if np.isinf(numbers).any():
            raise UnusableSeries("An infinite value cannot be charted.")
        return cls(numbers, begins, breaks, apart)


@dataclass(frozen=True)
class ManyCharts:
    """The charts of `ManySeries`: arrays by point (n,) and by series (k,). NaN: no limits there.

    section numbers the recalculations of each series from 0. A ghost and a missing value have lines and no signals.
    label is the one signal that gives a point its name; judgement its colour. last is the point that the icons judge.
    """

    rules: RuleSet
    section: Ints
    mean: Floats
    lower: Floats
    upper: Floats
    near_lower: Floats
    near_upper: Floats
    moving_range: Floats
    signals: Signals
    label: Signals
    judgement: Signals
    enough: Bools
    last: Ints
    assurance: NDArray[Any]
    better: NDArray[np.int64]

    @cached_property
    def variations(self) -> NDArray[Any]:
        """The variation icons of all series (k,); None with too few points."""
        names = np.array([[variation(judged, better) for judged in Judgement] for better in _DIRECTIONS], dtype=object)
        icons = names[self.better, self.judgement[self.last]]
        icons[~self.enough] = None
        return icons


def direction_codes(better: Sequence[Better]) -> NDArray[np.int64]:
    """Better directions (k,) as `xmr_of_many` takes them."""
    return np.array([_DIRECTIONS.index(one) for one in better], dtype=np.int64)


def xmr_of_many(
    series: ManySeries,
    rules: RuleSet = SINGLE_CHART_TOOL,
    *,
    better: ArrayLike,
    target: ArrayLike | None = None,
    baseline: ArrayLike | None = None,
) -> ManyCharts:
    """The charts of k series. better (k,): `direction_codes`. target (k,): at the last point, NaN for none.

    baseline (k,): the limits are those of the first so many points, 0 for none; the rule set says for which sections.
    """
    count = series.starts.size
    directions = np.asarray(better, dtype=np.int64)
    targets = np.full(count, np.nan) if target is None else np.asarray(target, dtype=np.float64)
    fixed = np.zeros(count, dtype=np.int64) if baseline is None else np.asarray(baseline, dtype=np.int64)

    size = series.values.size
    lengths = np.diff(np.append(series.starts, size))
    owner = np.repeat(np.arange(count), lengths)
    begins = np.zeros(size, dtype=bool)
    begins[series.starts] = True
    recalculated = series.recalculated.copy()
    if rules.baseline is Baseline.WHOLE_CHART:
        recalculated &= (fixed == 0)[owner]
    section = np.cumsum(begins | recalculated) - 1
    sections = int(section[-1]) + 1

    there = ~np.isnan(series.values) & ~series.ghosts
    enough = np.bincount(owner[there], minlength=count) >= max(rules.minimum_points, 1)
    taken = np.flatnonzero(there if rules.missing is Missing.ABSENT else ~series.ghosts)
    values, owned, part = series.values[taken], owner[taken], section[taken]
    new_series, new_section = _changes(owned), _changes(part)
    found = limits(
        values,
        part,
        _counting(part, part - section[series.starts][owned], new_section, fixed[owned], rules),
        sections,
        rules,
    )
    mean, reach = found.mean[section], np.where(enough[owner], found.reach[section], np.nan)
    flagged = signals(values, mean[taken], reach[taken], new_series, new_section, rules)
    if rules.conflict is Conflict.FIRST_TEST:
        flagged = trend_that_goes_on(flagged, values, new_series | new_section)
    shown = _spread(flagged * enough[owned], taken, size)
    judgements, labels = tables(rules)
    aim = np.where(directions == _NEITHER, np.nan, targets)
    last = series.starts.copy()
    last[owned] = taken  # of several writes to one place the last one stays
    return ManyCharts(
        rules=rules,
        section=section - section[series.starts][owner],
        mean=mean,
        lower=mean - reach,
        upper=mean + reach,
        near_lower=mean - 2 / 3 * reach,
        near_upper=mean + 2 / 3 * reach,
        moving_range=_spread(moving_ranges(values, part), taken, size, fill=np.nan),
        signals=shown,
        label=labels[directions[owner], shown],
        judgement=judgements[directions[owner], shown],
        enough=enough,
        last=last,
        assurance=assurance(
            aim, mean[last], reach[last], rounding(aim, mean[last], reach[last]), directions == _HIGHER, rules
        ),
        better=directions,
    )


def _changes(group: Ints) -> Bools:
    """True where another group begins, of ascending groups (n,)."""
    first = np.ones(group.shape, dtype=bool)
    first[1:] = group[1:] != group[:-1]
    return first


def _counting(part: Ints, within: Ints, new_section: Bools, fixed: Ints, rules: RuleSet) -> Bools:
    """The points whose values make the limits: all, or a baseline's first `fixed` where it holds."""
    position = np.arange(part.size)
    since = position - np.maximum.accumulate(np.where(new_section, position, 0)) if part.size else position
    holds = fixed > 0
    if rules.baseline is Baseline.FIRST_SECTION:
        holds = holds & (within == 0)
    return ~holds | (since < fixed)


def _spread(taken_values: NDArray[Any], taken: Ints, size: int, *, fill: float = 0) -> NDArray[Any]:
    """Values of the points taken, in the places of all points."""
    spread = np.full(size, fill, dtype=taken_values.dtype)
    spread[taken] = taken_values
    return spread
