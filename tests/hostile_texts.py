"""A partnership whose every free text tries to run as a script, and the walk of a browser through all its pages.

Whether a text got out of its place is asked of the drawn page, not only of the sentinel: the Content-Security-Policy
would stop most of what a template let through, and must not be what saves it.
"""

import re
from collections.abc import Callable, Iterable
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.apps import apps
from django.conf import settings
from django.db import models
from django.utils import timezone
from playwright.sync_api import BrowserContext, Error, Page

from accounts.models import AccessEvent, User
from accounts.permissions import Role
from dashboards.models import TrustSummary
from metrics.models import Recalculation
from rpiws.models import Checkpoint, Measure, Reading, Rpiw
from snapshots.models import Trouble
from snapshots.sweeping import catch_up, mark_everything
from tests.architecture.asking import client_of
from tests.architecture.expected import OK, expected
from tests.architecture.routes import Route, our_routes
from tests.architecture.world import Place, World, build_world
from tests.browser.console import Console
from tests.factories.dashboards import TrustSummaryFactory
from tests.factories.metrics import RecalculationFactory, month
from tests.factories.rpiws import MeasureFactory, ReadingFactory
from tests.factories.trusts import NamedPeriodFactory

ROOMS = frozenset({"accounts", "trusts", "rpiws", "metrics", "dashboards", "api"})

TRIES = (
    "<script>__ran=1</script>",
    "<img src onerror=__ran=1>",
    "<svg onload=__ran=1>",
    '" autofocus onfocus=__ran=1 x="',
    "' autofocus onfocus=__ran=1 x='",
    "javascript:__ran=1",
    "{{7*7777}}${7*7777}",
    "</script><script>__ran=1</script>",
    "</textarea><svg onload=__ran=1>",
    '<a href="javascript:__ran=1">x</a>',
)
SHORTEST = '"><b id=ran>'
"""For a field of twelve characters."""
COMPUTED = "54439"
"""What the braces come to."""
EMAIL = '"<svg/onload=__ran=1>"@trust.example'
"""An address by the rules of addresses."""

# Texts that the program writes, none of them as somebody typed it; AccessEvent's is typed, and kept with its row.
NOT_TYPED = {
    ("User", "password"),
    ("AccessEvent", "reason"),
    ("Transition", "step"),
    ("FileImport", "layout"),
    ("FileImport", "digest"),
    ("GridSave", "summary"),
    ("Reminder", "occasion"),
    ("TrustSummary", "body"),
    ("TrustSummary", "schema_version"),
    ("ApiToken", "prefix"),
    ("AcceptedWrite", "key"),
    ("AcceptedWrite", "content"),
    ("AcceptedWrite", "answer"),
}

# Who looks: whoever comes first and may.
LOOKING = (Role.KPO_LEAD, Role.CHIEF_EXECUTIVE, Role.EXECUTIVE_SPONSOR, Role.ADMINISTRATOR, Role.SECRETARIAT)

FOUND = """() => [
    ...document.querySelectorAll("#ran, [onerror], [onload], [onfocus]"),
    ...document.querySelectorAll("[href^='javascript:' i], [src^='javascript:' i], [action^='javascript:' i]"),
    ...[...document.scripts].filter(script => script.textContent.trim().startsWith("__ran")),
].map(element => element.outerHTML.slice(0, 200)).concat(window.__ran ? ["a script ran"] : [])"""
CHARTS_DRAWN = """() => !document.querySelector("script[data-plotly]")
    || [...document.querySelectorAll("[data-chart]")].every(it => it.hidden || it.querySelector("svg"))"""
EMPTY = r"status of 405|/favicon\.ico"
"""What the browser says of routes that are only sent to, and of parts of a page opened by themselves."""
FILTERS = """() => [...document.querySelectorAll("form:not([method=post]) [name]")].map(field => field.name)"""


