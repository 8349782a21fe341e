"""The pictures that docs/ shows, taken from the running product with the example partnership: `make pictures`."""

import calendar
import csv
import io
import re
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import openpyxl
import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.models import User
from accounts.permissions import Role
from boards.actions.entries import add_entry
from boards.actions.room import begin_item, open_meeting, record_attendance
from boards.models import Board, Meeting
from boards.presenters.compact import version_for
from dashboards.models import TrustSummary
from examples.loading.people import DIRECTOR, seated
from examples.loading.reports import load_reports
from examples.loading.summaries import load_summaries
from metrics.models import Metric
from reflections.actions import lines
from rpiws.models import Measure
from snapshots.sweeping import catch_up
from tests.browser.console import Console
from tests.browser.small_png import save
from tests.example import TIMINGS, Example, sign_in, sign_in_as
from tests.processes import ROOT, WorkerProcess, wait_until
from trusts.models import Trust

pytestmark = [pytest.mark.pictures, pytest.mark.timeout(240)]

PICTURES = ROOT / "docs" / "pictures"
DESK, PHONE = 1280, 375
Take = Callable[..., None]
ADOPTED = {
    "name": "First operations that start late",
    "numerator": "Lists that begin more than ten minutes late",
    "denominator": "All morning lists",
    "data_source": "Theatre system",
    "collected_how": "Report on the third working day",
    "owner": "Theatre matron",
    "activity_unit": "theatres",
    "activity": "6",
    "touched": "6",
    "hoped": "20",
    "history": "38 41 36 40 43 37 39 42 35 40 38 41 37 39",
}
LATE = [38, 41, 36, 40, 43, 37, 39, 42, 35, 40, 38, 41, 27, 24, 26, 22, 25, 23, 26, 24, 21, 25, 23, 22]


@pytest.fixture
def example(live_site: str) -> Example:
    example = Example()
    load_summaries(today=timezone.localdate())
    return example


@pytest.fixture
def take(page: Page) -> Take:
    """`take(name, address, width=..., height=...)` keeps the page, from `at` on and `height` of it at most."""

    def picture(name: str, address: str = "", *, width: int = DESK, height: int = 900, at: str = "") -> None:
        page.set_viewport_size({"width": width, "height": height})
        if address:
            page.goto(address)
        page.evaluate("document.activeElement.blur()")
        page.mouse.move(0, 0)
        page.wait_for_load_state("networkidle")
        for plot in page.locator("[data-chart]:visible").all():
            expect(plot.locator(".main-svg").first).to_be_attached()
        page.set_viewport_size({"width": width, "height": 300})
        tall = page.evaluate("document.documentElement.scrollHeight")
        page.set_viewport_size({"width": width, "height": min(tall, height)})
        if at:
            page.locator(at).evaluate("element => element.scrollIntoView({block: 'start'})")
        PICTURES.mkdir(exist_ok=True)
        save(page.screenshot(animations="disabled"), PICTURES / f"{name}.png", context=page.context)

    return picture


def enter(page: Page, role: Role, trust: Trust | None = None) -> None:
    """Signed in, and the greeting read."""
    page.context.clear_cookies()
    sign_in(page, role, trust)
    page.goto("/")


