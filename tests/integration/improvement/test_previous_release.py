"""The release before this one goes on working over the present schema, as it must while an upgrade is under way.

Its code comes from the history, its packages are the present ones (docs/adr/0011). It is walked as a browser without
scripts walks it: forms are read off its own pages.
"""

import http.cookiejar
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from bs4 import BeautifulSoup, Tag

from rpiws.models import Checkpoint, Reading
from snapshots.freshness import freshness
from tests import releases
from tests.factories.accounts import PASSWORD
from tests.factories.rpiws import MeasureFactory, ReadingFactory
from tests.factories.trusts import MembershipFactory
from tests.processes import ROOT, SiteProcess, WorkerProcess, wait_until

MOST_PAGES = 25


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files of the previous release, with the front-end files that are collected already."""
    folder = tmp_path_factory.mktemp("previous")
    releases.unpack(releases.previous().commit, folder)
    (folder / "var").mkdir()
    (folder / "var" / "frontend").symlink_to(ROOT / "var" / "frontend")
    return folder


@pytest.fixture
def previous_worker(transactional_db: None, broker: str, tree: Path) -> Iterator[WorkerProcess]:
    worker = WorkerProcess()
    worker.folder = tree
    worker.start()
    yield worker
    worker.stop()


@pytest.fixture
def previous_site(transactional_db: None, broker: str, tree: Path) -> Iterator[SiteProcess]:
    site = SiteProcess()
    site.folder = tree
    site.start()
    yield site
    site.stop()


class Visitor:
    """Somebody whose browser runs no scripts."""

    def __init__(self, site: SiteProcess) -> None:
        self.site = site
        jar = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self.opener = urllib.request.build_opener(jar)

    def open(self, path: str, data: bytes | None = None) -> tuple[str, BeautifulSoup]:
        address = urllib.parse.urljoin(self.site.address, path)
        try:
            with self.opener.open(address, data, timeout=30) as answer:
                return answer.url, BeautifulSoup(answer.read(), "html.parser")
        except urllib.error.HTTPError as error:
            pytest.fail(f"{path} answered {error.code}: {error.read().decode()[:2000]}\n{self.site.log()}")

    def send(self, form: Tag, at: str, **typed: str) -> tuple[str, BeautifulSoup]:
        """Send a form with what stands in it, and what is typed into its boxes."""
        values: dict[str, str] = {}
        for box in form.select("input[name], textarea[name], select[name]"):
            if box.name == "select":
                chosen = box.select_one("option[selected]") or box.select_one("option")
                values[box["name"]] = chosen.get("value", "") if chosen else ""
            elif box.get("type") not in ("checkbox", "radio", "submit") or box.has_attr("checked"):
                values[box["name"]] = box.get("value", "") if box.name == "input" else box.text
        body = urllib.parse.urlencode(values | typed).encode()
        return self.open(urllib.parse.urljoin(at, form.get("action") or at), body)


def first_box(form: Tag) -> str:
    """The name of the first box in the grid's table that waits for a value."""
    return next(box["name"] for box in form.select("table input[type=text]") if not box.get("value"))


@pytest.mark.django_db(transaction=True)
def test_previous_release_works_over_the_present_schema(
    tree: Path, previous_site: SiteProcess, previous_worker: WorkerProcess
) -> None:
    assert releases.version_in((tree / "pyproject.toml").read_text()) == releases.previous().version
    # Given an RPIW that waits for a remeasure, entered by the present code
    measure = MeasureFactory(defects=True)
    ReadingFactory(measure=measure, checkpoint=Checkpoint.BASELINE)
    trust = measure.rpiw.value_stream.trust
    facilitator = MembershipFactory(trust=trust).user

    # When a facilitator signs in to the previous release and logs a reading
    visitor = Visitor(previous_site)
    at, page = visitor.open("/accounts/login/")
    at, home = visitor.send(page.select_one("form[method=post]"), at, login=facilitator.email, password=PASSWORD)
    assert "/login" not in at, home.get_text(" ", strip=True)
    at, page = visitor.open(f"/rpiws/{measure.rpiw_id}/readings/")
    form = page.select_one("form#grid")
    held = Reading.objects.count()
    visitor.send(form, at, **{first_box(form): "3"})

    # Then it is stored, its worker brings the dashboard up to date, and every page that home leads to is served
    assert Reading.objects.count() == held + 1
    stream = measure.rpiw.value_stream_id

    def shown() -> bool:
        seen = freshness("value_stream", stream)
        return seen.version > 0 and not seen.updating

    wait_until(shown, seconds=60, why=previous_worker.log)
    assert "Traceback" not in previous_worker.log()
    _, home = visitor.open("/")
    paths = {link["href"].split("#")[0] for link in home.select("a[href^='/']")} | {f"/value-streams/{stream}/"}
    assert len(paths) > 3
    for path in sorted(paths - {""})[:MOST_PAGES]:
        visitor.open(path)
