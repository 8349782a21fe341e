"""The reconstructed readings against every figure that Tables 7.1, 7.2 and 7.3 print, computed twice."""

import csv
import math
import statistics
from collections import Counter, defaultdict
from datetime import date, timedelta
from decimal import Decimal

import pytest

from analysis import checkpoints
from analysis.before_after import Better, Pair, combine, gather, summarise
from analysis.checkpoints import Checkpoint, Reading
from analysis.paired import paired_t
from examples.nhs_vmi import reconstruct
from examples.nhs_vmi.printed import HERE

TRUSTS = ("BHRUT", "LTHT", "SASH", "SATH", "UHCW")

# Table 7.1, as printed: value streams, RPIWs, RPIWs with complete measures.
TABLE_7_1 = {"BHRUT": (4, 12, 7), "LTHT": (5, 21, 12), "SASH": (6, 23, 16), "SATH": (8, 38, 34), "UHCW": (5, 19, 13)}
# Table 7.2, as printed: N, baseline, post. Lead time in hours.
LEAD_TIME = {
    "BHRUT": (10, 287, 90),
    "LTHT": (16, 634, 324),
    "SASH": (17, 753, 387),
    "SATH": (29, 2663, 924),
    "UHCW": (10, 541, 133),
}
DEFECTS = {"BHRUT": (9, 382, 114), "LTHT": (16, 1916, 647), "SASH": (17, 551, 209), "SATH": (12, 336, 76)}
RATIO = {
    "BHRUT": (11, "0.62", "0.28"),
    "LTHT": (16, "0.58", "0.23"),
    "SASH": (18, "0.49", "0.25"),
    "SATH": (34, "0.65", "0.20"),
    "UHCW": (11, "0.49", "0.10"),
}
# Table 7.3, as printed: N, baseline mean and SE, post mean and SE, t, df, effect size r.
TABLE_7_3 = {
    "lead_time": (82, "3569", "829", "1360", None, "4.077", 81, "0.413"),  # prints a post SE of 100, see below
    "defects": (54, "58.998", "17.596", "19.377", "7.304", "3.385", 53, "0.422"),
    "defect_ratio": (90, "0.582", "0.026", "0.213", "0.022", "12.768", 89, "0.804"),
}


