"""A partnership of two trusts in which every text of a trust holds that trust's canary word.

Places are built alike, one row of every kind that belongs to a trust, so that a route can be asked for at either.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.apps import apps
from django.db import models
from django.utils import timezone

from accounts.models import User
from accounts.permissions import TRUST_ROLES, Role
from compacts.actions.beginning import renegotiate
from compacts.models import Agreement, Compact, CompactVersion, Party, Promise, Side, Theme
from metrics.models import MetricVersion
from reflections.safe import speaking_as
from rpiws.models import RpiwPerson
from snapshots import registry
from snapshots.models import Snapshot
from snapshots.recompute import as_text
from tests.factories import api as of_api
from tests.factories import boards as of_boards
from tests.factories import compacts as of_compacts
from tests.factories import dashboards as of_dashboards
from tests.factories import metrics as of_metrics
from tests.factories import reflections as of_reflections
from tests.factories import rpiws as of_rpiws
from tests.factories import trusts as of_trusts
from trusts.models import Membership, Partnership, Trust

# A trust's public names may be read anywhere; its code is an address; a unit, a step, a file's reader and its digest
# are no free text; why a recalculation was withdrawn stands only where it was.
NO_CANARY = {
    ("Trust", "name"),
    ("Trust", "short_name"),
    ("Trust", "abbreviation"),
    ("Trust", "ods_code"),
    ("Measure", "unit"),
    ("Transition", "step"),
    ("Rpiw", "started_without"),
    ("FileImport", "layout"),
    ("FileImport", "digest"),
    ("Recalculation", "withdrawn_because"),
}


SAFE_WORD = "axolotl"
"""In every text of a board's safe space beside the canary: none of the roles sits there."""

# Of a published compact nothing changes: only what the draft says takes the canary later.
UNCHANGED = frozenset({Compact, Party, Agreement})
OF_A_VERSION: dict[type[models.Model], str] = {
    CompactVersion: "",
    Side: "version__",
    Theme: "version__",
    Promise: "theme__version__",
}


@dataclass
class Place:
    """One trust with one row of everything, and somebody in each of its roles."""

    trust: Trust
    canary: str
    rows: dict[str, Any] = field(default_factory=dict)
    people: dict[Role, User] = field(default_factory=dict)
    former: User | None = None

    def __getattr__(self, name: str) -> Any:
        try:
            return self.__dict__["rows"][name]
        except KeyError:
            raise AttributeError(name) from None


@dataclass
class World:
    partnership: Partnership
    own: Place
    other: Place
    central: dict[Role, User]
    priority: Any
    regulator_client: Any
    compact: dict[str, Any]
    """The partnership's compact: a published version and a draft, and what the draft is made of."""

    def somebody(self, role: Role) -> User:
        """Who holds the role: at the trust called own, or in the partnership."""
        return self.own.people[role] if role in TRUST_ROLES else self.central[role]


def build_world() -> World:
    partnership = of_trusts.PartnershipFactory()
    priority = of_trusts.NationalPriorityFactory(partnership=partnership)
    own = build_place(partnership, "Leeds", "RR8", "quetzalleeds")
    other = build_place(partnership, "Shrewsbury", "RXW", "ocelotsath")
    central = {
        role: of_trusts.member(role, partnership=partnership, email=f"{role}@partnership.example")
        for role in Role
        if role not in TRUST_ROLES
    }
    User.objects.filter(pk=central[Role.ADMINISTRATOR].pk).update(is_staff=True)
    _store_dashboards()
    regulator_client = of_api.regulator_client(partnership).client
    compact = compact_rows(of_compacts.drafted(partnership=partnership), by=central[Role.SECRETARIAT])
    return World(partnership, own, other, central, priority, regulator_client, compact)


