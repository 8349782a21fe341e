"""A summary from draft to released, in a browser: the lead writes, the chief executive releases, the analyst reads."""

from collections.abc import Callable

import pytest
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page, expect

from accounts.permissions import Role
from dashboards.models import TrustSummary
from dashboards.summaries.drafting import draft_month
from rpiws.models import Checkpoint
from snapshots.freezing import freeze_month_end
from snapshots.sweeping import catch_up
from tests.factories.accounts import PASSWORD
from tests.factories.metrics import MetricFactory, MetricVersionFactory, TargetFactory, series
from tests.factories.rpiws import MeasureFactory, ReadingFactory, RpiwFactory, monday
from tests.factories.trusts import TrustFactory, ValueStreamFactory, member


@pytest.fixture
def draft(live_site: str) -> TrustSummary:
    trust = TrustFactory(short_name="Leeds")
    stream = ValueStreamFactory(trust=trust, name="Critical care flow")
    rpiw = RpiwFactory(
        value_stream=stream, following_up=True, process="Bed-state huddle", week_starts=monday(weeks=-20)
    )
    measure = MeasureFactory(rpiw=rpiw)
    for checkpoint, value in ((Checkpoint.BASELINE, 6000), (Checkpoint.DAY_30, 2700)):
        ReadingFactory(measure=measure, checkpoint=checkpoint, value=value)
    version = MetricVersionFactory(metric=MetricFactory(value_stream=stream))
    series(version, [20, 22, 19, 21, 20, 23, 18, 21, 20, 22, 19, 21, 20, 35])
    TargetFactory(version=version)
    today = timezone.localdate()
    catch_up()
    freeze_month_end(today)
    assert draft_month(today) == 1
    return TrustSummary.objects.select_related("trust").get()


def sign_in(page: Page, email: str, *, to: str) -> None:
    page.goto(f"/accounts/login/?next={to}")
    page.locator("[name=login]").fill(email)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("[name=password]").press("Enter")
    page.wait_for_load_state()


def test_summary_is_prepared_released_and_read(
    draft: TrustSummary, new_context: Callable[..., BrowserContext], axe: Callable[[Page], None]
) -> None:
    def of(role: Role, to: str) -> Page:
        page = new_context(viewport={"width": 1280, "height": 900}).new_page()
        who = member(role, draft.trust, partnership=draft.trust.partnership)
        sign_in(page, who.email, to=to)
        axe(page)
        return page

    # Given a draft that waits for the KPO lead's words
    lead = of(Role.KPO_LEAD, "/")
    lead.get_by_role("link", name="Summary of").click()
    lead.get_by_label("What we are proud of").fill("The huddle halved the wait.")
    lead.get_by_label("What is hard").fill("Winter.")
    axe(lead)
    lead.get_by_role("button", name="Save and see it").click()
    expect(lead.get_by_text("The huddle halved the wait.")).to_be_visible()
    axe(lead)

    # When the chief executive reads and releases it
    chief = of(Role.CHIEF_EXECUTIVE, "/")
    chief.get_by_role("link", name="Summary of").click()
    expect(chief.get_by_text("The huddle halved the wait.")).to_be_visible()
    axe(chief)
    chief.get_by_label("I have read it").check()
    chief.get_by_role("button", name="Release for the trust").click()
    expect(chief.get_by_text("The summary is released.")).to_be_visible()

    # Then the regulator's analyst reads it, on a phone too
    analyst = of(Role.REGULATOR_ANALYST, "/summaries/")
    analyst.get_by_role("link", name="Read the newest summary").click()
    expect(analyst.get_by_text("The huddle halved the wait.")).to_be_visible()
    axe(analyst)
    analyst.set_viewport_size({"width": 375, "height": 740})
    assert analyst.evaluate("document.documentElement.scrollWidth") <= 375
    axe(analyst)
