"""What stands in the safe space. The database lets only a member of the board write it: make rows `speaking_as` one."""

from datetime import timedelta

import factory
from django.utils import timezone

from reflections.models import (
    Breach,
    BreachDraft,
    Line,
    PrivateNote,
    Prompt,
    Proposal,
    RepairStep,
    SafetyRoutes,
    Scribe,
    Talk,
    Terms,
)
from tests.factories.accounts import UserFactory
from tests.factories.boards import BoardFactory, MeetingFactory, SeatFactory
from tests.factories.compacts import PartyFactory, PromiseFactory
from tests.factories.trusts import PartnershipFactory


class SaidFactory(factory.django.DjangoModelFactory):
    """Said at a `meeting`."""

    class Meta:
        abstract = True

    meeting = factory.SubFactory(MeetingFactory)
    board = factory.SelfAttribute("meeting.board")
    day = factory.SelfAttribute("meeting.on")


class ScribeFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Scribe

    meeting = factory.SubFactory(MeetingFactory)
    seat = factory.SubFactory(SeatFactory, board=factory.SelfAttribute("..meeting.board"))


class ProposalFactory(SaidFactory):
    class Meta:
        model = Proposal

    prompt = Prompt.LEARNED
    text = "I asked the ward before I asked the dashboard."


class LineFactory(ProposalFactory):
    class Meta:
        model = Line


class PrivateNoteFactory(SaidFactory):
    class Meta:
        model = PrivateNote

    user = factory.SubFactory(UserFactory)
    text = "Say it earlier next time."


class BreachDraftFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = BreachDraft

    board = factory.SubFactory(BoardFactory)
    day = factory.LazyFunction(timezone.localdate)
    promise = factory.SubFactory(PromiseFactory)
    caller = factory.SubFactory(UserFactory)
    happened = "We heard it in May, and spoke of it in July."
    meant_well = "Nobody wanted to hurt a colleague."


class BreachFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Breach

    brought_at = factory.SubFactory(MeetingFactory)
    board = factory.SelfAttribute("brought_at.board")
    day = factory.SelfAttribute("brought_at.on")
    promise = factory.SubFactory(PromiseFactory)
    happened = "We heard it in May, and spoke of it in July."
    meant_well = "Nobody wanted to hurt a colleague."


class OfBreachFactory(SaidFactory):
    class Meta:
        abstract = True

    breach = factory.SubFactory(BreachFactory)
    meeting = factory.SelfAttribute("breach.brought_at")


class TalkFactory(OfBreachFactory):
    class Meta:
        model = Talk

    why_unsaid = "Each of us thought that it was somebody else's to say."


class RepairStepFactory(OfBreachFactory):
    class Meta:
        model = RepairStep

    party = factory.SubFactory(PartyFactory)
    text = "Ring each other on the day"
    due = factory.LazyFunction(lambda: timezone.localdate() + timedelta(days=30))


class TermsFactory(SaidFactory):
    class Meta:
        model = Terms

    keep_months = 24


class SafetyRoutesFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = SafetyRoutes

    partnership = factory.SubFactory(PartnershipFactory)
    routes = "The guardian https://speak.example.org/"
