""" "Can this metric move?" in words, with the published case: one of thirty theatres."""

from analysis.spc.rule_sets import SINGLE_CHART_TOOL
from metrics.presenters.move import move_words, narrower_of
from metrics.series import moved


def definition(*, touched, activity=30, mean=40.0, reach=6.0, hoped=32.0):
    return {
        "unit": "minutes",
        "decimals": 1,
        "better_when": "lower",
        "collected_often": "monthly",
        "activity": activity,
        "touched": touched,
        "activity_unit": "theatres",
        "hoped": hoped,
        "move": moved(mean=mean, reach=reach, share=touched / activity, hoped=hoped, rules=SINGLE_CHART_TOOL),
    }


def test_one_theatre_of_thirty_could_not_have_shown():
    words = move_words(definition(touched=1))
    assert (words.yes, words.heading) == (False, "No")
    said = " ".join(words.sentences)
    assert "The work touches 1 of 30 theatres, 3.3% of what it counts." in said
    assert "from 40.0 min to 32.0 min, the metric falls by 0.27 min, inside its limits of 34.0 to 46.0 min" in said
    assert "It could not show within 24 months, however good the work." in said
    assert "The same change would show if it touched" in said
    assert "So a metric that counts at most" in said


def test_three_theatres_of_three_show_it():
    words = move_words(definition(touched=3, activity=3))
    assert words.yes
    assert "The work touches all 3 theatres." in words.sentences
    assert "falls by 8.00 min, outside its limits of 34.0 to 46.0 min." in words.sentences[1]
    assert "It shows within" in words.sentences[2]


def test_the_only_theatre_is_all_that_the_metric_counts():
    assert "The work touches all that it counts." in move_words(definition(touched=1, activity=1)).sentences
    assert (
        "even if all that it counts changed so"
        in move_words(definition(touched=1, activity=1, hoped=39.8)).sentences[-1]
    )


def test_share_that_is_needed_is_not_rounded_beyond_its_parts():
    """7% of 100 theatres are seven, although 0.07 * 100 is a little more in a computer."""
    version = definition(touched=1, activity=100)
    version["move"] |= {"showing": "not", "periods": None, "share_needed": 0.07}
    said = " ".join(move_words(version).sentences)
    assert "7% or more: 7 of 100 theatres." in said
    assert "at most 14 theatres" in said
    version["move"]["share_needed"] = 1.0
    assert "So a metric that counts only what is touched could show it." in move_words(version).sentences


def test_a_shift_inside_the_limits_shows_later():
    words = move_words(definition(touched=15))
    assert words.yes
    assert "inside its limits of 34.0 to 46.0 min, but as a shift it shows." in words.sentences[1]


def test_a_change_smaller_than_chance_could_show_at_no_share():
    words = move_words(definition(touched=1, hoped=39.8))
    assert "even if all 30 theatres changed so" in words.sentences[-1]


def test_what_is_not_known_is_asked_for():
    version = definition(touched=1) | {"activity": None, "touched": None, "hoped": None, "move": None}
    words = move_words(version, needed=13)
    assert words.yes is None
    assert "1 of 30 theatres and the value hoped for there" in words.sentences[0]
    assert "13 values" in words.sentences[1]


def test_narrower_metrics_that_could_show_it_come_first():
    broad = {"id": 1, "cut_of": None, "retired_on": None, "versions": [definition(touched=1)]}
    nobody_knows = {"id": 2, "name": "B", "cut_of": 1, "retired_on": None,
                    "versions": [definition(touched=1) | {"move": None}]}  # fmt: skip
    urology = {"id": 3, "name": "U", "cut_of": 1, "retired_on": None,
               "versions": [definition(touched=3, activity=3)]}  # fmt: skip
    retired = urology | {"id": 4, "retired_on": "2019-01-01"}
    found = narrower_of(broad, [broad, nobody_knows, urology, retired])
    assert [(one.id, one.could) for one in found] == [(3, True), (2, False)]
    assert move_words(broad["versions"][0], found).could[0].name == "U"
