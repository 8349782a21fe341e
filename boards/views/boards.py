"""The boards somebody has to do with, and each board's page."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.http import require_POST, require_safe

from accounts.history import history
from accounts.permissions import Permission, Reach
from boards.actions import seats as act
from boards.calendars import calendar_of
from boards.models import Board
from boards.presenters import boards as words
from boards.presenters.tasks import task_lines
from boards.seating import table_on
from boards.views.way import boards as all_boards
from boards.views.way import calendar_file, crumbs_of_board, history_page, may
from trusts.access import may_anywhere, needs, reach, reach_all
from trusts.models import Partnership, Trust

Missing = list[tuple[str, str, int, int | None]]


@require_safe
@needs(Permission.SEE_BOARD)
def boards(request: HttpRequest) -> HttpResponse:
    found = list(reach_all(request, all_boards()))
    today = timezone.localdate()
    page = {"lines": words.board_lines(found, on=today), "missing": _missing(request), "nav": "boards"}
    return render(request, "boards/boards.html", page)


@require_POST
@needs(Permission.GIVE_SEATS)
def set_up(request: HttpRequest) -> HttpResponse:
    """A board that is not there yet, of a place that the person looks after."""
    may_anywhere(request)
    wanted = request.POST.get("board", "")
    for key, _label, partnership_id, trust_id in _missing(request):
        if key == wanted:
            board = act.set_up_board(
                kind=key.split("-")[0],
                partnership=Partnership.objects.get(pk=partnership_id),
                trust=Trust.objects.get(pk=trust_id) if trust_id else None,
                by=request.user,
            )
            return redirect("seats", board.pk)
    if wanted:
        raise Http404
    return redirect("boards")


def _missing(request: HttpRequest) -> Missing:
    """The boards that could be set up: key, words, and where."""
    scope = request.scope  # type: ignore[attr-defined]
    there = set(Board.objects.values_list("kind", "partnership_id", "trust_id"))
    partnerships = sorted(scope.partnerships_where(Permission.GIVE_SEATS, Reach.BOARDS))
    found: Missing = [
        (f"{kind}-{pk}", f"the {kind.label}", pk, None)
        for pk in partnerships
        for kind in (Board.Kind.TGB, Board.Kind.KPO_NETWORK)
        if (kind, pk, None) not in there
    ]
    trusts = Trust.objects.filter(pk__in=scope.trusts_where(Permission.GIVE_SEATS))
    found += [
        (f"tgt-{trust.pk}", f"the {Board.Kind.TGT.label} of {trust}", trust.partnership_id, trust.pk)
        for trust in trusts
        if (Board.Kind.TGT, trust.partnership_id, trust.pk) not in there
    ]
    return found


@require_safe
@needs(Permission.SEE_BOARD)
def board(request: HttpRequest, board_id: int) -> HttpResponse:
    found = reach(request, all_boards(), pk=board_id)
    today = timezone.localdate()
    page = {
        "board": found,
        "next": words.next_meeting(found, on=today),
        "coming": words.coming(found, on=today),
        "past": words.past(found, on=today),
        "rule": found.series.running(today).order_by("starts").first(),
        "table": table_on(found, today),
        "asked": task_lines(found, user_id=request.user.pk, prepares=False, on=today)[0],
        "prepares": may(request, Permission.PREPARE_MEETINGS, found),
        "gives": may(request, Permission.GIVE_SEATS, found),
        "nav": "boards",
    }
    return render(request, "boards/board.html", page)


@require_safe
@needs(Permission.SEE_BOARD)
def board_history(request: HttpRequest, board_id: int) -> HttpResponse:
    """Who gave which seat to whom, and by which rules the board met."""
    found = reach(request, all_boards(), pk=board_id)
    return history_page(request, found, kind="board", way=crumbs_of_board(found), entries=history(found))


@require_safe
@needs(Permission.SEE_BOARD)
def board_calendar(request: HttpRequest, board_id: int) -> HttpResponse:
    found = reach(request, all_boards(), pk=board_id)
    meetings = found.meetings.select_related("board__trust")
    return calendar_file(calendar_of(meetings, called=str(found)), slugify(str(found)))
