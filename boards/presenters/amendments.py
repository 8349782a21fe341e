"""Metrics amended or retired since the last meeting, as a board hears of them: what, why and since when. No figures."""

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils import timezone

from boards.facts import MeetingFacts
from metrics.models import MetricVersion, Retirement
from trusts.models import Trust


@dataclass(frozen=True)
class AmendmentLine:
    trust: Trust
    metric: str
    stream: str
    what: str
    why: str
    agreed: datetime
    href: str


def amendments(facts: MeetingFacts) -> list[AmendmentLine]:
    """What executive sponsors agreed since the last meeting, by trust in the order of the table. Three queries.

    A guidance team reads of its own trust. The partnership's boards read of every trust what was agreed there and why,
    never a measurement, nor a proposal that still waits.
    """
    board, until = facts.meeting.board, facts.meeting.closed_at or timezone.now()
    trusts = Trust.objects.filter(partnership=board.partnership_id)
    if board.trust_id:
        trusts = trusts.filter(pk=board.trust_id)
    by_id = {trust.pk: trust for trust in trusts}
    ids = frozenset(by_id)
    agreed = {"agreed_at__gte": facts.since, "agreed_at__lte": until}
    streams = "metric__value_stream"
    amended = MetricVersion.objects.in_trusts(ids).filter(number__gt=1, **agreed).select_related(streams)  # type: ignore[attr-defined]
    retired = Retirement.objects.in_trusts(ids).filter(**agreed).select_related(streams)
    lines = [_line(each, by_id, own=board.trust_id is not None) for each in (*amended, *retired)]
    return sorted(lines, key=lambda line: (line.trust.seat, line.agreed))


def _line(proposal: MetricVersion | Retirement, trusts: dict[int, Trust], *, own: bool) -> AmendmentLine:
    stream = proposal.metric.value_stream
    amends = isinstance(proposal, MetricVersion)
    assert proposal.agreed_at is not None
    return AmendmentLine(
        trust=trusts[stream.trust_id],
        metric=proposal.metric.name,
        stream=stream.name,
        what=f"Definition {proposal.number}" if isinstance(proposal, MetricVersion) else "Retired",
        why=proposal.reason,
        agreed=proposal.agreed_at,
        href=reverse("amendment" if amends else "retirement", args=[proposal.pk]) if own else "",
    )
