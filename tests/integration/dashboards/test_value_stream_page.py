"""The value stream's page: its figures are the body's, it refreshes itself, and its rows download."""

import csv
import io
import json
import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.permissions import Role
from dashboards.trust import period_of
from rpiws.models import Checkpoint, Reading
from snapshots.models import ChangeMark, Snapshot, Trouble
from tests.factories.rpiws import MeasureFactory, ReadingFactory, RpiwFactory
from tests.factories.trusts import NamedPeriodFactory, TrustFactory, ValueStreamFactory, member

pytestmark = pytest.mark.django_db


def measured(rpiw, baseline, post, checkpoint=Checkpoint.DAY_60, **facts):
    measure = MeasureFactory(rpiw=rpiw, **facts)
    ReadingFactory(measure=measure, checkpoint=Checkpoint.BASELINE, value=baseline)
    ReadingFactory(measure=measure, checkpoint=checkpoint, value=post)
    return measure


@pytest.fixture
def stream():
    stream = ValueStreamFactory(name="Critical care flow")
    rpiw = RpiwFactory(value_stream=stream, following_up=True, process="Bed-state huddle")
    measured(rpiw, 6000, 2700, name="Time to a bed")
    measured(rpiw, 182, 66, defects=True, name="Missing details")
    MeasureFactory(rpiw=rpiw, defect_ratio=True, name="Letters with a defect")
    return stream


@pytest.fixture
def facilitator(stream, signed_in):
    return signed_in(member(Role.FACILITATOR, stream.trust))


def fresh(client, stream, etag="", **query):
    return client.get(
        f"/value-streams/{stream.pk}/fresh/", query, headers={"If-None-Match": etag, "HX-Request": "true"}
    )


def etag_of(page: str) -> str:
    return re.search(r'data-etag="([^"]+)"', page)[1].replace("&#34;", '"')


def test_page_says_the_figures_of_the_body(stream, facilitator, computed):
    body = computed("value_stream", stream.pk)
    page = facilitator.get(f"/value-streams/{stream.pk}/").content.decode()
    summary = period_of(body, "all")["before_after"]["lead_time"]["summary"]
    assert f"–{summary['percentage_reduction']:.0f}%" in page
    assert "100 h to 45 h, 1 measure of 1 RPIW" in page
    assert "182 to 66" in page
    assert "0 of 1" in page
    assert "No baseline" in page
    assert "two measurements cannot tell chance from cause" in page.lower()
    assert "version <b>1</b>" in page or "version 1" in page
    figure = json.loads(
        re.search(r'id="lead_time-figure">(.*?)</div>', page, re.DOTALL)[1].replace("&#34;", '"').replace("&#39;", "'")
    )
    ends = [trace["x"][0] for trace in figure["data"] if trace["mode"] == "markers"]
    assert ends == [2700.0, 6000.0]


def test_page_reads_exactly_one_snapshot(stream, facilitator, computed):
    computed("value_stream", stream.pk)
    with CaptureQueriesContext(connection) as asked:
        facilitator.get(f"/value-streams/{stream.pk}/")
    bodies = [query["sql"] for query in asked if '"snapshots_snapshot"."body"' in query["sql"].split("FROM")[0]]
    assert len(bodies) == 1
    assert not any("JOIN" in sql for sql in bodies)


def test_queries_do_not_grow_with_rpiws(stream, facilitator, computed):
    def count():
        computed("value_stream", stream.pk)
        with CaptureQueriesContext(connection) as asked:
            assert facilitator.get(f"/value-streams/{stream.pk}/").status_code == 200
        return len(asked)

    facilitator.get(f"/value-streams/{stream.pk}/")
    before = count()
    for _ in range(4):
        measured(RpiwFactory(value_stream=stream, following_up=True), 600, 300)
    assert count() == before


def test_fresh_answers_304_while_nothing_is_new(stream, facilitator, computed):
    computed("value_stream", stream.pk)
    etag = etag_of(facilitator.get(f"/value-streams/{stream.pk}/").content.decode())
    answer = fresh(facilitator, stream, etag, period="all")
    assert (answer.status_code, answer.content) == (304, b"")


def test_fresh_brings_the_panels_and_says_the_new_version(stream, facilitator, computed):
    computed("value_stream", stream.pk)
    etag = etag_of(facilitator.get(f"/value-streams/{stream.pk}/").content.decode())
    Reading.objects.filter(measure__name="Time to a bed", checkpoint=Checkpoint.DAY_60).update(value=600)
    computed("value_stream", stream.pk)
    answer = fresh(facilitator, stream, etag, period="all")
    words = answer.content.decode()
    assert answer.status_code == 200
    assert answer["ETag"] != etag
    assert "Updated to version 2" in words
    assert "100 h to 10 h" in words
    for panel in ("rpiws", "before-after", "due", "completeness", "apart", "notices", "newer"):
        assert re.search(rf'id="{panel}"[^>]*hx-swap-oob="true"', words), panel
    assert 'id="answer" hx-swap-oob="true"' in words
    assert re.search(r'id="made" hx-swap-oob="true"[^<]*Snapshot version 2, computed', words)
    assert "<script" not in words


def test_mark_that_waits_is_said_and_changes_the_etag(stream, facilitator, computed):
    computed("value_stream", stream.pk)
    etag = etag_of(facilitator.get(f"/value-streams/{stream.pk}/").content.decode())
    ChangeMark.objects.create(kind="value_stream", scope_id=stream.pk, at=timezone.now())
    answer = fresh(facilitator, stream, etag, period="all")
    words = answer.content.decode()
    assert answer.status_code == 200
    assert "updating…" in words
    assert "Being brought up to date" in words
    assert "Updated to version" not in words


