"""Whatever people write stays text: as a browser reads the pages that show most of it; every page is in tests/soak/."""

from collections.abc import Callable

import pytest
from django.utils.html import escape
from playwright.sync_api import BrowserContext, Page, Route

from tests.architecture.routes import our_routes
from tests.browser.console import Console
from tests.browser.hostile_walk import Walk, found_in
from tests.hostile_texts import (
    ADDRESS,
    FIRST,
    UNESCAPED,
    UNESCAPED_ADDRESS,
    build_hostile_world,
    hostile,
    somebody_who_may,
)

pytestmark = pytest.mark.timeout(300)

MOST_TEXTS = (
    *("value_stream", "value_stream_edit", "trust", "trust_context", "history", "rpiw", "rpiw_week", "readings"),
    *("preparation", "edit_measure", "metric", "summary", "summary_draft", "audit", "people", "dashboards_health"),
)

LONG_WORD = "W" * 70
WIDEST = """() => [...document.querySelectorAll("main *")]
    .filter(it => it.getBoundingClientRect().right > 321)
    .map(it => it.outerHTML.slice(0, 120)).slice(0, 3)"""


def test_no_text_runs_on_the_pages_with_most_of_them(
    live_site: str, new_context: Callable[..., BrowserContext], console: Console
) -> None:
    walk = Walk(build_hostile_world(), new_context, live_site, console)
    routes = {route.name: route for route in our_routes()}
    walk.routes(routes[name] for name in MOST_TEXTS)
    walk.judge()
    assert walk.showed == set(MOST_TEXTS)


def test_walk_sees_each_text_that_gets_out_although_no_script_may_run(page: Page, console: Console) -> None:
    console.expect("Content Security Policy")
    pages: dict[str, str] = {}

    def answer(route: Route) -> None:
        body = pages[route.request.url]
        policy = {"Content-Security-Policy": "script-src 'none'; img-src 'none'"}
        route.fulfill(
            body=f"<!DOCTYPE html><title>x</title><body>{body}</body>", headers=policy, content_type="text/html"
        )

    page.route("http://walk.example/*", answer)

    def found(body: str) -> list[str]:
        address = f"http://walk.example/{len(pages)}"
        pages[address] = body
        page.goto(address)
        return found_in(page)

    for where in UNESCAPED:
        for first in range(len(FIRST)):
            text = hostile(None, first=first)
            assert found(where.format(text)), where
            assert not found(where.format(escape(text))), where
    assert found(UNESCAPED_ADDRESS.format(escape(hostile(None, first=FIRST.index(ADDRESS)))))


def test_long_words_widen_no_page(
    live_site: str, new_context: Callable[..., BrowserContext], console: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Seventy letters without a space, in every text that has room for them, on the narrowest phone."""
    monkeypatch.setattr("tests.hostile_texts.hostile", lambda longest, **_: LONG_WORD[:longest])
    walk = Walk(build_hostile_world(), new_context, live_site, console)
    routes = {route.name: route for route in our_routes()}
    wide = {}
    for name in ("home", "due", *MOST_TEXTS):
        route = routes[name]
        page = walk.page_of(somebody_who_may(route, walk.world))
        page.set_viewport_size({"width": 320, "height": 640})
        page.goto(route.address(walk.world, walk.world.own))
        if (width := page.evaluate("document.documentElement.scrollWidth")) > 320:
            wide[name] = [width, *page.evaluate(WIDEST)]
    assert not wide, wide
