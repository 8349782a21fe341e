"""What holds for every series: the charts against their naive twin, and the rules' own symmetries."""

from dataclasses import replace
from datetime import date
from math import isclose, nan

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.before_after import Better
from analysis.spc.judgement import HIGH_AND_LOW, Judgement, Signal
from analysis.spc.many import ManyCharts, ManySeries, UnusableSeries, direction_codes, xmr_of_many
from analysis.spc.rule_sets import NHSE_SQL, PLOT_THE_DOTS, RULE_SETS, SINGLE_CHART_TOOL, RuleSet, Screening
from analysis.spc.xmr import xmr
from tests.unit.analysis.spc import naive

VARIANTS = [
    *RULE_SETS.values(),
    SINGLE_CHART_TOOL.with_run_length(7),
    replace(SINGLE_CHART_TOOL, minimum_points=2),
    replace(NHSE_SQL, screening=Screening.RANGES_AND_VALUES, tied_trends_improve=False),
    replace(PLOT_THE_DOTS, screening=Screening.NONE),
]
NAMES = {
    bit: (test, way) for test, pair in HIGH_AND_LOW.items() for bit, way in zip(pair, ("high", "low"), strict=True)
}
rule_sets = st.sampled_from(VARIANTS)
directions = st.sampled_from(list(Better))
whole = st.integers(-40, 40)
series_of_whole = st.lists(whole, min_size=1, max_size=40)


@st.composite
def asked(draw: st.DrawFn) -> dict[str, object]:
    """One series with everything that may go with it; steps are drawn so that runs and trends happen."""
    steps = draw(st.lists(st.integers(-6, 6), min_size=1, max_size=45))
    values = [float(v) for v in (np.cumsum(steps) if draw(st.booleans()) else steps)]
    holes = draw(st.lists(st.integers(0, len(values) - 1), max_size=3))
    size = len(values)
    return {
        "values": [nan if i in holes else value for i, value in enumerate(values)],
        "recalculated": [draw(st.integers(0, 9)) == 0 for _ in range(size)],
        "ghosts": [draw(st.integers(0, 19)) == 0 for _ in range(size)],
        "baseline": draw(st.sampled_from([0, 0, 5, 12])),
        "target": draw(st.one_of(st.none(), st.integers(-40, 40).map(float))),
        "better": draw(directions),
    }


def charts(one: dict[str, object], rules: RuleSet) -> ManyCharts:
    values = one["values"]
    assert isinstance(values, list)
    recalculated = [i > 0 and new for i, new in enumerate(one.get("recalculated") or [False] * len(values))]
    target = one.get("target")
    return xmr_of_many(
        ManySeries.of(values, [0], recalculated=recalculated, ghosts=one.get("ghosts")),
        rules,
        better=direction_codes([one.get("better", Better.HIGHER)]),
        target=None if target is None else [target],
        baseline=[one.get("baseline", 0)],
    )


@settings(max_examples=400)
@given(one=asked(), rules=rule_sets)
def test_charts_equal_their_naive_twin(one: dict[str, object], rules: RuleSet) -> None:
    ours, twin = charts(one, rules), naive.chart(rules=rules, **one)
    assert ours.section.tolist() == twin["section"]
    for i, (mean, reach) in enumerate(twin["lines"]):
        for number, expected in (
            (ours.mean[i], mean),
            (ours.upper[i], None if reach is None else mean + reach),
            (ours.lower[i], None if reach is None else mean - reach),
        ):
            assert np.isnan(number) if expected is None else isclose(number, expected, rel_tol=1e-9, abs_tol=1e-9)
    assert [{NAMES[bit] for bit in Signal(int(bits))} for bits in ours.signals] == twin["signals"]
    assert [Judgement(int(code)).name.lower() for code in ours.judgement] == twin["judgements"]
    assert bool(ours.enough[0]) == twin["enough"]
    assert str(ours.assurance[0]) == twin["assurance"]
    judged = Judgement(int(ours.judgement[ours.last[0]])).name.lower()
    assert (judged if ours.enough[0] else None) == twin["last"]


