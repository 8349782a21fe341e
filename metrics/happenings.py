"""What happened in a value stream that a reader of its charts should know, and whose measures serve its metrics.

Rooms register what they know of; it stands on the charts by itself, and is stored with them in the snapshot. Each
source is asked once for a whole value stream, so that the number of queries does not grow with metrics or events.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    WEEK = "week"
    IDEA = "idea"
    STAND_DOWN = "stand_down"


@dataclass(frozen=True, kw_only=True)
class Happening:
    """Something that lasted from `on` to `until`, both included; until=None: it lasts still.

    metrics: the ids of those that it serves; None: it stands on every chart of the value stream. rpiw: whose it is.
    """

    kind: Kind
    on: date
    until: date | None
    text: str
    metrics: frozenset[int] | None = None
    rpiw: int | None = None
    synthetic: bool = False

    def concerns(self, metric_id: int) -> bool:
        return self.metrics is None or metric_id in self.metrics

    @property
    def body(self) -> dict[str, Any]:
        return {
            "kind": self.kind.value,
            "on": self.on.isoformat(),
            "until": self.until.isoformat() if self.until else None,
            "text": self.text,
            "serves": self.metrics is not None,
            "rpiw": self.rpiw,
            "synthetic": self.synthetic,
        }


@dataclass(frozen=True, kw_only=True)
class Serving:
    """An RPIW with those of its measures that serve one metric, each by id and name."""

    metric: int
    rpiw: int
    process: str
    state: str
    week_starts: date
    week_ends: date
    week_published: bool
    synthetic: bool
    measures: tuple[tuple[int, str], ...]

    @property
    def body(self) -> dict[str, Any]:
        return {
            "rpiw": self.rpiw,
            "process": self.process,
            "state": self.state,
            "week_starts": self.week_starts.isoformat() if self.week_published else None,
            "week_ends": self.week_ends.isoformat() if self.week_published else None,
            "synthetic": self.synthetic,
            "measures": [{"id": pk, "name": name} for pk, name in self.measures],
        }


@dataclass(frozen=True)
class Known:
    """What one source knows of a value stream."""

    happened: tuple[Happening, ...] = ()
    serving: tuple[Serving, ...] = ()


Source = Callable[[int], Known]
_sources: dict[str, Source] = {}


def register(name: str, source: Source) -> None:
    """What a room knows of a value stream, given its id. It reads only, in a fixed number of queries."""
    _sources[name] = source


def known_of(value_stream_id: int) -> Known:
    """What all sources know together, by date."""
    found = [source(value_stream_id) for source in _sources.values()]
    return Known(
        _by_date(one for each in found for one in each.happened), tuple(s for each in found for s in each.serving)
    )


def _by_date(happened: Iterable[Happening]) -> tuple[Happening, ...]:
    return tuple(sorted(happened, key=lambda one: (one.on, one.kind, one.text)))
