"""A trust summary's metrics in words, from the stored body alone."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from dashboards.before_after import Body
from metrics.models import Measurement
from metrics.presenters.words import CATEGORIES, limits_words, target_words, value_words
from ui.icons import VARIATION
from ui.words import day_year, month, number


@dataclass(frozen=True)
class MetricLine:
    """One metric's row, and below it what was changed and why."""

    name: str
    value_stream: str
    definition: str
    latest: str
    latest_on: str
    mean: str
    limits: str
    target: str
    variation: str
    assurance: str
    better: str
    notes: tuple[str, ...]


def metric_groups(stored: list[Body]) -> list[tuple[str, list[MetricLine]]]:
    """Rows by category, in the order of the five."""
    groups = [(words, [one for one in stored if one["category"] == key]) for key, words in CATEGORIES.items()]
    return [(words, [_metric(one) for one in found]) for words, found in groups if found]


def _metric(stored: Body) -> MetricLine:
    latest, mean, lower, upper = (stored[key] for key in ("latest", "mean", "lower_limit", "upper_limit"))
    few = f"{number(1 if mean['suppressed'] else mean['n'])} of {number(stored['rule_set']['points_needed'])} points"
    limits = {"lower": lower["value"], "upper": upper["value"]}
    return MetricLine(
        name=stored["name"],
        value_stream=stored["value_stream"],
        definition=_definition(stored),
        latest="fewer than 5" if latest["suppressed"] else value_words(latest["value"], stored),
        latest_on=month(date.fromisoformat(latest["period"]["to"])) if latest["n"] or latest["suppressed"] else "",
        mean="fewer than 5" if mean["suppressed"] else value_words(mean["value"], stored),
        limits=limits_words(limits, stored) if upper["value"] is not None else few,
        target=target_words(stored["target"]["value"], stored),
        variation=stored["variation"],
        assurance=stored["assurance"],
        better=stored["better_when"],
        notes=tuple(_metric_notes(stored)),
    )


def _definition(stored: Body) -> str:
    said = stored["definition"]
    of = f"; out of: {said['out_of']}" if said["out_of"] else ""
    without = f"; left out: {said['left_out']}" if said["left_out"] else ""
    return f"{said['counts']}{of}{without}"


def _metric_notes(stored: Body) -> Iterator[str]:
    """What was changed, when, by which role and why; gaps; and what is generated."""
    for one in stored["recalculations"]:
        by = f" ({one['by']})" if one["by"] else ""
        yield f"Limits recalculated from {said_day(one['on'])}{by}: {one['cause']}. {one['reason']}"
    for one in stored["amendments"]:
        before = VARIATION[one["before"]["variation"]].lower()
        yield (
            f"Definition {one['version']} from {said_day(one['applies_from'])} (agreed: {one['agreed_by']}):"
            f" {one['reason']} The one before ended with “{before}”."
        )
    if stored["mean"]["excluded"]:
        yield f"Left out: {_gaps(stored['mean']['excluded'])}."
    if stored["retired_on"]:
        yield f"Watched until {said_day(stored['retired_on'])}."
    if stored["synthetic"]:
        yield "Generated, not as measured."


def _gaps(excluded: dict[str, int]) -> str:
    words = dict(Measurement.Missing.choices) | {"ghost": "shown, counted nowhere"}
    return ", ".join(f"{number(count)} {words[why]}" for why, count in excluded.items())


def said_day(text: str) -> str:
    return day_year(date.fromisoformat(text))
