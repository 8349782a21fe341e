"""Writing in the room: notes, decisions, actions, and doing them."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.permissions import Permission
from boards.actions import entries as act
from boards.forms.room import ActionForm, ChangeEntryForm, DoneForm, EntryForm, ReopenForm
from boards.models import Entry
from boards.presenters.tasks import held_seats, task_lines
from boards.refusals import ChangedMeanwhile, Refused
from boards.views.room import room_context, room_page
from boards.views.way import attempt, boards, crumbs_of_board, crumbs_of_meeting, form_page, may, meetings, show_newer
from trusts.access import needs, reach
from ui.plain_form import posted
from ui.words import day_year


def entries() -> Any:
    return Entry.objects.select_related(
        "item__meeting__board__trust", "item__meeting__board__partnership", "owner", "author"
    )


@require_POST
@needs(Permission.WRITE_AT_BOARD)
def entry_add(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """A note, a decision or an action. Through htmx the parts of the room come back, otherwise the whole room."""
    meeting = reach(request, meetings(), pk=meeting_id)
    is_task = "owner" in request.POST
    kind, prefix = (ActionForm, "task") if is_task else (EntryForm, "note")
    form: Any = kind(request.POST, meeting=meeting, auto_id=f"{prefix}-%s")
    saved = False
    if form.is_valid():
        try:
            act.add_entry(by=request.user, **form.facts)
            saved = True
        except Refused as why:
            form.add_error(None, str(why))
    if not request.htmx:  # type: ignore[attr-defined]
        if saved:
            return redirect(f"{reverse('room', args=[meeting.pk])}{_looking(request)}#entries")
        return room_page(request, meeting, note=None if is_task else form, task=form if is_task else None)
    meeting.refresh_from_db()
    context = room_context(request, meeting) | {"form": form, "saved": saved, "prefix": prefix}
    return render(request, "boards/room_saved.html", context, status=200 if saved else 422)


@needs(Permission.WRITE_AT_BOARD)
def entry_edit(request: HttpRequest, entry_id: int) -> HttpResponse:
    """Its author puts it in other words."""
    entry = _own(request, entry_id)
    meeting = entry.item.meeting
    shown = {"text": entry.text, "version": entry.version, "owner": entry.owner_id, "due": entry.due}
    form = ChangeEntryForm.of(entry)(posted(request), meeting=meeting, initial=shown)
    theirs: list[tuple[str, str]] = []
    if request.method == "POST" and form.is_valid():
        try:
            act.change_entry(entry=entry, values=form.changes, seen=form.version_seen, by=request.user)
        except ChangedMeanwhile:
            entry.refresh_from_db()
            theirs = show_newer(form, entry, version=entry.version)
        except Refused as why:
            form.add_error(None, str(why))
        else:
            return redirect("room", meeting.pk)
    return form_page(
        request,
        form,
        crumbs=crumbs_of_meeting(meeting),
        heading=f"Change your {entry.get_kind_display().lower()}",
        eyebrow=entry.item.title,
        theirs=theirs,
        remove=("entry_remove", entry.pk, "Take it back"),
    )


@require_POST
@needs(Permission.WRITE_AT_BOARD)
def entry_remove(request: HttpRequest, entry_id: int) -> HttpResponse:
    entry = _own(request, entry_id)
    if attempt(request, lambda: act.remove_entry(entry=entry, by=request.user)):
        messages.success(request, "Your entry is taken back.")
    return redirect("room", entry.item.meeting_id)


@needs(Permission.WRITE_AT_BOARD)
def action_done(request: HttpRequest, entry_id: int) -> HttpResponse:
    """Who holds the seat that owns it says that it is done, or who prepares the meetings."""
    entry = _action(request, entry_id)
    form = DoneForm(posted(request))
    if request.method == "POST" and form.is_valid():
        act.finish_action(entry=entry, outcome=form.cleaned_data["outcome"], by=request.user)
        messages.success(request, "It is done, and stands so in the next minutes.")
        return redirect("board_actions", entry.board_id)
    return form_page(
        request,
        form,
        crumbs=crumbs_of_board(entry.of_board),
        heading="Is it done?",
        eyebrow=f"Action of {entry.owner}, by {day_year(entry.due)}",
        lede=entry.text,
    )


@needs(Permission.WRITE_AT_BOARD)
def action_take_up(request: HttpRequest, entry_id: int) -> HttpResponse:
    """Not done after all."""
    entry = _action(request, entry_id)
    form = ReopenForm(posted(request))
    form.helper.inputs[0].value = "Take it up again"
    if request.method == "POST" and form.is_valid():
        act.take_up_action(entry=entry, reason=form.cleaned_data["reason"], by=request.user)
        messages.success(request, "It returns on the next agenda.")
        return redirect("board_actions", entry.board_id)
    return form_page(
        request,
        form,
        crumbs=crumbs_of_board(entry.of_board),
        heading="Not done after all",
        eyebrow=f"Action of {entry.owner}",
        lede=entry.text,
    )


def _own(request: HttpRequest, entry_id: int) -> Entry:
    entry: Entry = reach(request, entries(), pk=entry_id)
    if entry.author_id != request.user.pk:
        raise PermissionDenied
    return entry


def _action(request: HttpRequest, entry_id: int) -> Entry:
    entry: Entry = reach(request, entries(), kind=Entry.Kind.ACTION, pk=entry_id)
    if not may(request, Permission.PREPARE_MEETINGS, entry) and entry.owner_id not in _own_seats(request):
        raise PermissionDenied
    return entry


def _own_seats(request: HttpRequest) -> frozenset[int]:
    return held_seats(request.user.pk, timezone.localdate())


def _looking(request: HttpRequest) -> str:
    looking = request.POST.get("looking", "")
    return f"?item={looking}" if looking.isdecimal() else ""


@require_safe
@needs(Permission.SEE_BOARD)
def board_actions(request: HttpRequest, board_id: int) -> HttpResponse:
    """What the board's meetings asked for and is not done, the own first."""
    board = reach(request, boards(), pk=board_id)
    prepares = may(request, Permission.PREPARE_MEETINGS, board)
    found, done = task_lines(board, user_id=request.user.pk, prepares=prepares, on=timezone.localdate())
    page = {
        "board": board,
        "open": found,
        "mine": [line for line in found if line.mine],
        "others": [line for line in found if not line.mine],
        "done": done,
        "crumbs_of": crumbs_of_board(board),
        "nav": "boards",
    }
    return render(request, "boards/actions.html", page)
