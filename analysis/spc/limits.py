"""Centre line and limits of every section of many series at once (XmR, natural process limits).

Source: Wheeler, Understanding Variation (1993), with the factors that NHS England prints: 2.66 and 3.267.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.spc.rule_sets import RuleSet, Screening

LIMIT_FACTOR = 2.66
"""Limits are this many mean moving ranges from the mean: 3 / 1.128, rounded as NHS England has it."""
RANGE_FACTOR = 3.267
"""A moving range beyond this many mean moving ranges is unusual in itself."""

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Sections:
    """What holds for each section, (s,) each, in the values' unit; NaN where it cannot be computed."""

    mean: Floats
    mean_range: Floats

    @property
    def reach(self) -> Floats:
        """From the mean to a limit."""
        return LIMIT_FACTOR * self.mean_range


def moving_ranges(values: Floats, section: Ints) -> Floats:
    """|value - the one before| of each point (n,); NaN for a section's first point and beside a missing value."""
    ranges = np.full(values.shape, np.nan)
    ranges[1:] = np.where(section[1:] == section[:-1], np.abs(np.diff(values)), np.nan)
    return ranges


def mean_by(section: Ints, values: Floats, use: Bools, sections: int) -> Floats:
    """The mean of the values to use in each section (s,); NaN where there is none.

    In two passes: the second adds what the first lost in rounding, so that a flat series has its exact value as mean.
    """
    where, used = section[use], values[use]
    count = np.bincount(where, minlength=sections)
    with np.errstate(invalid="ignore", divide="ignore"):
        first = np.bincount(where, weights=used, minlength=sections) / count
        return first + np.bincount(where, weights=used - first[where], minlength=sections) / count


def limits(values: Floats, section: Ints, counts: Bools, sections: int, rules: RuleSet) -> Sections:
    """Means and mean moving ranges of the points that count (n,), by section numbered 0 to sections - 1.

    A moving range counts with the point that it leads to. A section of one point has a mean and no limits.
    """
    ranges = moving_ranges(values, section)
    use = counts & ~np.isnan(values)
    use_range = counts & ~np.isnan(ranges)
    mean = mean_by(section, values, use, sections)
    mean_range = mean_by(section, ranges, use_range, sections)
    if rules.screening is not Screening.NONE:
        border = RANGE_FACTOR * mean_range[section]
        strict = rules.screening is Screening.RANGES
        usual = (ranges < border) if strict else (ranges <= border)
        mean_range = mean_by(section, ranges, use_range & usual, sections)
        if rules.screening is Screening.RANGES_AND_VALUES:
            mean = mean_by(section, values, use & (usual | np.isnan(ranges)), sections)
    return Sections(mean=mean, mean_range=mean_range)
