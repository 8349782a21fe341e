"""Planning meetings: the rule, one beside it, moving, cancelling, and calendars."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.history import history
from accounts.permissions import Permission
from boards.actions import meetings as act
from boards.calendars import calendar_of
from boards.facts import load
from boards.forms.meetings import CancelForm, MeetingForm, MoveForm, RuleForm
from boards.presenters.compact import compact_for
from boards.presenters.room import agenda_lines, lede
from boards.refusals import ChangedMeanwhile, Refused
from boards.views.way import (
    attempt,
    boards,
    calendar_file,
    crumbs_of_board,
    crumbs_of_meeting,
    form_page,
    history_page,
    may,
    show_newer,
)
from boards.views.way import meetings as all_meetings
from trusts.access import needs, reach
from ui.plain_form import posted
from ui.words import day_year


@needs(Permission.PREPARE_MEETINGS)
def rule(request: HttpRequest, board_id: int) -> HttpResponse:
    """Meet by a rule, like the third Tuesday of every month."""
    board = reach(request, boards(), pk=board_id)
    form = RuleForm(posted(request), initial={"starts": timezone.localdate(), "minutes": 150, "begins_at": "10:00"})
    if request.method == "POST" and form.is_valid():
        series = act.meet_by_rule(board=board, values=form.cleaned_data, by=request.user)
        messages.success(request, f"{series}. The meetings of the year to come are planned.")
        return redirect("board", board.pk)
    running = board.series.running(timezone.localdate()).order_by("starts")
    lede = f"Now: {running[0]}." if running else "No rule yet."
    return form_page(
        request, form, crumbs=crumbs_of_board(board), heading="When it meets", eyebrow=board.name, lede=lede
    )


@needs(Permission.PREPARE_MEETINGS)
def meeting_add(request: HttpRequest, board_id: int) -> HttpResponse:
    board = reach(request, boards(), pk=board_id)
    chair = board.seats.filter(role="chair").first()
    form = MeetingForm(posted(request), board=board, initial={"chair": chair, "minutes": 60})
    if request.method == "POST" and form.is_valid():
        meeting, new = act.add_meeting(board=board, values=form.cleaned_data, by=request.user)
        messages.success(request, "The meeting is planned." if new else "This meeting is planned already.")
        return redirect("meeting", meeting.pk)
    return form_page(request, form, crumbs=crumbs_of_board(board), heading="Add a meeting", eyebrow=board.name)


@require_safe
@needs(Permission.SEE_BOARD)
def meeting(request: HttpRequest, meeting_id: int) -> HttpResponse:
    found = reach(request, all_meetings(), pk=meeting_id)
    facts = load(found)
    lines = agenda_lines(facts)
    page = {
        "meeting": found,
        "facts": facts,
        "lines": lines,
        "over": max(sum(line.item.minutes for line in lines) - found.minutes, 0),
        "came_to": lede(facts),
        "compact": compact_for(found),
        "today": timezone.localdate(),
        "crumbs_of": crumbs_of_board(found.board),
        "prepares": may(request, Permission.PREPARE_MEETINGS, found),
        "nav": "boards",
    }
    return render(request, "boards/meeting.html", page)


@require_safe
@needs(Permission.SEE_BOARD)
def meeting_calendar(request: HttpRequest, meeting_id: int) -> HttpResponse:
    found = reach(request, all_meetings(), pk=meeting_id)
    return calendar_file(calendar_of([found], called=str(found.board)), f"meeting-{found.on:%Y-%m-%d}")


@needs(Permission.PREPARE_MEETINGS)
def meeting_move(request: HttpRequest, meeting_id: int) -> HttpResponse:
    found = reach(request, all_meetings(), pk=meeting_id)
    form = MoveForm(posted(request), board=found.board, initial=MoveForm.of(found))
    theirs: list[tuple[str, str]] = []
    if request.method == "POST" and form.is_valid():
        try:
            moved = act.move_meeting(meeting=found, values=form.changes, seen=form.version_seen, by=request.user)
        except ChangedMeanwhile:
            found.refresh_from_db()
            theirs = show_newer(form, found, version=found.changes)
        except Refused as why:
            form.add_error(None, str(why))
        else:
            messages.success(request, f"Saved: {day_year(moved.on)} at {moved.begins_at:%H:%M}.")
            return redirect("meeting", moved.pk)
    return form_page(
        request,
        form,
        crumbs=crumbs_of_meeting(found),
        heading="Move the meeting",
        eyebrow=f"{found.board}, {day_year(found.on)}",
        lede="Calendars that hold it learn of the change when the file is fetched again.",
        theirs=theirs,
    )


@needs(Permission.PREPARE_MEETINGS)
def meeting_cancel(request: HttpRequest, meeting_id: int) -> HttpResponse:
    found = reach(request, all_meetings(), pk=meeting_id)
    form = CancelForm(posted(request))
    if request.method == "POST" and form.is_valid():
        because = form.cleaned_data["because"]
        if attempt(request, lambda: act.cancel_meeting(meeting=found, because=because, by=request.user)):
            messages.success(request, "The meeting is cancelled. The others of its rule stay.")
        return redirect("meeting", found.pk)
    return form_page(
        request,
        form,
        crumbs=crumbs_of_meeting(found),
        heading="Cancel the meeting",
        eyebrow=f"{found.board}, {day_year(found.on)}",
        lede="This one alone: the others of its rule stay.",
    )


@require_safe
@needs(Permission.SEE_BOARD)
def meeting_history(request: HttpRequest, meeting_id: int) -> HttpResponse:
    found = reach(request, all_meetings(), pk=meeting_id)
    return history_page(request, found, kind="meeting", way=crumbs_of_meeting(found), entries=history(found))
