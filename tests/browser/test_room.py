"""A meeting with three people in three browsers at once: what each types is there for all, and nothing is lost."""

import re
from collections.abc import Callable

import pytest
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page, expect

from accounts.models import User
from accounts.permissions import SeatRole
from boards.models import Board, Entry, Meeting
from tests.browser.conftest import PHONE
from tests.browser.console import Console
from tests.factories.accounts import PASSWORD
from tests.factories.boards import BoardFactory, MeetingFactory, sitting

Contexts = Callable[..., BrowserContext]


@pytest.fixture
def board() -> Board:
    return BoardFactory()


@pytest.fixture
def people(board: Board) -> dict[str, User]:
    roles = {"Chair": SeatRole.CHAIR, "Sensei": SeatRole.SENSEI, "Chief executive": SeatRole.CHIEF_EXECUTIVE}
    return {name: sitting(board, role, name=name) for name, role in roles.items()}


@pytest.fixture
def meeting(board: Board, people: dict[str, User]) -> Meeting:
    return MeetingFactory(board=board, on=timezone.localdate(), chair=board.seats.get(role="chair"))


def enter(new_context: Contexts, user: User, address: str, **options: object) -> Page:
    page = new_context(**options).new_page()
    page.goto(f"/accounts/login/?next={address}")
    page.locator("[name=login]").fill(user.email)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("[name=password]").press("Enter")
    page.wait_for_url(f"**{address}")
    return page


def say(page: Page, words: str, button: str = "Add as a note") -> None:
    page.get_by_label("What was said or decided").fill(words)
    page.get_by_role("button", name=button).click()


def sideways(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))


@pytest.mark.soak
def test_three_people_write_in_one_meeting_at_once(
    live_site: str,
    new_context: Contexts,
    people: dict[str, User],
    meeting: Meeting,
    axe: Callable[[Page], None],
) -> None:
    """From the chair who opens it, by way of three who write at once, to minutes that stand."""
    chair = enter(new_context, people["Chair"], f"/meetings/{meeting.pk}/")
    axe(chair)
    chair.get_by_role("button", name="Open the meeting").click()
    room = f"/meetings/{meeting.pk}/room/"
    chair.wait_for_url(f"**{room}")
    sensei = enter(new_context, people["Sensei"], room)
    phone = enter(new_context, people["Chief executive"], room, viewport=PHONE)
    pages = {"Chair": chair, "Sensei": sensei, "Chief executive": phone}
    for name, page in pages.items():
        page.get_by_label("What was said or decided").fill(f"Said by the {name.lower()}")
    for page in pages.values():
        page.get_by_role("button", name="Add as a note").dblclick()
    for page in pages.values():
        expect(page.locator("#note-said")).to_contain_text("Saved")
        for name in pages:
            expect(page.locator("#room-notes")).to_contain_text(f"Said by the {name.lower()}")
        expect(page.get_by_label("What was said or decided")).to_have_value("")
    assert Entry.objects.count() == 3

    # Somebody is still typing under the first item when the chair goes on to the next.
    sensei.get_by_label("What was said or decided").fill("A thought that takes longer")
    first = chair.get_by_role("heading", level=1).inner_text()
    chair.get_by_role("button", name=re.compile("^Next: ")).click()
    expect(chair.get_by_role("heading", level=1)).not_to_have_text(first)
    second = chair.get_by_role("heading", level=1).inner_text()
    expect(sensei.get_by_role("heading", level=1)).to_have_text(second)
    expect(phone.get_by_role("heading", level=1)).to_have_text(second)
    expect(sensei.locator("#note-target")).to_contain_text(first)
    expect(sensei.get_by_label("What was said or decided")).to_have_value("A thought that takes longer")
    sensei.get_by_role("button", name="Add as a note").click()
    expect(sensei.locator("#note-target")).to_contain_text(second)
    assert Entry.objects.get(text="A thought that takes longer").item.title == first

    say(phone, "Early means before the next meeting.", "Add as a decision")
    for page in pages.values():
        expect(page.locator("#room-outcomes")).to_contain_text("Early means before the next meeting.")
    for page in pages.values():
        axe(page)
        assert not sideways(page)

    chair.get_by_role("link", name="Close the meeting").click()
    expect(chair.get_by_role("main")).to_contain_text("have not been held yet")
    axe(chair)
    chair.get_by_role("button", name="Hold them now").click()
    expect(sensei.get_by_role("heading", level=1)).to_have_text("Reflections on the compact")
    chair.get_by_role("link", name="Close the meeting").click()
    chair.get_by_role("button", name="Close the meeting").click()
    expect(chair.get_by_role("main")).to_contain_text("its minutes stand")
    expect(chair.locator("#item-1")).to_contain_text("A thought that takes longer")
    expect(sensei.get_by_role("link", name="To the minutes")).to_be_visible()
    axe(chair)


