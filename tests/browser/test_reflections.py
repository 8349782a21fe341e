"""A breach that is called out on a phone, talked over at two meetings and repaired; and a line that the board keeps."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page, expect

from accounts.models import User
from accounts.permissions import SeatRole
from boards.actions.room import begin_item, close_meeting, open_meeting
from boards.models import Board, Meeting
from tests.browser.conftest import PHONE
from tests.browser.test_room import enter, sideways
from tests.factories.boards import BoardFactory, MeetingFactory, sitting
from tests.factories.compacts import drafted, published

Contexts = Callable[..., BrowserContext]


@pytest.fixture
def board() -> Board:
    board = BoardFactory()
    published(drafted(partnership=board.partnership))
    return board


@pytest.fixture
def people(board: Board) -> dict[str, User]:
    roles = {"Chair": SeatRole.CHAIR, "Sensei": SeatRole.SENSEI, "Member": SeatRole.REGULATOR}
    return {name: sitting(board, role, name=name) for name, role in roles.items()}


def at_its_reflections(board: Board, chair: User, *, days_ago: int = 0) -> Meeting:
    """A meeting that has come to its last item."""
    on = timezone.localdate() - timedelta(days=days_ago)
    meeting = MeetingFactory(board=board, on=on, chair=board.seats.get(role="chair"))
    open_meeting(meeting=meeting, by=chair)
    begin_item(item=meeting.items.get(kind="reflections"), by=chair)
    return meeting


@pytest.mark.soak
def test_breach_is_called_out_talked_over_and_repaired_over_two_meetings(
    live_site: str, new_context: Contexts, board: Board, people: dict[str, User], axe: Callable[[Page], None]
) -> None:
    meeting = at_its_reflections(board, people["Chair"], days_ago=7)
    table = f"/meetings/{meeting.pk}/reflections/"
    chair = enter(new_context, people["Chair"], table)
    phone = enter(new_context, people["Member"], f"/meetings/{meeting.pk}/room/", viewport=PHONE)

    # A draft on a phone is nobody else's, until it is brought in the room
    phone.get_by_role("link", name="Write lines, notes and breaches").click()
    phone.get_by_role("link", name="Begin a draft").click()
    phone.get_by_label("The promise").select_option(index=2)
    phone.get_by_label("What happened").fill("We heard it in May, and spoke of it in July.")
    phone.get_by_label("What may have been meant well").fill("To spare a colleague.")
    axe(phone)
    assert not sideways(phone)
    phone.get_by_role("button", name="Save the draft").click()
    expect(phone.get_by_role("main")).to_contain_text("Yours alone until you bring it")
    axe(phone)
    expect(chair.locator("#on-table")).to_contain_text("None.")
    phone.get_by_role("button", name="Put it on the table").click()
    expect(chair.locator("#on-table")).to_contain_text("We heard it in May")

    # The scribe writes for the board; a line is everybody's until the speaker signs it
    sensei = enter(new_context, people["Sensei"], table)
    line, kept = sensei.get_by_label("The line", exact=True), sensei.locator("#kept")
    for name in ("Sensei", "Chair"):
        chair.get_by_label("Who writes down what we agree").select_option(name)
        chair.get_by_role("button", name="Choose").click()
        expect(kept).to_contain_text(f"Scribe: {name}")
        if name == "Sensei":  # who finds the form on the page that is open, and is still typing when another is chosen
            line.fill("I was about to write")
            sensei.get_by_label("My note").focus()
    expect(line).to_have_value("I was about to write")
    sensei.reload()
    chair.get_by_label("The line", exact=True).fill("I ask the ward before the dashboard.")
    chair.get_by_role("radio", name="What I learned").check()
    chair.get_by_role("button", name="Propose the line").click()
    expect(sensei.locator("#kept")).to_contain_text("Proposed")
    chair.get_by_role("button", name="The board agrees").click()
    sensei.get_by_role("button", name="These are my words").click()
    expect(chair.locator("#kept")).to_contain_text("Said by Sensei")
    sensei.get_by_label("My note").fill("Ask again in spring.")
    sensei.get_by_role("button", name="Save my note").click()
    expect(sensei.get_by_label("My note")).to_have_value("Ask again in spring.")
    for page in (chair, sensei):
        axe(page)

    # Talked over
    chair.locator("#on-table").get_by_role("link").click()
    chair.get_by_role("link", name="What we said today").click()
    chair.get_by_label("Why did none of us call it out?").fill("Each of us waited for the other.")
    chair.get_by_role("button", name="Save").click()
    chair.get_by_role("link", name="Add a step").click()
    chair.get_by_label("Who").select_option("The hospitals")
    chair.get_by_label("What it does").fill("Ring each other on the day")
    for part, number in (("Day", "1"), ("Month", "2"), ("Year", str(timezone.localdate().year + 1))):
        chair.get_by_label(part, exact=True).fill(number)
    chair.get_by_role("button", name="Add the step").click()
    expect(chair.locator("#repair")).to_contain_text("Ring each other on the day")
    axe(chair)
    close_meeting(meeting=meeting, why_not_reflected="", by=people["Chair"])

    # At the next meeting it is on the table still, and ends
    following = at_its_reflections(board, people["Chair"])
    chair.goto(f"/meetings/{following.pk}/reflections/")
    chair.get_by_label("Who writes down what we agree").select_option("Chair")
    chair.get_by_role("button", name="Choose").click()
    chair.locator("#on-table").get_by_role("link").click()
    address = chair.url
    chair.get_by_role("button", name="It is done").click()
    chair.get_by_role("link", name="End it").click()
    axe(chair)
    chair.get_by_role("radio", name="Repaired").check()
    chair.get_by_role("button", name="End it so").click()
    expect(chair.get_by_role("main")).to_contain_text("Repaired on")
    close_meeting(meeting=following, why_not_reflected="", by=people["Chair"])

    # What everybody who sits there reads afterwards, also on a small phone
    phone.set_viewport_size({"width": 320, "height": 700})
    over_time = f"/boards/{board.pk}/reflections/"
    room = f"/meetings/{meeting.pk}/room/?item={meeting.items.get(kind='reflections').pk}"
    for page_address in (address, over_time, f"{over_time}safe/", table, room):
        phone.goto(page_address)
        assert not sideways(phone), page_address
        axe(phone)
    expect(phone.locator("#kept")).to_contain_text("I ask the ward before the dashboard.")
