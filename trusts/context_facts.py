"""What can be recorded of a trust, as a table: one row per kind of fact, one set of views for all of them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from trusts.forms import context as forms
from trusts.models import (
    ChiefExecutive,
    CqcRating,
    CulturalWork,
    Headcount,
    Objective,
    RegulatoryPeriod,
    StandDown,
    Trust,
)
from trusts.presenters import (
    headcount_words,
    objective_detail,
    period_words,
    rating_words,
    regulatory_detail,
    stand_down_detail,
    stand_down_words,
)


@dataclass(frozen=True)
class Kind:
    """One kind of fact. `related` names the trust's rows; `what`, `when` and `detail` are a row's words."""

    key: str
    heading: str
    one: str
    model: type[Any]
    form: type[forms.FactForm]
    related: str
    when: Callable[[Any], str]
    what: Callable[[Any], str] = str
    detail: Callable[[Any], str] = lambda _fact: ""
    joins: tuple[str, ...] = ()

    def of(self, trust: Trust) -> list[Any]:
        return list(getattr(trust, self.related).select_related(*self.joins))


KINDS = (
    Kind(
        key="cqc-ratings",
        heading="CQC ratings",
        one="CQC rating",
        model=CqcRating,
        form=forms.CqcRatingForm,
        related="cqc_ratings",
        when=rating_words,
    ),
    Kind(
        key="chief-executives",
        heading="Chief executives",
        one="chief executive",
        model=ChiefExecutive,
        form=forms.ChiefExecutiveForm,
        related="chief_executives",
        when=period_words,
    ),
    Kind(
        key="regulatory-periods",
        heading="Regulatory periods",
        one="regulatory period",
        model=RegulatoryPeriod,
        form=forms.RegulatoryPeriodForm,
        related="regulatory_periods",
        when=period_words,
        detail=regulatory_detail,
    ),
    Kind(
        key="stand-downs",
        heading="Stand-downs",
        one="stand-down",
        model=StandDown,
        form=forms.StandDownForm,
        related="stand_downs",
        what=stand_down_words,
        when=period_words,
        detail=stand_down_detail,
        joins=("value_stream",),
    ),
    Kind(
        key="headcounts",
        heading="Headcount",
        one="headcount",
        model=Headcount,
        form=forms.HeadcountForm,
        related="headcounts",
        what=headcount_words,
        when=rating_words,
    ),
    Kind(
        key="objectives",
        heading="Strategic objectives",
        one="objective",
        model=Objective,
        form=forms.ObjectiveForm,
        related="objectives",
        when=period_words,
        detail=objective_detail,
        joins=("national_priority",),
    ),
    Kind(
        key="cultural-work",
        heading="Values-based cultural work",
        one="cultural work",
        model=CulturalWork,
        form=forms.CulturalWorkForm,
        related="cultural_work",
        when=period_words,
    ),
)

BY_KEY = {kind.key: kind for kind in KINDS}
