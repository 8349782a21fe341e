"""The days on which a rule has a meeting."""

from datetime import date, time

import pytest

from boards.models import Series


def series(**facts):
    usual = {"every": 1, "week": 3, "weekday": 1, "begins_at": time(10), "minutes": 150, "starts": date(2021, 1, 1)}
    return Series(**usual | facts)


def test_third_tuesday_monthly_has_the_days_of_a_wall_calendar():
    assert series().days(until=date(2021, 4, 30)) == [
        date(2021, 1, 19),
        date(2021, 2, 16),
        date(2021, 3, 16),
        date(2021, 4, 20),
    ]


def test_last_thursday_of_every_quarter():
    days = series(every=3, week=-1, weekday=3).days(until=date(2021, 12, 31))
    assert days == [date(2021, 1, 28), date(2021, 4, 29), date(2021, 7, 29), date(2021, 10, 28)]


def test_rule_begins_on_its_first_day_and_stops_after_its_last():
    days = series(starts=date(2021, 1, 20), ends=date(2021, 3, 16)).days(until=date(2022, 1, 1))
    assert days == [date(2021, 2, 16), date(2021, 3, 16)]


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({}, "The third Tuesday of every month at 10:00"),
        (
            {"every": 3, "week": -1, "weekday": 3, "begins_at": time(13, 30)},
            "The last Thursday of every quarter at 13:30",
        ),
    ],
)
def test_rule_is_said_as_people_say_it(facts, words):
    assert series(**facts).words == words
