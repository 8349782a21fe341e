"""The papers of a meeting: a page, slides with charts that can be edited, and a PDF, all from one frozen pack."""

import io
import json
from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone
from pptx import Presentation
from pptx.oxml.ns import _nsmap as nsmap

from accounts.permissions import Role, SeatRole
from dashboards.actions.papers import make_papers
from dashboards.actions.reports import prepare_report, release_report
from dashboards.models import Pack
from dashboards.tgb.papers import papers
from dashboards.tgb.report import Brought
from dashboards.tgb.slides import pptx
from rpiws.models import Checkpoint
from tests.factories.boards import BoardFactory, EntryFactory, MeetingFactory, RegulatorLineFactory, sitting
from tests.factories.dashboards import TrustReportFactory
from tests.factories.metrics import MetricFactory, MetricVersionFactory, series
from tests.factories.rpiws import MeasureFactory, ReadingFactory, RpiwFactory
from tests.factories.trusts import TrustFactory, ValueStreamFactory, member

pytestmark = pytest.mark.django_db

IMPROVED = [20, 22, 19, 21, 20, 23, 18, 21, 20, 22, 19, 21, 20, *[12, 11, 13, 12, 11, 12, 13, 12, 11, 12]]
MARKUP = "Rings <b>at once</b> #panic() $x$ *really* \\ & “early”"


@pytest.fixture
def leeds():
    trust = TrustFactory(short_name="Leeds", name="Leeds Teaching Hospitals")
    stream = ValueStreamFactory(trust=trust, name="Critical care flow")
    series(MetricVersionFactory(metric=MetricFactory(value_stream=stream, name="Discharges at night")), IMPROVED)
    week = timezone.localdate() - timedelta(days=80)
    held = RpiwFactory(value_stream=stream, following_up=True, week_starts=week, process="Turnaround")
    measure = MeasureFactory(rpiw=held, name="Lead time")
    for checkpoint, value in ((Checkpoint.BASELINE, 60), (Checkpoint.DAY_30, 20)):
        ReadingFactory(measure=measure, checkpoint=checkpoint, value=value)
    return trust


@pytest.fixture
def board(leeds):
    return BoardFactory(partnership=leeds.partnership)


@pytest.fixture
def chair(board):
    return sitting(board, SeatRole.CHAIR)


@pytest.fixture
def pack(leeds, board, chair, computed_all):
    """Leeds points at an RPIW's before and after, Surrey at nothing, Shrewsbury released nothing."""
    computed_all()
    meeting = MeetingFactory(board=board)
    measure = leeds.value_streams.get().rpiws.get().measures.get()
    words = Brought(success=MARKUP, challenge="Who hears?", success_chart=f"measure-{measure.pk}")
    report = prepare_report(trust=leeds, meeting=meeting, words=words, seen=0, by=member(Role.KPO_LEAD, leeds))
    chief = member(Role.CHIEF_EXECUTIVE, leeds)
    release_report(report=report, seen=1, role=Role.CHIEF_EXECUTIVE, by=chief)
    surrey = TrustFactory(partnership=board.partnership, short_name="Surrey", name="Surrey and Sussex")
    TrustReportFactory(trust=surrey, meeting=meeting, released=True, success="Letters go out in two days")
    TrustFactory(partnership=board.partnership, short_name="Shrewsbury", name="Shrewsbury and Telford")
    RegulatorLineFactory(board=board, text="Ask us once a month")
    EntryFactory(item__meeting=MeetingFactory(board=board), kind="action", text="Come and see")
    return make_papers(meeting=meeting, by=chair)


def said_on(deck):
    return [
        [shape.text_frame.text for shape in slide.shapes if shape.has_text_frame]
        + [cell.text for shape in slide.shapes if shape.has_table for row in shape.table.rows for cell in row.cells]
        for slide in deck.slides
    ]


def test_each_claim_is_linked_to_its_chart_or_marked(pack, chair, signed_in):
    claims = {claim.text: claim for claim in papers(pack).claims}
    assert claims[MARKUP].support.kind == "pair"
    assert claims["Letters go out in two days"].support.words == "No chart supports this."
    improving = next(claim for text, claim in claims.items() if text.startswith("Discharges at night. Improving"))
    shown = signed_in(chair).get(f"/papers/{pack.pk}/").content.decode()
    for claim in (claims[MARKUP], improving):
        assert f'href="#{claim.chart}"' in shown
        assert f'id="{claim.chart}"' in shown
    assert "No chart supports this." in shown
    assert "<b>at once" not in shown
    assert "Shrewsbury and Telford" in shown


