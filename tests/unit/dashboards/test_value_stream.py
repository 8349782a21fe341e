"""The value stream's figures, against a naive twin that knows only the words of the rules."""

import json
import random
from datetime import date, timedelta
from decimal import Decimal

import pytest

from analysis.checkpoints import Checkpoint, Reading, StandDown
from dashboards.facts import (
    ALL_TIME,
    MeasureFacts,
    PeriodFacts,
    ReadingFacts,
    RpiwFacts,
    StandDownFacts,
    ValueStreamFacts,
)
from dashboards.trust import period_of
from dashboards.value_stream import body, shared_processes

PUBLISHED = PeriodFacts(key="7", name="Published: to July 2019", ends=date(2019, 7, 31), public=True)
_ids = iter(range(1, 100_000))


def read(checkpoint, value, *, on=None, synthetic=False, retrospective=False, **facts) -> ReadingFacts:
    number = None if value is None else Decimal(str(value))
    if value is None:
        facts.setdefault("not_measured_reason", "nobody was free to measure")
    reading = Reading(checkpoint=Checkpoint(checkpoint), value=number, on=on, **facts)
    return ReadingFacts(reading=reading, synthetic=synthetic, retrospective=retrospective)


def measure(*readings, kind="lead_time", name="Time to theatre", **facts) -> MeasureFacts:
    facts = {"unit": "min", "better_when": "lower"} | facts
    return MeasureFacts(id=next(_ids), name=name, kind=kind, readings=readings, **facts)


def held(*measures, on=date(2019, 3, 8), process="Theatre list", **facts) -> RpiwFacts:
    facts = {"id": next(_ids), "number": 1, "state": "following_up", "reported_out": on} | facts
    return RpiwFacts(
        process=process, week_starts=on - timedelta(days=4), week_ends=on, measures=tuple(measures), **facts
    )


def stream(*rpiws, stand_downs=()) -> ValueStreamFacts:
    return ValueStreamFacts(
        id=1,
        number=1,
        name="Critical care flow",
        trust_id=2,
        trust="Leeds",
        ods_code="RR8",
        rpiws=tuple(rpiws),
        stand_downs=tuple(stand_downs),
        periods=(ALL_TIME, PUBLISHED),
    )


def all_time(*rpiws):
    return period_of(body(stream(*rpiws)), "all")


# A naive twin ------------------------------------------------------------------


def naive_post(readings):
    found = None
    for facts in readings:
        r = facts.reading
        if r.checkpoint.value not in ("day_30", "day_60", "day_90", "day_120", "after"):
            continue
        if r.value is None or r.simulated or r.not_comparable_reason:
            continue
        if found is None or (r.on or date.min, r.checkpoint.value == "after", r.checkpoint.days_after or 0) >= (
            found.on or date.min,
            found.checkpoint.value == "after",
            found.checkpoint.days_after or 0,
        ):
            found = r
    return found


def naive_baseline(readings):
    for facts in readings:
        r = facts.reading
        if r.checkpoint.value == "baseline" and r.value is not None and not r.not_comparable_reason:
            return r
    return None


def naive_totals(rpiws, kind, until=None):
    before = after = Decimal(0)
    n = complete = rpiws_held = 0
    for rpiw in rpiws:
        if rpiw.reported_out is None or rpiw.kept_apart or (until and rpiw.reported_out > until):
            continue
        rpiws_held += 1
        paired = 0
        for each in rpiw.measures:
            first, last = naive_baseline(each.readings), naive_post(each.readings)
            if first is None or last is None:
                continue
            paired += 1
            if each.kind == kind:
                before, after, n = before + first.value, after + last.value, n + 1
        complete += bool(rpiw.measures) and paired == len(rpiw.measures)
    return before, after, n, rpiws_held, complete


def random_stream(seed: int) -> ValueStreamFacts:
    chance = random.Random(seed)
    rpiws = []
    for _ in range(chance.randint(0, 9)):
        on = date(2018, 1, 5) + timedelta(days=chance.randint(0, 900))
        measures = []
        for kind in chance.choices(["lead_time", "defects", "defect_ratio", "walking"], k=chance.randint(0, 4)):
            readings = [
                read(
                    checkpoint,
                    None if chance.random() < 0.15 else round(chance.uniform(0, 500), 2),
                    on=None if checkpoint == "after" or chance.random() < 0.1 else on + timedelta(days=days),
                    simulated=checkpoint == "report_out" and chance.random() < 0.5,
                    not_comparable_reason="the sampling changed" if chance.random() < 0.1 else "",
                )
                for checkpoint, days in (
                    ("baseline", -21),
                    ("report_out", 0),
                    ("day_30", 30),
                    ("day_60", chance.choice([25, 60])),
                    ("day_90", 90),
                    ("after", 0),
                    ("day_365", 365),
                )
                if chance.random() < 0.6
            ]
            measures.append(measure(*readings, kind=kind))
        facts = {"kept_apart": chance.random() < 0.1}
        if chance.random() < 0.15:
            facts["reported_out"] = None
        rpiws.append(held(*measures, on=on, **facts))
    return stream(*rpiws)


