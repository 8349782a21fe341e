import json
from decimal import Decimal

import numpy
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.before_after import Better, Pair, Parts, combine, gather, quantile, summarise
from analysis.checkpoints import Checkpoint
from analysis.paired import paired_t


def pair(baseline, post, better=Better.LOWER, checkpoint=Checkpoint.DAY_30):
    return Pair(baseline=Decimal(baseline), post=Decimal(post), better=better, checkpoint=checkpoint)


amounts = st.decimals(0, 100000, places=3)
pairs_drawn = st.lists(
    st.builds(
        Pair,
        baseline=amounts,
        post=amounts,
        better=st.sampled_from(Better),
        checkpoint=st.sampled_from([Checkpoint.DAY_30, Checkpoint.DAY_60, Checkpoint.DAY_90]),
    ),
    max_size=25,
)


def test_summary_without_pairs_is_none_not_zero():
    summary = summarise([], kind="lead_time", left_out={"no_post": 2})
    assert summary.n == 0
    assert summary.baseline_total is summary.post_mean is summary.percentage_reduction is summary.test is None
    assert summary.change_median is None
    assert summary.left_out == {"no_post": 2}


def test_summary_of_published_pairs():
    # Times printed for two RPIWs: 50 to 9 minutes (BMJ Open Quality 10(2) e001143), 1334 to 292 (CQC case study).
    summary = summarise([pair(50, 9), pair(1334, 292, checkpoint=Checkpoint.AFTER_UNKNOWN)], kind="lead_time")
    assert (summary.baseline_total, summary.post_total, summary.change_total) == (1384, 301, -1083)
    assert summary.percentage_reduction == pytest.approx(78.2514, abs=1e-4)
    assert (summary.change_lower_quartile, summary.change_median, summary.change_upper_quartile) == (
        -791.75,
        -541.5,
        -291.25,
    )
    assert summary.posts_at == {"day_30": 1, "after": 1}


def test_summary_counts_outcomes_by_what_is_better():
    found = [
        pair(5, 3),
        pair(5, 5),
        pair(5, 9),
        pair(5, 9, Better.HIGHER),
        pair(5, 3, Better.HIGHER),
        pair(5, 3, Better.NEITHER),
    ]
    summary = summarise(found, kind="own")
    assert (summary.improved, summary.unchanged, summary.worsened, summary.no_direction) == (2, 1, 2, 1)


def test_summary_from_a_baseline_of_zero_has_no_percentage():
    assert summarise([pair(0, 3)], kind="defects").percentage_reduction is None


def test_summary_tells_mean_of_measures_from_mean_of_group_means():
    one = gather([pair("0.6", "0.2")] * 3, kind="defect_ratio")
    other = gather([pair("0.4", "0.1")], kind="defect_ratio")
    nothing = gather([], kind="defect_ratio")
    summary = summarise(
        combine([one, other, nothing], kind="defect_ratio"), kind="defect_ratio", groups=[one, other, nothing]
    )
    assert (summary.baseline_mean, summary.group_means.baseline) == pytest.approx((0.55, 0.5))
    assert (summary.post_mean, summary.group_means.post) == pytest.approx((0.175, 0.15))
    assert summary.group_means.groups == 2
    assert summary.group_means.percentage_reduction == pytest.approx(70)


def test_summary_of_groups_that_are_all_empty_has_no_mean_of_means():
    assert summarise([], kind="x", groups=[gather([], kind="x")]).group_means is None


def test_parts_of_different_kinds_do_not_add_up():
    with pytest.raises(ValueError, match="add up"):
        combine([gather([], kind="lead_time"), gather([], kind="defects")], kind="defects")
    with pytest.raises(ValueError, match="no 'defects'"):
        summarise(gather([], kind="lead_time"), kind="defects")


@given(pairs_drawn, pairs_drawn, pairs_drawn)
def test_parts_added_up_equal_the_parts_of_all_pairs(first, second, third):
    one, two, three = (gather(pairs, kind="k", left_out={"no_post": 1}) for pairs in (first, second, third))
    whole = gather([*first, *second, *third], kind="k", left_out={"no_post": 3})
    assert combine([one, two, three], kind="k").to_dict() == whole.to_dict()
    assert combine([combine([three, one], kind="k"), two], kind="k").to_dict() == whole.to_dict()


@given(pairs_drawn)
def test_parts_survive_json(pairs):
    parts = gather(pairs, kind="k", left_out={"no_post": 1})
    back = Parts.from_dict(json.loads(json.dumps(parts.to_dict())))
    assert back.to_dict() == parts.to_dict()
    assert summarise(back, kind="k") == summarise(pairs, kind="k", left_out={"no_post": 1})
    json.dumps(summarise(back, kind="k", groups=[back]).to_dict())


@given(pairs_drawn.filter(len))
def test_summary_equals_its_naive_twin(pairs):
    summary = summarise(pairs, kind="k")
    before = [float(p.baseline) for p in pairs]
    after = [float(p.post) for p in pairs]
    changes = [float(p.post - p.baseline) for p in pairs]
    assert summary.baseline_total == pytest.approx(sum(before))
    assert summary.post_mean == pytest.approx(sum(after) / len(after))
    assert summary.change_mean == pytest.approx(sum(changes) / len(changes), abs=1e-6)
    quartiles = (summary.change_lower_quartile, summary.change_median, summary.change_upper_quartile)
    assert quartiles == pytest.approx(tuple(numpy.quantile(changes, [0.25, 0.5, 0.75])), abs=1e-6)
    assert summary.improved + summary.unchanged + summary.worsened + summary.no_direction == len(pairs)
    assert sum(summary.posts_at.values()) == len(pairs)
    assert summary.test == paired_t([p.baseline for p in pairs], [p.post for p in pairs])


def test_quantile_is_inclusive():
    # Hyndman and Fan (1996), type 7: R's default, Excel's QUARTILE.INC.
    ordered = tuple(Decimal(n) for n in (1, 2, 4, 8))
    assert [quantile(ordered, share=Decimal(q)) for q in ("0.25", "0.5", "0.75")] == [1.75, 3, 5]
    assert quantile((), share=Decimal("0.5")) is None
