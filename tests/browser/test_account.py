"""Somebody adds a second factor on their account's page, signs out, and comes in with its code."""

import re
from collections.abc import Callable

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from playwright.sync_api import Page, expect

from accounts.permissions import Role
from tests.factories.accounts import PASSWORD
from tests.factories.trusts import TrustFactory, member


def sign_in(page: Page, email: str) -> None:
    page.goto("/accounts/login/?next=/account/")
    page.locator("[name=login]").fill(email)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("[name=password]").press("Enter")
    page.wait_for_load_state()


def code_of(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))


def test_second_factor_is_added_and_asked_for(page: Page, live_site: str, axe: Callable[[Page], None]) -> None:
    refused: list[str] = []
    page.on("console", lambda said: refused.append(said.text) if "Content Security" in said.text else None)
    lead = member(Role.KPO_LEAD, TrustFactory(short_name="Leeds"))

    # Given a KPO lead on their account's page
    sign_in(page, lead.email)
    expect(page.get_by_role("heading", level=1)).to_have_text("Your account")
    axe(page)
    page.set_viewport_size({"width": 375, "height": 740})
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 375

    # When they add an authenticator app
    page.get_by_role("link", name="Add one").click()
    axe(page)
    page.locator("[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Add a second factor")
    assert page.locator("img[src^='data:image/svg']").evaluate("image => image.naturalWidth") > 0
    axe(page)
    secret = page.locator("#totp-key").inner_text()
    page.locator("[name=code]").fill(code_of(secret))
    page.get_by_role("button", name="Add it").click()
    expect(page.locator("#recovery-codes li")).to_have_count(10)
    recovery_code = page.locator("#recovery-codes code").first.inner_text()
    axe(page)

    # Then signing in asks for a code, and a recovery code will do
    page.get_by_role("button", name="Sign out").click()
    sign_in(page, lead.email)
    expect(page.get_by_role("heading", level=1)).to_have_text("Your code")
    axe(page)
    page.locator("[name=code]").fill("000000")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_text(re.compile("That code does not fit")).first).to_be_visible()
    axe(page)
    page.locator("[name=code]").fill(recovery_code)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your account")
    expect(page.locator("#second-factor")).to_contain_text("Set up")
    assert refused == []
