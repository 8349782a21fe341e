"""The value stream's dashboard: from its snapshot, the day and the period to what the page says."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from dashboards.before_after import KINDS, Body
from dashboards.presenters import checkpoints
from dashboards.presenters.before_after import (
    KindFigures,
    MeasureLine,
    all_figures,
    in_period,
    measure_line,
    pictures,
    synthetic_words,
)
from dashboards.shown import Shown
from dashboards.wording import LEFT_OUT
from metrics.presenters.words import metrics_answer
from rpiws.models import Measure
from ui.words import number, plural, sentence

KIND_NAMES = {**dict(Measure.Kind.choices), **KINDS}


@dataclass(frozen=True)
class Panels:
    """Everything that is swapped when a newer snapshot is there."""

    answer: str
    stretches: tuple[checkpoints.Stretch, ...]
    rpiws: tuple[checkpoints.RpiwLine, ...]
    shown_checkpoints: tuple[str, ...]
    stand_downs: tuple[Body, ...]
    figures: tuple[KindFigures, ...]
    pictures: dict[str, dict[str, Any]]
    groups: tuple[tuple[str, tuple[MeasureLine, ...]], ...]
    left_out: tuple[MeasureLine, ...]
    apart: tuple[MeasureLine, ...]
    apart_sources: tuple[str, ...]
    completeness: tuple[str, ...]
    complete: int
    held: int
    synthetic: str
    period: Body


def panels(shown: Shown) -> Panels:
    body, period, today = shown.body, shown.period, shown.today
    figures = all_figures(period)
    measures = in_period(body, period)
    lines = [checkpoints.line(rpiw, today=today) for rpiw in checkpoints.shown_rpiws(body)]
    drawn = pictures(measures)
    apart = [measure for measure in measures if measure["left_out"] == "kept_apart"]
    counted = [measure for measure in measures if measure["left_out"] != "kept_apart"]
    return Panels(
        answer=" ".join(said for said in (answer(period, figures, lines), metrics_answer(body["metrics"])) if said),
        stretches=tuple(checkpoints.stretches(body, today=today)),
        rpiws=tuple(lines),
        shown_checkpoints=_checkpoints_of(lines),
        stand_downs=tuple(body["stand_downs"]),
        figures=tuple(figures),
        pictures=drawn,
        groups=_groups([measure for measure in counted if not measure["left_out"]]),
        left_out=tuple(measure_line(measure) for measure in counted if measure["left_out"]),
        apart=tuple(measure_line(measure) for measure in apart),
        apart_sources=tuple(dict.fromkeys(measure["source"] for measure in apart if measure["source"])),
        completeness=tuple(completeness_lines(period, today=today)),
        complete=period["completeness"]["complete"],
        held=period["completeness"]["held"],
        synthetic=synthetic_words(period),
        period=period,
    )


def answer(period: Body, figures: list[KindFigures], lines: list[checkpoints.RpiwLine]) -> str:
    """The sentence that suffices if only one is read."""
    found = [each for each in figures if each.n]
    held, complete = period["completeness"]["held"], period["completeness"]["complete"]
    late = checkpoints.late_words(lines)
    if not held:
        if not lines:
            return "No RPIW has been planned here yet."
        return "No RPIW has reported out in this period yet, so there is nothing to compare."
    has = "has" if complete == 1 else "have"
    measured = f"{number(complete)} of {plural(held, 'RPIW')} {has} complete measures"
    if not found:
        first = "No measure has both a baseline and a remeasure yet"
    elif len(found) > 1 and all("more than halved" in each.fall for each in found[:2]):
        first = f"{found[0].name} and {found[1].name.lower()} have more than halved"
    else:
        first = found[0].fall
    return f"{first}. {sentence(measured)}{f', and {late}' if late else ''}."


def _checkpoints_of(lines: list[checkpoints.RpiwLine]) -> tuple[str, ...]:
    used = {point.checkpoint for line in lines for point in line.points}
    return tuple(name for name in ("day_30", "day_60", "day_90", "day_120", "day_365", "after") if name in used)


def _groups(measures: list[Body]) -> tuple[tuple[str, tuple[MeasureLine, ...]], ...]:
    order = [*KINDS, *(kind for kind in KIND_NAMES if kind not in KINDS)]
    return tuple(
        (KIND_NAMES[kind], own)
        for kind in order
        if (own := tuple(measure_line(measure) for measure in measures if measure["kind"] == kind))
    )


def completeness_lines(period: Body, *, today: date) -> list[str]:
    """What the figures rest on, line by line."""
    counts, processes = period["completeness"], period["processes"]
    due = counts["due_dates"]
    late, done = checkpoints.passed(due["incomplete"], today=today), checkpoints.passed(due["complete"], today=today)
    said = [f"{number(done)} of {plural(late + done, 'RPIW')} whose 30-day date has passed are complete"]
    said.append(
        f"{number(counts['paired'])} of {plural(counts['measures'], 'measure')} have a baseline and a remeasure"
    )
    said += [f"{plural(count, 'measure')}: {LEFT_OUT[reason]}" for reason, count in counts["unpaired"].items()]
    if processes["sharing"]:
        said.append(
            f"{plural(processes['sharing'], 'RPIW')} share a process with another: {plural(processes['rpiws'], 'RPIW')}"
            f" worked on {plural(processes['processes'], 'process', 'processes')}"
        )
    if period["kept_apart"]:
        said.append(f"{plural(period['kept_apart'], 'RPIW')} shown apart, as printed, and counted in no total")
    return said
