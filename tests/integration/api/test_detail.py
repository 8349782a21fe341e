"""What a trust's own system reads and writes."""

import csv
import io
import json

import pytest
from django.utils import timezone

from api.models import AcceptedWrite
from rpiws.models import Checkpoint, MetricServed, Reading
from snapshots.models import Snapshot
from tests.factories.metrics import MetricFactory
from tests.factories.rpiws import MeasureFactory, ReadingFactory
from tests.factories.trusts import ValueStreamFactory

pytestmark = pytest.mark.django_db


def sent(rpiw, *readings, **more):
    return {
        "rpiw": rpiw.pk,
        "checkpoint": "day_60",
        "measured_on": str(timezone.localdate()),
        "readings": list(readings),
    } | more


def test_pages_follow_each_other_to_the_end(system, trust, rpiw):
    ids = [rpiw.value_stream_id] + [ValueStreamFactory(trust=trust).pk for _ in range(4)]
    found, path = [], "value-streams?page_size=2"
    while path:
        page = system.get(path).json()
        found += [row["id"] for row in page["results"]]
        path = page["next"] and page["next"].split("/api/v1/")[1]
    assert found == ids


@pytest.mark.parametrize("cursor", ["cD1h", "cD0lMDA=", "cD05OTk5OTk5OTk5OTk5OTk5OTk5OTk5"])
def test_a_made_up_cursor_is_not_found(system, rpiw, cursor):
    assert system.get(f"value-streams?cursor={cursor}").status_code == 404


def test_filters_choose(system, rpiw, measure):
    other = MeasureFactory(rpiw=rpiw, defects=True)
    assert [row["id"] for row in system.get("measures?kind=defects").json()["results"]] == [other.pk]
    assert system.get("rpiws?state=closed").json()["results"] == []
    assert len(system.get(f"readings?rpiw={rpiw.pk}&checkpoint=baseline").json()["results"]) == 1
    assert system.get("readings?recorded_since=2100-01-01T00:00:00Z").json()["results"] == []


def test_measure_lists_the_metrics_that_it_serves(system, rpiw, measure):
    metrics = [MetricFactory(value_stream=rpiw.value_stream) for _ in range(2)]
    for metric in reversed(metrics):
        MetricServed.objects.create(measure=measure, metric=metric)
    MeasureFactory(rpiw=rpiw)
    ids = [metric.pk for metric in metrics]
    assert [row["metrics"] for row in system.get("measures").json()["results"]] == [ids, []]
    lines = list(csv.DictReader(io.StringIO(system.get("measures?format=csv").content.decode())))
    assert [line["metrics"] for line in lines] == [f"{ids[0]} {ids[1]}", ""]


@pytest.mark.parametrize("query", ["ordering=name", "kind=fast", "rpiw=0", "rpiw=x", "rpiw=99999999999999999999"])
def test_what_is_not_offered_is_refused_by_name(system, query):
    answer = system.get(f"measures?{query}")
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["pointer"] == f"/{query.split('=')[0]}"


def test_csv_has_the_same_rows_and_names_and_is_disarmed(system, rpiw, measure):
    rpiw.process = "=1+1"
    rpiw.save()
    for path in ("trusts", "value-streams", "rpiws", "measures", "readings"):
        answer = system.get(f"{path}?format=csv")
        assert answer["Content-Type"] == "text/csv; charset=utf-8"
        lines = list(csv.DictReader(io.StringIO(answer.content.decode())))
        rows = system.get(path).json()["results"]
        assert [list(line) for line in lines] == [list(row) for row in rows]
        assert [int(line["id"]) for line in lines] == [row["id"] for row in rows]
    assert "'=1+1" in system.get("rpiws?format=csv").content.decode()


def test_queries_do_not_grow_with_rows(system, rpiw, measure, django_assert_max_num_queries):
    for _ in range(5):
        ReadingFactory(measure=MeasureFactory(rpiw=rpiw))
    system.get("trusts")
    for path in ("value-streams", "rpiws", "measures", "readings"):
        with django_assert_max_num_queries(2):
            system.get(path)


