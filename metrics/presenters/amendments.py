"""The words of proposals: what would change, who said so and why, and what was decided."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q
from django.urls import reverse

from metrics.models import Metric, MetricVersion, Retirement
from metrics.models.metric import DEFINED
from metrics.periods import say_period
from metrics.typed import say
from trusts.models import ValueStream
from trusts.names import NOT_OF_THIS_TRUST, names_at
from ui.words import day_year, sentence

Proposal = MetricVersion | Retirement

ENCOURAGEMENT = (
    "A metric that shows too little is worth changing, and finding out early is good work: failing forward fast."
    " Nothing is lost. The present series stays in view with its last icon, and the new one starts beside it."
)
RETIRING = (
    "Letting go of a metric that has told what it could makes room for one that tells more. Its series stays in view"
    " with its last icon, dated."
)


@dataclass(frozen=True)
class Compared:
    """One line of a definition: what it says now, and what it would say. `differs` is said in words too."""

    name: str
    before: str
    after: str

    @property
    def differs(self) -> bool:
        return self.before != self.after


@dataclass(frozen=True)
class ProposalPage:
    proposal: Proposal
    heading: str
    lede: str
    status: tuple[str, str]
    compared: tuple[Compared, ...]
    facts: tuple[tuple[str, str], ...]
    before_title: str
    after_title: str
    decide_url: str
    take_back_url: str
    mine: bool
    sponsor: str


def definition(version: MetricVersion) -> list[tuple[str, str]]:
    """Name and words of each part of a definition; what it does not say is said so."""
    return [(_name(field), _said(version, field)) for field in DEFINED]


def present(proposal: Proposal, *, user_id: int) -> ProposalPage:
    """The page of one proposal: a definition beside the one that was in force before it, or a retirement."""
    metric = proposal.metric
    names = names_at(metric.trust_id)
    amended = proposal if isinstance(proposal, MetricVersion) else None
    route = "amendment" if amended else "retirement"
    before = _before(amended) if amended else None
    stream = metric.value_stream
    return ProposalPage(
        proposal=proposal,
        heading=_heading(proposal),
        lede=_lede(proposal, names),
        status=_status(proposal),
        compared=_compare(before, amended) if amended else (),
        facts=tuple(_facts(proposal, names)),
        before_title=f"Definition {before.number}" if before else "Before",
        after_title=f"Definition {amended.number}" if amended else "",
        decide_url=reverse(f"{route}_decide", args=[proposal.pk]) if proposal.is_open else "",
        take_back_url=reverse(f"{route}_take_back", args=[proposal.pk]) if proposal.is_open else "",
        mine=proposal.is_open and proposal.proposed_by_id == user_id,
        sponsor=names.get(stream.executive_sponsor_id or 0, stream.sponsor_title),
    )


def proposed(metric: Metric) -> str:
    stream = metric.value_stream
    if stream.executive_sponsor_id is None:
        return "Proposed. The value stream has no executive sponsor yet; as soon as it has one, they can decide."
    return "Proposed. It waits for the executive sponsor, and nothing changes before they agree."


def decided(proposal: Proposal, *, agreed: bool) -> str:
    if not agreed:
        return "Declined. The metric stays as it is, and your words are kept with the proposal."
    if isinstance(proposal, Retirement):
        return f"Agreed: the metric ends on {day_year(proposal.last_day)}. Its series stays in view."
    return f"Agreed: definition {proposal.number} is in force. Its series starts anew; the old one stays in view."


def lines_since(stream: ValueStream, since: date) -> list[dict[str, Any]]:
    """What was proposed or decided since the date, the newest first. Three queries, whatever their number."""
    when = (
        Q(proposed_at__date__gte=since)
        | Q(agreed_at__date__gte=since)
        | Q(declined_at__date__gte=since)
        | Q(agreed_at=None, declined_at=None)
    )
    names = names_at(stream.trust_id)
    amended = MetricVersion.objects.filter(when, metric__value_stream=stream, number__gt=1)
    retired = Retirement.objects.filter(when, metric__value_stream=stream)
    found: list[Proposal] = [*amended.select_related("metric"), *retired.select_related("metric")]
    found.sort(key=lambda each: each.agreed_at or each.declined_at or each.proposed_at, reverse=True)  # type: ignore[arg-type, return-value]
    return [
        {
            "name": each.metric.name,
            "what": _heading(each),
            "href": reverse("amendment" if isinstance(each, MetricVersion) else "retirement", args=[each.pk]),
            "reason": each.reason,
            "status": _status(each),
            "who": _lede(each, names),
            "decision": each.decision,
        }
        for each in found
    ]


def waiting_for(user_id: int, trust_ids: frozenset[int]) -> list[dict[str, Any]]:
    """The proposals that wait for this executive sponsor. Two queries, whatever their number."""
    mine = {"metric__value_stream__executive_sponsor_id": user_id}
    amended = MetricVersion.objects.in_trusts(trust_ids).filter(**mine).waiting().filter(number__gt=1)  # type: ignore[attr-defined]
    retired = Retirement.objects.in_trusts(trust_ids).filter(**mine).waiting()  # type: ignore[attr-defined]
    found: list[Proposal] = [
        *amended.select_related("metric__value_stream"),
        *retired.select_related("metric__value_stream"),
    ]
    found.sort(key=lambda each: each.proposed_at)  # type: ignore[arg-type, return-value]
    return [
        {
            "title": each.metric.name,
            "href": reverse(
                "amendment_decide" if isinstance(each, MetricVersion) else "retirement_decide", args=[each.pk]
            ),
            "detail": f"{_heading(each).lower()}: agree or decline",
            "status": ("due", "Waits for you"),
            "who": each.metric.value_stream.name,
        }
        for each in found
    ]


def _heading(proposal: Proposal) -> str:
    if isinstance(proposal, MetricVersion):
        return "Amend the definition" if not proposal.is_in_force else f"Definition {proposal.number}"
    return "Retire the metric" if proposal.agreed_at is None else "Retired"


def _lede(proposal: Proposal, names: dict[int, str]) -> str:
    """Who proposed and who decided, each with the day."""
    said = []
    if proposal.proposed_by_id and proposal.proposed_at:
        who = names.get(proposal.proposed_by_id, NOT_OF_THIS_TRUST)
        said.append(f"Proposed by {who}, {day_year(proposal.proposed_at)}.")
    if proposal.agreed_at:
        who = names.get(proposal.agreed_by_id or 0, "") if proposal.agreed_by_id else ""
        said.append(f"Agreed{f' by {who}' if who else ''}, {day_year(proposal.agreed_at)}.")
    if proposal.declined_at:
        who = names.get(proposal.declined_by_id or 0, NOT_OF_THIS_TRUST)
        said.append(f"Declined by {who}, {day_year(proposal.declined_at)}.")
    return " ".join(said)


def _status(proposal: Proposal) -> tuple[str, str]:
    if proposal.agreed_at:
        return ("done", "Agreed")
    return ("plain", "Declined") if proposal.declined_at else ("due", "Waits for the executive sponsor")


def _before(version: MetricVersion) -> MetricVersion | None:
    """The definition that was in force when this one was proposed."""
    earlier = MetricVersion.objects.filter(metric=version.metric, number__lt=version.number).in_force()  # type: ignore[attr-defined]
    return earlier.order_by("number").last()


def _compare(before: MetricVersion | None, after: MetricVersion) -> tuple[Compared, ...]:
    return tuple(
        Compared(_name(field), _said(before, field) if before else "", _said(after, field)) for field in DEFINED
    )


def _name(field: str) -> str:
    names = {"unit": "unit", "better_when": "which way is better", "owner": "who owns it"}
    return sentence(names.get(field) or str(MetricVersion._meta.get_field(field).verbose_name))  # type: ignore[union-attr]


def _said(version: MetricVersion, field: str) -> str:
    display = getattr(version, f"get_{field}_display", None)
    value = display() if display else getattr(version, field)
    return "not said" if value in (None, "") else str(value)


def _facts(proposal: Proposal, names: dict[int, str]) -> list[tuple[str, str]]:
    found = [("Why", proposal.reason)] if proposal.reason else []
    if isinstance(proposal, Retirement):
        found.append(("Its last day", day_year(proposal.last_day)))
    else:
        often = proposal.collected_often
        starts = say_period(proposal.applies_from, often) if proposal.applies_from else "its first measurement"
        found.append(("From", starts))
        found.append(
            (
                "Earlier periods",
                "can be entered under it too" if proposal.back_cast else "stay under the definition before it",
            )
        )
        targets = [f"{say(proposal, one.value)} from {say_period(one.starts, often)}" for one in proposal.targets.all()]
        found += [("Target", "; ".join(targets))] if targets else []
    return [*found, ("What the executive sponsor said", proposal.decision)] if proposal.decision else found
