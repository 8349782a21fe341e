"""The pages of RPIWs: who reaches them, what they show, and how many queries they take."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from accounts.permissions import Role
from rpiws.models import Rpiw, RpiwPerson, State
from tests.factories.rpiws import (
    IdeaFactory,
    MeasureFactory,
    NewspaperItemFactory,
    ObservationFactory,
    PreparationTaskFactory,
    ReadingFactory,
    RpiwFactory,
    RpiwPersonFactory,
    TransitionFactory,
    WasteFactory,
    WeekDayFactory,
    monday,
)
from tests.factories.trusts import TrustFactory, ValueStreamFactory, member

pytestmark = pytest.mark.django_db


@pytest.fixture
def stream():
    return ValueStreamFactory(name="Critical care flow")


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def facilitator(stream):
    return member(Role.FACILITATOR, stream.trust)


@pytest.fixture
def client(facilitator):
    return signed_in(facilitator)


def whole(stream, measures=2, **facts):
    """An RPIW with everything that its page shows."""
    rpiw = RpiwFactory(value_stream=stream, following_up=True, **facts)
    for part in RpiwPerson.Part:
        RpiwPersonFactory(rpiw=rpiw, part=part)
    for _ in range(measures):
        measure = MeasureFactory(rpiw=rpiw, target=15)
        ReadingFactory(measure=measure, value=50)
        ReadingFactory(measure=measure, checkpoint="day_30", value=10)
        ObservationFactory(measure=measure)
        IdeaFactory(rpiw=rpiw)
        NewspaperItemFactory(rpiw=rpiw)
        PreparationTaskFactory(rpiw=rpiw)
    for kind in ("waiting", "motion"):
        WasteFactory(rpiw=rpiw, kind=kind)
    WeekDayFactory(rpiw=rpiw)
    TransitionFactory(rpiw=rpiw)
    return rpiw


def addresses(stream):
    """Every route of these pages that names one record, with whether its address only reads."""
    rpiw = whole(stream)
    of_rpiw = [
        "rpiw", "rpiw_print", "edit_rpiw", "rpiw_notes", "rpiw_people", "preparation", "rpiw_measures", "rpiw_week",
        "rpiw_wastes", "add_idea", "add_newspaper_item",
    ]  # fmt: skip
    found = {name: reverse(name, args=[rpiw.pk]) for name in of_rpiw}
    found["rpiw_step"] = reverse("rpiw_step", args=[rpiw.pk, "stand_down"])
    found["add_person"] = reverse("add_person", args=[rpiw.pk, "team"])
    found["add_measure"] = reverse("add_measure", args=[rpiw.pk, "lead_time"])
    found["plan_rpiw"] = reverse("plan_rpiw", args=[stream.pk])
    records = {
        "edit_person": rpiw.people, "remove_person": rpiw.people, "edit_task": rpiw.preparation,
        "tick_task": rpiw.preparation, "remove_task": rpiw.preparation, "edit_measure": rpiw.measures,
        "move_measure": rpiw.measures, "delete_measure": rpiw.measures, "edit_idea": rpiw.ideas,
        "remove_idea": rpiw.ideas, "edit_newspaper_item": rpiw.newspaper, "tick_newspaper_item": rpiw.newspaper,
        "remove_newspaper_item": rpiw.newspaper,
    }  # fmt: skip
    found |= {name: reverse(name, args=[rows.first().pk]) for name, rows in records.items()}
    return found


def test_every_page_answers_a_facilitator_of_the_trust(stream, client):
    answers = {name: client.get(address).status_code for name, address in addresses(stream).items()}

    assert set(answers.values()) <= {200, 302}
    assert answers["rpiw"] == answers["rpiw_print"] == answers["edit_measure"] == 200


@pytest.mark.parametrize("method", ["get", "post"])
def test_every_page_is_404_for_another_trust(stream, method):
    stranger = signed_in(member(Role.KPO_LEAD, TrustFactory()))
    answers = {name: getattr(stranger, method)(address).status_code for name, address in addresses(stream).items()}

    assert answers == dict.fromkeys(answers, 404)


@pytest.mark.parametrize("role", [Role.PROCESS_OWNER, Role.EXECUTIVE_SPONSOR, Role.CHIEF_EXECUTIVE])
@pytest.mark.parametrize("method", ["get", "post"])
def test_editing_is_403_for_who_only_reads(stream, role, method):
    reader = signed_in(member(role, stream.trust))
    answers = {name: getattr(reader, method)(address).status_code for name, address in addresses(stream).items()}
    pages = {"rpiw": 200, "rpiw_print": 200}

    assert answers == dict.fromkeys(answers, 403) | pages


def test_get_changes_nothing(stream, client):
    rpiw = whole(stream)
    for name, rows in (("remove_person", rpiw.people), ("delete_measure", rpiw.measures), ("remove_idea", rpiw.ideas)):
        count = rows.count()
        client.get(reverse(name, args=[rows.first().pk]))
        assert rows.count() == count


def test_list_holds_the_own_trust_alone(stream, client):
    RpiwFactory(value_stream=stream, process="Bed requests")
    RpiwFactory(process="Somebody else's canary")

    page = client.get(reverse("rpiws")).content.decode()
    searched = client.get(reverse("rpiws"), {"search": "canary"}).content.decode()

    assert "Bed requests" in page
    assert "else&#39;s canary" not in page
    assert "else&#39;s canary" not in searched


def test_list_is_filtered_by_state_stream_and_process(stream, client):
    RpiwFactory(value_stream=stream, process="Bed requests", preparing=True)
    RpiwFactory(value_stream=stream, process="Bed cleaning")
    RpiwFactory(value_stream=ValueStreamFactory(trust=stream.trust), process="Bed moves", preparing=True)

    asked = {"search": "bed", "state": "preparing", "value_stream": stream.pk}
    page = client.get(reverse("rpiws"), asked).content.decode()

    assert "Bed requests" in page
    assert "Bed cleaning" not in page
    assert "Bed moves" not in page


def test_list_with_a_filter_that_is_nonsense_shows_all(stream, client):
    RpiwFactory(value_stream=stream)

    assert client.get(reverse("rpiws"), {"value_stream": "x", "state": "x", "page": "x"}).status_code == 200


def test_queries_of_the_list_do_not_grow_with_rows(stream, client, django_assert_max_num_queries):
    whole(stream)
    client.get(reverse("rpiws"))
    with django_assert_max_num_queries(25) as few:
        client.get(reverse("rpiws"))
    for _ in range(6):
        whole(ValueStreamFactory(trust=stream.trust))
    with django_assert_max_num_queries(25) as many:
        client.get(reverse("rpiws"))

    assert len(many) == len(few)


@pytest.mark.parametrize("name", ["rpiw", "rpiw_print", "rpiw_people", "preparation", "rpiw_measures"])
def test_queries_of_a_page_do_not_grow_with_its_rows(stream, client, django_assert_max_num_queries, name):
    small, large = whole(stream, measures=1), whole(stream, measures=7)
    client.get(reverse(name, args=[small.pk]))
    with django_assert_max_num_queries(45) as few:
        client.get(reverse(name, args=[small.pk]))
    with django_assert_max_num_queries(45) as many:
        client.get(reverse(name, args=[large.pk]))

    assert len(many) == len(few)


def test_page_answers_first_and_names_the_patient_representative_first(stream, client):
    rpiw = whole(stream)

    page = client.get(reverse("rpiw", args=[rpiw.pk])).content.decode()

    assert "At 30 days, two of two targets are met." in page
    assert "–80%" in page
    people = [part for part in RpiwPerson.Part if part.label in page]
    assert min(people, key=lambda part: page.index(f"<dt>{part.label}")) == RpiwPerson.Part.PATIENT_REPRESENTATIVE


def test_page_says_what_is_reconstructed_and_where_from(stream, client):
    rpiw = whole(stream, synthetic=True, source="Reconstructed to match Table 7.2", kept_apart=True)

    page = client.get(reverse("rpiw", args=[rpiw.pk])).content.decode()

    assert "Reconstructed to match Table 7.2; not recorded at the trust." in page
    assert "counted in no total" in page


def test_planning_leads_to_the_new_rpiw(stream, client):
    starts = monday(weeks=12)
    while any((starts + timedelta(days=n)).strftime("%m-%d") in ("12-25", "12-28", "01-01", "01-03") for n in range(5)):
        starts += timedelta(weeks=1)
    ends = starts + timedelta(days=2)
    data = {"process": "Bed flow"}
    for name, day in (("week_starts", starts), ("week_ends", ends)):
        data |= {f"{name}_day": day.day, f"{name}_month": day.month, f"{name}_year": day.year}

    answer = client.post(reverse("plan_rpiw", args=[stream.pk]), data)

    rpiw = Rpiw.objects.get()
    assert answer.url == reverse("rpiw", args=[rpiw.pk])
    assert (rpiw.week_starts, rpiw.week_ends) == (starts, ends)

    # A second click plans nothing more; another RPIW of the value stream in the same week is asked about first
    assert client.post(reverse("plan_rpiw", args=[stream.pk]), data).url == answer.url
    data["process"] = "Discharge"
    asked = client.post(reverse("plan_rpiw", args=[stream.pk]), data).content.decode()
    assert "RPIW 1 of this value stream, Bed flow, has its week then already" in asked
    assert Rpiw.objects.count() == 1
    assert client.post(reverse("plan_rpiw", args=[stream.pk]), data | {"meant": "on"}).status_code == 302
    assert Rpiw.objects.count() == 2


def test_edit_of_another_meanwhile_shows_both_and_keeps_what_is_typed(stream, client):
    rpiw = RpiwFactory(value_stream=stream, following_up=True)
    address = reverse("edit_rpiw", args=[rpiw.pk])
    client.post(address, {"process": "Their words", "version": "1"})

    refused = client.post(address, {"process": "My words", "version": "1"})
    page = refused.content.decode()
    rpiw.refresh_from_db()
    assert rpiw.process == "Their words"
    assert "Their words" in page
    assert "My words" in page

    client.post(address, {"process": "My words", "version": str(rpiw.version)})
    rpiw.refresh_from_db()
    assert rpiw.process == "My words"


def test_week_written_meanwhile_is_not_overwritten(stream, client):
    rpiw = RpiwFactory(value_stream=stream, in_week=True, week_starts=date(2021, 1, 4))
    address = reverse("rpiw_week", args=[rpiw.pk])
    blank = {f"version_{n}": "0" for n in range(5)}
    client.post(address, blank | {"heading_0": "Understand"})

    answer = client.post(address, blank | {"heading_0": "Look"})

    assert answer.status_code == 200
    assert rpiw.days.get().heading == "Understand"


def test_step_that_is_refused_says_where_to_mend_it(stream, client):
    rpiw = RpiwFactory(value_stream=stream, preparing=True, week_starts=monday(weeks=0))

    page = client.post(reverse("rpiw_step", args=[rpiw.pk, "start_week"])).content.decode()

    assert "The week cannot start without the executive sponsor" in page
    assert reverse("rpiw_people", args=[rpiw.pk]) in page
    rpiw.refresh_from_db()
    assert rpiw.state == State.PREPARING


def test_facilitator_cannot_record_why_a_week_starts_without_people(stream, client):
    rpiw = RpiwFactory(value_stream=stream, preparing=True, week_starts=monday(weeks=0))

    client.post(reverse("rpiw_step", args=[rpiw.pk, "start_week"]), {"started_without": "Nobody came."})

    rpiw.refresh_from_db()
    assert (rpiw.state, rpiw.started_without) == (State.PREPARING, "")


def test_kpo_lead_records_why_and_the_page_shows_it(stream):
    lead = signed_in(member(Role.KPO_LEAD, stream.trust))
    rpiw = RpiwFactory(value_stream=stream, preparing=True, week_starts=monday(weeks=0))

    lead.post(reverse("rpiw_step", args=[rpiw.pk, "start_week"]), {"started_without": "The sponsor left."})

    assert "The sponsor left." in lead.get(reverse("rpiw", args=[rpiw.pk])).content.decode()


def test_kpo_lead_is_told_who_is_missing_before_the_week_has_come(stream):
    lead = signed_in(member(Role.KPO_LEAD, stream.trust))
    rpiw = RpiwFactory(value_stream=stream, preparing=True, week_starts=monday(weeks=4))

    page = lead.get(reverse("rpiw_step", args=[rpiw.pk, "start_week"])).content.decode()

    assert "Still to be named: the executive sponsor, the process owner and the patient representative." in page


def test_step_twice_as_by_a_double_click_is_taken_once(stream, client):
    rpiw = RpiwFactory(value_stream=stream)
    address = reverse("rpiw_step", args=[rpiw.pk, "prepare"])

    assert client.post(address).status_code == client.post(address).status_code == 302

    assert rpiw.transitions.count() == 1
    assert rpiw.preparation.count() == 11


@pytest.mark.parametrize("how", ["of the value stream", "of the RPIW"])
def test_executive_sponsor_closes_the_own_rpiw(stream, how):
    sponsor = member(Role.EXECUTIVE_SPONSOR, stream.trust)
    rpiw = RpiwFactory(value_stream=stream, following_up=True, week_starts=monday(weeks=-15))
    measure = MeasureFactory(rpiw=rpiw)
    for checkpoint in ("baseline", "report_out", "day_30", "day_60", "day_90"):
        ReadingFactory(measure=measure, checkpoint=checkpoint)
    if how == "of the RPIW":
        RpiwPersonFactory(rpiw=rpiw, part="executive_sponsor", user=sponsor)
    else:
        stream.executive_sponsor = sponsor
        stream.save()

    signed_in(sponsor).post(reverse("close_rpiw", args=[rpiw.pk]), {"decision": "hold", "note": "The ward keeps it."})

    rpiw.refresh_from_db()
    assert (rpiw.state, rpiw.closing_decision) == (State.CLOSED, "hold")


def test_sponsor_is_told_what_is_missing_without_a_link_that_is_not_theirs(stream):
    stream.executive_sponsor = member(Role.EXECUTIVE_SPONSOR, stream.trust)
    stream.save()
    rpiw = whole(stream)

    page = signed_in(stream.executive_sponsor).get(reverse("close_rpiw", args=[rpiw.pk])).content.decode()

    assert "no reason why there is none" in page
    assert reverse("readings", args=[rpiw.pk]) not in page


@pytest.fixture
def too_early(stream):
    """Everything due is answered; the 90 days are still to come. Who closes it is the value stream's sponsor."""
    stream.executive_sponsor = member(Role.EXECUTIVE_SPONSOR, stream.trust)
    stream.save()
    rpiw = RpiwFactory(value_stream=stream, following_up=True)
    measure = MeasureFactory(rpiw=rpiw)
    for checkpoint in ("baseline", "report_out", "day_30", "day_60"):
        ReadingFactory(measure=measure, checkpoint=checkpoint)
    return rpiw


