import statistics
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.entries import EntryForm, Statistic, UnreadableEntry, read_entry, say_value

DURATION, VALUE, RATIO, LEVEL = EntryForm.DURATION, EntryForm.VALUE, EntryForm.RATIO, EntryForm.LEVEL_5S


def refusal(text, **options):
    with pytest.raises(UnreadableEntry) as refused:
        read_entry(text, **options)
    return str(refused.value)


@pytest.mark.parametrize(
    ("text", "unit", "value", "said"),
    [
        ("1,234.5", "", "1234.5", "= 1,234.5"),
        ("12 cases", "cases", "12", "= 12 cases"),
        ("12 case", "cases", "12", "= 12 cases"),
        ("420 m", "m", "420", "= 420 m"),
        ("420m", "metres", "420", "= 420 metres"),
        ("0.42 km", "m", "420", "= 420 m"),
        ("900 m", "km", "0.9", "= 0.9 km"),
        ("£420", "£", "420", "= £420"),
        ("25%", "percent", "25", "= 25%"),
        ("1½", "", "1.5", "= 1.5"),
        ("90 s", "minutes", "1.5", "= 1.5 minutes"),
    ],
)
def test_value_in_its_own_unit_or_a_kindred_one(text, unit, value, said):
    entry = read_entry(text, form=VALUE, unit=unit)
    assert (entry.value, entry.said, entry.n, entry.observations) == (Decimal(value), said, None, ())


def test_value_in_another_unit_names_the_unit_expected():
    assert refusal("420 kg", form=VALUE, unit="m") == (
        "This measure is in m, not \u201ckg\u201d. Write a number like 12 m."
    )


def test_value_below_zero_needs_a_measure_that_allows_it():
    assert "negative" in refusal("-4", form=VALUE)
    assert read_entry("-4", form=VALUE, allow_negative=True).value == -4


@pytest.mark.parametrize("text", ["n/a", "-", "not measured"])
def test_value_that_is_missing_is_pointed_to_its_reason(text):
    assert "give the reason" in refusal(text, form=VALUE)


@pytest.mark.parametrize("text", ["110,125,130", "110 125 130"])
def test_numbers_run_together_are_asked_about(text):
    assert "110; 125; 130" in refusal(text, form=DURATION)
    assert "110; 125; 130" in refusal(text, form=VALUE)


@pytest.mark.parametrize(
    "text", ["12; 14; 15", "12, 14, 15", "12 14 15", "12\n14\n15\n", "12\t14\t15", "12;14 min; 15"]
)
def test_observations_are_counted_and_averaged(text):
    entry = read_entry(text, form=DURATION)
    assert entry.observations == (12, 14, 15)
    assert (entry.n, entry.value) == (3, Decimal("13.666667"))
    assert entry.said == "= 13.67 min, mean of 3"


def test_observations_with_a_median():
    entry = read_entry("10; 11; 12; 90", form=DURATION, statistic=Statistic.MEDIAN)
    assert (entry.value, entry.said) == (Decimal("11.5"), "= 11.5 min, median of 4")


def test_observations_with_units_only_sometimes_are_refused():
    assert "Write the unit with each" in refusal("2; 3; 4 h", form=DURATION, unit="minutes")


def test_one_time_in_parts_is_not_two_observations():
    entry = read_entry("1 h, 5 min", form=DURATION)
    assert (entry.value, entry.n) == (65, None)
    assert read_entry("2 h, 3 h", form=DURATION).observations == (120, 180)


def test_duration_is_said_in_the_measures_unit():
    assert read_entry("9 h", form=DURATION, unit="minutes").said == "= 540 min"
    assert read_entry("9", form=DURATION, unit="hours").value == 540


@pytest.mark.parametrize("text", ["6/28", "6 / 28", "6 of 28", "6 out of 28"])
def test_ratio_of_two_numbers(text):
    entry = read_entry(text, form=RATIO)
    assert (entry.numerator, entry.denominator, entry.n) == (6, 28, 28)
    assert (entry.value, entry.said) == (Decimal("0.214286"), "= 21.4%")


