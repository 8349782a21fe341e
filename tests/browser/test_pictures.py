"""The pictures that docs/ shows, taken from the running product with the example partnership: `make pictures`."""

import re
from collections.abc import Callable

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.permissions import Role
from dashboards.models import TrustSummary
from examples.loading.summaries import load_summaries
from rpiws.models import Measure
from tests.browser.console import Console
from tests.browser.small_png import save
from tests.example import TIMINGS, Example, sign_in
from tests.processes import ROOT, WorkerProcess, wait_until
from trusts.models import Trust

pytestmark = [pytest.mark.pictures, pytest.mark.timeout(240)]

PICTURES = ROOT / "docs" / "pictures"
DESK, PHONE = 1280, 375
Take = Callable[..., None]


@pytest.fixture
def example(live_site: str) -> Example:
    example = Example()
    load_summaries(today=timezone.localdate())
    return example


@pytest.fixture
def take(page: Page) -> Take:
    """`take(name, address, width=..., height=...)` keeps the page, from `at` on and `height` of it at most."""

    def picture(name: str, address: str = "", *, width: int = DESK, height: int = 900, at: str = "") -> None:
        page.set_viewport_size({"width": width, "height": height})
        if address:
            page.goto(address)
        page.evaluate("document.activeElement.blur()")
        page.mouse.move(0, 0)
        page.wait_for_load_state("networkidle")
        for plot in page.locator("[data-chart]:visible").all():
            expect(plot.locator(".main-svg").first).to_be_attached()
        page.set_viewport_size({"width": width, "height": 300})
        tall = page.evaluate("document.documentElement.scrollHeight")
        page.set_viewport_size({"width": width, "height": min(tall, height)})
        if at:
            page.locator(at).evaluate("element => element.scrollIntoView({block: 'start'})")
        PICTURES.mkdir(exist_ok=True)
        save(page.screenshot(animations="disabled"), PICTURES / f"{name}.png", context=page.context)

    return picture


def enter(page: Page, role: Role, trust: Trust | None = None) -> None:
    """Signed in, and the greeting read."""
    page.context.clear_cookies()
    sign_in(page, role, trust)
    page.goto("/")


def test_pictures_of_the_walk(
    page: Page, example: Example, worker: WorkerProcess, take: Take, console: Console
) -> None:
    rpiw = example.due_at_60_days
    lead_time = rpiw.measures.get(kind=Measure.Kind.LEAD_TIME)
    dashboard = f"/value-streams/{example.stream.pk}/"
    take("sign-in", "/", height=620)
    enter(page, Role.FACILITATOR, example.leeds)
    take("home", "/", height=1000)
    take("home-phone", "/", width=PHONE, height=760)
    take("due", "/due/?whose=trust", height=1000)
    take("dashboard-before", dashboard, height=1500)
    take("grid", f"/rpiws/{rpiw.pk}/readings/?checkpoint=day_60", height=840)
    page.set_viewport_size({"width": PHONE, "height": 760})
    cell = page.locator(f"#cell-m{lead_time.pk}")
    cell.get_by_text("Timings…").click()
    page.locator(f"#m{lead_time.pk}-timings").press_sequentially("\n".join(TIMINGS))
    expect(cell).to_contain_text("mean of 10")
    cell.scroll_into_view_if_needed()
    take("grid-phone", width=PHONE, height=860)
    page.get_by_role("button", name="Save readings").click()
    expect(page.get_by_text("Saved at 60 days: 1 reading.")).to_be_visible()
    take("saved-phone", width=PHONE, height=760)
    page.goto(dashboard)
    wait_until(lambda: shows(page, "360 min"), seconds=20, why=worker.log)
    expect(page.locator("#newer")).to_be_empty(timeout=20_000)
    take("dashboard", dashboard, height=1500)
    take("dashboard-phone-before-after", dashboard, width=PHONE, height=900, at="#before-after")
    take("rpiw", f"/rpiws/{rpiw.pk}/", height=1400)
    take("rpiw-print", f"/rpiws/{rpiw.pk}/print/", height=1400)
    take("rpiws", "/rpiws/", height=900)
    take("history", f"/history/rpiws/rpiw/{rpiw.pk}/", height=800)
    enter(page, Role.FACILITATOR, example.shrewsbury)
    console.expect("status of 404")
    take("not-yours", dashboard, height=600)


def shows(page: Page, text: str) -> bool:
    return text in (page.locator("#before-after").text_content() or "")


def test_pictures_for_kpo_leads_and_executives(page: Page, example: Example, take: Take) -> None:
    leeds = example.leeds.ods_code
    enter(page, Role.KPO_LEAD, example.leeds)
    take("people", "/people/", height=900)
    take("invite", "/people/invite/", height=900)
    take("context", f"/trusts/{leeds}/context/", height=1200)
    take("value-stream-about", f"/value-streams/{example.stream.pk}/about/", height=1000)
    preparing = example.rpiw("Elective admission to critical care")
    take("preparation", f"/rpiws/{preparing.pk}/preparation/", height=900)
    enter(page, Role.CHIEF_EXECUTIVE, example.leeds)
    take("trust", f"/trusts/{leeds}/", height=1700)
    page.goto("/partnership/")
    page.get_by_role("link", name=re.compile("^Published")).click()
    take("partnership", height=1300)


def test_pictures_for_regulators_and_administrators(page: Page, example: Example, take: Take) -> None:
    enter(page, Role.REGULATOR_ANALYST)
    take("regulator", "/", height=1100)
    corrected = TrustSummary.objects.get(trust=example.leeds, version=2)
    take("summary", f"/summaries/{corrected.pk}/", height=1500)
    enter(page, Role.ADMINISTRATOR)
    take("administrator", "/", height=700)
    take("set-up", "/set-up/", height=1100)
