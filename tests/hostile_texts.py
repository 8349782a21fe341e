"""A partnership whose every free text tries to run as a script, and what is left of such a text that got out of place.

Whether it did is asked of the page as a browser reads it, not of the script alone: the Content-Security-Policy would
stop most of what a template let through, and must not be what saves it.
"""

from contextlib import closing
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db import DatabaseError, connection, models, transaction
from django.utils import timezone
from psycopg2 import IntegrityError, sql

from accounts.history import is_tracked
from accounts.models import AccessEvent, User
from accounts.permissions import Permission, Role, SeatRole
from dashboards.models import TrustSummary
from metrics.models import FileImport
from reflections.safe import speaking_as
from rpiws.models import Checkpoint, Measure, Reading, Rpiw
from snapshots.models import Trouble
from snapshots.sweeping import catch_up, mark_everything
from tests.architecture.expected import OK, expected
from tests.architecture.routes import Route
from tests.architecture.world import Place, World, build_world
from tests.conftest import as_superuser
from tests.factories.boards import (
    AttendanceFactory,
    EntryFactory,
    FramingFactory,
    MeetingFactory,
    RegulatorLineFactory,
    sitting,
)
from tests.factories.dashboards import PackFactory, TrustReportFactory, TrustSummaryFactory
from tests.factories.metrics import FileImportFactory, RecalculationFactory, month
from tests.factories.reflections import SafetyRoutesFactory
from tests.factories.rpiws import MeasureFactory, ReadingFactory
from tests.factories.trusts import MembershipFactory, NamedPeriodFactory

ROOT = Path(__file__).resolve().parent.parent

# The first two come first in every text that has room for them, by turns: they leave whatever quotes they stand in, or
# are an address.
BREAKS_OUT = "'\"><b id=ran>"
ADDRESS = "javascript:__ran=1//"
TRIES = (
    "<script>__ran=1</script>",
    "<img src onerror=__ran=1>",
    "<svg onload=__ran=1>",
    '" autofocus onfocus=__ran=1 x="',
    "' autofocus onfocus=__ran=1 x='",
    "{{7*7777}}${7*7777}",
    "</script><script>__ran=1</script>",
    "</textarea></title></style><svg onload=__ran=1>",
    '<a href="javascript:__ran=1">x</a>',
)
FIRST = (BREAKS_OUT, ADDRESS)
SHORTEST = '"><b id=ran>'
"""For a field of twelve characters."""
COMPUTED = "54439"
"""What the braces come to."""
EMAIL = '"<svg/onload=__ran=1>"@trust.example'
"""An address by the rules of addresses."""

# Texts that the program writes, none of them as somebody typed it. AccessEvent's is typed, and kept as it was written.
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
    ("TrustSummary", "sources"),
    ("TrustReport", "body"),
    ("TrustReport", "sources"),
    ("TrustReport", "success_chart"),
    ("Pack", "body"),
    ("ApiToken", "prefix"),
    ("AcceptedWrite", "key"),
    ("AcceptedWrite", "content"),
    ("AcceptedWrite", "answer"),
}
# What an uploaded file says stands in these: `_read_files` fills them.
OF_FILES = {("FileImport", name) for name in ("columns", "problems", "found", "rejected_rows")}

# Who looks: whoever comes first and may.
LOOKING = (Role.KPO_LEAD, Role.CHIEF_EXECUTIVE, Role.EXECUTIVE_SPONSOR, Role.ADMINISTRATOR, Role.SECRETARIAT)


def hostile(longest: int | None, *, first: int = 0, turn: int = 0) -> str:
    """As many of the tries as the field takes: one of FIRST, then the others, from the one of number `turn` on."""
    others = [TRIES[(turn + n) % len(TRIES)] for n in range(len(TRIES))]
    text = ""
    for one in [FIRST[first % len(FIRST)], *others]:
        if longest is None or len(text) + len(one) <= longest:
            text += one
    return text or SHORTEST


# Which texts ---------------------------------------------------------------------


def rooms() -> set[str]:
    """The rooms that have addresses: their texts are shown."""
    return {app.name for app in apps.get_app_configs() if (ROOT / app.name / "urls.py").exists()}


def typed_fields() -> dict[type[models.Model], list[Any]]:
    """Every field of ours that holds what somebody wrote, by model. A new one is in it by itself."""
    found: dict[type[models.Model], list[Any]] = {}
    for model, text in _fields():
        name = (model.__name__, text.name)
        if name not in NOT_TYPED | OF_FILES:
            assert not isinstance(text, models.JSONField), f"{name}: who writes it? Say so in {__name__}."
            found.setdefault(model, []).append(text)
    return found


def unknown_exceptions() -> set[tuple[str, str]]:
    """Exceptions whose field is no longer there."""
    return (NOT_TYPED | OF_FILES) - {(model.__name__, field.name) for model, field in _fields()}


