"""What is said in the safe space leaves it by no page, file, list, letter, log or system, whoever asks for it."""

import io
import logging
import zipfile
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.contrib import admin
from django.core import mail
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.permissions import Role
from accounts.trail import OF_SET_UP, OF_TRUSTS, Asked, Place, page
from boards.models import AgendaItem
from improvement.reports import scrubbed
from reflections.models import Line
from reflections.safe import speaking_as
from tests.architecture.asking import client_of
from tests.architecture.routes import PARAMETERS, api_routes, our_routes
from tests.architecture.world import Place as Rows
from tests.factories.api import client_of as system_of
from tests.factories.api import regulator_client
from tests.factories.boards import EntryFactory
from tests.factories.trusts import TrustFactory, member
from tests.integration.reflections.conftest import CANARY, outsiders
from tests.lines import listen

pytestmark = pytest.mark.django_db


def addresses(table) -> Iterator[str]:
    """Every route that this board, its meeting and what was said there have. Every other is asked by each role in
    tests/architecture/test_access_matrix.py; a PDF is packed, and its words are those of the page."""
    item = AgendaItem.objects.get(meeting=table.meeting)
    seat = table.board.seats.get(role="chair")
    rows = {"board": table.board, "meeting": table.meeting, "agenda_item": item, "seat": seat}
    rows |= {"entry": EntryFactory(item=item), "holding": seat.holdings.get(), "number": 1, **table.rows}
    place = Rows(TrustFactory(partnership=table.board.partnership), "", rows=rows)
    of_drafts = {"draft_id": table.rows["draft"].pk}
    for route in our_routes():
        ours = route.view.__module__.startswith(("boards.", "reflections.", "compacts."))
        if not (ours and route.parameters) or route.name == "minutes_pdf":
            continue
        try:
            given = {name: of_drafts.get(name) or PARAMETERS[name](None, place) for name in route.parameters}
        except (AttributeError, KeyError):
            continue
        yield reverse(route.name, kwargs=given)


