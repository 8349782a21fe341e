"""What a form does not offer cannot be sent: every form as rendered, with another trust's ids in every field.

Derived from the pages: whoever adds a form or a field is asked too. What must hold afterwards is the same everywhere:
no row of the own trust points to another trust's row or person, and no row of the other trust has changed.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from html.parser import HTMLParser
from typing import Any

import pytest
from django.db import connection, models, transaction

from accounts.models import User
from accounts.permissions import Role
from tests.architecture.asking import client_of
from tests.architecture.routes import our_routes
from tests.architecture.world import build_world, trust_models
from trusts.models import Membership

pytestmark = pytest.mark.django_db


# Also where a statement that says who acts goes before it.
WRITES = re.compile(
    r'\b(INSERT INTO|DELETE FROM|UPDATE) "({})"'.format("|".join(m._meta.db_table for m in (*trust_models(), User)))
)

# The draft of the test's world rests on no frozen figures, so nothing can be composed from it.
NOT_SENT = frozenset({"summary_prepare"})


@pytest.fixture
def world():
    return build_world()


class Forms(HTMLParser):
    """The page's forms that are posted: where to, and each field with its values as offered and as they stand."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.forms: list[dict[str, Any]] = []
        self.form: dict[str, Any] | None = None
        self.select = ""
        self.feed(text)

    def handle_starttag(self, tag: str, pairs: list[tuple[str, str | None]]) -> None:
        given = dict(pairs)
        name, value = given.get("name") or "", given.get("value") or ""
        if tag == "form":
            posts = (given.get("method") or "").lower() == "post"
            self.form = {"action": given.get("action") or "", "sent": {}, "offered": {}} if posts else None
        elif self.form is None:
            return
        elif tag == "select":
            self.select = name
            self.form["offered"].setdefault(name, [])
        elif tag == "option" and self.select:
            self.form["offered"][self.select].append(value)
            if "selected" in given or self.select not in self.form["sent"]:
                self.form["sent"][self.select] = [value]
        elif tag in ("input", "button", "textarea") and name and name != "csrfmiddlewaretoken":
            self.field(name, value, given, (given.get("type") or "text") if tag != "textarea" else "text")

    def field(self, name: str, value: str, given: dict[str, str | None], kind: str) -> None:
        assert self.form is not None
        if kind in ("radio", "checkbox"):
            self.form["offered"].setdefault(name, []).append(value)
            if "checked" in given or (kind == "radio" and name not in self.form["sent"]):
                self.form["sent"].setdefault(name, [])
                self.form["sent"][name] = [value] if kind == "radio" else [*self.form["sent"][name], value]
        elif kind == "hidden":
            self.form["offered"][name] = [value]
            self.form["sent"][name] = [value]
        elif kind not in ("submit", "button"):
            self.form["sent"][name] = [value or "1"]

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self.select = ""
        elif tag == "form" and self.form is not None:
            self.forms.append(self.form)
            self.form = None


def forms_of(world, client, place):
    """Every posted form of every page, by route."""
    for route in our_routes():
        if route.name in NOT_SENT:
            continue
        address = route.address(world, place)
        with transaction.atomic():
            answer = client.get(address)
            text = "" if answer.streaming else answer.content.decode(errors="replace")
            transaction.set_rollback(True)
        if answer.status_code == 200:
            for form in Forms(text).forms:
                if "/sign-out" not in (form["action"] or address) and "/logout/" not in form["action"]:
                    yield route.name, form["action"] or address, form