@pytest.mark.parametrize("seed", range(60))
def test_body_equals_a_naive_recomputation(seed):
    facts = random_stream(seed)
    stored = json.loads(json.dumps(body(facts), allow_nan=False))
    for key, until in (("all", None), ("7", date(2019, 7, 31))):
        period = period_of(stored, key)
        for kind in ("lead_time", "defects", "defect_ratio"):
            before, after, n, rpiws_held, complete = naive_totals(facts.rpiws, kind, until)
            summary = period["before_after"][kind]["summary"]
            assert summary["n"] == n
            assert Decimal(period["before_after"][kind]["parts"]["sums"]["baseline"]) == before
            assert Decimal(period["before_after"][kind]["parts"]["sums"]["post"]) == after
            if n:
                assert summary["post_total"] == pytest.approx(float(after))
                expected = None if before == 0 else float(100 * (before - after) / before)
                assert summary["percentage_reduction"] == (expected if expected is None else pytest.approx(expected))
            else:
                assert summary["post_total"] is None
            assert (period["completeness"]["held"], period["completeness"]["complete"]) == (rpiws_held, complete)


# What counts, and what is left out by name -------------------------------------


def test_totals_with_a_pair_say_where_the_post_came_from():
    found = all_time(held(measure(read("baseline", 600), read("day_30", 300), read("day_60", 240))))
    lead_time = found["before_after"]["lead_time"]
    assert lead_time["summary"]["baseline_total"] == 600
    assert lead_time["summary"]["post_total"] == 240
    assert lead_time["summary"]["percentage_reduction"] == 60
    assert lead_time["summary"]["posts_at"] == {"day_60": 1}
    assert lead_time["notes"] == {"rpiws": 1}


@pytest.mark.parametrize(
    ("readings", "reason"),
    [
        ([read("day_30", 5)], "no_baseline"),
        ([read("baseline", 5)], "no_post"),
        ([read("baseline", 5), read("report_out", 2, simulated=True)], "only_simulated"),
        ([read("baseline", 5), read("day_30", None)], "post_not_measured"),
        ([read("baseline", 5), read("day_30", 2, not_comparable_reason="the end changed")], "post_not_comparable"),
        ([read("baseline", 5, not_comparable_reason="x"), read("day_30", 2)], "baseline_not_comparable"),
    ],
)
def test_measure_without_a_pair_is_left_out_by_name(readings, reason):
    each = measure(*readings)
    found = all_time(held(each))
    assert found["left_out"] == [{"measure": each.id, "reason": reason}]
    assert found["before_after"]["lead_time"]["summary"]["left_out"] == {reason: 1}
    assert found["completeness"]["unpaired"] == {reason: 1}
    assert found["before_after"]["lead_time"]["summary"]["baseline_total"] is None


def test_rpiw_kept_apart_counts_in_no_total_and_shows_what_was_printed():
    each = measure(read("baseline", 0), read("report_out", 100), kind="own", unit="%", better_when="higher")
    stored = body(stream(held(each, kept_apart=True)))
    found = period_of(stored, "all")
    assert found["completeness"]["held"] == 0
    assert found["kept_apart"] == 1
    row = stored["measures"][0]
    assert (row["left_out"], row["baseline"]["value"], row["post"]["value"]) == ("kept_apart", "0", "100")
    assert row["post"]["checkpoint"] == "report_out"


def test_period_counts_an_rpiw_by_its_report_out():
    pair = (read("baseline", 10), read("day_30", 5))
    last_day, day_after = held(measure(*pair), on=date(2019, 7, 31)), held(measure(*pair), on=date(2019, 8, 1))
    stored = body(stream(last_day, day_after))
    assert period_of(stored, "7")["completeness"]["held"] == 1
    assert period_of(stored, "all")["completeness"]["held"] == 2


def test_due_dates_are_dates_and_nothing_says_late():
    stored = body(stream(held(measure(read("baseline", 10)), on=date(2019, 3, 8))))
    assert period_of(stored, "all")["completeness"]["due_dates"] == {"complete": [], "incomplete": ["2019-04-07"]}
    points = stored["rpiws"][0]["checkpoints"]
    assert [(point["checkpoint"], point["due"]) for point in points] == [
        ("day_30", "2019-04-07"),
        ("day_60", "2019-05-07"),
        ("day_90", "2019-06-06"),
        ("day_365", "2020-03-07"),
    ]
    assert '"late"' not in json.dumps(stored)