def test_dashboard_is_the_stored_text_and_its_version_the_etag(system, rpiw):
    body = '{"periods":  [], "synthetic": false}'
    Snapshot.objects.create(
        kind="value_stream", scope_id=rpiw.value_stream_id, version=7, computed_at=timezone.now(), rules="r", body=body
    )
    path = f"value-streams/{rpiw.value_stream_id}/dashboard"
    answer = system.get(path)
    assert body in answer.content.decode()
    assert answer.json()["version"] == 7
    again = system.get(path, **{"If-None-Match": answer["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    Snapshot.objects.update(version=8)
    assert system.get(path, **{"If-None-Match": answer["ETag"]}).status_code == 200


def test_dashboard_that_is_not_computed_yet_says_so(system, rpiw):
    answer = system.get(f"value-streams/{rpiw.value_stream_id}/dashboard")
    assert (answer.status_code, "not computed yet" in answer.json()["detail"]) == (404, True)


def test_reading_is_logged_as_the_clients(system, made, rpiw, measure):
    answer = system.post("readings", sent(rpiw, {"measure": measure.pk, "value": "1 h 30 min"}))
    assert answer.status_code == 201
    assert answer.json()["saved"] == "1 reading"
    reading = Reading.objects.get(checkpoint=Checkpoint.DAY_60)
    assert reading.value == 90
    assert reading.recorded_by == made.client.acts_as
    event = reading.events.get()
    assert event.pgh_context.metadata["api_client"] == made.client.pk
    assert event.pgh_context.metadata["action"] == "save_readings"


def test_same_key_twice_writes_once_and_answers_the_same(system, rpiw, measure):
    body = sent(rpiw, {"measure": measure.pk, "value": "9 min"})
    first, second = (system.post("readings", body, key="k-1") for _ in range(2))
    assert (first.status_code, first.content) == (second.status_code, second.content)
    assert Reading.objects.get(checkpoint=Checkpoint.DAY_60).version == 1
    assert AcceptedWrite.objects.count() == 1


def test_another_body_under_the_same_key_is_refused(system, rpiw, measure):
    system.post("readings", sent(rpiw, {"measure": measure.pk, "value": "9 min"}), key="k-1")
    answer = system.post("readings", sent(rpiw, {"measure": measure.pk, "value": "8 min"}), key="k-1")
    assert answer.status_code == 422
    assert Reading.objects.get(checkpoint=Checkpoint.DAY_60).value == 9


def test_refused_write_does_not_use_up_its_key(system, rpiw, measure):
    assert system.post("readings", sent(rpiw, {"measure": measure.pk, "value": "soon"}), key="k").status_code == 422
    assert system.post("readings", sent(rpiw, {"measure": measure.pk, "value": "9 min"}), key="k").status_code == 201


@pytest.mark.parametrize(
    ("reading", "more", "pointer"),
    [
        ({"value": "soon"}, {}, "/readings/0/value"),
        ({"value": "9 min", "not_measured": "staffing"}, {}, "/readings/0/value"),
        ({"not_measured": "other"}, {}, "/readings/0/because"),
        ({}, {}, "/readings/0"),
        ({"value": "9 min"}, {"measured_on": "2100-01-01"}, "/measured_on"),
        ({"value": "9 min"}, {"note": "seen: 943 476 5919"}, "/note"),
    ],
)
def test_readings_pass_the_grids_own_checks(system, rpiw, measure, reading, more, pointer):
    answer = system.post("readings", sent(rpiw, {"measure": measure.pk} | reading, **more))
    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]
    assert not Reading.objects.filter(checkpoint=Checkpoint.DAY_60).exists()


def test_measure_of_another_rpiw_is_refused(system, rpiw):
    answer = system.post("readings", sent(rpiw, {"measure": MeasureFactory().pk, "value": "9 min"}))
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/readings/0/measure")


def test_standing_reading_is_corrected_only_by_its_version(system, rpiw, measure):
    ReadingFactory(measure=measure, checkpoint=Checkpoint.DAY_60)
    answer = system.post("readings", sent(rpiw, {"measure": measure.pk, "value": "9 min"}))
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (409, "/readings/0")
    correction = {"measure": measure.pk, "value": "9 min", "corrects_version": 1, "why": "A slip of the unit."}
    assert system.post("readings", sent(rpiw, correction)).json()["readings"][0]["version"] == 2


def test_checkpoint_that_is_not_open_is_refused(system, rpiw, measure):
    answer = system.post("readings", sent(rpiw, {"measure": measure.pk, "value": "9 min"}, checkpoint="day_365"))
    assert answer.status_code == 409


def test_post_without_a_key_or_with_broken_json_is_refused(client, system, rpiw, measure):
    body = json.dumps(sent(rpiw, {"measure": measure.pk, "value": "9 min"}))
    json_type = {"content_type": "application/json"}
    assert client.post("/api/v1/readings", body, headers=system.headers, **json_type).status_code == 422
    headers = system.headers | {"Idempotency-Key": "k"}
    assert client.post("/api/v1/readings", "{", headers=headers, **json_type).status_code == 400
    assert client.post("/api/v1/readings", "[1]", headers=headers, **json_type).status_code == 400
    assert client.post("/api/v1/readings", {"rpiw": 1}, headers=headers).status_code == 415
