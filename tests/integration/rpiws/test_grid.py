"""The grid's pages, as a form without a script sends them."""

import re
import uuid
from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.permissions import Role
from rpiws.models import Checkpoint, Measure, Observation, Reading, RpiwPerson
from tests.factories.rpiws import (
    MeasureFactory,
    ObservationFactory,
    ReadingFactory,
    RpiwFactory,
    RpiwPersonFactory,
)
from tests.factories.trusts import member
from ui.words import day_year

pytestmark = pytest.mark.django_db


@pytest.fixture
def rpiw():
    """Its 60-day remeasure is two days late."""
    return RpiwFactory(following_up=True, week_starts=timezone.localdate() - timedelta(days=66))


@pytest.fixture
def measure(rpiw):
    measure = MeasureFactory(rpiw=rpiw)
    ReadingFactory(measure=measure)
    return measure


@pytest.fixture
def facilitator(rpiw, client):
    user = member(Role.FACILITATOR, rpiw.value_stream.trust)
    client.force_login(user)
    return user


def address(rpiw, checkpoint="day_60") -> str:
    return reverse("readings", args=[rpiw.pk]) + f"?checkpoint={checkpoint}"


def typed(measure, value: str, **more: str) -> dict[str, str]:
    return {f"m{measure.pk}-value": value, "measured_on": str(timezone.localdate()), "key": str(uuid.uuid4()), **more}


def test_grid_saves_and_says_so(client, rpiw, measure, facilitator) -> None:
    answer = client.post(address(rpiw), typed(measure, "9 min"), follow=True)
    assert answer.redirect_chain == [(address(rpiw), 302)]
    assert "Saved at 60 days: 1 reading." in answer.content.decode()
    assert Reading.objects.get(checkpoint=Checkpoint.DAY_60).value == 9


@pytest.mark.parametrize(("hours", "said"), [(24, "day is 24 hours"), (Decimal("7.5"), "day is 7.5 working hours")])
def test_hours_of_a_day_stand_beside_a_time_and_nothing_else(client, rpiw, measure, facilitator, hours, said) -> None:
    Measure.objects.filter(pk=measure.pk).update(day_hours=hours)
    MeasureFactory(rpiw=rpiw, walking=True)
    page = client.get(address(rpiw)).content.decode()
    assert (page.count(f"A {said}"), page.count(f"a {said}")) == (1, 1)  # on a desk, and on a phone


def test_grid_sent_twice_saves_once(client, rpiw, measure, facilitator) -> None:
    data = typed(measure, "9 min")
    first, second = client.post(address(rpiw), data), client.post(address(rpiw), data)
    assert (first.status_code, first.url) == (second.status_code, second.url)
    assert Reading.objects.get(checkpoint=Checkpoint.DAY_60).version == 1


def test_grid_with_an_error_saves_nothing_and_keeps_everything(client, rpiw, measure, facilitator) -> None:
    ratio = MeasureFactory(rpiw=rpiw, defect_ratio=True)
    answer = client.post(address(rpiw), typed(measure, "9 min", **{f"m{ratio.pk}-value": "6/"}, note="By hand"))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert not Reading.objects.filter(checkpoint=Checkpoint.DAY_60).exists()
    assert f'href="#m{ratio.pk}-value"' in page
    for kept in ("9 min", "6/", "By hand"):
        assert f'value="{kept}"' in page


def test_warning_does_not_stop_the_save_and_is_shown_with_it(client, rpiw, measure, facilitator) -> None:
    answer = client.post(address(rpiw), typed(measure, "9 h"), follow=True)
    page = answer.content.decode()
    assert Reading.objects.get(checkpoint=Checkpoint.DAY_60).value == 540
    assert "ten times the baseline or more" in page
    assert "Change to 9 min" in page


def test_warning_that_was_answered_is_not_shown_again(client, rpiw, measure, facilitator) -> None:
    answer = client.post(address(rpiw), typed(measure, "9 h", **{f"m{measure.pk}-kept": "9 h"}))
    assert answer.url == address(rpiw)


def test_conflict_shows_both_values_and_chooses_neither(client, rpiw, measure, facilitator) -> None:
    ReadingFactory(measure=measure, checkpoint=Checkpoint.DAY_60, value=11)
    answer = client.post(address(rpiw), typed(measure, "9 min"))
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Save mine: 9 min" in page
    assert "Keep theirs: 11 min" in page
    assert not re.search(r'name="m\d+-choice"[^>]* checked', page)
    assert Reading.objects.get(checkpoint=Checkpoint.DAY_60).value == 11
    seen = re.search(rf'name="m{measure.pk}-seen" value="(\d+)"', page)
    assert seen
    chosen = {f"m{measure.pk}-seen": seen[1], f"m{measure.pk}-disputed": "on", f"m{measure.pk}-choice": "mine"}
    client.post(address(rpiw), typed(measure, "9 min", **chosen))
    assert Reading.objects.get(checkpoint=Checkpoint.DAY_60).value == 9


