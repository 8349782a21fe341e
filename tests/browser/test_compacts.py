"""A compact in two browsers: written at once, compared, agreed by both parties, published, and printed on one page."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from accounts.models import User
from accounts.permissions import Role
from compacts.actions.beginning import renegotiate
from compacts.models import CompactVersion
from examples.loading.compacts import load_compacts
from examples.loading.context import load_partnership, load_places
from examples.loading.people import load_people
from tests.factories.accounts import PASSWORD
from tests.factories.compacts import PartyMemberFactory, drafted, published
from tests.factories.trusts import TrustFactory, member


def sign_in(page: Page, email: str, *, to: str) -> None:
    page.goto(f"/accounts/login/?next={to}")
    page.locator("[name=login]").fill(email)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("[name=password]").press("Enter")
    page.wait_for_load_state()


@pytest.fixture
def draft(live_site: str) -> CompactVersion:
    """The second version of a partnership's compact; its first is in force."""
    trust = TrustFactory(short_name="Leeds")
    first = published(drafted(partnership=trust.partnership))
    regulator, hospitals = first.compact.parties.all()
    director = member(Role.REGULATOR_ANALYST, partnership=trust.partnership, email="director@nhs.example")
    chief = member(Role.CHIEF_EXECUTIVE, trust, email="chief@nhs.example")
    for party, user, post in ((regulator, director, "Regional director"), (hospitals, chief, "Chief executive, Leeds")):
        party.members.update(ends=party.members.get().starts)
        PartyMemberFactory(party=party, user=user, post=post)
    return renegotiate(compact=first.compact, reason="A promise did not hold.", by=chief)


@pytest.mark.soak
def test_compact_is_written_by_two_at_once_agreed_and_published(
    draft: CompactVersion, new_context: Callable[..., BrowserContext], axe: Callable[[Page], None]
) -> None:
    def of(email: str) -> Page:
        page = new_context(viewport={"width": 1280, "height": 900}).new_page()
        sign_in(page, email, to="/compact/")
        page.get_by_role("link", name="Version 2, draft").click()
        axe(page)
        return page

    def open_first(page: Page) -> None:
        page.get_by_role("link", name="The regulator promises to The regulator promises 1").click()

    # Given two who have the same promise in hand
    director, chief = of("director@nhs.example"), of("chief@nhs.example")
    watching = chief.context.new_page()
    watching.goto("/compact/draft/")
    open_first(director)
    open_first(chief)
    axe(chief)

    # When both save
    director.get_by_label("Promise", exact=True).fill("ask before it instructs")
    director.get_by_role("button", name="Save").click()
    expect(director.locator("#draft-words")).to_contain_text("ask before it instructs")
    chief.get_by_label("Promise", exact=True).fill("ask first, and listen")
    chief.get_by_label("Comment (optional)").fill("Is this what you mean?")
    chief.get_by_role("button", name="Save").click()

    # Then the second sees both, nothing typed is lost, and who only looks on sees the change come by itself
    expect(chief.locator("#theirs")).to_contain_text("ask before it instructs")
    expect(chief.get_by_label("Promise", exact=True)).to_have_value("ask first, and listen")
    expect(chief.get_by_label("Comment (optional)")).to_have_value("Is this what you mean?")
    axe(chief)
    expect(watching.locator("#draft-words")).to_contain_text("ask before it instructs", timeout=15_000)
    chief.get_by_role("button", name="Save").click()
    expect(chief.locator("#comments")).to_contain_text("Is this what you mean?")

    # And what differs from the version before is said in words
    chief.get_by_role("link", name="Compared with version 1").click()
    expect(chief.locator("#draft-words ins").first).to_contain_text("put in: ask first, and listen")
    expect(chief.locator("#draft-words del").first).to_contain_text("taken out: The regulator promises 1")
    axe(chief)

    # When both parties agree to it, and it is published
    for page in (director, chief):
        page.goto("/compact/draft/agree/")
        axe(page)
        page.get_by_label("I have read this wording").check()
        page.get_by_role("button", name="Agree").click()
    expect(chief.get_by_text("So has everybody.")).to_be_visible()
    chief.get_by_role("link", name="Publish").click()
    axe(chief)
    chief.get_by_label("It stands for good").check()
    chief.get_by_role("button", name="Publish it").click()

    # Then it is in force, on a phone too; who still looked at the draft is led there
    expect(watching).to_have_url(re.compile("/compact/$"), timeout=15_000)
    expect(chief.get_by_role("heading", level=1)).to_have_text("The compact")
    expect(chief.get_by_text("Version 2 is published.")).to_be_visible()
    director.goto("/compact/")
    expect(director.locator(".lede")).to_contain_text("In force since")
    expect(director.locator("#agreed")).to_contain_text("Chief executive, Leeds")
    axe(director)
    for width in (375, 320):
        director.set_viewport_size({"width": width, "height": 740})
        assert director.evaluate("document.documentElement.scrollWidth") <= width
        axe(director)


@pytest.fixture
def examples_compacts(live_site: str) -> None:
    partnership = load_partnership()
    places = load_places(partnership)
    load_compacts(partnership, places, load_people(partnership, places))
    chief = User.objects.get(email="chief-executive.leeds@example.org")
    chief.set_password(PASSWORD)
    chief.save()


def test_compacts_of_the_example_are_printed_on_one_page_each(
    examples_compacts: None, page: Page, tmp_path: Path
) -> None:
    sign_in(page, "chief-executive.leeds@example.org", to="/compact/")
    for number, address in enumerate(("/compact/versions/4/print/", "/trusts/RR8/compact/versions/1/print/")):
        page.goto(address)
        page.emulate_media(media="print")
        boxes = [box.bounding_box() for box in page.locator(".promises .pair").first.locator(".p").all()]
        assert boxes[0]["y"] == boxes[1]["y"], "side by side"
        assert boxes[0]["x"] < boxes[1]["x"]
        page.emulate_media(media="screen")
        printed = page.pdf(path=tmp_path / f"{number}.pdf", prefer_css_page_size=True)
        assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 1
        [(width, height)] = set(re.findall(rb"/MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)\s*\]", printed))
        assert (round(float(width)), round(float(height))) == (595, 842), "A4"
