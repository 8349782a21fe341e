"""The page of the audit trail: everything of the own place and nothing else, some at a time, in plain words."""

import csv
import io
import os
import re
import zipfile
from datetime import timedelta

import pghistory
import psycopg2
import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.history import is_tracked
from accounts.models import User
from accounts.permissions import Role
from accounts.trail import OF_SET_UP, OF_TRUSTS, Asked, Place, Spot, page
from reflections.models import Trace
from reflections.models.safe import SafeRecord
from rpiws.models import Measure, Reading
from tests.architecture.asking import client_of
from tests.architecture.world import build_world, trust_models
from tests.factories.api import client_of as system_of
from tests.factories.rpiws import MeasureFactory, ReadingFactory
from tests.factories.trusts import TrustFactory, member
from trusts.actions.sign_in_help import clear_second_factor, end_wait
from trusts.models import Membership, Trust
from trusts.trail import SEEN_OF_A_TRUST

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def trust():
    return TrustFactory(short_name="Leeds", ods_code="RR8", region="North")


@pytest.fixture
def lead(trust):
    return member(Role.KPO_LEAD, trust, name="KPO lead, Leeds")


@pytest.fixture
def facilitator(trust):
    return member(Role.FACILITATOR, trust, name="Facilitator, Leeds")


@pytest.fixture
def reading(trust):
    measure = MeasureFactory(rpiw__value_stream__trust=trust, name="Step-down decision")
    return ReadingFactory(measure=measure, value=41)


def told(client, address="/trusts/RR8/audit.csv", **asked):
    """The lines as the file tells them, newest first."""
    answer = client.get(address, asked)
    assert answer.status_code == 200
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def change(reading, by, value, **more):
    with pghistory.context(user=by.pk, **more):
        Reading.objects.filter(pk=reading.pk).update(value=value)


def test_every_table_of_the_trail_is_told_somewhere():
    """Of the safe space a table of its own tells that something changed."""
    shown = {kind.model for register in (OF_TRUSTS, OF_SET_UP) for kind in register.kinds.values()}
    assert Trace in shown
    tracked = {model for model in apps.get_models() if is_tracked(model)}
    assert {model for model in tracked - shown if not issubclass(model, SafeRecord)} == set()
    assert not [model for model in shown if issubclass(model, SafeRecord)]


def test_change_is_told_with_who_what_and_why(reading, lead, facilitator):
    change(reading, facilitator, 14, reason="Two digits swapped.")
    newest = told(client_of(lead))[0]
    assert newest["Who"] == "Facilitator, Leeds"
    assert newest["What"] == "Baseline, Step-down decision: 14 min, was 41 min."
    assert (newest["Record"], newest["Kind of record"], newest["Why"]) == (
        "Step-down decision",
        "Reading",
        "Two digits swapped.",
    )
    text = client_of(lead).get("/trusts/RR8/audit/").content.decode()
    assert newest["What"] in text
    assert "Two digits swapped." in text


def test_what_was_deleted_is_told_with_all_it_held(reading, lead, facilitator):
    with pghistory.context(user=facilitator.pk):
        Measure.objects.filter(pk=reading.measure_id).delete()
    lines = told(client_of(lead), person=facilitator.pk)
    assert {(line["Kind of record"], line["Record"]) for line in lines} == {
        ("Measure", "Step-down decision"),
        ("Reading", "one that is no longer here"),
    }
    assert any(line["What"] == "Baseline, Step-down decision: taken away, was 41 min." for line in lines)


def test_act_at_the_database_says_so(reading, lead, owner_connection):
    owner_connection.cursor().execute("UPDATE rpiws_reading SET value = 14 WHERE id = %s", [reading.pk])
    [newest] = told(client_of(lead), kind="rpiws.reading", person="nobody")[:1]
    assert newest["Who"] == "Somebody at the database, as improvement_owner"


def test_system_of_the_trust_is_named(reading, trust, lead):
    system = system_of(trust, name="Ward board").client
    change(reading, system.acts_as, 14)
    assert told(client_of(lead))[0]["Who"] == "Ward board (a system)"


