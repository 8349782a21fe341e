from datetime import date

import pytest

from metrics.periods import moved, period_of, periods, say_period

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
