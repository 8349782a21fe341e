"""Last month's trust summaries of the example, one in every state, by the acts of the example's own people."""

from datetime import date
from typing import Any

from django.db import transaction

from accounts.models import User
from accounts.permissions import Role
from dashboards.actions.releases import correct_summary, prepare_summary, release_summary
from dashboards.models import TrustSummary
from dashboards.summaries.body import Words
from dashboards.summaries.drafting import draft_month
from examples.loading.people import address
from examples.loading.tables import rows
from snapshots.freezing import freeze_month_end
from snapshots.sweeping import catch_up
from trusts.models import Partnership

PREPARED = ("prepared", "released", "corrected")
RELEASED = ("released", "corrected")


def load_summaries(*, today: date) -> bool:
    """Freeze the last month's end, draft each trust's summary, and take some of them further.

    False when there is no example, or when it has summaries: those are of whoever tries the product. It computes every
    dashboard first, so it must not run inside a transaction.
    """
    examples = Partnership.objects.filter(is_example=True)
    if not examples.exists() or TrustSummary.objects.exists():
        return False
    catch_up()
    freeze_month_end(today)
    with transaction.atomic():
        draft_month(today)
        wanted = {row["trust"]: row for row in rows("summaries.csv")}
        for draft in TrustSummary.objects.filter(trust__partnership__in=examples).select_related("trust"):
            _take_on(draft, wanted[draft.trust.abbreviation])
    return True


def _take_on(draft: TrustSummary, row: dict[str, str]) -> None:
    if row["reaches"] in PREPARED:
        _prepare(draft, row, hard=row["hard"])
    if row["reaches"] in RELEASED:
        _release(draft, Role.CHIEF_EXECUTIVE if row["reaches"] == "corrected" else Role.DEPUTY)
    if row["reaches"] == "corrected":
        correction = correct_summary(summary=draft, reason=row["correction"], by=_person(Role.KPO_LEAD, draft))
        _prepare(correction, row, hard=row["hard_corrected"])
        _release(correction, Role.CHIEF_EXECUTIVE)


def _prepare(draft: TrustSummary, row: dict[str, str], *, hard: str) -> None:
    words = Words(proud_of=row["proud_of"], hard=hard, help_wanted=row["help_wanted"])
    prepare_summary(summary=draft, words=words, seen=draft.edition, by=_person(Role.KPO_LEAD, draft))


def _release(draft: TrustSummary, role: Role) -> None:
    draft.refresh_from_db()
    release_summary(summary=draft, seen=draft.edition, role=role, by=_person(role, draft))
    draft.refresh_from_db()


def _person(role: Role, draft: Any) -> User:
    """Who holds the role at the summary's trust."""
    return User.objects.get(email=address(role, draft.trust))
