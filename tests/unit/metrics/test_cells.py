"""Cells as people type them, read as dates and numbers: whatever is written from one is read back as it was."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.files.cells import (
    FULL_MONTHS,
    Decimals,
    Refused,
    column_name,
    decimals_of,
    first_of_period,
    read_date,
    read_missing,
    read_month_and_year,
    read_number,
    reads_either_way,
)

DATES = st.dates(dt.date(1990, 1, 1), dt.date(2069, 12, 31))
UNITS = ("", "percent", "count", "rate", "minutes", "hours", "days", "pounds", "score")
NUMBERS = st.decimals(-999_999_999, 999_999_999, allow_nan=False, allow_infinity=False, places=4)


def name(day):
    return FULL_MONTHS[day.month - 1]


WRITINGS = [
    lambda d: f"{d.day:02}/{d.month:02}/{d.year}",
    lambda d: f"{d.day}/{d.month}/{d.year}",
    lambda d: f"{d.day}.{d.month}.{d.year}",
    lambda d: f"{d.day}-{d.month:02}-{d.year}",
    lambda d: d.isoformat(),
    lambda d: f"{d.isoformat()} 00:00:00",
    lambda d: f"{d.isoformat()}T00:00:00",
    lambda d: f"{d:%Y/%m/%d}",
    lambda d: f"{d:%Y%m%d}",
    lambda d: f"{d.day} {name(d).title()} {d.year}",
    lambda d: f"{d.day}-{name(d)[:3].title()}-{d.year}",
    lambda d: f"{d.day}th {name(d).upper()} {d.year}",
    lambda d: f"{name(d).title()} {d.day}, {d.year}",
    lambda d: f"  {d.day} {name(d)[:3]}. {d.year} ",
]
OF_MONTHS = [
    lambda d: f"{name(d).title()} {d.year}",
    lambda d: f"{name(d)[:3].title()}-{d.year}",
    lambda d: f"{name(d)[:3].title()} {d.year}",
    lambda d: f"{d:%Y-%m}",
    lambda d: f"{d:%Y%m}",
]


@given(DATES, st.sampled_from(WRITINGS))
def test_date_as_written_is_read_back(day, write):
    assert read_date(write(day)).date == day


@given(DATES, st.sampled_from(OF_MONTHS))
def test_month_as_written_is_its_first_day(day, write):
    assert read_date(write(day)).date == day.replace(day=1)


@given(DATES)
def test_date_with_the_month_first_is_read_so_where_that_was_chosen(day):
    read = read_date(f"{day.month}/{day.day}/{day.year}", day_first=False)
    assert read.date == day
    assert read.either == (day.day <= 12 and day.day != day.month)


@given(DATES.filter(lambda day: day.day > 12 and day.year >= 2000))
def test_date_in_the_other_order_is_refused_and_not_turned_round(day):
    with pytest.raises(Refused, match="is no month"):
        read_date(f"{day.month}/{day.day}/{day.year}")
    assert read_date(f"{day.day}/{day.month}/{day.year % 100:02}").date == day


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("31/02/2023", "no such day"),
        ("45017", "A number stands where a date should"),
        ("12.5", "A number stands"),
        ("03/04", "needs a year"),
        ("1/4/223", "four figures"),
        ("Aprl 2023", "Aprl is no month"),
        ("01/04/1923", "before 1990"),
        ("last week", "is no date"),
        ("", "is no date"),
    ],
)
def test_what_is_no_date_says_what_to_write(text, words):
    with pytest.raises(Refused, match=words):
        read_date(text)


@given(st.text(max_size=40))
def test_any_text_is_a_date_or_refused(text):
    try:
        assert isinstance(read_date(text).date, dt.date)
    except Refused as refused:
        assert str(refused)


def grouped(mark):
    return lambda n: f"{n:,}".replace(",", mark)


@given(NUMBERS, st.sampled_from([str, lambda n: f"{n:f}", grouped(","), grouped(" "), grouped("\u00a0")]))
def test_number_as_written_is_read_back(number, write):
    assert Decimal(read_number(write(number))) == number


@given(NUMBERS)
def test_signs_of_money_minus_and_percent_are_welcome(number):
    assert Decimal(read_number(f" £{abs(number):,} ", unit="pounds")) == abs(number)
    assert Decimal(read_number(f"-£{abs(number):,}", unit="pounds")) == -abs(number)
    assert Decimal(read_number(f"({abs(number):,})")) == -abs(number)
    assert Decimal(read_number(str(number).replace("-", "\u2212"))) == number
    assert Decimal(read_number(f"{number:,} %", unit="percent")) == number
    assert Decimal(read_number(f"'{number}")) == number


@given(st.decimals(-5, 5, allow_nan=False, allow_infinity=False, places=6))
def test_fraction_is_a_hundred_times_as_many_percent_unless_a_sign_says_so(number):
    assert Decimal(read_number(f"{number:f}", unit="percent", fraction=True)) == number * 100
    assert Decimal(read_number(f"{number:f}%", unit="percent", fraction=True)) == number


@given(st.floats(-1e6, 1e6, allow_nan=False))
def test_number_of_a_workbook_is_read_back(number):
    try:
        assert float(read_number(repr(number))) == pytest.approx(number)
    except Refused:
        assert "e" in repr(number)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("12,5", "A comma stands where a point should"),
        ("0,842", "A comma stands where a point should"),
        ("12%", "the metric's unit is another one"),
        ("#DIV/0!", "spreadsheet's error #DIV/0!"),
        ("about 12", "is no number"),
        ("1.2.3", "is no number"),
        ("=1+1", "A formula stands here without its value"),
        ("1e400", "is no number"),
        ("nan", "is no number"),
        ("\u0661\u0662", "is no number"),
        ("inf", "is no number"),
        ("9" * 13, "too large"),
    ],
)
def test_what_is_no_number_says_what_to_write(text, words):
    with pytest.raises(Refused, match=words):
        read_number(text)


@given(st.text(max_size=40), st.sampled_from(UNITS), st.booleans(), st.sampled_from(list(Decimals)))
def test_any_text_is_a_number_postgresql_takes_or_refused(text, unit, fraction, decimals):
    try:
        number = read_number(text, unit=unit, fraction=fraction, decimals=decimals)
        assert number.isascii()
        assert abs(Decimal(number)) < 10**12
    except Refused as refused:
        assert str(refused)


@pytest.mark.parametrize(
    ("unit", "text", "words"),
    [
        ("days", "£3", "£ stands here"),
        ("count", "$3", r"\$ stands here"),
        ("pounds", "$3", r"\$ stands here"),
        ("count", "12%", "A percentage stands here"),
        ("count", "3 kg", "“kg” stands beside the number"),
        ("percent", "80 patients", "“patients” stands beside the number"),
        ("days", "3 kg", "“kg” is not a unit of time"),
        ("pounds", "3 days", "“days” stands beside the number"),
    ],
)
def test_unit_that_contradicts_the_metric_is_refused(unit, text, words):
    with pytest.raises(Refused, match=words):
        read_number(text, unit=unit)


def test_time_with_its_own_unit_is_read_in_the_metrics():
    assert [read_number(text, unit="days") for text in ("36 h", "1 day 12 h", "36:00:00", "1.5")] == ["1.5"] * 4


@given(NUMBERS)
def test_number_with_a_decimal_comma_is_read_back_where_that_was_said(number):
    written = f"{number:,}".translate(str.maketrans(",.", ".,"))
    assert Decimal(read_number(written, decimals=Decimals.COMMA)) == number
    assert Decimal(read_number(str(number).replace(".", ","), decimals=Decimals.COMMA)) == number
    assert Decimal(read_number(str(number), decimals=Decimals.EITHER)) == number


def test_comma_before_three_figures_reads_either_way():
    assert [read_number("3,125", decimals=decimals) for decimals in Decimals] == ["3125", "3.125", "3.125"]
    assert [reads_either_way(text) for text in ("3,125", "£3,125", "3,125%", "0,125", "3,12", "1,234,567")] == [
        *(True,) * 3,
        *(False,) * 3,
    ]
    assert [decimals_of(text) for text in ("12,5", "1.204,5", "0,842", "12.5", "1,204.5", "3,125", "12")] == [
        *(Decimals.COMMA,) * 3,
        *(Decimals.POINT,) * 2,
        *(None,) * 2,
    ]


def test_stars_are_suppressed_and_dashes_were_not_collected():
    assert [read_missing(text) for text in ("*", " * ", "Suppressed", "-", "n/a", "..", "12", "")] == [
        *("suppressed",) * 3,
        *("not_collected",) * 3,
        *("",) * 2,
    ]


@pytest.mark.parametrize(
    ("often", "first"),
    [("daily", "2023-05-18"), ("weekly", "2023-05-15"), ("monthly", "2023-05-01"), ("quarterly", "2023-04-01")],
)
def test_measurement_is_dated_by_the_first_day_of_its_period(often, first):
    assert first_of_period(dt.date(2023, 5, 18), often).isoformat() == first


def test_title_names_its_month():
    assert read_month_and_year("Friends and Family Test, A&E - September 2025 (published)") == dt.date(2025, 9, 1)
    assert read_month_and_year("England 2025") is None


def test_columns_are_named_as_in_a_spreadsheet():
    assert [column_name(n) for n in (0, 25, 26, 255, 16383)] == ["A", "Z", "AA", "IV", "XFD"]
