"""The run chart of one measure's observations between checkpoints: points in time and their median."""

from __future__ import annotations

import statistics
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal


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


def run_chart(observations: Iterable[tuple[date, Decimal]]) -> RunChart | None:
    """The run chart of dated observations in one unit; None without any. It shows and does not judge.

    Source: Perla, Provost and Murray (2011), The run chart, BMJ Quality & Safety 20:46-51.
    """
    ordered = sorted(observations, key=lambda observation: observation[0])
    if not ordered:
        return None
    median = statistics.median(value for _, value in ordered)
    points = tuple(Point(on, value, (value > median) - (value < median)) for on, value in ordered)
    return RunChart(points=points, median=median)
