"""Counts that may be of fewer than five people are not said, and cannot be worked out of what is."""

from itertools import product

import pytest

from dashboards.presenters.summaries import single_words
from dashboards.summaries.body import Words
from dashboards.summaries.small_counts import may_tell, withheld
from tests.unit.dashboards.test_summary_body import end, made, measure

OPTED_IN = Words(shows_rpiws=True)


def rows(*measures):
    """The single rows' baseline and post values, by place, and the results by kind."""
    body = made(words=OPTED_IN, measures=list(measures))
    told = [row for rpiw in body["single_rpiws"] for row in rpiw["measures"]]
    return told, {result["kind"]: result for result in body["results"]}


def values(told):
    return [(row["baseline"]["value"], row["post"]["value"]) for row in told]


def defects(baseline, post, **more):
    return measure(1, str(baseline), str(post), kind="defects", n=None, **more)


@pytest.mark.parametrize(
    ("one", "tells"),
    [
        (defects(34, 9), False),
        (defects(34, 4), True),
        (defects(4, 9), True),
        (defects(34, 0), True),
        # An average is no count; how many it comes to may be one.
        (defects("6.1", "2.4"), False),
        (measure(1, "6.1", "0.1", kind="defects", n=30), True),
        (measure(1, "6.1", "0.1", kind="defects", n=50), False),
        (measure(1, "30", "3", kind="own"), True),
        (measure(1, "30", "3", kind="own", shape="duration"), False),
        (measure(1, "30", "3", kind="inventory"), True),
        (measure(1, "30", "3", kind="safety_5s"), False),
        (measure(1, "300", "2"), False),
        # Parts of a whole: the part, the whole, and the others.
        (measure(1, "0.5", "0.25", kind="defect_ratio", n=30), False),
        (measure(1, "0.5", "0.1", kind="defect_ratio", n=30), True),
        (measure(1, "0.5", "0.5", kind="defect_ratio", n=8), True),
        (measure(1, "0.9", "0.5", kind="defect_ratio", n=30), True),
        (measure(1, "0.5", "0.25", kind="defect_ratio", n=None), False),
        (measure(1, "1.5", "1.2", kind="defect_ratio", n=30), False),
        (measure(1, "0.5", "0.1", kind="own", shape="ratio", n=30), True),
    ],
)
def test_measure_that_may_tell_of_fewer_than_five_is_known(one, tells):
    assert may_tell(one) == tells


def test_numerator_and_denominator_decide_where_they_are_known():
    few = measure(1, "0.5", "0.5", kind="defect_ratio", n=300)
    few["post"] = end("0.5", "day_30", n=300, numerator="4", denominator="8")
    assert may_tell(few)


def test_row_of_a_small_count_says_neither_value_nor_n():
    told, _ = rows(measure(1, "34", "3", kind="own", n=40), measure(2, "34", "9", kind="own"))
    assert values(told) == [(None, None), ("34", "9")]
    assert [told[0][name]["n"] for name in ("baseline", "post")] == [None, None]
    assert told[0]["post"]["suppressed"]
    assert not told[1]["post"]["suppressed"]


def test_total_of_fewer_than_five_is_not_said_and_no_change_gives_it_away():
    _, results = rows(defects(34, 3))
    told = results["defects"]
    assert (told["post"]["value"], told["post"]["suppressed"]) == (None, True)
    assert told["baseline"]["value"] == 34
    for name in ("change", "percentage_reduction", "change_median", "change_lower_quartile", "change_upper_quartile"):
        assert told[name]["value"] is None, name
    assert told["pairs"]["value"] == told["improved"]["value"] == 1


def test_mean_of_one_ratio_is_that_row():
    _, results = rows(measure(1, "0.5", "0.1", kind="defect_ratio", n=30))
    assert results["defect_ratio"]["post"]["value"] is results["defect_ratio"]["change"]["value"] is None
    _, results = rows(*[measure(1, "0.5", "0.1", kind="defect_ratio", n=30)] * 2)
    assert results["defect_ratio"]["post"]["value"] == pytest.approx(0.1)


def test_row_that_a_total_would_tell_has_others_withheld_beside_it():
    told, results = rows(defects(34, 3), defects(50, 12), defects(60, 40))
    assert results["defects"]["post"]["value"] == 55
    assert values(told) == [(None, None), (None, None), ("60", "40")]
    told, _ = rows(*[measure(1, "0.5", post, kind="defect_ratio", n=30) for post in ("0.1", "0.2", "0.3")])
    assert [row["post"]["value"] for row in told] == [None, None, "0.3"]


def test_no_small_count_can_be_worked_out_of_rows_and_totals():
    """Whatever three posts a trust has, somebody who subtracts what is said from the total finds several answers."""
    for posts in product((0, 1, 4, 5, 6, 30), repeat=3):
        measures = [defects(90, post) for post in posts]
        told, results = rows(*measures)
        total = results["defects"]["post"]["value"]
        hidden = [post for post, row in zip(posts, told, strict=True) if row["post"]["value"] is None]
        assert all(post in hidden for post in posts if post < 5)
        if total is None or not hidden:
            continue
        said = sum(int(row["post"]["value"]) for row in told if row["post"]["value"] is not None)
        rest = int(total) - said
        assert rest == sum(hidden)
        assert len(hidden) > 1
        assert rest >= 10 or len(hidden) == len(posts)


def test_measures_that_stand_in_no_total_hide_nothing_but_themselves():
    without = defects(3, 0, left_out="no_post") | {"post": None}
    assert withheld([without, defects(34, 9)]) == {without["id"]}


def test_words_of_a_single_row():
    told, _ = rows(
        measure(1, "600", "30"), measure(1, "0.5", "0.25", kind="defect_ratio"), defects(34, 9), defects(3, 2)
    )
    assert [single_words(row) for row in told[:2]] == ["10 h, then 30 min", "50%, then 25%"]
    assert [single_words(row) for row in told[2:]] == ["not said, as it may tell of fewer than 5"] * 2
    level = measure(1, "1", "3", kind="safety_5s")
    assert single_words(rows(level)[0][0]) == "level 1, then level 3"
