"""The ground that browser tests stand on: a real page from the real server in a real browser."""

from playwright.sync_api import Page

from tests.browser.console import Console


def test_site_answers(page: Page, console: Console) -> None:
    console.expect("favicon.ico")  # an answer that is no page names no icon
    page.goto("/health/")
    assert '"database": "ok"' in page.content()
