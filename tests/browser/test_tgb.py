"""What a trust brings to the TGB, in a browser: written, released, read on the dashboard, frozen as papers."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from accounts.permissions import Role, SeatRole
from boards.models import Meeting
from snapshots.sweeping import catch_up
from tests.browser.conftest import PHONE
from tests.browser.test_summaries import sign_in
from tests.factories.boards import BoardFactory, HoldingFactory, MeetingFactory, RegulatorLineFactory, SeatFactory
from tests.factories.compacts import drafted, published
from tests.factories.metrics import MetricFactory, MetricVersionFactory, TargetFactory, series
from tests.factories.trusts import TrustFactory, ValueStreamFactory, member

IMPROVED = [20, 22, 19, 21, 20, 23, 18, 21, 20, 22, 19, 21, 20, *[12, 11, 13, 12, 11, 12, 13, 12, 11, 12]]


@pytest.fixture
def meeting(live_site: str) -> Meeting:
    trust = TrustFactory(short_name="Leeds", name="Leeds Teaching Hospitals")
    stream = ValueStreamFactory(trust=trust, name="Critical care flow")
    version = MetricVersionFactory(metric=MetricFactory(value_stream=stream, name="Discharges at night"))
    series(version, IMPROVED)
    TargetFactory(version=version)
    TrustFactory(partnership=trust.partnership, short_name="Surrey", name="Surrey and Sussex")
    board = BoardFactory(partnership=trust.partnership)
    published(drafted(partnership=trust.partnership))
    RegulatorLineFactory(board=board, text="Ask us once a month")
    SeatFactory(board=board, role=SeatRole.CHIEF_EXECUTIVE, title="Chief executive, Leeds", speaks_for=trust)
    catch_up()
    return MeetingFactory(board=board)


def test_trust_releases_what_the_board_then_reads(
    meeting: Meeting, new_context: Callable[..., BrowserContext], axe: Callable[[Page], None]
) -> None:
    # Given a chief executive who sits at the TGB
    seat = meeting.board.seats.get()
    chief = member(Role.CHIEF_EXECUTIVE, seat.speaks_for)
    HoldingFactory(seat=seat, user=chief)
    page = new_context(viewport={"width": 1280, "height": 900}).new_page()
    sign_in(page, chief.email, to=f"/trusts/{seat.speaks_for.ods_code}/")
    page.get_by_role("link", name="What we bring to the TGB").click()
    axe(page)

    # When they write it, point at a chart, and release it
    page.get_by_role("link", name="Write it").click()
    page.get_by_label("Success we bring").fill("Nobody is moved at night")
    page.get_by_label("The chart that shows it").select_option(index=2)
    page.get_by_label("Challenge we bring").fill("Who hears of it?")
    axe(page)
    page.get_by_role("button", name="Save and see it").click()
    expect(page.get_by_text("Discharges at night: Improving")).to_be_visible()
    axe(page)
    page.get_by_role("link", name="Release").click()
    page.get_by_label("I have read it").check()
    page.get_by_role("button", name="Release for the trust").click()
    expect(page.get_by_text("Released. The board reads it from now on.")).to_be_visible()

    # Then the dashboard tells it, with the trust that released nothing and the regulator's row, on a phone too
    page.goto(f"/boards/{meeting.board_id}/dashboard/")
    expect(page.get_by_text("The question that you bring: Who hears of it?")).to_be_visible()
    expect(page.locator("#regulator")).to_contain_text("Ask us once a month")
    expect(page.get_by_text("Not released.")).to_be_visible()
    axe(page)
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    page.reload()
    expect(page.locator(".tgb-own .tgb-metrics")).to_be_hidden()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    axe(page)

    # And the papers are frozen, each claim linked to its chart
    secretariat = new_context(viewport={"width": 1280, "height": 900}).new_page()
    prepares = member(Role.SECRETARIAT, partnership=meeting.board.partnership)
    sign_in(secretariat, prepares.email, to=f"/meetings/{meeting.pk}/papers/")
    secretariat.get_by_role("button", name="Make the papers").click()
    claim = secretariat.locator("#claims").get_by_role("link", name="Discharges at night: Improving")
    assert secretariat.locator(f"figure{claim.get_attribute('href')} svg").count() == 1
    axe(secretariat)