def test_set_aside_computation_is_said(stream, facilitator, computed):
    computed("value_stream", stream.pk)
    Trouble.objects.create(
        kind="value_stream", scope_id=stream.pk, attempts=5, next_attempt_at=timezone.now(), set_aside_at=timezone.now()
    )
    page = facilitator.get(f"/value-streams/{stream.pk}/").content.decode()
    assert "was set aside" in page
    assert "100 h to 45 h" in page


def test_page_before_the_first_computation_says_so(stream, facilitator):
    page = facilitator.get(f"/value-streams/{stream.pk}/").content.decode()
    assert "being computed for the first time" in page
    assert 'id="before-after"' in page


def test_period_chooses_the_figures_and_a_wrong_one_shows_all_time(stream, facilitator, computed):
    computed("value_stream", stream.pk)
    for period in ("999", "x' OR 1=1", ""):
        page = facilitator.get(f"/value-streams/{stream.pk}/", {"period": period})
        assert page.status_code == 200
        assert "100 h to 45 h" in page.content.decode()


@pytest.mark.parametrize("page", ["", "fresh/", "rows.csv", "rows.xlsx"])
def test_value_stream_of_another_trust_is_not_found(page, stream, signed_in, computed):
    computed("value_stream", stream.pk)
    stranger = signed_in(member(Role.KPO_LEAD, TrustFactory(partnership=stream.trust.partnership)))
    assert stranger.get(f"/value-streams/{stream.pk}/{page}").status_code == 404


def test_due_remeasure_leads_straight_to_its_column_of_the_grid(stream, facilitator, computed):
    rpiw = stream.rpiws.get()
    rpiw.week_starts, rpiw.week_ends = (timezone.localdate() - timedelta(days=days) for days in (100, 96))
    rpiw.reported_out = rpiw.week_ends
    rpiw.save()
    computed("value_stream", stream.pk)
    page = facilitator.get(f"/value-streams/{stream.pk}/").content.decode()
    assert f"/rpiws/{rpiw.pk}/readings/?checkpoint=day_" in page
    assert "owes a remeasure" in page


def test_sponsor_who_may_not_log_is_offered_no_grid(stream, signed_in, computed):
    computed("value_stream", stream.pk)
    sponsor = signed_in(member(Role.EXECUTIVE_SPONSOR, stream.trust))
    assert "/readings/?checkpoint=" not in sponsor.get(f"/value-streams/{stream.pk}/").content.decode()


def rows(client, stream, **query):
    answer = client.get(f"/value-streams/{stream.pk}/rows.csv", query)
    return list(csv.DictReader(io.StringIO(answer.getvalue().decode("utf-8-sig"))))


def test_rows_hold_what_is_left_out_and_why(stream, facilitator, computed):
    computed("value_stream", stream.pk)
    found = {row["Measure"]: row for row in rows(facilitator, stream)}
    assert found["Time to a bed"]["Baseline"] == "6000"
    assert found["Time to a bed"]["Post"] == "2700"
    assert found["Time to a bed"]["Reduction, %"] == "55.0"
    assert found["Time to a bed"]["Counted in totals"] == "yes"
    assert found["Letters with a defect"]["Counted in totals"] == "no"
    assert found["Letters with a defect"]["Left out because"] == "no baseline"
    assert found["Letters with a defect"]["Baseline"] == ""


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_downloads_are_named_after_the_value_stream_and_the_period(stream, facilitator, computed, ending):
    stream.name = "Critical care: flow"
    stream.save()
    NamedPeriodFactory(partnership=stream.trust.partnership, name="Published: to July 2019")
    computed("value_stream", stream.pk)
    period = json.loads(Snapshot.objects.get(kind="value_stream").body)["periods"][1]
    name = f"{stream.trust.ods_code.lower()}-critical-care-flow-rpiw-measures"

    def named(**query: str) -> str:
        answer = facilitator.get(f"/value-streams/{stream.pk}/rows.{ending}", query)
        answer.getvalue()
        return answer["Content-Disposition"]

    assert f'filename="{name}.{ending}"' in named()
    assert f'filename="{name}-published-to-july-2019.{ending}"' in named(period=period["key"])


def test_rows_of_synthetic_readings_say_so(stream, facilitator, computed):
    Reading.objects.filter(measure__name="Time to a bed").update(synthetic=True)
    computed("value_stream", stream.pk)
    found = {row["Measure"]: row["Synthetic"] for row in rows(facilitator, stream)}
    assert found == {"Time to a bed": "yes", "Missing details": "no", "Letters with a defect": "no"}
    assert "not as measured" in facilitator.get(f"/value-streams/{stream.pk}/").content.decode()


def test_rows_disarm_a_text_that_a_spreadsheet_would_run(stream, facilitator, computed):
    stream.rpiws.update(process="=1+1")
    computed("value_stream", stream.pk)
    assert {row["Process"] for row in rows(facilitator, stream)} == {"'=1+1"}


def test_rows_as_xlsx_tell_what_they_are(stream, facilitator, computed):
    openpyxl = pytest.importorskip("openpyxl")
    computed("value_stream", stream.pk)
    answer = facilitator.get(f"/value-streams/{stream.pk}/rows.xlsx")
    book = openpyxl.load_workbook(io.BytesIO(answer.getvalue()))
    told = "\n".join(str(cell.value) for row in book["What this is"].iter_rows() for cell in row if cell.value)
    assert "Snapshot version 1" in told
    assert "rules value stream 4" in told
    assert book["Rows"].max_row == 4


def test_page_of_a_body_of_a_later_version_shows_that_version(stream, facilitator, computed):
    computed("value_stream", stream.pk)
    Snapshot.objects.filter(scope_id=stream.pk).update(version=19)
    assert "version 19" in facilitator.get(f"/value-streams/{stream.pk}/").content.decode()
