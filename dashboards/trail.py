"""Which of the tables here the audit page tells, and how their rows are known."""

from accounts.trail import OF_TRUSTS
from dashboards.models import TrustSummary


def register() -> None:
    OF_TRUSTS.add(TrustSummary, "trust", called="starts")
