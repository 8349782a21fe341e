"""Which of the trusts' tables the audit page tells, to whom, and how their rows are known."""

from accounts.models import User
from accounts.trail import OF_SET_UP, OF_TRUSTS
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

SEEN_OF_A_TRUST = ("partnership", "name", "short_name", "abbreviation", "ods_code", "region", "joined", "seat")
"""What an administrator sees of a trust; the rest is what it says of itself."""

_SEEN_OF_A_MEMBERSHIP = ("user", "role", "partnership", "trust", "starts", "ends")


def register() -> None:
    OF_TRUSTS.add(Trust, "", called="short_name")
    OF_TRUSTS.add(Membership, "trust", called="user")
    OF_TRUSTS.add(Objective, "trust", called="name")
    OF_TRUSTS.add(ValueStream, "trust", called="name")
    OF_TRUSTS.add(ObjectiveServed, "value_stream", called="objective")
    OF_TRUSTS.add(StandDown, "trust", called="reason")
    OF_TRUSTS.add(Headcount, "trust", called="people")
    OF_TRUSTS.add(CqcRating, "trust", called="rating", name="CQC rating")
    OF_TRUSTS.add(ChiefExecutive, "trust", called="name")
    OF_TRUSTS.add(CulturalWork, "trust", called="name", name="Values-based work")
    OF_TRUSTS.add(RegulatoryPeriod, "trust", called="kind")

    OF_SET_UP.add(User, None, called="email", name="Account")
    OF_SET_UP.add(Partnership, "", called="name")
    OF_SET_UP.add(NamedPeriod, "partnership", called="name")
    OF_SET_UP.add(NationalPriority, "partnership", called="name")
    OF_SET_UP.add(Trust, "partnership", called="short_name", shown=SEEN_OF_A_TRUST)
    OF_SET_UP.add(Membership, "partnership", called="user", shown=_SEEN_OF_A_MEMBERSHIP)
