import datetime as dt
from decimal import Decimal

import pytest

from ui import words

TODAY = dt.date(2021, 3, 11)
TUESDAY = dt.date(2021, 3, 9)


def test_dates_in_their_wordings():
    assert words.day(TUESDAY) == "Tue 9 March"
    assert words.day_year(TUESDAY) == "Tue 9 March 2021"
    assert words.day_short(dt.date(2021, 1, 8)) == "Fri 8 Jan"
    assert words.day_long(TODAY) == "Thursday 11 March 2021"
    assert words.month(TODAY) == "March 2021"
    assert words.month_short(TODAY) == "Mar 2021"


@pytest.mark.parametrize(
    ("precision", "said"), [("year", "2021"), ("month", "March 2021"), ("day", "Tue 9 March 2021")]
)
def test_partial_date_is_no_more_exact_than_known(precision, said):
    assert words.partial_date(TUESDAY, precision) == said


@pytest.mark.parametrize(
    ("days", "said"),
    [(-2, "2 days ago"), (-1, "yesterday"), (0, "today"), (1, "tomorrow"), (4, "in 4 days")],
)
def test_ago(days, said):
    assert words.ago(TODAY + dt.timedelta(days=days), TODAY) == said


@pytest.mark.parametrize(
    ("start", "end", "said"),
    [
        (dt.date(2021, 1, 4), dt.date(2021, 1, 8), "Mon 4 to Fri 8 January 2021"),
        (dt.date(2021, 3, 29), dt.date(2021, 4, 2), "Mon 29 March to Fri 2 April 2021"),
        (dt.date(2020, 12, 28), dt.date(2021, 1, 1), "Mon 28 December 2020 to Fri 1 January 2021"),
        (dt.date(2021, 1, 4), dt.date(2021, 1, 4), "Mon 4 January 2021"),
        (dt.date(2021, 1, 4), None, "since Mon 4 January 2021"),
        (None, dt.date(2021, 1, 4), "to Mon 4 January 2021"),
        (None, None, "not recorded"),
    ],
)
def test_span(start, end, said):
    assert words.span(start, end) == said


def test_span_without_weekdays():
    assert words.span(dt.date(2020, 3, 20), dt.date(2020, 8, 31), weekdays=False) == "20 March to 31 August 2020"


def test_times_are_shown_in_london():
    summer = dt.datetime(2021, 7, 1, 13, 32, tzinfo=dt.UTC)
    assert words.clock(summer) == "14:32"
    late_evening = dt.datetime(2021, 6, 30, 23, 30, tzinfo=dt.UTC)
    assert words.day(late_evening) == "Thu 1 July"


def test_moment_is_nearer_the_nearer_it_is():
    assert words.moment(dt.datetime(2021, 3, 11, 14, 31, tzinfo=dt.UTC), TODAY) == "today 14:31"
    assert words.moment(dt.datetime(2021, 3, 10, 16, 5, tzinfo=dt.UTC), TODAY) == "Wed 10 March, 16:05"
    assert words.moment(dt.datetime(2020, 3, 10, 16, 5, tzinfo=dt.UTC), TODAY) == "Tue 10 March 2020, 16:05"


def test_moment_that_is_quoted_another_day_has_its_year():
    assert words.moment_year(dt.datetime(2021, 7, 10, 23, 31, tzinfo=dt.UTC)) == "Sun 11 July 2021, 00:31"
    assert words.moment_year(None) == "not recorded"


@pytest.mark.parametrize(
    ("value", "places", "said"),
    [
        (2663, None, "2,663"),
        (-0.3, None, "–0.3"),
        (28.70, None, "28.7"),
        (28.7, 2, "28.70"),
        (Decimal("0.5820"), None, "0.582"),
        (0, None, "0"),
        (-0.001, 1, "0.0"),
        (100, None, "100"),
        (None, None, "not recorded"),
    ],
)
def test_number(value, places, said):
    assert words.number(value, places) == said


def test_percent_change_and_signed():
    assert words.percent(0.71) == "71%"
    assert words.percent(Decimal("0.0065"), 2) == "0.65%"
    assert words.change(-0.82) == "–82%"
    assert words.change(0.05) == "+5%"
    assert words.signed(-41) == "–41"
    assert words.signed(0) == "0"
    assert words.percent(None) == words.change(None) == words.signed(None) == "not recorded"


def test_plurals_and_lists():
    assert words.plural(1, "RPIW") == "1 RPIW"
    assert words.plural(1200, "reading") == "1,200 readings"
    assert words.noun(2, "diary", "diaries") == "diaries"
    assert [words.spelled(n) for n in (0, 2, 12)] == ["none", "two", "12"]
    assert words.sentence("one RPIW is late") == "One RPIW is late"
    assert [words.listing(x) for x in ([], ["a"], ["a", "b", "c"])] == ["", "a", "a, b and c"]


def test_every_date_filter_says_that_nothing_is_recorded():
    for name in ("day", "day_year", "day_short", "day_long", "month", "month_short", "ago", "clock", "moment"):
        assert words.FILTERS[name](None) == "not recorded"


def test_article_follows_the_sound():
    assert [words.with_article(one) for one in ("objective", "CQC rating")] == ["an objective", "a CQC rating"]
