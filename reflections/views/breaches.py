"""A breach: a draft of one's own, bringing it, talking it over, repairing and ending it."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from boards.models import Board, Meeting
from boards.presenters.compact import version_for
from boards.refusals import ChangedMeanwhile, Refused
from boards.views.way import attempt, form_page, show_newer
from reflections.actions import breaches as act
from reflections.actions.lines import is_scribe
from reflections.forms.breaches import CallOutForm, EndBreachForm, LedToForm, StepForm, TalkForm
from reflections.models import Breach, BreachDraft, RepairStep, Talk
from reflections.models.terms import routes_of
from reflections.presenters.breaches import QUESTIONS, breach_shown
from reflections.presenters.lines import promise_words
from reflections.views.way import (
    DraftGone,
    board_of,
    breach_of,
    crumbs_of_breach,
    crumbs_of_reflections,
    meeting_now,
    safe,
)
from ui.plain_form import posted
from ui.words import day_year

NO_MEETING = "No meeting is being held. A breach is brought in the room"
ALONE = "Yours alone until you bring it. Nothing is sent."


@safe
def breach_call(request: HttpRequest, board_id: int) -> HttpResponse:
    """Begin a draft: nobody but the caller reads it."""
    board = board_of(request, board_id)
    form = _call_out(request, board, {"version": 0})
    if request.method == "POST" and form.is_valid():
        draft = act.draft_breach(board=board, values=form.changes, by=request.user)
        return redirect("breach_draft", board.pk, draft.pk)
    return _form(request, form, board, "Call out a breach", ALONE, aside=True)


@require_safe
@safe
def breach_draft(request: HttpRequest, board_id: int, draft_id: int) -> HttpResponse:
    """To look at once more before it is brought: by the caller, or by the sensei who was asked."""
    board = board_of(request, board_id)
    draft = _draft(board, draft_id)
    page = {
        "board": board,
        "draft": draft,
        "own": draft.caller_id == request.user.pk,
        "promise": promise_words(draft.promise),
        "now": meeting_now(board),
        "questions": QUESTIONS,
        "crumbs_of": crumbs_of_reflections(board),
        "nav": "boards",
    }
    return render(request, "reflections/draft.html", page)


@safe
def breach_draft_edit(request: HttpRequest, board_id: int, draft_id: int) -> HttpResponse:
    board = board_of(request, board_id)
    draft = _draft(board, draft_id)
    if draft.caller_id != request.user.pk:
        raise PermissionDenied
    shown = {name: getattr(draft, name) for name in ("happened", "meant_well", "version")}
    form = _call_out(request, board, {**shown, "promise": draft.promise_id})
    theirs: list[tuple[str, str]] = []
    if request.method == "POST" and form.is_valid():
        try:
            act.change_draft(draft=draft, values=form.changes, seen=form.version_seen, by=request.user)
        except ChangedMeanwhile:
            draft.refresh_from_db()
            theirs = show_newer(form, draft, version=draft.version)
        except Refused as why:
            form.add_error(None, str(why))
        else:
            return redirect("breach_draft", board.pk, draft.pk)
    return _form(request, form, board, "Change your draft", ALONE, aside=True, theirs=theirs)


@require_POST
@safe
def breach_draft_drop(request: HttpRequest, board_id: int, draft_id: int) -> HttpResponse:
    board = board_of(request, board_id)
    draft = _draft(board, draft_id)
    if attempt(request, lambda: act.drop_draft(draft=draft, by=request.user)):
        messages.success(request, "Your draft is thrown away. Nothing of it is kept.")
    return redirect("board_reflections", board.pk)


@require_POST
@safe
def breach_hand(request: HttpRequest, board_id: int, draft_id: int) -> HttpResponse:
    """Ask the sensei to bring it, or take it back."""
    board = board_of(request, board_id)
    draft, hand = _draft(board, draft_id), request.POST.get("hand") == "yes"
    if attempt(request, lambda: act.hand_to_sensei(draft=draft, hand=hand, by=request.user)) and hand:
        messages.success(request, "The sensei reads it now, and is told that something waits. You can take it back.")
    return redirect("breach_draft", board.pk, draft.pk)


@require_POST
@safe
def breach_bring(request: HttpRequest, board_id: int, draft_id: int) -> HttpResponse:
    """Put it on the table: from then on everybody there reads it, and nothing says who brought it."""
    board = board_of(request, board_id)
    draft, meeting = _draft(board, draft_id), meeting_now(board)
    brought: list[Breach] = []
    if meeting is None:
        messages.error(request, NO_MEETING)
    elif attempt(request, lambda: brought.append(act.bring_breach(draft=draft, meeting=meeting, by=request.user))):
        return redirect("breach", board.pk, brought[0].pk)
    return redirect("breach_draft", board.pk, draft.pk)


@require_safe
@safe
def breach(request: HttpRequest, board_id: int, breach_id: int) -> HttpResponse:
    board = board_of(request, board_id)
    found, now = breach_of(board, breach_id), meeting_now(board)
    page = {
        "board": board,
        "breach": found,
        "shown": breach_shown(found, on=timezone.localdate()),
        "now": now,
        "writes": now is not None and found.is_open and is_scribe(now, request.user),
        "again": now is not None and (not found.is_open or found.day != now.on),
        "questions": QUESTIONS,
        "crumbs_of": crumbs_of_reflections(board),
        "nav": "boards",
    }
    return render(request, "reflections/breach.html", page)


@require_POST
@safe
def breach_table(request: HttpRequest, board_id: int, breach_id: int) -> HttpResponse:
    """Talk it over again."""
    board = board_of(request, board_id)
    found, meeting = breach_of(board, breach_id), meeting_now(board)
    if meeting is None:
        messages.error(request, NO_MEETING)
    else:
        attempt(request, lambda: act.put_on_the_table(breach=found, meeting=meeting, by=request.user))
    return redirect("breach", board.pk, found.pk)


@safe
def breach_talk(request: HttpRequest, board_id: int, breach_id: int) -> HttpResponse:
    """What the board keeps of talking it over at this meeting, by its scribe."""
    found, meeting = _at_a_meeting(request, board_id, breach_id)
    talk = Talk.objects.filter(breach=found, meeting=meeting).first() or Talk()
    shown = {name: getattr(talk, name) for name in ("why_unsaid", "better", "version")}
    form = TalkForm(posted(request), board=found.board, initial=shown)
    theirs: list[tuple[str, str]] = []
    if request.method == "POST" and form.is_valid():
        try:
            act.talk_over(
                breach=found, meeting=_still_held(meeting), seen=form.version_seen, by=request.user, **form.changes
            )
        except ChangedMeanwhile:
            talk.refresh_from_db()
            theirs = show_newer(form, talk, version=talk.version)
        except Refused as why:
            form.add_error(None, str(why))
        else:
            return redirect("breach", found.board_id, found.pk)
    return _of_breach(request, form, found, "What we said today", "What the board agrees to keep.", theirs=theirs)


@safe
def breach_step(request: HttpRequest, board_id: int, breach_id: int) -> HttpResponse:
    """What a party does by when."""
    found, meeting = _at_a_meeting(request, board_id, breach_id)
    form = StepForm(posted(request), breach=found)
    if request.method == "POST" and form.is_valid():
        try:
            act.promise_repair(breach=found, meeting=_still_held(meeting), by=request.user, **form.cleaned_data)
        except Refused as why:
            form.add_error(None, str(why))
        else:
            return redirect("breach", found.board_id, found.pk)
    lede = "It stands here alone, and not among the actions that minutes and letters tell of."
    return _of_breach(request, form, found, "Repair: who does what by when", lede)


@safe
def breach_end(request: HttpRequest, board_id: int, breach_id: int) -> HttpResponse:
    found, meeting = _at_a_meeting(request, board_id, breach_id)
    form = EndBreachForm(posted(request), breach=found, initial={"learned": found.learned})
    if request.method == "POST" and form.is_valid():
        try:
            act.end_breach(breach=found, meeting=_still_held(meeting), by=request.user, **form.cleaned_data)
        except Refused as why:
            form.add_error("how", str(why))
        else:
            return redirect("breach", found.board_id, found.pk)
    return _of_breach(request, form, found, "How does it end?", "As the board agrees, in the room.")


@safe
def breach_led_to(request: HttpRequest, board_id: int, breach_id: int) -> HttpResponse:
    """The version of the compact that a renegotiation came to; any member fills it in."""
    found = breach_of(board_of(request, board_id), breach_id)
    form = LedToForm(posted(request), breach=found, initial={"led_to": found.led_to_id})
    if request.method == "POST" and form.is_valid():
        try:
            act.link_version(breach=found, version=form.cleaned_data["led_to"], by=request.user)
        except Refused as why:
            form.add_error(None, str(why))
        else:
            return redirect("breach", found.board_id, found.pk)
    return _of_breach(
        request, form, found, "The version that it led to", "On the page of that version only members see it."
    )


@require_POST
@safe
def step_done(request: HttpRequest, board_id: int, breach_id: int, step_id: int) -> HttpResponse:
    """Any member says that a step is done, between meetings, too; or that it was not."""
    found, step = _step(request, board_id, breach_id, step_id)
    act.step_is_done(step=step, done=request.POST.get("done") == "yes", by=request.user)
    return redirect("breach", found.board_id, found.pk)


@require_POST
@safe
def step_drop(request: HttpRequest, board_id: int, breach_id: int, step_id: int) -> HttpResponse:
    found, step = _step(request, board_id, breach_id, step_id)
    meeting = meeting_now(found.board)
    if meeting is None:
        messages.error(request, NO_MEETING)
    else:
        attempt(request, lambda: act.drop_step(step=step, meeting=meeting, by=request.user))
    return redirect("breach", found.board_id, found.pk)


def _call_out(request: HttpRequest, board: Board, shown: dict[str, Any]) -> CallOutForm:
    in_force = version_for(board, on=timezone.localdate())
    return CallOutForm(posted(request), board=board, in_force=in_force, initial=shown)


def _draft(board: Board, draft_id: int) -> BreachDraft:
    found = BreachDraft.objects.select_related("promise__party", "board")
    draft: BreachDraft | None = found.filter(board=board, pk=draft_id).first()
    if draft is None:
        raise DraftGone
    return draft


def _at_a_meeting(request: HttpRequest, board_id: int, breach_id: int) -> tuple[Breach, Meeting | None]:
    """The breach, and the meeting whose scribe writes; 403 for everybody else, and between meetings. Who typed until it
    closed, or until somebody else was chosen, is told so beside what they typed."""
    board = board_of(request, board_id)
    meeting = meeting_now(board)
    if request.method != "POST" and (meeting is None or not is_scribe(meeting, request.user)):
        raise PermissionDenied
    return breach_of(board, breach_id), meeting


def _still_held(meeting: Meeting | None) -> Meeting:
    if meeting is None:
        raise Refused(NO_MEETING)
    return meeting


def _step(request: HttpRequest, board_id: int, breach_id: int, step_id: int) -> tuple[Breach, RepairStep]:
    found = breach_of(board_of(request, board_id), breach_id)
    return found, get_object_or_404(RepairStep.objects.select_related("breach"), breach=found, pk=step_id)


def _form(
    request: HttpRequest, form: Any, board: Board, heading: str, lede: str, *, aside: bool = False, **context: Any
) -> HttpResponse:
    return form_page(
        request,
        form,
        crumbs=crumbs_of_reflections(board),
        heading=heading,
        eyebrow=f"Safe space of the {board}",
        lede=lede,
        template="reflections/call_out.html" if aside else "layouts/form.html",
        routes=routes_of(board.partnership).lines if aside else [],
        **context,
    )


def _of_breach(request: HttpRequest, form: Any, found: Breach, heading: str, lede: str, **context: Any) -> HttpResponse:
    eyebrow = f"A breach, brought on {day_year(found.brought_at.on)}"
    return form_page(
        request, form, crumbs=crumbs_of_breach(found), heading=heading, eyebrow=eyebrow, lede=lede, **context
    )