def test_filters_by_person_kind_record_and_day(reading, lead, facilitator):
    other = ReadingFactory(measure=MeasureFactory(rpiw=reading.measure.rpiw))
    change(reading, facilitator, 14)
    change(other, lead, 15)
    client = client_of(lead)
    assert {line["Who"] for line in told(client, person=lead.pk)} == {"KPO lead, Leeds"}
    assert {line["Kind of record"] for line in told(client, kind="rpiws.measure")} == {"Measure"}
    one = told(client, kind="rpiws.reading", record=reading.pk)
    assert {line["Record number"] for line in one} == {str(reading.pk)}
    assert len(one) == 2
    today = timezone.localdate()
    assert len(told(client, since=today, until=today)) == len(told(client)) > 4
    assert told(client, since=today + timedelta(days=1)) == []
    assert told(client, until=today - timedelta(days=1)) == []


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"since": "tuesday"}, "Write the day like 2021-03-09"),
        ({"since": "2021-03-09", "until": "2021-03-08"}, "Choose the first day, or a later one"),
        ({"person": "9999999"}, "Select a valid choice"),
        ({"kind": "accounts.user"}, "Select a valid choice"),
        ({"record": "x"}, "Enter a whole number"),
    ],
)
def test_wrong_filter_says_so_and_shows_nothing_that_was_not_asked_for(lead, asked, said):
    for address in ("/trusts/RR8/audit/", "/trusts/RR8/audit.csv"):
        answer = client_of(lead).get(address, asked)
        assert answer.status_code == 422
        assert said in answer.content.decode()
        assert "<tbody>" not in answer.content.decode()


def test_pages_tell_every_line_once(reading, lead, trust, facilitator):
    """Also where a page ends within one transaction, whose events all have one time."""
    with pghistory.context(user=facilitator.pk):
        Reading.objects.bulk_create(Reading(measure=reading.measure, checkpoint=f"day_{n}", value=n) for n in (30, 60))
    change(reading, facilitator, 14)
    place = Place(OF_TRUSTS, frozenset({trust.pk}), trust)
    whole = [(line.kind.key, line.record_id, line.entry.sentence) for line in page(place, Asked(), 500).lines]
    for size in (1, 2, 3, 7):
        pages, asked = [], Asked()
        while True:
            some = page(place, asked, size)
            pages += [(line.kind.key, line.record_id, line.entry.sentence) for line in some.lines]
            if some.ends_at is None:
                break
            asked = Asked(after=Spot.read(str(some.ends_at)))
        assert pages == whole
    assert len(whole) > 8


@pytest.mark.parametrize("spot", ["", "x", "2021-01-01~rpiws.reading~1", "2021-01-01T00:00:00+00:00~a~x", "~~"])
def test_nonsense_of_a_spot_shows_the_newest(reading, lead, spot):
    assert client_of(lead).get("/trusts/RR8/audit/", {"after": spot}).status_code == 200


@pytest.mark.parametrize("user", ['"x"', "-1", "[1]", '{"a": 1}', "true", "99999999999999999999999", "null", "0"])
def test_act_that_lies_about_itself_does_not_stop_the_page(reading, lead, user):
    """An injected statement may call itself anything (docs/adr/0005): the trail stays readable."""
    session = psycopg2.connect(os.environ["DATABASE_URL"])
    with session, session.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('pghistory.context_id', 'x', true), set_config('pghistory.context_metadata', %s, true)",
            [f'{{"user": {user}, "reason": [1], "database_role": "somebody else"}}'],
        )
        cursor.execute("UPDATE rpiws_reading SET value = 14 WHERE id = %s", [reading.pk])
    session.close()
    assert told(client_of(lead))[0]["What"].endswith("14 min, was 41 min.")
    assert client_of(lead).get("/trusts/RR8/audit/").status_code == 200


def test_queries_do_not_grow_with_the_lines(reading, lead, facilitator):
    def asked_for() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/trusts/RR8/audit/").status_code == 200
        return len(queries)

    client = client_of(lead)
    change(reading, facilitator, 14)
    few = asked_for()
    for n in range(20):
        change(reading, facilitator, n + 100)
        ReadingFactory(measure=MeasureFactory(rpiw=reading.measure.rpiw))
    assert asked_for() <= few


def test_spreadsheet_runs_nothing(reading, lead):
    Measure.objects.filter(pk=reading.measure_id).update(name='=HYPERLINK("http://x")')
    assert "'=HYPERLINK" in told(client_of(lead), kind="rpiws.measure")[0]["Record"]
    answer = client_of(lead).get("/trusts/RR8/audit.xlsx")
    book = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))
    assert "<f>" not in "".join(book.read(name).decode(errors="ignore") for name in book.namelist())


# Whose trail ------------------------------------------------------------------------


def everything(client, page_address):
    """The page, each of its earlier pages, and the file, as text."""
    texts, address = [], page_address
    while address:
        text = client.get(address).content.decode()
        texts.append(text)
        found = re.search(r'rel="next" href="([^"]+)"', text)
        address = page_address + found[1].replace("&amp;", "&") if found else None
    answer = client.get(page_address.removesuffix("/") + ".csv")
    return "".join(texts) + b"".join(answer.streaming_content).decode()


