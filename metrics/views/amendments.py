"""Amending and retiring a metric: proposing, comparing, deciding, and the list for the next TGT."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.permissions import Permission
from metrics.actions import amendments as act
from metrics.forms.amendments import AmendmentForm, DecisionForm, RetirementForm, SinceForm
from metrics.models import MetricVersion, Retirement
from metrics.presenters import amendments as words
from metrics.refusals import Refused
from metrics.views.pages import crumbs as crumbs_of_stream
from metrics.views.way import back_to, crumbs, form_page, metrics, of_metric, refused
from trusts.access import needs, reach
from trusts.models import ValueStream
from ui.plain_form import posted

SINCE_LAST_TGT = timedelta(days=31)


@needs(Permission.PROPOSE_AMENDMENTS)
def amend(request: HttpRequest, metric_id: int) -> HttpResponse:
    """Propose the next definition."""
    metric = reach(request, metrics(), pk=metric_id)
    present = metric.definition
    if present is None:
        return refused(request, metric, "This metric has no definition in force yet, so there is nothing to amend.")
    form = AmendmentForm(posted(request), present=present)
    if request.method == "POST" and form.is_valid():
        try:
            proposal = act.propose_amendment(metric=metric, by=request.user, **form.facts)
        except Refused as why:
            form.add_error(None, str(why))
        else:
            messages.success(request, words.proposed(metric))
            return redirect("amendment", proposal.pk)
    return form_page(
        request,
        form,
        metric,
        heading="Amend the definition",
        template="metrics/amend.html",
        encouragement=words.ENCOURAGEMENT,
        present=words.definition(present),
    )


@needs(Permission.PROPOSE_AMENDMENTS)
def retire(request: HttpRequest, metric_id: int) -> HttpResponse:
    """Propose to watch the metric no longer."""
    metric = reach(request, metrics(), pk=metric_id)
    form = RetirementForm(posted(request), last_period=metric.last_period)
    if request.method == "POST" and form.is_valid():
        try:
            proposal = act.propose_retirement(metric=metric, by=request.user, **form.facts)
        except Refused as why:
            form.add_error(None, str(why))
        else:
            messages.success(request, words.proposed(metric))
            return redirect("retirement", proposal.pk)
    return form_page(request, form, metric, heading="Retire the metric", lede=words.RETIRING)


@require_safe
@needs(Permission.SEE_TRUST)
def amendment(request: HttpRequest, version_id: int) -> HttpResponse:
    """One definition beside the one before it, why it was proposed, and what was decided."""
    return _proposal_page(request, reach(request, of_metric(MetricVersion), pk=version_id))


@require_safe
@needs(Permission.SEE_TRUST)
def retirement(request: HttpRequest, retirement_id: int) -> HttpResponse:
    return _proposal_page(request, reach(request, of_metric(Retirement), pk=retirement_id))


@needs(Permission.AGREE_AMENDMENTS)
def decide_amendment(request: HttpRequest, version_id: int) -> HttpResponse:
    """The executive sponsor agrees or declines."""
    return _decide(request, reach(request, of_metric(MetricVersion), pk=version_id), page="amendment")


@needs(Permission.AGREE_AMENDMENTS)
def decide_retirement(request: HttpRequest, retirement_id: int) -> HttpResponse:
    return _decide(request, reach(request, of_metric(Retirement), pk=retirement_id), page="retirement")


@needs(Permission.PROPOSE_AMENDMENTS)
@require_POST
def take_back_amendment(request: HttpRequest, version_id: int) -> HttpResponse:
    """Who proposed it takes it back."""
    return _take_back(request, reach(request, of_metric(MetricVersion), pk=version_id))


@needs(Permission.PROPOSE_AMENDMENTS)
@require_POST
def take_back_retirement(request: HttpRequest, retirement_id: int) -> HttpResponse:
    return _take_back(request, reach(request, of_metric(Retirement), pk=retirement_id))


@require_safe
@needs(Permission.SEE_TRUST)
def for_the_tgt(request: HttpRequest, value_stream_id: int) -> HttpResponse:
    """What was proposed or decided since a date: the list for the next meeting of the TGT."""
    streams = ValueStream.objects.select_related("trust", "executive_sponsor")
    stream = reach(request, streams, pk=value_stream_id)
    usual = timezone.localdate() - SINCE_LAST_TGT
    form = SinceForm(request.GET if "since_day" in request.GET else None, initial={"since": usual})
    since = form.since_or(usual)
    context = {
        "stream": stream,
        "form": form,
        "since": since,
        "lines": words.lines_since(stream, since),
        "crumbs_of": crumbs_of_stream(stream),
        "nav": "metrics",
    }
    return render(request, "metrics/for_the_tgt.html", context)


def _proposal_page(
    request: HttpRequest, proposal: MetricVersion | Retirement, form: DecisionForm | None = None
) -> HttpResponse:
    page = words.present(proposal, user_id=request.user.pk)
    context = {
        "page": page,
        "form": form,
        "metric": proposal.metric,
        "crumbs_of": crumbs(proposal.metric),
        "nav": "metrics",
    }
    return render(request, "metrics/proposal.html", context)


def _decide(request: HttpRequest, proposal: MetricVersion | Retirement, *, page: str) -> HttpResponse:
    if not proposal.is_open:
        return redirect(page, proposal.pk)
    form = DecisionForm(posted(request))
    if request.method != "POST" or not form.is_valid():
        return _proposal_page(request, proposal, form)
    decide = act.agree if form.agrees else act.decline
    try:
        decide(proposal=proposal, decision=form.cleaned_data["decision"], by=request.user)
    except Refused as why:
        return refused(request, proposal.metric, why)
    messages.success(request, words.decided(proposal, agreed=form.agrees))
    return redirect(page, proposal.pk)


def _take_back(request: HttpRequest, proposal: MetricVersion | Retirement) -> HttpResponse:
    try:
        act.take_back(proposal=proposal, by=request.user)
    except Refused as why:
        return refused(request, proposal.metric, why)
    return back_to(request, proposal.metric, said="Taken back: nothing is proposed any more.")
