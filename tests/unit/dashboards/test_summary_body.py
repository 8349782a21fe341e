"""The trust summary's body: against a naive recomputation, and what may never be in it."""

import json
from datetime import UTC, date, datetime
from itertools import count
from statistics import median

import pytest

from dashboards.before_after import KINDS
from dashboards.summaries.body import Edition, Facts, Objective, Sources, StreamFacts, Words, body, released
from dashboards.summaries.months import Month

MONTH = Month(date(2020, 10, 1))
NOW = datetime(2020, 11, 1, 0, 5, tzinfo=UTC)


def rpiw(number, reported_out, **more):
    return {
        "id": number,
        "process": f"Process {number}",
        "reported_out": reported_out,
        "kept_apart": False,
        "complete": True,
        "week_published": True,
        "synthetic": False,
        "source": "canary source",
    } | more


def end(value, checkpoint="baseline", n=30, **parts):
    none = {"numerator": None, "denominator": None}
    return none | {"checkpoint": checkpoint, "value": value, "on": "2020-08-01", "n": n} | parts


SHAPES = {"lead_time": "duration", "defect_ratio": "ratio"}
NUMBERS = count(1)


def measure(of, baseline, post, *, kind="lead_time", left_out="", better="lower", n=30, **more):
    return {
        "id": next(NUMBERS),
        "shape": SHAPES.get(kind, "value"),
        "rpiw": of,
        "name": "Time to gather the bed state",
        "kind": kind,
        "unit": "min",
        "better_when": better,
        "baseline": end(baseline, n=n),
        "post": None if left_out else end(post, "day_30", n=n),
        "left_out": left_out,
    } | more


RPIWS = [
    rpiw(1, "2020-08-07"),
    rpiw(2, "2020-10-09"),
    rpiw(3, "2020-11-02"),
    rpiw(4, None),
    rpiw(5, "2020-09-04", kept_apart=True),
]
MEASURES = [
    measure(1, "600", "300"),
    measure(1, "20", "20"),
    measure(2, "90", "120"),
    measure(2, "50", None, left_out="no_post"),
    measure(3, "1000", "1"),
    measure(5, "50", None, left_out="kept_apart"),
    measure(1, "34", "9", kind="defects"),
    measure(1, "0.5", "0.25", kind="defect_ratio"),
]


def made(*, facts=None, words=None, rpiws=RPIWS, measures=MEASURES, headcount=4200, metrics=(), left=None):
    trust = {
        "trust": {"name": "Leeds Hospitals", "ods_code": "RR8"},
        "synthetic": True,
        "context": {
            "method_name": "Leeds Improvement Method",
            "ratings": [
                {"rating": "good", "rated": "2018-02-14", "rated_precision": "month", "source": "canary source"},
                {"rating": "outstanding", "rated": "2020-12-01", "rated_precision": "day", "source": ""},
            ],
            "chief_executives": [
                leader("Earlier", "2015-01-01", "2018-01-01"),
                leader("As published", "2018-01-01", left),
            ],
            "regulatory_periods": [],
            "headcounts": [{"people": headcount, "counted": "2018-03-31", "counted_precision": "day"}],
            "stand_downs": [
                {
                    "value_stream__name": None,
                    "started": "2020-03-20",
                    "ended": None,
                    "stops_rpiws": True,
                    "stops_training": False,
                    "stops_daily_work": False,
                    "reason": "pandemic",
                    "explanation": "canary note",
                    "decided_by": "canary person",
                    "synthetic": False,
                }
            ],
        },
    }
    stream = {"value_stream": {"name": "Theatres"}, "rpiws": rpiws, "measures": measures, "metrics": list(metrics)}
    sources = Sources(trust=trust, streams=(stream,), version=19, data_as_of=NOW)
    return body(sources, facts or Facts(), words or Words(), Edition(month=MONTH))


def leader(name, started, ended):
    return {
        "name": name,
        "started": started,
        "started_precision": "day",
        "ended": ended,
        "ended_precision": "day",
        "interim": False,
    }


