"""A metric's page, the table of a value stream's metrics, and the downloads: all from the snapshot."""

import csv
import io
import json
import re
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.permissions import Role
from tests.factories.metrics import (
    AnnotationFactory,
    MetricFactory,
    MetricVersionFactory,
    RecalculationFactory,
    TargetFactory,
    series,
)
from tests.factories.rpiws import IdeaFactory, MeasureFactory, MetricServedFactory, RpiwFactory
from tests.factories.trusts import ObjectiveFactory, StandDownFactory, ValueStreamFactory, member

pytestmark = pytest.mark.django_db

STEADY = [20, 22, 19, 21, 20, 23, 18, 21, 20, 22, 19, 21, 20]


@pytest.fixture
def stream():
    return ValueStreamFactory(name="Theatres")


@pytest.fixture
def facilitator(stream, signed_in):
    return signed_in(member(Role.FACILITATOR, stream.trust))


def improving(stream, **facts):
    version = MetricVersionFactory(metric=MetricFactory(value_stream=stream, **facts))
    series(version, [*STEADY, *[16] * 8])
    TargetFactory(version=version, value=15)
    return version


def page(client, address):
    response = client.get(address)
    assert response.status_code == 200, address
    return response.content.decode()


def figure_in(said, name="metric"):
    found = re.search(rf'id="{name}-figure">(.*?)</div>', said, re.DOTALL)[1]
    return json.loads(found.replace("&#34;", '"').replace("&#39;", "'").replace("&lt;", "<").replace("&gt;", ">"))


def test_page_answers_with_a_sentence_icons_chart_and_table(stream, facilitator, computed):
    objective = ObjectiveFactory(trust=stream.trust, name="More planned operations in the day")
    version = improving(stream, name="Late starts", category="cost", objective=objective)
    AnnotationFactory(metric=version.metric, text="New list order", on=date(2015, 6, 1))
    lead = member(Role.KPO_LEAD, stream.trust)
    withdrawn = {"withdrawn_because": "It closed", "withdrawn_by": lead, "withdrawn_at": timezone.now()}
    RecalculationFactory(version=version, on=date(2015, 3, 1), cause="Second theatre", **withdrawn)
    computed("value_stream", stream.pk)
    said = page(facilitator, f"/metrics/{version.metric_id}/")
    assert "<b>Improving:</b> the last 8 months are below the earlier average." in said
    assert "Cost: waste removed. Lower is better." in said
    assert "Improving, lower" in said
    assert "Hit or miss" in said
    assert "NHS England, Single Chart Tool v5.0, runs of 6" in said
    assert "More planned operations in the day" in said
    assert said.count('<th scope="row" class="nowrap">') == 21 + 20
    assert "It closed." in said
    names = [trace["name"] for trace in figure_in(said)["data"]]
    lines = ["Mean", "Upper limit", "Lower limit", "Target", "Value"]
    assert names == [*lines, "Common cause", "Improvement", "Concern"]
    improvement = figure_in(said)["data"][-2]
    assert (improvement["marker"]["symbol"], len(improvement["x"])) == ("diamond", 8)
    assert [flag["text"] for flag in figure_in(said)["phone_layout"]["annotations"]] == ["1"]
    assert figure_in(said, "moving-range")["data"]


def test_limits_break_where_they_were_recalculated(stream, facilitator, computed):
    version = improving(stream)
    RecalculationFactory(version=version, on=date(2016, 2, 1), reason="The process is another one.")
    computed("value_stream", stream.pk)
    said = page(facilitator, f"/metrics/{version.metric_id}/")
    mean = next(trace for trace in figure_in(said)["data"] if trace["name"] == "Mean")
    assert mean["y"].count(None) == 2
    assert mean["y"].index(None) == 13
    assert len(set(mean["y"])) == 3
    assert "Limits recalculated from February 2016" in said
    assert "The process is another one.</p>" in said
    assert "few points" in said


def test_twelve_points_have_a_run_chart_and_a_sentence_instead_of_limits(stream, facilitator, computed):
    version = MetricVersionFactory(metric=MetricFactory(value_stream=stream))
    series(version, STEADY[:12])
    computed("value_stream", stream.pk)
    said = page(facilitator, f"/metrics/{version.metric_id}/")
    assert "It has 12 of the 13 values that limits need." in said
    assert [trace["name"] for trace in figure_in(said)["data"]] == ["Median", "Value", "Common cause"]
    assert "Too few points" in said