def build_place(partnership: Partnership, short_name: str, ods_code: str, canary: str) -> Place:
    trust = of_trusts.TrustFactory(partnership=partnership, short_name=short_name, ods_code=ods_code)
    place = Place(trust, canary)
    place.people = {
        role: of_trusts.member(role, trust, email=f"{role}.{canary}@trust.example", name=f"{role.label} {canary}")
        for role in Role
        if role in TRUST_ROLES
    }
    _add_former(place)
    rows = place.rows
    rows["value_stream"] = of_trusts.ValueStreamFactory(
        trust=trust, executive_sponsor=place.people[Role.EXECUTIVE_SPONSOR]
    )
    rows["objective"] = of_trusts.ObjectiveFactory(trust=trust)
    of_trusts.ObjectiveServedFactory(value_stream=rows["value_stream"], objective=rows["objective"])
    rows["headcount"] = of_trusts.HeadcountFactory(trust=trust)
    rows["cqc_rating"] = of_trusts.CqcRatingFactory(trust=trust)
    of_trusts.ChiefExecutiveFactory(trust=trust)
    of_trusts.CulturalWorkFactory(trust=trust)
    of_trusts.RegulatoryPeriodFactory(trust=trust)
    of_trusts.StandDownFactory(value_stream=rows["value_stream"])
    _add_rpiw(place)
    _add_metric(place)
    rows["api_client"] = of_api.client_of(trust, name=f"Ward board {canary}").client
    _add_compact(place)
    _add_canaries(place)
    _add_summaries(place)
    _add_guidance_team(place)
    add_safe_space(place)
    return place


def _store_dashboards() -> None:
    """The dashboards as the worker stores them, the rolled-up ones last."""
    for name in ("value_stream", "trust", "partnership"):
        if kind := registry.registered(name):
            for scope_id in kind.scopes():
                body = as_text(kind.compute(scope_id))
                Snapshot.objects.create(
                    kind=name, scope_id=scope_id, version=1, computed_at=timezone.now(), rules=kind.rules, body=body
                )


def _add_former(place: Place) -> None:
    """Somebody whose membership ran out yesterday."""
    place.former = of_trusts.member(Role.KPO_LEAD, place.trust, email=f"former.{place.canary}@trust.example")
    yesterday = timezone.localdate() - timedelta(days=1)
    Membership.objects.filter(user=place.former).update(ends=yesterday)


def _add_rpiw(place: Place) -> None:
    rows, lead = place.rows, place.people[Role.KPO_LEAD]
    rpiw = rows["rpiw"] = of_rpiws.RpiwFactory(value_stream=rows["value_stream"], following_up=True)
    of_rpiws.TransitionFactory(rpiw=rpiw, by=lead)
    rows["task"] = of_rpiws.PreparationTaskFactory(rpiw=rpiw)
    rows["measure"] = of_rpiws.MeasureFactory(rpiw=rpiw, remeasured_by=lead)
    of_rpiws.ReadingFactory(measure=rows["measure"], recorded_by=lead)
    rows["observation"] = of_rpiws.ObservationFactory(measure=rows["measure"], recorded_by=lead)
    of_rpiws.WeekDayFactory(rpiw=rpiw)
    rows["idea"] = of_rpiws.IdeaFactory(rpiw=rpiw)
    of_rpiws.WasteFactory(rpiw=rpiw)
    rows["item"] = of_rpiws.NewspaperItemFactory(rpiw=rpiw)
    rows["person"] = of_rpiws.RpiwPersonFactory(rpiw=rpiw)
    # Those whose rights reach their own records only own this RPIW.
    for role, part in (
        (Role.PROCESS_OWNER, RpiwPerson.Part.PROCESS_OWNER),
        (Role.WORKSHOP_LEAD, RpiwPerson.Part.WORKSHOP_LEAD),
        (Role.EXECUTIVE_SPONSOR, RpiwPerson.Part.EXECUTIVE_SPONSOR),
    ):
        of_rpiws.RpiwPersonFactory(rpiw=rpiw, part=part, user=place.people[role])


