"""What the pages of boards share: whom they reach, the way up, and a page with one form."""

from collections.abc import Callable
from datetime import date, time
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from accounts.permissions import Permission
from boards.models import Board, Meeting
from boards.refusals import Refused
from ui.plain_form import EDITED_MEANWHILE
from ui.words import day_year

Crumbs = list[tuple[str, str]]


def boards() -> Any:
    return Board.objects.select_related("trust", "partnership")


def meetings() -> Any:
    return Meeting.objects.select_related("board__trust", "board__partnership", "chair", "series")


def crumbs_of_board(board: Board) -> Crumbs:
    return [("Boards", reverse("boards")), (str(board), reverse("board", args=[board.pk]))]


def crumbs_of_meeting(meeting: Meeting) -> Crumbs:
    return [*crumbs_of_board(meeting.board), (day_year(meeting.on), reverse("meeting", args=[meeting.pk]))]


def may(request: HttpRequest, permission: Permission, record: Any) -> bool:
    """Whether a page offers what needs the permission."""
    return request.scope.may_at(permission, record)  # type: ignore[attr-defined, no-any-return]


def attempt(request: HttpRequest, write: Callable[[], Any]) -> bool:
    """Do what a button asks for. Whether it was done; where it is refused, the page to come says why not."""
    try:
        write()
    except Refused as why:
        messages.error(request, str(why))
        return False
    return True


def form_page(
    request: HttpRequest,
    form: Any,
    *,
    crumbs: Crumbs,
    heading: str,
    eyebrow: str,
    template: str = "layouts/form.html",
    **context: Any,
) -> HttpResponse:
    given = {"form": form, "crumbs_of": crumbs, "heading": heading, "eyebrow": eyebrow, "nav": "boards"}
    return render(request, template, given | context)


def show_newer(form: Any, record: Any, *, version: int) -> list[tuple[str, str]]:
    """After ChangedMeanwhile: what was typed stays, the form's version becomes the newest, and what the other person
    saved is listed where it differs."""
    form.data = form.data.copy()
    form.data["version"] = version
    form.add_error(None, EDITED_MEANWHILE)
    theirs = []
    for name, typed in form.cleaned_data.items():
        now = getattr(record, name, typed)
        if name != "version" and now != typed:
            theirs.append((str(form.fields[name].label), "empty" if now in (None, "") else _said(now)))
    return theirs


def _said(value: Any) -> str:
    if isinstance(value, date):
        return day_year(value)
    return f"{value:%H:%M}" if isinstance(value, time) else str(value)


def history_page(request: HttpRequest, record: Any, *, kind: str, way: Crumbs, entries: list[Any]) -> HttpResponse:
    page = {"record": record, "kind": kind, "history": entries, "everything": 0, "way": way, "nav": "boards"}
    return render(request, "accounts/history.html", page)


def calendar_file(content: bytes, name: str) -> HttpResponse:
    return HttpResponse(
        content,
        content_type="text/calendar; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}.ics"'},
    )