def test_checkpoint_inside_a_stand_down_says_so():
    stopped = StandDownFacts(started=date(2019, 4, 1), ended=date(2019, 4, 30), stops=("RPIWs",), reason="staffing")
    points = body(stream(held(measure(), on=date(2019, 3, 8)), stand_downs=[stopped]))["rpiws"][0]["checkpoints"]
    assert [point["stood_down"] for point in points] == [True, False, False, False]


def test_checkpoint_inside_a_stand_down_of_training_does_not():
    stopped = StandDownFacts(started=date(2019, 4, 1), ended=None, stops=("training",), reason="staffing")
    points = body(stream(held(measure(), on=date(2019, 3, 8)), stand_downs=[stopped]))["rpiws"][0]["checkpoints"]
    assert not any(point["stood_down"] for point in points)


def test_checkpoint_while_its_rpiw_alone_was_stood_down_says_so():
    alone = held(measure(), on=date(2019, 3, 8), stood_down=(StandDown(date(2019, 5, 1), date(2019, 5, 20)),))
    points = body(stream(alone))["rpiws"][0]["checkpoints"]
    assert [point["stood_down"] for point in points] == [False, True, False, False]


def test_closed_rpiw_owes_nothing_after_a_year():
    closed = held(measure(), state="closed")
    points = body(stream(closed))["rpiws"][0]["checkpoints"]
    assert [point["checkpoint"] for point in points] == ["day_30", "day_60", "day_90"]


def test_rpiw_whose_week_was_not_published_has_no_due_date():
    stored = body(stream(held(measure(read("baseline", 1)), week_published=False)))
    assert {point["due"] for point in stored["rpiws"][0]["checkpoints"]} == {None}
    assert period_of(stored, "all")["completeness"]["due_dates"] == {"complete": [], "incomplete": []}


def test_measure_read_after_an_unpublished_time_is_expected_at_no_other_checkpoint():
    published = held(measure(read("baseline", 10), read("after", 4)))
    points = body(stream(published))["rpiws"][0]["checkpoints"]
    assert [(point["checkpoint"], point["due"], point["measured"]) for point in points] == [("after", None, 1)]


def test_checkpoint_counts_measures_with_values_and_with_reasons():
    rpiw = held(
        measure(read("day_30", 4, on=date(2019, 4, 9))), measure(read("day_30", None)), measure(read("baseline", 1))
    )
    point = body(stream(rpiw))["rpiws"][0]["checkpoints"][0]
    assert (point["expected"], point["measured"], point["not_measured"]) == (3, 1, 1)
    assert point["reasons"] == ["nobody was free to measure"]
    assert point["last_on"] == "2019-04-09"


def test_planned_rpiw_is_on_the_timeline_and_in_no_figure():
    planned = held(measure(read("baseline", 10)), reported_out=None, state="preparing")
    stored = body(stream(planned))
    assert stored["rpiws"][0]["checkpoints"] == []
    assert period_of(stored, "all")["completeness"]["held"] == 0
    assert period_of(stored, "all")["left_out"] == []


def test_notes_count_what_a_reader_must_know():
    rpiw = held(
        measure(read("baseline", 10, retrospective=True), read("day_30", 5), statistic="median"),
        measure(read("baseline", 10, synthetic=True), read("day_30", 5), day_hours=Decimal("7.5")),
    )
    notes = all_time(rpiw)["before_after"]["lead_time"]["notes"]
    assert notes == {"median": 1, "retrospective": 1, "rpiws": 1, "synthetic": 1, "working_days": 1}


def test_synthetic_travels_from_a_reading_to_the_body():
    assert body(stream(held(measure(read("baseline", 1, synthetic=True)))))["synthetic"] is True
    assert body(stream(held(measure(read("baseline", 1)))))["synthetic"] is False


def test_processes_are_shared_by_name_and_by_following():
    first, same, other = held(process="Bed state"), held(process="bed  STATE"), held(process="Discharge")
    follower = held(process="Discharge letters", follows=other.id)
    alone = held(process="Sepsis screen", follows=99_999_999)
    assert shared_processes([first, same, other, follower, alone]) == {"rpiws": 5, "processes": 3, "sharing": 4}


def test_value_stream_without_rpiws_has_no_figure_and_no_zero_total():
    found = all_time()
    assert found["before_after"]["defects"]["summary"]["baseline_total"] is None
    assert found["completeness"] == {
        "held": 0,
        "complete": 0,
        "measures": 0,
        "paired": 0,
        "unpaired": {},
        "due_dates": {"complete": [], "incomplete": []},
    }
