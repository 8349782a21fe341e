"""The papers of a meeting: frozen, read as a page, and taken along as slides or a PDF."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.permissions import Permission
from boards.views.way import crumbs_of_meeting, may
from boards.views.way import meetings as all_meetings
from dashboards.actions.papers import PapersRefused, make_papers
from dashboards.models import Pack
from dashboards.tgb.papers import papers as words
from dashboards.tgb.pdf import pdf
from dashboards.tgb.picture import picture
from dashboards.tgb.slides import pptx
from trusts.access import needs, reach

PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"


def _packs() -> Any:
    return Pack.objects.select_related("meeting__board__trust", "meeting__board__partnership")


@require_safe
@never_cache
@needs(Permission.SEE_BOARD)
def papers(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """The newest papers; where there are none yet, who makes them."""
    meeting = reach(request, all_meetings(), pk=meeting_id)
    if not meeting.board.is_tgb:
        return redirect("meeting", meeting.pk)
    newest = _packs().newest_of(meeting)
    if newest:
        return redirect("pack", newest.pk)
    page = {
        "meeting": meeting,
        "prepares": may(request, Permission.PREPARE_MEETINGS, meeting),
        "crumbs_of": crumbs_of_meeting(meeting),
        "nav": "boards",
    }
    return render(request, "dashboards/papers_none.html", page)


@require_POST
@needs(Permission.PREPARE_MEETINGS)
def papers_make(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """Freeze everything that the board reads, as it stands now."""
    meeting = reach(request, all_meetings(), pk=meeting_id)
    if not meeting.board.is_tgb:
        return redirect("meeting", meeting.pk)
    try:
        pack = make_papers(meeting=meeting, by=request.user)
    except PapersRefused as refused:
        messages.error(request, str(refused))
        return redirect("papers", meeting.pk)
    messages.success(request, f"The papers are frozen: version {pack.version}.")
    return redirect("pack", pack.pk)


@require_safe
@never_cache
@needs(Permission.SEE_BOARD)
def pack(request: HttpRequest, pack_id: int) -> HttpResponse:
    found = reach(request, _packs(), pk=pack_id)
    meeting = found.meeting
    page = {
        "pack": found,
        "papers": words(found),
        "meeting": meeting,
        "versions": Pack.objects.filter(meeting=meeting).defer("body"),
        "picture": picture,
        "prepares": meeting.is_planned and may(request, Permission.PREPARE_MEETINGS, meeting),
        "crumbs_of": crumbs_of_meeting(meeting),
        "nav": "boards",
    }
    return render(request, "dashboards/papers.html", page)


@require_safe
@needs(Permission.SEE_BOARD)
def pack_pptx(request: HttpRequest, pack_id: int) -> HttpResponse:
    found = reach(request, _packs(), pk=pack_id)
    return _file(found, pptx(words(found)), PPTX, "pptx")


@require_safe
@needs(Permission.SEE_BOARD)
def pack_pdf(request: HttpRequest, pack_id: int) -> HttpResponse:
    found = reach(request, _packs(), pk=pack_id)
    return _file(found, pdf(words(found)), "application/pdf", "pdf")


def _file(pack: Pack, content: bytes, kind: str, ending: str) -> HttpResponse:
    name = f"papers-tgb-{pack.meeting.on:%Y-%m-%d}-v{pack.version}.{ending}"
    return HttpResponse(content, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})
