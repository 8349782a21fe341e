"""The grid's pages, as a form without a script sends them."""

import re
import uuid
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.permissions import Role
from rpiws.models import Checkpoint, Observation, Reading, RpiwPerson
from tests.factories.rpiws import (
    MeasureFactory,
    ObservationFactory,
    ReadingFactory,
    RpiwFactory,
    RpiwPersonFactory,
)
from tests.factories.trusts import member

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
    assert "more than ten times the baseline" in page
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
    [("7h15", "= 435 min"), ("9 h", "more than ten times"), ("soon", "cannot be read"), ("", "")],
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
