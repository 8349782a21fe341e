"""Dashboards in a browser: they refresh themselves, keep what the reader had open, and work without scripts."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page, expect

from accounts.permissions import Role
from rpiws.models import Checkpoint, Reading, Rpiw
from snapshots.freshness import latest
from snapshots.sweeping import catch_up
from tests.factories.accounts import PASSWORD
from tests.factories.rpiws import MeasureFactory, ReadingFactory, RpiwFactory
from tests.factories.trusts import (
    ChiefExecutiveFactory,
    CqcRatingFactory,
    StandDownFactory,
    TrustFactory,
    ValueStreamFactory,
    member,
)
from tests.processes import WorkerProcess, wait_until
from trusts.models import ValueStream


class Leeds:
    """A value stream with one RPIW that is due its 60-day remeasure, and its facilitator; dashboards computed."""

    def __init__(self) -> None:
        self.trust = TrustFactory(short_name="Leeds")
        CqcRatingFactory(trust=self.trust)
        ChiefExecutiveFactory(trust=self.trust)
        StandDownFactory(trust=self.trust, value_stream=None)
        self.facilitator = member(Role.FACILITATOR, self.trust, name="KPO facilitator, Leeds")
        self.lead = member(Role.KPO_LEAD, self.trust, name="KPO lead, Leeds")
        self.stream: ValueStream = ValueStreamFactory(trust=self.trust, name="Critical care flow")
        ends = timezone.localdate() - timedelta(days=58)
        self.rpiw: Rpiw = RpiwFactory(
            value_stream=self.stream,
            following_up=True,
            process="Neurosurgical critical care flow",
            week_starts=ends - timedelta(days=4),
            week_ends=ends,
        )
        self.measure = MeasureFactory(rpiw=self.rpiw, name="Time to gather the bed state")
        defects = MeasureFactory(rpiw=self.rpiw, name="Missing details", defects=True)
        for measure, values in ((self.measure, (600, 300)), (defects, (34, 9))):
            for checkpoint, value in zip((Checkpoint.BASELINE, Checkpoint.DAY_30), values, strict=True):
                ReadingFactory(measure=measure, checkpoint=checkpoint, value=value)
        catch_up()

    @property
    def pages(self) -> list[str]:
        return ["/", f"/trusts/{self.trust.ods_code}/", f"/value-streams/{self.stream.pk}/", "/partnership/"]

    @property
    def dashboard(self) -> str:
        return f"/value-streams/{self.stream.pk}/"


@pytest.fixture
def leeds(live_site: str) -> Leeds:
    return Leeds()


def sign_in(page: Page, email: str, *, to: str = "/") -> None:
    page.goto(f"/accounts/login/?next={to}")
    page.locator("[name=login]").fill(email)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("[name=password]").press("Enter")
    page.wait_for_load_state()


@pytest.fixture
def complaints(page: Page) -> list[str]:
    """What the browser's console complained of."""
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    return said


def test_dashboard_changes_without_a_reload_when_readings_are_logged(
    page: Page, leeds: Leeds, worker: WorkerProcess, complaints: list[str]
) -> None:
    # Given the value stream's dashboard, its table open and scrolled to
    sign_in(page, leeds.facilitator.email, to=leeds.dashboard)
    expect(page.locator("#before-after")).to_contain_text("10 h to 5.0 h")
    expect(page.locator("#lead_time-plot .main-svg").first).to_be_visible()
    page.locator("#before-after-table summary").click()
    expect(page.locator("#before-after-table")).to_have_attribute("open", "")
    page.evaluate("window.notReloaded = true")
    page.evaluate("document.querySelector('#before-after').scrollIntoView()")
    scrolled = page.evaluate("window.scrollY")
    # When ten timings are typed into the 60-day column, in another tab
    grid = page.context.new_page()
    grid.goto(f"/rpiws/{leeds.rpiw.pk}/readings/?checkpoint=day_60")
    grid.locator(f"#m{leeds.measure.pk}-value").fill("58; 62; 60; 60; 61; 59; 60; 60; 57; 63")
    grid.get_by_role("button", name=re.compile("^Save")).first.click()
    wait_until(lambda: Reading.objects.filter(checkpoint=Checkpoint.DAY_60).exists(), why=worker.log)
    # Then the dashboard shows their mean, says so, and keeps what was open and where
    page.bring_to_front()
    expect(page.locator("#before-after")).to_contain_text("10 h to 60 min", timeout=20_000)
    expect(page.locator("#freshness")).to_contain_text(re.compile(r"Updated to version \d+"))
    version = latest("value_stream", leeds.stream.pk).version
    expect(page.locator("#freshness")).to_contain_text(f"version {version}")
    assert page.evaluate("window.notReloaded") is True
    expect(page.locator("#before-after-table")).to_have_attribute("open", "")
    expect(page.locator("#lead_time-plot .main-svg").first).to_be_visible()
    assert abs(page.evaluate("window.scrollY") - scrolled) < 200
    assert complaints == []


def test_pages_have_no_barrier(page: Page, leeds: Leeds, axe: Callable[[Page], None], complaints: list[str]) -> None:
    sign_in(page, leeds.lead.email)
    for address in leeds.pages:
        page.goto(address)
        page.wait_for_timeout(500)
        axe(page)
        for summary in page.locator("main summary").all():
            summary.click()
        axe(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= 1280, address
    assert complaints == []


def test_pages_fit_a_phone_without_barrier(phone: Page, leeds: Leeds, axe: Callable[[Page], None]) -> None:
    sign_in(phone, leeds.facilitator.email)
    for address in leeds.pages:
        phone.goto(address)
        phone.wait_for_timeout(500)
        assert phone.evaluate("document.documentElement.scrollWidth") <= 375, address
        axe(phone)


def test_figures_are_there_without_scripts(new_context: Callable[..., BrowserContext], leeds: Leeds) -> None:
    page = new_context(java_script_enabled=False).new_page()
    sign_in(page, leeds.facilitator.email, to=leeds.dashboard)
    expect(page.locator("#before-after-table")).to_contain_text("Time to gather the bed state")
    expect(page.locator("#before-after-table table").first).to_be_visible()
    expect(page.locator("#rpiws-table table").first).to_be_visible()


def test_late_remeasure_is_one_step_from_the_first_page(page: Page, leeds: Leeds) -> None:
    sign_in(page, leeds.facilitator.email)
    page.get_by_role("link", name=re.compile("Log 60-day readings")).click()
    expect(page).to_have_url(re.compile(rf"/rpiws/{leeds.rpiw.pk}/readings/\?checkpoint=day_60"))
    expect(page.locator(f"#m{leeds.measure.pk}-value")).to_be_visible()
