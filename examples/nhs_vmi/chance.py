"""Chance that is the same on every machine and under every version of Python.

Only `random.Random.random` keeps its sequence for a seed; the other methods may change, so they are written out here.
"""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from statistics import NormalDist
from typing import TypeVar

T = TypeVar("T")


class Chance:
    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)  # noqa: S311 (no secret depends on it)

    def share(self) -> float:
        """At least 0, less than 1."""
        return self._random.random()

    def low_share(self) -> float:
        """At least 0, less than 1, and mostly near 0. Multiplied out, because powers may differ between machines."""
        share = self.share()
        return share * share * share * share * share * share

    def happens(self, probability: float) -> bool:
        return self.share() < probability

    def between(self, low: float, high: float) -> float:
        return low + (high - low) * self.share()

    def whole(self, low: int, high: int) -> int:
        """A whole number from low to high, both included."""
        return low + int(self.share() * (high - low + 1))

    def one_of(self, things: Sequence[T]) -> T:
        return things[self.whole(0, len(things) - 1)]

    def shuffled(self, things: Sequence[T]) -> list[T]:
        mixed = list(things)
        for place in range(len(mixed) - 1, 0, -1):
            other = self.whole(0, place)
            mixed[place], mixed[other] = mixed[other], mixed[place]
        return mixed

    def skewed(self, spread: float) -> float:
        """Log-normal with median 1: the logarithm has mean 0 and standard deviation `spread`."""
        return math.exp(spread * NormalDist().inv_cdf(self.between(0.003, 0.997)))