def hostile(longest: int | None, *, first: int = 0) -> str:
    """As many of the tries as the field takes, beginning with the one of that number."""
    text = ""
    for one in [TRIES[(first + n) % len(TRIES)] for n in range(len(TRIES))]:
        if longest is None or len(text) + len(one) <= longest:
            text += one
    return text or SHORTEST


def typed_fields() -> dict[type[models.Model], list[Any]]:
    """Every field of ours that holds what somebody wrote, by model."""
    found: dict[type[models.Model], list[Any]] = {}
    for model in apps.get_models():
        if model.__module__.split(".")[0] not in ROOMS or hasattr(model, "pgh_tracked_model"):
            continue
        for text in model._meta.concrete_fields:
            free = isinstance(text, models.CharField | models.TextField) and not isinstance(text, models.EmailField)
            if free and not (text.choices or text.unique or (model.__name__, text.name) in NOT_TYPED):
                found.setdefault(model, []).append(text)
    return found


def build_hostile_world(first: int = 0) -> World:
    """The test's world with tries in every text, its dashboards recomputed from them."""
    world = build_world()
    NamedPeriodFactory(partnership=world.partnership, starts=date(2015, 9, 1))
    for place in (world.own, world.other):
        _add_what_shows_more(place, first)
    numbered = 0
    for model, texts in typed_fields().items():
        values: dict[str, Any] = {}
        for text in texts:
            values[text.name] = hostile(text.max_length, first=first + numbered)
            numbered += 1
        _write(model, values, by=world.own.people[Role.KPO_LEAD])
    User.objects.filter(pk=world.own.former.pk).update(email=EMAIL)
    for place in (world.own, world.other):
        place.trust.refresh_from_db()
        _release(place, first)
    mark_everything()
    catch_up()
    Trouble.objects.create(
        kind="value_stream",
        scope_id=world.other.value_stream.pk,
        attempts=5,
        failures=5,
        next_attempt_at=timezone.now(),
        set_aside_at=timezone.now(),
        error=hostile(None, first=first),
    )
    return world


def _write(model: type[models.Model], values: dict[str, Any], *, by: User) -> None:
    rows = model._default_manager.all()
    assert rows.exists(), f"The test's world has no {model.__name__}: its texts would be looked at nowhere."
    if model is Rpiw:
        values["started_without_by"] = by
    if model is Measure:
        # The others choose theirs.
        rows.filter(kind=Measure.Kind.DEFECTS).update(unit=values.pop("unit"))
    if model is Recalculation:
        rows.filter(withdrawn_at__isnull=False).update(withdrawn_because=values.pop("withdrawn_because"))
    if model is TrustSummary:
        rows, values = rows.filter(state=TrustSummary.State.DRAFT), {**values, "reason": ""}
    rows.update(**values)


def _add_what_shows_more(place: Place, first: int) -> None:
    lead = place.people[Role.KPO_LEAD]
    ReadingFactory(measure=place.measure, checkpoint=Checkpoint.DAY_30, value=20, version=2, recorded_by=lead)
    defects = MeasureFactory(rpiw=place.rpiw, defects=True)
    for checkpoint, value in ((Checkpoint.BASELINE, 9), (Checkpoint.DAY_30, 4)):
        ReadingFactory(measure=defects, checkpoint=checkpoint, value=value, recorded_by=lead)
    other = Reading.NotMeasured.OTHER
    ReadingFactory(
        measure=place.measure, checkpoint=Checkpoint.DAY_60, unmeasured=True, not_measured=other, not_measured_note="x"
    )
    AccessEvent.objects.create(
        kind=AccessEvent.Kind.LET_TRY_AGAIN,
        user=place.people[Role.FACILITATOR],
        by=lead,
        reason=hostile(200, first=first),
    )
    RecalculationFactory(
        version=place.version, on=month(8), by=lead, withdrawn_by=lead, withdrawn_at=timezone.now(),
        withdrawn_because="x",
    )  # fmt: skip