@settings(max_examples=150)
@given(several=st.lists(asked(), min_size=1, max_size=6), rules=rule_sets)
def test_a_series_has_the_same_chart_alone_and_among_others(several: list[dict[str, object]], rules: RuleSet) -> None:
    together = xmr_of_many(
        ManySeries.of(
            [value for one in several for value in one["values"]],
            np.cumsum([0, *(len(one["values"]) for one in several)])[:-1],
            recalculated=[i > 0 and new for one in several for i, new in enumerate(one["recalculated"])],
            ghosts=[ghost for one in several for ghost in one["ghosts"]],
        ),
        rules,
        better=direction_codes([one["better"] for one in several]),
        target=[nan if one["target"] is None else one["target"] for one in several],
        baseline=[one["baseline"] for one in several],
    )
    begin = 0
    for number, one in enumerate(several):
        alone = charts(one, rules)
        mine = slice(begin, begin + len(one["values"]))
        begin = mine.stop
        for name in ("section", "signals", "judgement", "label"):
            assert (getattr(together, name)[mine] == getattr(alone, name)).all()
        for name in ("mean", "lower", "upper", "moving_range"):
            np.testing.assert_allclose(getattr(together, name)[mine], getattr(alone, name), rtol=1e-12, atol=1e-12)
        assert together.variations[number] == alone.variations[0]
        assert together.assurance[number] == alone.assurance[0]


@settings(max_examples=200)
@given(
    values=series_of_whole, power=st.integers(-8, 8), shift=st.integers(-1000, 1000), rules=rule_sets, better=directions
)
def test_scaling_and_shifting_move_the_limits_and_change_no_label(
    values: list[int], power: int, shift: int, rules: RuleSet, better: Better
) -> None:
    scale = 2.0**power
    plain = charts({"values": values, "better": better}, rules)
    moved = charts({"values": [(value + shift) * scale for value in values], "better": better}, rules)
    assert (plain.signals == moved.signals).all()
    assert (plain.label == moved.label).all()
    assert (plain.judgement == moved.judgement).all()
    # A limit that comes to lie on nought has nothing but rounding left.
    np.testing.assert_allclose(moved.upper, (plain.upper + shift) * scale, rtol=1e-9, atol=1e-9 * scale)
    np.testing.assert_allclose(moved.lower, (plain.lower + shift) * scale, rtol=1e-9, atol=1e-9 * scale)


def both_ways(signals: Signal) -> bool:
    ways = [{way for way, bit in enumerate(pair) if signals & bit} for pair in HIGH_AND_LOW.values()]
    return set().union(*ways) == {0, 1}


SWAPPED = {Judgement.IMPROVEMENT: Judgement.CONCERN, Judgement.CONCERN: Judgement.IMPROVEMENT}


@settings(max_examples=200)
@given(one=asked(), rules=rule_sets)
def test_swapping_what_is_better_swaps_improvement_and_concern(one: dict[str, object], rules: RuleSet) -> None:
    higher = charts(one | {"better": Better.HIGHER, "target": None}, rules)
    lower = charts(one | {"better": Better.LOWER, "target": None}, rules)
    assert (higher.signals == lower.signals).all()
    for up, down, bits in zip(higher.judgement, lower.judgement, higher.signals, strict=True):
        if not both_ways(Signal(int(bits))):
            assert SWAPPED.get(Judgement(int(up)), Judgement.COMMON) == down


@pytest.mark.parametrize("better", [Better.HIGHER, Better.LOWER])
def test_a_point_of_both_ways_is_an_improvement_by_the_single_chart_tool_and_by_rank_in_sql(better: Better) -> None:
    # The last points fall without a pause and all lie above the mean: a falling trend and a high shift.
    values = [0.0] * 12 + [30, 29, 28, 27, 26, 25]
    falling_is_better = better is Better.LOWER
    for rules, expected in (
        (SINGLE_CHART_TOOL, Judgement.IMPROVEMENT),
        (NHSE_SQL, Judgement.IMPROVEMENT if falling_is_better else Judgement.CONCERN),
    ):
        chart = charts({"values": values, "better": better}, rules)
        bits = Signal(int(chart.signals[-1]))
        assert Signal.FALLING in bits
        assert Signal.SHIFT_HIGH in bits
        assert chart.judgement[-1] == expected


