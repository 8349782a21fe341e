"""What a trust brings to the TGB: written, read as the board will read it, and released. The trust's own pages."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.permissions import GRANTS, Permission
from boards.models import Meeting
from dashboards.actions.reports import ReportRefused, prepare_report, release_report
from dashboards.forms import ReleaseReportForm, ReportForm
from dashboards.models import TrustReport
from dashboards.presenters.reports import report_lines, shown_report
from dashboards.tgb.brief import EXPECTED_BEFORE
from dashboards.tgb.drafting import charts_offered, meeting_ahead
from trusts.access import needs, reach
from trusts.models import Trust

NO_MEETING = "No meeting of the TGB is planned. The secretariat plans them."
WORDS = ("success", "success_chart", "challenge", "help_wanted")


def _reports() -> Any:
    return TrustReport.objects.select_related("trust", "meeting__board__trust", "prepared_by")


@require_safe
@never_cache
@needs(Permission.SEE_DRAFT_SUMMARIES)
def reports_of_trust(request: HttpRequest, ods_code: str) -> HttpResponse:
    """Everything that the trust brought to the TGB, and what comes next."""
    trust = reach(request, Trust.objects.all(), ods_code=ods_code.upper())
    meeting = meeting_ahead(trust, on=timezone.localdate())
    found = list(_reports().filter(trust=trust).defer("body"))
    page = {
        "trust": trust,
        "meeting": meeting,
        "expected": meeting.on - EXPECTED_BEFORE if meeting else None,
        "lines": report_lines(found),
        "newest": next((one for one in found if meeting and one.meeting_id == meeting.pk), None),
    }
    return render(request, "dashboards/reports/list.html", page)


@never_cache
@needs(Permission.BRING_TO_TGB)
def report_prepare(request: HttpRequest, ods_code: str) -> HttpResponse:
    """Write it for the next meeting. What was brought before stands in the form until it is written anew."""
    trust = reach(request, Trust.objects.all(), ods_code=ods_code.upper())
    today = timezone.localdate()
    meeting = meeting_ahead(trust, on=today)
    if meeting is None:
        messages.error(request, NO_MEETING)
        return redirect("reports_of_trust", trust.ods_code)
    charts = charts_offered(trust, on=today)
    form = ReportForm(request.POST or None, charts=charts, initial=_stands(trust, meeting))
    if request.method == "POST" and form.is_valid():
        try:
            report = prepare_report(
                trust=trust, meeting=meeting, words=form.words, seen=form.version_seen, by=request.user
            )
        except ReportRefused as refused:
            stands = str(_stands(trust, meeting)["version"])
            form = ReportForm({**request.POST.dict(), "version": stands}, charts=charts)
            form.is_valid()
            form.add_error(None, str(refused))
        else:
            messages.success(request, "Saved. This is what the board will read once it is released.")
            return redirect("report", report.pk)
    page = {
        "form": form,
        "crumbs_of": [("What we bring to the TGB", reverse("reports_of_trust", args=[trust.ods_code]))],
        "heading": f"For the TGB of {meeting.on:%-d %B}",
        "eyebrow": trust.name,
        "lede": "The figures come by themselves, as they stand when you save. What they mean is yours to say.",
        "nav": "trust",
    }
    return render(request, "layouts/form.html", page)


def _stands(trust: Trust, meeting: Meeting) -> dict[str, Any]:
    """The draft as it stands; else what the trust wrote last, for this meeting or the one before."""
    written = TrustReport.objects.filter(trust=trust).order_by("-meeting__on", "-version")
    last = written.filter(meeting=meeting).first()
    draft = last if last and not last.is_released else None
    words = {name: getattr(last, name) for name in WORDS} if last else {}
    return words | {"version": draft.edition if draft else 0}


@require_safe
@never_cache
@needs(Permission.SEE_DRAFT_SUMMARIES)
def report(request: HttpRequest, report_id: int) -> HttpResponse:
    """One version, as the board reads it."""
    record = reach(request, _reports(), pk=report_id)
    scope = request.scope  # type: ignore[attr-defined]
    open_still = record.meeting.is_planned
    page = {
        "report": record,
        "panel": shown_report(record),
        "may_prepare": open_still and scope.may_at(Permission.BRING_TO_TGB, record),
        "may_release": open_still and not record.is_released and scope.may_at(Permission.RELEASE, record),
    }
    return render(request, "dashboards/reports/report.html", page)


@never_cache
@needs(Permission.RELEASE)
def report_release(request: HttpRequest, report_id: int) -> HttpResponse:
    """The chief executive or the named deputy lets the board read it."""
    record = reach(request, _reports(), pk=report_id)
    if record.is_released:
        return redirect("report", record.pk)
    form = ReleaseReportForm(request.POST or None, initial={"version": record.edition})
    if request.method == "POST" and form.is_valid():
        role = next(
            held.role
            for held in request.scope.held  # type: ignore[attr-defined]
            if held.trust_id == record.trust_id and Permission.RELEASE in GRANTS[held.role]
        )
        try:
            release_report(report=record, seen=form.version_seen, role=role, by=request.user)
        except ReportRefused as refused:
            messages.error(request, str(refused))
        else:
            messages.success(request, "Released. The board reads it from now on.")
        return redirect("report", record.pk)
    page = {"report": record, "panel": shown_report(record), "form": form}
    return render(request, "dashboards/reports/release.html", page)