def test_closing_before_the_last_remeasure_says_so_before_anybody_types(stream, too_early):
    page = signed_in(stream.executive_sponsor).get(reverse("close_rpiw", args=[too_early.pk])).content.decode()

    assert "Its 90-day remeasure is due on" in page
    assert "Until then it can be closed only to stop the work." in page
    assert 'value="stop"' in page


def test_closing_too_early_keeps_the_note_and_can_still_be_to_stop(stream, too_early):
    sponsor, address = signed_in(stream.executive_sponsor), reverse("close_rpiw", args=[too_early.pk])

    refused = sponsor.post(address, {"decision": "hold", "note": "The ward keeps its new board."}).content.decode()
    too_early.refresh_from_db()
    assert too_early.state == State.FOLLOWING_UP
    assert "The ward keeps its new board." in refused
    assert "Choose “Stop”, or come back with your note then" in refused

    sponsor.post(address, {"decision": "stop", "note": "The ward keeps its new board."})
    too_early.refresh_from_db()
    assert (too_early.state, too_early.closing_decision) == (State.CLOSED, "stop")


def test_closing_that_meets_a_new_gap_keeps_the_note(stream, too_early):
    MeasureFactory(rpiw=too_early, name="Added meanwhile")

    page = signed_in(stream.executive_sponsor).post(
        reverse("close_rpiw", args=[too_early.pk]), {"decision": "stop", "note": "The ward has moved."}
    )

    assert "Added meanwhile has no reading" in page.content.decode()
    assert "The ward has moved." in page.content.decode()


