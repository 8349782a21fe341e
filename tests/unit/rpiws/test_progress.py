"""From the baseline to the post: change, target, and which columns the report shows."""

from datetime import date
from decimal import Decimal

import pytest

from analysis.checkpoints import Checkpoint
from rpiws.models import Measure, Reading, Rpiw
from rpiws.presenters.page import results
from rpiws.presenters.report import say_change, say_reading
from rpiws.progress import columns, progress_of, targets

PLANNED = (Checkpoint.DAY_30, Checkpoint.DAY_60, Checkpoint.DAY_90, Checkpoint.DAY_365)
OUT = date(2021, 1, 8)


def lead_time(**facts):
    return Measure(**{"kind": "lead_time", "unit": "min", "better_when": "lower", "name": "Lead time"} | facts)


def reading(checkpoint, value, **facts):
    number = None if value is None else Decimal(str(value))
    return Reading(checkpoint=checkpoint, value=number, **facts)


def test_change_is_from_the_baseline_to_the_last_remeasure():
    progress = progress_of(
        lead_time(),
        [
            reading("baseline", 50, measured_on=date(2020, 12, 1)),
            reading("report_out", 5, measured_on=OUT),
            reading("day_30", 10, measured_on=date(2021, 2, 7)),
            reading("day_60", 20, measured_on=date(2021, 3, 9)),
        ],
    )

    assert progress.post.checkpoint is Checkpoint.DAY_60
    assert progress.change == -30
    assert progress.relative_change == Decimal("-0.6")


def test_change_is_missing_when_the_baseline_cannot_be_compared():
    progress = progress_of(lead_time(), [reading("baseline", 50, not_comparable="sampling"), reading("day_30", 10)])

    assert progress.pair is None
    assert progress.change is None
    assert progress.relative_change is None


def test_relative_change_from_zero_is_missing_but_the_change_is_not():
    progress = progress_of(lead_time(), [reading("baseline", 0), reading("day_30", 4)])

    assert progress.change == 4
    assert progress.relative_change is None


@pytest.mark.parametrize(
    ("better", "post", "target", "met"),
    [
        ("lower", 15, 15, True),
        ("lower", 16, 15, False),
        ("higher", 4, 4, True),
        ("higher", 3, 4, False),
        ("neither", 3, 4, None),
        ("lower", 3, None, None),
        ("lower", None, 4, None),
    ],
)
def test_target_is_met_on_its_better_side(better, post, target, met):
    readings = [reading("baseline", 50)]
    if post is not None:
        readings.append(reading("day_30", post))
    progress = progress_of(lead_time(better_when=better, target=None if target is None else Decimal(target)), readings)

    assert progress.meets_target is met


def test_targets_count_only_measures_that_have_one():
    measures = [lead_time(target=Decimal(15)), lead_time(target=Decimal(5)), lead_time(), lead_time(target=Decimal(1))]
    read = [[reading("baseline", 50), reading("day_30", 10)]] * 3 + [[reading("baseline", 50)]]
    count = targets([progress_of(measure, each) for measure, each in zip(measures, read, strict=True)])

    assert (count.met, count.judged, count.with_target) == (1, 2, 3)


def at(*posts, target=15):
    """One measure for each post, given as checkpoint and value; None is a measure without one."""
    before, measure = reading("baseline", 50), lead_time(target=None if target is None else Decimal(target))
    return [progress_of(measure, [before, reading(*post)] if post else [before]) for post in posts]


@pytest.mark.parametrize(
    ("progress", "said"),
    [
        (at(("day_30", 10), ("day_30", 20)), "At 30 days, one of two targets is met."),
        (at(("day_30", 20), ("day_30", 20)), "At 30 days, none of two targets are met."),
        (at(("day_30", 10)), "At 30 days, its one target is met."),
        (at(("day_30", 20)), "At 30 days, its one target is not met."),
        (at(("after", 10)), "After an unpublished time, its one target is met."),
        (
            at(("day_60", 10), *[("day_30", 20)] * 4),
            "One of five targets is met: one measure was last read at 60 days, four at 30 days.",
        ),
        (
            at(("day_30", 10), ("day_30", 20), None, None),
            "At 30 days, one of two targets is met. Two of four measures have no remeasure to compare.",
        ),
        (
            at(("day_60", 10), ("day_30", 20), target=None),
            "Two of two measures can be compared with the baseline: one measure was last read at 60 days, one at 30"
            " days.",
        ),
    ],
)
def test_sentence_of_the_page_claims_of_a_checkpoint_only_what_was_read_there(progress, said):
    assert results(Rpiw(reported_out=OUT), progress, today=OUT).startswith(said + " Lead time: ")


def test_columns_leave_the_365_days_out_until_they_are_near():
    early = columns([], PLANNED, reported_out=OUT, today=date(2021, 3, 1))
    near = columns([], PLANNED, reported_out=OUT, today=date(2021, 12, 30))

    assert Checkpoint.DAY_365 not in early
    assert early[:3] == [Checkpoint.BASELINE, Checkpoint.REPORT_OUT, Checkpoint.DAY_30]
    assert Checkpoint.DAY_365 in near


def test_columns_of_an_unpublished_time_show_that_time_alone():
    progress = [progress_of(lead_time(), [reading("baseline", 300), reading("after", 120)])]

    assert columns(progress, PLANNED, reported_out=OUT, today=date(2021, 3, 1)) == [
        Checkpoint.BASELINE,
        Checkpoint.AFTER_UNKNOWN,
    ]


@pytest.mark.parametrize(
    ("facts", "words", "details"),
    [
        ({"value": 14, "simulated": True}, "14 min", ("simulated",)),
        ({"value": 50, "retrospective": True}, "50 min", ("recorded afterwards",)),
        ({"value": 50, "not_comparable": "start_or_end"}, "50 min", ("not comparable: the start or end changed",)),
        ({"value": 50, "sample_size": 10}, "50 min", ("mean of 10",)),
        ({"value": None, "not_measured": "staffing"}, "not measured", ("because nobody was free to measure",)),
        (
            {"value": None, "not_measured": "other", "not_measured_note": "a flood"},
            "not measured",
            ("because a flood",),
        ),
    ],
)
def test_reading_says_what_must_be_known_of_it(facts, words, details):
    value = facts.pop("value")
    said = say_reading(lead_time(), reading("report_out", value, **facts))

    assert (said.words, said.details) == (words, details)


@pytest.mark.parametrize(
    ("measure", "difference", "said"),
    [
        (lead_time(), "-41", "–41 min"),
        (lead_time(kind="defect_ratio", unit="%"), "-0.708333", "–71 points"),
        (lead_time(kind="safety_5s", unit="level"), "1", "+1 level"),
        (lead_time(kind="walking", unit="m"), "-240", "–240 m"),
        (lead_time(), "0", "0 min"),
    ],
)
def test_change_is_said_in_units(measure, difference, said):
    assert say_change(measure, Decimal(difference)) == said
