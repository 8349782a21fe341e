"""The regulator's own row of the TGB's dashboard: read by everybody at the table, kept by the regulator's members."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.permissions import Permission
from boards.actions import regulator as act
from boards.forms.regulator import RegulatorLineForm
from boards.models import RegulatorLine
from boards.refusals import ChangedMeanwhile
from boards.views.way import Crumbs, boards, crumbs_of_board, form_page, may, show_newer
from trusts.access import needs, reach
from ui.plain_form import posted

FIELDS = ("kind", "text", "of_trust", "on", "answer", "answered_on", "version")


def _lines() -> Any:
    return RegulatorLine.objects.select_related("board__trust", "board__partnership", "of_trust")


def _crumbs(line: RegulatorLine) -> Crumbs:
    row = ("The regulator's row", reverse("regulator_lines", args=[line.board_id]))
    return [*crumbs_of_board(line.board), row]


@require_safe
@needs(Permission.SEE_BOARD)
def regulator_lines(request: HttpRequest, board_id: int) -> HttpResponse:
    board = reach(request, boards(), pk=board_id)
    found = list(_lines().filter(board=board).order_by("-on", "pk"))
    groups = [(kind.label, [line for line in found if line.kind == kind]) for kind in RegulatorLine.Kind]
    page = {
        "board": board,
        "groups": groups,
        "keeps": may(request, Permission.KEEP_REGULATORS_ROW, board),
        "crumbs_of": crumbs_of_board(board),
        "nav": "boards",
    }
    return render(request, "boards/regulator.html", page)


@needs(Permission.KEEP_REGULATORS_ROW)
def regulator_line_add(request: HttpRequest, board_id: int) -> HttpResponse:
    board = reach(request, boards(), pk=board_id)
    form = RegulatorLineForm(posted(request), board=board, initial={"version": 0, "on": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        act.add_regulator_line(board=board, values=form.changes, by=request.user)
        messages.success(request, "It stands in the regulator's row.")
        return redirect("regulator_lines", board.pk)
    crumbs = [*crumbs_of_board(board), ("The regulator's row", reverse("regulator_lines", args=[board.pk]))]
    return form_page(request, form, crumbs=crumbs, heading="Add a line", eyebrow=board.name)


@needs(Permission.KEEP_REGULATORS_ROW)
def regulator_line_edit(request: HttpRequest, regulator_line_id: int) -> HttpResponse:
    line = reach(request, _lines(), pk=regulator_line_id)
    shown = {name: getattr(line, name) for name in FIELDS} | {"of_trust": line.of_trust_id}
    form = RegulatorLineForm(posted(request), board=line.board, initial=shown)
    theirs: list[tuple[str, str]] = []
    if request.method == "POST" and form.is_valid():
        try:
            act.change_regulator_line(line=line, values=form.changes, seen=form.version_seen, by=request.user)
        except ChangedMeanwhile:
            line.refresh_from_db()
            theirs = show_newer(form, line, version=line.version)
        else:
            messages.success(request, "Saved.")
            return redirect("regulator_lines", line.board_id)
    return form_page(
        request,
        form,
        crumbs=_crumbs(line),
        heading="Change the line",
        eyebrow=line.board.name,
        theirs=theirs,
        remove=("regulator_line_remove", line.pk, "Take it out"),
    )


@require_POST
@needs(Permission.KEEP_REGULATORS_ROW)
def regulator_line_remove(request: HttpRequest, regulator_line_id: int) -> HttpResponse:
    line = reach(request, _lines(), pk=regulator_line_id)
    act.remove_regulator_line(line=line, by=request.user)
    messages.success(request, "It is taken out of the row.")
    return redirect("regulator_lines", line.board_id)
