"""The report's tables as printed, and what the reconstruction makes of them where they disagree."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
TRUSTS = ("BHRUT", "LTHT", "SASH", "SATH", "UHCW")
KINDS = ("lead_time", "defects", "defect_ratio")


def rows_of(name: str) -> list[dict[str, str]]:
    """The rows of one of this folder's CSV files."""
    with (HERE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@dataclass(frozen=True)
class Target:
    """What the pairs of one kind have to give.

    n, baseline, post: by trust, the number of pairs and their sums. The sums of lead times are in minutes; those of
    defects in hundredths; those of ratios are the printed means times n. The standard errors and t are Table 7.3's, in
    its units; post_se is None where the report misprints it.
    """

    n: dict[str, int]
    baseline: dict[str, float]
    post: dict[str, float]
    baseline_se: float
    post_se: float | None
    t: float


# Totals that Table 7.3's means imply (3,185.9 and 1,046.36 defects) shared out so that each trust's, cut to a whole
# number, is the one printed in Table 7.2.
DEFECTS_BASELINE = {"BHRUT": 38220, "LTHT": 191630, "SASH": 55120, "SATH": 33620}
DEFECTS_POST = {"BHRUT": 11410, "LTHT": 64706, "SASH": 20910, "SATH": 7610}


def complete_by_trust() -> dict[str, int]:
    """Table 7.1: the RPIWs with complete measures."""
    return {row["trust"]: int(row["rpiws_with_complete_measures"]) for row in _trust_rows("table_7_1.csv")}


def targets() -> dict[str, Target]:
    """By kind, what Tables 7.2 and 7.3 print."""
    before_after = _trust_rows("table_7_2.csv")
    lead_time, defects, ratio = rows_of("table_7_3.csv")
    n = {kind: {row["trust"]: int(row[f"{kind}_n"]) for row in before_after if int(row[f"{kind}_n"])} for kind in KINDS}
    hours = {row["trust"]: row for row in before_after}
    return {
        "lead_time": Target(
            n["lead_time"],
            {trust: 60 * int(hours[trust]["lead_time_baseline_hours"]) for trust in n["lead_time"]},
            {trust: 60 * int(hours[trust]["lead_time_post_hours"]) for trust in n["lead_time"]},
            float(lead_time["baseline_se"]),
            None,
            float(lead_time["t"]),
        ),
        "defects": Target(
            n["defects"],
            dict(DEFECTS_BASELINE),
            dict(DEFECTS_POST),
            float(defects["baseline_se"]),
            float(defects["post_se"]),
            float(defects["t"]),
        ),
        "defect_ratio": Target(
            n["defect_ratio"],
            {t: float(hours[t]["defect_ratio_baseline"]) * count for t, count in n["defect_ratio"].items()},
            {t: float(hours[t]["defect_ratio_post"]) * count for t, count in n["defect_ratio"].items()},
            float(ratio["baseline_se"]),
            float(ratio["post_se"]),
            float(ratio["t"]),
        ),
    }


def _trust_rows(name: str) -> list[dict[str, str]]:
    return [row for row in rows_of(name) if row["trust"] != "Total"]
