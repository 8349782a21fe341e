"""Partnerships, trusts, what they lived through, their people and value streams."""

from datetime import date, timedelta

import factory
from django.utils import timezone

from accounts.models import User
from accounts.permissions import TRUST_ROLES, Role
from tests.factories.accounts import UserFactory
from trusts.models import (
    ChiefExecutive,
    CqcRating,
    CulturalWork,
    Headcount,
    Membership,
    NamedPeriod,
    NationalPriority,
    Objective,
    ObjectiveServed,
    Partnership,
    RegulatoryPeriod,
    StandDown,
    Trust,
    ValueStream,
)


class PartnershipFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Partnership

    name = "Improvement partnership"
    regulator = "NHS Improvement"
    started = date(2015, 10, 1)


class NamedPeriodFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = NamedPeriod

    partnership = factory.SubFactory(PartnershipFactory)
    name = factory.Sequence(lambda n: f"Published: period {n}")
    ends = date(2019, 7, 31)


class TrustFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Trust

    partnership = factory.SubFactory(PartnershipFactory)
    short_name = factory.Sequence(lambda n: f"Trust {n}")
    name = factory.LazyAttribute(lambda trust: f"{trust.short_name} Hospitals NHS Trust")
    ods_code = factory.Sequence(lambda n: f"Z{n:04d}")
    joined = date(2015, 10, 1)
    seat = factory.Sequence(lambda n: n + 1)


class NationalPriorityFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = NationalPriority

    partnership = factory.SubFactory(PartnershipFactory)
    name = factory.Sequence(lambda n: f"National priority {n}")
    issued = date(2019, 1, 7)
    source = "NHS Long Term Plan"


class ObjectiveFactory(factory.django.DjangoModelFactory):
    """An objective that serves no national priority, and says so; pass `national_priority` for one that does."""

    class Meta:
        model = Objective

    trust = factory.SubFactory(TrustFactory)
    name = factory.Sequence(lambda n: f"Objective {n}")
    why_no_priority = "It answers a local need."


class ValueStreamFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ValueStream

    trust = factory.SubFactory(TrustFactory)
    number = factory.Sequence(lambda n: n + 1)
    name = factory.Sequence(lambda n: f"Value stream {n}")


class ObjectiveServedFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ObjectiveServed

    value_stream = factory.SubFactory(ValueStreamFactory)
    objective = factory.SubFactory(ObjectiveFactory, trust=factory.SelfAttribute("..value_stream.trust"))


class MembershipFactory(factory.django.DjangoModelFactory):
    """A facilitator's membership of a trust, held since a month ago. A role of the partnership gets no trust."""

    class Meta:
        model = Membership

    user = factory.SubFactory(UserFactory)
    role = Role.FACILITATOR
    trust = factory.Maybe(
        factory.LazyAttribute(lambda membership: membership.role in TRUST_ROLES), factory.SubFactory(TrustFactory), None
    )
    partnership = factory.Maybe(
        "trust", factory.SelfAttribute("trust.partnership"), factory.SubFactory(PartnershipFactory)
    )
    starts = factory.LazyFunction(lambda: timezone.localdate() - timedelta(days=30))


class HeadcountFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Headcount

    trust = factory.SubFactory(TrustFactory)
    people = 9000
    counted = date(2018, 3, 31)


class CqcRatingFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = CqcRating

    trust = factory.SubFactory(TrustFactory)
    rating = CqcRating.Rating.GOOD
    rated = factory.Sequence(lambda n: date(2014, 1, 1) + timedelta(days=n))


class ChiefExecutiveFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ChiefExecutive

    trust = factory.SubFactory(TrustFactory)
    name = "Chief executive, as published"
    started = date(2015, 9, 1)


class CulturalWorkFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = CulturalWork

    trust = factory.SubFactory(TrustFactory)
    name = "Values written with staff"
    started = date(2016, 1, 1)


class RegulatoryPeriodFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = RegulatoryPeriod

    trust = factory.SubFactory(TrustFactory)
    kind = RegulatoryPeriod.Kind.QUALITY
    body = "NHS Improvement"
    started = date(2018, 11, 1)


class StandDownFactory(factory.django.DjangoModelFactory):
    """RPIWs of a whole trust stopped; pass `value_stream` for one value stream."""

    class Meta:
        model = StandDown

    trust = factory.Maybe("value_stream", factory.SelfAttribute("value_stream.trust"), factory.SubFactory(TrustFactory))
    value_stream = None
    started = date(2020, 3, 20)
    ended = date(2020, 8, 31)
    reason = StandDown.Reason.PANDEMIC
    decided_by = "Trust Guidance Team"


def member(role: Role, trust: Trust | None = None, *, partnership: Partnership | None = None, **person: str) -> User:
    """Somebody who holds `role` today: at `trust`, or in `partnership` when the role is no trust's."""
    user = UserFactory(name=person.pop("name", f"{Role(role).label}{f', {trust}' if trust else ''}"), **person)
    if role in TRUST_ROLES:
        MembershipFactory(user=user, role=role, trust=trust or TrustFactory())
    else:
        MembershipFactory(user=user, role=role, trust=None, partnership=partnership or PartnershipFactory())
    return user
