"""A metric's figures in words: units, the sentence, and the answer for a value stream."""

from datetime import date

import pytest

from analysis.before_after import Better
from analysis.spc.rule_sets import SINGLE_CHART_TOOL
from analysis.spc.xmr import xmr
from metrics.presenters.words import (
    metrics_answer,
    period_words,
    sentence_parts,
    series_of,
    target_words,
    value_words,
)
from tests.factories.metrics import month

STEADY = [40, 42, 39, 41, 40, 43, 38, 41, 40, 42, 39, 41, 40]


def definition(**changes):
    return {
        "unit": "minutes",
        "decimals": 1,
        "better_when": "lower",
        "collected_often": "monthly",
        "series": [],
    } | changes


def series(values, *, better="lower", recalculated=(), target=None):
    """A series as the snapshot's body holds it, from the real rules."""
    chart = xmr(
        [(month(i), value) for i, value in enumerate(values)],
        SINGLE_CHART_TOOL,
        better=Better(better),
        target=target,
        recalculated_on=[month(i) for i in recalculated],
    )
    return {
        "subgroup": "",
        "enough": chart.enough,
        "values": chart.values,
        "needed": 13,
        "variation": chart.variation or "few",
        "assurance": chart.assurance or "none",
        "target": target,
        "points": [
            {
                "on": point.on.isoformat(),
                "value": point.value,
                "ghost": point.ghost,
                "section": point.section,
                "mean": point.mean,
                "lower": point.lower,
                "upper": point.upper,
                "signals": [str(signal.name).lower() for signal in point.signals],
            }
            for point in chart.points
        ],
    }


def said(values, version=None, **chart):
    return " ".join(sentence_parts(version or definition(), series(values, **chart)))


@pytest.mark.parametrize(
    ("unit", "value", "words"),
    [
        ("percent", 84.25, "84.2%"),
        ("pounds", -1200, "–£1,200.0"),
        ("minutes", 28.7, "28.7 min"),
        ("rate", 3.1, "3.1 per 1,000"),
        ("count", 12, "12.0"),
        ("count", None, "none"),
    ],
)
def test_values_are_said_in_their_unit(unit, value, words):
    assert value_words(value, definition(unit=unit)) == words


def test_targets_say_which_side_is_meant():
    assert target_words(30, definition(decimals=0)) == "≤ 30 min"
    assert target_words(95, definition(decimals=0, unit="percent", better_when="higher")) == "≥ 95%"
    assert target_words(30, definition(decimals=0, better_when="neither")) == "30 min"


def test_periods_are_said_as_long_as_they_are():
    assert period_words("2021-02-01", definition()) == "February 2021"
    assert period_words(date(2021, 1, 1), definition(collected_often="quarterly")) == "quarter from January 2021"
    assert period_words("2021-01-04", definition(collected_often="weekly")) == "Mon 4 January 2021"


def test_sentence_of_a_run_names_the_earlier_average():
    assert said([*STEADY, *[36] * 8]) == "Improving: the last 8 months are below the earlier average."
    assert said([*STEADY, *[36] * 8], better="higher") == "Concern: the last 8 months are below the earlier average."


def test_sentence_of_a_run_over_a_gap_says_that_months_were_measured():
    assert "the last 8 measured months are below" in said([*STEADY, 36, None, *[36] * 7])


def test_sentence_of_a_run_that_begins_its_own_section_names_no_earlier_average():
    """The run crosses the recalculation, so there is no one average that it was compared with."""
    values = [*STEADY, 36, 36, *[36] * 4, *STEADY[:-1], 39]
    words = said([*values[:19], 34, 41], recalculated=[16])
    assert "earlier" not in words


def test_sentence_of_a_single_point_names_it():
    assert said([*STEADY, 55]) == "Concern: February 2016 is above the upper limit."


def test_sentence_of_a_trend_counts_its_points():
    assert "the last 6 months fall one after the other" in said([*STEADY, 42, 41.5, 41, 40.5, 40, 39.5])


def test_sentence_of_a_trend_counts_the_last_of_several():
    assert "the last 6 months rise one after the other" in said([1, 2, 3, 4, 5, 6] * 4)


def test_sentence_of_two_of_three_names_the_limit():
    assert (
        said([*STEADY, *STEADY, 45.5, 43, 45.5])
        == "Concern: two of the last three months are close to the upper limit."
    )


def test_sentence_of_no_change_gives_the_limits():
    words = said(STEADY)
    assert words.startswith("No significant change: it varies from ")
    assert words.endswith(" min by chance alone.")


def test_sentence_of_a_neutral_metric_judges_nothing():
    assert said([*STEADY, 55], definition(better_when="neither"), better="neither").startswith("Special cause: ")


def test_sentence_of_few_points_says_how_many_are_needed():
    assert said(STEADY[:9]).startswith("Too few points to judge: it has 9 of the 13 values that limits need.")
    assert sentence_parts(definition(), None)[0] == "No measurement yet:"


def test_series_shown_is_the_one_asked_for_else_the_whole():
    whole, ward = {"subgroup": ""}, {"subgroup": "Ward 7"}
    assert series_of({"series": [whole, ward]}, "Ward 7") is ward
    assert series_of({"series": [whole, ward]}, "Ward 8") is whole
    assert series_of({"series": [ward]}) is ward
    assert series_of({"series": []}) is None


def metric(variation, retired_on=None):
    return {"retired_on": retired_on, "summary": {"variation": variation}}


@pytest.mark.parametrize(
    ("kinds", "words"),
    [
        ([], ""),
        (["improvement_low"] * 4 + ["common"] * 4 + ["concern_high"],
         "Four of nine metrics are improving, one is a concern."),
        (["improvement_low"], "One of one metric is improving."),
        (["common", "few"], "None of two metrics shows a significant change."),
        (["few"], "None of one metric has points enough to be judged yet."),
    ],
)  # fmt: skip
def test_answer_counts_what_improves_and_what_is_a_concern(kinds, words):
    assert metrics_answer([metric(kind) for kind in kinds] + [metric("concern_low", "2019-01-01")]) == words
