"""What leaves beside pages holds no canary word of another trust either: test_access_matrix.py reads the pages."""

from datetime import timedelta

import pytest
from django.core import mail
from django.http import HttpResponse
from django.utils import timezone
from django_htmx.middleware import HtmxDetails

from accounts.permissions import Role
from rpiws.models import RpiwPerson
from rpiws.reminders import send_reminders
from tests.architecture.asking import client_of, everything_in, got
from tests.architecture.world import build_world
from tests.factories.rpiws import MeasureFactory, RpiwPersonFactory
from tests.factories.trusts import MembershipFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return build_world()


def test_views_that_look_for_htmx_are_asked_as_htmx_too(rf):
    """Or the walk would not see what they answer to it alone."""
    asked = []

    class Looking:
        def get(self, address, headers=None):
            request = rf.get(address, headers=headers)
            asked.append("htmx" if HtmxDetails(request) else "page")
            return HttpResponse()

    list(got(Looking(), "/"))
    assert asked == ["page", "htmx"]


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
