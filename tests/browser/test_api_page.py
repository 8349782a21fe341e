"""The API's readable page: whole on every width, and nothing on it red."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

INK = "rgb(33, 43, 50)"


@pytest.mark.parametrize("width", [1280, 320])
def test_description_fits_and_reads(page: Page, live_site: str, axe: Callable[[Page], None], width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(f"{live_site}/api/")
    expect(page.get_by_role("heading", name="What you send: new measurements")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    colours = "[...new Set([...document.querySelectorAll('main code')].map(one => getComputedStyle(one).color))]"
    assert page.evaluate(colours) == [INK]
    assert "`" not in page.locator("main").inner_text()
    axe(page)