@pytest.mark.parametrize("role", [Role.EXECUTIVE_SPONSOR, Role.KPO_LEAD, Role.FACILITATOR])
def test_nobody_else_closes(stream, role):
    rpiw = RpiwFactory(value_stream=stream, following_up=True)
    answer = signed_in(member(role, stream.trust)).post(reverse("close_rpiw", args=[rpiw.pk]), {"decision": "hold"})

    rpiw.refresh_from_db()
    assert answer.status_code == 403
    assert rpiw.state == State.FOLLOWING_UP


def test_patient_representative_has_no_account(stream, client):
    rpiw = RpiwFactory(value_stream=stream)
    address = reverse("add_person", args=[rpiw.pk, "patient_representative"])

    assert "never named" in client.get(address).content.decode()
    client.post(address, {"post": "Former patient", "user": str(member(Role.FACILITATOR, stream.trust).pk)})

    assert rpiw.people.get().user is None


def test_ninth_measure_is_warned_about_and_not_refused(stream, client):
    rpiw = RpiwFactory(value_stream=stream)
    for _ in range(8):
        MeasureFactory(rpiw=rpiw)
    address = reverse("add_measure", args=[rpiw.pk, "safety_5s"])

    assert "up to eight measures as a rule" in client.get(address).content.decode()
    client.post(address, {"name": "5S level of the store", "better_when": "higher"})

    assert rpiw.measures.count() == 9