def _release(place: Place, first: int) -> None:
    """A released summary never changes: a later version of it holds the tries."""
    words = {name: hostile(None, first=first + n) for n, name in enumerate(("proud_of", "hard", "help_wanted"))}
    place.rows["summary"] = TrustSummaryFactory(
        trust=place.trust,
        released=True,
        version=2,
        supersedes=place.summary,
        starts=place.summary.starts,
        reason=hostile(None, first=first),
        prepared_by=place.people[Role.KPO_LEAD],
        released_by=place.people[Role.CHIEF_EXECUTIVE],
        **words,
    )


def somebody_who_may(route: Route) -> Role:
    return next(role for role in (*LOOKING, *Role) if expected(route, role, own=True) == OK)


class Walk:
    """One browser context for each role, signed in, and what went wrong on which address."""

    def __init__(self, world: World, new_context: Callable[..., BrowserContext], site: str, console: Console) -> None:
        self.world, self.new_context, self.site, self.console = world, new_context, site, console
        self.pages: dict[Role, Page] = {}
        self.wrong: dict[str, list[str]] = {}
        self.showed: set[str] = set()
        self.dialogs: list[str] = []

    def page_of(self, role: Role) -> Page:
        if role not in self.pages:
            session = client_of(self.world.somebody(role)).cookies[settings.SESSION_COOKIE_NAME].value
            context = self.new_context()
            context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": self.site}])
            page = self.pages[role] = context.new_page()
            page.on("dialog", self._dismiss)
        return self.pages[role]

    def _dismiss(self, dialog: Any) -> None:
        self.dialogs.append(dialog.message)
        dialog.dismiss()

    def routes(self, routes: Iterable[Route]) -> None:
        for route in routes:
            role = somebody_who_may(route)
            address = route.address(self.world, self.world.own)
            if route.name.endswith(("_csv", "_xlsx")):
                self.file(role, address)
            else:
                self.look(role, address, name=route.name)

    def file(self, role: Role, address: str) -> None:
        """A file is kept, not shown."""
        answer = self.page_of(role).request.get(address)
        kept = answer.headers.get("content-disposition", "").startswith("attachment")
        if not (answer.ok and kept and answer.headers.get("x-content-type-options") == "nosniff"):
            self.wrong[address] = [f"{answer.status}, shown as a page"]

    def look(self, role: Role, address: str, *, name: str, asking: bool = False) -> None:
        page = self.page_of(role)
        said = len(self.console.said)
        try:
            answer = page.goto(address)
        except Error as nothing:
            # An answer without a body: a 405, which the browser says a moment later, or a 204.
            assert re.search("ERR_HTTP_RESPONSE_CODE_FAILURE|ERR_ABORTED", str(nothing)), address
            return
        assert answer is not None
        if asking and answer.status in (400, 404, 422):
            self._forget(answer.status, said)
        elif answer.status != 200:
            self.wrong[address] = [f"answered {answer.status}"]
        page.evaluate("() => document.querySelectorAll('details').forEach(it => { it.open = true; })")
        page.wait_for_function(CHARTS_DRAWN)
        text = page.content()
        found = page.evaluate(FOUND) + [text for text in self.console.said[said:] if not re.search(EMPTY, text)]
        found += ["braces were computed"] if COMPUTED in text else []
        if found:
            self.wrong[page.url] = found
        if "__ran=1" in text:
            self.showed.add(name)
        filters = [] if asking else sorted(set(page.evaluate(FILTERS)))
        if filters:
            asked = urlencode({field: hostile(None) for field in filters})
            self.look(role, f"{address}?{asked}", name=name, asking=True)

    def _forget(self, status: int, said: int) -> None:
        """What the browser said of an answer that was to be expected."""
        heard = self.console.said[said:]
        self.console.said[said:] = [text for text in heard if f"status of {status}" not in text]

    def judge(self) -> None:
        assert not self.wrong, "\n".join(f"{address[:120]}: {found}" for address, found in self.wrong.items())
        assert not self.dialogs, self.dialogs


def pages_by_name(*names: str) -> list[Route]:
    routes = {route.name: route for route in our_routes()}
    return [routes[name] for name in names]
