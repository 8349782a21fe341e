"""Preparing, releasing and correcting a trust's summary. Each is a person's act."""

import json

from django.utils import timezone

from accounts.audit import action
from accounts.models import User
from accounts.permissions import Role
from dashboards.models import TrustSummary
from dashboards.summaries.body import Words, released
from dashboards.summaries.drafting import composed, make_from, stream_ids
from snapshots.freezing import NothingToFreeze, freeze
from snapshots.models import FrozenSnapshot
from snapshots.recompute import as_text
from trusts.models import Trust


class SummaryRefused(Exception):
    """Why it cannot be done now, as a sentence for the person."""


CHANGED = "This draft was changed since you opened it. Read it again below."
NOT_PREPARED = "The KPO lead has not prepared this summary yet."
NOT_NEWEST = "A later version of this month has been released. Correct that one."
NOT_COMPUTED = "The trust's figures are still being computed. Try again in a moment."


@action
def prepare_summary(*, summary: TrustSummary, words: Words, seen: int, by: User) -> TrustSummary:
    """Write the trust's own words into a draft, unless it was changed or released since the edition `seen`."""
    locked = _locked(summary)
    if locked.is_released or locked.edition != seen:
        raise SummaryRefused(CHANGED)
    locked.proud_of, locked.hard, locked.help_wanted = words.proud_of, words.hard, words.help_wanted
    locked.shows_rpiws = words.shows_rpiws
    locked.prepared_by, locked.prepared_at = by, timezone.now()
    locked.edition += 1
    locked.body = composed(locked)
    locked.save()
    return locked


@action
def release_summary(*, summary: TrustSummary, seen: int, role: Role, by: User) -> TrustSummary:
    """Let the summary leave the trust exactly as the person saw it, with when and by which role."""
    locked = _locked(summary)
    if locked.is_released:
        return locked
    if locked.prepared_at is None:
        raise SummaryRefused(NOT_PREPARED)
    if locked.edition != seen:
        raise SummaryRefused(CHANGED)
    locked.state = TrustSummary.State.RELEASED
    locked.released_at, locked.released_by, locked.released_by_role = timezone.now(), by, role
    locked.body = as_text(released(json.loads(locked.body), at=locked.released_at, by=role.label))
    locked.save()
    return locked


@action
def correct_summary(*, summary: TrustSummary, reason: str, by: User) -> TrustSummary:
    """Draft the next version of a released month from the figures as they stand now; the draft that there is, if any.

    The released one stays as it is, and readable.
    """
    trust = Trust.objects.select_for_update().get(pk=summary.trust_id)
    versions = TrustSummary.objects.filter(trust=trust, starts=summary.starts)
    if there := versions.drafts().first():
        return there
    if versions.filter(version__gt=summary.version).exists():
        raise SummaryRefused(NOT_NEWEST)
    correction = TrustSummary(
        trust=trust,
        starts=summary.starts,
        ends=summary.ends,
        version=summary.version + 1,
        supersedes=summary,
        reason=reason,
        proud_of=summary.proud_of,
        hard=summary.hard,
        help_wanted=summary.help_wanted,
        shows_rpiws=summary.shows_rpiws,
    )
    make_from(correction, _frozen_now(summary))
    correction.save()
    return correction


def _frozen_now(summary: TrustSummary) -> list[FrozenSnapshot]:
    """Copies of the trust's and its value streams' dashboards as they stand, kept for this release."""

    def copy(kind: str, scope_id: int) -> FrozenSnapshot:
        return freeze(kind, scope_id, reason=FrozenSnapshot.Reason.RELEASE, as_of=summary.ends)

    try:
        trust = copy("trust", summary.trust_id)
        return [trust, *(copy("value_stream", pk) for pk in stream_ids(trust))]
    except NothingToFreeze as missing:
        raise SummaryRefused(NOT_COMPUTED) from missing


def _locked(summary: TrustSummary) -> TrustSummary:
    return TrustSummary.objects.select_for_update().get(pk=summary.pk)