def test_earlier_definition_stays_with_its_last_icon_dated(stream, facilitator, computed):
    first = MetricVersionFactory(metric=MetricFactory(value_stream=stream))
    series(first, [*STEADY, 40])
    second = MetricVersionFactory(
        metric=first.metric, number=2, reason="Thirty theatres hid three.", applies_from=date(2016, 3, 1)
    )
    series(second, [None, None, 5, 6])
    computed("value_stream", stream.pk)
    said = page(facilitator, f"/metrics/{first.metric_id}/")
    assert "Thirty theatres hid three." in said
    assert "Last judged February 2016" in said
    assert "Earlier definition" in [trace["name"] for trace in figure_in(said)["data"]]
    assert [shape["line"]["dash"] for shape in figure_in(said)["layout"]["shapes"]] == ["dash"]


def test_subgroups_can_be_chosen(stream, facilitator, computed):
    version = improving(stream)
    series(version, [*STEADY, 60], subgroup="Theatre 9")
    computed("value_stream", stream.pk)
    address = f"/metrics/{version.metric_id}/"
    assert "Improving" in page(facilitator, address)
    said = page(facilitator, f"{address}?subgroup=Theatre+9")
    assert "<b>Concern:</b> February 2016 is above the upper limit." in said
    assert "fresh/?subgroup=Theatre+9" in said
    assert page(facilitator, f"{address}?subgroup=Nowhere") is not None


def test_metric_without_measurements_says_so(stream, facilitator, computed):
    version = MetricVersionFactory(metric=MetricFactory(value_stream=stream))
    address = f"/metrics/{version.metric_id}/"
    assert "computed for the first time" in page(facilitator, address)
    computed("value_stream", stream.pk)
    said = page(facilitator, address)
    assert "No measurement yet" in said
    assert "Not known yet" in said


def test_open_page_gets_panels_only_when_something_changed(stream, facilitator, computed):
    version = improving(stream)
    computed("value_stream", stream.pk)
    for address in (f"/metrics/{version.metric_id}/", f"/value-streams/{stream.pk}/metrics/"):
        etag = re.search(r'data-etag="([^"]+)"', page(facilitator, address))[1].replace("&#34;", '"')
        assert facilitator.get(f"{address}fresh/", headers={"If-None-Match": etag}).status_code == 304
        computed("value_stream", stream.pk)
        fresh = facilitator.get(f"{address}fresh/", headers={"If-None-Match": etag})
        assert fresh.status_code == 200
        assert fresh["ETag"] != etag
        assert 'hx-swap-oob="true"' in fresh.content.decode()
        assert "<html" not in fresh.content.decode()


def test_table_groups_by_category_and_dashboard_shows_it(stream, facilitator, computed):
    version = improving(stream, name="Late starts", category="delivery")
    MetricVersionFactory(metric=MetricFactory(value_stream=stream, name="Agency shifts", category="cost"))
    MetricFactory(value_stream=stream, name="Watched no longer", retired_on=date(2019, 3, 31))
    computed("value_stream", stream.pk)
    for address in (f"/value-streams/{stream.pk}/metrics/", f"/value-streams/{stream.pk}/"):
        said = page(facilitator, address)
        assert "One of two metrics is improving." in said
        groups = re.findall(r'scope="rowgroup">([^<]+)<', said)
        assert groups[-3:] == ["Delivery", "Cost: waste removed", "No longer watched"]
        row = said[said.index(f"/metrics/{version.metric_id}/") :]
        row = row[: row.index("</tr>")]
        for words in ("16.0%", "Sep 2016", "≤ 15.0%", "Improving, lower", "Hit or miss"):
            assert words in row, words


def test_icons_of_a_metric_that_is_no_longer_watched_are_dated(stream, facilitator, computed):
    metric = improving(stream, retired_on=date(2016, 9, 30)).metric
    computed("value_stream", stream.pk)
    for address in (f"/value-streams/{stream.pk}/metrics/", f"/metrics/{metric.pk}/"):
        assert re.search(r"last judged Sep(tember)? 2016", page(facilitator, address)), address


def test_pages_ask_as_many_queries_for_many_metrics_as_for_one(stream, facilitator, computed):
    version = improving(stream)
    computed("value_stream", stream.pk)
    addresses = ["/metrics/", f"/value-streams/{stream.pk}/metrics/", f"/metrics/{version.metric_id}/"]
    page(facilitator, "/metrics/")
    few = [asked(facilitator, address) for address in addresses]
    for _ in range(5):
        improving(stream)
        ValueStreamFactory(trust=stream.trust)
    computed("value_stream", stream.pk)
    assert [asked(facilitator, address) for address in addresses] == few


def asked(client, address):
    with CaptureQueriesContext(connection) as queries:
        page(client, address)
    return len(queries)


