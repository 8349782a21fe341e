"""How pages look and behave in a real browser where a test of their text cannot tell."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.permissions import Role
from rpiws.models import Checkpoint, Rpiw, RpiwPerson, Waste
from snapshots.sweeping import catch_up
from tests.browser.test_dashboards import Leeds, sign_in
from tests.factories.rpiws import (
    IdeaFactory,
    MeasureFactory,
    NewspaperItemFactory,
    ObservationFactory,
    ReadingFactory,
    RpiwFactory,
    RpiwPersonFactory,
    WasteFactory,
    WeekDayFactory,
)
from tests.factories.trusts import NationalPriorityFactory, member
from trusts.models import ValueStream


@pytest.fixture
def leeds(live_site: str) -> Leeds:
    return Leeds()


@pytest.fixture
def refused(page: Page) -> list[str]:
    """What the Content-Security-Policy refused, and every other complaint of the browser."""
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    page.add_init_script(
        "document.addEventListener('securitypolicyviolation', e =>"
        " console.error(`refused: ${e.violatedDirective} ${e.sourceFile}:${e.lineNumber}:${e.columnNumber}`))"
    )
    return said


def full_rpiw(stream: ValueStream) -> Rpiw:
    """As full as an RPIW becomes: eight measures at four checkpoints, five ideas, a week, notes, six open actions."""
    ends = timezone.localdate() - timedelta(days=100)
    rpiw: Rpiw = RpiwFactory(
        value_stream=stream,
        following_up=True,
        process="Step-down from neurosurgical critical care to the ward",
        week_starts=ends - timedelta(days=4),
        week_ends=ends,
        aim="Nobody waits in critical care for a bed on the ward once the decision is made.",
        report_out_notes="The ward agreed to call before noon. " * 8,
    )
    kinds = [
        {"unit": "min"}, {"unit": "h"}, {"defects": True}, {"defect_ratio": True}, {"safety_5s": True},
        {"walking": True}, {"defects": True}, {"unit": "min"},
    ]  # fmt: skip
    values = {"defect_ratio": (1, Decimal("0.25")), "safety_5s": (1, 4), "walking": (420, 90), "defects": (33, 5)}
    for number, kind in enumerate(kinds, 1):
        name = f"Part {number} of the way from the decision to the bed"
        measure = MeasureFactory(
            rpiw=rpiw, position=number, name=name, starts_when="decision recorded", ends_when="bed vacated", **kind
        )
        before, after = values.get(next(iter(kind)), (1590, 360))
        for checkpoint in (Checkpoint.BASELINE, Checkpoint.REPORT_OUT, Checkpoint.DAY_30, Checkpoint.DAY_60):
            value = before if checkpoint == Checkpoint.BASELINE else after
            ReadingFactory(measure=measure, checkpoint=checkpoint, value=value, sample_size=10)
    for number in range(1, 6):
        IdeaFactory(
            rpiw=rpiw,
            position=number,
            name=f"Ring the ward before the round, version {number}",
            tested_on=rpiw.week_starts,
            predicted="Half of the waiting between decision and bed.",
            happened="A third less waiting; the ward asked for a fixed time.",
            next_step="Agree a fixed time with the ward manager.",
            outcome="adapted",
        )
    for number, heading in enumerate(("Understand", "Observe", "Test", "Test again", "Report out")):
        day = rpiw.week_starts + timedelta(days=number)
        WeekDayFactory(rpiw=rpiw, day=day, heading=heading, text="Walked the way with the patient representative.")
    for part in RpiwPerson.Part:
        RpiwPersonFactory(rpiw=rpiw, part=part, post=f"{part.label}, neurosurgical critical care")
    for kind in Waste.Kind:
        WasteFactory(rpiw=rpiw, kind=kind)
    for number in range(1, 7):
        NewspaperItemFactory(rpiw=rpiw, action=f"Order labels and put them up in bay {number}")
    return rpiw


def test_full_rpiw_prints_on_one_sheet(page: Page, leeds: Leeds) -> None:
    rpiw = full_rpiw(leeds.stream)
    sign_in(page, leeds.facilitator.email, to=f"/rpiws/{rpiw.pk}/print/")
    expect(page.locator("main")).to_contain_text("Order labels and put them up in bay 6")
    expect(page.locator("main")).to_contain_text("The ward agreed to call before noon.")
    sheet = page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b(?!s)", sheet)) == 1


@pytest.mark.parametrize("width", [320, 375, 1280])
def test_figures_of_the_report_stay_on_one_line(page: Page, leeds: Leeds, width: int) -> None:
    rpiw = full_rpiw(leeds.stream)
    page.set_viewport_size({"width": width, "height": 800})
    sign_in(page, leeds.facilitator.email, to=f"/rpiws/{rpiw.pk}/")
    lines = page.locator(".report td b, .report td .whole").evaluate_all(
        "all => all.map(one => [one.textContent, one.getClientRects().length])"
    )
    assert len(lines) > 16
    assert [text for text, count in lines if count != 1] == []
    baselines = page.locator(".report .cell-value").evaluate_all(
        """all => all.map(cell => {
            const range = document.createRange();
            range.selectNode([...cell.childNodes].find(node => node.nodeType === 3 && node.textContent.trim()));
            return [cell.textContent, new Set([...range.getClientRects()].map(one => one.top)).size];
        })"""
    )
    assert [text for text, count in baselines if count != 1] == []
    assert page.evaluate("document.documentElement.scrollWidth") == width


def test_no_page_with_a_chart_is_refused_anything(page: Page, leeds: Leeds, refused: list[str]) -> None:
    for days in range(12):
        ObservationFactory(
            measure=leeds.measure, observed_on=timezone.localdate() - timedelta(days=days), value=30 + days
        )
    catch_up()
    sign_in(page, leeds.lead.email)
    for address in (
        f"/rpiws/{leeds.rpiw.pk}/",
        f"/rpiws/{leeds.rpiw.pk}/observations/",
        leeds.dashboard,
        "/partnership/",
    ):
        page.goto(address)
        if page.locator("[data-chart]").count():
            expect(page.locator(".main-svg").first).to_be_visible()
            page.locator("[data-chart]").first.hover()
        page.wait_for_timeout(500)
        assert refused == [], address


def test_chart_is_laid_out_again_when_the_window_becomes_narrow(page: Page, leeds: Leeds) -> None:
    sign_in(page, leeds.facilitator.email, to=leeds.dashboard)
    plot = page.locator("[data-chart]").first
    expect(plot.locator(".main-svg").first).to_be_visible()
    page.evaluate(
        """() => {
            const mount = document.querySelector("[data-chart]");
            const figure = JSON.parse(document.getElementById(mount.dataset.chart).textContent);
            figure.phone_layout = {...figure.phone_layout, margin: {l: 11, r: 12, t: 13, b: 14}};
            document.getElementById(mount.dataset.chart).textContent = JSON.stringify(figure);
        }"""
    )
    wide = plot.evaluate("plot => plot.layout.margin.l")
    page.set_viewport_size({"width": 375, "height": 740})
    expect(plot).to_have_js_property("layout.margin.l", 11)
    page.set_viewport_size({"width": 1280, "height": 740})
    expect(plot).to_have_js_property("layout.margin.l", wide)


def test_first_due_item_has_its_button_within_itself(page: Page, leeds: Leeds) -> None:
    RpiwFactory(value_stream=leeds.stream, process="Beds", following_up=True)
    catch_up()
    sign_in(page, leeds.facilitator.email, to=leeds.dashboard)
    expect(page.locator("#due li").first.locator("a.btn")).to_have_count(1)
    expect(page.locator("#due a.btn")).to_have_count(1)
    expect(page.locator("#due > a.btn")).to_have_count(0)


def test_labels_of_the_trusts_timeline_stay_in_view_on_a_phone(phone: Page, leeds: Leeds) -> None:
    sign_in(phone, leeds.facilitator.email, to=f"/trusts/{leeds.trust.ods_code}/")
    timeline = phone.locator(".timeline-scroll .timeline-box").first
    timeline.scroll_into_view_if_needed()
    assert timeline.evaluate("box => box.scrollLeft") > 100
    label = timeline.locator(".tl-labels text").first
    box, seen = label.bounding_box(), timeline.bounding_box()
    assert box
    assert seen
    assert seen["x"] <= box["x"] < seen["x"] + 20
    heights = timeline.evaluate("box => [...box.querySelectorAll(':scope > svg')].map(svg => svg.clientHeight)")
    assert abs(heights[0] - heights[1]) <= 1


def test_ways_out_of_a_cell_stand_beside_every_box(page: Page, leeds: Leeds) -> None:
    sign_in(page, leeds.facilitator.email, to=f"/rpiws/{leeds.rpiw.pk}/readings/?checkpoint=day_60")
    page.set_viewport_size({"width": 1280, "height": 800})
    cells = page.locator(".cell:has([data-box])")
    expect(cells).to_have_count(2)
    for cell in cells.all():
        typed, ways_out = cell.locator("[data-box]").bounding_box(), cell.locator(".tools").bounding_box()
        assert typed
        assert ways_out
        assert ways_out["x"] >= typed["x"] + typed["width"]
        assert ways_out["y"] < typed["y"] + typed["height"]
        assert ways_out["height"] >= 48  # one above the other


def test_priorities_of_the_set_up_page_stand_across(page: Page, leeds: Leeds) -> None:
    NationalPriorityFactory.create_batch(7, partnership=leeds.trust.partnership)
    administrator = member(Role.ADMINISTRATOR, None, partnership=leeds.trust.partnership, name="Administrator")
    sign_in(page, administrator.email, to="/set-up/")
    tops = page.locator("#priorities li").evaluate_all("all => all.map(one => one.getBoundingClientRect().top)")
    assert len(tops) == 7
    assert len(set(tops)) == 3
