"""The grid's decisions and its forms, without a database."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from analysis.checkpoints import Checkpoint as Clock
from analysis.checkpoints import StandDown
from analysis.checkpoints import State as CheckpointState
from rpiws import entries
from rpiws.forms.cells import CellForm
from rpiws.forms.grid import CommonForm, GridForm
from rpiws.grid import Grid
from rpiws.models import Checkpoint, Measure, Reading, Rpiw, State
from rpiws.remeasure import MeasureFacts, RpiwFacts
from ui.patient_data import REFUSED

REPORT_OUT = date(2021, 1, 8)
TODAY = date(2021, 3, 11)


def lead_time(pk: int = 1, **facts) -> Measure:
    return Measure(pk=pk, name=f"Measure {pk}", **{"kind": "lead_time", "unit": "min", "better_when": "lower", **facts})


def ratio(pk: int = 2) -> Measure:
    return lead_time(pk, kind="defect_ratio", unit="%")


def stored(measure: Measure, checkpoint: str = "day_60", *, value: str = "9", version: int = 1) -> Reading:
    return Reading(pk=measure.pk * 100, measure=measure, checkpoint=checkpoint, value=Decimal(value), version=version)


def grid(
    *readings: Reading, measures=None, on: date = TODAY, state: str = State.FOLLOWING_UP, stand_downs=(), **facts
) -> Grid:
    measures = measures or (lead_time(1), ratio(2))
    reported_out = facts.pop("reported_out", REPORT_OUT)
    rpiw = Rpiw(
        pk=1,
        state=state,
        process="Neurosurgical critical care flow",
        week_starts=REPORT_OUT - timedelta(days=4),
        week_ends=REPORT_OUT,
        reported_out=reported_out,
        **facts,
    )
    by_measure = {m.pk: {Clock(r.checkpoint) for r in readings if r.measure_id == m.pk} for m in measures}
    known = RpiwFacts(
        id=1,
        process=rpiw.process,
        number=1,
        state=State(state),
        week_starts=rpiw.week_starts,
        reported_out=reported_out,
        measures_day_120=rpiw.measures_day_120,
        week_published=rpiw.week_published,
        value_stream_id=1,
        value_stream="Critical care flow",
        trust_id=1,
        trust="Leeds",
        measures=tuple(
            MeasureFacts(id=pk, remeasured_by_id=None, who="", answered_at=frozenset(at))
            for pk, at in by_measure.items()
        ),
        stand_downs=tuple(stand_downs),
    )
    return Grid(rpiw, known, tuple(measures), {(r.measure_id, r.checkpoint): r for r in readings}, on)


def filled(*checkpoints: str) -> list[Reading]:
    return [stored(measure, checkpoint) for measure in (lead_time(1), ratio(2)) for checkpoint in checkpoints]


# which column ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answered", "on", "column"),
    [
        ((), TODAY, Checkpoint.DAY_60),
        (("baseline", "report_out", "day_30"), TODAY, Checkpoint.DAY_60),
        (("baseline", "report_out", "day_30", "day_60"), TODAY, Checkpoint.DAY_60),
        (("baseline", "day_30", "day_60"), TODAY, Checkpoint.REPORT_OUT),
        (("baseline", "report_out", "day_60"), TODAY, Checkpoint.DAY_30),
        (("baseline", "report_out", "day_30", "day_60"), date(2021, 3, 26), Checkpoint.DAY_90),
    ],
)
def test_grid_opens_at_the_column_that_is_owed(answered: tuple[str, ...], on: date, column: Checkpoint) -> None:
    assert grid(*filled(*answered), on=on).to_fill() == column


def test_grid_of_a_planned_rpiw_opens_at_the_baseline() -> None:
    planned = grid(on=date(2020, 12, 1), state=State.PREPARING, reported_out=None)
    assert planned.to_fill() == Checkpoint.BASELINE
    assert [column.checkpoint for column in planned.columns if column.is_open] == [Checkpoint.BASELINE]


def test_column_opens_14_days_before_its_date() -> None:
    def column(on: date):
        return grid(on=on).column(Checkpoint.DAY_90)

    assert column(date(2021, 3, 24)).opens == date(2021, 3, 25)
    assert not column(date(2021, 3, 24)).is_open
    assert column(date(2021, 3, 25)).is_open


def test_column_inside_a_stand_down_says_so_and_can_be_answered_afterwards() -> None:
    stood = grid(stand_downs=[StandDown(date(2021, 2, 1), date(2021, 3, 31))])
    column = stood.column(Checkpoint.DAY_60)
    assert (column.state, column.is_open) == (CheckpointState.STOOD_DOWN, True)
    assert column.stand_down == StandDown(date(2021, 2, 1), date(2021, 3, 31))


def test_cancelled_rpiw_has_no_open_column() -> None:
    assert not any(column.is_open for column in grid(state=State.CANCELLED).columns)


def test_column_of_120_and_365_days_shows_where_it_belongs() -> None:
    def shown(**facts) -> list[str]:
        return [str(column.checkpoint) for column in grid(**facts).columns][5:]

    assert shown() == []
    assert shown(measures_day_120=True) == ["day_120"]
    assert shown(on=date(2022, 1, 1)) == ["day_365"]


# cells -------------------------------------------------------------------------------------------------------------


def cell(measure: Measure, reading: Reading | None = None, **typed: str) -> CellForm:
    data = {f"m{measure.pk}-{name}": value for name, value in typed.items()}
    place = {"checkpoint": "day_60", "rpiw": grid().rpiw}
    form = CellForm(
        data, measure=measure, stored=reading, corrects="seen" in typed and "disputed" not in typed, **place
    )
    form.is_valid()
    return form


def opened(reading: Reading) -> CellForm:
    """The cell of a stored reading, opened to be corrected."""
    place = {"checkpoint": reading.checkpoint, "rpiw": grid().rpiw}
    return CellForm(measure=reading.measure, stored=reading, corrects=True, **place)


@pytest.mark.parametrize(
    ("typed", "minutes"), [("2 h 15 min", 135), ("7h15", 435), ("1.5 days", 2160), ("135 min", 135), ("3:40", 220)]
)
def test_cell_reads_times_as_people_say_them(typed: str, minutes: int) -> None:
    answer = cell(lead_time(), value=typed).answer
    assert answer is not None
    assert answer.entry is not None
    assert (answer.entry.value, answer.typed) == (minutes, typed)


def test_cell_that_is_empty_answers_nothing() -> None:
    form = cell(lead_time(), value="", timings="", not_measured="", because="")
    assert form.is_valid()
    assert form.answer is None


def test_cell_with_ten_timings_counts_them() -> None:
    answer = cell(lead_time(), timings="8\r\n9\r\n10\r\n11\r\n12\r\n8\r\n9\r\n10\r\n11\r\n12").answer
    assert answer is not None
    assert answer.entry is not None
    assert (answer.entry.value, answer.entry.n, len(answer.entry.observations)) == (10, 10, 10)


@pytest.mark.parametrize(
    ("typed", "field", "said"),
    [
        ({"value": "6/"}, "value", "Write both numbers, like 6/28"),
        ({"value": "0/0"}, "value", "0/0 says nothing"),
        ({"value": "6/28", "not_measured": "staffing"}, "value", "not both"),
        ({"not_measured": "other"}, "because", "Write why it was not measured"),
        ({"value": "6/28", "seen": "1"}, "why", "Say why it is corrected"),
        ({"value": "", "seen": "1", "why": "x"}, "value", "Write the right value"),
        ({"timings": "8\r\n9", "not_measured": "staffing"}, "timings", "not both"),
        ({"value": "6/28", "seen": "1", "disputed": "on"}, "choice", "Choose one of the two values"),
        ({"value": "6/28", "seen": "1", "disputed": "on", "choice": ""}, "choice", "Choose one of the two values"),
        ({"value": "6/28", "seen": "0", "disputed": "on", "choice": "mine"}, "choice", "Choose one of the two values"),
        ({"value": "6/28", "seen": "1", "why": "x", "measured_on": "1999-01-01"}, "measured_on", "Write a year"),
        (
            {"value": "6/28", "seen": "1", "why": "x", "measured_on": "2021-01-08"},
            "measured_on",
            "not after the report",
        ),
        ({"value": "6/28", "seen": "1", "why": "x", "measured_on": "2999-03-12"}, "measured_on", "still to come"),
        ({"value": "6/28", "seen": "1", "why": "x", "sample": "many"}, "sample", "Write how many there were"),
        ({"value": "6/28", "seen": "1", "why": "x", "note": "NHS number 9434765919"}, "note", REFUSED[:20]),
        ({"not_measured": "staffing", "because": "943 476 5919 was moved"}, "because", REFUSED[:20]),
        ({"value": "6/28", "seen": "1", "why": "NHS number 9434765919"}, "why", REFUSED[:20]),
    ],
)
def test_cell_says_what_is_wrong_at_its_box(typed: dict[str, str], field: str, said: str) -> None:
    form = cell(ratio(), stored(ratio()), **typed)
    assert said in " ".join(form.errors[field])


def test_reason_in_words_alone_is_another_reason() -> None:
    answer = cell(lead_time(), because="Corridor closed until April").answer
    assert answer is not None
    assert (answer.not_measured, answer.because, answer.entry) == ("other", "Corridor closed until April", None)


def test_choice_of_theirs_answers_nothing_and_of_mine_says_why() -> None:
    theirs = stored(ratio(), version=3)
    given = {"value": "1/25", "seen": "3", "disputed": "on"}
    assert cell(ratio(), theirs, **given, choice="theirs").answer is None
    mine = cell(ratio(), theirs, **given, choice="mine").answer
    assert mine is not None
    assert mine.seen == 3
    assert mine.why


def test_correction_that_changes_nothing_asks_for_no_reason() -> None:
    reading = stored(lead_time())
    assert cell(lead_time(), reading, value="9 min", seen="1").is_valid()


def test_correction_is_offered_as_it_was_typed() -> None:
    reading = stored(ratio())
    reading.numerator, reading.denominator = Decimal("6.0000"), Decimal("28.0000")
    assert opened(reading).said("value") == "6/28"
    reading.entered_as = "6 of 28"
    assert opened(reading).said("value") == "6 of 28"


def taken(measure: Measure, **facts) -> Reading:
    """A stored reading of 9 min with its day, period, sample and note."""
    reading = stored(measure)
    known = {"measured_on": date(2021, 3, 9), "period": "1 to 9 March", "sample_size": 2500, "note": "By hand"} | facts
    for name, value in known.items():
        setattr(reading, name, value)
    return reading


def test_correction_offers_day_period_sample_and_note_as_they_are() -> None:
    form = opened(taken(lead_time()))
    said = [form.said(name) for name in ("measured_on", "period", "sample", "note")]
    assert said == ["2021-03-09", "1 to 9 March", "2500", "By hand"]


def test_correction_offers_no_sample_where_the_value_says_it() -> None:
    reading = taken(ratio(), numerator=Decimal(6), denominator=Decimal(28), sample_size=28)
    assert opened(reading).said("sample") == ""


@pytest.mark.parametrize(
    ("name", "typed", "says"),
    [
        ("sample", "25", ("sample", 25)),
        ("sample", "", ("sample", None)),
        ("period", "2 to 9 March", ("period", "2 to 9 March")),
        ("note", "", ("note", "")),
        ("measured_on", "2021-03-08", ("measured_on", date(2021, 3, 8))),
    ],
)
def test_correction_of_one_circumstance_leaves_the_others(name: str, typed: str, says: tuple) -> None:
    answer = cell(lead_time(), taken(lead_time()), value="9 min", seen="1", why="A slip.", **{name: typed}).answer
    assert answer is not None
    assert answer.own is not None
    as_it_was = {"measured_on": date(2021, 3, 9), "period": "1 to 9 March", "sample": 2500, "note": "By hand"}
    assert {key: getattr(answer.own, key) for key in as_it_was} == as_it_was | dict([says])
    # And a circumstance alone is a correction, which says why
    assert "why" in cell(lead_time(), taken(lead_time()), value="9 min", seen="1", **{name: typed}).errors


def test_correction_does_not_empty_the_day_of_a_remeasure() -> None:
    emptied = {"value": "9 min", "seen": "1", "why": "A slip.", "measured_on": ""}
    assert "Write the day" in " ".join(cell(lead_time(), taken(lead_time()), **emptied).errors["measured_on"])
    unknown = taken(lead_time(), measured_on=None)
    assert cell(lead_time(), unknown, **emptied | {"note": "As published"}).is_valid()


def test_value_in_place_of_a_reason_says_its_day() -> None:
    reading = taken(lead_time(), value=None, not_measured="staffing", measured_on=None, sample_size=None)
    late = {"value": "9 min", "seen": "1", "why": "Found the sheet."}
    assert "measured_on" in cell(lead_time(), reading, **late, measured_on="").errors
    assert cell(lead_time(), reading, **late, measured_on="2021-03-09").is_valid()


def test_wrong_day_that_stands_already_does_not_bar_another_correction() -> None:
    reading = taken(lead_time(), measured_on=date(2020, 1, 1))
    assert cell(
        lead_time(), reading, value="9 min", seen="1", why="A slip.", measured_on="2020-01-01", note=""
    ).is_valid()


def test_choice_stands_until_the_other_value_changes_again() -> None:
    typed = {"value": "1/25", "seen": "3", "disputed": "on", "choice": "mine"}
    assert cell(ratio(), stored(ratio(), version=3), **typed).chosen == "mine"
    assert cell(ratio(), stored(ratio(), version=4), **typed).chosen == ""


def test_own_of_two_values_is_saved_with_its_own_day_and_sample() -> None:
    theirs = stored(lead_time(), version=3)
    typed = {"m1-value": "12 min", "m1-seen": "3", "m1-disputed": "on", "m1-choice": "mine"}
    form = GridForm(grid(theirs), Checkpoint.DAY_60, typed | {"measured_on": "2021-03-09", "sample": "25"})
    assert form.is_valid()
    (answer,) = form.answers
    assert answer.own is not None
    assert (answer.own.measured_on, answer.own.sample) == (date(2021, 3, 9), 25)
    assert not GridForm(grid(theirs), Checkpoint.DAY_60, typed).is_valid()


# what the cells share ----------------------------------------------------------------------------------------------


def common(checkpoint: Checkpoint = Checkpoint.DAY_60, **typed: str) -> CommonForm:
    return CommonForm(typed, grid=grid(), checkpoint=checkpoint)


@pytest.mark.parametrize(("typed", "sample"), [("25 records", 25), ("25", 25), ("n = 1,200", 1200), ("", None)])
def test_sample_is_a_number_of_something(typed: str, sample: int | None) -> None:
    form = common(sample=typed)
    assert form.is_valid()
    assert form.shared.sample == sample


@pytest.mark.parametrize("typed", ["all of them", "0", "2.5", "99999999999"])
def test_sample_that_is_no_number_is_refused(typed: str) -> None:
    assert "sample" in common(sample=typed).errors


@pytest.mark.parametrize(
    ("checkpoint", "day", "accepted"),
    [
        (Checkpoint.DAY_60, "2021-03-09", True),
        (Checkpoint.DAY_60, "9/3/2021", True),
        (Checkpoint.DAY_60, "2999-03-12", False),
        (Checkpoint.DAY_60, "2021-01-08", False),
        (Checkpoint.BASELINE, "2021-01-03", True),
        (Checkpoint.BASELINE, "2021-01-04", False),
        (Checkpoint.REPORT_OUT, "2021-01-08", True),
        (Checkpoint.REPORT_OUT, "2021-01-03", False),
        (Checkpoint.DAY_60, "yesterday", False),
    ],
)
def test_day_of_measuring_fits_its_checkpoint(checkpoint: Checkpoint, day: str, accepted: bool) -> None:
    assert ("measured_on" not in common(checkpoint, measured_on=day).errors) is accepted


def test_new_reading_needs_its_true_day() -> None:
    form = GridForm(grid(), Checkpoint.DAY_60, {"m1-value": "9 min"})
    assert not form.is_valid()
    assert [error.href for error in form.errors] == ["#measured_on"]
    reason = GridForm(grid(), Checkpoint.DAY_60, {"m1-because": "Corridor closed"})
    assert reason.is_valid()


def test_errors_of_the_grid_lead_to_their_boxes() -> None:
    form = GridForm(grid(), Checkpoint.DAY_60, {"m1-value": "soon", "m2-value": "6/", "measured_on": "2021-03-09"})
    assert not form.is_valid()
    assert [error.href for error in form.errors] == ["#m1-value", "#m2-value"]
    assert form.errors[1].text == ("Measure 2, 60 days: the second number is missing. Write both numbers, like 6/28.")


# the true day ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("checkpoint", "day", "said"),
    [
        ("day_30", date(2021, 1, 24), ""),
        ("day_30", date(2021, 3, 8), ""),
        ("day_30", date(2021, 1, 23), "15 days before its date"),
        ("day_60", date(2021, 4, 8), "30 days after its date, Tue 9 March 2021"),
        ("day_60", date(2021, 1, 8), "not after the report-out"),
        ("report_out", date(2021, 1, 21), ""),
        ("report_out", date(2021, 1, 22), "14 days after its date"),
        ("baseline", date(2020, 1, 5), ""),
        ("baseline", date(2019, 1, 4), "more than a year before the week"),
        ("baseline", date(2021, 1, 4), "from before the week"),
    ],
)
def test_day_far_from_its_date_is_asked_about(checkpoint: str, day: date, said: str) -> None:
    found = grid(on=date(2021, 4, 20)).doubt_of_day(day, checkpoint)
    assert found == "" if not said else said in found


@pytest.mark.parametrize(
    ("checkpoint", "day", "said"),
    [
        ("day_30", date(2021, 3, 9), "not before the reading at 60 days"),
        ("day_30", date(2021, 3, 8), ""),
        ("day_90", date(2021, 3, 9), "not after the reading at 60 days"),
        ("baseline", date(2020, 12, 1), ""),
        ("day_60", date(2021, 3, 1), ""),
    ],
)
def test_day_out_of_order_with_another_remeasure_is_asked_about(checkpoint: str, day: date, said: str) -> None:
    found = grid(taken(lead_time())).doubt_of_day(day, checkpoint, lead_time())
    assert said in found
    assert bool(said) or "reading at" not in found


def test_day_is_not_compared_with_what_was_not_measured() -> None:
    reading = taken(lead_time(), value=None, not_measured="staffing")
    assert grid(reading).doubt_of_day(date(2021, 3, 8), "day_90").count("reading at") == 0


# words -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("measure", "value", "said"),
    [
        (lead_time(), 540, "540 min"),
        (lead_time(unit="h"), 435, "7 h 15 min"),
        (lead_time(unit="h"), 30, "0.5 h"),
        (lead_time(unit="h"), 6000, "100 h"),
        (lead_time(unit="days"), 2160, "1.5 days"),
        (ratio(), "0.25", "25%"),
        (lead_time(kind="own", shape="value", unit="cases"), 1, "1 case"),
        (lead_time(kind="own", shape="value", unit="cases"), 9, "9 cases"),
        (lead_time(kind="walking", unit="m"), 420, "420 m"),
    ],
)
def test_value_is_said_in_the_measures_one_unit(measure: Measure, value, said: str) -> None:
    assert entries.say(measure, Decimal(value)) == said