def _add_metric(place: Place) -> None:
    """One metric with thirteen months, and all that may be said of it: proposed, recalculated, written and imported."""
    rows, lead, facilitator = place.rows, place.people[Role.KPO_LEAD], place.people[Role.FACILITATOR]
    metric = rows["metric"] = of_metrics.MetricFactory(value_stream=rows["value_stream"], objective=rows["objective"])
    texts = ("numerator", "denominator", "exclusions", "data_source", "collected_how", "owner", "reason", "decision")
    words = {name: f"{place.canary} {name}" for name in texts}  # an agreed definition never changes
    version = of_metrics.MetricVersionFactory(metric=metric, activity=30, touched=1, hoped=10, **words)
    rows["version"] = version
    rows["served"] = of_rpiws.MetricServedFactory(measure=rows["measure"], metric=metric)
    rows["amendment"] = of_metrics.MetricVersionFactory(metric=metric, proposed=True, proposed_by=facilitator)
    rows["retirement"] = of_metrics.RetirementFactory(metric=metric, proposed_by=facilitator)
    rows["target"] = of_metrics.TargetFactory(version=version)
    rows["measurement"] = of_metrics.series(version, [20 + n % 3 for n in range(13)])[0]
    rows["recalculation"] = of_metrics.RecalculationFactory(version=version, by=lead)
    rows["annotation"] = of_metrics.AnnotationFactory(metric=metric, by=facilitator, at=timezone.now())
    rows["file_import"] = of_metrics.FileImportFactory(value_stream=rows["value_stream"], by=facilitator)


def _add_summaries(place: Place) -> None:
    """One released summary, which many may read and which holds no canary, and a draft that speaks with it."""
    rows, lead = place.rows, place.people[Role.KPO_LEAD]
    trust = Trust.objects.get(pk=place.trust.pk)
    rows["summary"] = of_dashboards.TrustSummaryFactory(
        trust=trust, released=True, prepared_by=lead, released_by=place.people[Role.CHIEF_EXECUTIVE]
    )
    words = {name: f"{place.canary} {name}" for name in ("proud_of", "hard", "help_wanted")}
    rows["draft"] = of_dashboards.TrustSummaryFactory(
        trust=trust, starts=date(2020, 11, 1), prepared=True, prepared_by=lead, **words
    )


def _add_guidance_team(place: Place) -> None:
    """The trust's own board. Nobody of the place's people sits there: those who do are in test_boards.py."""
    rows, word = place.rows, place.canary
    trust = Trust.objects.get(pk=place.trust.pk)
    board = rows["board"] = of_boards.BoardFactory(trust=trust)
    rows["seat"] = of_boards.SeatFactory(board=board, title=f"{word} seat")
    rows["holding"] = of_boards.HoldingFactory(seat=rows["seat"], known_as=f"{word} holder")
    of_boards.SeriesFactory(board=board, place=f"{word} room")
    rows["meeting"] = of_boards.MeetingFactory(
        board=board, place=f"{word} room", on=timezone.localdate(), opened_at=timezone.now(), chair=rows["seat"]
    )
    rows["agenda_item"] = of_boards.AgendaItemFactory(meeting=rows["meeting"], title=f"{word} item", about=word)
    rows["template_item"] = of_boards.TemplateItemFactory(board=board, title=f"{word} usual item")
    rows["entry"] = of_boards.EntryFactory(
        item=rows["agenda_item"],
        kind="action",
        text=f"{word} action",
        said_as=f"{word} member",
        author=place.people[Role.KPO_LEAD],
        owner=rows["seat"],
    )
    rows["regulator_line"] = of_boards.RegulatorLineFactory(board=board, text=f"{word} line")
    _add_report(place, trust)


