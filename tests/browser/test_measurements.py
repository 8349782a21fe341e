"""A facilitator logs a value stream's measurements: by keyboard, from a spreadsheet, on a phone, beside a colleague."""

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from playwright.sync_api import Page, expect

from accounts.permissions import Role
from metrics.models import Measurement, MetricVersion
from tests.browser.console import Console
from tests.browser.test_grid import paste, sign_in
from tests.factories.metrics import MetricFactory, MetricVersionFactory, month, series
from tests.factories.trusts import TrustFactory, ValueStreamFactory, member

JANUARY, FEBRUARY, MARCH, APRIL = (month(n) for n in range(12, 16))


class Theatres:
    """A value stream with two metrics, measured until December 2015, one of them amended from March on."""

    def __init__(self) -> None:
        trust = TrustFactory(short_name="Leeds")
        self.facilitator = member(Role.FACILITATOR, trust, name="KPO facilitator, Leeds")
        self.stream = ValueStreamFactory(trust=trust, name="Theatres")
        self.late = MetricVersionFactory(metric=MetricFactory(value_stream=self.stream, name="Late starts", position=1))
        self.waits = MetricVersionFactory(
            metric=MetricFactory(value_stream=self.stream, name="Longest wait", position=2), unit="days"
        )
        series(self.late, [20 + n % 3 for n in range(12)])
        series(self.waits, [60 + n % 7 for n in range(12)])
        self.narrow = MetricVersionFactory(
            metric=self.late.metric, number=2, reason="Too broad", applies_from=MARCH, numerator="Late in theatre 5"
        )

    @property
    def address(self) -> str:
        return f"/value-streams/{self.stream.pk}/measurements/"

    def count(self) -> int:
        return Measurement.objects.filter(on__gte=JANUARY).count()


@pytest.fixture
def theatres(live_site: str) -> Theatres:
    return Theatres()


@pytest.fixture
def grid(page: Page, theatres: Theatres) -> Page:
    sign_in(page, theatres.facilitator.email, to=theatres.address)
    return page


def box(page: Page, version: MetricVersion, on: date) -> "object":
    return page.locator(f"#c{version.pk}d{on:%Y%m%d}-value")


def cell(page: Page, version: MetricVersion, on: date) -> "object":
    return page.locator(f"#cell-c{version.pk}d{on:%Y%m%d}")


def test_block_from_a_spreadsheet_fills_rows_and_columns_and_is_saved_by_keyboard(
    grid: Page, theatres: Theatres, axe: Callable[[Page], None], console: Console
) -> None:
    console.expect("status of 422")
    # Given the grid, with the cursor in January's late starts
    axe(grid)
    first = box(grid, theatres.late, JANUARY)
    first.focus()
    # When a block of two months, three columns wide, is pasted
    paste(first, "18.4%\t\t61\n92/500\t7\tlong\n")
    # Then each value stands in its cell and is understood; what had none is said
    expect(cell(grid, theatres.waits, JANUARY)).to_contain_text("= 61 days")
    expect(cell(grid, theatres.late, FEBRUARY)).to_contain_text("= 18.4%")
    expect(cell(grid, theatres.waits, FEBRUARY)).to_contain_text("cannot be read as a time")
    expect(grid.get_by_text("4 values pasted; 1 value had no cell to go to.")).to_be_visible()
    # And where a block names periods and metrics, each value goes where its names say
    heads = "Month\tLongest wait (days)\tLate starts\tAll operations"
    paste(first, f"{heads}\nApr-16\t5\t6\t28\nMay-17\t5\t6\t28")
    expect(grid.get_by_text("2 values pasted; no row here is called “May-17”.")).to_be_visible()
    for version, pasted, read in ((theatres.narrow, "6/28", "= 21.4%"), (theatres.waits, "5", "= 5 days")):
        expect(box(grid, version, APRIL)).to_have_value(pasted)
        expect(cell(grid, version, APRIL)).to_contain_text(read)
        box(grid, version, APRIL).fill("")
    box(grid, theatres.late, JANUARY).focus()
    # And Enter moves down the column, the arrows across it
    grid.keyboard.press("Enter")
    expect(box(grid, theatres.late, FEBRUARY)).to_be_focused()
    grid.keyboard.press("End")
    grid.keyboard.press("ArrowRight")
    expect(box(grid, theatres.waits, FEBRUARY)).to_be_focused()
    # And a save with a mistake saves nothing and leads to it
    grid.keyboard.press("Control+s")
    expect(grid.get_by_role("heading", name="Not saved yet: one value needs mending")).to_be_visible()
    axe(grid)
    assert theatres.count() == 0
    expect(box(grid, theatres.late, JANUARY)).to_have_value("18.4%")
    box(grid, theatres.waits, FEBRUARY).fill("60 h")
    grid.keyboard.press("Control+s")
    expect(grid.get_by_text("Saved: 4 values.")).to_be_visible()
    assert Measurement.objects.get(version=theatres.waits, on=FEBRUARY).value == Decimal("2.5")
    assert Measurement.objects.get(version=theatres.late, on=FEBRUARY).denominator == 500
    # Then a saved value opens in its place to be corrected, with the reason asked for
    cell(grid, theatres.late, JANUARY).get_by_role("link").click()
    box(grid, theatres.late, JANUARY).fill("19")
    grid.locator(f"#c{theatres.late.pk}d20160101-why").fill("A list was missing")
    grid.get_by_role("button", name="Save measurements").dblclick()
    expect(grid.get_by_text("Saved: 1 correction.")).to_be_visible()
    corrected = Measurement.objects.get(version=theatres.late, on=JANUARY)
    assert (corrected.value, corrected.row_version) == (19, 2)


def test_two_people_at_once_choose_on_a_phone(
    phone: Page, theatres: Theatres, axe: Callable[[Page], None], console: Console
) -> None:
    console.expect("status of 409")
    # Given the grid on a phone, and a value that somebody else enters meanwhile
    sign_in(phone, theatres.facilitator.email, to=theatres.address)
    axe(phone)
    assert phone.evaluate("document.documentElement.scrollWidth") <= 375
    Measurement.objects.create(version=theatres.narrow, on=APRIL, value=Decimal(9))
    # When both are saved
    box(phone, theatres.narrow, APRIL).fill("7")
    phone.get_by_role("button", name="Save measurements").click()
    # Then both values are shown, and the person chooses
    expect(phone.get_by_text(re.compile("somebody else changed a cell meanwhile"))).to_be_visible()
    axe(phone)
    phone.get_by_text("Save mine: 7%").click()
    phone.get_by_role("button", name="Save measurements").click()
    expect(phone.get_by_text("Saved: 1 correction.")).to_be_visible()
    row = Measurement.objects.get(version=theatres.narrow, on=APRIL)
    assert (row.value, row.correction_reason) == (7, "Two values were entered; this one was chosen.")