def test_pictures_of_the_walk(
    page: Page, example: Example, worker: WorkerProcess, take: Take, console: Console
) -> None:
    rpiw = example.due_at_60_days
    lead_time = rpiw.measures.get(kind=Measure.Kind.LEAD_TIME)
    dashboard = f"/value-streams/{example.stream.pk}/"
    take("sign-in", "/", height=620)
    enter(page, Role.FACILITATOR, example.leeds)
    take("home", "/", height=1000)
    take("home-phone", "/", width=PHONE, height=760)
    take("due", "/due/?whose=trust", height=1000)
    take("dashboard-before", dashboard, height=620, at="#before-after")
    take("grid", f"/rpiws/{rpiw.pk}/readings/?checkpoint=day_60", height=840)
    page.set_viewport_size({"width": PHONE, "height": 760})
    cell = page.locator(f"#cell-m{lead_time.pk}")
    cell.get_by_text("Timings…").click()
    page.locator(f"#m{lead_time.pk}-timings").press_sequentially("\n".join(TIMINGS))
    expect(cell).to_contain_text("mean of 10")
    cell.scroll_into_view_if_needed()
    take("grid-phone", width=PHONE, height=860)
    page.get_by_role("button", name="Save readings").click()
    expect(page.get_by_text("Saved at 60 days: 1 reading.")).to_be_visible()
    take("saved-phone", width=PHONE, height=760)
    page.goto(dashboard)
    wait_until(lambda: shows(page, "360 min"), seconds=20, why=worker.log)
    expect(page.locator("#newer")).to_be_empty(timeout=20_000)
    take("dashboard", dashboard, height=1500)
    take("dashboard-phone-before-after", dashboard, width=PHONE, height=900, at="#before-after")
    take("rpiw", f"/rpiws/{rpiw.pk}/", height=1400)
    take("rpiw-print", f"/rpiws/{rpiw.pk}/print/", height=1400)
    take("rpiws", "/rpiws/", height=900)
    take("history", f"/history/rpiws/rpiw/{rpiw.pk}/", height=800)
    enter(page, Role.FACILITATOR, example.shrewsbury)
    console.expect("status of 404")
    take("not-yours", dashboard, height=600)


def shows(page: Page, text: str) -> bool:
    return text in (page.locator("#before-after").text_content() or "")


def test_pictures_for_kpo_leads_and_executives(page: Page, example: Example, take: Take) -> None:
    leeds = example.leeds.ods_code
    enter(page, Role.KPO_LEAD, example.leeds)
    take("people", "/people/", height=900)
    take("invite", "/people/invite/", height=900)
    take("context", f"/trusts/{leeds}/context/", height=1200)
    take("value-stream-about", f"/value-streams/{example.stream.pk}/about/", height=1000)
    preparing = example.rpiw("Elective admission to critical care")
    take("preparation", f"/rpiws/{preparing.pk}/preparation/", height=900)
    served = Metric.objects.get(name="Theatre sessions that start late")
    enter(page, Role.KPO_LEAD, served.value_stream.trust)
    take("metric-happened", f"/metrics/{served.pk}/", height=1620)
    enter(page, Role.CHIEF_EXECUTIVE, example.leeds)
    take("trust", f"/trusts/{leeds}/", height=1700)
    page.goto("/partnership/")
    page.get_by_role("link", name=re.compile("^Published")).click()
    take("partnership", height=1300)


def test_pictures_of_the_compact(page: Page, example: Example, take: Take) -> None:
    enter(page, Role.CHIEF_EXECUTIVE, example.leeds)
    take("compact", "/compact/", height=1150)
    take("compact-draft", "/compact/draft/?with=before", height=1150)


def test_pictures_for_regulators_and_administrators(page: Page, example: Example, take: Take) -> None:
    enter(page, Role.REGULATOR_ANALYST)
    take("regulator", "/", height=1100)
    corrected = TrustSummary.objects.get(trust=example.leeds, version=2)
    take("summary", f"/summaries/{corrected.pk}/", height=1150)
    enter(page, Role.ADMINISTRATOR)
    take("administrator", "/", height=700)
    take("set-up", "/set-up/", height=1100)


