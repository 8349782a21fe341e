"""Summaries draft themselves each month from the frozen snapshots of its last day."""

import json
from datetime import date
from logging import getLogger

from django.db import transaction
from django.utils import timezone

from dashboards.models import TrustSummary
from dashboards.summaries.body import SCHEMA_VERSION, Edition, Sources, Words, body, public_id
from dashboards.summaries.facts import summary_facts
from dashboards.summaries.months import Month
from snapshots.models import FrozenSnapshot
from snapshots.recompute import as_text
from trusts.models import Trust

log = getLogger(__name__)


def draft_month(today: date) -> int:
    """Draft the last month's summary of every trust whose snapshot was frozen for it; how many were made.

    It runs every day and drafts each month once. A trust whose draft fails keeps no other waiting.
    """
    month, made = Month.before(today), 0
    frozen = FrozenSnapshot.objects.filter(
        kind="trust", as_of=month.ends, reason=FrozenSnapshot.Reason.MONTH_END
    ).exclude(scope_id__in=TrustSummary.objects.filter(starts=month.starts).values("trust_id"))
    for trust_id in sorted(frozen.values_list("scope_id", flat=True)):
        try:
            made += draft(trust_id, month)
        except Exception:
            log.exception("The summary of trust %s for %s could not be drafted.", trust_id, month.starts)
    return made


@transaction.atomic
def draft(trust_id: int, month: Month) -> bool:
    """Draft one trust's month from its frozen snapshots, unless there is a version of it; whether one was made."""
    trust = Trust.objects.select_for_update().filter(pk=trust_id).first()
    copies = month_end_copies(trust_id, month)
    if trust is None or not copies or TrustSummary.objects.filter(trust=trust, starts=month.starts).exists():
        return False
    summary = TrustSummary(trust=trust, starts=month.starts, ends=month.ends)
    make_from(summary, copies)
    summary.save()
    return True


def month_end_copies(trust_id: int, month: Month) -> list[FrozenSnapshot]:
    """The trust's frozen snapshot and those of the value streams that it knows, the trust's first."""
    copies = FrozenSnapshot.objects.filter(as_of=month.ends, reason=FrozenSnapshot.Reason.MONTH_END)
    trust = copies.filter(kind="trust", scope_id=trust_id).first()
    return [trust, *copies.filter(kind="value_stream", scope_id__in=stream_ids(trust))] if trust else []


def stream_ids(trust: FrozenSnapshot) -> list[int]:
    return [stream["id"] for stream in json.loads(trust.body)["value_streams"]]


def make_from(summary: TrustSummary, copies: list[FrozenSnapshot]) -> None:
    """Everything that a new summary takes from its sources, the trust's first."""
    trust = copies[0]
    summary.sources = [copy.pk for copy in copies]
    summary.source_version = trust.version
    summary.data_as_of = trust.computed_at
    summary.schema_version = SCHEMA_VERSION
    summary.next_expected = Month(summary.starts).next.expected
    summary.drafted_at = timezone.now()
    summary.body = composed(summary, copies)


def composed(summary: TrustSummary, copies: list[FrozenSnapshot] | None = None) -> str:
    """The summary's body as it would leave the trust, from its frozen sources and the words as they stand."""
    if copies is None:
        found = FrozenSnapshot.objects.in_bulk(summary.sources)
        copies = [found[pk] for pk in summary.sources]
    trust, month, before = copies[0], Month(summary.starts), summary.supersedes
    wanted = stream_ids(trust)
    bodies = {copy.scope_id: json.loads(copy.body) for copy in copies[1:]}
    sources = Sources(
        trust=json.loads(trust.body),
        streams=tuple(bodies[pk] for pk in wanted if pk in bodies),
        version=trust.version,
        data_as_of=trust.computed_at,
    )
    words = Words(
        proud_of=summary.proud_of,
        hard=summary.hard,
        help_wanted=summary.help_wanted,
        shows_rpiws=summary.shows_rpiws,
    )
    edition = Edition(
        month=month,
        version=summary.version,
        supersedes=public_id(sources.trust["trust"]["ods_code"], month, before.version) if before else None,
        reason=summary.reason,
    )
    return as_text(body(sources, summary_facts(summary.trust_id, stream_ids=wanted), words, edition))
