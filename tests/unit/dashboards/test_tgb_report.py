"""What a trust brings to the TGB, in words and judgements that need no database."""

from datetime import date, timedelta

import pytest

from dashboards.presenters.tgb import changes, lede, remeasured, tasks
from dashboards.tgb.report import NO_CHART, NOT_SHOWN, PAIR, SHOWN, Between, Brought, Facts, report_body, support_of

ON, SINCE = date(2026, 3, 12), date(2026, 2, 16)
PAIR_BODY = {
    "key": "measure-7",
    "process": "Turnaround",
    "name": "Lead time",
    "baseline_words": "34 min",
    "post_words": "9 min",
    "improved": True,
}


def body(**parts):
    empty = {"streams": [], "success_chart": "", "success_pair": None}
    return empty | parts


def metric(variation):
    return {"key": "metric-3", "name": "Moves at night", "variation": variation, "sentence": "It is said here."}


@pytest.mark.parametrize(
    ("parts", "kind"),
    [
        ({}, NO_CHART),
        ({"success_chart": "metric-3", "streams": [{"metrics": [metric("improvement_low")]}]}, SHOWN),
        ({"success_chart": "metric-3", "streams": [{"metrics": [metric("common")]}]}, NOT_SHOWN),
        ({"success_chart": "metric-3", "streams": [{"metrics": [metric("concern_high")]}]}, NOT_SHOWN),
        ({"success_chart": "metric-3", "streams": [{"metrics": [metric("few")]}]}, NOT_SHOWN),
        ({"success_chart": "metric-9", "streams": [{"metrics": [metric("improvement_low")]}]}, NO_CHART),
        ({"success_chart": "measure-7", "success_pair": PAIR_BODY}, PAIR),
        ({"success_chart": "measure-7", "success_pair": PAIR_BODY | {"improved": False}}, NOT_SHOWN),
    ],
)
def test_claim_is_supported_only_by_a_chart_that_shows_it(parts, kind):
    found = support_of(body(**parts))
    assert found.kind == kind
    assert found.is_shown == (kind in (SHOWN, PAIR))


def test_claim_without_a_chart_says_so():
    assert support_of(body()).words == "No chart supports this."
    assert "cannot tell chance from cause" in support_of(body(success_chart="measure-7", success_pair=PAIR_BODY)).words


def trust(**context):
    lists = ("ratings", "chief_executives", "regulatory_periods", "stand_downs")
    return {
        "trust": {"id": 1, "name": "Leeds", "short_name": "Leeds", "ods_code": "RR8"},
        "context": {name: [] for name in lists} | context,
        "value_streams": [{"id": 5, "name": "Flow", "status": "active"}],
        "synthetic": False,
    }


def stream(*rpiws):
    return {"value_stream": {"id": 5, "name": "Flow"}, "metrics": [], "measures": [], "rpiws": list(rpiws)}


def rpiw(*rows, state="following_up", **more):
    return {
        "id": 9,
        "state": state,
        "process": "Step-down",
        "kept_apart": False,
        "reported_out": "2026-01-09",
        "week_starts": "2026-01-05",
        "week_ends": "2026-01-09",
        "checkpoints": list(rows),
    } | more


def row(checkpoint, due, measured, *, of=2, not_measured=0, stood_down=False):
    return {
        "checkpoint": checkpoint,
        "due": due,
        "expected": of,
        "measured": measured,
        "not_measured": not_measured,
        "stood_down": stood_down,
        "last_on": None,
    }


def made(streams, facts=None, **context):
    days = Between(on=ON, since=SINCE)
    return report_body(trust(**context), streams, facts or Facts(), Brought(success="s", challenge="c"), days, None)


