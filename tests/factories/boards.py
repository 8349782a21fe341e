"""Boards, their seats and meetings."""

from datetime import date, time, timedelta

import factory
from django.utils import timezone

from accounts.models import User
from accounts.permissions import SeatRole
from boards.models import (
    AgendaItem,
    Attendance,
    Board,
    Entry,
    Framing,
    Holding,
    ItemKind,
    Meeting,
    RegulatorLine,
    Seat,
    Series,
    TemplateItem,
)
from boards.models.agenda import LAST
from tests.factories.accounts import UserFactory
from tests.factories.trusts import PartnershipFactory


class BoardFactory(factory.django.DjangoModelFactory):
    """The partnership's TGB; pass `trust` for the guidance team of one."""

    class Meta:
        model = Board

    trust = None
    kind = factory.LazyAttribute(lambda board: Board.Kind.TGT if board.trust else Board.Kind.TGB)
    partnership = factory.Maybe(
        "trust", factory.SelfAttribute("trust.partnership"), factory.SubFactory(PartnershipFactory)
    )


class SeatFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Seat

    board = factory.SubFactory(BoardFactory)
    role = SeatRole.MEMBER
    title = factory.Sequence(lambda n: f"Member {n}")
    place = factory.Sequence(lambda n: n + 1)


class HoldingFactory(factory.django.DjangoModelFactory):
    """A seat held since a month ago."""

    class Meta:
        model = Holding

    seat = factory.SubFactory(SeatFactory)
    user = factory.SubFactory(UserFactory)
    known_as = factory.LazyAttribute(lambda holding: holding.seat.title)
    starts = factory.LazyFunction(lambda: timezone.localdate() - timedelta(days=30))


class SeriesFactory(factory.django.DjangoModelFactory):
    """The third Tuesday of every month at 10:00, from 2021 on."""

    class Meta:
        model = Series

    board = factory.SubFactory(BoardFactory)
    every, week, weekday = 1, 3, 1
    begins_at = time(10)
    minutes = 150
    starts = date(2021, 1, 1)


class MeetingFactory(factory.django.DjangoModelFactory):
    """A meeting next week, at 10:00, beside any rule."""

    class Meta:
        model = Meeting

    board = factory.SubFactory(BoardFactory)
    on = factory.LazyFunction(lambda: timezone.localdate() + timedelta(days=7))
    begins_at = time(10)
    minutes = 150


class TemplateItemFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = TemplateItem

    board = factory.SubFactory(BoardFactory)
    kind = ItemKind.TOPIC
    title = factory.Sequence(lambda n: f"Topic {n}")
    minutes = 15
    position = factory.Sequence(lambda n: n % 900 + 1)


class AgendaItemFactory(factory.django.DjangoModelFactory):
    """A topic of a meeting; kind=ItemKind.REFLECTIONS comes last."""

    class Meta:
        model = AgendaItem

    class Params:
        place = factory.Sequence(lambda n: n % 900 + 1)

    meeting = factory.SubFactory(MeetingFactory)
    kind = ItemKind.TOPIC
    title = factory.Sequence(lambda n: f"Topic {n}")
    minutes = 15
    position = factory.LazyAttribute(lambda item: LAST if item.kind == ItemKind.REFLECTIONS else item.place)


class AttendanceFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Attendance

    meeting = factory.SubFactory(MeetingFactory)
    seat = factory.SubFactory(SeatFactory, board=factory.SelfAttribute("..meeting.board"))
    presence = Attendance.Presence.PRESENT


class RegulatorLineFactory(factory.django.DjangoModelFactory):
    """Something asked of the regulator ten days ago, not answered yet."""

    class Meta:
        model = RegulatorLine

    board = factory.SubFactory(BoardFactory)
    kind = RegulatorLine.Kind.ASK
    text = factory.Sequence(lambda n: f"Ask {n}")
    on = factory.LazyFunction(lambda: timezone.localdate() - timedelta(days=10))


class FramingFactory(factory.django.DjangoModelFactory):
    """The partnership's own questions."""

    class Meta:
        model = Framing

    partnership = factory.SubFactory(PartnershipFactory)
    questions = "Who told us?"


class EntryFactory(factory.django.DjangoModelFactory):
    """A note; `kind="action"` is one of a seat of the same board, due in a week."""

    class Meta:
        model = Entry

    item = factory.SubFactory(AgendaItemFactory)
    kind = Entry.Kind.NOTE
    text = factory.Sequence(lambda n: f"Entry {n}")
    author = factory.SubFactory(UserFactory)
    said_as = "Sensei"
    at = factory.LazyFunction(timezone.now)

    @classmethod
    def _adjust_kwargs(cls, **kwargs):
        if kwargs["kind"] == Entry.Kind.ACTION:
            kwargs["owner"] = kwargs.get("owner") or SeatFactory(board=kwargs["item"].meeting.board)
            kwargs["due"] = kwargs.get("due") or timezone.localdate() + timedelta(days=7)
        return kwargs


def sitting(board: Board, role: SeatRole = SeatRole.MEMBER, **person: str) -> User:
    """Somebody who holds a seat of this role at the board today, and nothing else."""
    user = UserFactory(**person)
    title = person.get("name") or f"{SeatRole(role).label} {user.pk}"
    HoldingFactory(seat=SeatFactory(board=board, role=role, title=title), user=user)
    return user
