"""The metrics of a trust summary, from the frozen snapshots of its value streams: as they stood at the period's end.

What was measured later, in a copy frozen for a correction, is left out; so the chart is computed from the stored
points, by the stored rules. Where nothing came later it is the dashboard's own chart, and a test says so.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from analysis.before_after import Better
from analysis.spc.rule_sets import RULE_SETS, RuleSet
from analysis.spc.xmr import ChartPoint, XmrChart, xmr
from dashboards.before_after import Body, iso
from dashboards.summaries.figures import FEWEST_PEOPLE, Maker

Roles = Mapping[int, str]
AGREED_BY = "Executive sponsor"
"""By whose agreement alone an amendment is in force."""


def metrics_of(stream: Body, make: Maker, roles: Roles) -> list[Body]:
    """The metrics that the value stream watched in the period, in the order of its categories.

    roles: of each recalculation, the role of who decided it.
    """
    starts = make.month.starts.isoformat()
    watched = [one for one in stream.get("metrics", []) if one["retired_on"] is None or one["retired_on"] >= starts]
    found = (_metric(stream, one, make, roles) for one in watched)
    return [metric for metric in found if metric is not None]


@dataclass(frozen=True)
class _Shown:
    """A definition, and its chart of the days until the period's end."""

    version: Body
    points: list[Body]
    chart: XmrChart
    target: float | None

    @property
    def last(self) -> ChartPoint | None:
        return self.chart.last

    @property
    def section(self) -> list[ChartPoint]:
        """The values that the lines at the last one were computed from."""
        counted = [point for point in self.chart.points if point.value is not None and not point.ghost]
        return [point for point in counted if point.section == counted[-1].section]

    @property
    def left_out(self) -> dict[str, int]:
        """Dates that count for nothing, by reason."""
        why = [point["missing"] or ("ghost" if point["ghost"] else "") for point in self.points]
        return Counter(reason for reason in why if reason)


def _metric(stream: Body, metric: Body, make: Maker, roles: Roles) -> Body | None:
    """None when no definition applied yet."""
    ends = make.month.ends.isoformat()
    rules = RULE_SETS[metric["rules"]["key"]].with_run_length(metric["rules"]["shift"])
    versions = [version for version in metric["versions"] if (version["applies_from"] or "") <= ends]
    if not versions:
        return None
    charts = [_shown(version, rules, ends) for version in versions]
    now, version = charts[-1], versions[-1]
    objective = metric["objective"]
    return {
        "value_stream": stream["value_stream"]["name"],
        "category": metric["category"],
        "name": metric["name"],
        "objective": objective and objective["name"],
        "definition": {
            "version": version["number"],
            "applies_from": version["applies_from"],
            "counts": version["numerator"],
            "out_of": version["denominator"] or None,
            "left_out": version["exclusions"] or None,
            "source": version["data_source"],
            "how_often": version["collected_often"],
        },
        "unit": version["unit"],
        "decimals": version["decimals"],
        "better_when": version["better_when"],
        **_figures(now, make),
        "variation": now.chart.variation_icon,
        "assurance": now.chart.assurance_icon,
        "rule_set": {
            "key": rules.key,
            "title": rules.title,
            "run_length": rules.shift,
            "points_needed": rules.needed,
        },
        "recalculations": [
            {"on": one["on"], "cause": one["cause"], "reason": one["reason"], "by": roles.get(one["id"]) or None}
            for one in version["recalculations"]
            if not one["withdrawn"] and one["on"] <= ends
        ],
        "amendments": [
            {
                "version": later.version["number"],
                "applies_from": later.version["applies_from"],
                "agreed_on": later.version["agreed_at"],
                "agreed_by": AGREED_BY,
                "reason": later.version["reason"],
                "before": {
                    "variation": before.chart.variation_icon,
                    "assurance": before.chart.assurance_icon,
                    "as_of": before.last and iso(before.last.on),
                },
            }
            for before, later in pairwise(charts)
        ],
        "retired_on": metric["retired_on"],
        "synthetic": metric["synthetic"],
    }


def _shown(version: Body, rules: RuleSet, ends: str) -> _Shown:
    """The chart of the whole, or of the only subgroup there is."""
    whole = [one for one in version["series"] if one["subgroup"] == ""]
    series = whole or (version["series"] if len(version["series"]) == 1 else [])
    points = [point for point in series[0]["points"] if point["on"] <= ends] if series else []
    days = {point["on"] for point in points}
    last = max((point["on"] for point in points if point["value"] is not None and not point["ghost"]), default="")
    target = next((one["value"] for one in reversed(version["targets"]) if one["starts"] <= last), None)
    chart = xmr(
        [(date.fromisoformat(point["on"]), point["value"]) for point in points],
        rules,
        better=Better(version["better_when"]),
        target=target,
        recalculated_on={
            date.fromisoformat(one["on"])
            for one in version["recalculations"]
            if not one["withdrawn"] and one["on"] in days
        },
        baseline=version["baseline_points"] or 0,
        ghosts={date.fromisoformat(point["on"]) for point in points if point["ghost"]},
    )
    return _Shown(version, points, chart, target)


def _figures(shown: _Shown, make: Maker) -> Body:
    """Latest, mean, limits and target, each with how many values it rests on and of which days."""
    unit, last, small = shown.version["unit"], shown.last, _is_small(shown)
    section = shown.section if last else []
    limits = (iso(section[0].on), str(iso(section[-1].on))) if section else None
    on = (iso(last.on), str(iso(last.on))) if last else None

    def line(value: float | None, definition: str) -> Body:
        n, only = len(section), small and len(section) == 1
        return make.figure(value, unit, definition, n=n, period=limits, excluded=shown.left_out, suppressed=only)

    return {
        "latest": make.figure(
            last.value if last else None,
            unit,
            "the last value measured by the period's end",
            n=1 if last else 0,
            period=on,
            suppressed=small,
        ),
        "mean": line(last.mean if last else None, "mean of the values, since the limits were last recalculated"),
        "lower_limit": line(last.lower if last else None, "lower process limit: mean - 2.66 mean moving ranges"),
        "upper_limit": line(last.upper if last else None, "upper process limit: mean + 2.66 mean moving ranges"),
        "target": make.figure(shown.target, unit, "aimed at on the day of the last value", n=None, period=on),
    }


def _is_small(shown: _Shown) -> bool:
    """Whether the last value may count, or be out of, fewer people than may be said."""
    row = next((point for point in reversed(shown.points) if point["value"] is not None and not point["ghost"]), None)
    if row is None:
        return False
    of = row["denominator"]
    return (of is not None and of < FEWEST_PEOPLE) or (
        shown.version["unit"] == "count" and row["value"] < FEWEST_PEOPLE
    )
