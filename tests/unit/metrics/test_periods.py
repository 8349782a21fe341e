from datetime import date

import pytest

from metrics.periods import moved, names_of, period_of, periods, say_period

DAY = date(2016, 5, 18)  # a Wednesday


@pytest.mark.parametrize(
    ("often", "first", "next_one", "said"),
    [
        ("daily", DAY, date(2016, 5, 19), "Wed 18 May 2016"),
        ("weekly", date(2016, 5, 16), date(2016, 5, 23), "week of Mon 16 May 2016"),
        ("monthly", date(2016, 5, 1), date(2016, 6, 1), "May 2016"),
        ("quarterly", date(2016, 4, 1), date(2016, 7, 1), "April to June 2016"),
    ],
)
def test_period_of_a_day(often, first, next_one, said):
    assert period_of(DAY, often) == first
    assert moved(first, often, 1) == next_one
    assert moved(next_one, often, -1) == first
    assert say_period(first, often) == said


def test_periods_over_a_new_year():
    assert list(periods(date(2015, 11, 1), date(2016, 2, 1), "monthly")) == [
        date(2015, 11, 1),
        date(2015, 12, 1),
        date(2016, 1, 1),
        date(2016, 2, 1),
    ]


def test_day_inside_a_month_is_said_as_the_day():
    assert say_period(DAY, "monthly") == "Wed 18 May 2016"


@pytest.mark.parametrize(
    ("day", "often", "named", "another"),
    [
        (
            date(2016, 4, 1),
            "monthly",
            {"April 2016", "apr 16", "01/04/2016", "1/4/2016", "2016-04", "2016-04-01"},
            "apr 17",
        ),
        (date(2016, 4, 1), "quarterly", {"April to June 2016", "1 april 2016"}, "apr 16"),
        (date(2016, 5, 16), "weekly", {"w/c 16 may 2016", "16/05/16", "16 may 16"}, "may 2016"),
        (DAY, "daily", {"18/05/2016", "18 may 2016"}, "w/c 18 may 2016"),
    ],
)
def test_names_by_which_a_spreadsheet_calls_a_period(day, often, named, another):
    names = names_of(day, often)
    assert named <= set(names)
    assert another not in names
