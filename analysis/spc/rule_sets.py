"""Rule sets of XmR charts: where the NHS's own tools differ, each difference is one field, and a tool is one value.

Sources: NHS England, Making Data Count, Single Chart Tool v5.0 and its test document; NHS England, SPC Charts SQL query
v2.6a; NHSRplotthedots 0.2.2. What was compared and why the first is our default: docs/adr/0012.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum


class Screening(StrEnum):
    """What a moving range beyond 3.267 times their mean does to the limits."""

    NONE = "none"
    RANGES = "ranges"
    """It is left out of the mean moving range; the mean stays. A range on the border counts as beyond."""
    RANGES_AND_VALUES = "ranges_and_values"
    """The value that it leads to is left out of the mean as well. A range on the border is kept."""


class Baseline(StrEnum):
    """What "limits fixed by the first n points" holds for when limits are recalculated as well."""

    EACH_SECTION = "each_section"
    FIRST_SECTION = "first_section"
    WHOLE_CHART = "whole_chart"
    """Recalculations are ignored."""


class Missing(StrEnum):
    """What a missing value is to its neighbours."""

    ABSENT = "absent"
    """As if its date had none: the moving range bridges it."""
    BREAKS = "breaks"
    """No moving range touches it, and no run crosses it."""


class Conflict(StrEnum):
    """How a point is judged that is an improvement by one test and a concern by another."""

    IMPROVEMENT = "improvement"
    FIRST_TEST = "first_test"
    """As the first test of `precedence` that it meets; a turning point belongs to the trend that starts there."""
    FIRST_TEST_THEN_SETTING = "first_test_then_setting"
    """As the first test of `precedence`; a point of two trends as `tied_trends` says."""


class Test(StrEnum):
    """The four tests of a point (Making Data Count's special causes)."""

    __test__ = False  # not a class for pytest

    OUTSIDE = "outside"
    SHIFT = "shift"
    TREND = "trend"
    TWO_OF_THREE = "two_of_three"


CLASH_NOTE_ORDER = (Test.TREND, Test.SHIFT, Test.TWO_OF_THREE, Test.OUTSIDE)


def in_words(title: str, shift: int) -> str:
    """NHS England, Single Chart Tool v5.0, runs of 6"""
    return f"{title}, runs of {shift}"


@dataclass(frozen=True, kw_only=True)
class RuleSet:
    """Everything in which two XmR charts of the same values may differ.

    shift, trend: consecutive points, counting the first. minimum_points: fewer values in the chart than this and there
    are no limits, no signals and no icons. short_section: a section with fewer values is warned about.
    crossing: the tests whose runs may go over a recalculation, each point judged by its own section.
    beyond_limit_is_near: a point outside the limits counts among two of three. edge_decides: a target that lies on a
    limit is a pass or a fail, not hit or miss. tied_trends_improve: what FIRST_TEST_THEN_SETTING makes of two trends.
    """

    key: str
    title: str
    shift: int = 6
    trend: int = 6
    screening: Screening = Screening.NONE
    minimum_points: int = 13
    short_section: int = 12
    crossing: frozenset[Test] = frozenset({Test.SHIFT, Test.TREND, Test.TWO_OF_THREE})
    beyond_limit_is_near: bool = False
    baseline: Baseline = Baseline.WHOLE_CHART
    missing: Missing = Missing.ABSENT
    precedence: tuple[Test, ...] = CLASH_NOTE_ORDER
    conflict: Conflict = Conflict.IMPROVEMENT
    tied_trends_improve: bool = True
    edge_decides: bool = False

    def __str__(self) -> str:
        return in_words(self.title, self.shift)

    @property
    def needed(self) -> int:
        """How many values limits need: two, where the rules ask for fewer, for one has no moving range."""
        return max(self.minimum_points, 2)

    def with_run_length(self, length: int) -> RuleSet:
        """These rules with shifts and trends of another length: older NHS material says 7, today's tools 6.

        Raises ValueError for fewer than 3 points: two points are no run.
        """
        if length < 3:
            raise ValueError("A run has at least three points.")
        return replace(self, shift=length, trend=length)


SINGLE_CHART_TOOL = RuleSet(key="nhse-single-chart-5.0", title="NHS England, Single Chart Tool v5.0")
NHSE_SQL = RuleSet(
    key="nhse-sql-2.6a",
    title="NHS England, SQL query v2.6a",
    crossing=frozenset({Test.TREND}),
    beyond_limit_is_near=True,
    baseline=Baseline.FIRST_SECTION,
    conflict=Conflict.FIRST_TEST_THEN_SETTING,
    edge_decides=True,
)
PLOT_THE_DOTS = RuleSet(
    key="nhsr-plotthedots-0.2.2",
    title="NHSRplotthedots 0.2.2",
    shift=7,
    trend=7,
    screening=Screening.RANGES,
    minimum_points=0,
    short_section=13,
    crossing=frozenset(),
    baseline=Baseline.EACH_SECTION,
    missing=Missing.BREAKS,
    precedence=(Test.OUTSIDE, Test.TREND, Test.TWO_OF_THREE, Test.SHIFT),
    conflict=Conflict.FIRST_TEST,
)
RULE_SETS = {rules.key: rules for rules in (SINGLE_CHART_TOOL, NHSE_SQL, PLOT_THE_DOTS)}