def test_ticking_a_task_keeps_who_and_when_and_can_be_undone(stream, client, facilitator):
    task = PreparationTaskFactory(rpiw=RpiwFactory(value_stream=stream, preparing=True))
    address = reverse("tick_task", args=[task.pk])

    client.post(address, {"done": "yes"})
    task.refresh_from_db()
    assert task.done_by == facilitator

    client.post(address, {"done": "no"})
    task.refresh_from_db()
    assert (task.done, task.done_by) == (None, None)


def test_wastes_are_recorded_and_a_removed_one_says_what(stream, client):
    rpiw = RpiwFactory(value_stream=stream, following_up=True)
    address = reverse("rpiw_wastes", args=[rpiw.pk])
    kinds = ["waiting", "motion", "defects", "overprocessing", "transport", "inventory", "overproduction"]
    data = {f"{kind}_finding": "none_found" for kind in kinds} | {f"{kind}_version": "0" for kind in kinds}

    refused = client.post(address, data | {"motion_finding": "removed"})
    assert "Write what was removed of motion" in refused.content.decode()

    client.post(address, data | {"motion_finding": "removed", "motion_removed": "240 m a round"})
    assert rpiw.wastes.get(kind="motion").removed == "240 m a round"
    assert rpiw.wastes.count() == 7


