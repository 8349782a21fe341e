"""Checked against R 4.2.2, stats::t.test(baseline, post, paired = TRUE), and against a naive twin."""

import math
import statistics
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from analysis.paired import paired_t

# R's datasets::sleep (Cushny and Peebles 1905); t, p and the interval are printed in R's manual page of t.test.
SLEEP = ([0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0, 2], [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4])
# Five invented pairs, computed by R.
FIVE = ([16, 69, 46, 66, 30], [15.39, 75.35, 11.04, 7.49, 16.4])


def test_paired_t_of_published_sleep_data():
    test = paired_t(*SLEEP)
    assert (test.n, test.df) == (10, 9)
    assert test.t == pytest.approx(-4.0621, abs=5e-5)
    assert test.p == pytest.approx(0.002833, abs=5e-7)
    assert test.ci95 == pytest.approx((-2.4598858, -0.7001142), abs=5e-8)
    assert test.mean_difference == pytest.approx(-1.58)
    assert test.baseline_se == pytest.approx(0.565734527455728, rel=1e-12)
    assert test.post_se == pytest.approx(0.633166644731069, rel=1e-12)
    assert test.effect_size_r == pytest.approx(0.80440724838513, rel=1e-12)


def test_paired_t_of_five_pairs_by_r():
    test = paired_t(*FIVE)
    assert test.mean_difference == pytest.approx(20.266, rel=1e-12)
    assert test.difference_se == pytest.approx(11.8695461581309, rel=1e-12)
    assert test.t == pytest.approx(1.70739468299867, rel=1e-12)
    assert test.p == pytest.approx(0.162937180858089, rel=1e-9)
    assert test.effect_size_r == pytest.approx(0.649279451849647, rel=1e-12)
    assert test.ci95 == pytest.approx((-12.6891433316618, 53.2211433316618), rel=1e-9)


@pytest.mark.parametrize(("t", "df", "r"), [(4.077, 81, 0.413), (3.385, 53, 0.422), (12.768, 89, 0.804)])
def test_effect_size_formula_gives_the_published_ones(t, df, r):
    # Table 7.3 of Burgess and others (2022) prints t, degrees of freedom and r.
    assert math.sqrt(t * t / (t * t + df)) == pytest.approx(r, abs=5e-4)


def test_paired_t_of_too_few_pairs_is_none():
    assert paired_t([], []) is None
    assert paired_t([1], [2]) is None


def test_paired_t_without_spread_has_no_t():
    test = paired_t([3, 4, 5], [1, 2, 3])
    assert (test.t, test.p, test.effect_size_r) == (None, None, None)
    assert (test.mean_difference, test.difference_se) == (2.0, 0.0)


def test_paired_t_of_unequal_lengths_or_no_number_is_refused():
    with pytest.raises(ValueError, match="length"):
        paired_t([1, 2], [1])
    with pytest.raises(ValueError, match="finite"):
        paired_t([1, float("nan")], [1, 2])


def test_paired_t_keeps_its_digits_far_from_zero():
    shift = Decimal(10) ** 12
    near = paired_t([Decimal(b) for b in (1, 4, 9)], [Decimal(p) for p in (0, 2, 3)])
    far = paired_t([shift + b for b in (1, 4, 9)], [shift + p for p in (0, 2, 3)])
    assert far.t == pytest.approx(near.t, rel=1e-12)


numbers = st.decimals(-10000, 10000, places=3)


@given(st.lists(st.tuples(numbers, numbers), min_size=2, max_size=40))
def test_paired_t_equals_its_naive_twin(pairs):
    before, after = zip(*pairs, strict=True)
    test = paired_t(before, after)
    differences = [b - p for b, p in pairs]
    n = len(pairs)
    assert test.baseline_se == pytest.approx(float(statistics.stdev(before)) / math.sqrt(n), rel=1e-9, abs=1e-9)
    assert test.difference_se == pytest.approx(float(statistics.stdev(differences)) / math.sqrt(n), rel=1e-9, abs=1e-9)
    if len(set(differences)) == 1:
        assert test.t is None
    else:
        theirs = stats.ttest_rel([float(b) for b in before], [float(p) for p in after])
        assert test.t == pytest.approx(float(theirs.statistic), rel=1e-5, abs=1e-9)
        assert test.p == pytest.approx(float(theirs.pvalue), rel=1e-5, abs=1e-9)