def test_slides_hold_native_charts_with_the_values(pack, chair, signed_in):
    answer = signed_in(chair).get(f"/papers/{pack.pk}/slides.pptx")
    deck = Presentation(io.BytesIO(answer.content))
    charts = [shape.chart for slide in deck.slides for shape in slide.shapes if shape.has_chart]
    line, bars = charts
    plotted = {series.name: list(series.values) for series in line.plots[0].series}
    assert plotted["Value"] == [float(value) for value in IMPROVED]
    metric = json.loads(pack.body)["trusts"][0]["report"]["body"]["streams"][0]["metrics"][0]
    assert plotted["Mean"] == [point["mean"] for point in metric["points"]]
    assert next(iter(line.plots[0].categories)) == papers(pack).trusts[0].lines[0].labels[0]
    assert list(bars.plots[0].series[0].values) == [60, 20]
    text = " ".join(word for slide in said_on(deck) for word in slide)
    for said in (
        MARKUP,
        "No chart supports this.",
        "Ask us once a month",
        "Come and see",
        "Not released. It is expected",
    ):
        assert said in text
    assert all(slide.shapes.title.text for slide in deck.slides)


def test_claims_on_slides_lead_to_the_slide_of_their_chart(pack):
    deck = Presentation(io.BytesIO(pptx(papers(pack))))
    slide = next(each for each in deck.slides if each.shapes.title.text == "Claims of improvement")
    links = {link.get(f"{{{nsmap['r']}}}id") for link in slide._element.iter(f"{{{nsmap['a']}}}hlinkClick")}
    titles = {slide.part.related_part(key).slide.shapes.title.text for key in links}
    assert titles == {"Discharges at night", "Turnaround: Lead time"}


def test_slides_hold_no_more_than_they_have_room_for(pack):
    """Long words of a trust go on over several slides, and none of them is lost."""
    told = papers(pack)
    leeds = next(trust for trust in told.trusts if trust.panel)
    long = " ".join(f"word{n}" for n in range(400))
    panel = replace(leeds.panel, success=long, help_wanted=long)
    deck = Presentation(io.BytesIO(pptx(replace(told, trusts=[replace(leeds, panel=panel)]))))
    own = [each for each in deck.slides if each.shapes.title.text.startswith(leeds.name)]
    assert len(own) > 3
    text = " ".join(shape.text_frame.text for slide in own for shape in slide.shapes if shape.has_text_frame)
    assert text.count("word399") == 2
    for slide in own:
        boxes = [shape for shape in slide.shapes if shape.has_text_frame]
        assert max(len(shape.text_frame.text) for shape in boxes) < 46 * 20


def test_pdf_is_made_of_any_words(pack, chair, signed_in):
    answer = signed_in(chair).get(f"/papers/{pack.pk}/papers.pdf")
    assert answer.content.startswith(b"%PDF-")
    assert answer["Content-Disposition"].endswith('-v1.pdf"')


def test_papers_are_for_the_table_alone_and_made_by_who_prepares(pack, leeds, board, chair, signed_in):
    member_ = sitting(board)
    secretariat = member(Role.SECRETARIAT, partnership=leeds.partnership)
    strangers = [member(Role.DEPUTY, leeds), member(Role.REGULATOR_ANALYST, partnership=leeds.partnership)]
    files = [f"/papers/{pack.pk}/", f"/papers/{pack.pk}/slides.pptx", f"/papers/{pack.pk}/papers.pdf"]
    for address in files:
        assert {signed_in(user).get(address).status_code for user in (member_, secretariat)} == {200}
        assert {signed_in(user).get(address).status_code for user in strangers} == {404}
    make = f"/meetings/{pack.meeting_id}/papers/make/"
    assert signed_in(member_).post(make).status_code == 403
    assert signed_in(strangers[0]).post(make).status_code == 404
    RegulatorLineFactory(board=board)
    assert signed_in(secretariat).post(make).status_code == 302
    assert Pack.objects.count() == 2


def test_values_that_may_tell_of_few_people_stay_in_the_trust(leeds, board, computed_all):
    stream = leeds.value_streams.get()
    falls = MetricVersionFactory(metric=MetricFactory(value_stream=stream, name="Falls"), unit="count")
    series(falls, [7, 3, 8, 9, 2])
    computed_all()
    report = prepare_report(
        trust=leeds,
        meeting=MeetingFactory(board=board),
        words=Brought(success="s", challenge="c"),
        seen=0,
        by=member(Role.KPO_LEAD, leeds),
    )
    metrics = {metric["name"]: metric for metric in json.loads(report.body)["streams"][0]["metrics"]}
    assert [point["value"] for point in metrics["Falls"]["points"]] == [7, None, 8, 9, None]
    assert metrics["Falls"]["latest"] == "fewer than 5"
