"""XmR charts drawn by the NHS's own tools, by NHSRplotthedots and in print, reproduced point by point."""

import json
import math
import os
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from analysis.before_after import Better
from analysis.spc.judgement import Judgement, Signal
from analysis.spc.point_tests import in_a_run
from analysis.spc.rule_sets import NHSE_SQL, PLOT_THE_DOTS, SINGLE_CHART_TOOL, Missing, Screening
from analysis.spc.xmr import XmrChart, xmr

ROOT = Path(__file__).resolve().parents[3] / "cases" / "spc"
FOLDERS = [ROOT, *(Path(folder) for folder in os.environ.get("SPC_CASES", "").split(os.pathsep) if folder)]
BETTER = {"increase": Better.HIGHER, "decrease": Better.LOWER, "neutral": Better.NEITHER}

R_LABELS = {
    Signal.NONE: "Common Cause",
    Signal.OUTSIDE_HIGH: "Above UCL",
    Signal.OUTSIDE_LOW: "Below LCL",
    Signal.SHIFT_HIGH: "7 Points Above CL",
    Signal.SHIFT_LOW: "7 Points Below CL",
    Signal.RISING: "7 Point Trend (Increasing)",
    Signal.FALLING: "7 Point Trend (Decreasing)",
    Signal.TWO_OF_THREE_HIGH: "2 in 3 Above CL",
    Signal.TWO_OF_THREE_LOW: "2 in 3 Below CL",
}
R_POINTS = {
    Judgement.COMMON: "common_cause",
    Judgement.IMPROVEMENT: "special_cause_improvement",
    Judgement.CONCERN: "special_cause_concern",
    Judgement.HIGH: "special_cause_neutral_high",
    Judgement.LOW: "special_cause_neutral_low",
}
COLOURS = {
    Judgement.COMMON: "grey",
    Judgement.IMPROVEMENT: "blue",
    Judgement.CONCERN: "orange",
    Judgement.HIGH: "purple",
    Judgement.LOW: "purple",
}
ASSURANCES = {"consistent_pass": "pass", "consistent_fail": "fail", "inconsistent": "hit", None: "none"}


def cases(kind: str) -> list[Any]:
    found = sorted(path for folder in FOLDERS for path in folder.glob(f"{kind}/*.json"))
    assert found
    return [pytest.param(json.loads(path.read_text()), id=path.stem) for path in found]


def icon(name: str) -> str:
    return "common" if name == "common_cause" else name


def close(ours: list[float | None], theirs: list[float | None], tolerance: float = 1e-9) -> bool:
    return len(ours) == len(theirs) and all(
        a is b is None or (a is not None and b is not None and math.isclose(a, b, rel_tol=tolerance, abs_tol=tolerance))
        for a, b in zip(ours, theirs, strict=True)
    )


def dated(values: list[float | None], dates: list[str] | None = None) -> list[tuple[date, float | None]]:
    if dates is None:
        return [(date(2020, 1, 1) + timedelta(days=i), value) for i, value in enumerate(values)]
    return [(date.fromisoformat(on), value) for on, value in zip(dates, values, strict=True)]


def r_rules(given: dict[str, Any]) -> Any:
    return PLOT_THE_DOTS if given["screen_outliers"] else replace(PLOT_THE_DOTS, screening=Screening.NONE)


def facets(case: dict[str, Any]) -> list[tuple[str | None, dict[str, Any], dict[str, Any]]]:
    """Each series of a case: its name, what it was given and what is expected of its points."""
    given, points = case["input"], case["expected"]["points"]
    if "facet" not in given:
        return [(None, given, points)]
    split = []
    for name in sorted(set(given["facet"])):
        mine = [i for i, facet in enumerate(given["facet"]) if facet == name]
        theirs = [i for i, facet in enumerate(points["facet"]) if facet == name]
        asked = given | {
            "dates": [given["dates"][i] for i in mine],
            "values": [given["values"][i] for i in mine],
            "rebase_dates": (given.get("rebase_by_facet") or {}).get(name),
            "target": (given.get("target_by_facet") or {}).get(name),
        }
        split.append((name, asked, {key: [column[i] for i in theirs] for key, column in points.items()}))
    return split


