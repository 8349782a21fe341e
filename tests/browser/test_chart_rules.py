"""A KPO lead chooses whose rules judge the charts, and every chart says so."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from accounts.permissions import Role
from snapshots.sweeping import catch_up
from tests.browser.test_dashboards import sign_in
from tests.factories.metrics import MetricFactory, MetricVersionFactory, series
from tests.factories.trusts import ValueStreamFactory, member


def test_lead_chooses_the_rules_of_the_charts(page: Page, live_site: str, axe: Callable[[Page], None]) -> None:
    # Given a metric that worsened for six months, judged as the partnership has it
    stream = ValueStreamFactory(trust__ods_code="RR8", trust__name="Leeds Teaching Hospitals NHS Trust")
    version = MetricVersionFactory(metric=MetricFactory(value_stream=stream, name="Late starts"))
    series(version, [20, 22, 19, 21, 20, 23, 18, 21, 20, 22, 19, 21, 20, *[24] * 6])
    catch_up()
    chart = f"/metrics/{version.metric_id}/"
    sign_in(page, member(Role.KPO_LEAD, stream.trust).email, to=chart)
    expect(page.locator("#answer")).to_contain_text("Concern: the last 6 months")
    # When the lead chooses runs of seven
    page.goto("/trusts/RR8/edit/")
    expect(page.get_by_role("radio", name="As the partnership")).to_be_checked()
    expect(page.get_by_role("radio", name="As the rules chosen above say")).to_be_checked()
    for width in (1280, 375, 320):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    axe(page)
    page.get_by_role("radio", name="7", exact=True).check()
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#names")).to_contain_text("NHS England, Single Chart Tool v5.0, runs of 7")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    # Then the chart is judged by them, and says so
    catch_up()
    page.goto(chart)
    expect(page.locator("#answer")).not_to_contain_text("Concern: the last 6 months")
    expect(page.locator("main")).to_contain_text("NHS England, Single Chart Tool v5.0, runs of 7")