def test_downloads_hold_every_measurement_with_its_judgement(stream, facilitator, computed):
    version = improving(stream, name="Late starts", synthetic=True)
    address = f"/metrics/{version.metric_id}/measurements"
    assert "-late-starts.csv" in facilitator.get(f"{address}.csv")["Content-Disposition"]
    computed("value_stream", stream.pk)
    body = b"".join(facilitator.get(f"{address}.csv").streaming_content).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(body)))
    assert len(rows) == 21
    assert rows[-1]["Judgement"] == "Improving, lower"
    assert rows[-1]["Signals"] == "shift low"
    assert (rows[-1]["Period"], rows[-1]["Value"], rows[-1]["Unit"]) == ("2016-09-01", "16.0", "%")
    told = ("Definition", "Target", "Rules")
    assert [rows[-1][name] for name in told] == ["1", "15.0", "NHS England, Single Chart Tool v5.0, runs of 6"]
    assert b"".join(facilitator.get(f"{address}.xlsx").streaming_content)[:2] == b"PK"
    assert facilitator.get(f"{address}.pdf").status_code == 404


def test_what_happened_is_drawn_told_and_in_the_table(stream, facilitator, computed):
    """By letters, so that nobody takes it for what somebody wrote; a note has a number."""
    metric = improving(stream, name="Late starts").metric
    AnnotationFactory(metric=metric, text="New list order", on=date(2015, 6, 1))
    rpiw = RpiwFactory(value_stream=stream, following_up=True, week_starts=date(2015, 6, 8), process="Turnaround")
    MetricServedFactory(measure=MeasureFactory(rpiw=rpiw, name="Minutes between cases"), metric=metric)
    IdeaFactory(rpiw=rpiw, name="Trolleys ready", tested_on=date(2015, 6, 10))
    StandDownFactory(value_stream=stream, started=date(2015, 11, 1), ended=date(2015, 12, 31))
    StandDownFactory(trust=stream.trust, started=date(2011, 1, 1), ended=date(2011, 2, 1))
    computed("value_stream", stream.pk)
    said = page(facilitator, f"/metrics/{metric.pk}/")
    shapes = figure_in(said)["layout"]["shapes"]
    assert [shape["type"] for shape in shapes] == ["line", "rect", "line", "rect"]
    assert (shapes[1]["x0"], shapes[1]["x1"]) == ("2015-06-08", "2015-06-13")
    flags = figure_in(said)["phone_layout"]["annotations"]
    assert [flag["text"] for flag in flags] == ["1, A, B", "C"]
    assert flags[0]["bordercolor"] != flags[1]["bordercolor"]
    assert "RPIW week, 8 to 12 June 2015" in said
    assert "Turnaround. Serving this metric: Minutes between cases." in said
    assert "Idea tested, Wed 10 June 2015" in said
    assert "1 other happened when this chart has no values." in said
    june, _ = re.findall(r'<tr><th scope="row" class="nowrap">Jun 2015</th>.*?</tr>', said)
    assert "1. June 2015: New list order" in june
    assert "A. RPIW week, 8 to 12 June 2015: Turnaround." in june
    december, _ = re.findall(r'<tr><th scope="row" class="nowrap">Dec 2015</th>.*?</tr>', said)
    assert "C. Stand-down, 1 November to 31 December 2015" in december
    thread = said.split('id="metric-thread"')[1].split("</section>")[0]
    assert f'href="/rpiws/{rpiw.pk}/"' in thread
    assert "Measure: Minutes between cases" in thread


def test_metric_that_no_measure_serves_says_so(stream, facilitator, computed):
    metric = improving(stream).metric
    computed("value_stream", stream.pk)
    assert "No measure of an RPIW serves this metric yet." in page(facilitator, f"/metrics/{metric.pk}/")


def test_what_a_snapshot_has_no_room_for_is_said_and_downloaded(stream, facilitator, computed, monkeypatch):
    monkeypatch.setattr("metrics.series.SUBGROUP_POINTS", 30)
    version = improving(stream)
    for ward in ("Ward 1", "Ward 2"):
        series(version, [20 + n % 3 for n in range(30)], subgroup=ward)
    computed("value_stream", stream.pk)
    address = f"/metrics/{version.metric_id}/"
    assert "Limits and icons come from all 30" in page(facilitator, f"{address}?subgroup=Ward+2")
    body = b"".join(facilitator.get(f"{address}measurements.csv").streaming_content).decode("utf-8-sig")
    rows = [row for row in csv.DictReader(io.StringIO(body)) if row["Subgroup"] == "Ward 2"]
    assert len(rows) == 30
    assert (rows[0]["Period"], rows[0]["Value"], rows[0]["Mean"]) == ("2015-01-01", "20.0", "")
    assert rows[-1]["Mean"]
