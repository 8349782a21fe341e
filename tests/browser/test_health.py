"""The ground that browser tests stand on: a real page from the real server in a real browser."""

from playwright.sync_api import Page, expect


def test_site_answers(page: Page) -> None:
    page.goto("/accounts/login/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