def test_lead_reads_the_whole_own_trail_and_nothing_of_another_trust():
    world = build_world()
    client = client_of(world.own.people[Role.KPO_LEAD])
    text = everything(client, f"/trusts/{world.own.trust.ods_code}/audit/")
    assert world.other.canary not in text
    for model in trust_models():
        if is_tracked(model):
            assert OF_TRUSTS.kinds[model._meta.label_lower].name in text, model
    for field in ("aim", "process", "values", "known_as", "next_step"):
        assert f"{world.own.canary} {field}" in text
    # Whatever is asked for, the record of another trust is not found.
    theirs = {"kind": "rpiws.reading", "record": world.other.measure.readings.first().pk}
    assert told(client, f"/trusts/{world.own.trust.ods_code}/audit.csv", **theirs) == []
    somebody = {"person": world.other.people[Role.FACILITATOR].pk}
    assert client.get(f"/trusts/{world.own.trust.ods_code}/audit/", somebody).status_code == 422


def test_administrator_reads_accounts_and_settings_and_no_content_of_a_trust():
    world = build_world()
    text = everything(client_of(world.central[Role.ADMINISTRATOR]), "/set-up/audit/")
    for name in ("Account", "Membership", "Trust", "National priority", "Partnership", "API client", "Sign-in"):
        assert name in text
    # Names of accounts hold the word by itself; every text that a trust wrote has its field's name behind it.
    for place in (world.own, world.other):
        assert place.canary in text
        fields = {field.name for model in trust_models() for field in model._meta.concrete_fields}
        written = fields - {"user", *SEEN_OF_A_TRUST} | {"name"}
        assert not [name for name in written if f"{place.canary} {name}" in text]


def test_administrator_is_told_that_a_trust_changed_but_not_what_or_why(trust, lead):
    administrator = member(Role.ADMINISTRATOR, partnership=trust.partnership)
    with pghistory.context(user=lead.pk, reason="quetzal"):
        Trust.objects.filter(pk=trust.pk).update(values="quetzal")
    [newest] = told(client_of(administrator), "/set-up/audit.csv", kind="trusts.trust")[:1]
    assert newest["What"] == "Changed facts that only its trust sees"
    assert "quetzal" not in str(newest)
    Trust.objects.filter(pk=trust.pk).update(region="East")
    assert told(client_of(administrator), "/set-up/audit.csv", kind="trusts.trust")[0]["What"] == (
        "Changed region from North to East"
    )


def test_administrator_reads_who_came_in_and_rights_that_changed(client, trust, lead):
    administrator = member(Role.ADMINISTRATOR, partnership=trust.partnership)
    lead.set_password("a long one for this test")
    lead.save()
    client.post("/accounts/login/", {"login": lead.email, "password": "wrong"})
    Membership.objects.filter(user=lead).update(ends=timezone.localdate())
    lines = told(client_of(administrator), "/set-up/audit.csv", person=lead.email.upper())
    assert [line["What"] for line in lines] == ["A sign-in was refused: wrong password, from 127.0.0.1"]
    [newest] = told(client_of(administrator), "/set-up/audit.csv", kind="trusts.membership")[:1]
    assert newest["What"].startswith("Set last day to")


@pytest.mark.parametrize(
    ("act", "what"),
    [
        (clear_second_factor, "Took away the lost second factor of f@trust.example, from 192.0.2.7"),
        (end_wait, "Let f@trust.example try again after too many wrong passwords, from 192.0.2.7"),
    ],
)
def test_help_for_somebody_kept_out_is_told_with_who_helped_and_why(trust, lead, act, what):
    kept_out = member(Role.FACILITATOR, trust, email="f@trust.example")
    act(person=kept_out, reason="We spoke on the phone", by=lead, address="192.0.2.7")
    administrator = member(Role.ADMINISTRATOR, partnership=trust.partnership)
    for person in (lead.email, kept_out.email):
        [line] = told(client_of(administrator), "/set-up/audit.csv", person=person, kind="accounts.accessevent")
        assert (line["Who"], line["Record"]) == (lead.email, kept_out.email)
        assert (line["What"], line["Why"]) == (what, "We spoke on the phone")
    text = client_of(administrator).get("/set-up/audit/", {"person": lead.email}).content.decode()
    assert what in text
    assert "We spoke on the phone" in text
    assert "We spoke on the phone" not in client_of(lead).get("/trusts/RR8/audit/").content.decode()


def test_administrator_of_another_partnership_reads_nothing_of_this_one(trust, lead):
    stranger = member(Role.ADMINISTRATOR)
    names = {line["Record"] for line in told(client_of(stranger), "/set-up/audit.csv", kind="trusts.trust")}
    assert "Leeds" not in names


def test_unknown_address_says_so(trust):
    administrator = member(Role.ADMINISTRATOR, partnership=trust.partnership)
    answer = client_of(administrator).get("/set-up/audit/", {"person": "nobody@trust.example"})
    assert "No account has this address" in answer.content.decode()
    assert User.objects.filter(email="nobody@trust.example").count() == 0
