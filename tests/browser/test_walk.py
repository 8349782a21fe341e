"""The product's main job from end to end, on the example partnership: a facilitator logs readings on a phone, a worker
recomputes, everybody at the trust sees the new dashboard, and nobody else does."""

import csv
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from accounts.permissions import Role
from examples.loading.context import PUBLISHED_PERIOD
from examples.loading.tables import FOLDER
from rpiws.models import Checkpoint, Measure, Observation, Reading
from tests.browser.conftest import PHONE
from tests.browser.console import Console
from tests.example import MEAN_IN_MINUTES, TIMINGS, Example, sign_in
from tests.processes import WorkerProcess
from trusts.models import Trust

pytestmark = pytest.mark.timeout(240)

DESK = {"width": 1280, "height": 900}
COLUMNS = [
    *("value_streams", "held", "complete"),
    *("lead_time_n", "lead_time_baseline", "lead_time_post"),
    *("defects_n", "defects_baseline", "defects_post"),
    *("defect_ratio_n", "defect_ratio_baseline", "defect_ratio_post"),
]
Axe = Callable[[Page], None]


@pytest.fixture
def example(live_site: str) -> Example:
    return Example()


@pytest.fixture
def somebody_else(new_context: Callable[..., BrowserContext]) -> BrowserContext:
    """Another browser, on another desk."""
    return new_context(viewport=DESK)


@pytest.fixture
def looks_right(axe: Axe) -> Axe:
    """`looks_right(page)`: no barrier and no sideways scroll, at a desk and on a phone."""

    def look(page: Page) -> None:
        before = page.viewport_size
        for size in (DESK, PHONE):
            page.set_viewport_size(size)
            assert page.evaluate("document.documentElement.scrollWidth") == size["width"], (
                f"{page.url} scrolls sideways"
            )
            axe(page)
        page.set_viewport_size(before)

    return look


def test_ten_timings_typed_on_a_phone_change_the_dashboard_on_a_desk(
    phone: Page, somebody_else: BrowserContext, example: Example, worker: WorkerProcess, looks_right: Axe
) -> None:
    rpiw = example.due_at_60_days
    lead_time = rpiw.measures.get(kind=Measure.Kind.LEAD_TIME)

    # Given the value stream's dashboard, open on a desk at Leeds
    dashboard = somebody_else.new_page()
    sign_in(dashboard, Role.EXECUTIVE_SPONSOR, example.leeds, to=f"/value-streams/{example.stream.pk}/")
    expect(dashboard.get_by_role("heading", level=1)).to_have_text(example.stream.name)
    figure = dashboard.locator("#before-after")
    row = figure.get_by_role("row", name=re.compile(f"{rpiw.process}.*{lead_time.name}"), include_hidden=True)
    expect(row).to_contain_text("30 days")
    before, version = figure.locator(".figure").first.inner_text(), shown_version(dashboard)
    dashboard.evaluate("window.notReloaded = true")

    # When the facilitator signs in on a phone, and opens the RPIW that is due from the first page
    sign_in(phone, Role.FACILITATOR, example.leeds)
    expect(phone.get_by_role("heading", level=1)).to_have_text("Your work")
    looks_right(phone)
    due = phone.locator("#due").get_by_role("listitem").filter(has_text=rpiw.process)
    expect(due).to_contain_text("60-day remeasure")
    due.get_by_role("link", name=re.compile("Log 60-day readings")).click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Log readings")
    looks_right(phone)

    # And types ten timings, one below the other, as people say them
    cell = phone.locator(f"#cell-m{lead_time.pk}")
    cell.get_by_text("Timings…").click()
    phone.locator(f"#m{lead_time.pk}-timings").press_sequentially("\n".join(TIMINGS))
    expect(cell).to_contain_text("mean of 10")
    phone.get_by_role("button", name="Save readings").click()

    # Then they are saved, once, as ten observations and their mean
    expect(phone.get_by_text("Saved at 60 days: 1 reading.")).to_be_visible()
    reading = Reading.objects.get(measure=lead_time, checkpoint=Checkpoint.DAY_60)
    assert (float(reading.value), reading.sample_size, reading.version) == (MEAN_IN_MINUTES, 10, 1)
    assert Observation.objects.filter(reading=reading).count() == 10

    # And the dashboard on the desk shows a new version with the new figure, without a reload
    expect(row).to_contain_text("60 days", timeout=20_000)
    expect(row).to_contain_text(f"{MEAN_IN_MINUTES} min")
    expect(dashboard.locator("#freshness")).to_contain_text("Updated to version")
    assert shown_version(dashboard) > version
    assert figure.locator(".figure").first.inner_text() != before
    assert dashboard.evaluate("window.notReloaded") is True
    looks_right(dashboard)

    # And so do the RPIW's page, the trust's and the partnership's
    phone.goto(f"/rpiws/{rpiw.pk}/")
    report = phone.get_by_role("row", name=re.compile(lead_time.name))
    expect(report).to_contain_text(f"{MEAN_IN_MINUTES} min")
    for address in (f"/rpiws/{rpiw.pk}/", f"/trusts/{example.leeds.ods_code}/", "/partnership/"):
        phone.goto(address)
        looks_right(phone)


