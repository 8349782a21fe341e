"""Observations between checkpoints: their words and run charts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from analysis.run_chart import run_chart
from rpiws import entries
from rpiws.charts import run_figure
from rpiws.forms.readings import ObservationsForm
from rpiws.models import Measure, Observation, Rpiw
from ui.words import day_year


@dataclass(frozen=True)
class Observed:
    day: str
    said: str
    by: str
    id: int


@dataclass(frozen=True)
class Run:
    """The run chart of one measure, from two observations on: its points by day as its table shows them."""

    measure: Measure
    figure: dict[str, Any]
    rows: tuple[tuple[date, str], ...]
    median: str


@dataclass(frozen=True)
class MeasureObserved:
    measure: Measure
    form: ObservationsForm
    rows: tuple[Observed, ...]
    run: Run | None


def present_observations(rpiw: Rpiw, forms: Sequence[ObservationsForm]) -> list[MeasureObserved]:
    """One block per measure; one query for all of them."""
    found = _between_checkpoints(rpiw, joins=("recorded_by",))
    return [_of(form, found[form.measure.pk]) for form in forms]


def runs(rpiw: Rpiw, measures: Iterable[Measure]) -> list[Run]:
    """The run charts of those of its measures that were observed twice or more; one query for all of them."""
    found = _between_checkpoints(rpiw)
    return [run for measure in measures if (run := _run(measure, found[measure.pk]))]


def _between_checkpoints(rpiw: Rpiw, *, joins: Sequence[str] = ()) -> dict[int, list[Observation]]:
    """By measure. The single timings of a reading are no part of it: all were taken at their checkpoint."""
    found: dict[int, list[Observation]] = defaultdict(list)
    for observation in Observation.objects.filter(measure__rpiw=rpiw, reading=None).select_related(*joins):
        found[observation.measure_id].append(observation)
    return found


def _run(measure: Measure, observations: Sequence[Observation]) -> Run | None:
    chart = run_chart((one.observed_on, one.value) for one in observations if one.observed_on)
    if chart is None or len(chart.points) < 2:
        return None
    rows = tuple((point.on, entries.say(measure, point.value)) for point in chart.points)
    return Run(measure, run_figure(chart, measure), rows, entries.say(measure, chart.median))


def _of(form: ObservationsForm, observations: Sequence[Observation]) -> MeasureObserved:
    measure = form.measure
    return MeasureObserved(
        measure=measure,
        form=form,
        rows=tuple(
            Observed(
                day=day_year(one.observed_on),
                said=entries.say(measure, one.value),
                by=str(one.recorded_by or ""),
                id=one.pk,
            )
            for one in reversed(observations)
        ),
        run=_run(measure, observations),
    )
