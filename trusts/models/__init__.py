from trusts.models.context import (
    ChiefExecutive,
    CqcRating,
    CulturalWork,
    Headcount,
    RegulatoryPeriod,
    StandDown,
)
from trusts.models.memberships import Membership
from trusts.models.partnership import NamedPeriod, NationalPriority, Objective, Partnership, Trust
from trusts.models.value_streams import ObjectiveServed, ValueStream

__all__ = [
    "ChiefExecutive",
    "CqcRating",
    "CulturalWork",
    "Headcount",
    "Membership",
    "NamedPeriod",
    "NationalPriority",
    "Objective",
    "ObjectiveServed",
    "Partnership",
    "RegulatoryPeriod",
    "StandDown",
    "Trust",
    "ValueStream",
]