def test_two_values_stand_until_one_is_chosen(client, rpiw, measure, facilitator) -> None:
    ReadingFactory(measure=measure, checkpoint=Checkpoint.DAY_60, value=11, period="1 to 9 March", sample_size=10)
    other = MeasureFactory(rpiw=rpiw)
    disputed = typed(measure, "9 min", **{f"m{measure.pk}-seen": "1", f"m{measure.pk}-disputed": "on", "sample": "25"})
    # Saved again without choosing
    answer = client.post(address(rpiw), disputed)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "choose one of the two values" in page
    assert f'href="#m{measure.pk}-choice"' in page
    assert f'id="m{measure.pk}-choice"' in page
    assert "Save mine: 9 min" in page
    assert "Keep theirs: 11 min" in page
    assert f'name="m{measure.pk}-why"' not in page
    # Chosen, with an error in another cell
    chosen = disputed | {f"m{measure.pk}-choice": "mine"}
    page = client.post(address(rpiw), chosen | {f"m{other.pk}-value": "soon"}).content.decode()
    assert re.search(r'name="m\d+-choice" value="mine" checked', page)
    # Saved, with what was said of it rather than of theirs
    assert client.post(address(rpiw), chosen).status_code == 302
    reading = Reading.objects.get(measure=measure, checkpoint=Checkpoint.DAY_60)
    assert (reading.value, reading.version, reading.sample_size, reading.period) == (9, 2, 25, "")


def test_choice_is_asked_for_again_when_theirs_changed_again(client, rpiw, measure, facilitator) -> None:
    ReadingFactory(measure=measure, checkpoint=Checkpoint.DAY_60, value=12, version=2)
    said = {f"m{measure.pk}-seen": "1", f"m{measure.pk}-disputed": "on", f"m{measure.pk}-choice": "theirs"}
    answer = client.post(address(rpiw), typed(measure, "9 min", **said))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Keep theirs: 12 min" in page
    assert f'name="m{measure.pk}-seen" value="2"' in page
    assert not re.search(r'name="m\d+-choice"[^>]* checked', page)


@pytest.fixture
def logged(rpiw, measure) -> Reading:
    """A 60-day reading with a wrong sample."""
    return ReadingFactory(
        measure=measure, checkpoint=Checkpoint.DAY_60, value=9, entered_as="9 min", sample_size=2500,
        measured_on=rpiw.reported_out + timedelta(days=60), period="1 to 9 March", note="By hand",
    )  # fmt: skip


def correction(measure, **said: str) -> dict[str, str]:
    return {f"m{measure.pk}-{name}": value for name, value in {"value": "9 min", "seen": "1", **said}.items()}


def test_sample_period_and_note_are_corrected_with_why(client, rpiw, measure, facilitator, logged) -> None:
    opened = client.get(address(rpiw) + f"&correct={logged.pk}").content.decode()
    for name, value in (("sample", "2500"), ("period", "1 to 9 March"), ("note", "By hand")):
        assert f'name="m{measure.pk}-{name}" value="{value}"' in opened
    mended = {"sample": "25", "period": "2 to 9 March", "note": "", "measured_on": str(logged.measured_on)}
    refused = client.post(address(rpiw), correction(measure, **mended))
    assert "say why it is corrected" in refused.content.decode()
    client.post(address(rpiw), correction(measure, **mended, why="Two noughts too many."))
    logged.refresh_from_db()
    assert (logged.sample_size, logged.period, logged.note, logged.version) == (25, "2 to 9 March", "", 2)
    assert logged.correction_reason == "Two noughts too many."


def test_page_without_those_boxes_leaves_period_sample_and_note(client, rpiw, measure, facilitator, logged) -> None:
    client.post(address(rpiw), correction(measure, value="8 min", why="A slip."))
    logged.refresh_from_db()
    assert (logged.value, logged.sample_size, logged.period, logged.note) == (8, 2500, "1 to 9 March", "By hand")


def test_saved_reading_shows_when_and_how_it_was_taken(client, rpiw, measure, facilitator, logged) -> None:
    for checkpoint in ("day_60", "day_30"):  # in hand, and beside what is in hand
        page = client.get(address(rpiw, checkpoint)).content.decode()
        for said in ("1 to 9 March", "By hand", day_year(logged.measured_on)):
            assert f"<dd>{said}</dd>" in page
        assert "n 2,500" in page


