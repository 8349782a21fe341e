"""Where each trust stands: last month's summary is released, or it is not and is expected by a day.

Page and API ask here, so that they say the same.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from dashboards.models import TrustSummary
from dashboards.summaries.months import Month
from trusts.models import Trust


@dataclass(frozen=True)
class Standing:
    """`newest` is what the trust released last, of whichever month. `expected` is the day of the next one, or of last
    month's while that is not released: then it may have passed."""

    trust: Trust
    newest: TrustSummary | None
    is_released: bool
    expected: date


def standings(trusts: Iterable[Trust], released: Iterable[TrustSummary], *, today: date) -> list[Standing]:
    """One for each trust, in their order. `released`: the newest of each."""
    newest, wanted = {summary.trust_id: summary for summary in released}, Month.before(today)
    return [_standing(trust, newest.get(trust.pk), wanted) for trust in trusts]


def _standing(trust: Trust, newest: TrustSummary | None, wanted: Month) -> Standing:
    if newest and newest.starts >= wanted.starts:
        return Standing(trust, newest, True, newest.next_expected)
    return Standing(trust, newest, False, wanted.expected)
