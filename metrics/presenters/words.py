"""What a metric's figures say in words: its values, its periods, and the one sentence that suffices."""

import operator
from datetime import date
from typing import Any

from metrics.models import Often, Unit
from ui.words import MINUS, day_year, month, month_short, noun, number, plural, sentence, spelled

Body = dict[str, Any]

CATEGORIES = {
    "quality": "Quality",
    "service": "Service",
    "delivery": "Delivery",
    "morale": "Morale",
    "cost": "Cost: waste removed",
}
PERIODS = {Often.DAILY: "day", Often.WEEKLY: "week", Often.MONTHLY: "month", Often.QUARTERLY: "quarter"}
BETTER = {"lower": "Lower is better", "higher": "Higher is better", "neither": "Neither way is better"}
MISSING = {
    "suppressed": "suppressed by the source",
    "not_collected": "not collected",
    "nothing": "nothing to count",
}
_LEADS = {"improvement": "Improving", "concern": "Concern", "neutral": "Special cause"}
_SHORT_UNITS = {Unit.MINUTES: "min", Unit.HOURS: "h", Unit.DAYS: "days", Unit.RATE: "per 1,000"}


def value_words(value: float | None, version: Body, *, missing: str = "none") -> str:
    """A value in its definition's unit: 84.2%, £1,200, 28.7 min, 3."""
    if value is None:
        return missing
    said = number(value, version["decimals"])
    match version["unit"]:
        case Unit.PERCENT:
            return f"{said}%"
        case Unit.POUNDS:
            return f"{MINUS}£{said[len(MINUS) :]}" if said.startswith(MINUS) else f"£{said}"
        case unit:
            return f"{said} {_SHORT_UNITS[unit]}" if unit in _SHORT_UNITS else said


def unit_words(version: Body) -> str:
    return str(Unit(version["unit"]).label)


def period_words(on: str | date | None, version: Body, *, short: bool = False) -> str:
    """The period that begins on a day: February 2021, Mon 4 January 2021, the quarter from January 2021."""
    if on is None:
        return "never"
    day = on if isinstance(on, date) else date.fromisoformat(on)
    match version["collected_often"]:
        case Often.MONTHLY:
            return month_short(day) if short else month(day)
        case Often.QUARTERLY:
            return f"quarter from {month_short(day) if short else month(day)}"
        case _:
            return day_year(day)


def period_noun(version: Body, count: int) -> str:
    return plural(count, PERIODS[version["collected_often"]])


def limits_words(point: Body, version: Body) -> str:
    """26.0 to 36.4 min"""
    if point["lower"] is None:
        return "none"
    return f"{number(point['lower'], version['decimals'])} to {value_words(point['upper'], version)}"


def target_words(target: float | None, version: Body) -> str:
    """≤ 30 min, ≥ 95%; a metric of which neither way is better has the value alone."""
    if target is None:
        return "none"
    sign = {"lower": "≤ ", "higher": "≥ "}.get(version["better_when"], "")
    return sign + value_words(target, version)


# The sentence ------------------------------------------------------------------


def series_of(version: Body, subgroup: str | None = None) -> Body | None:
    """The series to show: the subgroup asked for, else the whole, else the first; None before any measurement."""
    found = {one["subgroup"]: one for one in version["series"]}
    if subgroup is not None and subgroup in found:
        return found[subgroup]
    return found.get("") or next(iter(found.values()), None)


def metric_sentence(metric: Body) -> str:
    """Whether the metric got better, in one sentence."""
    if not metric["versions"]:
        return "It has no definition on its dashboard yet: one is being computed, or waits for agreement."
    return " ".join(part for part in sentence_parts(metric["versions"][-1], series_of(metric["versions"][-1])) if part)


def sentence_parts(version: Body, series: Body | None) -> tuple[str, str]:
    """The lead, like "Improving:", and what shows it."""
    if series is None or not series["values"]:
        return "No measurement yet:", "what it says will stand here once there is one."
    if not series["enough"]:
        has = f"it has {plural(series['values'], 'value')}, limits need {series['needed']}"
        return "Too few points to judge:", f"{has}. Until then a run chart shows them."
    judged, _, way = series["variation"].partition("_")
    if judged == "common":
        last = counted(series)[-1]
        return "No significant change:", f"it varies from {limits_words(last, version)} by chance alone."
    return f"{_LEADS[judged]}:", f"{signals_words(version, series, way)}."


