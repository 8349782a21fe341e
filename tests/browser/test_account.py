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
    page.get_by_role("link", name="Add one").click()
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


def test_key_is_added_named_used_and_removed(page: Page, live_site: str, axe: Callable[[Page], None]) -> None:
    """With the virtual key of the browser's debugger. Keys belong to a name, so the site is called localhost."""
    lead = member(Role.KPO_LEAD, TrustFactory(short_name="Leeds"))
    site = live_site.replace("127.0.0.1", "localhost")
    debugger = page.context.new_cdp_session(page)
    debugger.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "usb", "hasUserVerification": True, "isUserVerified": True}
    key = debugger.send("WebAuthn.addVirtualAuthenticator", {"options": options})["authenticatorId"]

    # Given a key with a name
    page.goto(f"{site}/account/")
    page.locator("[name=login]").fill(lead.email)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("[name=password]").press("Enter")
    page.get_by_role("link", name="Add one").click()
    page.get_by_role("link", name="Add a key").click()
    page.locator("[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Add a key")
    axe(page)
    page.locator("[name=name]").fill("Key on my lanyard")
    page.get_by_role("button", name="Add it").click()
    expect(page.locator("#recovery-codes li")).to_have_count(10)

    # When they sign in
    page.get_by_role("button", name="Sign out").click()
    page.goto(f"{site}/account/")
    page.locator("[name=login]").fill(lead.email)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("[name=password]").press("Enter")
    expect(page.get_by_role("button", name="Use your key")).to_be_visible()
    axe(page)
    # Then a key that does not know them says so, and one that does lets them in
    debugger.send("WebAuthn.setUserVerified", {"authenticatorId": key, "isUserVerified": False})
    page.get_by_role("button", name="Use your key").click()
    expect(page.get_by_role("alert")).to_contain_text("The key was not read")
    debugger.send("WebAuthn.setUserVerified", {"authenticatorId": key, "isUserVerified": True})
    page.get_by_role("button", name="Use your key").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your account")

    # And it can be renamed and removed
    page.goto(f"{site}/accounts/2fa/")
    axe(page)
    page.set_viewport_size({"width": 375, "height": 740})
    assert page.evaluate("document.documentElement.scrollWidth") <= 375
    page.get_by_role("link", name="Rename or remove keys").click()
    axe(page)
    page.get_by_role("link", name="Rename").click()
    page.locator("[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()
    page.locator("[name=name]").fill("Key in the drawer")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Key in the drawer").first).to_be_visible()
    page.get_by_role("link", name="Remove").click()
    page.get_by_role("button", name="Remove it").click()
    expect(page.get_by_text("There is none.")).to_be_visible()