def _add_report(place: Place, trust: Trust) -> None:
    """What the trust brings to a meeting, not released, and papers of its own board."""
    rows, word = place.rows, place.canary
    words = {name: f"{word} {name}" for name in ("success", "challenge", "help_wanted")}
    meeting = of_boards.MeetingFactory(board=rows["board"])
    lead = place.people[Role.KPO_LEAD]
    rows["report"] = of_dashboards.TrustReportFactory(trust=trust, meeting=meeting, prepared_by=lead, **words)
    rows["pack"] = of_dashboards.PackFactory(meeting=rows["meeting"], made_by=lead)


def add_safe_space(place: Place) -> None:
    """What the place's board keeps of its reflections. Whoever holds its seat, and nobody else, reads and writes it."""
    rows, word = place.rows, f"{place.canary} {SAFE_WORD}"
    meeting, promise = rows["meeting"], Promise.objects.filter(theme__version__compact__trust=place.trust).first()
    words = {"happened": f"{word} happened", "meant_well": f"{word} meant well", "promise": promise}
    of_reflections.ScribeFactory(meeting=meeting, seat=rows["seat"])
    with speaking_as(rows["holding"].user):
        rows["proposal"] = of_reflections.ProposalFactory(meeting=meeting, text=f"{word} proposed")
        rows["line"] = of_reflections.LineFactory(meeting=meeting, text=f"{word} agreed", promise=promise)
        of_reflections.PrivateNoteFactory(meeting=meeting, user=rows["holding"].user, text=f"{word} note")
        rows["safe_draft"] = of_reflections.BreachDraftFactory(
            board=rows["board"], caller=rows["holding"].user, **words
        )
        breach = rows["breach"] = of_reflections.BreachFactory(brought_at=meeting, **words)
        of_reflections.TalkFactory(breach=breach, why_unsaid=f"{word} unsaid", better=f"{word} better")
        rows["step"] = of_reflections.RepairStepFactory(breach=breach, text=f"{word} repair", party=promise.party)
        of_reflections.TermsFactory(meeting=meeting)


def compact_rows(first: CompactVersion, *, by: User, words: str = "") -> dict[str, Any]:
    """One row of every kind: the first version published, the next a draft."""
    of_compacts.published(first)
    draft = renegotiate(compact=first.compact, reason=f"{words} reason".strip(), by=by)
    comment = of_compacts.CommentFactory(version=draft, promise=draft.promises.first(), by=by)
    party = first.compact.parties.first()
    return {
        "compact_draft": draft,
        "comment": comment,
        "party": party,
        "party_member": party.members.first(),
        "theme": draft.themes.first(),
        "promise": draft.promises.first(),
    }


def _add_compact(place: Place) -> None:
    """The trust's own compact. A published version never changes, so its words hold the canary from the beginning."""
    lead = place.people[Role.KPO_LEAD]
    first = of_compacts.drafted(trust=place.trust, words=place.canary, by=lead)
    place.rows |= compact_rows(first, by=lead, words=place.canary)


def _add_canaries(place: Place) -> None:
    """The trust's word into every text of every row that belongs to it."""
    for model in trust_models():
        rows: Any = model._default_manager.in_trusts(frozenset({place.trust.pk}))  # type: ignore[attr-defined]
        texts = {
            text.name: f"{place.canary} {text.name}"[: text.max_length]
            for text in model._meta.concrete_fields
            if isinstance(text, models.CharField | models.TextField)
            and not (text.choices or text.unique or (model.__name__, text.name) in NO_CANARY)
        }
        if model is MetricVersion:
            rows = rows.filter(agreed_at=None)
        if model in UNCHANGED:
            continue
        if model in OF_A_VERSION:
            rows = rows.exclude(**{f"{OF_A_VERSION[model]}state": "published"})
        if texts:
            model._default_manager.filter(pk__in=[row.pk for row in rows]).update(**texts)


def trust_models() -> list[type[models.Model]]:
    """Every model of ours whose rows belong to a trust."""
    return [
        model
        for model in apps.get_models()
        if model.__module__.split(".")[0] in {"trusts", "rpiws", "metrics", "compacts"}
        and hasattr(model._default_manager.all(), "in_trusts")
    ]
