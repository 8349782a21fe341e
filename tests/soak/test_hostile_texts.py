"""Whatever people write stays text: every text field on every page that the resolver knows, in a browser."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext

from tests.architecture.routes import our_routes
from tests.browser.conftest import (
    base_url,
    browser_context_args,
    browser_type_launch_args,
    console,
    live_site,
    mail_folder,
    new_context,
    site_process,
)
from tests.browser.console import Console
from tests.browser.hostile_walk import Walk
from tests.hostile_texts import FIRST, build_hostile_world

__all__ = [
    "base_url",
    "browser_context_args",
    "browser_type_launch_args",
    "console",
    "live_site",
    "mail_folder",
    "new_context",
    "site_process",
]

pytestmark = [pytest.mark.soak, pytest.mark.timeout(900)]


@pytest.mark.parametrize("first", range(len(FIRST)))
def test_no_text_runs_on_any_page(
    first: int, live_site: str, new_context: Callable[..., BrowserContext], console: Console
) -> None:
    walk = Walk(build_hostile_world(first), new_context, live_site, console)
    walk.routes(our_routes())
    walk.admin_site()
    walk.judge()
    assert len(walk.showed) > 80
