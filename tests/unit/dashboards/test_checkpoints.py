"""Where a stored checkpoint stands on a day: the snapshot holds dates, the page compares."""

from datetime import date

import pytest

from analysis.checkpoints import State
from dashboards.presenters import checkpoints
from dashboards.presenters.checkpoints import line, points, state_of, stretches


def row(checkpoint="day_60", due="2021-03-09", expected=3, measured=0, not_measured=0, **facts):
    return {
        "checkpoint": checkpoint,
        "due": due,
        "expected": expected,
        "measured": measured,
        "not_measured": not_measured,
        "reasons": ["nobody was free to measure"] if not_measured else [],
        "simulated": 0,
        "last_on": None,
        "stood_down": False,
    } | facts


def rpiw(*rows, **facts):
    return {
        "id": 1,
        "process": "Neurosurgical flow",
        "state": "following_up",
        "week_starts": "2021-01-04",
        "week_ends": "2021-01-08",
        "week_published": True,
        "reported_out": "2021-01-08",
        "kept_apart": False,
        "complete": False,
        "measures": 3,
        "checkpoints": list(rows),
    } | facts


ALL = (row("day_30", "2021-02-07"), row("day_60", "2021-03-09"), row("day_90", "2021-04-08"))


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2021-02-22", State.TO_COME),
        ("2021-02-23", State.DUE),
        ("2021-03-09", State.DUE),
        ("2021-03-10", State.LATE),
        ("2021-04-08", State.LATE),
        ("2021-04-09", State.NEVER_MEASURED),
    ],
)
def test_state_moves_with_the_day_alone(day, expected):
    own = rpiw(*ALL)
    assert state_of(own["checkpoints"][1], own, today=date.fromisoformat(day)) is expected


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"measured": 3}, State.MEASURED),
        ({"measured": 2, "not_measured": 1}, State.MEASURED),
        ({"not_measured": 3}, State.NOT_MEASURED),
        ({"measured": 2}, State.LATE),
        ({"stood_down": True}, State.STOOD_DOWN),
        ({"due": None}, State.TO_COME),
    ],
)
def test_state_follows_what_was_answered(facts, expected):
    own = rpiw(row(**facts), row("day_90", "2021-04-08"))
    assert state_of(own["checkpoints"][0], own, today=date(2021, 3, 20)) is expected


def test_words_say_how_much_is_in_and_why_not():
    own = rpiw(row(measured=2), row("day_90", "2021-04-08", not_measured=3))
    found = [point.words for point in points(own, today=date(2021, 3, 20))]
    assert found == ["late, was due Tue 9 March 2021, 2 of 3 in", "not measured: nobody was free to measure"]


def test_report_out_is_no_remeasure_and_a_far_year_is_not_drawn():
    own = rpiw(row("report_out", "2021-01-08", measured=3), *ALL, row("day_365", "2022-01-08"))
    assert [point.checkpoint for point in points(own, today=date(2021, 3, 20))] == ["day_30", "day_60", "day_90"]


def body(*rpiws, stand_downs=()):
    return {"rpiws": list(rpiws), "stand_downs": list(stand_downs)}


def in_year(year, **facts):
    week = {"week_starts": f"{year}-01-04", "week_ends": f"{year}-01-08", "reported_out": f"{year}-01-08"}
    return rpiw(row("day_30", f"{year}-02-07", measured=3, last_on=f"{year}-02-07"), **(week | facts))


def test_years_without_rpiws_split_the_timeline():
    found = stretches(body(in_year(2016), in_year(2017), in_year(2026)), today=date(2026, 3, 1))
    assert [(each.years, len(each.drawing.rows)) for each in found] == [("2016 to 2017", 2), ("2026", 1)]


def test_few_years_stand_on_one_axis():
    found = stretches(body(in_year(2018), in_year(2020)), today=date(2020, 6, 1))
    assert [(each.years, len(each.drawing.rows)) for each in found] == [("", 2)]


def test_stand_down_is_drawn_where_it_lies():
    stopped = {"started": "2016-06-01", "ended": "2016-09-01", "stops": ["RPIWs"], "reason": "staffing"}
    past, now = stretches(
        body(in_year(2016), in_year(2017), in_year(2026), stand_downs=[stopped]), today=date(2026, 3, 1)
    )
    assert "staffing" in past.drawing.body
    assert "staffing" not in now.drawing.body


def test_cancelled_and_kept_apart_are_not_on_the_timeline():
    drawn = checkpoints.shown_rpiws(
        body(in_year(2020), in_year(2020, state="cancelled"), in_year(2020, kept_apart=True))
    )
    assert len(drawn) == 1


def test_timeline_without_a_known_week_is_none():
    assert stretches(body(in_year(2016, week_published=False)), today=date(2026, 3, 1)) == []
    assert line(in_year(2016, week_published=False), today=date(2026, 3, 1)).week == "not published"


def test_late_words_count_rpiws_not_checkpoints():
    today = date(2021, 6, 1)
    lines = [line(rpiw(*ALL), today=today), line(in_year(2021), today=today)]
    assert checkpoints.late_words(lines) == "one RPIW owes a remeasure"
    assert checkpoints.late_words(lines[1:]) == ""


def test_closed_rpiw_was_never_measured_and_owes_nothing():
    closed = rpiw(*ALL, state="closed")
    found = points(closed, today=date(2021, 6, 1))
    assert {point.state for point in found} == {State.NEVER_MEASURED}
    assert checkpoints.late_words([line(closed, today=date(2021, 6, 1))]) == ""
    (drawn,) = stretches(body(closed), today=date(2021, 6, 1))
    assert "90 days never measured" in str(drawn)