def typed(name, on):
    return {f"{name}_day": str(on.day), f"{name}_month": str(on.month), f"{name}_year": f"{on.year:04}"}


def test_report_out_beyond_the_week_is_refused_and_the_day_kept(stream, client):
    rpiw = RpiwFactory(value_stream=stream, in_week=True, week_starts=date(2026, 7, 6))

    answer = client.post(reverse("rpiw_step", args=[rpiw.pk, "follow_up"]), typed("reported_out", date(2026, 9, 20)))

    page = answer.content.decode()
    rpiw.refresh_from_db()
    assert (rpiw.state, rpiw.week_ends) == (State.WEEK, date(2026, 7, 10))
    assert "choose Wed 8 July 2026, Thu 9 July 2026 or Fri 10 July 2026" in page
    assert 'value="20"' in page
    assert reverse("edit_rpiw", args=[rpiw.pk]) in page


def test_week_that_has_started_cannot_be_moved_into_the_future(stream, client):
    rpiw = RpiwFactory(value_stream=stream, in_week=True, week_starts=monday(weeks=-1))
    starts = monday(weeks=40)
    facts = {"process": rpiw.process, "version": "1"} | typed("week_starts", starts)

    page = client.post(
        reverse("edit_rpiw", args=[rpiw.pk]), facts | typed("week_ends", starts + timedelta(days=4))
    ).content.decode()

    rpiw.refresh_from_db()
    assert rpiw.week_starts == monday(weeks=-1)
    assert "choose today, or an earlier day, as its first" in page


