"""Released trust summaries: what has left each trust, for everybody who sees released figures."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.permissions import Permission
from dashboards.models import TrustSummary
from dashboards.presenters.summaries import PAGE_WORDS, SummaryPage, list_lines, month_lines
from dashboards.summaries.months import Month
from trusts.access import needs, reach, reach_in_partnership
from trusts.models import Trust


@require_safe
@never_cache
@needs(Permission.SEE_RELEASED_TOTALS)
def summaries(request: HttpRequest) -> HttpResponse:
    """The newest released summary of each trust, or that there is none; in the order of their seats."""
    scope = request.scope  # type: ignore[attr-defined]
    partnerships = scope.partnerships_where(Permission.SEE_RELEASED_TOTALS)
    released = TrustSummary.objects.in_partnerships(partnerships).released().latest_per_trust().select_related("trust")
    drafts = TrustSummary.objects.in_trusts(scope.trusts_where(Permission.SEE_DRAFT_SUMMARIES)).drafts()
    today = timezone.localdate()
    page = {
        "lines": list_lines(Trust.objects.in_partnerships(partnerships), released, today=today),
        "month": Month.before(today).starts,
        "drafts": drafts.select_related("trust"),
    }
    return render(request, "dashboards/summaries/list.html", page)


@require_safe
@never_cache
@needs(Permission.SEE_RELEASED_TOTALS)
def summaries_of_trust(request: HttpRequest, ods_code: str) -> HttpResponse:
    """Every released version of every month of one trust. Who sees no released figures finds no trust but the own."""
    sees_released = request.scope.may(Permission.SEE_RELEASED_TOTALS)  # type: ignore[attr-defined]
    find = reach_in_partnership if sees_released else reach
    trust: Any = find(request, Trust.objects.all(), ods_code=ods_code.upper())
    released = TrustSummary.objects.released().history(trust).select_related("supersedes", "superseded_by")
    today = timezone.localdate()
    lines = month_lines(released)
    page = {
        "trust": trust,
        "lines": lines,
        "month": Month.before(today).starts,
        "expected": list_lines([trust], list(released)[:1], today=today)[0],
    }
    return render(request, "dashboards/summaries/of_trust.html", page)


@require_safe
@never_cache
@needs(Permission.SEE_RELEASED_TOTALS)
def summary(request: HttpRequest, summary_id: int) -> HttpResponse:
    """One released version, for good."""
    rows = TrustSummary.objects.released().select_related("trust", "supersedes", "superseded_by")
    record = reach_in_partnership(request, rows, pk=summary_id)
    later = getattr(record, "superseded_by", None)
    scope = request.scope  # type: ignore[attr-defined]
    page = {
        **PAGE_WORDS,
        "summary": record,
        "page": SummaryPage.of(record),
        "later": later if later and later.is_released else None,
        "may_correct": later is None and scope.may_at(Permission.PREPARE_RELEASE, record),
    }
    return render(request, "dashboards/summaries/summary.html", page)
