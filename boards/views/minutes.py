"""Minutes as a page, as a document of Word, and as a PDF: the same words in each."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from accounts.permissions import Permission
from boards import documents
from boards.facts import load
from boards.models import Meeting
from boards.presenters.minutes import Minutes
from boards.presenters.minutes import minutes as words
from boards.views.way import crumbs_of_meeting, may, meetings
from trusts.access import needs, reach

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@require_safe
@needs(Permission.SEE_BOARD)
def minutes(request: HttpRequest, meeting_id: int) -> HttpResponse:
    meeting = reach(request, meetings(), pk=meeting_id)
    if meeting.opened_at is None:
        return redirect("meeting", meeting.pk)
    page = {
        "meeting": meeting,
        "minutes": words(load(meeting)),
        "prepares": may(request, Permission.PREPARE_MEETINGS, meeting),
        "crumbs_of": crumbs_of_meeting(meeting),
        "nav": "boards",
    }
    return render(request, "boards/minutes.html", page)


@require_safe
@needs(Permission.SEE_BOARD)
def minutes_docx(request: HttpRequest, meeting_id: int) -> HttpResponse:
    meeting = reach(request, meetings(), pk=meeting_id)
    return _file(meeting, documents.docx(_written(meeting)), DOCX, "docx")


@require_safe
@needs(Permission.SEE_BOARD)
def minutes_pdf(request: HttpRequest, meeting_id: int) -> HttpResponse:
    meeting = reach(request, meetings(), pk=meeting_id)
    return _file(meeting, documents.pdf(_written(meeting)), "application/pdf", "pdf")


def _written(meeting: Meeting) -> Minutes:
    return words(load(meeting))


def _file(meeting: Meeting, content: bytes, kind: str, ending: str) -> HttpResponse:
    name = f"minutes-{slugify(meeting.board.short_name)}-{meeting.on:%Y-%m-%d}.{ending}"
    return HttpResponse(content, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})