def test_summary_of_the_plan_names_each_date(stream, client):
    page = client.post(reverse("plan_rpiw", args=[stream.pk]), {"process": "Bed flow"}).content.decode()

    assert "First day of the week: enter a date" in page
    assert "Last day of the week: enter a date" in page


@pytest.mark.parametrize(
    ("name", "of", "field"),
    [
        ("plan_rpiw", "stream", "week_starts"),
        ("preparation", "rpiw", "due"),
        ("add_idea", "rpiw", "tested_on"),
        ("add_newspaper_item", "rpiw", "due"),
    ],
)
@pytest.mark.parametrize("year", [1905, 2150])
def test_date_that_nobody_can_mean_is_refused(stream, client, name, of, field, year):
    rpiw = RpiwFactory(value_stream=stream, preparing=True)
    given = {"process": "Bed flow", "name": "Bed flow", "action": "Bed flow", "owner": "Ward manager"}
    given |= {"outcome": "testing"} | typed("week_ends", date(2026, 7, 10)) | typed(field, date(year, 1, 4))

    address = reverse(name, args=[stream.pk if of == "stream" else rpiw.pk])
    page = client.post(address, given).content.decode()

    assert f'value="{year}"' in page
    assert ("Write a year from 2000 on" in page) is (year == 1905)
    assert "within ten years" in page or "still to come" in page or year == 1905


def test_single_timings_of_a_reading_draw_no_chart_between_checkpoints(stream, client):
    reading = ReadingFactory(measure=MeasureFactory(rpiw=RpiwFactory(value_stream=stream, following_up=True)))
    for n in range(10):
        ObservationFactory(measure=reading.measure, reading=reading, position=n)
    address = reverse("rpiw", args=[reading.measure.rpiw_id])
    assert 'between checkpoints"' not in (page := client.get(address).content.decode())
    assert "run-chart-" not in page

    for n in range(2):
        ObservationFactory(measure=reading.measure, position=n)
    assert "run-chart-" in client.get(address).content.decode()


def test_list_begins_with_what_is_owed(stream, client):
    RpiwFactory(value_stream=stream, closed=True, process="Closed one", number=1)
    RpiwFactory(value_stream=stream, process="Planned one", number=2)
    RpiwFactory(value_stream=stream, preparing=True, process="Preparing one", number=3)
    RpiwFactory(value_stream=stream, in_week=True, process="In its week", number=4)
    RpiwFactory(value_stream=stream, following_up=True, week_starts=monday(weeks=-1), process="Fresh one", number=5)
    late = RpiwFactory(value_stream=stream, following_up=True, process="Late one", number=6)
    MeasureFactory(rpiw=late)

    page = client.get(reverse("rpiws")).content.decode()

    order = ["Late one", "Fresh one", "In its week", "Preparing one", "Planned one", "Closed one"]
    assert sorted(order, key=page.index) == order
    assert "6 RPIWs: 1 planned, 1 preparing, 1 in its workshop week, 2 following up and 1 closed." in page
    assert page.index("A remeasure is owed") < page.index("Late one") < page.index("Following up, nothing owed now")


def test_next_step_is_what_the_due_list_puts_first(stream, client):
    """Two weeks after its 60-day date, with nothing remeasured: the 60 days are late, the 30 were never measured."""
    rpiw = RpiwFactory(value_stream=stream, following_up=True)
    MeasureFactory(rpiw=rpiw)

    page = client.get(reverse("rpiw", args=[rpiw.pk])).content.decode()

    assert "60-day remeasure, due" in page
    assert "Log 60-day readings" in page
    assert "30-day remeasure, due" not in page


def test_report_says_late_above_what_is_late_and_never_measured_above_what_nobody_measured(client, stream):
    """To readers as to eyes: the 60 days are late, the 30 were never measured."""
    rpiw = RpiwFactory(value_stream=stream, following_up=True)
    MeasureFactory(rpiw=rpiw)

    page = client.get(reverse("rpiw", args=[rpiw.pk])).content.decode()

    assert 'late-column">60 days<span class="vh">, late</span>' in page
    assert '"r">30 days<span class="vh">, never measured</span>' in page
