"""What a dashboard stores of before and after: parts that add up, their summary, and notes for the reader."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from analysis.before_after import Parts, combine, gather, summarise

KINDS = {"lead_time": "Lead time", "defects": "Total defects", "defect_ratio": "Defect ratio"}
"""The kinds of measure that are totalled, with their names. The others are shown row by row."""

Body = dict[str, Any]


def text(number: Decimal | None) -> str | None:
    """A number as snapshots store it: every digit that matters, no trailing zeros."""
    if number is None:
        return None
    whole, _, fraction = f"{number:f}".partition(".")
    fraction = fraction.rstrip("0")
    return f"{whole}.{fraction}" if fraction else whole


def iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def figures(parts: Parts, *, notes: Mapping[str, int], groups: Iterable[Parts] | None = None) -> Body:
    """One kind's before and after, to store: `parts` to add up, `summary` to show, `notes` counted for the reader.

    notes: rpiws (with at least one pair), synthetic, median, working_days, retrospective: numbers of pairs.
    """
    return {
        "parts": parts.to_dict(),
        "summary": summarise(parts, kind=parts.kind, groups=groups).to_dict(),
        "notes": dict(sorted(Counter(notes).items())),
    }


def no_figures(kind: str) -> Body:
    return figures(gather([], kind=kind), notes={})


def rolled_up(stored: Iterable[Body], *, kind: str, grouped: bool = False) -> Body:
    """The figures of one kind added up from several snapshots; `grouped` adds the unweighted mean of their means."""
    stored = list(stored)
    parts = [Parts.from_dict(each["parts"]) for each in stored]
    notes: Counter[str] = Counter()
    for each in stored:
        notes.update(each["notes"])
    return figures(combine(parts, kind=kind), notes=notes, groups=parts if grouped else None)


def completeness_rolled_up(stored: Iterable[Body]) -> Body:
    """Completeness added up from several snapshots."""
    stored = list(stored)
    unpaired: Counter[str] = Counter()
    for each in stored:
        unpaired.update(each["unpaired"])
    return {
        **{name: sum(each[name] for each in stored) for name in ("held", "complete", "measures", "paired")},
        "unpaired": dict(sorted(unpaired.items())),
        "due_dates": {
            group: sorted(day for each in stored for day in each["due_dates"][group])
            for group in ("complete", "incomplete")
        },
    }


def processes_rolled_up(stored: Iterable[Body]) -> Body:
    stored = list(stored)
    return {name: sum(each[name] for each in stored) for name in ("rpiws", "processes", "sharing")}
