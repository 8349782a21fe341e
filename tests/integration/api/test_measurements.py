"""What a trust's own system logs of its metrics."""

from datetime import date

import pytest

from api.models import AcceptedWrite
from metrics.models import Measurement
from snapshots.models import ChangeMark
from tests.factories.api import client_of
from tests.factories.metrics import MeasurementFactory, MetricFactory, MetricVersionFactory, month, series
from tests.factories.trusts import TrustFactory

pytestmark = pytest.mark.django_db

MAY = date(2016, 5, 1)


@pytest.fixture
def version(rpiw):
    version = MetricVersionFactory(metric=MetricFactory(value_stream=rpiw.value_stream))
    series(version, [20, 22, 19])
    return version


def sent(version, *rows):
    return {"metric": version.metric_id, "measurements": [{"on": str(MAY)} | row for row in rows]}


def stored(version, on=MAY) -> Measurement:
    return Measurement.objects.get(version=version, on=on)


def pointers(answer):
    return [error["pointer"] for error in answer.json()["errors"]]


def test_measurements_are_logged_as_the_clients_and_the_dashboard_is_marked(system, made, version):
    ChangeMark.objects.all().delete()
    rows = [{"value": "421/500"}, {"on": "2016-06-01", "missing": "not_collected"}]
    answer = system.post("measurements", sent(version, *rows))
    assert (answer.status_code, answer.json()["saved"]) == (201, "2 values")
    assert [(row["on"], row["value"], row["missing"]) for row in answer.json()["measurements"]] == [
        ("2016-05-01", "84.200000", ""),
        ("2016-06-01", None, "not_collected"),
    ]
    row = stored(version)
    assert (row.numerator, row.recorded_by, row.synthetic) == (421, made.client.acts_as, False)
    assert ChangeMark.objects.filter(kind="value_stream", scope_id=version.metric.value_stream_id).exists()


def test_same_key_twice_writes_once_and_another_body_under_it_is_refused(system, version):
    first, second = (system.post("measurements", sent(version, {"value": "9"}), key="k-1") for _ in range(2))
    assert (first.status_code, first.content) == (second.status_code, second.content)
    other = system.post("measurements", sent(version, {"value": "8"}), key="k-1")
    assert (other.status_code, "other content" in other.json()["detail"]) == (422, True)
    assert (stored(version).value, stored(version).row_version) == (9, 1)
    assert AcceptedWrite.objects.count() == 1


def test_refused_write_saves_nothing_and_does_not_use_up_its_key(system, version):
    wrong = sent(version, {"on": "2016-06-01", "value": "9"}, {"value": "soon"})
    assert pointers(system.post("measurements", wrong, key="k")) == ["/measurements/1/value"]
    assert Measurement.objects.count() == 3
    assert system.post("measurements", sent(version, {"value": "9"}), key="k").status_code == 201


@pytest.mark.parametrize(
    ("row", "field", "said"),
    [
        ({"value": "soon"}, "value", "soon"),
        ({}, "value", "Send a value, or say in missing why there is none"),
        ({"value": "9", "missing": "suppressed"}, "value", "not both"),
        ({"value": "9", "on": "2016-05-02"}, "on", "is a month, dated by its first day: 2016-05-01."),
        ({"value": "9", "on": "2100-01-01"}, "on", "still to come"),
        ({"value": "9", "definition": 7}, "definition", "no such definition in force"),
        ({"value": "9", "note": "seen: 943 476 5919"}, "note", "NHS number"),
        ({"value": "9", "corrects_version": 1, "why": "A slip."}, "corrects_version", "no measurement here to correct"),
    ],
)
def test_what_cannot_be_saved_is_refused_at_its_field(system, version, row, field, said):
    answer = system.post("measurements", sent(version, row))
    assert (answer.status_code, answer["Content-Type"]) == (422, "application/problem+json")
    [error] = answer.json()["errors"]
    assert error["pointer"] == f"/measurements/0/{field}"
    assert said in error["detail"]
    assert Measurement.objects.count() == 3


@pytest.mark.parametrize(
    ("row", "pointer"),
    [
        ({"on": "May"}, "/measurements/0/on"),
        ({"missing": "nothing"}, "/measurements/0/missing"),
        ({"definition": "first"}, "/measurements/0/definition"),
    ],
)
def test_what_is_no_measurement_cannot_be_read(system, version, row, pointer):
    answer = system.post("measurements", sent(version, row))
    assert (answer.status_code, pointers(answer)) == (400, [pointer])