@pytest.mark.parametrize(
    ("text", "value"), [("25%", "0.25"), ("0.25", "0.25"), ("4 %", "0.04"), ("0", "0"), ("100%", "1")]
)
def test_ratio_without_its_numbers(text, value):
    entry = read_entry(text, form=RATIO)
    assert (entry.value, entry.numerator, entry.denominator, entry.n) == (Decimal(value), None, None, None)


def test_ratio_over_one_is_allowed():
    assert read_entry("30/28", form=RATIO).value == Decimal("1.071429")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("6/", "Write both numbers, like 6/28"),
        ("/28", "Write both numbers, like 6/28"),
        ("0/0", "0/0 says nothing"),
        ("6/0", "6 defects in 0 outputs is not a ratio"),
        ("6/-1", "negative"),
        ("25", "could be a count or a percentage"),
        ("1", "could be a count or a percentage"),
        ("six/28", "cannot be read as a ratio"),
        ("6/28/3", "cannot be read as a ratio"),
        ("6/0.0000001", "too small"),
    ],
)
def test_ratio_unreadable_says_why(text, said):
    assert said in refusal(text, form=RATIO)


@pytest.mark.parametrize(("text", "level"), [("3", 3), ("level 3", 3), ("3/5", 3), ("0", 0), ("5S level 5", 5)])
def test_level_from_zero_to_five(text, level):
    assert read_entry(text, form=LEVEL).value == level


@pytest.mark.parametrize("text", ["2.5", "6", "-1", "3/4", "high"])
def test_level_otherwise_is_refused(text):
    assert "from 0 to 5" in refusal(text, form=LEVEL)


def test_value_said_alone():
    assert say_value(Decimal("0.04"), form=RATIO) == "4%"
    assert say_value(Decimal("1334"), form=DURATION, unit="hours") == "22.23 h"


@pytest.mark.parametrize(
    ("value", "unit", "said"),
    [
        ("1", "cases", "1 case"),
        ("1.000000", "defects", "1 defect"),
        ("2", "cases", "2 cases"),
        ("0", "cases", "0 cases"),
        ("1.5", "cases", "1.5 cases"),
        ("1", "defects per week", "1 defect per week"),
        ("1", "ms", "1 ms"),
        ("1", "m/s", "1 m/s"),
        ("1", "%", "1%"),
        ("1", "£", "£1"),
        ("1", "loss", "1 loss"),
        ("1", "", "1"),
    ],
)
def test_one_is_said_in_the_singular(value, unit, said):
    assert say_value(Decimal(value), form=VALUE, unit=unit) == said


@given(st.lists(st.decimals(0, 100000, places=2), min_size=1, max_size=30), st.sampled_from(Statistic))
def test_observations_equal_the_naive_statistic(numbers, statistic):
    entry = read_entry("; ".join(map(str, numbers)), form=VALUE, statistic=statistic)
    naive = statistics.median(numbers) if statistic is Statistic.MEDIAN else sum(numbers) / len(numbers)
    assert abs(entry.value - naive) <= Decimal("0.0000005")
    assert entry.n == (len(numbers) if len(numbers) > 1 else None)


@given(st.integers(0, 10000), st.integers(1, 10000))
def test_ratio_equals_the_naive_quotient(defects, outputs):
    entry = read_entry(f"{defects}/{outputs}", form=RATIO)
    assert abs(float(entry.value) - defects / outputs) < 1e-6
    assert (entry.numerator, entry.denominator) == (defects, outputs)


@given(
    st.text(max_size=25) | st.from_regex(r"[0-9,.;/% \n]{0,12}(m|km|h|of|)", fullmatch=True), st.sampled_from(EntryForm)
)
def test_any_text_is_read_or_refused(text, form):
    try:
        entry = read_entry(text, form=form, unit="" if form is not VALUE else "m")
    except UnreadableEntry as refused:
        assert str(refused)
    else:
        assert entry.value.is_finite()
        assert entry.value >= 0
        assert entry.said.startswith("= ")
