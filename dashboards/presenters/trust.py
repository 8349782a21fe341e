"""The trust's page: its years at a glance, its value streams, its figures against its own baselines, its context."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from dashboards.before_after import Body
from dashboards.matrix import CATEGORIES_SHORT
from dashboards.presenters.before_after import KindFigures, MeasureLine, all_figures, measure_line, synthetic_words
from dashboards.shown import Shown
from dashboards.wording import day_of
from metrics.presenters.words import CATEGORIES
from trusts.models import ChiefExecutive, CqcRating, RegulatoryPeriod, StandDown, ValueStream
from trusts.presenters import NOT_NAMED, period_words
from trusts.timeline import Context, Fact, context_rows, context_table
from ui import timeline
from ui.timeline import Mark, Row, Timeline
from ui.words import listing, month, noun, number, partial_date, plural, sentence, spelled

KEY = (
    ("filled", "RPIW with complete measures"),
    ("hollow", "RPIW without"),
    ("hatched", "Interim"),
)
_GRADES = ("outstanding", "good", "requires_improvement", "inadequate")


@dataclass(frozen=True)
class StreamLine:
    id: int
    name: str
    unnamed: str
    chosen: str
    chosen_icon: str
    status: str
    held: int
    complete: int
    icons: tuple[tuple[str, str | None], ...]
    """Each category with the icon of its metrics."""


@dataclass(frozen=True)
class TrustPanels:
    answer: str
    drawing: timeline.Drawing
    facts: tuple[Fact, ...]
    rpiws: tuple[tuple[str, str, str], ...]
    streams: tuple[StreamLine, ...]
    figures: tuple[KindFigures, ...]
    bars: list[dict[str, Any]]
    context: list[tuple[str, str | None, str]]
    apart: tuple[MeasureLine, ...]
    apart_sources: tuple[str, ...]
    waiting: tuple[str, ...]
    synthetic: str
    period: Body


def panels(shown: Shown) -> TrustPanels:
    body, period = shown.body, shown.period
    context, streams = context_of(body["context"]), [_stream(each, period["key"]) for each in body["value_streams"]]
    figures = all_figures(period)
    apart = body["kept_apart"]
    return TrustPanels(
        answer=answer(body, period, context, shown.today),
        drawing=drawing(body, context, today=shown.today),
        facts=tuple(context_table(context)),
        rpiws=tuple(_rpiw_lines(body)),
        streams=tuple(streams),
        figures=tuple(figures),
        bars=[_bar(each) for each in figures],
        context=context_facts(body["context"], shown.today),
        apart=tuple(measure_line(measure) for measure in apart),
        apart_sources=tuple(dict.fromkeys(measure["source"] for measure in apart if measure["source"])),
        waiting=tuple(body["waiting"]),
        synthetic=synthetic_words(period),
        period=period,
    )


def context_of(stored: Body) -> Context:
    """The facts as the timeline takes them; nothing is read from the database."""
    return Context(
        ratings=[CqcRating(**_dated(row)) for row in stored["ratings"]],
        leaders=[ChiefExecutive(**_dated(row)) for row in stored["chief_executives"]],
        periods=[RegulatoryPeriod(**_dated(row)) for row in stored["regulatory_periods"]],
        stand_downs=[_stand_down(_dated(row)) for row in stored["stand_downs"]],
        joined=date.fromisoformat(stored["joined"]),
    )


def _dated(row: Body) -> Body:
    return {key: day_of(value) if key in ("rated", "started", "ended") else value for key, value in row.items()}


def _stand_down(row: Body) -> StandDown:
    name = row.pop("value_stream__name")
    return StandDown(**row, value_stream=ValueStream(name=name) if name else None)


def answer(body: Body, period: Body, context: Context, today: date) -> str:
    """`38 RPIWs in eight value streams, through three chief executives and a fall in rating. 34 have complete ...`"""
    held, complete = period["completeness"]["held"], period["completeness"]["complete"]
    streams = period["value_streams"]
    if not held:
        return "No RPIW has reported out in this period yet."
    begun = [leader for leader in context.leaders if leader.started <= today]
    within = [leader for leader in begun if leader.ended is None or leader.ended >= context.joined]
    through = []
    if within:
        many = "chief executive" if len(within) == 1 else "chief executives"
        through.append(f"{'one' if len(within) == 1 else spelled(len(within))} {many}")
    if move := rating_move(context):
        through.append(move)
    lived = f", through {listing(through)}" if through else ""
    have = "has" if complete == 1 else "have"
    return (
        f"{plural(held, 'RPIW')} in {spelled(streams)} {noun(streams, 'value stream')}{lived}."
        f" {number(complete)} {have} complete measures."
    )


def rating_move(context: Context) -> str:
    """Whether the rating rose or fell since the trust joined: from the one before it joined, else from the first."""
    ratings = sorted(context.ratings, key=lambda rating: rating.rated)
    if len(ratings) < 2:
        return ""
    before = [rating for rating in ratings if rating.rated <= context.joined] or ratings[:1]
    first, last = _GRADES.index(before[-1].rating), _GRADES.index(ratings[-1].rating)
    return "" if first == last else "a rise in rating" if last < first else "a fall in rating"


def drawing(body: Body, context: Context, *, today: date) -> timeline.Drawing:
    """Context and RPIWs on one time axis."""
    rpiws = [rpiw for rpiw in body["rpiws"] if rpiw["week_published"]]
    marks = [
        Mark(
            date.fromisoformat(rpiw["reported_out"]),
            "complete" if rpiw["complete"] else "incomplete",
            f"{rpiw['process']}, {month(day_of(rpiw['reported_out']))}",
        )
        for rpiw in rpiws
    ]
    row = Row(f"RPIWs, {len(rpiws)}", marks=marks, bold=True, note="" if marks else "none yet")
    return timeline.draw(Timeline(rows=[*context_rows(context), row], today=today, label_width=150))


def _rpiw_lines(body: Body) -> list[tuple[str, str, str]]:
    """Process, report-out and whether its measures are complete, the earliest first."""
    rows = sorted(body["rpiws"], key=lambda rpiw: rpiw["reported_out"])
    return [
        (rpiw["process"], month(day_of(rpiw["reported_out"])), "complete" if rpiw["complete"] else "not complete")
        for rpiw in rows
    ]


def _stream(stored: Body, key: str) -> StreamLine:
    counts = stored["completeness"].get(key, {"held": 0, "complete": 0})
    name = stored["name"]
    unnamed = "" if stored["named_publicly"] else NOT_NAMED
    if unnamed:
        name = name.removesuffix(f" ({NOT_NAMED})")
    return StreamLine(
        id=stored["id"],
        name=name,
        unnamed=unnamed,
        chosen=stored["chosen"],
        chosen_icon={"top-down": "top_down", "bottom-up": "bottom_up"}.get(stored["chosen"], ""),
        status="" if stored["status"] == "active" else stored["status"],
        held=counts["held"],
        complete=counts["complete"],
        icons=tuple(
            (short, stored.get("icons", {}).get(category))
            for category, short in zip(CATEGORIES, CATEGORIES_SHORT, strict=True)
        ),
    )


def _bar(figures: KindFigures) -> dict[str, Any]:
    """What the component of bars takes; a kind without a pair says so."""
    return {
        "name": figures.name,
        "detail": plural(figures.n, "measure") if figures.n else "no measure before and after",
        "before": figures.before,
        "after": figures.after,
        "before_words": figures.before_words,
        "after_words": figures.after_words,
        "change": figures.change or "none",
    }


def context_facts(stored: Body, today: date) -> list[tuple[str, str | None, str]]:
    """Name, words or None when not recorded, and what is missing then."""
    headcounts = stored["headcounts"]
    people = None
    if headcounts:
        latest = headcounts[-1]
        counted = partial_date(day_of(latest["counted"]), latest["counted_precision"]) if latest["counted"] else ""
        people = f"{number(latest['people'])} people{f', {counted}' if counted else ''}"
    work = [f"{row['name']}, {_when(row)}" for row in stored["cultural_work"]]
    leaders = [row for row in stored["chief_executives"] if _holds(row, today.isoformat())]
    return [
        ("Chief executive", f"{leaders[-1]['name']}, {_when(leaders[-1])}" if leaders else None, "chief-executives"),
        ("Headcount", people, "headcounts"),
        ("Values work", sentence("; ".join(work)) if work else None, "cultural-work"),
        ("Values", stored["values"] or None, ""),
        ("Local name", stored["method_name"] or None, ""),
        ("Region", stored["region"] or None, ""),
    ]


def _holds(row: Body, on: str) -> bool:
    """Whether somebody is in the post on the day: who comes and who goes is known ahead."""
    return row["started"] <= on and (row["ended"] is None or row["ended"] >= on)


def _when(row: Body) -> str:
    """The words of a period as the trust's own pages say it."""
    return period_words(ChiefExecutive(**{key: value for key, value in _dated(row).items() if key in _PERIOD}))


_PERIOD = ("started", "started_precision", "ended", "ended_precision")
