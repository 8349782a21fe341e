"""Somebody is called away: the page asks, lets them stay, and keeps what was typed when it signs them out."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from playwright.sync_api import Page, expect

from accounts.models import AccessEvent
from accounts.permissions import Role
from accounts.sessions import BEGAN, USED
from rpiws.models import Measure
from tests.factories.accounts import PASSWORD
from tests.factories.rpiws import MeasureFactory, ReadingFactory, RpiwFactory
from tests.factories.trusts import TrustFactory, ValueStreamFactory, member


@pytest.fixture
def measure(live_site: str) -> Measure:
    trust = TrustFactory(short_name="Leeds", ods_code="RR8")
    rpiw = RpiwFactory(value_stream=ValueStreamFactory(trust=trust), following_up=True)
    measure = MeasureFactory(rpiw=rpiw, name="Time to gather the bed state")
    ReadingFactory(measure=measure)
    measure.lead = member(Role.KPO_LEAD, trust)
    return measure


def sign_in(page: Page, email: str) -> None:
    page.locator("[name=login]").fill(email)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("[name=password]").press("Enter")
    page.wait_for_load_state()


def open_at(page: Page, address: str, measure: Measure) -> None:
    """Signed in, on a page whose clock the test moves."""
    page.clock.install()
    page.goto(address)
    sign_in(page, measure.lead.email)


def time_passes(page: Page, *, minutes: float, of: str = USED) -> None:
    """On the server and on the page."""
    store = SessionStore(Session.objects.get().session_key)
    store[of] -= timedelta(minutes=minutes).total_seconds()
    store.save()
    page.clock.fast_forward(int(minutes * 60_000))


def test_warning_is_heard_seen_and_answered(page: Page, measure: Measure, axe: Callable[[Page], None]) -> None:
    # Given a KPO lead with the cursor in a box
    open_at(page, "/trusts/RR8/edit/", measure)
    dialog = page.get_by_role("alertdialog", name="Are you still there?")
    box = page.locator("main form input:not([type=hidden])").first
    box.focus()
    typed = box.get_attribute("id")
    # When they do nothing until shortly before the end
    time_passes(page, minutes=28.2)
    # Then the page asks, and the answer is under the finger
    expect(dialog).to_be_visible()
    expect(dialog.get_by_role("status")).to_have_text("in about 2 minutes")
    expect(page.get_by_role("button", name="Stay signed in")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('dialog') || document.activeElement === document.body")
    axe(page)
    for width in (1280, 375, 320):
        page.set_viewport_size({"width": width, "height": 640})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        inside = dialog.bounding_box()
        assert inside["x"] >= 0
        assert inside["x"] + inside["width"] <= width
    # When they stay, the cursor is where it was, and the server has heard it
    page.get_by_role("button", name="Stay signed in").click()
    expect(dialog).to_be_hidden()
    assert page.evaluate("document.activeElement.id") == typed
    time_passes(page, minutes=27)
    page.goto("/account/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Your account")


def test_typed_words_survive_the_end_of_the_session(page: Page, measure: Measure) -> None:
    open_at(page, "/trusts/RR8/edit/", measure)
    box = page.locator("main form input[type=text]").first
    box.fill("Leeds, half typed")
    time_passes(page, minutes=31)
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    expect(page.get_by_text("nothing was opened or saved for 30 minutes")).to_be_visible()
    sign_in(page, measure.lead.email)
    expect(box).to_have_value("Leeds, half typed")
    expect(page.get_by_text("what you typed before you were signed out is here again")).to_be_visible()


def test_draft_of_the_grid_survives_the_end_of_the_session(page: Page, measure: Measure) -> None:
    open_at(page, f"/rpiws/{measure.rpiw_id}/readings/?checkpoint=day_30", measure)
    box = page.get_by_role("row", name=measure.name).locator("input[data-box]")
    box.fill("12")
    time_passes(page, minutes=31)
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    sign_in(page, measure.lead.email)
    expect(box).to_have_value("12")
    expect(page.locator("#grid-banner")).to_contain_text("here again")


def test_dashboard_left_open_ends_too(page: Page, measure: Measure) -> None:
    open_at(page, "/trusts/RR8/", measure)
    expect(page.locator("[data-fresh]")).to_have_count(1)
    with page.expect_request(lambda asked: "/trusts/RR8/fresh/" in asked.url):
        page.clock.run_for(10_000)
    time_passes(page, minutes=31)
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    assert AccessEvent.objects.filter(kind="left_idle").count() == 1


def test_use_of_another_tab_counts_here(page: Page, measure: Measure) -> None:
    open_at(page, "/account/", measure)
    page.clock.fast_forward("29:00")  # on this page alone: the server has heard from another tab
    page.clock.run_for(6_000)
    expect(page.locator("#session")).to_be_hidden()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your account")


def test_longest_time_is_told_and_cannot_be_extended(page: Page, measure: Measure, axe: Callable[[Page], None]) -> None:
    open_at(page, "/account/", measure)
    store = SessionStore(Session.objects.get().session_key)
    store[BEGAN] -= timedelta(hours=11, minutes=58.5).total_seconds()
    store.save()
    page.reload()
    page.clock.run_for(6_000)
    dialog = page.get_by_role("alertdialog", name="Your session is about to end")
    expect(dialog).to_be_visible()
    expect(dialog.get_by_role("button", name="Stay signed in")).to_be_hidden()
    axe(page)
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    page.clock.run_for(6_000)
    expect(dialog).to_be_hidden()
