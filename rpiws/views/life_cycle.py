"""The steps of an RPIW's life, one page each: what it does, what it asks, and what stands in its way."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from accounts.permissions import Permission
from rpiws.actions import life_cycle as actions
from rpiws.forms.rpiw import ClosingForm, ConfirmForm, ReasonForm, ReportOutForm, StartWeekForm
from rpiws.life_cycle import (
    Refusal,
    StepRefused,
    closing_refusals,
    missing_words,
    next_state,
    still_to_name,
    unmeasured_refusals,
    week_refusals,
)
from rpiws.models import LIFE_CYCLE, Rpiw
from rpiws.views.editing import form_page, rpiws
from trusts.access import needs, reach
from ui.plain_form import posted

ACTIONS: dict[str, Callable[..., Rpiw]] = {
    "prepare": actions.prepare,
    "start_week": actions.start_week,
    "follow_up": actions.follow_up,
    "cancel": actions.cancel,
    "stand_down": actions.stand_down,
    "resume": actions.resume,
}
EXPLAINED = {
    "prepare": "A checklist is made, its due dates counted back from the week.",
    "start_week": "From now on the baseline is locked: one recorded later is marked as retrospective.",
    "follow_up": "The week is over. From now on its measures are due at 30, 60 and 90 days.",
    "cancel": "It will not take place. What was recorded is kept.",
    "stand_down": "Nothing of it is late while it is stood down. It resumes where it was.",
    "resume": "It goes on where it was. Move its dates if the week has passed.",
}
DONE = {
    "prepare": "Preparing has started. Here is the checklist.",
    "start_week": "The week has started.",
    "follow_up": "The report-out is recorded. The remeasures are counted from it.",
    "cancel": "The RPIW is cancelled.",
    "stand_down": "The RPIW is stood down.",
    "resume": "The RPIW has resumed.",
}

MENDED_BY = {
    "rpiw_people": Permission.RUN_RPIWS,
    "edit_rpiw": Permission.RUN_RPIWS,
    "readings": Permission.LOG_READINGS,
    "rpiw_measures": Permission.RUN_RPIWS,
}
"""Who may open the page on which a refusal is mended; nobody else gets the link."""


@needs(Permission.RUN_RPIWS)
def step(request: HttpRequest, rpiw_id: int, step: str) -> HttpResponse:
    """One step, confirmed on its own page. A step already taken, as by a double click, leads back without a word."""
    rpiw = reach(request, rpiws(), pk=rpiw_id)
    if step not in ACTIONS:
        raise Http404
    if request.method == "POST" and LIFE_CYCLE[step].target == rpiw.state:
        return redirect("rpiw", rpiw.pk)
    form = _form(request, rpiw, step)
    refusals = _in_the_way(request, rpiw, step)
    if request.method == "POST" and form.is_valid():
        try:
            ACTIONS[step](rpiw=rpiw, by=request.user, **form.cleaned_data)
            messages.success(request, DONE[step])
            return redirect("preparation" if step == "prepare" else "rpiw", rpiw.pk)
        except StepRefused as refused:
            refusals = refused.refusals
    moves = step == "follow_up"
    return _page(request, form, rpiw, refusals, heading=LIFE_CYCLE[step].verb, lede=EXPLAINED[step], moves=moves)


@needs(Permission.AGREE_CLOSING)
def close(request: HttpRequest, rpiw_id: int) -> HttpResponse:
    """The executive sponsor decides what happens with the improvement, once every due checkpoint is answered."""
    rpiw = reach(request, rpiws(), pk=rpiw_id)
    if not rpiw.is_sponsored_by(request.user.pk or 0):
        raise PermissionDenied
    if request.method == "POST" and LIFE_CYCLE["close"].target == rpiw.state:
        return redirect("rpiw", rpiw.pk)
    today = timezone.localdate()
    waits = actions.waits_for(rpiw=rpiw, today=today)
    form = ClosingForm(posted(request), waits=waits)
    refusals = (
        _allowed(rpiw, "close")
        or unmeasured_refusals(measures=rpiw.measures.count())
        or closing_refusals(actions.unanswered(rpiw=rpiw, today=today))
    )
    if request.method == "POST" and not refusals and form.is_valid():
        try:
            actions.close(rpiw=rpiw, by=request.user, **form.cleaned_data)
            messages.success(request, "The RPIW is closed, with your decision.")
            return redirect("rpiw", rpiw.pk)
        except StepRefused as refused:
            refusals = refused.refusals
    lede = "What happens with the improvement now? Your decision stays on the RPIW's page."
    warning = waits.sentence if waits and not refusals else ""
    return _page(request, form, rpiw, refusals, heading="Close the RPIW", lede=lede, warning=warning)


def _form(request: HttpRequest, rpiw: Rpiw, step: str) -> Any:
    data = posted(request)
    if step == "start_week":
        missing = missing_words({person.part for person in rpiw.people.all()})
        return StartWeekForm(data, missing=missing, may_start_without=_may_start_without(request, rpiw))
    if step == "follow_up":
        today = timezone.localdate()
        initial = {"reported_out": min(rpiw.week_ends, today)}
        return ReportOutForm(data, week_starts=rpiw.week_starts, today=today, initial=initial)
    form = ReasonForm(data) if LIFE_CYCLE[step].asks_reason else ConfirmForm(data)
    form.helper.inputs[0].value = LIFE_CYCLE[step].verb
    return form


def _may_start_without(request: HttpRequest, rpiw: Rpiw) -> bool:
    return request.scope.may_at(Permission.START_WITHOUT_PEOPLE, rpiw)  # type: ignore[attr-defined]


def _allowed(rpiw: Rpiw, step: str) -> list[Refusal]:
    try:
        next_state(step, state=rpiw.state, before_stand_down=rpiw.state_before_stand_down or rpiw.state)
    except StepRefused as refused:
        return refused.refusals
    return []


def _in_the_way(request: HttpRequest, rpiw: Rpiw, step: str) -> list[Refusal]:
    """What the page already knows to stand in the way, before anybody presses the button."""
    refusals = _allowed(rpiw, step)
    if step == "start_week" and not refusals:
        without = "asked for in the form" if _may_start_without(request, rpiw) else ""
        parts = {person.part for person in rpiw.people.all()}
        today = timezone.localdate()
        refusals = week_refusals(parts=parts, week_starts=rpiw.week_starts, on=today, started_without=without)
        if refusals and without:
            refusals += still_to_name(parts)
    return refusals


def _page(
    request: HttpRequest, form: Any, rpiw: Rpiw, refusals: list[Refusal], *, heading: str, lede: str, **context: Any
) -> HttpResponse:
    """What stands in the way replaces the form; what was typed into it all the same is shown again."""
    may = request.scope.permissions_at(rpiw)  # type: ignore[attr-defined]
    mending = [
        {
            "sentence": refusal.sentence,
            "text": refusal.mend_text,
            "href": reverse(refusal.mend, args=[rpiw.pk]) if MENDED_BY.get(refusal.mend) in may else "",
        }
        for refusal in refusals
    ]
    context |= {"refusals": mending, "typed": form.is_bound and bool(form.fields)}
    return form_page(request, form, rpiw, heading=heading, lede=lede, template="rpiws/step.html", **context)