def r_chart(given: dict[str, Any]) -> XmrChart:
    points = dated(given["values"], given["dates"])
    known = {on for on, _ in points}
    recalculated = {date.fromisoformat(on) for on in given["rebase_dates"] or ()}
    return xmr(
        points,
        r_rules(given),
        better=BETTER[given["improvement_direction"]],
        target=given["target"],
        recalculated_on=recalculated & known,  # R ignores a date without a point; ours is asked to refuse it
        baseline=given["fix_after_n_points"] or 0,
        ghosts={on for (on, _), ghost in zip(points, given.get("ghost") or [], strict=False) if ghost},
    )


def agrees_with_r(chart: XmrChart, expected: dict[str, Any]) -> None:
    points = [point for point in chart.points if not point.ghost]
    assert close([point.mean for point in points], expected["mean"])
    assert close([point.lower for point in points], expected["lpl"])
    assert close([point.upper for point in points], expected["upl"])
    for i, point in enumerate(points):
        if "rebase_group" in expected:
            # R numbers from 1 when the first point itself is a recalculation; that changes nothing else.
            assert point.section == expected["rebase_group"][i] - expected["rebase_group"][0]
        assert bool(point.signals & (Signal.OUTSIDE_HIGH | Signal.OUTSIDE_LOW)) == bool(expected["outside_limits"][i])
        assert R_LABELS[point.label] == expected["special_cause_type"][i], i
        assert R_POINTS[point.judgement] == expected["point_type"][i], i
        assert (point.section in chart.short_sections) == expected["short_group_warning"][i]


@pytest.mark.parametrize("case", cases("nhsrplotthedots"))
def test_nhsrplotthedots_is_reproduced(case: dict[str, Any]) -> None:
    expected = case["expected"]
    for name, given, points in facets(case):
        chart = r_chart(given)
        agrees_with_r(chart, points)
        wanted = {key: value[name] if name else value for key, value in expected.items() if "icon" in key}
        kind = expected["assurance_type"][name] if name else expected["assurance_type"]
        assert chart.variation == icon(wanted["variation_icon"])
        # R says "inconsistent" without limits and without a target of the series: there is nothing to compare.
        last = chart.points[-1]
        comparable = given["target"] is not None and last.lower is not None and chart.better is not Better.NEITHER
        assert chart.assurance == (ASSURANCES[kind] if comparable else "none")


@pytest.mark.parametrize("case", cases("ghosting"))
def test_ghosts_leave_the_other_points_as_they_are(case: dict[str, Any]) -> None:
    chart = r_chart(case["input"])
    agrees_with_r(chart, case["expected"]["for_non_ghost_points_in_order"])
    assert chart.variation == icon(case["expected"]["variation_icon"])
    assert chart.assurance == ASSURANCES[case["expected"]["assurance_type"]]
    assert all(not point.signals and point.judgement is Judgement.COMMON for point in chart.points if point.ghost)


@pytest.mark.parametrize("case", cases("nhse_mdc_testing"))
def test_single_chart_tool_is_reproduced(case: dict[str, Any]) -> None:
    given, expected = case["input"], case["expected"]
    points = dated(given["values"], given["dates"])
    start = given["recalculation_starts_at_point"]
    starts = start if isinstance(start, list) else [start] if start else []
    chart = xmr(
        points,
        replace(
            SINGLE_CHART_TOOL.with_run_length(given["points_for_shift_and_trend"]),
            minimum_points=given["min_points_for_limits"],
        ),
        better=BETTER[given["improvement_direction"]],
        target=given.get("target"),
        recalculated_on=[points[number - 1][0] for number in starts],
        baseline=given["baseline_first_n_points"] or 0,
    )
    assert [COLOURS[point.judgement] for point in chart.points] == expected["point_colours"]
    if "variation_icon" in expected:
        assert chart.variation == icon(expected["variation_icon"])
    if "assurance_icon" in expected:
        assert chart.assurance == expected["assurance_icon"]
    if expected.get("limits_and_icons_shown") is False:
        assert (chart.variation, chart.assurance) == (None, None)
        assert all(point.lower is point.upper is None for point in chart.points)
        assert math.isclose(chart.points[-1].mean or math.nan, expected["mean"])
    for line, name in (("mean", "mean"), ("lpl", "lower"), ("upl", "upper")):
        if "derived_limits" in expected:
            assert close([getattr(point, name) for point in chart.points], expected["derived_limits"][line], 1e-8), line