def test_what_was_typed_outlives_a_broken_connection_and_a_new_page(
    live_site: str, new_context: Contexts, people: dict[str, User], meeting: Meeting, console: Console
) -> None:
    console.expect_no_network()
    Meeting.objects.update(opened_at=timezone.now())
    from boards.actions.agenda import build_agenda

    build_agenda(meeting=meeting, by=people["Chair"])
    page = enter(new_context, people["Sensei"], f"/meetings/{meeting.pk}/room/")
    box = page.get_by_label("What was said or decided")
    page.context.set_offline(True)
    box.fill("Where did we each wait?")
    page.get_by_role("button", name="Add as a note").click()
    expect(page.locator("#note-said")).to_contain_text("What you typed is kept")
    expect(box).to_have_value("Where did we each wait?")
    page.context.set_offline(False)
    page.reload()
    expect(page.get_by_label("What was said or decided")).to_have_value("Where did we each wait?")
    page.get_by_role("button", name="Add as a note").click()
    expect(page.locator("#room-notes")).to_contain_text("Where did we each wait?")
    expect(page.get_by_label("What was said or decided")).to_have_value("")
    assert Entry.objects.count() == 1


def test_room_works_without_javascript(
    live_site: str, new_context: Contexts, people: dict[str, User], meeting: Meeting, console: Console
) -> None:
    console.expect("status of 422")
    page = enter(new_context, people["Chair"], f"/meetings/{meeting.pk}/", java_script_enabled=False)
    page.get_by_role("button", name="Open the meeting").click()
    page.get_by_role("button", name=re.compile("^Next: ")).click()
    say(page, "We begin with the actions.")
    expect(page.locator("#room-notes")).to_contain_text("We begin with the actions.")
    page.get_by_text("Add an action").first.click()
    page.get_by_label("What is to be done").fill("Ring the region")
    page.get_by_role("button", name="Add the action").click()
    expect(page.get_by_role("main")).to_contain_text("Choose who does it")
    expect(page.get_by_label("What is to be done")).to_have_value("Ring the region")
    page.get_by_label("Who").select_option("Sensei")
    page.get_by_role("button", name="Add the action").click()
    expect(page.locator("#room-outcomes")).to_contain_text("Ring the region")


@pytest.mark.parametrize("width", [320, 375, 1280, 1920])
def test_room_and_its_pages_fit_every_screen(
    live_site: str,
    new_context: Contexts,
    people: dict[str, User],
    meeting: Meeting,
    axe: Callable[[Page], None],
    width: int,
) -> None:
    from boards.actions.room import open_meeting

    page = enter(new_context, people["Chair"], f"/boards/{meeting.board_id}/", viewport={"width": width, "height": 800})
    addresses = [f"/boards/{meeting.board_id}/{part}" for part in ("", "seats/", "rule/", "agenda/", "actions/")]
    addresses += [f"/meetings/{meeting.pk}/"]
    for address in addresses:
        page.goto(address)
        assert not sideways(page), address
        axe(page)
    open_meeting(meeting=meeting, by=people["Chair"])
    ids = list(meeting.items.values_list("pk", flat=True))
    for address in (
        f"/meetings/{meeting.pk}/room/?projector=1",
        *(f"/meetings/{meeting.pk}/room/?item={pk}" for pk in (ids[0], ids[2], ids[4], ids[-1])),
        f"/meetings/{meeting.pk}/here/",
        f"/meetings/{meeting.pk}/minutes/",
    ):
        page.goto(address)
        assert not sideways(page), address
        axe(page)