def test_another_trusts_facilitator_can_neither_see_it_nor_do_it(
    page: Page, example: Example, looks_right: Axe, console: Console
) -> None:
    console.expect("status of 404")
    rpiw, stream, leeds = example.due_at_60_days, example.stream, example.leeds
    measure = rpiw.measures.first()
    held = Reading.objects.count()

    # Given the facilitator of Shrewsbury, who sees and may log what is Shrewsbury's
    sign_in(page, Role.FACILITATOR, example.shrewsbury)
    page.goto(f"/rpiws/{example.rpiw('Sepsis screening in the emergency department').pk}/readings/")
    expect(page.get_by_role("button", name="Save readings")).to_be_visible()

    # When they ask for any page of the RPIW, its value stream or its trust
    closed = [
        f"/rpiws/{rpiw.pk}/",
        f"/rpiws/{rpiw.pk}/print/",
        f"/rpiws/{rpiw.pk}/readings/",
        f"/rpiws/{rpiw.pk}/readings/?checkpoint=day_60",
        f"/rpiws/{rpiw.pk}/observations/",
        f"/rpiws/{rpiw.pk}/people/",
        f"/rpiws/{rpiw.pk}/preparation/",
        f"/value-streams/{stream.pk}/",
        f"/value-streams/{stream.pk}/fresh/",
        f"/value-streams/{stream.pk}/about/",
        f"/value-streams/{stream.pk}/rows.csv",
        f"/value-streams/{stream.pk}/rows.xlsx",
        f"/trusts/{leeds.ods_code}/",
        f"/trusts/{leeds.ods_code}/fresh/",
        f"/trusts/{leeds.ods_code}/context/",
        f"/trusts/{leeds.ods_code}/value-streams/",
        f"/history/rpiws/rpiw/{rpiw.pk}/",
    ]
    # Then there is no such page
    answers = {address: page.request.get(address).status for address in closed}
    assert answers == dict.fromkeys(closed, 404)
    page.goto(closed[0])
    looks_right(page)

    # And no list of theirs, nor the partnership's page outside the published period, names it
    for address in ("/", "/due/", "/due/?whose=trust", "/rpiws/", "/partnership/", f"/rpiws/?q={rpiw.process}"):
        text = page.request.get(address).text().replace(f'value="{rpiw.process}"', "")
        assert rpiw.process not in text, address
        assert stream.name not in text, address

    # And what they send is refused, with nothing kept
    token = next(cookie["value"] for cookie in page.context.cookies() if cookie["name"] == "csrftoken")
    typed = {f"m{measure.pk}-value": "5 h", f"m{measure.pk}-seen": "0", "csrfmiddlewaretoken": token}
    for address in (
        f"/rpiws/{rpiw.pk}/readings/?checkpoint=day_60",
        f"/rpiws/{rpiw.pk}/readings/read/",
        f"/rpiws/{rpiw.pk}/steps/close/",
        f"/measures/{measure.pk}/delete/",
    ):
        answer = page.request.post(address, form=typed, headers={"Referer": page.url})
        assert answer.status == 404, address
    assert Reading.objects.count() == held


def test_partnership_page_shows_the_published_table_computed(page: Page, example: Example, looks_right: Axe) -> None:
    # Given the partnership's page in the published period
    sign_in(page, Role.CHIEF_EXECUTIVE, example.leeds, to="/partnership/")
    page.get_by_role("link", name=PUBLISHED_PERIOD).click()
    expect(page.locator("#per-trust")).to_contain_text(PUBLISHED_PERIOD)
    shown = shown_table(page)
    # Then each trust's figures, and their sums, are those that the report's Table 7.2 prints
    for printed in printed_table("table_7_2.csv"):
        of = shown[printed["trust"]]
        for column in ("lead_time_n", "defects_n", "defect_ratio_n"):
            assert of[column] == printed[column], (printed["trust"], column)
        for end in ("baseline", "post"):
            assert of[f"lead_time_{end}"] == printed[f"lead_time_{end}_hours"], printed["trust"]
            # The report cuts its sums of defects to whole numbers; what it did not print is missing, not zero.
            assert of[f"defects_{end}"].split(".")[0] == (printed[f"defects_{end}"] or "none"), printed["trust"]
            if printed["trust"] != "Total":
                assert of[f"defect_ratio_{end}"] == printed[f"defect_ratio_{end}"], printed["trust"]
    # And so are Table 7.1's counts of value streams, RPIWs and complete RPIWs
    for printed in printed_table("table_7_1.csv"):
        of = shown[printed["trust"]]
        assert (of["value_streams"], of["held"], of["complete"]) == (
            printed["value_streams"],
            printed["rpiws"],
            printed["rpiws_with_complete_measures"],
        )
    # And both totals of the defect ratio stand there, each with what it is a mean of
    expect(page.locator("#ratio")).to_contain_text(re.compile(r"\.57 to \.21 is the mean of the means of five trusts"))
    expect(page.locator("#ratio")).to_contain_text(re.compile(r"\.582 to \.213 is the mean of the 90 measures"))
    expect(page.locator("#tests")).to_contain_text("t(81) = 4.077")
    expect(page.locator("footer")).to_contain_text("Reconstructed to match published totals")
    looks_right(page)


def printed_table(name: str) -> list[dict[str, str]]:
    with (FOLDER / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def shown_table(page: Page) -> dict[str, dict[str, str]]:
    """The figures of the partnership's page by trust, as the report abbreviates it, and column."""
    abbreviations = dict(Trust.objects.values_list("name", "abbreviation"))
    found = {}
    for row in page.locator("#per-trust tbody tr").all():
        name = row.get_by_role("rowheader")
        trust = name.locator("abbr")
        called = abbreviations[trust.get_attribute("title")] if trust.count() else "Total"
        texts = [text.strip().replace(",", "") for text in row.locator("td").all_inner_texts()]
        found[called] = dict(zip(COLUMNS, texts, strict=True))
    assert set(found) == {*abbreviations.values(), "Total"}
    return found


def shown_version(page: Page) -> int:
    return int(re.search(r"version (\d+)", page.locator("#freshness").inner_text())[1])
