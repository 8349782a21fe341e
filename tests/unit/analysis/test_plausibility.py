from decimal import Decimal

from analysis.entries import Entry, EntryForm, read_entry
from analysis.plausibility import DoubtKind, warnings

MINUTES = {"form": EntryForm.DURATION, "unit": "minutes"}


def minutes(text):
    return read_entry(text, **MINUTES)


def ratio(text):
    return read_entry(text, form=EntryForm.RATIO)


def value(number):
    return Entry(form=EntryForm.VALUE, value=Decimal(number))


def test_time_more_than_ten_times_the_baseline_suggests_the_unit_meant():
    (doubt,) = warnings(minutes("9 h"), minutes("50"), unit="minutes")
    assert doubt.kind is DoubtKind.FAR_ABOVE
    assert doubt.sentence == "9 h is ten times the baseline or more (50 min). A slip of the unit?"
    assert doubt.suggestion == "9 min"


def test_time_less_than_a_tenth_suggests_the_unit_meant():
    (doubt,) = warnings(minutes("4"), minutes("200"))
    assert (doubt.kind, doubt.suggestion) == (DoubtKind.FAR_BELOW, "4 h")


def test_time_in_days_for_hours_suggests_hours():
    (doubt,) = warnings(minutes("9 days"), minutes("8 h"))
    assert doubt.suggestion == "9 h"


def test_ten_times_is_where_doubt_begins():
    """A slipped point or a nought too many lands exactly there."""
    assert warnings(minutes("500"), minutes("50")) != []
    assert warnings(minutes("5"), minutes("50")) != []
    assert warnings(minutes("499"), minutes("50")) == []
    assert warnings(minutes("6"), minutes("50")) == []


def test_zero_is_a_result():
    assert warnings(value(0), value(50)) == []
    assert warnings(value(50), value(0)) == []


def test_time_of_zero_is_asked_about_even_without_a_baseline():
    for baseline in (None, minutes("50")):
        (doubt,) = warnings(minutes("0"), baseline)
        assert doubt.kind is DoubtKind.NOTHING
        assert doubt.sentence.startswith("0 min is nothing at all.")
    (walked,) = warnings(value(0), value(420), unit="m", zero_is_odd=True)
    assert walked.sentence.startswith("0 m is nothing at all.")


def test_value_without_a_likely_slip_has_no_suggestion():
    (doubt,) = warnings(value(900000000), value(1))
    assert doubt.suggestion == ""


def test_value_ten_times_too_large_suggests_the_decimal_point():
    (doubt,) = warnings(value(4200), value(40), unit="m")
    assert (doubt.suggestion, doubt.kind) == ("42 m", DoubtKind.FAR_ABOVE)


def test_ratio_over_one_asks_for_the_order():
    (doubt,) = warnings(ratio("30/28"), None)
    assert (doubt.kind, doubt.suggestion) == (DoubtKind.RATIO_OVER_ONE, "28/30")
    (doubt,) = warnings(ratio("120%"), None)
    assert doubt.suggestion == ""


def test_ratio_that_fell_far_is_a_result():
    assert warnings(ratio("1/50"), ratio("40/50")) == []
    assert [d.kind for d in warnings(ratio("25/50"), ratio("1/50"))] == [DoubtKind.FAR_ABOVE]


def test_another_n_is_told_for_observations():
    (doubt,) = warnings(minutes("1; 2; 3"), minutes("1; 2"))
    assert doubt.kind is DoubtKind.ANOTHER_N
    assert warnings(minutes("2"), minutes("1; 2")) == []


def test_another_n_of_outputs_is_told_when_it_halved_or_doubled():
    assert warnings(ratio("5/30"), ratio("5/28")) == []
    assert [d.kind for d in warnings(ratio("2/10"), ratio("5/28"))] == [DoubtKind.ANOTHER_N]


def test_level_is_never_odd():
    assert (
        warnings(read_entry("5", form=EntryForm.LEVEL_5S), Entry(form=EntryForm.LEVEL_5S, value=Decimal("0.4"))) == []
    )