@settings(max_examples=150)
@given(values=st.lists(whole, min_size=14, max_size=40), more=whole, rules=rule_sets)
def test_appending_a_point_never_changes_limits_fixed_by_a_baseline(
    values: list[int], more: int, rules: RuleSet
) -> None:
    before = charts({"values": values, "baseline": 12}, rules)
    after = charts({"values": [*values, more], "baseline": 12}, rules)
    for name in ("mean", "lower", "upper"):
        np.testing.assert_array_equal(getattr(after, name)[:-1], getattr(before, name))


@settings(max_examples=150)
@given(one=asked(), rules=rule_sets, ghost=st.floats(-1e6, 1e6), at=st.integers(0, 60))
def test_a_ghost_is_as_good_as_deleted(one: dict[str, object], rules: RuleSet, ghost: float, at: int) -> None:
    values, apart, breaks = (list(one[key]) for key in ("values", "ghosts", "recalculated"))
    place = min(at, len(values) - 1) + 1
    haunted = one | {
        "values": [*values[:place], ghost, *values[place:]],
        "ghosts": [*apart[:place], True, *apart[place:]],
        "recalculated": [*breaks[:place], False, *breaks[place:]],
    }
    plain, shown = charts(one, rules), charts(haunted, rules)
    assert shown.signals[place] == 0
    for name in ("signals", "judgement", "mean", "upper", "moving_range"):
        np.testing.assert_array_equal(np.delete(getattr(shown, name), place), getattr(plain, name))
    assert shown.variations[0] == plain.variations[0]
    assert shown.assurance[0] == plain.assurance[0]


@pytest.mark.parametrize("value", [0.1, 0.7, 0.95, 3.3, 95.3, 99.9])
@pytest.mark.parametrize("size", [13, 24, 49, 120, 999])
def test_a_flat_series_has_its_value_as_mean_and_no_signal(value: float, size: int) -> None:
    chart = charts({"values": [value] * size}, SINGLE_CHART_TOOL)
    assert (chart.mean == value).all()
    assert not chart.signals.any()


def test_too_few_points_have_a_mean_and_nothing_else() -> None:
    chart = charts({"values": [1.0] * 6 + [90.0] * 6}, SINGLE_CHART_TOOL)
    assert chart.mean[0] == 45.5
    assert np.isnan(chart.upper).all()
    assert not chart.signals.any()
    assert chart.variations[0] is None


def test_no_points_are_no_chart() -> None:
    chart = xmr({}, better=Better.LOWER)
    assert (chart.points, chart.variation, chart.last) == ((), None, None)


def test_an_infinite_value_is_refused() -> None:
    with pytest.raises(UnusableSeries, match="infinite"):
        ManySeries.of([1.0, float("inf")], [0])


def months_of(values: list[float]) -> list[tuple[date, float]]:
    return [(date(2020 + n // 12, n % 12 + 1, 1), value) for n, value in enumerate(values)]


def test_last_point_of_a_rise_before_another_rise_falls_as_nhsrplotthedots_has_it() -> None:
    chart = xmr(months_of([0, 1, 2, 3, 4, 5, 6] * 2), PLOT_THE_DOTS, better=Better.HIGHER)
    trends = [point.signals & (Signal.RISING | Signal.FALLING) for point in chart.points]
    assert trends == [*[Signal.RISING] * 6, Signal.FALLING, *[Signal.RISING] * 7]
    same = xmr(months_of([0, 1, 2, 3, 4, 5, 6] * 2), SINGLE_CHART_TOOL, better=Better.HIGHER)
    assert not any(point.signals & Signal.FALLING for point in same.points)


@pytest.mark.parametrize("value", [0.0, 5.0])
@pytest.mark.parametrize(("rules", "icon"), [(NHSE_SQL, "pass"), (SINGLE_CHART_TOOL, "hit")])
def test_target_on_the_limits_of_a_flat_series_also_at_zero(value: float, rules: RuleSet, icon: str) -> None:
    chart = xmr(months_of([value] * 20), rules, better=Better.HIGHER, target=value)
    assert chart.assurance == icon
