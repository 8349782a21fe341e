"""The paired t-test of baselines and posts, from the values or from their stored sums."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext

from scipy.special import stdtr, stdtrit


@dataclass(frozen=True, kw_only=True)
class PairedTest:
    """A two-sided paired t-test of n pairs, in the measure's own unit.

    mean_difference is baseline minus post, so a reduction is positive. SEs are sample standard deviations (n - 1)
    over sqrt(n). t, p and effect_size_r are None when every difference is the same. effect_size_r is
    sqrt(t^2 / (t^2 + df)). ci95 is the 95% confidence interval of the mean difference.
    """

    n: int
    df: int
    baseline_mean: float
    baseline_se: float
    post_mean: float
    post_se: float
    mean_difference: float
    difference_se: float
    t: float | None
    p: float | None
    effect_size_r: float | None
    ci95: tuple[float, float]


@dataclass(frozen=True, kw_only=True)
class PairSums:
    """What a paired test needs of n pairs: sums and sums of squares of baseline, post and baseline minus post."""

    n: int
    baseline: Decimal
    post: Decimal
    baseline_squared: Decimal
    post_squared: Decimal
    difference_squared: Decimal


def paired_t(baseline: Sequence[Decimal | float], post: Sequence[Decimal | float]) -> PairedTest | None:
    """The paired t-test of two sequences of equal length n, pair by pair; None for fewer than two pairs.

    Raises ValueError when the lengths differ or a value is not finite. Source: Student (1908); effect size after
    Rosenthal (1991), as in Table 7.3 of the evaluation.
    """
    if len(baseline) != len(post):
        raise ValueError("baseline and post differ in length")
    before, after = [Decimal(str(value)) for value in baseline], [Decimal(str(value)) for value in post]
    if not all(value.is_finite() for value in (*before, *after)):
        raise ValueError("every value must be a finite number")
    return paired_t_of_sums(sums_of(before, after))


def sums_of(baseline: Sequence[Decimal], post: Sequence[Decimal]) -> PairSums:
    """The exact sums of two sequences of n values each."""
    with localcontext() as context:
        context.prec = 120
        return PairSums(
            n=len(baseline),
            baseline=sum(baseline, Decimal(0)),
            post=sum(post, Decimal(0)),
            baseline_squared=sum((b * b for b in baseline), Decimal(0)),
            post_squared=sum((p * p for p in post), Decimal(0)),
            difference_squared=sum(((b - p) ** 2 for b, p in zip(baseline, post, strict=True)), Decimal(0)),
        )


def paired_t_of_sums(sums: PairSums) -> PairedTest | None:
    """The same test from exact sums, however many parts they were added up from; None for fewer than two pairs."""
    if sums.n < 2:
        return None
    n, df = sums.n, sums.n - 1
    with localcontext() as context:
        context.prec = 120
        difference = sums.baseline - sums.post
        mean_difference = float(difference / n)
        baseline_se = _standard_error(n, sums.baseline, sums.baseline_squared)
        post_se = _standard_error(n, sums.post, sums.post_squared)
        difference_se = _standard_error(n, difference, sums.difference_squared)
        baseline_mean, post_mean = float(sums.baseline / n), float(sums.post / n)
    t = mean_difference / difference_se if difference_se > 0 else None
    margin = float(stdtrit(df, 0.975)) * difference_se
    return PairedTest(
        n=n,
        df=df,
        baseline_mean=baseline_mean,
        baseline_se=baseline_se,
        post_mean=post_mean,
        post_se=post_se,
        mean_difference=mean_difference,
        difference_se=difference_se,
        t=t,
        p=None if t is None else float(2 * stdtr(df, -abs(t))),
        effect_size_r=None if t is None else math.sqrt(t * t / (t * t + df)),
        ci95=(mean_difference - margin, mean_difference + margin),
    )


def _standard_error(n: int, total: Decimal, squared: Decimal) -> float:
    """From sums; called where the context's precision makes them exact, so nothing is lost by the subtraction."""
    deviations = n * squared - total * total
    return float((deviations / (n * n * (n - 1))).sqrt()) if deviations > 0 else 0.0
