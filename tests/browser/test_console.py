"""What the other tests rely on: a page that complains fails its test."""

import pytest
from playwright.sync_api import Page

from tests.browser.console import Console


def test_refused_style_failed_script_and_missing_file_are_heard(page: Page, live_site: str, console: Console) -> None:
    page.goto("/accounts/login/")
    page.evaluate("document.body.setAttribute('style', 'color: red')")
    page.evaluate("setTimeout(() => { throw new Error('broken script'); })")
    page.evaluate("fetch('/no-such-page/').then(answer => answer.text())")
    page.wait_for_load_state("networkidle")
    with pytest.raises(AssertionError, match="Content Security Policy"):
        console.judge()
    # They are said in this test, or its own expectations are not met.
    console.expect("Content Security Policy", "broken script", "status of 404")


def test_expectation_that_is_not_met_is_told(page: Page, live_site: str) -> None:
    heard = Console()
    heard.expect("status of 422")
    with pytest.raises(AssertionError, match="status of 422"):
        heard.judge()
