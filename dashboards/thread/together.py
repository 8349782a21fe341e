"""The partnership's golden thread: of all trusts together only totals, and of the reader's own trusts their threads.

Outside a trust its objectives, value streams and metrics are not seen: by no name, and by no number that is its own
alone. So there is no total where it would be the own trusts' and one other's.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from dashboards.thread.tree import Thread


@dataclass(frozen=True)
class Totals:
    """How much of the threads there is, all trusts together: RPIWs are those with a measure that serves a metric, and
    metrics those that one serves. others: how many trusts of these are not the reader's."""

    objectives: int
    streams: int
    rpiws: int
    metrics: int
    others: int

    @property
    def is_hidden(self) -> bool:
        """Whether what is not the reader's own would be one trust's."""
        return self.others == 1


@dataclass(frozen=True)
class PriorityReach:
    """How far one national priority reaches. own: the reader's trusts whose objectives name it."""

    priority: Any
    totals: Totals
    own: tuple[Thread, ...]

    @property
    def is_open(self) -> bool:
        """Whether no objective of any trust serves it."""
        return not self.totals.objectives


def reach_of(
    threads: Sequence[Thread], priorities: Sequence[Any], *, own_trusts: Collection[int]
) -> list[PriorityReach]:
    """One for each priority, in their order. There is no total of all of them: taking away those that are shown would
    tell those that are not."""
    return [
        PriorityReach(
            priority=one,
            totals=_totals(threads, one.id, own_trusts),
            own=tuple(t for t in threads if t.trust.id in own_trusts and t.objectives_of(one.id)),
        )
        for one in priorities
    ]


def _totals(threads: Sequence[Thread], priority_id: int, own_trusts: Collection[int]) -> Totals:
    objectives = [(thread, one) for thread in threads for one in thread.objectives_of(priority_id)]
    streams = {stream.row.id: stream for thread, one in objectives for stream in thread.streams_of(one)}
    serving = [rpiw for stream in streams.values() for rpiw in stream.rpiws if rpiw.serving]
    return Totals(
        objectives=len(objectives),
        streams=len(streams),
        rpiws=len(serving),
        metrics=len({key for rpiw in serving for measure in rpiw.serving for key in measure.metrics}),
        others=len({thread.trust.id for thread, _ in objectives} - set(own_trusts)),
    )
