"""A real server, a real browser, and axe over every page it is asked to look at."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page

from improvement.services.chromium import find
from tests.browser.console import Console
from tests.processes import ROOT, SiteProcess, WorkerProcess

AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
PHONE = {"width": 375, "height": 740}
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    path = find()
    if path is None:
        pytest.fail("There is no Chromium: run `make browser`.", pytrace=False)
    return {**browser_type_launch_args, "executable_path": path, "args": FLAGS, "headless": True}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    return {**browser_context_args, "locale": "en-GB", "timezone_id": "Europe/London"}


@pytest.fixture(scope="session")
def mail_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the site's mails arrive, one file each."""
    return tmp_path_factory.mktemp("mail")


@pytest.fixture(scope="session")
def site_process(django_db_setup: None, mail_folder: Path) -> Iterator[SiteProcess]:
    for needed in (ROOT / "var" / "frontend" / "vendor", AXE):
        if not needed.exists():
            pytest.fail("The front-end files are missing: run `make frontend`.", pytrace=False)
    backend = "django.core.mail.backends.filebased.EmailBackend"
    site = SiteProcess(EMAIL_BACKEND=backend, EMAIL_FILE_PATH=str(mail_folder))
    site.start()
    yield site
    site.stop()


@pytest.fixture
def live_site(transactional_db: None, site_process: SiteProcess) -> str:
    """The address of the running site; what the test writes, it shows."""
    return site_process.address


@pytest.fixture(scope="session")
def base_url(site_process: SiteProcess) -> str:
    """So that page.goto("/") means the site."""
    return site_process.address


@pytest.fixture(autouse=True)
def _committed(transactional_db: None) -> None:
    """The site is another process: it sees only what is committed."""


@pytest.fixture
def worker(celery_worker_process: WorkerProcess) -> WorkerProcess:
    return celery_worker_process


@pytest.fixture
def console() -> Iterator[Console]:
    """Fails the test when any page that it opened complained. Torn down after the pages are closed."""
    heard = Console()
    yield heard
    heard.judge()


@pytest.fixture
def new_context(console: Console, new_context: Callable[..., BrowserContext]) -> Callable[..., BrowserContext]:
    """Every context that a test opens, by itself or through `page`, is listened to."""
    return lambda **options: console.watch(new_context(**options))


@pytest.fixture
def phone(page: Page) -> Page:
    """The page on a phone-sized screen."""
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    return page


@pytest.fixture
def axe() -> Callable[[Page], None]:
    """`axe(page)` fails on any violation of WCAG 2.0 to 2.2, A and AA."""

    def look(page: Page) -> None:
        # Added as the debugger would, not as the page: its Content-Security-Policy stays as it is.
        page.evaluate(AXE.read_text(encoding="utf-8"))
        found = page.evaluate(
            "levels => axe.run(document, {runOnly: {type: 'tag', values: levels}})",
            LEVELS,
        )["violations"]
        said = [
            f"{violation['id']} ({violation['impact']}): {violation['help']}\n"
            + "\n".join(f"    {node['html'][:200]}" for node in violation["nodes"][:5])
            for violation in found
        ]
        assert not said, f"{page.url}\n" + "\n".join(said)

    return look
