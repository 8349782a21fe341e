"""The ground that browser tests stand on: a real page from the real server in a real browser."""

from playwright.sync_api import Page


def test_site_answers(page: Page) -> None:
    page.goto("/health/")
    assert '"database": "ok"' in page.content()
