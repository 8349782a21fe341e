"""The partnership's page: each reader sees the total, the own trust, and what is already public; in order of seats."""

import re
from datetime import date

import pytest

from accounts.permissions import Role
from rpiws.models import Checkpoint
from tests.factories.rpiws import MeasureFactory, ReadingFactory, RpiwFactory
from tests.factories.trusts import NamedPeriodFactory, PartnershipFactory, TrustFactory, ValueStreamFactory, member

pytestmark = pytest.mark.django_db


@pytest.fixture
def together():
    together = PartnershipFactory(name="The partnership of two")
    for seat, name, post in ((2, "Leeds", 3000), (1, "Surrey", 5400)):
        stream = ValueStreamFactory(trust=TrustFactory(partnership=together, short_name=name, seat=seat))
        rpiw = RpiwFactory(value_stream=stream, closed=True, week_starts=date(2018, 3, 5))
        measure = MeasureFactory(rpiw=rpiw)
        for checkpoint, value in ((Checkpoint.BASELINE, 6000), (Checkpoint.AFTER, post)):
            ReadingFactory(measure=measure, checkpoint=checkpoint, value=value)
    return together


@pytest.fixture
def leeds(together):
    return together.trusts.get(short_name="Leeds")


def rows_of(page: str) -> list[str]:
    table = re.search(r"<table class=\"t t-cards per-trust\">.*?</table>", page, re.DOTALL)[0]
    body = table[table.index("<tbody>") :]
    return re.findall(r'<th scope="row">(?:<abbr[^>]*>)?([^<]+)', body)


@pytest.mark.parametrize("role", [Role.FACILITATOR, Role.KPO_LEAD, Role.CHIEF_EXECUTIVE, Role.EXECUTIVE_SPONSOR])
def test_all_time_shows_the_own_trust_and_the_total_alone(role, together, leeds, signed_in, computed_all):
    computed_all()
    page = signed_in(member(role, leeds)).get("/partnership/").content.decode()
    assert rows_of(page) == ["Leeds", "Partnership"]
    assert "Surrey" not in page
    assert ">140<" in page.replace(" ", "")


def test_public_period_shows_every_trust_in_the_order_of_the_seats(together, leeds, signed_in, computed_all):
    period = NamedPeriodFactory(partnership=together, public=True)
    computed_all()
    page = signed_in(member(Role.FACILITATOR, leeds)).get("/partnership/", {"period": period.pk}).content.decode()
    assert rows_of(page) == ["Surrey", "Leeds", "Partnership"]


def test_named_period_that_is_not_public_shows_no_other_trust(together, leeds, signed_in, computed_all):
    period = NamedPeriodFactory(partnership=together, public=False)
    computed_all()
    client = signed_in(member(Role.CHIEF_EXECUTIVE, leeds))
    for address in ("/partnership/", "/partnership/fresh/"):
        assert "Surrey" not in client.get(address, {"period": period.pk}).content.decode()


def test_nothing_offers_to_sort_or_rank(together, leeds, signed_in, computed_all):
    period = NamedPeriodFactory(partnership=together, public=True)
    computed_all()
    client = signed_in(member(Role.CHIEF_EXECUTIVE, leeds))
    plain = client.get("/partnership/", {"period": period.pk}).content.decode()
    sorted_ = client.get("/partnership/", {"period": period.pk, "sort": "lead_time", "order": "desc"}).content.decode()
    assert rows_of(plain) == rows_of(sorted_)
    assert not re.search(r"aria-sort|\brank|league", plain)


def test_regulator_and_secretariat_may_not_open_it(together, signed_in, computed_all):
    computed_all()
    for role in (Role.REGULATOR_ANALYST, Role.SECRETARIAT, Role.ADMINISTRATOR):
        client = signed_in(member(role, partnership=together))
        assert client.get("/partnership/").status_code == 403
        assert client.get("/partnership/fresh/").status_code == 403


def test_another_partnership_is_never_shown(together, signed_in, computed_all):
    other = TrustFactory(short_name="Elsewhere")
    computed_all()
    page = signed_in(member(Role.FACILITATOR, other)).get("/partnership/").content.decode()
    assert "The partnership of two" not in page


def test_remarks_on_a_period_stand_beside_its_figures(together, leeds, signed_in, computed_all):
    period = NamedPeriodFactory(partnership=together, public=True, note="First remark.\nSecond <remark>.")
    computed_all()
    page = signed_in(member(Role.FACILITATOR, leeds)).get("/partnership/", {"period": period.pk}).content.decode()
    assert "<li>First remark.</li><li>Second &lt;remark&gt;.</li>" in page


def test_fresh_answers_304_while_nothing_is_new(together, leeds, signed_in, computed_all):
    computed_all()
    client = signed_in(member(Role.FACILITATOR, leeds))
    etag = client.get("/partnership/fresh/")["ETag"]
    assert client.get("/partnership/fresh/", headers={"If-None-Match": etag}).status_code == 304


def test_what_is_still_computed_names_nothing_of_another_trust(together, leeds, signed_in, computed, computed_all):
    computed_all()
    surrey = together.trusts.get(short_name="Surrey")
    ValueStreamFactory(trust=surrey, name="CANARY stream")
    computed("trust", surrey.pk)
    computed("partnership", together.pk)
    page = signed_in(member(Role.FACILITATOR, leeds)).get("/partnership/").content.decode()
    assert "Still being computed: 1 trust." in page
    assert "CANARY" not in page
    assert "Surrey" not in page
