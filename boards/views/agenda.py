"""Writing agendas: the board's template, a meeting's agenda, the framing questions."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from accounts.permissions import Permission
from boards.actions import agenda as act
from boards.forms.agenda import ChangeItemForm, ItemForm, QuestionsForm, TemplateItemForm
from boards.models import AgendaItem, TemplateItem
from boards.models.agenda import framing_of
from boards.refusals import ChangedMeanwhile, Refused
from boards.views.way import (
    Crumbs,
    attempt,
    boards,
    crumbs_of_board,
    crumbs_of_meeting,
    form_page,
    meetings,
    show_newer,
)
from trusts.access import needs, reach
from ui.plain_form import posted
from ui.words import day_year


def agenda_items() -> Any:
    return AgendaItem.objects.select_related("meeting__board__trust", "meeting__board__partnership", "brought_by")


def _template_items() -> Any:
    return TemplateItem.objects.select_related("board__trust", "board__partnership")


@require_POST
@needs(Permission.PREPARE_MEETINGS)
def agenda_build(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """Make the agenda from the template."""
    meeting = reach(request, meetings(), pk=meeting_id)
    attempt(request, lambda: act.build_agenda(meeting=meeting, by=request.user))
    return redirect("meeting", meeting.pk)


@require_POST
@needs(Permission.PREPARE_MEETINGS)
def agenda_send(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """Write to everybody at the table that the agenda is there."""
    meeting = reach(request, meetings(), pk=meeting_id)
    if attempt(request, lambda: act.send_agenda(meeting=meeting, by=request.user)):
        messages.success(request, "Everybody at the table is told by e-mail that the agenda is ready.")
    return redirect("meeting", meeting.pk)


@needs(Permission.PREPARE_MEETINGS)
def agenda_item_add(request: HttpRequest, meeting_id: int) -> HttpResponse:
    meeting = reach(request, meetings(), pk=meeting_id)
    form = ItemForm(posted(request), board=meeting.board, initial={"kind": "topic", "minutes": 15})
    if request.method == "POST" and form.is_valid():
        try:
            act.add_item(to=meeting, values=form.cleaned_data, by=request.user)
        except Refused as why:
            form.add_error(None, str(why))
        else:
            messages.success(request, "The item is on the agenda.")
            return redirect("meeting", meeting.pk)
    eyebrow = f"{meeting.board}, {day_year(meeting.on)}"
    return form_page(request, form, crumbs=crumbs_of_meeting(meeting), heading="Add an item", eyebrow=eyebrow)


@needs(Permission.PREPARE_MEETINGS)
def agenda_item_edit(request: HttpRequest, agenda_item_id: int) -> HttpResponse:
    item = reach(request, agenda_items(), pk=agenda_item_id)
    shown = {name: getattr(item, name) for name in ("kind", "title", "minutes", "about", "version")}
    form = ChangeItemForm(
        posted(request), board=item.of_board, item=item, initial={**shown, "brought_by": item.brought_by_id}
    )
    theirs: list[tuple[str, str]] = []
    if request.method == "POST" and form.is_valid():
        try:
            act.change_item(item=item, values=form.changes, seen=form.version_seen, by=request.user)
        except ChangedMeanwhile:
            item.refresh_from_db()
            theirs = show_newer(form, item, version=item.version)
        except Refused as why:
            form.add_error(None, str(why))
        else:
            messages.success(request, "Saved.")
            return redirect("meeting", item.meeting_id)
    may_go = not item.is_reflections and item.began_at is None
    remove = ("agenda_item_remove", item.pk, "Take it off the agenda") if may_go else None
    return form_page(
        request,
        form,
        crumbs=crumbs_of_meeting(item.meeting),
        heading=item.title,
        eyebrow=f"Item of {item.of_board}, {day_year(item.meeting.on)}",
        theirs=theirs,
        remove=remove,
    )


@require_POST
@needs(Permission.PREPARE_MEETINGS)
def agenda_item_move(request: HttpRequest, agenda_item_id: int) -> HttpResponse:
    item = reach(request, agenda_items(), pk=agenda_item_id)
    attempt(request, lambda: act.move_item(item=item, up=request.POST.get("to") == "up", by=request.user))
    return redirect("meeting", item.meeting_id)


@require_POST
@needs(Permission.PREPARE_MEETINGS)
def agenda_item_remove(request: HttpRequest, agenda_item_id: int) -> HttpResponse:
    item = reach(request, agenda_items(), pk=agenda_item_id)
    if attempt(request, lambda: act.remove_item(item=item, by=request.user)):
        messages.success(request, "The item is off the agenda.")
    return redirect("meeting", item.meeting_id)


@needs(Permission.PREPARE_MEETINGS)
def template(request: HttpRequest, board_id: int) -> HttpResponse:
    """With what each agenda of the board begins. It always ends with the reflections."""
    board = reach(request, boards(), pk=board_id)
    form = TemplateItemForm(posted(request), initial={"kind": "topic", "minutes": 15})
    if request.method == "POST" and form.is_valid():
        act.keep_template(board=board, by=request.user)
        act.add_item(to=board, values=form.cleaned_data, by=request.user)
        messages.success(request, "The item is on the usual agenda.")
        return redirect("agenda_template", board.pk)
    return render(
        request,
        "boards/template.html",
        {
            "board": board,
            "items": act.template_of(board),
            "form": form,
            "crumbs_of": crumbs_of_board(board),
            "nav": "boards",
        },
    )


@require_POST
@needs(Permission.PREPARE_MEETINGS)
def template_keep(request: HttpRequest, board_id: int) -> HttpResponse:
    """Begin to change the usual agenda: from now on the board has one of its own."""
    board = reach(request, boards(), pk=board_id)
    act.keep_template(board=board, by=request.user)
    return redirect("agenda_template", board.pk)


@needs(Permission.PREPARE_MEETINGS)
def template_item_edit(request: HttpRequest, template_item_id: int) -> HttpResponse:
    item = reach(request, _template_items(), pk=template_item_id)
    shown = {name: getattr(item, name) for name in ("kind", "title", "minutes")}
    form = TemplateItemForm(posted(request), item=item, initial=shown)
    if request.method == "POST" and form.is_valid():
        act.change_template_item(item=item, values=form.cleaned_data, by=request.user)
        messages.success(request, "Saved.")
        return redirect("agenda_template", item.board_id)
    remove = None if item.is_reflections else ("template_item_remove", item.pk, "Take it off the usual agenda")
    return form_page(
        request, form, crumbs=_crumbs_of_template(item), heading=item.title, eyebrow="The usual agenda", remove=remove
    )


@require_POST
@needs(Permission.PREPARE_MEETINGS)
def template_item_move(request: HttpRequest, template_item_id: int) -> HttpResponse:
    item = reach(request, _template_items(), pk=template_item_id)
    attempt(request, lambda: act.move_item(item=item, up=request.POST.get("to") == "up", by=request.user))
    return redirect("agenda_template", item.board_id)


@require_POST
@needs(Permission.PREPARE_MEETINGS)
def template_item_remove(request: HttpRequest, template_item_id: int) -> HttpResponse:
    item = reach(request, _template_items(), pk=template_item_id)
    attempt(request, lambda: act.remove_item(item=item, by=request.user))
    return redirect("agenda_template", item.board_id)


@needs(Permission.PREPARE_MEETINGS)
def questions(request: HttpRequest, board_id: int) -> HttpResponse:
    """The questions that stand beside each challenge, at every board of the partnership."""
    board = reach(request, boards(), pk=board_id)
    framing = framing_of(board.partnership)
    form = QuestionsForm(posted(request), initial={"questions": framing.questions, "version": framing.version})
    theirs: list[tuple[str, str]] = []
    if request.method == "POST" and form.is_valid():
        try:
            act.write_questions(
                partnership=board.partnership,
                questions=form.cleaned_data["questions"],
                seen=form.version_seen,
                by=request.user,
            )
        except ChangedMeanwhile:
            framing = framing_of(board.partnership)
            theirs = show_newer(form, framing, version=framing.version)
        else:
            messages.success(request, "The questions are saved.")
            return redirect("agenda_template", board.pk)
    return form_page(
        request,
        form,
        crumbs=[*crumbs_of_board(board), ("The usual agenda", reverse("agenda_template", args=[board.pk]))],
        heading="Framing questions",
        eyebrow=str(board.partnership),
        lede="Leaders are asked to frame problems, not to solve them. All boards of the partnership share these.",
        theirs=theirs,
    )


def _crumbs_of_template(item: TemplateItem) -> Crumbs:
    return [*crumbs_of_board(item.board), ("The usual agenda", reverse("agenda_template", args=[item.board_id]))]
