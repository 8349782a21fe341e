"""Which of the tables here the audit page tells, and how their rows are known."""

from accounts.trail import OF_TRUSTS
from dashboards.models import TrustReport, TrustSummary


def register() -> None:
    OF_TRUSTS.add(TrustSummary, "trust", called="starts")
    OF_TRUSTS.add(TrustReport, "trust", called="meeting")