def figures(value):
    """Every figure of a body, wherever it stands."""
    if isinstance(value, dict):
        if "rule_version" in value:
            yield value
        else:
            for inner in value.values():
                yield from figures(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from figures(inner)


def test_results_equal_a_naive_recomputation():
    for result in made()["results"]:
        pairs = [
            (float(row["baseline"]["value"]), float(row["post"]["value"]))
            for row in MEASURES
            if row["rpiw"] in (1, 2) and row["kind"] == result["kind"] and not row["left_out"]
        ]
        before, after = (sum(pair[place] for pair in pairs) for place in (0, 1))
        if result["kind"] == "defect_ratio":
            before, after = before / len(pairs), after / len(pairs)
        changes = [post - baseline for baseline, post in pairs]
        assert result["pairs"]["value"] == len(pairs)
        assert result["baseline"]["value"] == pytest.approx(before)
        assert result["post"]["value"] == pytest.approx(after)
        assert result["change"]["value"] == pytest.approx(after - before)
        assert result["change_median"]["value"] == pytest.approx(median(changes))
        assert result["improved"]["value"] == sum(change < 0 for change in changes)
        assert result["worsened"]["value"] == sum(change > 0 for change in changes)
        assert result["unchanged"]["value"] == sum(change == 0 for change in changes)
    assert {result["kind"] for result in made()["results"]} == set(KINDS)


def test_kind_without_a_pair_has_no_value_and_no_zero():
    result = made(measures=[])["results"][0]
    assert result["baseline"]["value"] is None
    assert result["percentage_reduction"]["value"] is None


def test_what_was_left_out_is_counted_by_reason():
    result = made()["results"][0]
    assert result["pairs"]["excluded"] == {"no_post": 1}
    assert made()["completeness"]["paired"]["excluded"] == {"no_post": 1}


def test_readings_not_measured_are_counted_by_their_reason():
    facts = Facts(not_measured=((1, "staffing"), (2, "staffing"), (2, "no_cases"), (3, "staffing"), (5, "other")))
    assert made(facts=facts)["completeness"]["not_measured_by_reason"] == {"no_cases": 1, "staffing": 2}


def test_rpiws_count_by_month_and_to_date():
    facts = Facts(
        with_patient_representative=frozenset({1, 3}),
        cancelled=((4, date(2020, 10, 31)),),
        stood_down=((2, date(2020, 9, 30)), (1, date(2020, 11, 1))),
    )
    counted = made(facts=facts)["rpiws"]
    values = {when: [figure["value"] for figure in each.values()] for when, each in counted.items()}
    assert values == {"in_period": [1, 0, 0, 1], "to_date": [2, 1, 1, 1]}


def test_due_is_counted_on_the_last_day_of_the_month():
    completeness = made()["completeness"]
    assert (completeness["held"]["value"], completeness["due"]["value"]) == (2, 1)


def test_context_is_that_of_the_months_end():
    context = made()["context"]
    assert context["cqc_rating"] == {
        "rating": "good",
        "rated": "2018-02",
        "link": "https://www.cqc.org.uk/provider/RR8",
    }
    assert context["chief_executive"]["name"] == "As published"


@pytest.mark.parametrize(("left", "said"), [("2020-10-31", "As published"), ("2020-10-30", None)])
def test_chief_executive_is_so_on_the_last_day_too(left, said):
    leader = made(left=left)["context"]["chief_executive"]
    assert (leader and leader["name"]) == said


def test_every_figure_says_where_it_comes_from():
    found = list(figures(made()))
    keys = {
        "value",
        "unit",
        "n",
        "period",
        "definition",
        "rule_version",
        "excluded",
        "source_version",
        "suppressed",
    }
    assert len(found) > 40
    assert all(keys <= set(figure) for figure in found)
    assert {figure["source_version"] for figure in found} == {19}


@pytest.mark.parametrize(("people", "said"), [(4, None), (5, 5)])
def test_count_of_people_under_five_is_not_said(people, said):
    figure = made(headcount=people)["context"]["headcount"]
    assert (figure["value"], figure["n"], figure["suppressed"]) == (said, said, said is None)


def test_notes_names_and_sources_never_leave():
    told = json.dumps(made(words=Words(shows_rpiws=True)))
    assert "canary" not in told
    assert "rank" not in told


def test_single_rpiws_leave_only_when_opted_in():
    assert "Process 1" not in json.dumps(made())
    rows = made(words=Words(shows_rpiws=True), measures=[measure(1, "600", "300", n=4)])["single_rpiws"]
    assert [row["process"] for row in rows] == ["Process 1", "Process 2"]
    baseline = rows[0]["measures"][0]["baseline"]
    assert (baseline["n"], baseline["suppressed"]) == (None, True)


def test_objective_without_priority_says_none_and_why():
    stream = StreamFacts(
        id=1,
        name="Critical care flow",
        status="active",
        chosen="top-down",
        objectives=(Objective(name="Flow", why_no_priority="a local need"),),
    )
    [told] = made(facts=Facts(streams=(stream,)))["value_streams"]
    assert told["objectives"] == [{"name": "Flow", "national_priority": "none", "why_no_priority": "a local need"}]


def test_release_touches_nothing_but_when_and_by_which_role():
    draft = made()
    out = released(draft, at=NOW, by="Chief executive")
    assert {key for key in out if out[key] != draft[key]} == {"released_at", "released_by"}


def test_months_are_whole_and_expected_in_the_middle_of_the_next():
    month = Month.before(date(2021, 1, 1))
    assert (month.starts, month.ends, month.expected) == (date(2020, 12, 1), date(2020, 12, 31), date(2021, 1, 15))
