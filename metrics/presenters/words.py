"""What a metric's figures say in words: its values, its periods, and the one sentence that suffices."""

import operator
from datetime import date
from typing import Any

from metrics.models import Often, Unit
from metrics.periods import moved
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
        return "Too few points to judge:", f"{lacking_words(series)}. Until then a run chart shows them."
    judged, _, way = series["variation"].partition("_")
    if judged == "few":
        return "Too few points to judge:", f"{lacking_words(series)}."
    if judged == "common":
        last = counted(series)[-1]
        if last["lower"] == last["upper"]:
            return "No change:", f"it stays at {value_words(last['mean'], version)}."
        return "No significant change:", f"it varies from {limits_words(last, version)} by chance alone."
    return f"{_LEADS[judged]}:", f"{signals_words(version, series, way)}."


def lacking_words(series: Body) -> str:
    """What limits wait for: values, or two of them that follow each other."""
    if series["values"] < series["needed"]:
        return f"it has {number(series['values'])} of the {number(series['needed'])} values that limits need"
    since = " since they were recalculated" if counted(series)[-1]["section"] else ""
    return f"limits need two values that follow each other, and there are none{since}"


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
        said.append(f"the last {_periods(version, run)} are {above} the {average}")
    trend = "rising" if way == "high" else "falling"
    if trend in shown:
        run = _run(points, trend)
        said.append(f"the last {_periods(version, run)} {'rise' if way == 'high' else 'fall'} one after the other")
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


def _periods(version: Body, run: list[Body]) -> str:
    """9 months; 9 measured months, where one between them has no value."""
    often = version["collected_often"]
    first, last = (date.fromisoformat(point["on"]) for point in (run[0], run[-1]))
    gaps = moved(first, often, len(run) - 1) < last
    return f"{len(run)} {'measured ' if gaps else ''}{PERIODS[often]}s"


# Icons in words -----------------------------------------------------------------


def variation_detail(version: Body, series: Body) -> str:
    """What stands below the variation icon's words."""
    if series["variation"] == "few":
        few = series["values"] < series["needed"]
        return f"{plural(series['values'], 'value')} of {series['needed']}" if few else "no limits yet"
    judged, _, way = series["variation"].partition("_")
    return "within its limits" if judged == "common" else signals_words(version, series, way)


def assurance_detail(version: Body, series: Body) -> str:
    """What stands below the assurance icon's words, or why there is no icon."""
    if series["target"] is None:
        return "nothing to be met or missed"
    if series["assurance"] == "none":
        why = "neither way is better" if version["better_when"] == "neither" else "too few points"
        return f"no assurance icon: {why}"
    target = f"target {target_words(series['target'], version)}"
    return {
        "pass": f"{target}: outside the limits, on the good side",
        "fail": f"{target}: missed unless the process changes",
        "hit": f"{target}: inside the limits, so met or missed by chance",
    }[series["assurance"]]


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
