"""A messy spreadsheet of 24 months: three errors, mended and uploaded again, and every month is there."""

import csv
import io
import re
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Page, expect

from accounts.permissions import Role
from metrics.models import Measurement
from tests.browser.conftest import PHONE
from tests.factories.accounts import PASSWORD
from tests.factories.metrics import MetricFactory, MetricVersionFactory
from tests.factories.trusts import TrustFactory, ValueStreamFactory, member
from tests.processes import WorkerProcess
from trusts.models import ValueStream

pytestmark = pytest.mark.timeout(240)
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@pytest.fixture
def stream(live_site: str) -> ValueStream:
    stream = ValueStreamFactory(trust=TrustFactory(ods_code="RR8"), name="Theatres")
    MetricVersionFactory(metric=MetricFactory(value_stream=stream, name="Late starts"))
    MetricVersionFactory(metric=MetricFactory(value_stream=stream, name="Operations"), unit="count", denominator="")
    return stream


def messy(path: Path) -> Path:
    """Titles above, an empty column, percent signs, thousands, stars; and three cells that cannot be right."""
    book = openpyxl.Workbook()
    page = book.active
    page.append(["Theatre report, prepared by the matron"])
    page.append([])
    page.append(["Month", "Remarks", "Late starts", "Operations"])
    for n in range(24):
        page.append([f"{MONTHS[n % 12]}-{21 + n // 12}", "", f"{20 + n % 5}.5%", f"1,{100 + n}"])
    page["C6"], page["D9"], page["A12"], page["C15"] = "*", "about 1,100", "Feb 31st", "12,5"
    book.save(path)
    return path


def looks_right(page: Page, axe: Callable[[Page], None]) -> None:
    before = page.viewport_size
    for size in ({"width": 1280, "height": 900}, PHONE):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        assert page.evaluate("document.documentElement.scrollWidth") == size["width"], page.url
        axe(page)
    page.set_viewport_size(before)  # type: ignore[arg-type]


@pytest.mark.soak
def test_messy_spreadsheet_is_imported_mended_and_imported_again(
    page: Page, stream: ValueStream, worker: WorkerProcess, axe: Callable[[Page], None], tmp_path: Path
) -> None:
    facilitator = member(Role.FACILITATOR, stream.trust)

    # Given a facilitator on the page of the value stream
    page.goto(f"/accounts/login/?next=/value-streams/{stream.pk}/")
    page.locator("[name=login]").fill(facilitator.email)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("[name=password]").press("Enter")
    page.get_by_role("link", name="Import measurements from a file").click()
    looks_right(page, axe)

    # When a file is uploaded, its columns are matched as the headings suggest
    page.get_by_label("The file").set_input_files(messy(tmp_path / "months.xlsx"))
    page.get_by_role("button", name="Upload").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Match columns")
    expect(page.get_by_label("Month", exact=True)).to_have_value("period")
    looks_right(page, axe)
    page.get_by_role("button", name="Go on").click()

    # Then the three cells are named, and nothing is recorded yet
    expect(page.get_by_role("heading", level=1)).to_have_text("Look before it is imported", timeout=20_000)
    problems = page.locator("#problems tbody tr")
    expect(problems).to_have_count(3)
    expect(problems.nth(0)).to_contain_text("D9")
    expect(problems.nth(1)).to_contain_text("A12")
    expect(problems.nth(2)).to_contain_text("C15")
    assert not Measurement.objects.exists()
    looks_right(page, axe)

    # When it is imported, and the rows to mend are downloaded
    page.get_by_role("button", name="Import").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Imported", timeout=20_000)
    assert Measurement.objects.count() == 42
    looks_right(page, axe)
    with page.expect_download() as download:
        page.get_by_role("link", name=re.compile("^CSV")).click()
    rows = list(csv.reader(io.StringIO(Path(download.value.path()).read_text("utf-8-sig"))))
    rows[1][2], rows[2][0], rows[3][1] = "1,105", "Sep-21", "12.5"
    mended = tmp_path / "mended.csv"
    with mended.open("w", newline="") as file:
        csv.writer(file).writerows(rows)

    # And the mended rows are uploaded
    page.get_by_role("link", name="Upload the mended rows").click()
    page.get_by_label("The file").set_input_files(mended)
    page.get_by_role("button", name="Upload").click()
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Look before it is imported", timeout=20_000)
    expect(page.locator("#problems")).to_have_count(0)
    page.get_by_role("button", name="Import").click()

    # Then every month of both metrics is there
    expect(page.get_by_role("heading", level=1)).to_have_text("Imported", timeout=20_000)
    assert Measurement.objects.count() == 48
    assert Measurement.objects.filter(missing="suppressed").count() == 1
