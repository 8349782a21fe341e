"""Measurements by hand: the grid as a form without a script sends it, one value, a correction, one taken away."""

import re
from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.permissions import Role
from metrics.models import Measurement, MetricVersion
from snapshots.models import ChangeMark
from tests.factories.metrics import MeasurementFactory, MetricFactory, MetricVersionFactory, month, series
from tests.factories.trusts import ValueStreamFactory, member

pytestmark = pytest.mark.django_db


@pytest.fixture
def stream():
    return ValueStreamFactory()


@pytest.fixture
def late(stream) -> MetricVersion:
    """Operations that started late, 20% or so, from January to December 2015."""
    version = MetricVersionFactory(metric=MetricFactory(value_stream=stream, name="Late starts"))
    series(version, [20 + n % 3 for n in range(12)])
    return version


@pytest.fixture
def facilitator(stream, client):
    user = member(Role.FACILITATOR, stream.trust)
    client.force_login(user)
    return user


def address(stream, **query) -> str:
    asked = {"often": "monthly", "until": "2016-06-01"} | query
    return reverse("measurements", args=[stream.pk]) + "?" + "&".join(f"{key}={value}" for key, value in asked.items())


def box(version, on: date) -> str:
    return f"c{version.pk}d{on:%Y%m%d}"


def at(version, on: date) -> Measurement:
    return Measurement.objects.get(version=version, on=on)


JANUARY, FEBRUARY, MARCH = month(12), month(13), month(14)


def test_grid_shows_what_is_stored_and_boxes_for_the_rest(client, stream, late, facilitator):
    page = client.get(address(stream)).content.decode()
    assert "July 2015" in page
    assert "June 2016" in page
    assert f'name="{box(late, JANUARY)}-value"' in page
    assert f'name="{box(late, month(11))}-value"' not in page
    assert page.count("data-saved") == 6


def test_grid_without_a_period_ends_soon_after_the_last_value(client, stream, late, facilitator):
    page = client.get(reverse("measurements", args=[stream.pk])).content.decode()
    assert "June 2016" in page
    assert "July 2016" not in page


@pytest.mark.parametrize("until", ["0001-01-01", "9999-12-31", "soon"])
def test_period_that_nobody_means_shows_the_usual_page(client, stream, late, facilitator, until):
    assert "June 2016" in client.get(address(stream, until=until)).content.decode()


def test_block_is_saved_at_once_whatever_the_way_of_typing(client, stream, late, facilitator):
    waits = MetricVersionFactory(metric=MetricFactory(value_stream=stream, name="Waits"), unit="count")
    typed = {
        f"{box(late, JANUARY)}-value": "18.4%",
        f"{box(late, FEBRUARY)}-value": "92/500",
        f"{box(late, MARCH)}-value": "*",
        f"{box(waits, JANUARY)}-value": "1,234",
        f"{box(waits, FEBRUARY)}-value": "",
    }
    ChangeMark.objects.all().delete()
    answer = client.post(address(stream), typed, follow=True)
    assert "Saved: 4 values." in answer.content.decode()
    assert at(late, JANUARY).value == Decimal("18.4")
    assert (at(late, FEBRUARY).numerator, at(late, FEBRUARY).value) == (92, Decimal("18.4"))
    assert at(late, MARCH).missing == Measurement.Missing.SUPPRESSED
    assert at(waits, JANUARY).value == 1234
    assert not Measurement.objects.filter(version=waits, on=FEBRUARY).exists()
    assert at(late, JANUARY).recorded_by == facilitator
    assert ChangeMark.objects.filter(kind="value_stream", scope_id=stream.pk).exists()


def test_error_stands_at_its_cell_and_the_rest_is_kept(client, stream, late, facilitator):
    typed = {f"{box(late, JANUARY)}-value": "18.4", f"{box(late, FEBRUARY)}-value": "ninety"}
    answer = client.post(address(stream), typed)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert f'href="#{box(late, FEBRUARY)}-value"' in page
    assert 'value="18.4"' in page
    assert 'value="ninety"' in page
    assert not Measurement.objects.filter(version=late, on__gte=JANUARY).exists()


def test_save_sent_twice_saves_once(client, stream, late, facilitator):
    typed = {f"{box(late, JANUARY)}-value": "18.4"}
    first, second = client.post(address(stream), typed), client.post(address(stream), typed)
    assert (first.status_code, first.url) == (second.status_code, second.url)
    assert at(late, JANUARY).row_version == 1


def test_warning_does_not_stop_the_save_and_is_shown_with_it(client, stream, late, facilitator):
    answer = client.post(address(stream), {f"{box(late, JANUARY)}-value": "0.184"}, follow=True)
    page = answer.content.decode()
    assert at(late, JANUARY).value == Decimal("0.184")
    assert "A fraction, for 18.4%? It is saved." in page


def test_value_somebody_else_entered_meanwhile_is_shown_beside_what_was_typed(client, stream, late, facilitator):
    MeasurementFactory(version=late, on=JANUARY, value=Decimal(25), recorded_by=facilitator, recorded_at=timezone.now())
    answer = client.post(address(stream), {f"{box(late, JANUARY)}-value": "18.4"})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Save mine: 18.4%" in page
    assert "Keep theirs: 25%" in page
    seen = re.search(rf'name="{box(late, JANUARY)}-seen" value="(\d+)"', page)
    assert seen
    cell = box(late, JANUARY)
    disputed = {f"{cell}-seen": seen[1], f"{cell}-disputed": "on", f"{cell}-value": "18.4"}
    unchosen = client.post(address(stream), disputed)
    assert unchosen.status_code == 422
    assert "Keep theirs: 25%" in unchosen.content.decode()
    client.post(address(stream), disputed | {f"{cell}-choice": "mine"})
    row = at(late, JANUARY)
    assert (row.value, row.correction_reason) == (
        Decimal("18.4"),
        "Two values were entered; this one was chosen.",
    )