def test_corrected_day_before_the_report_out_is_refused_at_its_box(client, rpiw, measure, facilitator, logged) -> None:
    before = str(rpiw.reported_out)
    answer = client.post(address(rpiw), correction(measure, measured_on=before, why="A slip."))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "this is not after the report-out on" in page
    assert f'href="#m{measure.pk}-measured_on"' in page
    assert f'id="m{measure.pk}-measured_on-error"' in page
    logged.refresh_from_db()
    assert logged.version == 1


def test_corrected_baseline_after_the_week_is_refused(client, rpiw, measure, facilitator) -> None:
    said = {"value": "50 min", "why": "A slip.", "measured_on": str(rpiw.week_ends)}
    answer = client.post(address(rpiw, "baseline"), correction(measure, **said))
    assert "a baseline is from before the week" in answer.content.decode()


def test_corrected_day_far_from_its_date_is_saved_and_asked_about(client, rpiw, measure, facilitator, logged) -> None:
    early = str(rpiw.reported_out + timedelta(days=1))
    answer = client.post(address(rpiw), correction(measure, measured_on=early, why="A slip."), follow=True)
    page = answer.content.decode()
    assert "59 days before its date" in page
    assert "It is saved." in page
    logged.refresh_from_db()
    assert str(logged.measured_on) == early


def test_day_of_new_readings_is_asked_about_beside_them_without_a_script(client, rpiw, measure, facilitator) -> None:
    early = {"measured_on": str(rpiw.reported_out + timedelta(days=1))}
    with_script = client.post(address(rpiw), typed(measure, "9 min", **early), headers={"X-Grid": "part"})
    assert with_script.json()["location"] == address(rpiw)
    Reading.objects.filter(checkpoint=Checkpoint.DAY_60).delete()
    plain = client.post(address(rpiw), typed(measure, "9 min", **early), follow=True)
    assert "59 days before its date" in plain.content.decode()


def test_true_day_is_judged_and_not_saved(client, rpiw, measure, facilitator, logged) -> None:
    where = reverse("read_day", args=[rpiw.pk])

    def asked(**query) -> str:
        return client.get(where, {"checkpoint": "day_60"} | query).content.decode()

    far, near = str(rpiw.reported_out + timedelta(days=1)), str(rpiw.reported_out + timedelta(days=60))
    box = f"m{measure.pk}-measured_on"
    assert "59 days before its date" in asked(measured_on=far)
    assert "59 days before its date" in asked(**{box: far, "measure": measure.pk})
    for fine in (asked(measured_on=near), asked(measured_on=""), asked(measured_on="soon"), asked(**{box: near})):
        assert fine == ""
    # Beside the measure's other readings
    after = str(logged.measured_on + timedelta(days=1))
    said = asked(checkpoint="day_30", measure=measure.pk, **{box: after})
    assert "not before the reading at 60 days" in said
    assert Reading.objects.count() == 2


def test_another_sample_than_the_baselines_is_asked_about(client, rpiw, facilitator) -> None:
    measure = MeasureFactory(rpiw=rpiw)
    ReadingFactory(measure=measure, sample_size=2500)
    where, words = reverse("read_entry", args=[rpiw.pk]), "has 2 observations, the baseline 2500"
    live = {f"m{measure.pk}-value": "50 min", "measure": measure.pk, "checkpoint": "day_60"}
    assert words in client.post(where, live | {"sample": "2"}).content.decode()
    assert words in client.post(where, live | {"sample": "2500", f"m{measure.pk}-sample": "2"}).content.decode()
    assert words not in client.post(where, live | {"sample": "2500"}).content.decode()
    saved = client.post(address(rpiw), typed(measure, "50 min", sample="2"), follow=True)
    assert words in saved.content.decode()


def test_saved_reading_is_text_until_it_is_corrected(client, rpiw, measure, facilitator) -> None:
    reading = ReadingFactory(measure=measure, checkpoint=Checkpoint.DAY_60, value=11, entered_as="11 min")
    assert f'name="m{measure.pk}-value"' not in client.get(address(rpiw)).content.decode()
    opened = client.get(address(rpiw) + f"&correct={reading.pk}").content.decode()
    assert 'value="11 min"' in opened
    assert f'name="m{measure.pk}-why"' in opened


def test_checkpoint_that_is_not_open_takes_no_reading(client, rpiw, measure, facilitator) -> None:
    answer = client.post(address(rpiw, "day_90"), typed(measure, "9 min"), follow=True)
    assert "Not saved: 90 days is not open for readings." in answer.content.decode()
    assert not Reading.objects.filter(checkpoint=Checkpoint.DAY_90).exists()


def test_script_gets_its_answer_in_json(client, rpiw, measure, facilitator) -> None:
    answer = client.post(address(rpiw), typed(measure, "9 min"), headers={"X-Grid": "part"})
    assert answer.json() == {"saved": "1 reading", "location": address(rpiw)}


