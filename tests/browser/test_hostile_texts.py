"""Whatever people write stays text, on the pages that show most of it."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext

from tests.browser.console import Console
from tests.hostile_texts import Walk, build_hostile_world, pages_by_name

pytestmark = pytest.mark.timeout(240)

MOST_TEXTS = (
    *("value_stream", "value_stream_edit", "trust", "trust_context", "history"),
    *("rpiw", "rpiw_week", "rpiw_notes", "readings", "observations", "preparation", "edit_measure"),
    *("metric", "summary", "summary_draft", "audit", "rpiws", "people", "dashboards_health"),
)


def test_no_text_runs_on_the_pages_with_most_of_them(
    live_site: str, new_context: Callable[..., BrowserContext], console: Console
) -> None:
    walk = Walk(build_hostile_world(), new_context, live_site, console)
    walk.routes(pages_by_name(*MOST_TEXTS))
    walk.judge()
    assert walk.showed == set(MOST_TEXTS)
