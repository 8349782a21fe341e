"""How a measurement is typed, said and doubted."""

from decimal import Decimal

import pytest

from analysis.typed_numbers import UnreadableEntry
from metrics import typed
from metrics.models import Measurement, MetricVersion, Unit


def version(unit: str = Unit.PERCENT, decimals: int = 1) -> MetricVersion:
    return MetricVersion(unit=unit, decimals=decimals)


@pytest.mark.parametrize(
    ("unit", "text", "value"),
    [
        ("percent", "84.2", "84.2"),
        ("percent", "84.2%", "84.2"),
        ("percent", " 84.2 % ", "84.2"),
        ("percent", "421/500", "84.2"),
        ("percent", "1,421 / 1,500", "94.733333"),
        ("rate", "7/2000", "3.5"),
        ("count", "1,234", "1234"),
        ("pounds", "£1,250.50", "1250.5"),
        ("pounds", "-£300", "-300"),
        ("score", "−12", "-12"),
        ("minutes", "1 h 15 min", "75"),
        ("hours", "4.5", "4.5"),
        ("hours", "4 h 30 min", "4.5"),
        ("days", "60 h", "2.5"),
    ],
)
def test_value_is_read_in_the_unit_of_the_definition(unit, text, value):
    assert typed.read(version(unit), text).value == Decimal(value)


def test_ratio_keeps_both_numbers():
    found = typed.read(version(), "421/500")
    assert (found.numerator, found.denominator) == (421, 500)


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("*", Measurement.Missing.SUPPRESSED),
        ("Suppressed", Measurement.Missing.SUPPRESSED),
        ("not collected", Measurement.Missing.NOT_COLLECTED),
        ("0/0", Measurement.Missing.NOTHING_TO_COUNT),
    ],
)
def test_value_that_is_missing_stays_missing(text, missing):
    found = typed.read(version(), text)
    assert (found.value, found.missing) == (None, missing)


@pytest.mark.parametrize(
    ("unit", "text", "words"),
    [
        ("percent", "n/a", "write * for a suppressed value"),
        ("percent", "421/", "Write both numbers, like 421/500"),
        ("percent", "5/0", "has nothing below the line"),
        ("percent", "-3", "is negative"),
        ("count", "3/4", "is a ratio, and this is measured in a number"),
        ("hours", "40%", "is a percentage, and this is measured in hours"),
        ("count", "about 12", "is not a number"),
        ("percent", "1.23456/2", "four decimal places at most"),
    ],
)
def test_what_cannot_be_read_is_refused_in_words(unit, text, words):
    with pytest.raises(UnreadableEntry, match=words.replace("*", r"\*")):
        typed.read(version(unit), text)


def said(unit, text, usual=None):
    found = version(unit)
    return [
        doubt.sentence
        for doubt in typed.doubts(found, typed.read(found, text), Decimal(usual) if usual is not None else None)
    ]


def test_percentage_over_a_hundred_is_doubted_and_may_be_the_wrong_way_round():
    found = version()
    [doubt] = typed.doubts(found, typed.read(found, "500/421"), Decimal(84))
    assert "is over 100%" in doubt.sentence
    assert doubt.suggestion == "421/500"
    assert typed.doubts(found, typed.read(found, "100"), Decimal(84)) == []


def test_fraction_typed_for_a_percentage_is_doubted():
    found = version()
    [doubt] = typed.doubts(found, typed.read(found, "0.842"), None)
    assert "A fraction, for 84.2%?" in doubt.sentence
    assert doubt.suggestion == "84.2%"
    [doubt] = typed.doubts(found, typed.read(found, "1"), Decimal(92))
    assert doubt.suggestion == "100%"


@pytest.mark.parametrize(("text", "usual"), [("0.842%", None), ("0.8", "1.1"), ("0", "84"), ("4/500", "1.2")])
def test_small_percentage_that_is_meant_is_not_taken_for_a_fraction(text, usual):
    assert not any("fraction" in sentence for sentence in said("percent", text, usual))


@pytest.mark.parametrize(("text", "usual", "odd"), [("200", "19", True), ("190", "19", False), ("1", "11", True)])
def test_ten_times_the_usual_is_doubted(text, usual, odd):
    assert bool(said("count", text, usual)) is odd


def test_usual_is_the_median_of_the_latest_twelve_and_needs_three():
    assert typed.usual_of([Decimal(1), Decimal(2)]) is None
    assert typed.usual_of([Decimal(1000)] * 5 + [Decimal(n) for n in range(1, 13)]) == Decimal("6.5")


@pytest.mark.parametrize("text", ["84.2", "421/500", "*", "0/0"])
def test_stored_value_is_offered_as_it_may_be_typed_again(text):
    found = typed.read(version(), text)
    row = Measurement(
        value=found.value, numerator=found.numerator, denominator=found.denominator, missing=found.missing
    )
    assert typed.read(version(), typed.as_typed(version(), row)).is_stored(row)