@pytest.mark.parametrize(
    ("value", "said"),
    [("7h15", "= 435 min"), ("9 h", "ten times the baseline"), ("soon", "cannot be read"), ("", "")],
)
def test_entry_is_read_and_not_saved(client, rpiw, measure, facilitator, value: str, said: str) -> None:
    data = {f"m{measure.pk}-value": value, "measure": measure.pk, "checkpoint": "day_60"}
    answer = client.post(reverse("read_entry", args=[rpiw.pk]), data)
    assert said in answer.content.decode()
    assert Reading.objects.count() == 1


def test_entry_of_another_rpiws_measure_is_not_read(client, rpiw, measure, facilitator) -> None:
    other = MeasureFactory()
    answer = client.post(reverse("read_entry", args=[rpiw.pk]), {"measure": other.pk})
    assert answer.status_code == 404


@pytest.mark.parametrize("name", ["readings", "observations"])
def test_grid_of_another_trust_is_not_found(client, rpiw, name: str) -> None:
    client.force_login(member(Role.FACILITATOR))
    assert client.get(reverse(name, args=[rpiw.pk])).status_code == 404
    assert client.post(reverse(name, args=[rpiw.pk])).status_code == 404


@pytest.mark.parametrize("role", [Role.CHIEF_EXECUTIVE, Role.EXECUTIVE_SPONSOR, Role.WORKSHOP_LEAD])
def test_grid_of_the_own_trust_without_the_right_is_refused(client, rpiw, role: Role) -> None:
    client.force_login(member(role, rpiw.value_stream.trust))
    assert client.get(address(rpiw)).status_code == 403


def test_grid_is_open_to_the_workshop_lead_of_the_rpiw(client, rpiw, measure) -> None:
    lead = member(Role.WORKSHOP_LEAD, rpiw.value_stream.trust)
    RpiwPersonFactory(rpiw=rpiw, part=RpiwPerson.Part.WORKSHOP_LEAD, user=lead)
    client.force_login(lead)
    assert client.get(address(rpiw)).status_code == 200


def test_queries_of_the_grid_do_not_grow_with_measures(client, rpiw, measure, facilitator) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as found:
            client.get(address(rpiw))
        return len(found)

    queries()
    before = queries()
    for _ in range(7):
        other = MeasureFactory(rpiw=rpiw)
        for checkpoint in ("baseline", "report_out", "day_30"):
            ReadingFactory(measure=other, checkpoint=checkpoint)
    assert queries() == before


def test_observations_are_kept_once_and_draw_a_run_chart(client, rpiw, measure, facilitator) -> None:
    where = reverse("observations", args=[rpiw.pk])
    data = {
        "measure": measure.pk,
        "key": str(uuid.uuid4()),
        f"m{measure.pk}-observed_on": str(timezone.localdate()),
        f"m{measure.pk}-values": "8\r\n9 min\r\n13",
    }
    for _ in range(2):
        assert client.post(where, data).status_code == 302
    assert list(Observation.objects.values_list("value", flat=True)) == [8, 9, 13]
    page = client.get(where).content.decode()
    assert "Run chart of" in page
    assert "median 9 min" in page


def test_observation_in_the_future_or_unreadable_is_refused(client, rpiw, measure, facilitator) -> None:
    data = {
        "measure": measure.pk,
        f"m{measure.pk}-observed_on": str(timezone.localdate() + timedelta(days=1)),
        f"m{measure.pk}-values": "soon",
    }
    answer = client.post(reverse("observations", args=[rpiw.pk]), data)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "This day is still to come." in page
    assert "cannot be read as a time" in page


@pytest.mark.parametrize(
    ("day", "said"), [("1/1/0001", "Write a year from 2000 on"), ("1/1/2001", "more than a year before it")]
)
def test_observation_on_a_day_that_nobody_can_mean_is_refused(client, rpiw, measure, facilitator, day, said) -> None:
    data = {"measure": measure.pk, f"m{measure.pk}-observed_on": day, f"m{measure.pk}-values": "8"}
    answer = client.post(reverse("observations", args=[rpiw.pk]), data)
    assert said in answer.content.decode()
    assert not Observation.objects.exists()


def test_observation_of_the_own_trust_is_taken_back(client, rpiw, measure, facilitator) -> None:
    observation = ObservationFactory(measure=measure)
    foreign = ObservationFactory()
    client.post(reverse("delete_observation", args=[observation.pk]))
    assert client.post(reverse("delete_observation", args=[foreign.pk])).status_code == 404
    assert list(Observation.objects.all()) == [foreign]


def test_checkpoint_that_does_not_exist_is_not_another_one(client, rpiw, measure, facilitator) -> None:
    assert client.get(address(rpiw, "zzz")).status_code == 404
    assert client.post(address(rpiw, "zzz"), typed(measure, "9")).status_code == 404
    assert client.get(address(rpiw, "60")).status_code == 200
