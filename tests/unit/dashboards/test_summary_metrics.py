"""The metrics of a trust summary: what they say, what they leave out, and what is never said."""

import json
from datetime import date

import pytest

from dashboards.presenters.summary_metrics import metric_groups
from dashboards.summaries.body import Facts
from tests.unit.dashboards.test_summary_body import figures, made

STEADY = [20, 22, 19, 21, 20, 23, 18, 21, 20, 22, 19, 21, 20]


def month(number):
    return date(2019 + number // 12, number % 12 + 1, 1).isoformat()


def point(number, value, **more):
    missing = "suppressed" if value is None else ""
    return {"on": month(number), "value": value, "missing": missing, "ghost": False, "denominator": None} | more


def version(values, number=1, **more):
    points = [value if isinstance(value, dict) else point(place, value) for place, value in enumerate(values)]
    return {
        "number": number,
        "applies_from": None,
        "numerator": "Sessions that start late",
        "denominator": "All sessions",
        "exclusions": "",
        "data_source": "Theatre system",
        "collected_how": "canary note",
        "collected_often": "monthly",
        "owner": "canary person",
        "unit": "percent",
        "decimals": 1,
        "better_when": "lower",
        "reason": "Too broad" if number > 1 else "",
        "agreed_at": "2019-01-01",
        "baseline_points": None,
        "targets": [{"starts": "2019-01-01", "value": 60.0}],
        "recalculations": [],
        "series": [{"subgroup": "", "points": points}],
    } | more


def metric(*versions, **more):
    return {
        "category": "delivery",
        "name": "Late starts",
        "objective": {"id": 1, "name": "Theatres that run to time", "priority": None},
        "retired_on": None,
        "synthetic": False,
        "rules": {
            "key": "nhse-single-chart-5.0",
            "title": "NHS England, Single Chart Tool v5.0",
            "shift": 6,
            "trend": 6,
        },
        "versions": list(versions),
    } | more


def told(*versions, facts=None, **more):
    return made(metrics=[metric(*versions, **more)], facts=facts)["metrics"][0]


def test_latest_mean_limits_target_and_icons_with_what_they_rest_on():
    said = told(version([*STEADY, 35]))
    assert (said["latest"]["value"], said["latest"]["period"]) == (35, {"from": "2020-02-01", "to": "2020-02-01"})
    assert said["mean"]["value"] == pytest.approx((sum(STEADY) + 35) / 14)
    assert (said["mean"]["n"], said["mean"]["period"]) == (14, {"from": "2019-01-01", "to": "2020-02-01"})
    assert said["lower_limit"]["value"] < said["mean"]["value"] < said["upper_limit"]["value"]
    assert (said["variation"], said["assurance"]) == ("concern_high", "pass")
    assert said["rule_set"]["title"] == "NHS England, Single Chart Tool v5.0"
    assert len(list(figures(said))) == 5


def test_too_few_points_have_neither_limits_nor_icons_and_no_zero():
    said = told(version(STEADY[:9]))
    assert (said["upper_limit"]["value"], said["lower_limit"]["value"], said["mean"]["n"]) == (None, None, 9)
    assert (said["variation"], said["assurance"]) == ("few", "none")
    [(_, [line])] = metric_groups([said])
    assert line.limits == "9 of 13 points"
    assert metric_groups(made(metrics=[metric(version([]))])["metrics"])[0][1][0].latest == "none"


def test_what_was_measured_or_decided_after_the_period_is_left_out():
    values = [*STEADY, *STEADY]
    later = {"id": 7, "on": month(23), "cause": "New list", "reason": "Changed", "withdrawn": False}
    said = told(version(values, recalculations=[later]), version([1, 2], number=2, applies_from="2020-11-01"))
    assert said["latest"]["period"]["to"] == "2020-10-01"
    assert said["mean"]["n"] == 22
    assert (said["definition"]["version"], said["recalculations"], said["amendments"]) == (1, [], [])


def test_recalculation_says_cause_reason_and_role_and_starts_new_limits():
    made_in = {"id": 7, "on": month(13), "cause": "New list", "reason": "Changed", "withdrawn": False}
    withdrawn = made_in | {"id": 8, "on": month(5), "withdrawn": True}
    values = [*STEADY, *(value - 10 for value in STEADY[:9])]
    said = told(
        version(values, recalculations=[withdrawn, made_in]), facts=Facts(recalculated_by=((7, "KPO lead"), (8, "X")))
    )
    assert said["recalculations"] == [
        {"on": month(13), "cause": "New list", "reason": "Changed", "by": "KPO lead"},
    ]
    assert said["mean"]["period"]["from"] == month(13)
    assert said["mean"]["n"] == 9


def test_amendment_says_why_and_with_which_icon_the_old_definition_ended():
    old = version([*STEADY, 35])
    said = told(old, version(STEADY[:3], number=2, applies_from="2020-03-01", agreed_at="2020-02-20"))
    assert said["definition"]["version"] == 2
    assert said["variation"] == "few"
    assert said["amendments"] == [
        {
            "version": 2,
            "applies_from": "2020-03-01",
            "agreed_on": "2020-02-20",
            "agreed_by": "Executive sponsor",
            "reason": "Too broad",
            "before": {"variation": "concern_high", "assurance": "pass", "as_of": "2020-02-01"},
        }
    ]


def test_gaps_are_counted_by_reason():
    ghost = point(14, 99, ghost=True)
    said = told(version([*STEADY, None, ghost]))
    assert said["mean"]["excluded"] == {"ghost": 1, "suppressed": 1}
    assert said["mean"]["n"] == 13


@pytest.mark.parametrize(
    ("last", "unit", "suppressed"),
    [
        (point(13, 50.0, denominator=4), "percent", True),
        (point(13, 50.0, denominator=5), "percent", False),
        (point(13, 4.0), "count", True),
        (point(13, 4.0), "minutes", False),
    ],
)
def test_count_under_five_is_not_said(last, unit, suppressed):
    said = told(version([*STEADY, last], unit=unit))
    assert (said["latest"]["suppressed"], said["latest"]["value"] is None) == (suppressed, suppressed)


def test_retired_metric_leaves_with_its_month():
    assert told(version(STEADY), retired_on="2020-10-15")["retired_on"] == "2020-10-15"
    assert made(metrics=[metric(version(STEADY), retired_on="2020-09-30")])["metrics"] == []


def test_names_and_notes_of_a_metric_never_leave():
    body = made(metrics=[metric(version(STEADY))])
    assert "canary" not in json.dumps(body)


def test_generated_series_say_so_for_the_whole_summary():
    said = told(version(STEADY), synthetic=True)
    assert said["synthetic"]
    [(_, [line])] = metric_groups([said])
    assert "Generated, not as measured." in line.notes