def of_place(place) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of the place, as it stands."""
    ids = frozenset({place.trust.pk})
    return {
        model._meta.label: sorted(model._default_manager.in_trusts(ids).values_list(), key=str)  # type: ignore[attr-defined]
        for model in trust_models()
    }


def crossings(world) -> list[str]:
    """Where a row of the own trust points to what is not its own."""
    ids = frozenset({world.own.trust.pk})
    strangers = set(User.objects.exclude(memberships__trust=world.own.trust).values_list("pk", flat=True))
    strangers &= set(Membership.objects.filter(trust=world.other.trust).values_list("user_id", flat=True))
    found = []
    for model in trust_models():
        for field in model._meta.concrete_fields:
            if not isinstance(field, models.ForeignKey):
                continue
            target: Any = field.related_model
            rows = model._default_manager.in_trusts(ids)  # type: ignore[attr-defined]
            pointed = set(rows.exclude(**{field.name: None}).values_list(field.attname, flat=True))
            if target is User:
                bad = pointed & strangers
            elif hasattr(target._default_manager.all(), "in_trusts"):
                own = set(target._default_manager.in_trusts(ids).values_list("pk", flat=True))
                bad = pointed - own
            else:
                continue
            found += [f"{model.__name__}.{field.name}: {sorted(bad)}"] if bad else []
    return found


def foreign_ids(world) -> set[str]:
    """A row of each kind, and people, of the other trust."""
    rows = [*world.other.rows.values(), world.other.trust, *world.other.people.values()]
    readings = world.other.measure.readings.all()
    return {str(row.pk) for row in [*rows, *readings, *Membership.objects.filter(trust=world.other.trust)]}


@contextmanager
def writes() -> Iterator[list[str]]:
    """The statements that wrote into what is looked at afterwards: without one there is nothing to look for."""
    written: list[str] = []

    def listen(execute: Any, statement: Any, *rest: Any) -> Any:
        if WRITES.search(str(statement)):
            written.append(str(statement))
        return execute(statement, *rest)

    with connection.execute_wrapper(listen):
        yield written


def post(client, address, sent):
    """Send it as the person who is signed in, whatever the answer does to the session."""
    cookies = deepcopy(client.cookies)
    answer = client.post(address, {name: value for name, value in sent.items() if value != [""]})
    client.cookies = cookies
    assert "/accounts/login/" not in answer.get("Location", "")
    return answer


@pytest.mark.soak
def test_no_field_takes_an_id_of_another_trust(world):
    client = client_of(world.own.people[Role.KPO_LEAD])
    ids = foreign_ids(world)
    assert crossings(world) == []
    before, tried, wrote, wrong = of_place(world.other), 0, 0, {}
    for name, address, form in list(forms_of(world, client, world.own)):
        for field, offered in form["offered"].items():
            if not any(value.isdigit() for value in offered):
                continue
            for foreign in sorted(ids - set(offered), key=int)[-4:]:
                tried += 1
                with transaction.atomic():
                    with writes() as written:
                        answer = post(client, address, form["sent"] | {field: [foreign]})
                    wrote += bool(written)
                    if answer.status_code >= 500 or (written and (crossings(world) or of_place(world.other) != before)):
                        wrong[name, field, foreign] = (answer.status_code, crossings(world))
                    transaction.set_rollback(True)
    assert wrong == {}
    assert tried > 30
    assert wrote > 5, "nothing was written: this would prove nothing"


@pytest.mark.soak
def test_fields_that_no_form_offers_are_ignored(world):
    """Every field of every model of a trust is sent beside what the form offers, with the other trust's ids."""
    client = client_of(world.own.people[Role.KPO_LEAD])
    before, wrong, answers = of_place(world.other), {}, []
    extra: dict[str, str] = {}
    for model in trust_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, models.ForeignKey):
                rows: Any = field.related_model._default_manager.all()  # type: ignore[union-attr]
                theirs = rows.in_trusts(frozenset({world.other.trust.pk})) if hasattr(rows, "in_trusts") else None
                row = theirs.first() if theirs is not None else world.other.people[Role.FACILITATOR]
                extra |= {field.name: str(row.pk), field.attname: str(row.pk)} if row else {}
    extra |= {"is_staff": "on", "is_superuser": "on", "synthetic": "on", "trust": str(world.other.trust.pk)}
    extra |= {"pk": str(world.other.rpiw.pk), "id": str(world.other.rpiw.pk)}
    for name, address, form in list(forms_of(world, client, world.own)):
        offered = set(form["offered"]) | set(form["sent"])
        with transaction.atomic():
            with writes() as written:
                answer = post(client, address, form["sent"] | {n: [v] for n, v in extra.items() if n not in offered})
            answers.append(answer.status_code)
            staff = User.objects.filter(is_staff=True).exclude(pk=world.central[Role.ADMINISTRATOR].pk)
            if answer.status_code >= 500 or (
                written and (crossings(world) or of_place(world.other) != before or staff.exists())
            ):
                wrong[name, address] = (answer.status_code, crossings(world))
            transaction.set_rollback(True)
    assert wrong == {}
    assert answers.count(302) > 10, "most of these were refused for another reason: this would prove nothing"


def test_other_trusts_records_cannot_be_addressed_with_own_forms(world):
    """The own form, sent to the same page of the other trust."""
    client = client_of(world.own.people[Role.KPO_LEAD])
    before = of_place(world.other)
    there = {route.name: route.address(world, world.other) for route in our_routes() if route.at_a_place}
    answers = {}
    for name, _address, form in list(forms_of(world, client, world.own)):
        if name in there and name != "summary":
            with transaction.atomic():
                with writes() as written:
                    answers[name] = post(client, there[name], form["sent"]).status_code
                assert not written or of_place(world.other) == before, name
                transaction.set_rollback(True)
    assert set(answers.values()) <= {404, 405}, {n: a for n, a in answers.items() if a not in (404, 405)}
    assert len(answers) > 15
