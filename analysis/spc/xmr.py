"""The XmR chart of one series, by NHS England's Making Data Count.

Source: NHS England, Making Data Count; the rules that hold are a value (`rule_sets`). Dates only order the points: a
month that is not there is not noticed.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

import numpy as np

from analysis.before_after import Better
from analysis.spc.judgement import Judgement, Signal
from analysis.spc.many import ManyCharts, ManySeries, UnusableSeries, direction_codes, xmr_of_many
from analysis.spc.rule_sets import SINGLE_CHART_TOOL, Missing, RuleSet


@dataclass(frozen=True, kw_only=True)
class ChartPoint:
    """One date of one chart. value None: missing. Lines are None where there are no limits."""

    on: date
    value: float | None
    ghost: bool
    section: int
    mean: float | None
    lower: float | None
    upper: float | None
    near_lower: float | None
    near_upper: float | None
    moving_range: float | None
    signals: Signal
    label: Signal
    judgement: Judgement


@dataclass(frozen=True, kw_only=True)
class XmrChart:
    """One series' chart. variation and assurance: icons, None with too few points; `none`: no target to meet.

    short_sections: the numbers of sections with fewer points than the rule set wants for limits that can be trusted.
    """

    rules: RuleSet
    better: Better
    points: tuple[ChartPoint, ...]
    values: int
    enough: bool
    variation: str | None
    assurance: str | None
    short_sections: tuple[int, ...]

    @property
    def last(self) -> ChartPoint | None:
        """The point that the icons judge."""
        return next((point for point in reversed(self.points) if point.value is not None and not point.ghost), None)

    @property
    def variation_icon(self) -> str:
        """The icon to show: `few` with too few points, and where the last has no limits to be judged by."""
        if self.last is None or self.last.upper is None:
            return "few"
        return self.variation or "few"

    @property
    def assurance_icon(self) -> str:
        return self.assurance or "none"


def xmr(
    values: Mapping[date, float | None] | Sequence[tuple[date, float | None]],
    rules: RuleSet = SINGLE_CHART_TOOL,
    *,
    better: Better,
    target: float | None = None,
    recalculated_on: Collection[date] = (),
    baseline: int = 0,
    ghosts: Collection[date] = (),
) -> XmrChart:
    """The chart of one series of dated values, in any order.

    target: the one in force at the last point. recalculated_on: dates of points from which limits are computed anew.
    Raises UnusableSeries for two values of one date, and for a recalculation or ghost on a date without a point.
    """
    pairs = sorted(values.items() if isinstance(values, Mapping) else values, key=lambda pair: pair[0])
    dates = [on for on, _ in pairs]
    for on, following in pairwise(dates):
        if on == following:
            raise UnusableSeries(f"{on:%d/%m/%Y} has two values; a chart shows one a date.")
    for on in {*recalculated_on, *ghosts} - set(dates):
        raise UnusableSeries(f"There is no point on {on:%d/%m/%Y}.")
    if not dates:
        return XmrChart(
            rules=rules,
            better=better,
            points=(),
            values=0,
            enough=False,
            variation=None,
            assurance=None,
            short_sections=(),
        )
    charts = xmr_of_many(
        ManySeries.of(
            [np.nan if value is None else value for _, value in pairs],
            [0],
            recalculated=[on in recalculated_on for on in dates],
            ghosts=[on in ghosts for on in dates],
        ),
        rules,
        better=direction_codes([better]),
        target=None if target is None else [target],
        baseline=[baseline],
    )
    return _one(charts, pairs, better, frozenset(ghosts))


def _one(
    charts: ManyCharts, pairs: Sequence[tuple[date, float | None]], better: Better, ghosts: frozenset[date]
) -> XmrChart:
    enough = bool(charts.enough[0])
    points = tuple(
        ChartPoint(
            on=on,
            value=value,
            ghost=on in ghosts,
            section=int(charts.section[i]),
            mean=_known(charts.mean[i]),
            lower=_known(charts.lower[i]),
            upper=_known(charts.upper[i]),
            near_lower=_known(charts.near_lower[i]),
            near_upper=_known(charts.near_upper[i]),
            moving_range=_known(charts.moving_range[i]),
            signals=Signal(int(charts.signals[i])),
            label=Signal(int(charts.label[i])),
            judgement=Judgement(int(charts.judgement[i])),
        )
        for i, (on, value) in enumerate(pairs)
    )
    counted = [point for point in points if point.value is not None and not point.ghost]
    rows = counted if charts.rules.missing is Missing.ABSENT else [point for point in points if not point.ghost]
    sizes = np.bincount([point.section for point in rows], minlength=points[-1].section + 1)
    return XmrChart(
        rules=charts.rules,
        better=better,
        points=points,
        values=len(counted),
        enough=enough,
        variation=charts.variations[0],
        assurance=str(charts.assurance[0]) if enough else None,
        short_sections=tuple(number for number, size in enumerate(sizes) if size < charts.rules.short_section),
    )


def _known(number: np.float64) -> float | None:
    return None if np.isnan(number) else float(number)
