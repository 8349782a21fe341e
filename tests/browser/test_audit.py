"""A KPO lead finds out who changed a reading, in a browser."""

import os
from collections.abc import Callable

import pghistory
from playwright.sync_api import Page, expect

from accounts.permissions import Role
from rpiws.models import Reading
from tests.browser.console import Console
from tests.factories.accounts import PASSWORD
from tests.factories.rpiws import MeasureFactory, ReadingFactory
from tests.factories.trusts import TrustFactory, member


def test_lead_finds_who_changed_a_reading(
    page: Page, live_site: str, axe: Callable[[Page], None], console: Console
) -> None:
    console.expect("status of 422")
    trust = TrustFactory(short_name="Leeds", ods_code="RR8")
    lead = member(Role.KPO_LEAD, trust, name="KPO lead, Leeds")
    facilitator = member(Role.FACILITATOR, trust, name="Facilitator, Leeds")
    measure = MeasureFactory(rpiw__value_stream__trust=trust, name="Step-down decision")
    reading = ReadingFactory(measure=measure, value=41)
    with pghistory.context(user=facilitator.pk, reason="Two digits swapped."):
        Reading.objects.filter(pk=reading.pk).update(value=14)

    # Given a KPO lead on the page of the trust's audit trail
    page.goto("/accounts/login/?next=/trusts/RR8/context/")
    page.locator("[name=login]").fill(lead.email)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("[name=password]").press("Enter")
    page.get_by_role("link", name="Who changed what").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Who changed what, Leeds")
    axe(page)

    # When they ask for one person
    page.get_by_label("Who").select_option("Facilitator, Leeds")
    page.get_by_role("button", name="Show").click()

    # Then the change is there, with what it was before and why
    row = page.locator("tr", has_text="Facilitator, Leeds")
    expect(row).to_have_count(1)
    expect(row).to_contain_text("14 min, was 41 min")
    expect(row).to_contain_text("Two digits swapped.")
    row.get_by_role("link", name="Step-down decision").click()
    expect(page.get_by_text("One record alone")).to_be_visible()
    axe(page)
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV").click()
    assert "14 min, was 41 min" in download.value.path().read_text(encoding="utf-8")

    # And a wrong day says so next to its box, on a phone too
    for width in (375, 320):
        page.set_viewport_size({"width": width, "height": 740})
        page.goto("/trusts/RR8/audit/")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        axe(page)
        if folder := os.environ.get("PICTURES_OF_THE_TRAIL"):
            page.screenshot(path=f"{folder}/{width}.png", full_page=True)
    page.goto("/trusts/RR8/audit/?since=tuesday")
    expect(page.locator("#since-error")).to_contain_text("Write the day")
    axe(page)
    if folder := os.environ.get("PICTURES_OF_THE_TRAIL"):
        page.screenshot(path=f"{folder}/error.png", full_page=True)
        page.set_viewport_size({"width": 1280, "height": 900})
        page.goto("/trusts/RR8/audit/")
        page.screenshot(path=f"{folder}/1280.png", full_page=True)
