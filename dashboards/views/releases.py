"""From draft to released: the trust's own pages of its summaries."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.permissions import GRANTS, Permission
from dashboards.actions.releases import SummaryRefused, correct_summary, prepare_summary, release_summary
from dashboards.forms import CorrectionForm, PrepareSummaryForm, ReleaseForm
from dashboards.models import TrustSummary
from dashboards.presenters.summaries import PAGE_WORDS, SummaryPage, month_of
from trusts.access import needs, reach


def _rows() -> Any:
    return TrustSummary.objects.select_related("trust", "supersedes", "prepared_by")


@require_safe
@never_cache
@needs(Permission.SEE_DRAFT_SUMMARIES)
def draft(request: HttpRequest, draft_id: int) -> HttpResponse:
    """The draft exactly as the regulator will see it: the same body in the same template."""
    record = reach(request, _rows(), pk=draft_id)
    if record.is_released:
        return redirect("summary", record.pk)
    scope = request.scope  # type: ignore[attr-defined]
    page = {
        **PAGE_WORDS,
        "summary": record,
        "page": SummaryPage.of(record),
        "may_prepare": scope.may_at(Permission.PREPARE_RELEASE, record),
        "may_release": scope.may_at(Permission.RELEASE, record),
    }
    return render(request, "dashboards/summaries/draft.html", page)


@never_cache
@needs(Permission.PREPARE_RELEASE)
def prepare(request: HttpRequest, draft_id: int) -> HttpResponse:
    """The KPO lead writes the trust's own words."""
    record = reach(request, _rows(), pk=draft_id)
    if record.is_released:
        return redirect("summary", record.pk)
    names = ("proud_of", "hard", "help_wanted", "shows_rpiws")
    stands = {name: getattr(record, name) for name in names} | {"version": record.edition}
    form = PrepareSummaryForm(request.POST or None, initial=stands)
    if request.method == "POST" and form.is_valid():
        try:
            prepare_summary(summary=record, words=form.words, seen=form.version_seen, by=request.user)
        except SummaryRefused as refused:
            form = _opened_again(form, record)
            form.add_error(None, str(refused))
        else:
            messages.success(request, "The summary is prepared. This is what the regulator will see.")
            return redirect("summary_draft", record.pk)
    heading = f"Prepare the summary of {month_of(record)}"
    page = {"form": form, "heading": heading, "summary": record, "back": reverse("summary_draft", args=[record.pk])}
    return render(request, "dashboards/summaries/prepare.html", page)


def _opened_again(form: Any, record: TrustSummary) -> PrepareSummaryForm:
    """What the person typed, on the edition that stands now."""
    record.refresh_from_db()
    again = PrepareSummaryForm({**form.data.dict(), "version": str(record.edition)})
    again.is_valid()
    return again


@never_cache
@needs(Permission.RELEASE)
def release(request: HttpRequest, draft_id: int) -> HttpResponse:
    """The chief executive or the named deputy lets the summary leave the trust."""
    record = reach(request, _rows(), pk=draft_id)
    if record.is_released:
        return redirect("summary", record.pk)
    form = ReleaseForm(request.POST or None, initial={"version": record.edition})
    if request.method == "POST" and form.is_valid():
        role = next(
            held.role
            for held in request.scope.held  # type: ignore[attr-defined]
            if held.trust_id == record.trust_id and Permission.RELEASE in GRANTS[held.role]
        )
        try:
            release_summary(summary=record, seen=form.version_seen, role=role, by=request.user)
        except SummaryRefused as refused:
            messages.error(request, str(refused))
            return redirect("summary_draft", record.pk)
        messages.success(request, "The summary is released.")
        return redirect("summary", record.pk)
    page = {**PAGE_WORDS, "summary": record, "page": SummaryPage.of(record), "form": form}
    return render(request, "dashboards/summaries/release.html", page)


@never_cache
@needs(Permission.PREPARE_RELEASE)
def correct(request: HttpRequest, summary_id: int) -> HttpResponse:
    """Draft a new version of a released month. The released one stays."""
    record = reach(request, _rows().released(), pk=summary_id)
    form = CorrectionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            draft = correct_summary(summary=record, reason=form.cleaned_data["reason"], by=request.user)
        except SummaryRefused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, "A corrected version is drafted from the figures as they stand now.")
            return redirect("summary_prepare", draft.pk)
    page = {
        "crumbs_of": [
            ("Summaries", reverse("summaries")),
            (record.trust.short_name, reverse("summaries_of_trust", args=[record.trust.ods_code])),
        ],
        "eyebrow": f"{record.trust.name}, version {record.version}",
        "heading": f"Correct the summary of {month_of(record)}",
        "lede": "A new version is drafted from the figures as they stand now. The released one stays as it is, and"
        " readable, until the chief executive or the named deputy releases the new one beside it.",
        "button": "Draft a corrected version",
        "back": reverse("summary", args=[record.pk]),
        "form": form,
    }
    return render(request, "components/confirm.html", page)
