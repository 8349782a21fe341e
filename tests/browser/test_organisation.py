"""Somebody signs in with the organisation's account: through the button, past the page's own policy, and back."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from accounts.permissions import Role
from tests.browser.console import Console
from tests.factories.trusts import TrustFactory, member
from tests.identity_provider import IdentityProvider, as_settings
from tests.processes import SiteProcess


@pytest.fixture
def provider() -> Iterator[IdentityProvider]:
    provider = IdentityProvider()
    yield provider
    provider.stop()


@pytest.fixture
def site(provider: IdentityProvider, django_db_setup: None, tmp_path: Path) -> Iterator[str]:
    site = SiteProcess(**as_settings(provider))
    site.start()
    yield site.address
    site.stop()


def test_button_leads_to_the_provider_and_back(
    page: Page, site: str, provider: IdentityProvider, axe: Callable[[Page], None], console: Console
) -> None:
    console.expect("status of 403")
    member(Role.FACILITATOR, TrustFactory(short_name="Leeds"), email="ward.lead@nhs.net")

    # Given somebody whom nobody invited
    provider.person = {"sub": "id-2", "email": "stranger@nhs.net", "email_verified": True}
    page.goto(f"{site}/account/")
    axe(page)
    page.get_by_role("button", name="Sign in with NHSmail").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("There is no account for you here yet")
    axe(page)

    # When somebody comes who was
    provider.person = {"sub": "id-1", "email": "ward.lead@nhs.net", "email_verified": True}
    page.goto(f"{site}/account/")
    page.set_viewport_size({"width": 375, "height": 740})
    assert page.evaluate("document.documentElement.scrollWidth") <= 375
    page.get_by_role("button", name="Sign in with NHSmail").click()

    # Then they are on the page that they wanted, and see that the account is connected
    expect(page.get_by_role("heading", level=1)).to_have_text("Your account")
    expect(page.locator("#organisation")).to_contain_text("Connected")
    page.get_by_role("link", name="See or disconnect it").click()
    expect(page.get_by_role("button", name="Disconnect")).to_be_visible()
    axe(page)


def test_form_may_lead_to_the_provider_and_nowhere_else(page: Page, site: str, provider: IdentityProvider) -> None:
    answer = page.request.get(f"{site}/accounts/login/")
    policy = {part.split()[0]: part.split()[1:] for part in answer.headers["content-security-policy"].split(";")}
    assert policy["form-action"] == ["'self'", provider.address]
