"""A browser's walk through pages whose every text tries to run as a script (tests/hostile_texts.py)."""

import re
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import admin
from django.urls import reverse
from playwright.sync_api import BrowserContext, Page

from accounts.models import User
from accounts.permissions import Role
from tests.architecture.asking import client_of
from tests.architecture.routes import Route
from tests.architecture.world import World
from tests.browser.console import Console
from tests.hostile_texts import COMPUTED, hostile, somebody_who_may

PATIENCE = 120_000
"""Milliseconds for one page, its charts drawn: other tests may have the machine's cores."""

# Read off the page as it stands: the Content-Security-Policy may have kept a script from running that got out.
FOUND = """() => [
    ...document.querySelectorAll("#ran, [onerror], [onload], [onfocus]"),
    ...["href", "src", "action", "formaction"].flatMap(
        name => [...document.querySelectorAll(`[${name}^='javascript:' i]`)]),
    ...[...document.scripts].filter(script => script.textContent.trim().startsWith("__ran")),
].map(element => element.outerHTML.slice(0, 200)).concat(window.__ran ? ["a script ran"] : [])"""
OPEN_ALL = "() => document.querySelectorAll('details').forEach(it => { it.open = true; })"
CHARTS_DRAWN = """() => !document.querySelector("script[data-plotly]")
    || [...document.querySelectorAll("[data-chart]")].every(it => it.hidden || it.querySelector("svg"))"""
FILTERS = """() => [...document.querySelectorAll("form:not([method=post]) [name]")].map(field => field.name)"""
# A part of a page is put into one, as htmx does.
PUT_IN = "part => { const it = document.createElement('div'); it.innerHTML = part; document.body.append(it); }"


def found_in(page: Page) -> list[str]:
    computed = ["braces were computed"] if COMPUTED in page.content() else []
    return [*page.evaluate(FOUND), *computed]


class Walk:
    """One browser context for each person, signed in, and what went wrong on which address."""

    def __init__(self, world: World, new_context: Callable[..., BrowserContext], site: str, console: Console) -> None:
        self.world, self.new_context, self.site, self.console = world, new_context, site, console
        self.pages: dict[int, Page] = {}
        self.wrong: dict[str, list[str]] = {}
        self.showed: set[str] = set()
        self.dialogs: list[str] = []

    def page_of(self, user: User) -> Page:
        if user.pk not in self.pages:
            session = client_of(user).cookies[settings.SESSION_COOKIE_NAME].value
            context = self.new_context()
            context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": self.site}])
            page = self.pages[user.pk] = context.new_page()
            page.set_default_timeout(PATIENCE)
            page.on("dialog", self._dismiss)
        return self.pages[user.pk]

    def _dismiss(self, dialog: Any) -> None:
        self.dialogs.append(dialog.message)
        dialog.dismiss()

    def routes(self, routes: Iterable[Route]) -> None:
        for route in routes:
            self.address(
                somebody_who_may(route, self.world), route.address(self.world, self.world.own), name=route.name
            )

    def admin_site(self) -> None:
        """Each list, and a row of each."""
        administrator = self.world.somebody(Role.ADMINISTRATOR)
        for model in admin.site._registry:
            name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
            rows = [reverse(f"{name}_change", args=[row.pk]) for row in model._default_manager.all()[:1]]
            for address in (reverse(f"{name}_changelist"), *rows):
                self.address(administrator, address, name=name)

    def address(self, user: User, address: str, *, name: str) -> None:
        """Ask first what it is: what is only sent to answers 405, a file is kept, a part of a page is put into one."""
        page = self.page_of(user)
        answer = page.request.get(address, timeout=PATIENCE)
        if answer.status in (204, 405):
            return
        if not answer.headers.get("content-type", "").startswith("text/html"):
            self._file(address, answer)
        elif "<html" in (text := answer.text()):
            self.look(page, address, name=name)
        else:
            heard = len(self.console.said)
            page.evaluate(PUT_IN, text)
            self._judge(page, address, name, text, heard)

    def _file(self, address: str, answer: Any) -> None:
        """Shown by no browser as a page."""
        if not answer.ok or answer.headers.get("x-content-type-options") != "nosniff":
            self.wrong[address] = [f"{answer.status}, and may be shown as a page"]

    def look(self, page: Page, address: str, *, name: str, asking: bool = False) -> None:
        heard = len(self.console.said)
        answer = page.goto(address)
        assert answer is not None
        page.evaluate(OPEN_ALL)
        page.wait_for_function(CHARTS_DRAWN)
        if asking and answer.status in (400, 404, 422):
            self._forget(answer.status, heard)
        elif answer.status != 200:
            self.wrong[address] = [f"answered {answer.status}"]
        self._judge(page, address, name, page.content(), heard)
        filters = [] if asking else sorted(set(page.evaluate(FILTERS)))
        if filters:
            asked = urlencode({field: hostile(None) for field in filters})
            self.look(page, f"{address}?{asked}", name=name, asking=True)

    def _judge(self, page: Page, address: str, name: str, text: str, heard: int) -> None:
        if found := [*found_in(page), *self.console.said[heard:]]:
            self.wrong[address] = found
        if "__ran=1" in text:
            self.showed.add(name)

    def _forget(self, status: int, heard: int) -> None:
        """What the browser said of an answer that was to be expected."""
        said = self.console.said[heard:]
        self.console.said[heard:] = [text for text in said if not re.search(f"status of {status}", text)]

    def judge(self) -> None:
        assert not self.wrong, "\n".join(f"{address[:120]}: {found[:3]}" for address, found in self.wrong.items())
        assert not self.dialogs, self.dialogs