def test_correction_asks_why_and_keeps_the_old_value_in_the_history(client, stream, late, facilitator):
    december = at(late, month(11))
    opened = client.get(address(stream, correct=december.pk)).content.decode()
    assert f'name="{box(late, month(11))}-why"' in opened
    cell = box(late, month(11))
    sent = {f"{cell}-seen": "1", f"{cell}-value": "17.5"}
    assert "Say why it is corrected" in client.post(address(stream), sent).content.decode()
    page = client.post(address(stream), sent | {f"{cell}-why": "A theatre was left out"}, follow=True).content.decode()
    assert "Saved: 1 correction." in page
    assert f"?of=measurement-{december.pk}" in page
    history = client.get(reverse("history", args=["metrics", "metric", late.metric_id])).content.decode()
    assert "17.5" in history


def test_correction_of_what_was_corrected_meanwhile_shows_both(client, stream, late, facilitator):
    Measurement.objects.filter(version=late, on=month(11)).update(value=30, row_version=2)
    cell = box(late, month(11))
    answer = client.post(address(stream), {f"{cell}-seen": "1", f"{cell}-value": "17.5", f"{cell}-why": "Wrong"})
    assert answer.status_code == 409
    assert "Keep theirs: 30%" in answer.content.decode()


def test_each_definition_takes_its_own_periods_and_back_casting_opens_earlier_ones(client, stream, late, facilitator):
    second = MetricVersionFactory(metric=late.metric, number=2, reason="Too broad", applies_from=FEBRUARY)
    page = client.get(address(stream)).content.decode()
    assert f'name="{box(late, JANUARY)}-value"' in page
    assert f'name="{box(late, FEBRUARY)}-value"' not in page
    assert f'name="{box(second, JANUARY)}-value"' not in page
    assert f'name="{box(second, FEBRUARY)}-value"' in page
    third = MetricVersionFactory(
        metric=late.metric, number=3, reason="Too broad still", applies_from=MARCH, back_cast=True
    )
    page = client.get(address(stream)).content.decode()
    assert f'name="{box(third, JANUARY)}-value"' in page
    assert f'name="{box(second, MARCH)}-value"' not in page


def test_retired_metric_takes_no_value_after_its_last_day(client, stream, late, facilitator):
    late.metric.retired_on = date(2016, 1, 31)
    late.metric.save()
    page = client.get(address(stream)).content.decode()
    assert f'name="{box(late, JANUARY)}-value"' in page
    assert f'name="{box(late, FEBRUARY)}-value"' not in page


def test_what_was_typed_is_read_and_nothing_saved(client, stream, late, facilitator):
    cell = box(late, JANUARY)
    read = reverse("read_measurement", args=[stream.pk]) + "?often=monthly&until=2016-06-01"
    answer = client.post(read, {"place": cell, f"{cell}-value": "92/500"}).content.decode()
    assert "= 18.4%" in answer
    assert "write * for a suppressed value" in client.post(read, {"place": cell, f"{cell}-value": "-"}).content.decode()
    assert not Measurement.objects.filter(version=late, on=JANUARY).exists()


def test_grid_asks_a_fixed_number_of_queries(client, stream, late, facilitator, django_assert_max_num_queries):
    for _ in range(6):
        version = MetricVersionFactory(metric=MetricFactory(value_stream=stream))
        series(version, range(20, 38))
    with django_assert_max_num_queries(20):
        client.get(address(stream))


def test_one_value_is_logged_by_itself_with_its_subgroup_and_note(client, stream, late, facilitator):
    add = reverse("measurement_add", args=[late.metric_id])
    sent = {"period_month": "3", "period_year": "2016", "value": "18.4", "subgroup": "Theatre 5", "note": "By hand"}
    answer = client.post(add, sent)
    assert answer.status_code == 302
    row = at(late, MARCH)
    assert (row.subgroup, row.note, row.value) == ("Theatre 5", "By hand", Decimal("18.4"))
    page = client.post(add, sent | {"value": "19"}).content.decode()
    assert "March 2016 has a value already: 18.4%" in page
    ahead = {"period_month": "3", "period_year": str(timezone.localdate().year + 1), "value": "18.4"}
    assert "This period is still to come" in client.post(add, ahead).content.decode()


def test_correction_by_itself_is_refused_once_when_somebody_was_quicker(client, stream, late, facilitator):
    row = at(late, JANUARY) if Measurement.objects.filter(on=JANUARY).exists() else at(late, month(11))
    page = reverse("measurement", args=[row.pk])
    Measurement.objects.filter(pk=row.pk).update(value=30, row_version=2)
    sent = {"value": "17.5", "why": "A theatre was left out", "seen": "1"}
    again = client.post(page, sent).content.decode()
    assert "Somebody else saved 30% meanwhile" in again
    client.post(page, sent | {"seen": "2"})
    row.refresh_from_db()
    assert (row.value, row.row_version) == (Decimal("17.5"), 3)


def test_value_of_a_wrong_period_is_taken_away_with_a_reason(client, stream, late, facilitator):
    row = at(late, month(11))
    take_away = reverse("measurement_remove", args=[row.pk])
    assert "Say why" in client.post(take_away, {"seen": "1"}).content.decode()
    client.post(take_away, {"seen": "1", "reason": "It is of another metric"})
    assert not Measurement.objects.filter(pk=row.pk).exists()


def test_nhs_number_is_refused(client, stream, late, facilitator):
    answer = client.post(address(stream), {f"{box(late, JANUARY)}-value": "943 476 5919"})
    assert "looks like an NHS number" in answer.content.decode()
