"""Adopting a metric: answered before it is adopted, nothing typed is lost, and the definition says what is needed."""

import re

import pytest

from accounts.permissions import Role
from metrics.forms.adopting import AdoptForm
from metrics.models import Metric
from snapshots.models import ChangeMark
from tests.factories.metrics import MetricFactory, MetricVersionFactory, series
from tests.factories.trusts import ObjectiveFactory, ValueStreamFactory, member

pytestmark = pytest.mark.django_db

STEADY = [40, 42, 39, 41, 40, 43, 38, 41, 40, 42, 39, 41, 40]
FACTS = {
    "name": "Turnaround between cases",
    "category": "delivery",
    "no_objective_because": "Which one it serves is asked at the next TGT",
    "numerator": "Minutes from patient out to next patient in",
    "data_source": "Theatre system",
    "collected_how": "Report on the third working day",
    "collected_often": "monthly",
    "owner": "Theatre matron",
    "unit": "minutes",
    "decimals": "1",
    "better_when": "lower",
}
THEATRES = {"activity_unit": "theatres", "activity": "30", "touched": "1", "hoped": "32"}


@pytest.fixture
def stream():
    return ValueStreamFactory(name="Theatres")


@pytest.fixture
def lead(stream, signed_in):
    return signed_in(member(Role.KPO_LEAD, stream.trust))


def send(client, stream, **facts):
    return client.post(f"/value-streams/{stream.pk}/metrics/add/", FACTS | facts)


def answered(response):
    """What the page sends back with the next press."""
    box = re.search(r'<input[^>]*name="answered"[^>]*>', response.content.decode())[0]
    return re.search(r'value="([0-9a-f]+)"', box)[1]


def test_metric_is_answered_first_and_adopted_at_the_second_press(stream, lead):
    typed = THEATRES | {"history": " ".join(map(str, STEADY)), "target": "30", "target_from_day": "1",
                        "target_from_month": "4", "target_from_year": "2021"}  # fmt: skip
    first = send(lead, stream, **typed)
    said = first.content.decode()
    assert "The work touches 1 of 30 theatres" in said
    assert "It could not show within 24 months, however good the work." in said
    assert "Adopt the metric" in said
    assert not Metric.objects.exists()
    second = send(lead, stream, **typed, answered=answered(first))
    metric = Metric.objects.get()
    assert second["Location"] == f"/metrics/{metric.pk}/"
    version = metric.versions.get()
    assert version.is_in_force
    assert (version.activity, version.touched, version.hoped) == (30, 1, 32)
    assert [(target.value, target.starts.isoformat()) for target in version.targets.all()] == [(30, "2021-04-01")]
    assert not version.measurements.exists()
    assert ChangeMark.objects.filter(kind="value_stream", scope_id=stream.pk).exists()


def test_name_that_was_taken_while_the_form_was_read_is_said_beside_it(stream, lead, monkeypatch):
    first = send(lead, stream, **THEATRES)
    monkeypatch.setattr(AdoptForm, "clean_name", lambda form: form.cleaned_data["name"])
    MetricFactory(value_stream=stream, name=FACTS["name"])
    said = send(lead, stream, **THEATRES, answered=answered(first)).content.decode()
    assert "Another metric of this value stream has this name" in said
    assert Metric.objects.count() == 1


def test_changing_what_the_answer_rests_on_asks_again(stream, lead):
    first = send(lead, stream, **THEATRES, history=" ".join(map(str, STEADY)))
    changed = THEATRES | {"activity": "3", "touched": "3", "history": " ".join(map(str, STEADY))}
    again = send(lead, stream, **changed, answered=answered(first))
    assert "It shows within" in again.content.decode()
    assert not Metric.objects.exists()


def test_history_of_a_metric_answers_and_its_narrower_cuts_are_offered(stream, lead, computed):
    broad = MetricVersionFactory(metric=MetricFactory(value_stream=stream), unit="minutes")
    series(broad, STEADY)
    narrow = MetricVersionFactory(
        metric=MetricFactory(value_stream=stream, name="Urology alone", cut_of=broad.metric),
        unit="minutes", activity=3, touched=3, hoped=30,
    )  # fmt: skip
    series(narrow, STEADY)
    computed("value_stream", stream.pk)
    said = send(lead, stream, **THEATRES, history_of=broad.metric_id).content.decode()
    assert "It could not show" in said
    assert "Urology alone" in said


def test_values_that_follow_each_other_like_an_nhs_number_are_read(stream, lead):
    said = send(lead, stream, **THEATRES, history=" ".join(["943 476 5919"] * 5)).content.decode()
    assert "NHS number" not in said
    assert "The work touches 1 of 30 theatres" in said


def test_without_history_it_says_what_is_missing_and_still_lets_adopt(stream, lead):
    first = send(lead, stream, objective=ObjectiveFactory(trust=stream.trust).pk)
    assert "Not known yet" in first.content.decode()
    assert "13 values" in first.content.decode()
    assert send(lead, stream, answered=answered(first)).status_code == 302


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"no_objective_because": ""}, "Choose the objective it serves, or say why none"),
        ({"name": ""}, "Write the name"),
        ({"activity": "3", "touched": "4"}, "The work cannot touch more than the 3 that it counts"),
        ({"activity": "99999999999", "touched": "1"}, "Write a number up to 1,000,000,000"),
        ({"decimals": "9"}, "Write a number from 0 to 4"),
        ({"touched": "4"}, "Write both: how many it counts, and touches"),
        ({"target": "30"}, "Enter from which day the target holds"),
        ({"history": "40 42 about40"}, "about40"),
        ({"owner": "Patient 943 476 5919"}, "NHS number"),
    ],
)
def test_what_is_wrong_is_said_next_to_it_and_nothing_typed_is_lost(stream, lead, wrong, sentence):
    response = send(lead, stream, **wrong)
    said = response.content.decode()
    assert sentence in said
    assert "Minutes from patient out to next patient in" in said
    assert not Metric.objects.exists()


@pytest.mark.parametrize(("unit", "decimals"), [("pounds", 0), ("count", 0), ("percent", 1)])
def test_decimal_places_are_the_usual_ones_of_the_unit_where_nobody_said(stream, lead, unit, decimals):
    facts = {"unit": unit, "decimals": ""}
    send(lead, stream, **facts, answered=answered(send(lead, stream, **facts)))
    assert Metric.objects.get().definition.decimals == decimals


def test_another_metric_of_that_name_is_refused(stream, lead):
    MetricFactory(value_stream=stream, name=FACTS["name"])
    assert "Another metric of this value stream has this name" in send(lead, stream).content.decode()