def test_remeasures_count_what_fell_due_within_a_year_and_why_not():
    held = rpiw(
        row("day_30", "2026-02-08", 2),
        row("day_60", "2026-03-10", 0, not_measured=2),
        row("day_90", "2026-04-09", 0),
        row("day_365", "2026-01-01", 0),
    )
    old = rpiw(row("day_30", "2024-01-01", 2))
    found = made([stream(held, old)], Facts(not_measured=((9, "day_60", "staffing"),)))["remeasures"]
    assert found == {"due": 2, "done": 1, "reasons": {"staffing": 1}}
    assert remeasured(found) == "1 of 2 due within a year; of the others 1 nobody was free to measure"


def test_weeks_are_those_to_come_and_the_one_being_held():
    coming = {"state": "preparing", "reported_out": None}
    now = rpiw(state="week", reported_out=None, week_starts="2026-03-09", week_ends="2026-03-13")
    later = rpiw(**coming, week_starts="2026-05-04", week_ends="2026-05-08")
    far = rpiw(**coming, week_starts="2027-05-04", week_ends="2027-05-08")
    found = made([stream(later, far, now, rpiw())])["weeks"]
    assert [week["starts"] for week in found] == ["2026-03-09", "2026-05-04"]


def test_changes_of_leaders_ratings_and_regulation_are_told_since_the_meeting_before():
    dates = {"started_precision": "day", "ended_precision": "day"}
    found = made(
        [],
        chief_executives=[
            {"name": "A", "interim": False, "started": "2020-01-01", "ended": "2026-03-01", **dates},
            {"name": "B", "interim": False, "started": "2026-03-01", "ended": None, **dates},
        ],
        ratings=[{"rating": "good", "rated": "2026-02-20", "rated_precision": "day"}],
        regulatory_periods=[
            {"kind": "quality", "body": "", "description": "Special measures", "started": "2020-01-01", "ended": None}
            | dates
        ],
    )
    told = [change["text"] for change in found["changes"]]
    assert told == ["CQC rating: Good", "Chief executive until now: A", "New chief executive: B"]
    assert found["context"]["chief_executive"] == "B"
    assert found["context"]["regulatory"][0]["what"] == "Special measures"


def test_chief_executive_is_so_on_the_day_of_leaving_too():
    leaves = {"name": "A", "interim": False, "started": "2020-01-01", "started_precision": "day"}
    for ended, said in ((ON, "A"), (ON - timedelta(days=1), "")):
        row = leaves | {"ended": ended.isoformat(), "ended_precision": "day"}
        assert made([], chief_executives=[row])["context"]["chief_executive"] == said


def brief(*actions):
    report = {"body": {"words": {"challenge": "Who hears of it?"}, "changes": [{"icon": "info", "text": "x"}]}}
    trusts = [{"id": n, "short_name": f"T{n}", "report": report} for n in (1, 2)]
    regulator = {"name": "", "leaders": [], "asks": [], "expectations": []}
    return {"trusts": trusts, "actions": list(actions), "regulator": regulator}


def action(due, *, seat=1, done=False):
    return {"id": 4, "text": "Visit", "owner": "CEO", "seat": seat, "due": due, "done": done, "outcome": ""}


def test_own_question_and_own_late_actions_stand_first():
    stored = brief(action("2026-03-01"), action("2026-03-20", seat=2))
    mine = [task for task in tasks(stored, seats={1}, today=ON) if task.mine]
    assert lede(stored, mine, own={2}) == "The question that you bring: Who hears of it? One action of yours is late."
    assert lede(brief(), [], own=set()) == "No action waits for you."
    assert [change.who for change in changes(stored, own={2})] == ["T2", "T1"]


def test_newest_figure_is_a_value_of_that_day_or_before():
    points = [{"on": on, "value": value} for on, value in (("2026-02-01", 3), ("2026-03-01", None), ("2026-04-01", 4))]
    watched = {
        "metrics": [
            {
                "retired_on": "2026-01-01",
                "id": 1,
                "name": "x",
                "versions": [{"number": 1, "agreed_at": None, "series": [{"points": points}]}],
            }
        ]
    }
    assert made([stream() | watched])["newest_data"] == "2026-02-01"