def test_brackets_without_end_cannot_be_read(client, system, version):
    deep = '{"metric":' + "[" * 100_000 + "]" * 100_000 + "}"
    headers = system.headers | {"Idempotency-Key": "deep"}
    answer = client.post("/api/v1/measurements", deep, content_type="application/json", headers=headers)
    assert answer.status_code == 400
    assert "nested too deeply" in answer.json()["detail"]


def test_one_period_twice_is_refused(system, version):
    answer = system.post("measurements", sent(version, {"value": "9"}, {"value": "8"}))
    assert (answer.status_code, pointers(answer)) == (422, ["/measurements/1/on"])
    both = sent(version, {"value": "9"}, {"value": "8", "subgroup": "Ward 7"})
    assert system.post("measurements", both).json()["saved"] == "2 values"


def test_standing_value_is_corrected_only_by_its_version_with_a_reason(system, version):
    MeasurementFactory(version=version, on=MAY, value=12, note="Half the ward")
    again = system.post("measurements", sent(version, {"value": "12"}))
    assert (again.status_code, again.json()["saved"]) == (201, "")
    answer = system.post("measurements", sent(version, {"value": "9"}))
    assert (answer.status_code, pointers(answer)) == (409, ["/measurements/0"])
    assert "version 1. To correct it, name that version and why" in answer.json()["errors"][0]["detail"]
    silent = system.post("measurements", sent(version, {"value": "9", "corrects_version": 1}))
    assert pointers(silent) == ["/measurements/0/why"]
    correction = {"value": "9", "corrects_version": 1, "why": "A slip of the unit."}
    assert system.post("measurements", sent(version, correction)).json()["measurements"][0]["version"] == 2
    row = stored(version)
    assert (row.value, row.correction_reason, row.note) == (9, "A slip of the unit.", "Half the ward")
    late = system.post("measurements", sent(version, correction | {"value": "7"}))
    assert (late.status_code, pointers(late)) == (409, ["/measurements/0"])


def test_period_decides_under_which_definition_a_value_stands(system, version):
    amended = MetricVersionFactory(
        metric=version.metric, number=2, reason="Too broad", applies_from=month(17), unit="count", back_cast=True
    )
    system.post("measurements", sent(version, {"value": "9", "on": "2016-05-01"}, {"value": "8", "on": "2016-06-01"}))
    assert [stored(version).value, stored(amended, month(17)).value] == [9, 8]
    early = {"value": "7", "definition": 2}
    assert system.post("measurements", sent(version, early)).json()["measurements"][0]["definition"] == 2
    late = system.post("measurements", sent(version, {"value": "7", "on": "2016-07-01", "definition": 1}))
    assert pointers(late) == ["/measurements/0/definition"]


def test_retired_metric_takes_no_later_value(system, version):
    version.metric.retired_on = date(2016, 4, 30)
    version.metric.save()
    answer = system.post("measurements", sent(version, {"value": "9"}))
    assert (answer.status_code, pointers(answer)) == (422, ["/measurements/0/on"])
    assert "was retired" in answer.json()["errors"][0]["detail"]
    assert system.post("measurements", sent(version, {"value": "9", "on": "2016-04-01"})).status_code == 201


def test_metric_without_an_agreed_definition_takes_nothing(system, rpiw):
    metric = MetricFactory(value_stream=rpiw.value_stream)
    body = {"metric": metric.pk, "measurements": [{"on": "2016-05-01", "value": "9"}]}
    assert system.post("measurements", body).status_code == 409


def test_another_trusts_metric_is_not_there_and_scope_and_key_are_asked_for(client, asker, system, trust, version):
    body = sent(version, {"value": "9"})
    assert asker(client_of(TrustFactory()).token).post("measurements", body).status_code == 404
    assert system.post("measurements", body | {"metric": version.metric_id + 999}).status_code == 404
    assert asker(client_of(trust, writes=False).token).post("measurements", body).status_code == 403
    without = client.post("/api/v1/measurements", body, content_type="application/json", headers=system.headers)
    assert (without.status_code, "Idempotency-Key" in without.json()["detail"]) == (422, True)
    assert Measurement.objects.count() == 3


def test_client_that_logs_readings_alone_logs_no_measurements(asker, trust, made, version):
    made.client.writes_measurements = False
    made.client.save()
    assert asker(made.token).post("measurements", sent(version, {"value": "9"})).status_code == 403


def test_queries_do_not_grow_with_measurements(system, version, django_assert_max_num_queries):
    rows = [{"on": str(month(20 + n)), "value": str(n + 1)} for n in range(40)]
    system.get("trusts")
    with django_assert_max_num_queries(18):
        assert system.post("measurements", sent(version, *rows)).status_code == 201
