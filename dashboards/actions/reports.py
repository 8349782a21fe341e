"""Writing what a trust brings to a meeting of the TGB, and releasing it. Each is a person's act."""

from django.utils import timezone

from accounts.audit import action
from accounts.models import User
from accounts.permissions import Role
from boards.models import Meeting
from dashboards.models import TrustReport
from dashboards.tgb.drafting import make_report
from dashboards.tgb.report import Brought
from snapshots.freezing import NothingToFreeze
from trusts.models import Trust


class ReportRefused(Exception):
    """Why it cannot be done now, as a sentence for the person."""


CHANGED = "Somebody changed this since you opened it. Read it again below."
NOT_COMPUTED = "The trust's figures are still being computed. Try again in a moment."
BEGUN = "This meeting has begun: what was brought to it stands."


@action
def prepare_report(*, trust: Trust, meeting: Meeting, words: Brought, seen: int, by: User) -> TrustReport:
    """Write what the trust brings, with its figures as they stand now; the next version where one is released.

    seen: the edition that the person saw, 0 where there was no draft yet.
    """
    Trust.objects.select_for_update().get(pk=trust.pk)
    _still_to_be_held(meeting)
    versions = TrustReport.objects.filter(trust=trust, meeting=meeting)
    draft = versions.drafts().first()
    if (draft.edition if draft else 0) != seen:
        raise ReportRefused(CHANGED)
    report = draft or TrustReport(trust=trust, meeting=meeting, version=versions.count() + 1, edition=0)
    try:
        made = make_report(trust, meeting, words, on=timezone.localdate())
    except NothingToFreeze as missing:
        raise ReportRefused(NOT_COMPUTED) from missing
    report.success, report.success_chart = words.success, words.success_chart
    report.challenge, report.help_wanted = words.challenge, words.help_wanted
    report.body, report.sources, report.data_as_of = made.body, made.sources, made.data_as_of
    report.prepared_by, report.prepared_at = by, timezone.now()
    report.edition += 1
    report.save()
    return report


@action
def release_report(*, report: TrustReport, seen: int, role: Role, by: User) -> TrustReport:
    """Let the board read it, exactly as the person saw it."""
    locked = TrustReport.objects.select_for_update(of=("self",)).select_related("meeting").get(pk=report.pk)
    if locked.is_released:
        return locked
    _still_to_be_held(locked.meeting)
    if locked.edition != seen:
        raise ReportRefused(CHANGED)
    locked.state = TrustReport.State.RELEASED
    locked.released_at, locked.released_by, locked.released_by_role = timezone.now(), by, role
    locked.save()
    return locked


def _still_to_be_held(meeting: Meeting) -> None:
    if not meeting.is_planned:
        raise ReportRefused(BEGUN)