def test_pictures_of_the_walk_with_a_metric(
    page: Page, example: Example, worker: WorkerProcess, take: Take, tmp_path: Path
) -> None:
    stream = example.leeds.value_streams.get(name="Elective orthopaedics")

    # A metric is adopted once it is known that it can move
    enter(page, Role.KPO_LEAD, example.leeds)
    page.goto(f"/value-streams/{stream.pk}/metrics/add/")
    for name, text in ADOPTED.items():
        page.locator(f"[name={name}]").fill(text)
    for choice in ("Delivery", "Every month", "%", "Lower"):
        page.get_by_role("radio", name=choice).check()
    page.get_by_label("Objective it serves").select_option(index=1)
    page.get_by_role("button", name="Can this metric move?").click()
    expect(page.get_by_role("button", name="Adopt the metric")).to_be_visible()
    take("metric-move", height=900, at="#answer")
    page.get_by_role("button", name="Adopt the metric").click()
    metric = stream.metrics.get()

    # 24 months come from a spreadsheet, three cells of which cannot be right
    enter(page, Role.FACILITATOR, example.leeds)
    page.goto(f"/value-streams/{stream.pk}/imports/add/")
    page.get_by_label("The file").set_input_files(months(tmp_path / "late starts.xlsx"))
    take("import-upload", height=700)
    page.get_by_role("button", name="Upload").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Match columns")
    take("import-columns", height=900)
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Look before it is imported", timeout=20_000)
    expect(page.locator("#problems tbody tr")).to_have_count(3)
    take("import-look", height=1000)
    page.get_by_role("button", name="Import").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Imported", timeout=20_000)
    take("import-report", height=800)
    with page.expect_download() as download:
        page.get_by_role("link", name=re.compile("^CSV")).click()
    page.get_by_role("link", name="Upload the mended rows").click()
    page.get_by_label("The file").set_input_files(mended(Path(download.value.path()), tmp_path / "mended.csv"))
    page.get_by_role("button", name="Upload").click()
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("button", name="Import")).to_be_visible(timeout=20_000)
    page.get_by_role("button", name="Import").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Imported", timeout=20_000)
    wait_until(lambda: metric.versions.get().measurements.count() == 24, seconds=20, why=worker.log)
    catch_up()
    take("metric", f"/metrics/{metric.pk}/", height=1300)
    take("metric-phone", f"/metrics/{metric.pk}/", width=PHONE, height=900)

    # The process changed, and somebody who knows it says so
    enter(page, Role.KPO_LEAD, example.leeds)
    page.goto(f"/metrics/{metric.pk}/recalculate/")
    page.get_by_label("From which point on").select_option(label="January 2025")
    page.get_by_label("What changed").fill("The first patient of each list is sent for at 07:45")
    page.get_by_label("Why the limits should follow").fill("It is how every list begins now, and is meant to stay")
    take("metric-recalculate", height=800)
    page.get_by_role("button", name="Recalculate the limits").click()
    catch_up()
    take("metric-recalculated", f"/metrics/{metric.pk}/", height=1300)

    # The team has learned, and proposes a narrower definition
    page.goto(f"/metrics/{metric.pk}/amend/")
    page.get_by_label("Why amend it").fill("Ten minutes hid most of the delay: lists are late from five minutes on.")
    page.locator("[name=applies_from_month]").fill("1")
    page.locator("[name=applies_from_year]").fill("2026")
    counted = "Lists that begin more than five minutes late"
    page.get_by_label("What is counted or measured").fill(counted)
    take("metric-amend", height=1000)
    page.get_by_role("button", name="Propose it").click()
    address = page.url
    enter(page, Role.EXECUTIVE_SPONSOR, example.leeds)
    page.goto(address)
    take("metric-proposal", height=900)
    page.get_by_role("link", name="Agree or decline").click()
    page.get_by_role("radio", name=re.compile("^Agree")).check()
    page.get_by_role("button", name="Decide").click()
    catch_up()
    take("value-stream-metrics", f"/value-streams/{stream.pk}/metrics/", height=700)
    thread = f"/trusts/{example.leeds.ods_code}/golden-thread/"
    take("golden-thread-phone", thread, width=PHONE, height=900)
    enter(page, Role.KPO_LEAD, example.leeds)
    take("golden-thread", thread, height=1700)


