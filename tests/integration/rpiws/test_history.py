"""The history of an RPIW: its readings, measures, checklist and newspaper in plain words, with who, when and why."""

from datetime import date
from decimal import Decimal
from uuid import uuid4

import pytest
from django.urls import reverse

from accounts.history import history
from accounts.permissions import Role
from rpiws import entries
from rpiws.actions import life_cycle, measures, people, preparation, readings, week
from rpiws.answers import Answer, Circumstances
from rpiws.models import Checkpoint, Reading, RpiwPerson, Waste
from tests.factories.rpiws import (
    IdeaFactory,
    MeasureFactory,
    MetricServedFactory,
    NewspaperItemFactory,
    ObservationFactory,
    PreparationTaskFactory,
    ReadingFactory,
    RpiwFactory,
    RpiwPersonFactory,
    WasteFactory,
    WeekDayFactory,
)
from tests.factories.trusts import TrustFactory, member
from ui.history import Change

pytestmark = pytest.mark.django_db


@pytest.fixture
def trust():
    return TrustFactory(short_name="Leeds")


@pytest.fixture
def rpiw(trust):
    return RpiwFactory(following_up=True, value_stream__trust=trust)


@pytest.fixture
def decision(rpiw):
    return MeasureFactory(rpiw=rpiw, name="Step-down decision", unit="h")


@pytest.fixture
def facilitator(trust):
    return member(Role.FACILITATOR, trust, name="KPO facilitator, Leeds")


def save(measure, text, *, by, **given):
    answer = Answer(measure_id=measure.pk, entry=entries.read(measure, text), typed=text, **given)
    readings.save_readings(
        rpiw=measure.rpiw, checkpoint=Checkpoint.DAY_60, cells=[answer], common=Circumstances(), key=uuid4(), by=by
    )


def said(rpiw) -> list[str]:
    return [entry.sentence for entry in history(rpiw)]


def test_correction_is_told_with_old_and_new_value_why_and_who(rpiw, decision, facilitator):
    save(decision, "9 h", by=facilitator)
    save(decision, "8 h 15 min", by=facilitator, seen=1, why="Two digits swapped.")

    corrected, logged = history(rpiw)[:2]

    assert corrected.sentence == "60 days, Step-down decision: 8 h 15 min, was 9 h."
    assert (corrected.why, corrected.who) == ("Two digits swapped.", "KPO facilitator, Leeds")
    assert corrected.when == Reading.objects.get().events.order_by("pgh_id").last().pgh_created_at
    assert (logged.sentence, logged.why) == ("60 days, Step-down decision: 9 h.", "")


def test_reading_not_measured_says_because(rpiw, decision, facilitator):
    ReadingFactory(measure=decision, checkpoint=Checkpoint.DAY_30, unmeasured=True)
    assert "30 days, Step-down decision: not measured because nobody was free to measure." in said(rpiw)


def test_ratio_is_told_with_both_numbers_and_other_facts_below(rpiw):
    records = MeasureFactory(rpiw=rpiw, name="Records with a defect", defect_ratio=True)
    reading = ReadingFactory(measure=records, checkpoint=Checkpoint.DAY_60, numerator=6, denominator=28)
    reading.numerator, reading.value, reading.note = Decimal(7), Decimal("0.25"), "Second folder"
    reading.save()
    newest = history(rpiw)[0]
    assert newest.sentence == "60 days, Records with a defect: 25% (7 / 28), was 21.4% (6 / 28)."
    assert newest.changes == (Change("Note", None, "Second folder"),)


def test_same_figure_saved_again_tells_nothing_new(rpiw, decision):
    reading = ReadingFactory(measure=decision)
    before = said(rpiw)
    reading.entered_as = "50 min"
    reading.save()
    assert said(rpiw) == before