def _fields() -> list[tuple[type[models.Model], Any]]:
    kinds = models.CharField | models.TextField | models.JSONField
    return [
        (model, field)
        for model in apps.get_models()
        if model._meta.app_config.name in rooms() and not hasattr(model, "pgh_tracked_model")
        for field in model._meta.concrete_fields
        if isinstance(field, kinds)
        and not (isinstance(field, models.EmailField) or field.choices or (field.unique and not field.max_length > 120))
    ]


# The world -----------------------------------------------------------------------


def build_hostile_world(first: int = 0) -> World:
    """The test's world with tries in every text, its dashboards recomputed from them."""
    world = build_world()
    NamedPeriodFactory(partnership=world.partnership, starts=date(2015, 9, 1))
    FramingFactory(partnership=world.partnership)
    SafetyRoutesFactory(partnership=world.partnership)
    for place in (world.own, world.other):
        _add_what_shows_more(place, first)
    # Whoever stands for a party is somebody here, too.
    MembershipFactory(
        user=world.compact["party_member"].user,
        role=Role.REGULATOR_ANALYST,
        trust=None,
        partnership=world.partnership,
        known_as="x",
    )
    MembershipFactory(
        user=world.own.party_member.user,
        role=Role.FACILITATOR,
        trust=world.own.trust,
        partnership=world.partnership,
        known_as="x",
    )
    turn = 0
    for model, texts in typed_fields().items():
        values: dict[str, Any] = {}
        for text in texts:
            values[text.name] = hostile(text.max_length, first=first, turn=turn)
            turn += 1
        # The safe space is written by who sits there.
        with speaking_as(world.own.holding.user):
            _write(model, values, by=world.own.people[Role.KPO_LEAD])
    User.objects.filter(pk=world.own.former.pk).update(email=EMAIL)
    for place in (world.own, world.other):
        place.trust.refresh_from_db()
        _read_files(place, first)
        _release(place, first)
        _bring_to_the_board(place, first)
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
    assert rows.exists(), f"The test's world has no {model.__name__}: add one (tests/architecture/world.py)."
    if model is Measure:
        # The others choose theirs.
        rows.filter(kind=Measure.Kind.DEFECTS).update(unit=values.pop("unit"))
    if model is TrustSummary:
        rows, values = rows.filter(state=TrustSummary.State.DRAFT), {**values, "reason": ""}
    # Who and why stand together.
    more = {"started_without_by": by} if model is Rpiw else {}
    if not _taken(rows, values | more):
        left = {name: text for name, text in values.items() if not _taken_by_some(rows, {name: text} | more)}
        if left:
            # What is agreed or published never changes: it must have been written so.
            _write_past_triggers(model, left)
            if is_tracked(model):
                _write_past_triggers(model._meta.get_field("events").related_model, left)


def _taken(rows: models.QuerySet, values: dict[str, Any]) -> bool:
    try:
        with transaction.atomic():
            return bool(rows.update(**values))
    except DatabaseError:
        return False


def _taken_by_some(rows: models.QuerySet, values: dict[str, Any]) -> bool:
    """Some texts may stand only in some rows: a meeting that takes place does not say why it was cancelled."""
    taken = [_taken(rows.filter(pk=row.pk), values) for row in rows]
    return any(taken)


def _write_past_triggers(model: Any, values: dict[str, Any]) -> None:
    names = sql.SQL(", ").join(sql.SQL("{} = %s").format(sql.Identifier(name)) for name in values)
    table, key = sql.Identifier(model._meta.db_table), sql.Identifier(model._meta.pk.column)
    statement = sql.SQL("UPDATE {} SET {} WHERE {} = %s").format(table, names, key)
    refusals: list[Exception] = []
    rows = list(model._default_manager.values_list("pk", flat=True))
    with closing(as_superuser(connection.settings_dict["NAME"])) as superuser, superuser.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        for pk in rows:
            try:
                cursor.execute(statement, [*values.values(), pk])
            except IntegrityError as refused:
                # Like a name that only one of them may have.
                refusals.append(refused)
    assert len(refusals) < max(len(rows), 1), f"{refusals[0]}Add a row that holds it to the test's world."


def _add_what_shows_more(place: Place, first: int) -> None:
    lead = place.people[Role.KPO_LEAD]
    ReadingFactory(measure=place.measure, checkpoint=Checkpoint.DAY_30, value=20, version=2, recorded_by=lead)
    defects = MeasureFactory(rpiw=place.rpiw, defects=True)
    for checkpoint, value in ((Checkpoint.BASELINE, 9), (Checkpoint.DAY_30, 8)):
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
    MeetingFactory(board=place.board, on=date(2021, 2, 2), cancelled_at=timezone.now(), cancelled_because="x")
    MeetingFactory(board=place.board, on=date(2021, 3, 2), why_not_reflected="x", why_not_reflected_by=lead)
    EntryFactory(item=place.agenda_item)
    EntryFactory(item=place.agenda_item, kind="action", done_at=timezone.now(), done_by=lead, outcome="x")
    AttendanceFactory(meeting=place.meeting, seat=place.seat, presence="deputy", deputy="x")
    today = timezone.localdate()
    RegulatorLineFactory(board=place.board, answer="x", answered_on=today)
    RecalculationFactory(
        version=place.version,
        on=month(8),
        by=lead,
        withdrawn_by=lead,
        withdrawn_at=timezone.now(),
        withdrawn_because="x",
    )


