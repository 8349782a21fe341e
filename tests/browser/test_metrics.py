"""A metric's page in a browser: its chart, its pictures to keep, the widths of phones, and the page without scripts."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from accounts.permissions import Role
from metrics.models import MetricVersion
from snapshots.sweeping import catch_up
from tests.browser.test_dashboards import sign_in
from tests.factories.metrics import (
    AnnotationFactory,
    MetricFactory,
    MetricVersionFactory,
    RecalculationFactory,
    TargetFactory,
    series,
)
from tests.factories.rpiws import MeasureFactory, MetricServedFactory, RpiwFactory
from tests.factories.trusts import NationalPriorityFactory, ValueStreamFactory, member

BEFORE = [40, 42, 39, 41, 40, 43, 38, 41, 40, 42, 39, 41, 40]


@pytest.fixture
def version(live_site: str) -> MetricVersion:
    """Turnaround between cases: thirteen months, limits recalculated, and better ones that improve at the end."""
    metric = MetricFactory(value_stream=ValueStreamFactory(name="Theatres"), name="Turnaround between cases")
    found = MetricVersionFactory(metric=metric, unit="minutes", activity=30, touched=1, hoped=20)
    series(found, [*BEFORE, *(value - 8 for value in BEFORE), *[29] * 7])
    TargetFactory(version=found, value=30)
    RecalculationFactory(version=found, on=date(2016, 2, 1))
    AnnotationFactory(metric=metric, on=date(2015, 6, 1))
    rpiw = RpiwFactory(value_stream=metric.value_stream, following_up=True, week_starts=date(2016, 6, 6))
    MetricServedFactory(measure=MeasureFactory(rpiw=rpiw), metric=metric)
    MeasureFactory(rpiw=RpiwFactory(value_stream=metric.value_stream, process="Trolley lay-out"))
    NationalPriorityFactory(partnership=metric.value_stream.trust.partnership)
    catch_up()
    return found


def test_metric_page_is_drawn_downloaded_and_fits_every_width(
    page: Page, version: MetricVersion, axe: Callable[[Page], None], tmp_path: Path
) -> None:
    # Given a metric's page
    trust = version.metric.value_stream.trust
    sign_in(page, member(Role.KPO_LEAD, trust).email, to=f"/metrics/{version.metric_id}/")
    expect(page.locator("#answer")).to_have_text("Improving: the last 7 months are below the earlier average.")
    expect(page.locator("#metric .main-svg").first).to_be_visible()
    # When the moving ranges are asked for, then their chart is drawn
    expect(page.locator("#moving-range .main-svg")).to_have_count(0)
    page.locator("#moving-ranges > summary").click()
    expect(page.locator("#moving-range .main-svg").first).to_be_visible()
    # When pictures are asked for, then the browser makes them
    for kind, begins in (("png", b"\x89PNG"), ("svg", b"<svg")):
        with page.expect_download() as download:
            page.locator(f"[data-of=metric][data-picture={kind}]").click()
        assert download.value.suggested_filename == f"Turnaround between cases.{kind}"
        download.value.save_as(tmp_path / kind)
        assert (tmp_path / kind).read_bytes().startswith(begins)
    # When it is printed, then the chart is as wide as the paper, and as wide as before afterwards
    of_chart = "document.querySelector('#metric .main-svg').getBoundingClientRect().width"
    on_screen = page.evaluate(of_chart)
    page.evaluate(
        f"matchMedia('print').addEventListener('change', (e) => {{ if (e.matches) window.printed = {of_chart} }})"
    )
    page.pdf(format="A4", prefer_css_page_size=True)
    page.wait_for_function(f"{of_chart} === {on_screen}")
    assert 600 < page.evaluate("window.printed") < 740
    # and what stood folded up is on the paper, without the addresses behind names
    page.emulate_media(media="print")
    expect(page.locator("#metric-table tbody tr").last).to_be_visible()
    behind = "[...document.querySelectorAll('main a')].map((a) => getComputedStyle(a, '::after').content)"
    assert set(page.evaluate(behind)) == {"none"}
    page.emulate_media(media="screen")
    # Then it fits and reads at every width, as do the table, the form and the golden threads
    stream = f"/value-streams/{version.metric.value_stream_id}/metrics/"
    threads = (f"/trusts/{trust.ods_code}/golden-thread/", "/partnership/golden-thread/")
    for address in (f"/metrics/{version.metric_id}/", stream, f"{stream}add/", *threads):
        page.goto(address)
        for width in (1280, 375, 320):
            page.set_viewport_size({"width": width, "height": 800})
            assert page.evaluate("document.documentElement.scrollWidth") <= width, address
        axe(page)


def test_metric_page_without_scripts_is_its_table(
    version: MetricVersion, new_context: Callable[..., BrowserContext]
) -> None:
    page = new_context(java_script_enabled=False).new_page()
    reader = member(Role.FACILITATOR, version.metric.value_stream.trust)
    sign_in(page, reader.email, to=f"/metrics/{version.metric_id}/")
    expect(page.locator("#metric-table tbody tr")).to_have_count(33)
    expect(page.locator("#metric-table tbody tr").first).to_be_visible()
    expect(page.locator("[data-picture=png]").first).to_be_hidden()
