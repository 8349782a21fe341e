"""A facilitator logs readings: by keyboard, from a spreadsheet, on a phone, signed out, offline, and at the same time
as somebody else."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone
from playwright.sync_api import BrowserContext, Locator, Page, expect

from accounts.permissions import Role
from rpiws.models import Checkpoint, Observation, Reading, Rpiw, State
from tests.browser.console import Console
from tests.factories.accounts import PASSWORD
from tests.factories.rpiws import MeasureFactory, ReadingFactory, RpiwFactory
from tests.factories.trusts import TrustFactory, ValueStreamFactory, member


class Ward:
    """An RPIW at Leeds whose 60-day remeasure is late, with three measures, and its facilitator."""

    def __init__(self) -> None:
        self.trust = TrustFactory(short_name="Leeds")
        self.facilitator = member(Role.FACILITATOR, self.trust, name="KPO facilitator, Leeds")
        reported_out = timezone.localdate() - timedelta(days=62)
        self.rpiw: Rpiw = RpiwFactory(
            value_stream=ValueStreamFactory(trust=self.trust, name="Critical care flow"),
            process="Neurosurgical critical care flow",
            state=State.FOLLOWING_UP,
            week_starts=reported_out - timedelta(days=4),
            week_ends=reported_out,
            reported_out=reported_out,
        )
        self.bed_state = MeasureFactory(rpiw=self.rpiw, name="Time to gather the bed state", target=Decimal(15))
        self.step_down = MeasureFactory(rpiw=self.rpiw, name="Step-down to bed vacated", unit="h")
        self.records = MeasureFactory(rpiw=self.rpiw, name="Records with a defect", defect_ratio=True)
        ReadingFactory(measure=self.bed_state, value=Decimal(50))
        ReadingFactory(measure=self.step_down, value=Decimal(1590))
        ReadingFactory(measure=self.records, numerator=28, denominator=28, sample_size=28)

    @property
    def address(self) -> str:
        return f"/rpiws/{self.rpiw.pk}/readings/?checkpoint=day_60"

    def reading(self, measure) -> Reading:
        return Reading.objects.get(measure=measure, checkpoint=Checkpoint.DAY_60)

    def count(self) -> int:
        return Reading.objects.filter(measure__rpiw=self.rpiw, checkpoint=Checkpoint.DAY_60).count()


@pytest.fixture
def ward(live_site: str) -> Ward:
    return Ward()


@pytest.fixture
def grid(page: Page, ward: Ward) -> Page:
    """The grid, open for the facilitator."""
    sign_in(page, ward.facilitator.email, to=ward.address)
    return page


def sign_in(page: Page, email: str, *, to: str = "/") -> None:
    page.goto(f"/accounts/login/?next={to.replace('?', '%3F').replace('&', '%26')}")
    fill_in_sign_in(page, email)


def fill_in_sign_in(page: Page, email: str) -> None:
    page.locator("[name=login]").fill(email)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("[name=password]").press("Enter")
    page.wait_for_load_state()


def box(page: Page, measure) -> Locator:
    return page.locator(f"#m{measure.pk}-value")


def cell(page: Page, measure) -> Locator:
    return page.locator(f"#cell-m{measure.pk}")


def paste(into: Locator, text: str) -> None:
    into.evaluate(
        """(box, text) => {
            box.focus();
            const data = new DataTransfer();
            data.setData("text", text);
            box.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true}));
        }""",
        text,
    )


def drafts(page: Page) -> list[str]:
    return page.evaluate("Object.keys(sessionStorage).filter(key => key.startsWith('readings:'))")


def test_readings_logged_with_the_keyboard_alone(grid: Page, ward: Ward) -> None:
    # Given the grid, with the first box in focus
    box(grid, ward.bed_state).focus()
    # When three values are typed, each followed by Enter
    grid.keyboard.type("9 min")
    grid.keyboard.press("Enter")
    expect(box(grid, ward.step_down)).to_be_focused()
    grid.keyboard.type("7h15")
    grid.keyboard.press("Enter")
    grid.keyboard.type("1/25")
    # Then what was understood stands beside each
    expect(cell(grid, ward.step_down)).to_contain_text("= 7 h 15 min")
    # And Shift+Enter goes up, Enter and Ctrl+S save
    grid.keyboard.press("Shift+Enter")
    expect(box(grid, ward.step_down)).to_be_focused()
    expect(grid.get_by_text("3 of 3 answered")).to_be_visible()
    grid.keyboard.press("Control+s")
    expect(grid.get_by_text("Saved at 60 days: 3 readings.")).to_be_visible()
    assert ward.reading(ward.bed_state).value == 9
    assert ward.reading(ward.step_down).value == 435
    assert ward.reading(ward.records).numerator == 1
    assert drafts(grid) == []


def test_escape_restores_and_arrows_move_at_the_edge(grid: Page, ward: Ward) -> None:
    box(grid, ward.bed_state).focus()
    grid.keyboard.type("12")
    grid.keyboard.press("Escape")
    expect(box(grid, ward.bed_state)).to_have_value("")
    grid.keyboard.type("12")
    grid.keyboard.press("ArrowLeft")
    expect(box(grid, ward.bed_state)).to_be_focused()
    grid.keyboard.press("End")
    grid.keyboard.press("ArrowRight")
    expect(box(grid, ward.step_down)).to_be_focused()
    grid.keyboard.press("ArrowDown")
    expect(box(grid, ward.records)).to_be_focused()
    grid.keyboard.press("ArrowUp")
    expect(box(grid, ward.step_down)).to_be_focused()


def test_block_pasted_from_a_spreadsheet(grid: Page, ward: Ward) -> None:
    paste(box(grid, ward.step_down), "7h15\r\n1/25\r\n420 m\r\n3\r\n")
    expect(box(grid, ward.step_down)).to_have_value("7h15")
    expect(box(grid, ward.records)).to_have_value("1/25")
    expect(grid.get_by_text("2 rows had no measure")).to_be_visible()
    expect(cell(grid, ward.records)).to_contain_text("= 4%")


BLOCKS = {
    "names in another order": (
        "step-down to bed vacated (h)\t7h15\nRECORDS WITH A DEFECT\t1/25\nTime to gather the bed state\t9 min\n",
        ["9 min", "7h15", "1/25"],
        "3 values pasted.",
    ),
    "checkpoints as headings, and a name of another RPIW": (
        "Measure\tBaseline\tDay 60\tTarget\nTime to gather the bed state\t50\t9\t15\nPorters called\t4\t3\t\n",
        ["9", "", ""],
        "1 value pasted; no row here is called “Porters called”; only 60 days was used, because it is open.",
    ),
    "headings in figures, without names": (
        "\t30\t60\nx\t50\t9 min\ny\t26 h\t7h15\n",
        ["", "", ""],
        "no row here is called",
    ),
    "headings alone": ("Baseline\t60 days\n50\t9 min\n26 h\t7h15\n", ["9 min", "7h15", ""], "2 values pasted"),
    "a ratio in two columns": ("50\t\n26 h\t\n6\t28\n", ["50", "26 h", "6/28"], "3 values pasted."),
    "a ratio below a wide heading": (
        "\tBaseline\t\t60 days\t\nRecords with a defect\t28\t28\t0\t25\n",
        ["", "", "0/25"],
        "only 60 days was used",
    ),
    "two checkpoints of a ratio": ("50\t9\n26 h\t7h15\n80%\t4%\n", ["50", "26 h", "80%"], "only the first column"),
    "lines, tabs and quotation marks in cells": (
        '"8\n9\n10"\n\n"the ""two""\tof 28"\n',
        ["8; 9; 10", "", 'the "two" of 28'],
        "2 values pasted.",
    ),
}


def test_block_with_names_headings_and_ratios(grid: Page, ward: Ward) -> None:
    measures = (ward.bed_state, ward.step_down, ward.records)
    for said, (block, expected, note) in BLOCKS.items():
        for measure in measures:
            box(grid, measure).evaluate("box => { box.value = ''; }")
        paste(box(grid, ward.bed_state), block)
        assert [box(grid, measure).input_value() for measure in measures] == expected, said
        expect(grid.locator(".htmx-request")).to_have_count(0)
        assert note in (grid.locator("[data-saving-note]").text_content() or ""), said
    # What cannot be read is said at its cell, and the others are kept
    expect(cell(grid, ward.bed_state)).to_contain_text("= 9 min, mean of 3")
    expect(cell(grid, ward.records)).to_contain_text("cannot be read as a ratio")


def test_ten_timings_on_a_phone(phone: Page, ward: Ward, axe) -> None:
    # Given the grid on a phone
    sign_in(phone, ward.facilitator.email, to=ward.address)
    assert phone.evaluate("document.documentElement.scrollWidth") == 375
    # When ten timings are typed, one below the other
    cell(phone, ward.bed_state).get_by_text("Timings…").click()
    timings = phone.locator(f"#m{ward.bed_state.pk}-timings")
    expect(timings).to_be_focused()
    timings.press_sequentially("\n".join(["8", "9", "10", "11", "12", "8", "9", "10", "11", "12"]))
    # Then n is counted and the mean worked out at once
    expect(cell(phone, ward.bed_state)).to_contain_text("= 10 min, mean of 10")
    # In place of a value, whose empty box is out of the way as soon as it is not in hand
    expect(box(phone, ward.bed_state)).to_be_hidden()
    axe(phone)
    phone.get_by_role("button", name="Save readings").click()
    expect(phone.get_by_text("Saved at 60 days: 1 reading.")).to_be_visible()
    reading = ward.reading(ward.bed_state)
    assert (reading.value, reading.sample_size) == (10, 10)
    assert Observation.objects.filter(reading=reading).count() == 10


def test_error_stands_at_its_cell_and_the_rest_is_kept(grid: Page, ward: Ward, axe, console: Console) -> None:
    console.expect("status of 422")
    box(grid, ward.bed_state).fill("9 min")
    box(grid, ward.records).fill("6/")
    grid.get_by_role("button", name="Save readings").click()
    summary = grid.locator(".nhsuk-error-summary")
    expect(summary).to_be_focused()
    expect(summary).to_contain_text("Not saved yet: one answer needs mending")
    assert ward.count() == 0
    axe(grid)
    summary.get_by_role("link").click()
    expect(box(grid, ward.records)).to_be_focused()
    expect(box(grid, ward.bed_state)).to_have_value("9 min")
    box(grid, ward.records).fill("6/28")
    grid.keyboard.press("Control+s")
    expect(grid.get_by_text("Saved at 60 days: 2 readings.")).to_be_visible()
    assert ward.count() == 2


def test_warning_offers_both_readings_and_never_stops(grid: Page, ward: Ward) -> None:
    box(grid, ward.bed_state).fill("9 h")
    box(grid, ward.bed_state).blur()
    expect(cell(grid, ward.bed_state)).to_contain_text("ten times the baseline or more")
    grid.get_by_role("button", name="Use 9 min").click()
    expect(box(grid, ward.bed_state)).to_have_value("9 min")
    expect(cell(grid, ward.bed_state)).to_contain_text("= 9 min")
    box(grid, ward.bed_state).fill("9 h")
    # Ctrl+S saves wherever the focus is
    grid.locator("h1").click()
    assert not grid.evaluate("document.activeElement.closest('#grid')")
    grid.keyboard.press("Control+s")
    expect(grid.get_by_text("Saved at 60 days: 1 reading.")).to_be_visible()
    expect(cell(grid, ward.bed_state)).to_contain_text("It is saved.")
    assert ward.reading(ward.bed_state).value == 540


def test_not_measured_with_its_reason(grid: Page, ward: Ward, console: Console) -> None:
    console.expect("status of 422")
    box(grid, ward.bed_state).fill("40 min")
    grid.get_by_role("button", name="Save readings").click()
    expect(grid.get_by_text("Saved at 60 days: 1 reading.")).to_be_visible()

    # Without a reason nothing is saved, the cell stays as it is, and what the save before said is gone
    cell(grid, ward.records).get_by_text("Not measured…").click()
    grid.get_by_role("button", name="Save readings").click()
    expect(cell(grid, ward.records)).to_contain_text("Choose why it was not measured")
    expect(grid.locator(f"#m{ward.records.pk}-not_measured")).to_be_visible()
    expect(grid.get_by_text("Saved at 60 days: 1 reading.")).to_have_count(0)
    grid.locator(f"#m{ward.records.pk}-because").fill("Corridor closed until April")
    expect(grid.get_by_text("2 of 3 answered")).to_be_visible()
    grid.get_by_role("button", name="Save readings").click()
    expect(grid.get_by_text("Saved at 60 days: 1 “not measured”.")).to_be_visible()
    assert ward.reading(ward.records).not_measured_note == "Corridor closed until April"
    assert ward.reading(ward.records).value is None


def test_saved_cell_opens_as_a_correction(grid: Page, ward: Ward, console: Console) -> None:
    console.expect("status of 422")
    ReadingFactory(measure=ward.records, checkpoint=Checkpoint.DAY_60, numerator=1, denominator=25, entered_as="1/25")
    grid.reload()
    # Given a value being typed elsewhere
    box(grid, ward.bed_state).fill("9 min")
    # When the saved cell is opened with F2
    cell(grid, ward.records).get_by_role("link").focus()
    grid.keyboard.press("F2")
    expect(box(grid, ward.records)).to_have_value("1/25")
    box(grid, ward.records).fill("2/25")
    grid.keyboard.press("Control+s")
    # Then it asks why, and keeps the rest
    expect(grid.locator(".nhsuk-error-summary")).to_contain_text("say why it is corrected")
    expect(box(grid, ward.bed_state)).to_have_value("9 min")
    grid.locator(f"#m{ward.records.pk}-why").fill("One record found in the second folder")
    grid.keyboard.press("Control+s")
    expect(grid.get_by_text("Saved at 60 days: 2 readings.")).to_be_visible()
    corrected = ward.reading(ward.records)
    assert (corrected.numerator, corrected.version) == (2, 2)
    assert corrected.correction_reason == "One record found in the second folder"
    # And what it was before, and why, is one step away, beside the way back into the cell
    cell(grid, ward.records).get_by_role("link", name="Correct Records with a defect").focus()
    grid.keyboard.press("Tab")
    grid.keyboard.press("Enter")
    expect(grid.get_by_text("60 days, Records with a defect: 8% (2 / 25), was 4% (1 / 25).")).to_be_visible()
    expect(grid.get_by_text("“One record found in the second folder”")).to_be_visible()


def test_sign_in_that_ended_keeps_what_was_typed(grid: Page, ward: Ward, context: BrowserContext) -> None:
    # Given typed values, and a sign-in that has ended meanwhile
    box(grid, ward.bed_state).fill("9 min")
    box(grid, ward.step_down).fill("7h15")
    context.clear_cookies(name="sessionid")
    # When they are saved
    grid.get_by_role("button", name="Save readings").click()
    # Then the page says so, and the values are still there after signing in
    expect(grid.get_by_text("Sign in and the 2 values are still here")).to_be_visible()
    assert ward.count() == 0
    grid.get_by_role("link", name="Sign in and save").click()
    fill_in_sign_in(grid, ward.facilitator.email)
    expect(box(grid, ward.bed_state)).to_have_value("9 min")
    expect(grid.get_by_text("Not saved: 2 values that you typed before are here again")).to_be_visible()
    grid.get_by_role("button", name="Save readings").click()
    expect(grid.get_by_text("Saved at 60 days: 2 readings.")).to_be_visible()
    assert ward.count() == 2
    assert drafts(grid) == []


@pytest.mark.parametrize("way", ["menu", "page"])
def test_draft_is_gone_from_every_tab_after_signing_out(grid: Page, ward: Ward, way: str) -> None:
    # Given a value typed in one tab, and another one that is open
    other = grid.context.new_page()
    other.goto("/")
    box(grid, ward.bed_state).fill("9 min")
    assert drafts(grid) == [f"readings:{ward.rpiw.pk}:{ward.facilitator.pk}:day_60"]
    # When the person signs out, in either of them
    if way == "menu":
        leaving = other
        leaving.get_by_role("button", name="Sign out").click()
    else:
        leaving = grid
        leaving.goto("/accounts/logout/")
        assert drafts(grid) != []
        leaving.locator("main").get_by_role("button", name="Sign out").click()
    leaving.wait_for_url("**/accounts/login/**")
    # Then nothing is left in the browser, and it does not come back
    assert drafts(grid) == []
    sign_in(grid, ward.facilitator.email, to=ward.address)
    expect(box(grid, ward.bed_state)).to_have_value("")


def test_draft_of_a_sign_in_that_ended_is_the_persons_own(grid: Page, ward: Ward, context: BrowserContext) -> None:
    # Given a value and single timings typed by one person, still there after looking elsewhere, whose sign-in ended
    other = member(Role.KPO_LEAD, ward.trust, name="KPO lead, Leeds")
    box(grid, ward.bed_state).fill("9 min")
    cell(grid, ward.step_down).get_by_text("Timings…").click()
    grid.locator(f"#m{ward.step_down.pk}-timings").fill("7\n8\n9")
    grid.goto("/")
    grid.go_back()
    expect(box(grid, ward.bed_state)).to_have_value("9 min")
    expect(cell(grid, ward.step_down)).to_contain_text("= 8 h, mean of 3")
    context.clear_cookies(name="sessionid")
    # When another one signs in on the same browser
    sign_in(grid, other.email, to=ward.address)
    # Then it is not theirs
    expect(grid.get_by_text("0 of 3 answered")).to_be_visible()
    expect(box(grid, ward.bed_state)).to_have_value("")
    expect(grid.locator(f"#m{ward.step_down.pk}-timings")).to_have_value("")
    # And the first one finds it again, as long as nobody signs out
    context.clear_cookies(name="sessionid")
    sign_in(grid, ward.facilitator.email, to=ward.address)
    expect(box(grid, ward.bed_state)).to_have_value("9 min")
    expect(cell(grid, ward.step_down)).to_contain_text("= 8 h, mean of 3")


def test_network_gone_keeps_what_was_typed(grid: Page, ward: Ward, context: BrowserContext, console: Console) -> None:
    console.expect("status of 422")
    console.expect_no_network()
    # Given an error that was mended just before the network went
    box(grid, ward.bed_state).fill("9 mi n/")
    grid.get_by_role("button", name="Save readings").click()
    expect(grid.locator(".nhsuk-error-summary")).to_be_visible()
    box(grid, ward.bed_state).fill("9 min")
    context.set_offline(True)
    grid.get_by_role("button", name="Save readings").click()
    expect(grid.get_by_text("Not saved: no connection. What you typed is kept in this browser.")).to_be_visible()
    expect(grid.locator(".nhsuk-error-summary")).to_have_count(0)
    assert drafts(grid) != []
    assert ward.count() == 0
    context.set_offline(False)
    grid.get_by_role("button", name="Try again").click()
    expect(grid.get_by_text("Saved at 60 days: 1 reading.")).to_be_visible()
    assert ward.count() == 1


def test_answer_lost_on_the_way_saves_once(grid: Page, ward: Ward, console: Console) -> None:
    console.expect_no_network()
    # Given a save that reaches the server, whose answer does not come back
    lost = []

    def swallow(route) -> None:
        if route.request.method == "POST" and not lost:
            lost.append(route.fetch(max_redirects=0))
            route.abort()
        else:
            route.continue_()

    grid.route(re.compile(r"/readings/\?checkpoint"), swallow)
    box(grid, ward.bed_state).fill("9 min")
    grid.get_by_role("button", name="Save readings").click()
    # Then the page does not claim what it cannot know, and keeps what was typed
    expect(grid.get_by_text("No answer came, so it is not known whether this was saved.")).to_be_visible()
    expect(box(grid, ward.bed_state)).to_have_value("9 min")
    assert drafts(grid) != []
    grid.get_by_role("button", name="Try again").click()
    expect(grid.get_by_text("Saved at 60 days: 1 reading.")).to_be_visible()
    assert ward.reading(ward.bed_state).version == 1


def test_page_loaded_again_after_a_lost_answer_finds_the_reading_saved_once(
    grid: Page, ward: Ward, console: Console
) -> None:
    console.expect_no_network()

    # Given a save whose answer was lost, and a person who loads the page anew instead of trying again
    def swallow(route) -> None:
        if route.request.method == "POST":
            route.fetch(max_redirects=0)
            route.abort()
        else:
            route.continue_()

    address = re.compile(r"/readings/\?checkpoint")
    grid.route(address, swallow)
    box(grid, ward.bed_state).fill("9 min")
    grid.get_by_role("button", name="Save readings").click()
    expect(grid.get_by_text("it is not known whether this was saved")).to_be_visible()
    grid.unroute(address)
    grid.reload()
    # Then what was typed stands there again, and saving it changes nothing
    expect(box(grid, ward.bed_state)).to_have_value("9 min")
    grid.get_by_role("button", name="Save readings").click()
    expect(grid.get_by_text("Nothing was new, so nothing was saved.")).to_be_visible()
    assert ward.reading(ward.bed_state).version == 1


def test_two_values_for_one_cell_are_both_shown(grid: Page, ward: Ward, axe, console: Console) -> None:
    console.expect("status of 409")
    # Given a cell that somebody else fills while it is being typed
    box(grid, ward.records).fill("1/25")
    box(grid, ward.bed_state).fill("9 min")
    other = member(Role.KPO_LEAD, ward.trust, name="KPO lead, Leeds")
    ReadingFactory(measure=ward.records, checkpoint=Checkpoint.DAY_60, numerator=2, denominator=25, recorded_by=other)
    grid.get_by_role("button", name="Save readings").click()
    # Then both values are shown, nothing is chosen and nothing overwritten
    conflict = cell(grid, ward.records)
    expect(conflict).to_contain_text("KPO lead, Leeds saved 8% (2 / 25)")
    expect(conflict).to_contain_text("You typed 1/25")
    expect(conflict.locator("input:checked")).to_have_count(0)
    assert ward.reading(ward.records).numerator == 2
    expect(box(grid, ward.bed_state)).to_have_value("9 min")
    axe(grid)
    # And choosing mine saves it as a correction
    conflict.get_by_text("Save mine: 4%").click()
    grid.get_by_role("button", name="Save readings").click()
    expect(grid.get_by_text("Saved at 60 days: 2 readings.")).to_be_visible()
    assert (ward.reading(ward.records).numerator, ward.reading(ward.records).version) == (1, 2)


def test_change_of_mind_from_a_value_to_not_measured_and_back(grid: Page, ward: Ward, axe, console: Console) -> None:
    console.expect("status of 422")
    # Given a value, and then "Not measured…" with its reason
    box(grid, ward.records).fill("6/28")
    box(grid, ward.records).blur()
    expect(cell(grid, ward.records)).to_contain_text("= 21.4%")
    cell(grid, ward.records).get_by_text("Not measured…").click()
    grid.locator(f"#m{ward.records.pk}-because").fill("Corridor closed until April")
    expect(box(grid, ward.records)).to_be_hidden()
    # When the mind is changed, and changed again
    cell(grid, ward.records).get_by_text("Measure", exact=True).click()
    expect(box(grid, ward.records)).to_have_value("6/28")
    expect(cell(grid, ward.records)).to_contain_text("= 21.4%")
    cell(grid, ward.records).get_by_text("Not measured…").click()
    expect(grid.locator(f"#m{ward.records.pk}-because")).to_have_value("Corridor closed until April")
    # Then a value that comes beside the reason is in view, where the refusal leads
    grid.locator(f"#m{ward.bed_state.pk}-value").fill("9 min")
    box(grid, ward.records).evaluate(
        "box => { box.value = '6/28'; box.dispatchEvent(new Event('input', {bubbles: true})); }"
    )
    grid.get_by_role("button", name="Save readings").click()
    grid.locator(".nhsuk-error-summary").get_by_role("link").click()
    expect(box(grid, ward.records)).to_be_focused()
    axe(grid)
    box(grid, ward.records).fill("")
    grid.keyboard.press("Control+s")
    expect(grid.get_by_text("Saved at 60 days: 1 reading, 1 “not measured”.")).to_be_visible()
    assert ward.reading(ward.records).not_measured_note == "Corridor closed until April"


def test_dispute_saved_without_a_choice_and_then_with_one(grid: Page, ward: Ward, axe, console: Console) -> None:
    console.expect("status of 409")
    console.expect("status of 422")
    # Given a cell that two people filled
    box(grid, ward.records).fill("1/25")
    ReadingFactory(measure=ward.records, checkpoint=Checkpoint.DAY_60, numerator=2, denominator=25)
    grid.get_by_role("button", name="Save readings").click()
    expect(cell(grid, ward.records)).to_contain_text("You typed 1/25")
    # When it is saved again without choosing
    grid.get_by_role("button", name="Save readings").click()
    # Then both values are still there, and the summary leads to them
    summary = grid.locator(".nhsuk-error-summary")
    expect(summary).to_contain_text("choose one of the two values")
    expect(cell(grid, ward.records).get_by_text("Keep theirs: 8%")).to_be_visible()
    axe(grid)
    summary.get_by_role("link").click()
    expect(grid.locator(f"#m{ward.records.pk}-choice")).to_be_focused()
    # And a choice stands while another cell is mended
    cell(grid, ward.records).get_by_text("Save mine: 4%").click()
    box(grid, ward.bed_state).fill("9 mi n/")
    grid.get_by_role("button", name="Save readings").click()
    expect(summary).to_contain_text("Not saved yet: one answer needs mending")
    expect(grid.locator(f"#m{ward.records.pk}-choice")).to_be_checked()
    box(grid, ward.bed_state).fill("9 min")
    grid.get_by_role("button", name="Save readings").click()
    expect(grid.get_by_text("Saved at 60 days: 2 readings.")).to_be_visible()
    assert (ward.reading(ward.records).numerator, ward.reading(ward.records).version) == (1, 2)


def test_wrong_sample_period_note_and_day_are_corrected(grid: Page, ward: Ward, axe, console: Console) -> None:
    console.expect("status of 422")
    # Given a baseline whose sample was typed with two noughts too many, and a sample that all new readings share
    Reading.objects.filter(measure=ward.bed_state).update(
        sample_size=2500,
        entered_as="50 min",
        period="1 to 9 March",
        measured_on=ward.rpiw.week_starts - timedelta(days=7),
    )
    grid.reload()
    box(grid, ward.bed_state).fill("9 min")
    box(grid, ward.bed_state).blur()
    expect(cell(grid, ward.bed_state)).to_contain_text("= 9 min")
    grid.get_by_label("Sample, where not said").fill("2")
    grid.get_by_label("Measured on").fill(str(ward.rpiw.reported_out + timedelta(days=1)))
    grid.get_by_label("Measured on").blur()
    # Then the sample is asked about at its value, and the day below its box
    expect(cell(grid, ward.bed_state)).to_contain_text("This reading has 2 observations, the baseline 2500.")
    expect(grid.locator("#measured_on-asked")).to_contain_text("59 days before its date")
    axe(grid)
    # When the baseline is opened, and moved into the week
    grid.goto(f"/rpiws/{ward.rpiw.pk}/readings/?checkpoint=baseline")
    expect(cell(grid, ward.bed_state)).to_contain_text("Period: 1 to 9 March")
    cell(grid, ward.bed_state).get_by_role("link").click()
    cell(grid, ward.bed_state).get_by_text("day, period, sample, note…").click()
    # What opens takes the focus a moment later, and what is typed meanwhile would land there.
    expect(cell(grid, ward.bed_state).locator("[data-timings]")).to_be_focused()
    own = f"#m{ward.bed_state.pk}"
    grid.locator(f"{own}-sample").fill("25")
    grid.locator(f"{own}-period").fill("2 to 9 March")
    grid.locator(f"{own}-note").fill("Counted by hand")
    grid.locator(f"{own}-measured_on").fill(str(ward.rpiw.week_starts))
    grid.locator(f"{own}-why").fill("Two noughts too many")
    expect(grid.locator(f"{own}-measured_on-asked")).to_contain_text("A baseline is from before the week")
    grid.keyboard.press("Control+s")
    # Then it is refused at the day, and saved when that is mended
    expect(grid.locator(f"{own}-measured_on-error")).to_contain_text("A baseline is from before the week")
    grid.locator(".nhsuk-error-summary").get_by_role("link").click()
    expect(grid.locator(f"{own}-measured_on")).to_be_focused()
    grid.locator(f"{own}-measured_on").fill(str(ward.rpiw.week_starts - timedelta(days=8)))
    axe(grid)
    grid.locator(f"{own}-measured_on").press("Control+s")
    expect(grid.get_by_text("Saved at baseline: 1 reading.")).to_be_visible(timeout=15_000)
    mended = Reading.objects.get(measure=ward.bed_state, checkpoint=Checkpoint.BASELINE)
    assert (mended.sample_size, mended.period, mended.note) == (25, "2 to 9 March", "Counted by hand")
    assert mended.measured_on == ward.rpiw.week_starts - timedelta(days=8)
    # And the RPIW's page tells it, one step from the figures
    grid.goto(f"/rpiws/{ward.rpiw.pk}/")
    grid.get_by_text("Day, period, sample and note of each reading").click()
    expect(grid.locator(".taken-table")).to_contain_text("Counted by hand")
    axe(grid)


def test_double_click_saves_once(grid: Page, ward: Ward) -> None:
    box(grid, ward.bed_state).fill("9 min")
    grid.get_by_role("button", name="Save readings").dblclick()
    expect(grid.get_by_text("Saved at 60 days: 1 reading.")).to_be_visible()
    assert ward.reading(ward.bed_state).version == 1


@pytest.mark.parametrize("width", [1280, 375, 320])
def test_grid_and_due_list_have_no_violation_and_no_sideways_scroll(page: Page, ward: Ward, axe, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 740})
    sign_in(page, ward.facilitator.email, to=ward.address)
    box(page, ward.bed_state).fill("9 h")
    box(page, ward.bed_state).blur()
    expect(cell(page, ward.bed_state)).to_contain_text("ten times the baseline or more")
    for address in (None, f"/rpiws/{ward.rpiw.pk}/observations/", "/due/?whose=trust"):
        if address:
            page.goto(address)
        axe(page)
        assert page.evaluate("document.documentElement.scrollWidth") == width


def test_grid_without_javascript(new_context: Callable[..., BrowserContext], ward: Ward, console: Console) -> None:
    console.expect("status of 422")
    page = new_context(java_script_enabled=False).new_page()
    sign_in(page, ward.facilitator.email, to=ward.address)
    box(page, ward.bed_state).fill("9 h")
    box(page, ward.records).fill("6/")
    page.get_by_role("button", name="Save readings").click()
    expect(page.locator(".nhsuk-error-summary")).to_contain_text("Not saved yet")
    expect(box(page, ward.bed_state)).to_have_value("9 h")
    expect(cell(page, ward.bed_state)).to_contain_text("= 540 min")
    box(page, ward.records).fill("6/28")
    page.get_by_role("button", name="Save readings").click()
    expect(page.get_by_text("Saved at 60 days: 2 readings.")).to_be_visible()
    # The warning comes with the save, with its correction one step away
    page.get_by_role("link", name="Change to 9 min").click()
    expect(box(page, ward.bed_state)).to_have_value("9 min")
    page.locator(f"#m{ward.bed_state.pk}-why").fill("Hours typed for minutes")
    page.get_by_role("button", name="Save readings").click()
    expect(page.get_by_text("Saved at 60 days: 1 reading.")).to_be_visible()
    assert ward.reading(ward.bed_state).value == 9


def test_future_checkpoint_says_when_it_opens(grid: Page, ward: Ward) -> None:
    opens: date = ward.rpiw.reported_out + timedelta(days=76)
    grid.goto(f"/rpiws/{ward.rpiw.pk}/readings/?checkpoint=day_90")
    expect(grid.locator("input[data-box]")).to_have_count(0)
    expect(grid.locator("td.now .opens").first).to_contain_text(f"Opens on {opens:%A} {opens.day} {opens:%B}")