def months(path: Path) -> Path:
    """Two years of monthly figures as they come from a ward, three of them as they should not."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["Late starts, prepared for the theatre meeting"])
    sheet.append([])
    sheet.append(["Month", "Remarks", "First operations that start late"])
    for n, late in enumerate(LATE):
        sheet.append([f"{calendar.month_abbr[n % 12 + 1]}-{24 + n // 12}", "", f"{late}%"])
    sheet["C8"], sheet["A12"], sheet["C20"] = "about 40%", "Feb 31st", "2,4"
    book.save(path)
    return path


def mended(rejected: Path, path: Path) -> Path:
    rows = list(csv.reader(io.StringIO(rejected.read_text("utf-8-sig"))))
    rows[1][1], rows[2][0], rows[3][1] = "43%", "Sep-24", "25%"
    with path.open("w", newline="") as file:
        csv.writer(file).writerows(rows)
    return path


def test_pictures_of_boards(page: Page, example: Example, take: Take) -> None:
    tgb = Board.objects.get(kind=Board.Kind.TGB)
    chair = User.objects.get(email=DIRECTOR)
    sign_in_as(page, chair.email)
    take("board", f"/boards/{tgb.pk}/", height=1000)
    today = timezone.localdate()
    meeting = Meeting.objects.to_come(today).filter(board=tgb)[0]
    take("agenda", f"/meetings/{meeting.pk}/", height=1500)
    held = Meeting.objects.held().filter(board=tgb).latest("on")
    take("minutes", f"/meetings/{held.pk}/minutes/", height=1100)
    Meeting.objects.filter(pk=meeting.pk).update(on=today, begins_at=timezone.localtime().time())
    meeting.refresh_from_db()
    open_meeting(meeting=meeting, by=chair)
    seats = dict.fromkeys(tgb.seats.all(), ("present", ""))
    record_attendance(meeting=meeting, there=seats, also_there="", chair=meeting.chair, by=chair)
    challenge = meeting.items.get(kind="challenge")
    begin_item(item=challenge, by=chair)
    for email, kind, text in (
        (seated("sensei"), "note", "Three solutions so far. What is the question?"),
        (DIRECTOR, "note", "How does somebody who starts on a Monday learn that this is theirs?"),
        (DIRECTOR, "decision", "Measures are handed over by name."),
    ):
        author = User.objects.get(email=email)
        add_entry(item=challenge, kind=kind, text=text, key=uuid4(), by=author)
    take("room", f"/meetings/{meeting.pk}/room/", height=1300)
    take("room-phone", f"/meetings/{meeting.pk}/room/", width=PHONE, height=1000)


def test_pictures_of_reflections(page: Page, example: Example, take: Take) -> None:
    tgb = Board.objects.get(kind=Board.Kind.TGB)
    chair, sensei = (User.objects.get(email=email) for email in (DIRECTOR, seated("sensei")))
    today = timezone.localdate()
    meeting = Meeting.objects.to_come(today).filter(board=tgb)[0]
    Meeting.objects.filter(pk=meeting.pk).update(on=today, begins_at=timezone.localtime().time())
    meeting.refresh_from_db()
    open_meeting(meeting=meeting, by=chair)
    begin_item(item=meeting.items.get(kind="reflections"), by=chair)
    lines.choose_scribe(meeting=meeting, seat=meeting.chair, by=chair)
    promise = version_for(tgb, on=today).promises[0]
    for text, named, agreed in (
        ("We heard about the rota in December and only said it in February.", promise, True),
        ("The region came to listen, and it showed in what we told it.", promise, True),
        ("I learned to ask the ward before I ask the dashboard.", None, False),
    ):
        words = {"prompt": "promise" if named else "learned", "text": text, "promise": named}
        said = lines.propose_line(meeting=meeting, by=chair, **words)
        if agreed:
            lines.agree_line(proposal=said, by=chair)
    sign_in_as(page, sensei.email)
    take("reflections-over-time", f"/boards/{tgb.pk}/reflections/", height=760)
    page.goto(f"/boards/{tgb.pk}/reflections/")
    page.locator("#ended").get_by_role("link").click()
    take("breach", height=1200)
    page.context.clear_cookies()
    sign_in_as(page, chair.email)
    take("reflections", f"/meetings/{meeting.pk}/reflections/", height=850)


def test_pictures_of_the_tgbs_dashboard(page: Page, example: Example, take: Take) -> None:
    load_reports(today=timezone.localdate())
    tgb = Board.objects.get(kind=Board.Kind.TGB)
    enter(page, Role.CHIEF_EXECUTIVE, example.leeds)
    take("tgb", f"/boards/{tgb.pk}/dashboard/", height=1150)
    take("tgb-phone", f"/boards/{tgb.pk}/dashboard/", width=PHONE, height=800)
    held = Meeting.objects.held().filter(board=tgb).latest("on")
    take("tgb-papers", f"/meetings/{held.pk}/papers/", height=800)