def counted(series: Body) -> list[Body]:
    """The points that limits and signals rest on."""
    return [point for point in series["points"] if point["value"] is not None and not point["ghost"]]


def signals_words(version: Body, series: Body, way: str) -> str:
    """What the last point showed in the direction that its icon judges."""
    points = counted(series)
    last, period = points[-1], PERIODS[version["collected_often"]]
    shown = set(last["signals"])
    above, upper = ("above", "upper") if way == "high" else ("below", "lower")
    said = []
    if f"shift_{way}" in shown:
        run = _run(points, f"shift_{way}")
        average = "earlier average" if _has_earlier(points, run) else "average"
        said.append(f"the last {_periods(series, run, period)} are {above} the {average}")
    trend = "rising" if way == "high" else "falling"
    if trend in shown:
        run = _run(points, trend)
        said.append(
            f"the last {_periods(series, run, period)} {'rise' if way == 'high' else 'fall'} one after the other"
        )
    if f"outside_{way}" in shown:
        said.append(f"{period_words(last['on'], version)} is {above} the {upper} limit")
    elif f"two_of_three_{way}" in shown and not said:
        said.append(f"two of the last three {period}s are close to the {upper} limit")
    return " and ".join(said[:2])


_GOES_ON = {"rising": operator.lt, "falling": operator.gt}


def _run(points: list[Body], signal: str) -> list[Body]:
    """The points up to the last that have the signal; of one trend, where another goes before it."""
    goes_on = _GOES_ON.get(signal, lambda _value, _next: True)
    run: list[Body] = []
    for point in reversed(points):
        if signal not in point["signals"] or (run and not goes_on(point["value"], run[-1]["value"])):
            break
        run.append(point)
    return run[::-1]


def _has_earlier(points: list[Body], run: list[Body]) -> bool:
    """Whether the limits of the run's section rest on points before it as well: then all of it lies beyond theirs."""
    section = {point["section"] for point in run}
    before = points[: len(points) - len(run)]
    return len(section) == 1 and any(point["section"] in section for point in before)


def _periods(series: Body, run: list[Body], period: str) -> str:
    first = run[0]["on"]
    gaps = any(point["value"] is None and point["on"] > first for point in series["points"])
    return f"{len(run)} {'measured ' if gaps else ''}{period}s"


# Icons in words -----------------------------------------------------------------


def variation_detail(version: Body, series: Body) -> str:
    """What stands below the variation icon's words."""
    if not series["enough"]:
        return f"{plural(series['values'], 'value')} of {series['needed']}"
    judged, _, way = series["variation"].partition("_")
    return "within its limits" if judged == "common" else signals_words(version, series, way)


def assurance_detail(version: Body, series: Body) -> str:
    if series["target"] is None:
        return ""
    target = f"target {target_words(series['target'], version)}"
    return {
        "pass": f"{target}: outside the limits, on the good side",
        "fail": f"{target}: missed unless the process changes",
        "hit": f"{target}: inside the limits, so met or missed by chance",
    }.get(series["assurance"], target)


def metrics_answer(metrics: list[Body]) -> str:
    """Four of nine metrics are improving, one is a concern."""
    watched = [metric for metric in metrics if not metric["retired_on"]]
    kinds = [metric["summary"]["variation"] if metric["summary"] else "few" for metric in watched]
    improving = sum(kind.startswith("improvement") for kind in kinds)
    concern = sum(kind.startswith("concern") for kind in kinds)
    if not watched:
        return ""
    of = f"{spelled(len(watched))} {noun(len(watched), 'metric')}"
    if not improving and not concern:
        judged = sum(kind != "few" for kind in kinds)
        said = "shows a significant change" if judged else "has points enough to be judged yet"
        return f"None of {of} {said}."
    is_are = "is" if improving == 1 else "are"
    said = f"{sentence(spelled(improving))} of {of} {is_are} improving"
    return f"{said}, {spelled(concern)} {'is' if concern == 1 else 'are'} a concern." if concern else f"{said}."
