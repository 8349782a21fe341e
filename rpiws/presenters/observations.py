"""Observations between checkpoints: their words and run charts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from analysis.run_chart import RunChart, run_chart
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
class MeasureObserved:
    measure: Measure
    form: ObservationsForm
    rows: tuple[Observed, ...]
    chart: RunChart | None
    figure: dict[str, Any] | None
    median: str


def present_observations(rpiw: Rpiw, forms: Sequence[ObservationsForm]) -> list[MeasureObserved]:
    """One block per measure; one query for all of them."""
    found: dict[int, list[Observation]] = defaultdict(list)
    between = Observation.objects.filter(measure__rpiw=rpiw, reading=None).select_related("recorded_by")
    for observation in between:
        found[observation.measure_id].append(observation)
    return [_of(form, found[form.measure.pk]) for form in forms]


def _of(form: ObservationsForm, observations: Sequence[Observation]) -> MeasureObserved:
    measure = form.measure
    chart = run_chart((one.observed_on, one.value) for one in observations if one.observed_on)
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
        chart=chart,
        figure=run_figure(chart, measure) if chart and len(chart.points) > 1 else None,
        median=entries.say(measure, chart.median) if chart else "",
    )
