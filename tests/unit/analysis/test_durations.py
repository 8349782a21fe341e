from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.durations import UnreadableEntry, read_duration, say_duration


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("2 h 15 min", "135"),
        ("2h15", "135"),
        ("7h15", "435"),
        ("2 h 15", "135"),
        ("1.5 days", "2160"),
        ("135 min", "135"),
        ("135", "135"),
        ("3:40", "220"),
        ("3:40:10", "220.166667"),
        ("03:40:00", "220"),
        ("0:09", "9"),
        ("90 s", "1.5"),
        ("45 sec", "0.75"),
        ("2 weeks", "20160"),
        ("1 hour 5 minutes", "65"),
        ("1 hour, 5 minutes", "65"),
        ("1 hour and 5 mins", "65"),
        ("1 day 2 hrs", "1560"),
        ("1,5 h", "90"),
        ("1½ h", "90"),
        ("1 ½ h", "90"),
        ("½ h", "30"),
        ("half an hour", "30"),
        ("2\u00a0h\u202f15\u2009min", "135"),
        ("\uff11\uff12 min", "12"),
        ("2 H 15 MIN.", "135"),
        ("1,234 min", "1234"),
        ("5 min 30", "5.5"),
        ("0", "0"),
    ],
)
def test_duration_said_as_people_say_it(text, minutes):
    assert read_duration(text) == Decimal(minutes)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "  ",
        "two hours",
        "-5 min",
        "\u22125 min",
        "3:75",
        "3:5",
        "2 h 75",
        "2 h 3 h",
        "5 min 2 h",
        "2-3 h",
        "3 months",
        "1e5",
        "nan",
        "infinity",
        "h",
        "10 furlongs",
        "2 working days",
        "2 h; 3 h",
        "110,125,130",
        "11 years",
        "4000 days",
        "9" * 2001,
    ],
)
def test_duration_unreadable_says_what_to_write(text):
    with pytest.raises(UnreadableEntry) as refused:
        read_duration(text)
    sentence = str(refused.value)
    assert sentence.endswith(".")
    assert any(word in sentence for word in ("Write", "Leave", "say that"))


def test_duration_bare_takes_the_bare_unit():
    assert read_duration("3", bare_unit="hours") == 180
    assert read_duration("90", bare_unit="seconds") == Decimal("1.5")
    assert read_duration("3 min", bare_unit="hours") == 3


def test_duration_in_working_days_counts_their_hours():
    assert read_duration("2 days", day_hours=Decimal("7.5")) == 900
    assert read_duration("2 working days", day_hours=Decimal("7.5")) == 900
    assert read_duration("1 week", day_hours=Decimal("7.5")) == 5 * 450
    assert read_duration("2 h", day_hours=Decimal("7.5")) == 120


def test_duration_of_an_unknown_unit_is_a_mistake_of_the_caller():
    with pytest.raises(ValueError, match="not a unit"):
        read_duration("3", bare_unit="moons")
    with pytest.raises(ValueError, match="not a unit"):
        say_duration(3, unit="moons")
    with pytest.raises(ValueError, match="24 hours"):
        read_duration("3", day_hours=25)


@pytest.mark.parametrize(
    ("minutes", "said"),
    [
        (0, "0 min"),
        ("0.5", "30 s"),
        ("0.99", "59.4 s"),
        ("0.999", "1 min"),
        (9, "9 min"),
        ("9.46", "9.5 min"),
        ("59.96", "1 h"),
        (60, "1 h"),
        (135, "2 h 15 min"),
        (2160, "36 h"),
        (4319, "71 h 59 min"),
        (4320, "3 days"),
        (40000, "27 days 18 h 40 min"),
        (-135, "\u22122 h 15 min"),
    ],
)
def test_duration_said_in_words(minutes, said):
    assert say_duration(Decimal(minutes)) == said


@pytest.mark.parametrize(
    ("minutes", "unit", "said"),
    [
        (1334, "minutes", "1,334 min"),
        (135, "hours", "2.25 h"),
        (1440, "days", "1 day"),
        (2160, "days", "1.5 days"),
        (540, "min", "540 min"),
        ("1.005", "minutes", "1.01 min"),
    ],
)
def test_duration_said_in_one_unit(minutes, unit, said):
    assert say_duration(Decimal(minutes), unit=unit) == said


@given(st.integers(min_value=0, max_value=5_000_000))
def test_duration_of_whole_minutes_reads_back_as_said(minutes):
    assert read_duration(say_duration(minutes)) == minutes


@given(st.integers(0, 900), st.integers(0, 23), st.integers(0, 59), st.integers(0, 59))
def test_duration_in_parts_equals_its_naive_sum(days, hours, minutes, seconds):
    seconds_in_all = ((days * 24 + hours) * 60 + minutes) * 60 + seconds
    text = f"{days} d {hours} h {minutes} min {seconds} s"
    assert round(read_duration(text) * 60) == seconds_in_all


@given(st.text(max_size=30))
def test_duration_from_any_text_is_read_or_refused(text):
    try:
        assert read_duration(text) >= 0
    except UnreadableEntry as refused:
        assert str(refused)


@given(st.from_regex(r"[0-9,.:; ]{0,6}(h|min|d|s| |)[0-9,.: ]{0,4}(h|min|s|)", fullmatch=True))
def test_duration_from_nearly_right_text_is_read_or_refused(text):
    try:
        assert read_duration(text) >= 0
    except UnreadableEntry as refused:
        assert str(refused)