def published(name: str) -> dict[str, Any]:
    case: dict[str, Any] = json.loads((ROOT / "published" / f"{name}.json").read_text())
    return case


ANY_LENGTH = replace(SINGLE_CHART_TOOL, minimum_points=2)


@pytest.mark.parametrize(
    "name",
    [
        "montgomery_6_5_frozen",
        "statprocon_tiny",
        "wheeler_accidents_A",
        "wheeler_accidents_B",
        "wheeler_peak_flow",
        "wheeler_software_verification",
        "nhse_wheeler_vs_1128",
        "nhse_sql_outlier_exclusion",
        "powerbi_spc_proportion_I",
    ],
)
def test_printed_limits_are_reproduced(name: str) -> None:
    case = published(name)
    given, expected, tolerance = case["input"], case["expected"], case["tolerance"]["abs"]
    if "numerators" in given:
        values = [a / b for a, b in zip(given["numerators"], given["denominators"], strict=True)]
    else:
        values = given["values"]
    screened = replace(NHSE_SQL, screening=Screening.RANGES_AND_VALUES)
    chart = xmr(
        dated(values),
        screened if name == "nhse_sql_outlier_exclusion" else ANY_LENGTH,
        better=Better.LOWER,
        baseline=given.get("baseline_first_n_points", 0),
    )
    last = chart.points[-1]
    assert last.mean is not None
    assert last.upper is not None
    mean_range = (last.upper - last.mean) / 2.66
    ours = {
        "mean": last.mean,
        "lpl": last.lower,
        "upl": last.upper,
        "lpl_2.66": last.lower,
        "upl_2.66": last.upper,
        "mean_moving_range": mean_range,
        "two_sigma_lower": last.near_lower,
        "two_sigma_upper": last.near_upper,
        "lower_two_sigma": last.near_lower,
        "upper_two_sigma": last.near_upper,
    }
    compared = set(ours) & set(expected)
    assert compared
    for figure in compared:
        assert ours[figure] == pytest.approx(expected[figure], abs=tolerance), figure
    if "points_outside_limits" in expected:
        outside = [i for i, point in enumerate(chart.points, 1) if point.signals & 3]
        assert outside == expected["points_outside_limits"]
    if "moving_ranges" in expected:
        assert close([point.moving_range for point in chart.points], expected["moving_ranges"])


@pytest.mark.parametrize("case", published("shift_unit_vectors")["input"]["cases"])
def test_a_run_on_one_side_is_flagged_from_its_first_point(case: dict[str, Any]) -> None:
    side = np.sign(np.array(case["values"]) - case["centre"]).astype(np.int8)
    runs = in_a_run(side, np.zeros(side.shape, dtype=bool), case["n"])
    names = {1: "upper", -1: "lower"}
    assert [names[int(s)] if run else "none" for s, run in zip(side, runs, strict=True)] == case["expected"]


def test_missing_values_among_differences_of_one_sign_are_no_trend() -> None:
    chart = xmr(dated([1.0, 2.0, 3.0, None, 5.0, 6.0, 7.0]), PLOT_THE_DOTS, better=Better.HIGHER)
    assert all(not point.signals & (Signal.RISING | Signal.FALLING) for point in chart.points)
    bridged = xmr(
        dated([1.0, 2.0, 3.0, None, 5.0, 6.0, 7.0, 8.0]),
        replace(PLOT_THE_DOTS, missing=Missing.ABSENT),
        better=Better.HIGHER,
    )
    assert sum(bool(point.signals & Signal.RISING) for point in bridged.points) == 7
