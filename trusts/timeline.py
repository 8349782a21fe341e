"""A trust's context on one time axis, and the same facts as a table. Pure: facts in, rows out."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from trusts.models import ChiefExecutive, CqcRating, RegulatoryPeriod, StandDown
from trusts.presenters import period_words, rating_words, stand_down_words
from ui.timeline import Bar, Row
from ui.words import partial_date

NOTHING = "not recorded"


@dataclass(frozen=True)
class Fact:
    """One line of the table that stands with the picture."""

    start: dt.date
    kind: str
    what: str
    when: str
    source: str


@dataclass(frozen=True)
class Context:
    """What a trust lived through. `joined` is when it joined the partnership."""

    ratings: Sequence[CqcRating]
    leaders: Sequence[ChiefExecutive]
    periods: Sequence[RegulatoryPeriod]
    stand_downs: Sequence[StandDown]
    joined: dt.date


def context_rows(context: Context) -> list[Row]:
    """Rows for ui.timeline in the order of the page; what overlaps goes to a second row of the same kind."""
    return [
        *_laned("CQC rating", _rating_bars(context.ratings)),
        *_laned("Chief executive", _leader_bars(context.leaders)),
        *_laned("Regulatory period", [_bar(one, str(one), "bad") for one in _by_start(context.periods)]),
        *_laned("Stand-down", [_bar(one, stand_down_words(one), "stopped") for one in _by_start(context.stand_downs)]),
        Row("Partnership", [Bar(context.joined, None, f"In the partnership since {context.joined.year}", kind="wash")]),
    ]


def context_table(context: Context) -> list[Fact]:
    """The same facts as lines of a table, the earliest first."""
    facts = [
        *(Fact(one.rated, "CQC rating", str(one), rating_words(one), one.source) for one in context.ratings),
        *(_fact("Chief executive", one, str(one)) for one in context.leaders),
        *(_fact("Regulatory period", one, str(one)) for one in context.periods),
        *(_fact("Stand-down", one, stand_down_words(one)) for one in context.stand_downs),
        Fact(context.joined, "Partnership", "Joined the partnership", partial_date(context.joined, "month"), ""),
    ]
    return sorted(facts, key=lambda fact: fact.start)


def _rating_bars(ratings: Iterable[CqcRating]) -> list[Bar]:
    """A rating stands until the next one."""
    ordered = sorted(ratings, key=lambda one: one.rated)
    ends = [*(one.rated for one in ordered), None][1:]
    return [
        Bar(one.rated, end, str(one), str(one.rated.year), kind="bad" if one.rating == "inadequate" else "plain")
        for one, end in zip(ordered, ends, strict=True)
    ]


def _leader_bars(leaders: Iterable[ChiefExecutive]) -> list[Bar]:
    return [_bar(one, str(one), "hatched" if one.interim else "blue") for one in _by_start(leaders)]


def _by_start(facts: Iterable) -> list:
    return sorted(facts, key=lambda fact: fact.started)


def _bar(fact, label: str, kind: str) -> Bar:
    return Bar(fact.started, fact.ended, label, _years(fact.started, fact.ended), kind=kind)


def _years(start: dt.date, end: dt.date | None) -> str:
    if end is None:
        return f"since {start.year}"
    return str(start.year) if start.year == end.year else f"{start.year}–{end.year}"


def _fact(kind: str, fact, what: str) -> Fact:
    return Fact(fact.started, kind, what, period_words(fact), fact.source)


def _laned(label: str, bars: list[Bar]) -> list[Row]:
    """Bars that would lie on each other go to rows of their own; only the first row is labelled."""
    if not bars:
        return [Row(label, note=NOTHING)]
    lanes: list[list[Bar]] = []
    for bar in bars:
        free = (lane for lane in lanes if lane[-1].end is not None and lane[-1].end <= bar.start)
        lane = next(free, None)
        if lane is None:
            lanes.append([bar])
        else:
            lane.append(bar)
    return [Row(label if place == 0 else "", lane) for place, lane in enumerate(lanes)]
