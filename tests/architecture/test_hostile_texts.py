"""Whatever people write stays text: every text field, on every page that the resolver knows, as its HTML is read."""

from copy import deepcopy

import pytest
from django.contrib import admin
from django.db import transaction
from django.urls import reverse
from django.utils.html import escape

from accounts.permissions import Role
from tests.architecture.asking import client_of
from tests.architecture.routes import our_routes
from tests.architecture.test_foreign_ids import NOT_SENT, Forms
from tests.hostile_texts import (
    ADDRESS,
    FIRST,
    UNESCAPED,
    UNESCAPED_ADDRESS,
    Escapes,
    build_hostile_world,
    hostile,
    somebody_who_may,
    unknown_exceptions,
)


@pytest.mark.parametrize("where", UNESCAPED)
@pytest.mark.parametrize(("longest", "first"), [(None, 0), (None, 1), (60, 0)])
def test_text_that_is_not_escaped_is_seen(where, first, longest):
    assert Escapes(f"<body>{where.format(hostile(longest, first=first))}</body>").found
    assert not Escapes(f"<body>{where.format(escape(hostile(longest, first=first)))}</body>").found


def test_text_that_is_an_address_is_seen():
    assert Escapes(UNESCAPED_ADDRESS.format(escape(hostile(None, first=FIRST.index(ADDRESS))))).found


def test_exceptions_are_there():
    assert unknown_exceptions() == set()


@pytest.mark.soak
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("first", range(len(FIRST)))
def test_no_text_gets_out_of_any_page_and_any_form(first):
    world = build_hostile_world(first)
    walk = Walk(hostile(None, first=first))
    for route in our_routes():
        walk.look(somebody_who_may(route, world), route.address(world, world.own))
    administrator = world.somebody(Role.ADMINISTRATOR)
    for model in admin.site._registry:
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        walk.look(administrator, reverse(f"{name}_changelist"))
        if row := model._default_manager.first():
            walk.look(administrator, reverse(f"{name}_change", args=[row.pk]))
    assert not walk.wrong, "\n".join(f"{address[:120]}: {found[:3]}" for address, found in walk.wrong.items())
    assert walk.showing > 80
    assert walk.answered > 40


class Walk:
    """Asks for pages, and sends each of their forms with tries in every box; whatever that changes is undone."""

    def __init__(self, text):
        self.text = text
        self.clients = {}
        self.wrong = {}
        self.showing = self.answered = 0

    def look(self, user, address):
        if user.pk not in self.clients:
            self.clients[user.pk] = client_of(user)
        client = self.clients[user.pk]
        page = client.get(address)
        if page.status_code == 405:
            return
        assert page.status_code < 400, (address, page.status_code)
        if page.streaming or not page.get("Content-Type", "").startswith("text/html"):
            page.close()
            assert page["X-Content-Type-Options"] == "nosniff", address
            return
        text = self.read(address, page)
        if page.resolver_match.view_name in NOT_SENT:
            return
        for form in Forms(text).forms:
            boxes = dict.fromkeys(form["sent"].keys() - form["offered"].keys(), self.text)
            if boxes:
                self.send(client, form["action"] or address, form["sent"] | boxes)

    def send(self, client, address, sent):
        cookies = deepcopy(client.cookies)
        with transaction.atomic():
            answer = client.post(address, sent)
            transaction.set_rollback(True)
        client.cookies = cookies
        assert answer.status_code < 500, (address, answer.status_code)
        if answer.get("Content-Type", "").startswith("text/html"):
            self.answered += bool(answer.content)
            self.read(f"{address}, answering a form", answer)

    def read(self, address, answer):
        text = answer.content.decode()
        self.showing += "__ran=1" in text
        if found := Escapes(text).found:
            self.wrong[address] = found
        return text
