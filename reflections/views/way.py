"""The door of the safe space, and the way up from its pages."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from accounts.permissions import Permission
from boards.models import Board, Meeting
from boards.views.way import Crumbs, boards, crumbs_of_board, crumbs_of_meeting, meetings
from reflections.models import Breach
from reflections.safe import sits_at, speaking_as
from trusts.access import needs, reach


class DraftGone(Http404):
    """The caller's page is still open when the sensei has brought the draft. Others learn no more from it than from any
    number that never was."""


def safe(view: Callable[..., HttpResponse]) -> Any:
    """A view for the board's members: whatever it asks of the database, it asks as who is signed in. The log does not
    say who that is: a line with the route and the person would tell who called out a breach."""

    @needs(Permission.REFLECT)
    @wraps(view)
    def inside(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        with speaking_as(request.user):
            try:
                return view(request, *args, **kwargs)
            except DraftGone:
                return render(request, "reflections/gone.html", {"board_id": kwargs["board_id"]}, status=404)

    inside.names_nobody = True  # type: ignore[attr-defined]
    return inside


def board_of(request: HttpRequest, board_id: int) -> Board:
    """404 for who has nothing to do with the board; 403 for who is no member, as the database sees it."""
    return _as_member(reach(request, boards(), pk=board_id))


def meeting_of(request: HttpRequest, meeting_id: int) -> Meeting:
    meeting = reach(request, meetings(), pk=meeting_id)
    _as_member(meeting.board)
    return meeting


def breach_of(board: Board, breach_id: int) -> Breach:
    found = Breach.objects.select_related(
        "promise__party", "promise__theme", "brought_at", "ended_at", "led_to__compact"
    )
    breach: Breach = get_object_or_404(found, board=board, pk=breach_id)
    breach.board = board
    return breach


def meeting_now(board: Board) -> Meeting | None:
    """The meeting in whose room people are."""
    return meetings().filter(board=board, opened_at__isnull=False, closed_at__isnull=True).first()  # type: ignore[no-any-return]


def crumbs_of_reflections(board: Board) -> Crumbs:
    return [*crumbs_of_board(board), ("Reflections and breaches", reverse("board_reflections", args=[board.pk]))]


def crumbs_of_table(meeting: Meeting) -> Crumbs:
    return [*crumbs_of_meeting(meeting), ("Reflections", reverse("reflections", args=[meeting.pk]))]


def crumbs_of_breach(breach: Breach) -> Crumbs:
    return [*crumbs_of_reflections(breach.board), ("A breach", reverse("breach", args=[breach.board_id, breach.pk]))]


def _as_member(board: Board) -> Board:
    if not sits_at(board.pk):
        raise PermissionDenied
    return board
