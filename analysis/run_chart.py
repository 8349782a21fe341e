"""The run chart: points in time and their median, for series too short for limits, with its two signals.

Source: Perla, Provost and Murray (2011), The run chart, BMJ Quality & Safety 20:46-51.
"""

from __future__ import annotations

import statistics
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby, pairwise

JUDGED_FROM = 10
"""With fewer points a run chart shows and does not judge."""
SHIFT, TREND = 6, 5


@dataclass(frozen=True)
class Point:
    """One observation. side: 1 above the median, 0 on it, -1 below."""

    on: date
    value: Decimal
    side: int


@dataclass(frozen=True)
class RunChart:
    """Points by date, those of one date in the order given, with the median of all their values."""

    points: tuple[Point, ...]
    median: Decimal

    @property
    def judged(self) -> bool:
        """Whether there are enough points for signals."""
        return len(self.points) >= JUDGED_FROM

    @property
    def shifts(self) -> frozenset[int]:
        """The points (by place) of shifts: six or more on one side; those on the median do not count."""
        off = [(place, point.side) for place, point in enumerate(self.points) if point.side]
        runs = ([place for place, _ in run] for _, run in groupby(off, key=lambda entry: entry[1]))
        return self._long(runs, SHIFT)

    @property
    def trends(self) -> frozenset[int]:
        """The points (by place) of trends: five or more all going up or all going down, repeated values skipped."""
        different = [
            place for place, point in enumerate(self.points) if not place or point.value != self.points[place - 1].value
        ]
        steps = [(a, b, self.points[b].value > self.points[a].value) for a, b in pairwise(different)]
        runs = ([*run] for _, run in groupby(steps, key=lambda step: step[2]))
        return self._long(([run[0][0], *(b for _, b, _ in run)] for run in runs), TREND)

    def _long(self, runs: Iterable[list[int]], length: int) -> frozenset[int]:
        if not self.judged:
            return frozenset()
        return frozenset(place for run in runs if len(run) >= length for place in run)


def run_chart(observations: Iterable[tuple[date, Decimal]]) -> RunChart | None:
    """The run chart of dated observations in one unit; None without any."""
    ordered = sorted(observations, key=lambda observation: observation[0])
    if not ordered:
        return None
    median = statistics.median(value for _, value in ordered)
    points = tuple(Point(on, value, (value > median) - (value < median)) for on, value in ordered)
    return RunChart(points=points, median=median)
