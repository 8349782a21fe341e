"""XmR charts of many series on arrays, against one at a time in pandas: points a second, with all tests and icons.

Aim: at least 20 times the points a second of the pandas way.
"""

import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from analysis.before_after import Better
from analysis.spc.many import ManySeries, direction_codes, xmr_of_many

SERIES, LENGTH, COMPARED = 10_000, 100, 500
AIM = 20


def in_pandas(values: pd.Series) -> tuple[pd.DataFrame, str, str]:
    """One series as an analyst would write it: the default rules, better when higher, target 100."""
    chart = pd.DataFrame({"value": values})
    mean = chart.value.mean()
    reach = 2.66 * chart.value.diff().abs().mean()
    side = np.sign(chart.value - mean)
    chart["high"] = chart.value > mean + reach
    chart["low"] = chart.value < mean - reach
    run = (side != side.shift()).cumsum()
    long_run = (run.groupby(run).transform("size") >= 6) & (side != 0)
    chart["shift_high"], chart["shift_low"] = long_run & (side > 0), long_run & (side < 0)
    step = np.sign(chart.value.diff()).fillna(0)
    rise = (step != step.shift()).cumsum()
    steps = (rise.groupby(rise).transform("size") >= 5) & (step != 0)
    for name, direction in (("rising", 1), ("falling", -1)):
        there = steps & (step == direction)
        chart[name] = there | there.shift(-1, fill_value=False)
    near = ((chart.value - mean).abs() > 2 / 3 * reach) & ~chart.high & ~chart.low
    one_side = (side.rolling(3).sum().abs() == 3) & (near.rolling(3).sum() >= 2)
    window = one_side | one_side.shift(-1, fill_value=False) | one_side.shift(-2, fill_value=False)
    chart["near_high"], chart["near_low"] = window & near & (side > 0), window & near & (side < 0)
    good = chart[["high", "shift_high", "rising", "near_high"]].any(axis=1)
    bad = chart[["low", "shift_low", "falling", "near_low"]].any(axis=1)
    chart["judgement"] = np.select([good, bad], ["improvement", "concern"], "common")
    last = chart.judgement.iloc[-1]
    variation = {"improvement": "improvement_high", "concern": "concern_low"}.get(last, last)
    assurance = "pass" if mean - reach > 100 else "fail" if mean + reach < 100 else "hit"
    return chart, variation, assurance


def main() -> None:
    rng = np.random.default_rng(2026)
    values = np.round(
        100 + rng.normal(0, 5, (SERIES, LENGTH)).cumsum(axis=1) * 0.1 + rng.normal(0, 4, (SERIES, LENGTH)), 1
    )
    series = ManySeries.of(values.ravel(), np.arange(0, SERIES * LENGTH, LENGTH))
    better = direction_codes([Better.HIGHER] * SERIES)
    targets = np.full(SERIES, 100.0)
    begun = time.perf_counter()
    charts = xmr_of_many(series, better=better, target=targets)
    icons = charts.variations
    ours = SERIES * LENGTH / (time.perf_counter() - begun)

    begun = time.perf_counter()
    theirs = [in_pandas(pd.Series(row)) for row in values[:COMPARED]]
    pandas_way = COMPARED * LENGTH / (time.perf_counter() - begun)
    agree = sum(icon == chart[1] for icon, chart in zip(icons, theirs, strict=False))
    if agree != COMPARED or any(a != chart[2] for a, chart in zip(charts.assurance, theirs, strict=False)):
        raise SystemExit(f"The two ways disagree: {agree} of {COMPARED} variation icons are the same.")
    ratio = ours / pandas_way
    print(f"on arrays, {SERIES * LENGTH:,} points in {SERIES:,} series: {ours:,.0f} points a second")
    print(f"pandas, series by series ({COMPARED} of them): {pandas_way:,.0f} points a second")
    print(f"ratio {ratio:.0f}; aim at least {AIM}: {'met' if ratio >= AIM else 'NOT met'}")


if __name__ == "__main__":
    main()
