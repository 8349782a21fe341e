"""Amending and retiring a metric: proposed by anyone of the trust, in force when the executive sponsor agrees."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Max
from django.utils import timezone

from accounts.models import User
from metrics.models import Metric, MetricVersion, Retirement, Target
from metrics.refusals import Refused
from metrics.waking import tell_sponsor_on_commit
from trusts.actions.announced import announced
from ui.words import day_year

Proposal = MetricVersion | Retirement

RETIRED = "This metric was retired, so its definition is no longer amended."
ONE_WAITS = "Another proposal for this metric waits for the executive sponsor. It is decided first."


class DecidedMeanwhile(Refused):
    """Somebody has decided on the proposal, or taken it back, since the page was shown."""

    def __init__(self) -> None:
        super().__init__("This proposal was decided or taken back meanwhile. What was decided is shown.")


@announced
def propose_amendment(
    *,
    metric: Metric,
    seen: int,
    definition: Mapping[str, Any],
    applies_from: date,
    reason: str,
    back_cast: bool,
    target: Decimal | None,
    tell_sponsor: bool,
    by: User,
) -> MetricVersion:
    """Propose the next definition. `seen`: the number of the one in force that the person compared it with."""
    metric = _locked(metric)
    in_force = metric.versions.in_force().aggregate(last=Max("number"))["last"] or 0  # type: ignore[attr-defined]
    if in_force != seen:
        raise Refused(
            f"Definition {in_force} is in force since you opened this page. Compare what you propose with it, and send"
            " it again."
        )
    last = metric.versions.aggregate(last=Max("number"))["last"] or 0
    proposal = MetricVersion.objects.create(
        metric=metric,
        number=last + 1,
        applies_from=applies_from,
        reason=reason,
        back_cast=back_cast,
        proposed_by=by,
        proposed_at=timezone.now(),
        **definition,
    )
    if target is not None:
        Target.objects.create(version=proposal, starts=applies_from, value=target)
    if tell_sponsor:
        tell_sponsor_on_commit(proposal)
    return proposal


@announced
def propose_retirement(*, metric: Metric, last_day: date, reason: str, tell_sponsor: bool, by: User) -> Retirement:
    """Propose to watch the metric no longer."""
    metric = _locked(metric)
    _leave_nothing_behind(metric, last_day)
    proposal = Retirement.objects.create(
        metric=metric, last_day=last_day, reason=reason, proposed_by=by, proposed_at=timezone.now()
    )
    if tell_sponsor:
        tell_sponsor_on_commit(proposal)
    return proposal


@announced
def agree(*, proposal: Proposal, decision: str, by: User) -> None:
    """The proposal is in force from now on: a definition starts its series, a retirement ends the metric."""
    proposal = _open(proposal)
    metric = Metric.objects.select_for_update(no_key=True).get(pk=proposal.metric_id)
    if metric.retired_on is not None:
        raise Refused(RETIRED)
    if isinstance(proposal, Retirement):
        _leave_nothing_behind(metric, proposal.last_day)
    proposal.agreed_by, proposal.agreed_at, proposal.decision = by, timezone.now(), decision
    proposal.save(update_fields=["agreed_by", "agreed_at", "decision"])
    if isinstance(proposal, Retirement):
        metric.retired_on = proposal.last_day
        metric.row_version += 1
        metric.save(update_fields=["retired_on", "row_version"])


@announced
def decline(*, proposal: Proposal, decision: str, by: User) -> None:
    """The metric stays as it is; the proposal and the words stay in view."""
    proposal = _open(proposal)
    proposal.declined_by, proposal.declined_at, proposal.decision = by, timezone.now(), decision
    proposal.save(update_fields=["declined_by", "declined_at", "decision"])


@announced
def take_back(*, proposal: Proposal, by: User) -> None:
    """Whoever proposed it does so no longer; the audit trail keeps it."""
    proposal = _open(proposal)
    if proposal.proposed_by_id != by.pk:
        raise Refused("Only the person who proposed it can take it back.")
    proposal.delete()


def _locked(metric: Metric) -> Metric:
    """The metric as it is now, to which something may be proposed."""
    metric = Metric.objects.select_for_update(no_key=True).get(pk=metric.pk)
    if metric.retired_on is not None:
        raise Refused(RETIRED)
    if metric.versions.waiting().exists() or metric.retirements.waiting().exists():  # type: ignore[attr-defined]
        raise Refused(ONE_WAITS)
    return metric


def _leave_nothing_behind(metric: Metric, last_day: date) -> None:
    """A metric does not end before its last value: else its page would say one day, and its chart show another."""
    latest = metric.last_period
    if latest and last_day < latest:
        raise Refused(
            f"Its last value is dated {day_year(latest)}, after the last day that is proposed. Propose that day or a"
            " later one."
        )


def _open(proposal: Proposal) -> Any:
    now = type(proposal).objects.select_for_update(of=("self",)).filter(pk=proposal.pk).first()
    if now is None or not now.is_open:
        raise DecidedMeanwhile
    return now