def _read_files(place: Place, first: int) -> None:
    """A file of measurements as somebody uploads it, at each step of its way."""
    bad = hostile(None, first=first)
    book = {"kind": "csv", "sheets": [bad, "b"], "encoding": "utf-8", "delimiter": ","}
    columns = {"book": book, "sheet": bad, "heading_row": 1, "headings": [bad, "Late"], "month": ""}
    columns["samples"] = [[2, [bad, "12"]], [3, ["1/4/2023", bad]]]
    columns["marks"] = {"comma": 1, "point": 0, "either": bad}
    imports = FileImport.objects.filter(value_stream=place.value_stream)
    imports.update(columns=columns)
    problems = [{"line": 2, "cell": 0, "said": bad, "words": bad}]
    for state in FileImport.State.values:
        FileImportFactory(
            value_stream=place.value_stream,
            by=place.people[Role.FACILITATOR],
            state=state,
            name=hostile(200, first=first),
            failure=hostile(400, first=first) if state == FileImport.State.FAILED else "",
            columns=columns,
            problems=problems,
            found={"odd": problems, "odd_values": 1},
            rejected=1,
            rejected_rows=[[2, [bad, bad], bad]],
        )


def _release(place: Place, first: int) -> None:
    """A released summary never changes: a later version of it holds the tries."""
    words = {
        name: hostile(None, first=first, turn=turn) for turn, name in enumerate(("proud_of", "hard", "help_wanted"))
    }
    place.rows["summary"] = TrustSummaryFactory(
        trust=place.trust,
        released=True,
        version=2,
        supersedes=place.summary,
        starts=place.summary.starts,
        reason=hostile(None, first=first),
        shows_rpiws=True,
        prepared_by=place.people[Role.KPO_LEAD],
        released_by=place.people[Role.CHIEF_EXECUTIVE],
        **words,
    )


def _bring_to_the_board(place: Place, first: int) -> None:
    """What a trust brings, as a draft and released, and the papers that tell it."""
    words = {
        name: hostile(None, first=first, turn=turn) for turn, name in enumerate(("success", "challenge", "help_wanted"))
    }
    lead, meeting = place.people[Role.KPO_LEAD], MeetingFactory(board=place.board)
    place.rows["report"] = TrustReportFactory(trust=place.trust, meeting=meeting, prepared_by=lead, **words)
    TrustReportFactory(trust=place.trust, meeting=place.meeting, released=True, prepared_by=lead, **words)
    place.rows["pack"] = PackFactory(meeting=place.meeting, version=2, made_by=lead)


def somebody_who_may(route: Route, world: World) -> User:
    """Whoever holds a role that may; where none does, somebody who sits at the board, or stands for a party of the
    compact."""
    if route.view.permission == Permission.REFLECT:
        return world.own.holding.user  # type: ignore[no-any-return]
    if route.view.permission == Permission.KEEP_REGULATORS_ROW:
        return sitting(world.own.board, SeatRole.REGULATOR)
    role = next((role for role in (*LOOKING, *Role) if expected(route, role, own=True) == OK), None)
    if role is not None:
        return world.somebody(role)
    return (world.own.party_member if route.at_a_place else world.compact["party_member"]).user


# What got out --------------------------------------------------------------------


class Escapes(HTMLParser):
    """Tags, attributes and scripts of a page that a text has made."""

    _TRIGGERS = frozenset({"onerror", "onload", "onfocus"})
    _ADDRESSES = frozenset({"href", "src", "action", "formaction"})

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found = ["braces were computed"] if COMPUTED in text else []
        self.in_script = False
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, pairs: list[tuple[str, str | None]]) -> None:
        self.in_script = tag == "script"
        for name, value in pairs:
            leads = name in self._ADDRESSES and (value or "").strip().lower().startswith("javascript:")
            if leads or name in self._TRIGGERS or (name, value) == ("id", "ran"):
                self.found.append(f"<{tag} {name}={value}>")

    def handle_endtag(self, tag: str) -> None:
        self.in_script = False

    def handle_data(self, data: str) -> None:
        if self.in_script and data.strip().startswith("__ran"):
            self.found.append(f"<script>{data[:40]}")


UNESCAPED = (
    "<p>{}</p>",
    '<input value="{}">',
    "<input value='{}'>",
    '<textarea>"{}"</textarea>',
    "<title>{}</title>",
    "<script>{}</script>",
    '<script type="application/json">{}</script>',
)
"""Places where a text that is not escaped gets out."""
UNESCAPED_ADDRESS = '<a href="{}">x</a>'
"""A place from which an escaped one gets out, too."""
