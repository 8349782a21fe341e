"""How a figure is said: never 0 for missing, never a sum of ratios, the change with its sign."""

from decimal import Decimal

import pytest

from analysis.before_after import Pair, gather
from analysis.checkpoints import Checkpoint
from dashboards import wording
from dashboards.before_after import figures
from dashboards.presenters.before_after import kind_figures, pictures


@pytest.mark.parametrize(
    ("kind", "total", "said"),
    [
        ("lead_time", 6540, "109 h"),
        ("lead_time", 192, "3.2 h"),
        ("lead_time", 59, "59 min"),
        ("lead_time", None, "none"),
        ("defects", 182, "182"),
        ("defects", 3185.9, "3,185.9"),
        ("defects", 0, "0"),
        ("defect_ratio", 0.6, "0.60"),
    ],
)
def test_total_is_said_in_its_unit(kind, total, said):
    assert wording.said_total(kind, total) == said


@pytest.mark.parametrize(
    ("reduction", "change", "fall"),
    [
        (55.2, "–55%", "Lead time has more than halved"),
        (50, "–50%", "Lead time has fallen by 50%"),
        (12.4, "–12%", "Lead time has fallen by 12%"),
        (-5, "+5%", "Lead time has risen by 5%"),
        (0.3, "0%", "Lead time has not changed"),
        (None, "no percentage from a baseline of 0", "Lead time: no percentage can be taken from a baseline of 0"),
    ],
)
def test_change_is_said_with_its_direction(reduction, change, fall):
    assert wording.said_reduction(reduction) == change
    assert wording.said_fall("lead_time", reduction) == fall


@pytest.mark.parametrize(
    ("p", "said"), [(0.0009, "p < .001"), (0.0013, "p = .0013"), (0.042, "p = .042"), (None, "p cannot be computed")]
)
def test_probability_is_said_as_journals_print_it(p, said):
    assert wording.said_p(p) == said


def pair(baseline, post, checkpoint=Checkpoint.DAY_60):
    return Pair(baseline=Decimal(baseline), post=Decimal(post), checkpoint=checkpoint)


def test_ratios_are_compared_by_their_mean_and_the_others_by_their_total():
    pairs = [pair("0.8", "0.2"), pair("0.4", "0.1", Checkpoint.DAY_90)]
    ratio = kind_figures("defect_ratio", figures(gather(pairs, kind="defect_ratio"), notes={"rpiws": 1}))
    assert (ratio.before_words, ratio.after_words) == ("0.60", "0.15")
    defects = kind_figures("defects", figures(gather(pairs, kind="defects"), notes={"rpiws": 1}))
    assert (defects.before_words, defects.after_words) == ("1.2", "0.3")
    assert ratio.posts == "1 at 60 days, 1 at 90 days"
    assert ratio.line == "mean 0.60 to 0.15, 2 measures of 1 RPIW"


def test_kind_without_a_pair_has_no_change_and_says_what_was_left_out():
    found = kind_figures("defects", figures(gather([], kind="defects", left_out={"no_post": 2}), notes={}))
    assert (found.before_words, found.change, found.n) == ("none", "", 0)
    assert found.notes == ("2 measures left out: 2 not remeasured at 30, 60, 90 or 120 days",)


def row(rpiw, kind, baseline, post, left_out="", process="Theatre list"):
    return {
        "rpiw": rpiw,
        "process": process,
        "name": f"{kind} of {rpiw}",
        "kind": kind,
        "left_out": left_out,
        "baseline": {"value": baseline},
        "post": {"value": post},
    }


def test_pictures_share_their_rows_and_leave_out_what_is_left_out():
    rows = [
        row(1, "lead_time", "600", "300"),
        row(1, "lead_time", "60", "30"),
        row(2, "defects", "4", "2", process="Discharge"),
        row(3, "defects", "4", "2", left_out="no_post"),
        row(2, "walking", "4", "2"),
    ]
    drawn = pictures(rows)
    labels = {tuple(figure["layout"]["yaxis"]["ticktext"]) for figure in drawn.values()}
    assert labels == {("Theatre list", "Theatre list (2)", "Discharge")}
    assert {trace["y"][0] for trace in drawn["lead_time"]["data"]} == {0, 1}
    assert {trace["y"][0] for trace in drawn["defects"]["data"]} == {2}
    assert pictures([]) == {}


def test_lead_times_of_one_picture_are_in_one_unit():
    words = [
        trace["text"][0].strip()
        for trace in pictures([row(1, "lead_time", "600", "300"), row(2, "lead_time", "30", "0")])["lead_time"]["data"]
        if trace["mode"] == "text"
    ]
    assert words == ["10 h", "5.0 h", "0.5 h → 0 h"]
