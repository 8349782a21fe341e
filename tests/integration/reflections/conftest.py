"""A board with its members, a meeting that is being held, and one row of everything that is said there."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from accounts.models import User
from accounts.permissions import Role, SeatRole
from boards.models import Holding, ItemKind
from compacts.models import Promise
from reflections.safe import speaking_as
from tests.architecture.world import SAFE_WORD
from tests.factories.accounts import UserFactory
from tests.factories.boards import AgendaItemFactory, BoardFactory, HoldingFactory, MeetingFactory, SeatFactory, sitting
from tests.factories.compacts import drafted, published
from tests.factories.reflections import (
    BreachDraftFactory,
    BreachFactory,
    LineFactory,
    PrivateNoteFactory,
    ProposalFactory,
    RepairStepFactory,
    ScribeFactory,
    TalkFactory,
    TermsFactory,
)
from tests.factories.trusts import TrustFactory, member

CANARY = SAFE_WORD
"""In every text of the safe space, and nowhere else."""


@dataclass
class Table:
    board: Any
    meeting: Any
    promise: Promise
    version: Any
    people: dict[str, User]
    rows: dict[str, Any] = field(default_factory=dict)

    def __getitem__(self, name: str) -> User:
        return self.people[name]


@pytest.fixture
def table() -> Table:
    board = BoardFactory()
    version = published(drafted(partnership=board.partnership))
    people = {
        "chair": sitting(board, SeatRole.CHAIR, name="Chair"),
        "scribe": sitting(board, SeatRole.CHIEF_EXECUTIVE, name="Scribe"),
        "member": sitting(board, SeatRole.REGULATOR, name="Regulator member"),
        "sensei": sitting(board, SeatRole.SENSEI, name="Sensei"),
    }
    meeting = MeetingFactory(
        board=board, on=timezone.localdate(), opened_at=timezone.now(), chair=board.seats.get(role="chair")
    )
    AgendaItemFactory(meeting=meeting, kind=ItemKind.REFLECTIONS, title="Reflections", began_at=timezone.now())
    ScribeFactory(meeting=meeting, seat=board.seats.get(title="Scribe"))
    return Table(board, meeting, version.promises[0], version, people)


@pytest.fixture
def said(table: Table) -> Table:
    """One row of everything, each text with the canary word. The draft and the note are the member's own."""
    of, words = {"meeting": table.meeting}, f"The {CANARY} said it"
    with speaking_as(table["member"]):
        rows = table.rows
        rows["proposal"] = ProposalFactory(text=words, **of)
        rows["line"] = LineFactory(text=words, promise=table.promise, **of)
        rows["note"] = PrivateNoteFactory(text=words, user=table["member"], **of)
        told = {"happened": words, "meant_well": words, "promise": table.promise}
        rows["draft"] = BreachDraftFactory(board=table.board, caller=table["member"], **told)
        rows["breach"] = BreachFactory(brought_at=table.meeting, **told)
        rows["talk"] = TalkFactory(breach=rows["breach"], why_unsaid=words, better=words)
        rows["step"] = RepairStepFactory(breach=rows["breach"], text=words, party=table.promise.party)
        rows["terms"] = TermsFactory(keep_months=240, **of)
    return table


def outsiders(table: Table) -> dict[str, Any]:
    """Everybody who must not read it, each as close to it as they may come."""
    board, today = table.board, timezone.localdate()
    trust = TrustFactory(partnership=board.partnership)
    secretariat = member(Role.SECRETARIAT, partnership=board.partnership)
    HoldingFactory(seat=SeatFactory(board=board, role=SeatRole.SECRETARIAT, title="Secretariat"), user=secretariat)
    administrator = member(Role.ADMINISTRATOR, partnership=board.partnership)
    User.objects.filter(pk=administrator.pk).update(is_staff=True)
    HoldingFactory(seat=SeatFactory(board=board, title="A seat by mistake"), user=administrator)
    former = sitting(board, SeatRole.CHIEF_EXECUTIVE, name="Former member")
    Holding.objects.filter(user=former).update(ends=today - timedelta(days=1))
    at_a_guidance_team = member(Role.KPO_LEAD, trust)
    other = BoardFactory(trust=trust)
    HoldingFactory(seat=SeatFactory(board=other, title="KPO lead"), user=at_a_guidance_team)
    closed = sitting(board, SeatRole.REGULATOR, name="Closed account")
    User.objects.filter(pk=closed.pk).update(is_active=False)
    return {
        "regulator analyst": member(Role.REGULATOR_ANALYST, partnership=board.partnership),
        "executive without a seat": member(Role.CHIEF_EXECUTIVE, trust),
        "secretariat": secretariat,
        "administrator": administrator,
        "former member": former,
        "somebody of another board": at_a_guidance_team,
        "who has a seat from tomorrow on": _from_tomorrow(board),
        "closed account": closed,
        "nobody": AnonymousUser(),
    }


def _from_tomorrow(board: Any) -> User:
    user, tomorrow = UserFactory(), timezone.localdate() + timedelta(days=1)
    HoldingFactory(seat=SeatFactory(board=board, title="From tomorrow"), user=user, starts=tomorrow)
    return user
