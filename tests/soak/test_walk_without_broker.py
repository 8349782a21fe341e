"""The broker dies while a facilitator logs readings through the pages: nothing is lost, the pages say what they wait
for, and the dashboards catch up by themselves when it is back."""

import re
import threading
import time
import uuid
from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from accounts.permissions import Role
from rpiws.models import Checkpoint, Measure, Reading, Rpiw, State
from snapshots.freshness import freshness, latest, oldest_mark_age
from tests.browser.conftest import browser_type_launch_args
from tests.example import Example, sign_in
from tests.faults import BeatProcess, FaultyBroker
from tests.processes import SiteProcess, WorkerProcess, wait_until

__all__ = ["browser_type_launch_args"]

pytestmark = [pytest.mark.soak, pytest.mark.timeout(300)]

DAYS = (Checkpoint.DAY_30, Checkpoint.DAY_60, Checkpoint.DAY_90)
CATCH_UP_SECONDS = 30
TYPED = {
    Measure.Kind.LEAD_TIME: "41 min",
    Measure.Kind.DEFECTS: "3",
    Measure.Kind.DEFECT_RATIO: "2/25",
    Measure.Kind.WALKING: "120 m",
    Measure.Kind.SAFETY_5S: "3",
}


@pytest.fixture
def site(own_broker: FaultyBroker) -> Iterator[SiteProcess]:
    """A site that sends to the test's own broker."""
    process = SiteProcess()
    process.start()
    yield process
    process.stop()


@pytest.fixture
def page(browser: Browser, site: SiteProcess) -> Iterator[Page]:
    context = browser.new_context(base_url=site.address, locale="en-GB", timezone_id="Europe/London")
    yield context.new_page()
    context.close()


@pytest.fixture
def example(own_broker: FaultyBroker) -> Example:
    return Example()


def test_readings_logged_while_the_broker_is_dead_are_kept_and_shown_once_it_is_back(
    example: Example, page: Page, own_broker: FaultyBroker, worker: WorkerProcess, beat: BeatProcess
) -> None:
    # Given the dashboard of the value stream whose 60-day remeasure is due, open beside the facilitator's grid
    rpiw, stream = example.due_at_60_days, example.stream
    sign_in(page, Role.FACILITATOR, example.leeds, to=f"/value-streams/{stream.pk}/")
    version = latest("value_stream", stream.pk).version
    page.evaluate("window.notReloaded = true")
    grid = page.context.new_page()
    grid.goto(f"/rpiws/{rpiw.pk}/readings/?checkpoint=day_60")
    open_cells = cells_to_fill(example)
    assert len(open_cells) >= 12
    held = Reading.objects.count()

    # When the broker dies in the middle of what is logged
    began = time.monotonic()
    saved = [save(page, *cell) for cell in open_cells[:3]]
    death = threading.Thread(target=own_broker.kill)
    death.start()
    saved += [save(page, *cell) for cell in open_cells[3:]]
    death.join()
    # And one more is typed by hand, and the last one is sent twice
    lead_time = rpiw.measures.get(kind=Measure.Kind.LEAD_TIME)
    grid.locator(f"#m{lead_time.pk}-value").fill("6 h; 5 h 30 min; 6 h 30 min")
    grid.get_by_role("button", name="Save readings").click()
    expect(grid.get_by_text("Saved at 60 days: 1 reading.")).to_be_visible()
    again = save(page, *open_cells[-1][:2], key=open_cells[-1][2])

    # Then everyone was answered at once, and every accepted save is stored, once
    assert all(status == 200 for status, _ in [*saved, again])
    assert max(seconds for _, seconds in saved) < 2
    assert Reading.objects.count() == held + len(open_cells) + 1
    written = Reading.objects.filter(measure__in=[measure for measure, *_ in open_cells]).filter(synthetic=False)
    assert sorted(written.values_list("version", flat=True)) == [1] * len(open_cells)
    assert time.monotonic() - began < 120

    # And the page says that the dashboard is being brought up to date, and shows what it has
    page.bring_to_front()
    expect(page.locator("#newer")).to_contain_text("Being brought up to date", timeout=15_000)
    expect(page.locator("#before-after")).not_to_contain_text("360 min")
    assert freshness("value_stream", stream.pk).updating

    # And when the broker is back, the open page and every dashboard catch up by themselves
    own_broker.start()
    back = time.monotonic()
    expect(page.locator("#before-after")).to_contain_text("360 min", timeout=CATCH_UP_SECONDS * 1000)
    expect(page.locator("#newer")).to_be_empty(timeout=CATCH_UP_SECONDS * 1000)
    wait_until(lambda: oldest_mark_age() == 0, seconds=CATCH_UP_SECONDS - (time.monotonic() - back), why=worker.log)
    assert page.evaluate("window.notReloaded") is True
    assert int(re.search(r"version (\d+)", page.locator("#freshness").inner_text())[1]) > version
    for owed in {measure.rpiw for measure, *_ in open_cells}:
        shown = latest("value_stream", owed.value_stream_id).body["measures"]
        posts = {row["id"]: row["post"] for row in shown}
        assert all(posts[measure.pk] for measure, *_ in open_cells if measure.rpiw_id == owed.pk)


def cells_to_fill(example: Example) -> list[tuple[Measure, Checkpoint, uuid.UUID]]:
    """What Leeds owes on its RPIWs other than the one in hand, a cell at a time, each with the key of its save."""
    rpiws = Rpiw.objects.filter(
        value_stream__trust=example.leeds, state=State.FOLLOWING_UP, source="Generated for the example"
    ).exclude(pk=example.due_at_60_days.pk)
    return [
        (measure, checkpoint, uuid.uuid4())
        for measure in Measure.objects.filter(rpiw__in=rpiws).select_related("rpiw")
        for checkpoint in _owed(measure)
    ]


def _owed(measure: Measure) -> list[Checkpoint]:
    answered = set(measure.readings.values_list("checkpoint", flat=True))
    return [checkpoint for checkpoint in DAYS if checkpoint not in answered][:1]


def save(page: Page, measure: Measure, checkpoint: Checkpoint, key: uuid.UUID) -> tuple[int, float]:
    """One save as the grid's script sends it: the answer's status, and how long the person waited."""
    token = next(cookie["value"] for cookie in page.context.cookies() if cookie["name"] == "csrftoken")
    began = time.monotonic()
    answer = page.request.post(
        f"/rpiws/{measure.rpiw_id}/readings/?checkpoint={checkpoint}",
        form={
            "csrfmiddlewaretoken": token,
            "key": str(key),
            "measured_on": str(measure.rpiw.reported_out + timedelta(days=9)),
            f"m{measure.pk}-value": TYPED[measure.kind],
        },
        headers={"X-Grid": "part", "Referer": page.url},
    )
    return answer.status, time.monotonic() - began