def file_rows():
    with (HERE / "reconstructed_readings.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


ROWS = file_rows()


def measures_of(rows):
    """Readings by trust, value stream, RPIW and measure, with the measure's kind."""
    found = defaultdict(list)
    for row in rows:
        key = (row["trust"], row["value_stream"], row["rpiw_number"], row["position"], row["kind"])
        found[key].append(
            Reading(
                checkpoint=Checkpoint(row["checkpoint"]),
                value=Decimal(row["value"]) if row["value"] else None,
                on=date.fromisoformat(row["measured_on"]) if row["measured_on"] else None,
                simulated=row["simulated"] == "yes",
                not_comparable_reason=row["not_comparable"],
                not_measured_reason=row["not_measured"],
            )
        )
    return dict(found)


MEASURES = measures_of(ROWS)


def parts_of(kind, trust):
    pairs = []
    for (of, _, _, _, measured), readings in MEASURES.items():
        if (of, measured) == (trust, kind) and checkpoints.is_paired(readings):
            post = checkpoints.post(readings)
            before = checkpoints.baseline(readings)
            pairs.append(Pair(baseline=before.value, post=post.value, better=Better.LOWER, checkpoint=post.checkpoint))
    return gather(pairs, kind=kind)


PARTS = {kind: {trust: parts_of(kind, trust) for trust in TRUSTS} for kind in TABLE_7_3}


def naive_pairs(kind, trust=None):
    """Baselines and posts read straight from the file's text, without any of the project's rules."""
    by_measure = defaultdict(dict)
    for row in ROWS:
        usable = row["value"] and not row["simulated"] and not row["not_comparable"]
        if row["kind"] == kind and trust in (None, row["trust"]) and usable:
            key = (row["trust"], row["value_stream_number"], row["rpiw_number"], row["position"])
            by_measure[key][row["checkpoint"]] = float(row["value"])
    pairs = []
    for readings in by_measure.values():
        posts = [readings[place] for place in ("day_30", "day_60", "day_90") if place in readings]
        if "baseline" in readings and posts:
            pairs.append((readings["baseline"], posts[-1]))
    return pairs


def as_printed(value, printed):
    """Whether a figure rounds to what is printed, in as many decimals."""
    decimals = len(str(printed).partition(".")[2])
    return f"{value:.{decimals}f}" == str(printed)


def test_rerun_gives_the_committed_file():
    assert reconstruct.as_csv(reconstruct.readings()) == reconstruct.FILE.read_text(encoding="utf-8")


@pytest.mark.parametrize("trust", TRUSTS)
def test_table_7_1_per_trust(trust):
    streams, rpiws, complete = TABLE_7_1[trust]
    assert len({row["value_stream"] for row in ROWS if row["trust"] == trust}) == streams
    held = defaultdict(list)
    for (of, stream, number, _, _), readings in MEASURES.items():
        if of == trust:
            held[stream, number].append(readings)
    assert len(held) == rpiws
    assert sum(checkpoints.is_complete(measures) for measures in held.values()) == complete
    with (HERE / "table_7_1.csv").open(encoding="utf-8") as file:
        (row,) = (row for row in csv.DictReader(file) if row["trust"] == trust)
    assert [int(row[name]) for name in ("value_streams", "rpiws", "rpiws_with_complete_measures")] == [
        streams,
        rpiws,
        complete,
    ]


@pytest.mark.parametrize(("trust", "printed"), LEAD_TIME.items())
def test_table_7_2_lead_time_per_trust(trust, printed):
    summary = summarise(PARTS["lead_time"][trust], kind="lead_time")
    assert (summary.n, summary.baseline_total / 60, summary.post_total / 60) == printed
    twin = naive_pairs("lead_time", trust)
    assert (len(twin), sum(b for b, _ in twin) / 60, sum(p for _, p in twin) / 60) == pytest.approx(printed)


@pytest.mark.parametrize(("trust", "printed"), DEFECTS.items())
def test_table_7_2_defects_per_trust_cut_to_whole_numbers(trust, printed):
    summary = summarise(PARTS["defects"][trust], kind="defects")
    assert (summary.n, math.floor(summary.baseline_total), math.floor(summary.post_total)) == printed
    twin = naive_pairs("defects", trust)
    assert (len(twin), int(sum(b for b, _ in twin)), int(sum(p for _, p in twin))) == printed


def test_table_7_2_has_no_defects_of_uhcw():
    assert summarise(PARTS["defects"]["UHCW"], kind="defects").baseline_total is None
    assert not [row for row in ROWS if row["trust"] == "UHCW" and row["kind"] == "defects"]


@pytest.mark.parametrize(("trust", "printed"), RATIO.items())
def test_table_7_2_defect_ratio_per_trust(trust, printed):
    n, before, after = printed
    summary = summarise(PARTS["defect_ratio"][trust], kind="defect_ratio")
    assert summary.n == n
    assert as_printed(summary.baseline_mean, before)
    assert as_printed(summary.post_mean, after)
    twin = naive_pairs("defect_ratio", trust)
    assert as_printed(statistics.mean(b for b, _ in twin), before)
    assert as_printed(statistics.mean(p for _, p in twin), after)


def test_table_7_2_totals():
    summaries = {
        kind: summarise(combine(PARTS[kind].values(), kind=kind), kind=kind, groups=PARTS[kind].values())
        for kind in TABLE_7_3
    }
    assert summaries["lead_time"].baseline_total / 60 == 4878
    assert summaries["lead_time"].post_total / 60 == 1858
    assert math.floor(summaries["defects"].baseline_total) == 3185
    assert math.floor(summaries["defects"].post_total) == 1046
    assert as_printed(summaries["defects"].baseline_total, "3185.9")
    assert as_printed(summaries["defects"].post_total, "1046.4")
    ratio = summaries["defect_ratio"]
    assert as_printed(ratio.group_means.baseline, "0.57")
    assert as_printed(ratio.group_means.post, "0.21")
    assert as_printed(ratio.baseline_mean, "0.582")


@pytest.mark.parametrize(("kind", "printed"), TABLE_7_3.items())
def test_table_7_3_over_all_measures(kind, printed):
    n, baseline_mean, baseline_se, post_mean, post_se, t, df, r = printed
    test = summarise(combine(PARTS[kind].values(), kind=kind), kind=kind).test
    assert (test.n, test.df) == (n, df)
    assert as_printed(test.baseline_mean, baseline_mean)
    assert as_printed(test.baseline_se, baseline_se)
    assert as_printed(test.post_mean, post_mean)
    assert as_printed(test.t, t)
    assert as_printed(test.effect_size_r, r)
    if post_se:
        assert as_printed(test.post_se, post_se)
    twin = naive_pairs(kind)
    before, after = [b for b, _ in twin], [p for _, p in twin]
    differences = [b - p for b, p in twin]
    assert as_printed(statistics.mean(before), baseline_mean)
    assert as_printed(statistics.stdev(before) / math.sqrt(n), baseline_se)
    assert as_printed(statistics.mean(after), post_mean)
    assert as_printed(statistics.mean(differences) / (statistics.stdev(differences) / math.sqrt(n)), t)
    assert paired_t(before, after).t == pytest.approx(test.t, rel=1e-9)


def test_table_7_3_p_of_defects_is_not_below_the_printed_one():
    tests = {kind: summarise(combine(PARTS[kind].values(), kind=kind), kind=kind).test for kind in TABLE_7_3}
    assert tests["lead_time"].p < 0.001
    assert tests["defect_ratio"].p < 0.001
    assert tests["defects"].p == pytest.approx(0.0013, abs=5e-5)


def test_table_7_3_misprinted_standard_error_is_out_of_reach():
    test = summarise(combine(PARTS["lead_time"].values(), kind="lead_time"), kind="lead_time").test
    assert test.difference_se == pytest.approx(542, abs=1)
    assert test.post_se >= test.baseline_se - test.difference_se > 100


def test_printed_claim_of_half_in_all_outcomes_does_not_hold():
    reductions = {
        (kind, trust): summarise(PARTS[kind][trust], kind=kind).percentage_reduction
        for kind in TABLE_7_3
        for trust in TRUSTS
    }
    below = {place for place, reduction in reductions.items() if reduction is not None and reduction < 50}
    assert {("lead_time", "LTHT"), ("lead_time", "SASH")} <= below
    assert as_printed(reductions["lead_time", "LTHT"], "48.9")
    assert as_printed(reductions["lead_time", "SASH"], "48.6")
    assert as_printed(reductions["lead_time", "BHRUT"], "68.6")


def test_most_improved_and_some_worsened():
    for kind in TABLE_7_3:
        summary = summarise(combine(PARTS[kind].values(), kind=kind), kind=kind)
        assert summary.improved > 0.75 * summary.n
        assert summary.worsened >= 2
        assert set(summary.posts_at) == {"day_30", "day_60", "day_90"}
        assert min(summary.posts_at.values()) >= 5


def test_readings_are_plausible_and_all_synthetic():
    assert {row["synthetic"] for row in ROWS} == {"yes"}
    for row in ROWS:
        assert bool(row["value"]) != bool(row["not_measured"])
        assert bool(row["measured_on"]) == bool(row["value"])
        if row["value"] and row["kind"] == "defect_ratio":
            value = Decimal(row["numerator"]) / Decimal(row["denominator"])
            assert 0 <= value <= 1
            assert abs(value - Decimal(row["value"])) <= Decimal("0.0000005")
        elif row["value"]:
            assert Decimal(row["value"]) > 0 if row["kind"] == "lead_time" else Decimal(row["value"]) >= 0
    assert {row["checkpoint"] for row in ROWS if row["simulated"]} == {"report_out"}
    keys = Counter((r["trust"], r["value_stream"], r["rpiw_number"], r["position"], r["checkpoint"]) for r in ROWS)
    assert set(keys.values()) == {1}


def test_readings_lie_in_the_published_period():
    weeks = {
        (row["trust"], row["value_stream"], int(row["rpiw_number"])): (
            date.fromisoformat(row["week_start"]),
            date.fromisoformat(row["week_end"]),
        )
        for row in ROWS
    }
    assert len(weeks) == 113
    assert min(start for start, _ in weeks.values()) >= date(2015, 11, 1)
    assert max(end for _, end in weeks.values()) <= date(2019, 7, 31)
    for (trust, stream, number), (start, end) in weeks.items():
        assert start.weekday() == 0
        assert timedelta(2) <= end - start <= timedelta(4)
        earlier = weeks.get((trust, stream, number - 1))
        assert (number == 1) if earlier is None else earlier[1] < start
    assert len({(trust, start) for (trust, _, _), (start, _) in weeks.items()}) == 113
    for row in ROWS:
        if row["measured_on"]:
            on, checkpoint = date.fromisoformat(row["measured_on"]), Checkpoint(row["checkpoint"])
            assert on <= date(2019, 7, 31)
            assert on.weekday() < 5
            due = checkpoints.due_date(checkpoint, date.fromisoformat(row["week_end"]))
            assert on < date.fromisoformat(row["week_start"]) if due is None else due <= on <= due + timedelta(7)


def test_follow_ups_work_on_the_same_process():
    process = {(r["trust"], r["value_stream"], r["rpiw_number"]): r["process"] for r in ROWS}
    following = [r for r in ROWS if r["follows"]]
    assert following
    for row in following:
        assert int(row["follows"]) < int(row["rpiw_number"])
        assert process[row["trust"], row["value_stream"], row["follows"]] == row["process"]


def test_value_streams_are_those_of_the_table():
    with (HERE / "value_streams.csv").open(encoding="utf-8") as file:
        streams = {(row["trust"], row["name"]): int(row["rpiws"]) for row in csv.DictReader(file)}
    assert len(streams) == 28
    held = Counter(
        (trust, stream) for trust, stream, _ in {(r["trust"], r["value_stream"], r["rpiw_number"]) for r in ROWS}
    )
    assert held == streams