def test_measure_changed_lists_old_and_new(rpiw, decision, facilitator):
    measures.edit_measure(measure=decision, by=facilitator, version=1, ends_when="Bed vacated")
    newest = history(rpiw)[0]
    assert newest.sentence == "Changed measure: Step-down decision"
    assert newest.changes == (Change("Ends when", None, "Bed vacated"),)


def test_ticks_say_when_and_what_was_not_done_after_all(rpiw, facilitator):
    task = PreparationTaskFactory(rpiw=rpiw, name="Book the room")
    item = NewspaperItemFactory(rpiw=rpiw, action="Order labels")
    preparation.tick_task(task=task, by=facilitator, done=True, on=date(2021, 3, 9))
    week.tick_newspaper_item(item=item, by=facilitator, done=True, on=date(2021, 3, 9))
    week.tick_newspaper_item(item=item, by=facilitator, done=False)
    ticks = [sentence for sentence in said(rpiw) if "one on" in sentence or "Not done" in sentence]
    assert sorted(ticks) == [
        "Newspaper: Order labels. Done on Tue 9 March 2021.",
        "Newspaper: Order labels. Not done after all; it was ticked on Tue 9 March 2021.",
        "Preparation: Book the room. Done on Tue 9 March 2021.",
    ]


def test_step_of_its_life_is_told_with_its_reason(facilitator, trust):
    rpiw = RpiwFactory(preparing=True, value_stream__trust=trust)
    life_cycle.stand_down(rpiw=rpiw, by=facilitator, reason="Winter pressure")
    newest = history(rpiw)[0]
    assert "Preparing" in [change.before for change in newest.changes]
    assert "Stood down" in [change.after for change in newest.changes]
    assert (newest.who, newest.why) == ("KPO facilitator, Leeds", "Winter pressure")


def test_ideas_days_and_wastes_are_told_and_unlooked_at_wastes_are_not(rpiw):
    idea = IdeaFactory(rpiw=rpiw, name="Ring first")
    WeekDayFactory(rpiw=rpiw, heading="Understand")
    WasteFactory(rpiw=rpiw, kind=Waste.Kind.WAITING)
    WasteFactory(rpiw=rpiw, kind=Waste.Kind.MOTION, finding=Waste.Finding.NOT_LOOKED_AT, removed="")
    idea.delete()
    entries_by_sentence = {entry.sentence: entry for entry in history(rpiw)}
    assert set(entries_by_sentence) == {
        "Recorded this RPIW",
        "Added waste: Waiting",
        "Added week day: Understand",
        "Added idea: Ring first",
        "Took away idea: Ring first",
    }
    taken_away = entries_by_sentence["Took away idea: Ring first"]
    assert Change("We predicted", "Half the waiting.", None) in taken_away.changes


def test_observation_between_checkpoints_is_told_and_those_of_a_reading_are_not(rpiw, decision):
    reading = ReadingFactory(measure=decision)
    ObservationFactory(measure=decision, reading=reading, observed_on=date(2021, 3, 8))
    loose = ObservationFactory(measure=decision, observed_on=date(2021, 3, 9))
    loose.delete()
    assert [sentence for sentence in said(rpiw) if "bserv" in sentence] == [
        "Took back an observation of Step-down decision on Tue 9 March 2021: 0.75 h.",
        "Observed Step-down decision on Tue 9 March 2021: 0.75 h.",
    ]


def test_person_known_by_the_post_is_named_once(rpiw, facilitator):
    RpiwPersonFactory(
        rpiw=rpiw,
        part=RpiwPerson.Part.WORKSHOP_LEAD,
        user=facilitator,
        post="KPO facilitator, Leeds",
        certification=RpiwPerson.Certification.IN_TRAINING,
    )
    assert said(rpiw)[0] == "Added person: Workshop lead; KPO facilitator, Leeds; in training"


