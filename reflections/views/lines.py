"""The reflections of one meeting: what the board agrees to keep, who writes it, and one's own notes."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from boards.models import Meeting
from boards.presenters.compact import compact_for, version_for
from boards.refusals import Refused
from boards.views.way import attempt, crumbs_of_meeting
from reflections.actions import lines as act
from reflections.forms.lines import LineForm, NoteForm, ScribeForm
from reflections.models import Line, Proposal
from reflections.presenters.breaches import QUESTIONS
from reflections.presenters.lines import at_the_table
from reflections.views.way import meeting_of, safe

Doing = Callable[[], Any]
Kept = TypeVar("Kept", Line, Proposal)


@require_safe
@safe
def reflections(request: HttpRequest, meeting_id: int) -> HttpResponse:
    meeting = meeting_of(request, meeting_id)
    if meeting.opened_at is None:
        return redirect("meeting", meeting.pk)
    return _page(request, meeting)


def _page(request: HttpRequest, meeting: Meeting, *, line: Any = None, note: Any = None, scribe: Any = None) -> Any:
    """The whole page; with a form that was not saved, as it was typed."""
    table = at_the_table(meeting, request.user)
    page = {
        "meeting": meeting,
        "table": table,
        "line": line or _line_form(meeting),
        "note": note or NoteForm(initial={"text": table.note}, auto_id="note-%s"),
        "scribe": scribe or ScribeForm(meeting=meeting, auto_id="scribe-%s", initial={"seat": table.scribe}),
        "form": line or note or scribe,
        "questions": QUESTIONS,
        "compact": compact_for(meeting),
        "crumbs_of": crumbs_of_meeting(meeting),
        "nav": "boards",
    }
    return render(request, "reflections/table.html", page, status=422 if page["form"] else 200)


@require_safe
@safe
def reflections_fresh(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """What is new at the table, to pages that ask with the number they have."""
    meeting = meeting_of(request, meeting_id)
    if request.headers.get("If-None-Match") == f'"{meeting.pulse}"':
        return HttpResponseNotModified()
    table = at_the_table(meeting, request.user)
    page = {"meeting": meeting, "table": table, "line": _line_form(meeting) if table.writes else None}
    answer = render(request, "reflections/fresh.html", page)
    answer["ETag"] = table.etag
    return answer


@require_POST
@safe
def scribe_choose(request: HttpRequest, meeting_id: int) -> HttpResponse:
    meeting = meeting_of(request, meeting_id)
    form = ScribeForm(request.POST, meeting=meeting, auto_id="scribe-%s")
    if not form.is_valid():
        return _page(request, meeting, scribe=form)
    return _done(request, meeting, lambda: act.choose_scribe(meeting=meeting, by=request.user, **form.cleaned_data))


@require_POST
@safe
def line_propose(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """The scribe's: what was heard, for everybody to look at."""
    meeting = meeting_of(request, meeting_id)
    form = _line_form(meeting, request.POST)
    if form.is_valid():
        try:
            act.propose_line(meeting=meeting, by=request.user, **form.cleaned_data)
        except Refused as why:
            form.add_error(None, str(why))
        else:
            return redirect(f"{reverse('reflections', args=[meeting.pk])}#kept")
    return _page(request, meeting, line=form)


@require_POST
@safe
def note_save(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """One's own note. An empty one throws it away."""
    meeting = meeting_of(request, meeting_id)
    form = NoteForm(request.POST, auto_id="note-%s")
    if not form.is_valid():
        return _page(request, meeting, note=form)
    text = form.cleaned_data["text"]
    act.write_note(meeting=meeting, text=text, by=request.user)
    messages.success(request, "Your note is saved. Nobody else reads it." if text else "Your note is thrown away.")
    return redirect("reflections", meeting.pk)


@require_POST
@safe
def proposal_agree(request: HttpRequest, meeting_id: int, proposal_id: int) -> HttpResponse:
    meeting = meeting_of(request, meeting_id)
    return _done(request, meeting, lambda: act.agree_line(proposal=_proposal(meeting, proposal_id), by=request.user))


@require_POST
@safe
def proposal_drop(request: HttpRequest, meeting_id: int, proposal_id: int) -> HttpResponse:
    meeting = meeting_of(request, meeting_id)
    return _done(request, meeting, lambda: act.drop_proposal(proposal=_proposal(meeting, proposal_id), by=request.user))


@require_POST
@safe
def line_take_back(request: HttpRequest, meeting_id: int, line_id: int) -> HttpResponse:
    meeting = meeting_of(request, meeting_id)
    return _done(request, meeting, lambda: act.take_back_line(line=_line(meeting, line_id), by=request.user))


@require_POST
@safe
def line_sign(request: HttpRequest, meeting_id: int, line_id: int) -> HttpResponse:
    """These are my words; or not, after all."""
    meeting, mine = meeting_of(request, meeting_id), request.POST.get("mine") == "yes"
    return _done(request, meeting, lambda: act.sign_line(line=_line(meeting, line_id), mine=mine, by=request.user))


def _line_form(meeting: Meeting, typed: Any = None) -> LineForm:
    return LineForm(typed, version=version_for(meeting.board, on=meeting.on), auto_id="line-%s")


def _proposal(meeting: Meeting, proposal_id: int) -> Proposal:
    return _still_there(Proposal.objects.filter(meeting=meeting, pk=proposal_id).first())


def _line(meeting: Meeting, line_id: int) -> Line:
    return _still_there(Line.objects.filter(meeting=meeting, pk=line_id).first())


def _still_there(found: Kept | None) -> Kept:
    """Somebody else at the table may have been quicker: that is no page that does not exist."""
    if found is None:
        raise Refused(act.NO_LONGER_THERE)
    return found


def _done(request: HttpRequest, meeting: Meeting, do: Doing) -> HttpResponse:
    """Back to the table; where it was refused, the page says why."""
    attempt(request, do)
    return redirect(f"{reverse('reflections', args=[meeting.pk])}#kept")
