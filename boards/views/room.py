"""The room: the page from which a meeting is run, and by which everybody follows it."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.permissions import Permission
from boards.actions import room as act
from boards.facts import load
from boards.forms.room import ActionForm, AttendanceForm, CloseForm, EntryForm, ReopenForm
from boards.hooks import spoken_at
from boards.models import Meeting
from boards.presenters import room as words
from boards.refusals import Refused
from boards.seating import table_on
from boards.views.agenda import agenda_items
from boards.views.way import attempt, crumbs_of_meeting, form_page, may, meetings
from trusts.access import needs, reach
from ui.plain_form import posted
from ui.words import day_year


@require_safe
@needs(Permission.SEE_BOARD)
def room(request: HttpRequest, meeting_id: int) -> HttpResponse:
    meeting = reach(request, meetings(), pk=meeting_id)
    if meeting.opened_at is None:
        return redirect("meeting", meeting.pk)
    return room_page(request, meeting)


def room_page(
    request: HttpRequest, meeting: Meeting, *, note: EntryForm | None = None, task: ActionForm | None = None
) -> HttpResponse:
    """The whole page; with a form that was not saved, as it was typed."""
    context = room_context(request, meeting)
    shown = context["room"]
    item = shown.item
    context |= {
        "note": note or EntryForm(meeting=meeting, auto_id="note-%s"),
        "task": task or ActionForm(meeting=meeting, auto_id="task-%s", initial={"due": words.due_by(meeting)}),
        "form": note or task,
        "crumbs_of": crumbs_of_meeting(meeting),
        "projector": "projector" in request.GET,
        "fresh": f"{reverse('room_fresh', args=[meeting.pk])}{'' if shown.follows or not item else f'?item={item.pk}'}",
    }
    return render(request, "boards/room.html", context, status=422 if note or task else 200)


def room_context(request: HttpRequest, meeting: Meeting) -> dict[str, Any]:
    """What the page and the parts that refresh themselves show."""
    asked = request.GET.get("item") or request.POST.get("looking") or ""
    item_id = int(asked) if asked.isdecimal() else None
    shown = words.room(load(meeting), asked=item_id, user_id=request.user.pk)
    return {
        "meeting": meeting,
        "room": shown,
        "etag": etag(meeting, shown.item.pk if shown.item and not shown.follows else None),
        "prompts": words.PROMPTS,
        "spoken": spoken_at(request, meeting) if shown.item and shown.item.is_reflections else [],
        "frame": words.FRAME,
        "prepares": may(request, Permission.PREPARE_MEETINGS, meeting),
        "writes": may(request, Permission.WRITE_AT_BOARD, meeting) and meeting.is_open,
        "key": uuid.uuid4(),
        "now": timezone.now(),
        "nav": "boards",
    }


def etag(meeting: Meeting, item_id: int | None) -> str:
    """Cheap: one number that every writing in the room moves on."""
    return f'"{meeting.pulse}-{item_id or "now"}"'


@require_safe
@needs(Permission.SEE_BOARD)
def room_fresh(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """What is new in the room; 304 when nothing is, after one query for the meeting."""
    meeting = reach(request, meetings(), pk=meeting_id)
    asked = request.GET.get("item", "")
    validator = etag(meeting, int(asked) if asked.isdecimal() else None)
    if request.headers.get("If-None-Match") == validator:
        return HttpResponseNotModified()
    answer = render(request, "boards/room_fresh.html", room_context(request, meeting))
    answer["ETag"] = validator
    return answer


@require_POST
@needs(Permission.PREPARE_MEETINGS)
def meeting_open(request: HttpRequest, meeting_id: int) -> HttpResponse:
    meeting = reach(request, meetings(), pk=meeting_id)
    opened = attempt(request, lambda: act.open_meeting(meeting=meeting, by=request.user))
    return redirect("room" if opened else "meeting", meeting.pk)


@require_POST
@needs(Permission.PREPARE_MEETINGS)
def item_begin(request: HttpRequest, agenda_item_id: int) -> HttpResponse:
    """Speak of this item now."""
    item = reach(request, agenda_items(), pk=agenda_item_id)
    attempt(request, lambda: act.begin_item(item=item, by=request.user))
    return redirect("room", item.meeting_id)


@needs(Permission.WRITE_AT_BOARD)
def attendance(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """Who is in the room, written by anybody who is."""
    meeting = reach(request, meetings(), pk=meeting_id)
    facts = load(meeting)
    seats = [seat for seat, holding in table_on(meeting.board, meeting.on) if holding or seat.pk in facts.attendance]
    shown: dict[str, Any] = {"also_there": meeting.also_there, "chair": meeting.chair_id}
    for each in facts.attendance.values():
        shown |= {f"presence_{each.seat_id}": each.presence, f"deputy_{each.seat_id}": each.deputy}
    prepares = may(request, Permission.PREPARE_MEETINGS, meeting)
    form = AttendanceForm(posted(request), meeting=meeting, seats=seats, names_the_chair=prepares, initial=shown)
    if request.method == "POST" and form.is_valid():
        try:
            act.record_attendance(
                meeting=meeting,
                there=form.there,
                also_there=form.cleaned_data["also_there"],
                chair=form.who_chairs,
                by=request.user,
            )
        except Refused as why:
            form.add_error(None, str(why))
        else:
            return redirect("room" if meeting.opened_at else "meeting", meeting.pk)
    return form_page(
        request,
        form,
        crumbs=crumbs_of_meeting(meeting),
        heading="Who is here",
        eyebrow=f"{meeting.board}, {day_year(meeting.on)}",
        lede="It stands in the minutes, and is counted nowhere.",
        template="boards/attendance.html",
        holders={seat.pk: holding.known_as for seat, holding in facts.table if holding},
    )


@needs(Permission.PREPARE_MEETINGS)
def meeting_close(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """The minutes stand from then on. Where the reflections are missing, the chair is asked why."""
    meeting = reach(request, meetings(), pk=meeting_id)
    facts = load(meeting)
    in_hand = facts.in_hand
    reflected = facts.reflected or bool(in_hand and in_hand.is_reflections)
    asks = meeting.board.is_tgb and not reflected
    chairs = may(request, Permission.TAKE_THE_CHAIR, meeting) or act.in_the_chair(meeting, request.user)
    form = CloseForm(posted(request)) if asks and chairs else None
    if request.method == "POST" and (form is None or form.is_valid()):
        why = form.cleaned_data["why"] if form else ""
        if not attempt(request, lambda: act.close_meeting(meeting=meeting, why_not_reflected=why, by=request.user)):
            return redirect("meeting_close", meeting.pk)
        messages.success(request, "The meeting is closed, and its minutes stand.")
        return redirect("minutes", meeting.pk)
    context = {
        "meeting": meeting,
        "facts": facts,
        "asks": asks,
        "form": form,
        "not_spoken_of": [item for item in facts.items if item.began_at is None],
        "reflections": next((item for item in facts.items if item.is_reflections), None),
        "crumbs_of": crumbs_of_meeting(meeting),
        "nav": "boards",
    }
    return render(request, "boards/close.html", context)


@needs(Permission.PREPARE_MEETINGS)
def meeting_reopen(request: HttpRequest, meeting_id: int) -> HttpResponse:
    meeting = reach(request, meetings(), pk=meeting_id)
    form = ReopenForm(posted(request))
    if request.method == "POST" and form.is_valid():
        act.reopen_meeting(meeting=meeting, reason=form.cleaned_data["reason"], by=request.user)
        messages.success(request, "The meeting is open again. Close it once its minutes are right.")
        return redirect("meeting", meeting.pk)
    return form_page(
        request,
        form,
        crumbs=crumbs_of_meeting(meeting),
        heading="Open the meeting again",
        eyebrow=f"{meeting.board}, {day_year(meeting.on)}",
        lede="For what is missing or wrong in its minutes. Everybody sees in the history that it was, and why.",
    )