def test_page_shows_the_newest_and_leads_to_all_of_them(rpiw, decision, facilitator, client):
    for number in range(6):
        ReadingFactory(measure=MeasureFactory(rpiw=rpiw, name=f"Measure {number}"))
    save(decision, "9 h", by=facilitator)
    save(decision, "8 h 15 min", by=facilitator, seen=1, why="Two digits swapped.")
    client.force_login(facilitator)
    page = client.get(reverse("rpiw", args=[rpiw.pk])).content.decode()
    whole = reverse("history", args=["rpiws", "rpiw", rpiw.pk])
    assert "60 days, Step-down decision: 8 h 15 min, was 9 h." in page
    assert "“Two digits swapped.”" in page
    assert f'href="{whole}"' in page
    assert "Baseline, Measure 0: 50 min." not in page
    assert "Baseline, Measure 0: 50 min." in client.get(whole).content.decode()


def test_corrected_cell_leads_to_what_became_of_it_alone(rpiw, decision, facilitator, client):
    ReadingFactory(measure=MeasureFactory(rpiw=rpiw, name="Another measure"), checkpoint=Checkpoint.DAY_60)
    save(decision, "9 h", by=facilitator)
    save(decision, "8 h 15 min", by=facilitator, seen=1, why="Two digits swapped.")
    client.force_login(facilitator)
    grid = client.get(reverse("readings", args=[rpiw.pk]) + "?checkpoint=day_60").content.decode()
    address = reverse("history", args=["rpiws", "rpiw", rpiw.pk])
    reading = Reading.objects.get(measure=decision)
    assert grid.count(f'href="{address}?of=reading-') == 1
    page = client.get(f"{address}?of=reading-{reading.pk}").content.decode()
    told = "60 days, Step-down decision: 8 h 15 min, was 9 h."
    assert page.index(told) < page.index("“Two digits swapped.”") < page.index("60 days, Step-down decision: 9 h.")
    assert "KPO facilitator, Leeds, " in page
    assert "Another measure" not in page
    assert f'<a href="{address}">Show all' in page


@pytest.mark.parametrize("of", ["", "reading-0", "nonsense"])
def test_history_of_a_row_that_is_not_there_is_that_of_the_whole(rpiw, decision, facilitator, client, of):
    client.force_login(facilitator)
    page = client.get(reverse("history", args=["rpiws", "rpiw", rpiw.pk]), {"of": of}).content.decode()
    assert "Recorded this RPIW" in page


@pytest.mark.parametrize("model", ["rpiw", "measure", "reading"])
def test_history_page_leads_back_to_the_rpiw(rpiw, decision, facilitator, client, model):
    records = {"rpiw": rpiw, "measure": decision, "reading": ReadingFactory(measure=decision)}
    client.force_login(facilitator)
    page = client.get(reverse("history", args=["rpiws", model, records[model].pk])).content.decode()
    assert f'<li><a href="{reverse("rpiw", args=[rpiw.pk])}">{rpiw.process}</a></li>' in page
    assert f'<a href="{reverse("rpiws")}" aria-current="page">' in page


def test_history_takes_as_many_queries_for_many_readings_as_for_one(rpiw, facilitator, django_assert_num_queries):
    def grow() -> None:
        measure = MeasureFactory(rpiw=rpiw, remeasured_by=facilitator)
        for checkpoint in (Checkpoint.BASELINE, Checkpoint.DAY_30):
            ReadingFactory(measure=measure, checkpoint=checkpoint, recorded_by=facilitator)
        MetricServedFactory(measure=measure)
        PreparationTaskFactory(rpiw=rpiw)
        IdeaFactory(rpiw=rpiw)
        NewspaperItemFactory(rpiw=rpiw)
        ObservationFactory(measure=measure, recorded_by=facilitator)
        people.add_person(rpiw=rpiw, by=facilitator, part=RpiwPerson.Part.TEAM, post=f"Nurse {measure.pk}")

    grow()
    with django_assert_num_queries(16):
        few = len(history(rpiw))
    for _ in range(5):
        grow()
    with django_assert_num_queries(16):
        assert len(history(rpiw)) > few + 20