def text_of(answer) -> str:
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if content[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            content = b"\n".join(parts.read(name) for name in parts.namelist())
    return content.decode(errors="replace") + str(dict(answer.headers))


def read_by(user, table) -> list[str]:
    """The addresses at which somebody reads the word."""
    client = client_of(user)
    return [address for address in addresses(table) if CANARY in text_of(client.get(address))]


def test_member_reads_it_on_its_own_pages_alone(said):
    seen = read_by(said["member"], said)
    for part in ("/reflections/", "/reflections/fresh/", f"/breaches/{said.rows['breach'].pk}/", "/room/"):
        assert [address for address in seen if address.endswith(part)], part
    at_home = ("/reflections/", "/breaches/", "/room/")
    assert [address for address in seen if not any(part in address for part in at_home)] == []
    # It is in no minutes, which the secretariat reads: not on the page, not in Word.
    assert not [address for address in seen if "minutes" in address]
    answer = client_of(said["member"]).get(f"/meetings/{said.meeting.pk}/reflections/")
    assert "no-store" in answer["Cache-Control"]
    assert "private" in answer["Cache-Control"]


def test_outsiders_read_it_on_no_page_and_in_no_file(said):
    found = outsiders(said)
    for who in ("regulator analyst", "executive without a seat", "secretariat", "administrator", "former member"):
        assert read_by(found[who], said) == [], who
    signed_out = Client()
    assert not [address for address in addresses(said) if CANARY in text_of(signed_out.get(address))]


def test_secretariat_sees_the_room_and_that_there_is_something_that_is_not_theirs(said):
    client = client_of(outsiders(said)["secretariat"])
    room = client.get(f"/meetings/{said.meeting.pk}/room/").content.decode()
    assert "What the board agrees to keep stands with its members alone." in room
    for address in (f"/meetings/{said.meeting.pk}/reflections/", f"/boards/{said.board.pk}/breaches/call-out/"):
        assert client.get(address).status_code == 403
        assert address not in room


def test_administrator_of_the_admin_site_finds_no_such_table(said):
    assert not [model for model in admin.site._registry if model._meta.app_label == "reflections"]
    client = client_of(outsiders(said)["administrator"])
    for model in admin.site._registry:
        listed = client.get(reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"))
        assert listed.status_code == 200
        assert CANARY not in text_of(listed)


def test_systems_have_no_address_for_it(said):
    assert not [name for name, pattern in api_routes().items() if "reflections" in pattern.callback.__module__]
    trust = TrustFactory(partnership=said.board.partnership)
    tokens = [system_of(trust).token, regulator_client(said.board.partnership).token]
    for name, pattern in api_routes().items():
        if not pattern.pattern.converters:
            for token in tokens:
                answer = Client().get(reverse(name), headers={"Authorization": f"Bearer {token}"})
                assert CANARY not in text_of(answer)


def test_audit_page_tells_that_something_changed_and_neither_what_nor_who(said):
    place = Place(OF_SET_UP, frozenset({said.board.partnership_id}))
    lines = [line for line in page(place, Asked(), 500).lines if line.kind.key == "reflections.trace"]
    assert lines
    assert {(line.entry.who, line.entry.sentence, line.entry.changes) for line in lines} == {
        ("Not told", "Something changed", ())
    }
    everything = str([vars(line) | vars(line.entry) for line in page(place, Asked(), 500).lines])
    assert CANARY not in everything
    by_member = page(place, Asked(person=said["member"].pk), 500).lines
    assert not [line for line in by_member if line.kind.key.startswith("reflections.")]
    # Nor a trust's, nor another partnership's administrator.
    trust = TrustFactory(partnership=said.board.partnership)
    assert not page(Place(OF_TRUSTS, frozenset({trust.pk})), Asked(kind="reflections.trace")).lines
    administrator = client_of(member(Role.ADMINISTRATOR, partnership=said.board.partnership))
    for address in ("/set-up/audit/", "/set-up/audit.csv"):
        answer = administrator.get(address, {"kind": "reflections.trace"})
        assert answer.status_code == 200
        text = text_of(answer)
        assert "Something changed" in text
        assert CANARY not in text


def test_no_letter_holds_it(said, django_capture_on_commit_callbacks):
    client = client_of(said["member"])
    with django_capture_on_commit_callbacks() as sends:
        client.post(f"/boards/{said.board.pk}/breaches/drafts/{said.rows['draft'].pk}/hand/", {"hand": "yes"})
    # What goes to the broker is the board's number.
    assert [send.__closure__[0].cell_contents for send in sends] == [said.board.pk]
    assert not [letter for letter in mail.outbox if CANARY in letter.subject + letter.body]


def test_no_log_and_no_report_holds_it_when_the_database_refuses(said):
    written, handler = listen()
    client = client_of(said["scribe"])
    client.raise_request_exception = False
    try:
        with pytest.MonkeyPatch.context() as patch:
            # PostgreSQL's own error repeats the row.
            patch.setattr("reflections.forms.lines.LineForm.clean", lambda form: form.cleaned_data | {"prompt": None})
            words = {"prompt": "learned", "text": f"The {CANARY} said it", "promise": ""}
            answer = client.post(f"/meetings/{said.meeting.pk}/reflections/propose/", words)
    finally:
        logging.getLogger().removeHandler(handler)
    assert answer.status_code == 500
    assert "IntegrityError" in written.text
    assert CANARY not in written.text
    frame = {"filename": "x.py", "vars": {"text": CANARY}, "context_line": CANARY}
    thrown = {"type": "IntegrityError", "value": CANARY, "stacktrace": {"frames": [frame]}}
    assert CANARY not in str(scrubbed({"exception": {"values": [thrown]}, "request": {"data": CANARY}}, {}))


def test_no_log_line_names_who_acted_there(said):
    client = client_of(said["member"])
    drafts = f"/boards/{said.board.pk}/breaches/drafts/{said.rows['draft'].pk}/"
    written, handler = listen()
    try:
        assert client.get(drafts).status_code == 200
        assert client.post(f"{drafts}bring/").status_code == 302
        assert client.get(f"/boards/{said.board.pk}/").status_code == 200
    finally:
        logging.getLogger().removeHandler(handler)
    of_requests = {line["route"]: line.get("person") for line in written.of("improvement.requests")}
    assert of_requests == {"breach_draft": None, "breach_bring": None, "board": said["member"].pk}


@pytest.mark.parametrize(("setting", "is_so"), [("log_min_error_statement", "panic"), ("log_error_verbosity", "terse")])
def test_databases_own_log_holds_no_statement_and_no_row(setting, is_so):
    with connection.cursor() as cursor:
        cursor.execute(f"SHOW {setting}")
        assert cursor.fetchone() == (is_so,)


def test_former_member_keeps_nothing_from_the_next_day_on(said):
    today = timezone.localdate()
    with speaking_as(said["chair"]):
        assert Line.objects.exists()
    said.board.seats.get(role="chair").holdings.update(starts=today - timedelta(days=365), ends=today)
    assert client_of(said["chair"]).get(f"/meetings/{said.meeting.pk}/reflections/").status_code == 200
    said.board.seats.get(role="chair").holdings.update(ends=today - timedelta(days=1))
    assert client_of(said["chair"]).get(f"/meetings/{said.meeting.pk}/reflections/").status_code == 404
