"""Every text of a trust holds its canary word. Nobody of another trust ever reads it, on any page or in any file."""

import io
import zipfile
from datetime import timedelta
from unittest.mock import patch

import pytest
from django.core import mail
from django.db import transaction
from django.http import HttpResponse
from django.utils import timezone
from django_htmx.middleware import HtmxDetails

from accounts.permissions import TRUST_ROLES, Role
from rpiws.models import RpiwPerson
from rpiws.reminders import send_reminders
from tests.architecture.asking import client_of
from tests.architecture.routes import our_routes
from tests.architecture.world import SAFE_WORD, build_world
from tests.factories.rpiws import MeasureFactory, RpiwPersonFactory
from tests.factories.trusts import MembershipFactory

pytestmark = pytest.mark.django_db

ELSEWHERE = [Role.REGULATOR_ANALYST, Role.SECRETARIAT, Role.ADMINISTRATOR]
# An administrator appoints KPO leads and names trusts: names and regions, none of what a trust writes about its work.
SET_UP = "set_up"


@pytest.fixture
def world():
    return build_world()


def everything_in(response) -> str:
    """The answer as text: a spreadsheet is unpacked first."""
    content = b"".join(response.streaming_content) if response.streaming else response.content
    if content[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            content = b"\n".join(parts.read(name) for name in parts.namelist())
    return content.decode("utf-8", errors="replace") + str(dict(response.headers))


def answers(client, address):
    """To plain GET; and as htmx asks, where the view looks whether it is htmx that asks."""
    looked = []

    def looks(htmx):
        looked.append(htmx)
        return is_htmx(htmx)

    is_htmx = HtmxDetails.__bool__
    with patch.object(HtmxDetails, "__bool__", looks):
        yield client.get(address)
    if looked:
        yield client.get(address, headers={"HX-Request": "true"})


def walk(world, user, canary, *, skip=""):
    """The routes at which the person, who sits at no board, reads the word, or one of a safe space, at both places."""
    client, seen = client_of(user), {}
    for route in our_routes():
        if skip and route.name.startswith(skip):
            continue
        for place in (world.own, world.other):
            with transaction.atomic():
                for answer in answers(client, route.address(world, place)):
                    text = everything_in(answer)
                    for word in (canary, SAFE_WORD):
                        if word in text:
                            seen[route.name, place.trust.short_name] = text[max(text.index(word) - 80, 0) :][:200]
                transaction.set_rollback(True)
    return seen


def test_views_that_look_for_htmx_are_asked_as_htmx_too(rf):
    """Or the walk would not see what they answer to it alone."""
    asked = []

    class Looking:
        def get(self, address, headers=None):
            request = rf.get(address, headers=headers)
            asked.append("htmx" if HtmxDetails(request) else "page")
            return HttpResponse()

    list(answers(Looking(), "/"))
    assert asked == ["page", "htmx"]


def test_own_pages_do_show_the_own_canary(world):
    """Otherwise the tests below would prove nothing."""
    seen = walk(world, world.own.people[Role.KPO_LEAD], world.own.canary)
    assert not [route for route, text in seen.items() if SAFE_WORD in text]
    assert {"trust_context", "value_stream_about", "value_stream_edit", "people", "history"} <= {
        name for name, _ in seen
    }


@pytest.mark.parametrize("role", sorted(TRUST_ROLES))
def test_member_of_one_trust_never_reads_of_another(world, role):
    assert walk(world, world.own.people[role], world.other.canary) == {}


@pytest.mark.parametrize("role", ELSEWHERE)
def test_roles_of_the_partnership_read_no_trusts_texts(world, role):
    skip = SET_UP if role == Role.ADMINISTRATOR else ""
    for place in (world.own, world.other):
        assert walk(world, world.central[role], place.canary, skip=skip) == {}


def test_former_member_reads_nothing(world):
    assert walk(world, world.own.former, world.other.canary) == {}
    assert walk(world, world.own.former, world.own.canary) == {}


def test_former_member_reads_what_happened_and_whom_to_ask(world):
    page = everything_in(client_of(world.own.former).get("/"))
    assert "Your membership has ended" in page
    assert "KPO lead, Leeds: its last day was" in page
    assert "ask another KPO lead of Leeds, or an administrator of the partnership, to renew yours" in page


def test_reminder_goes_to_its_own_trust_and_speaks_of_it_alone(world):
    """Also where somebody works at both trusts, and where an RPIW names somebody who is only at the other one."""
    at_both = world.other.people[Role.FACILITATOR]
    MembershipFactory(user=at_both, role=Role.FACILITATOR, trust=world.own.trust, known_as="Bed manager")
    stranger = world.other.people[Role.PROCESS_OWNER]
    for somebody in (at_both, stranger):
        MeasureFactory(rpiw=world.own.rpiw, remeasured_by=somebody)
    RpiwPersonFactory(
        rpiw=world.own.rpiw, part=RpiwPerson.Part.WORKSHOP_LEAD, user=world.other.people[Role.WORKSHOP_LEAD]
    )
    for days in range(53, 64):
        send_reminders(on=world.own.rpiw.reported_out + timedelta(days=days))
    staff = {place.canary: {user.email for user in place.people.values()} for place in (world.own, world.other)}
    staff[world.own.canary].add(at_both.email)
    read = {world.own.canary: 0, world.other.canary: 0}
    for letter in mail.outbox:
        words = letter.subject + letter.body
        [canary] = [canary for canary in read if canary in words]
        assert set(letter.recipients()) <= staff[canary]
        read[canary] += 1
    assert all(read.values())
    assert any(letter.to == [at_both.email] and "Bed manager," in letter.body for letter in mail.outbox)


def test_letter_of_invitation_names_nothing_of_another_trust(world):
    """Somebody who is known at another trust is invited here: letter, answer and list speak of this trust alone."""
    stranger = world.other.people[Role.FACILITATOR]
    client = client_of(world.own.people[Role.KPO_LEAD])
    form = {"email": stranger.email, "known_as": "Bed manager", "role": "facilitator"}
    form |= {"starts_day": "1", "starts_month": "1", "starts_year": str(timezone.localdate().year + 1)}
    answer = client.post("/people/invite/", form, follow=True)
    page = everything_in(answer).replace(stranger.email, "")
    assert "Bed manager" in page
    assert world.other.canary not in page
    [letter] = mail.outbox
    assert world.other.canary not in letter.body + letter.subject
    assert "Shrewsbury" not in letter.body
