"""The TGB's dashboard of a meeting: live until the meeting begins, and then as it was frozen."""

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.permissions import Permission
from boards.models import Meeting
from boards.views.way import boards as all_boards
from boards.views.way import crumbs_of_board, may
from boards.views.way import meetings as all_meetings
from dashboards.presenters import tgb as words
from dashboards.tgb.shown import earlier_meetings, next_meeting, own_trusts, shown_for, trust_parts
from trusts.access import needs, reach


@require_safe
@never_cache
@needs(Permission.SEE_BOARD)
def tgb(request: HttpRequest, board_id: int) -> HttpResponse:
    """The dashboard of the meeting that comes next, or of the last one."""
    board = reach(request, all_boards(), pk=board_id)
    meeting = next_meeting(board)
    return redirect("tgb_dashboard", meeting.pk) if meeting and board.is_tgb else redirect("board", board.pk)


@require_safe
@never_cache
@needs(Permission.SEE_BOARD)
def tgb_dashboard(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """One page that a chief executive reads in two minutes before the meeting."""
    meeting = reach(request, all_meetings(), pk=meeting_id)
    if not meeting.board.is_tgb:
        # Only the TGB hears of all trusts; a guidance team has its trust's own dashboard.
        return redirect("meeting", meeting.pk)
    return render(request, "dashboards/tgb.html", _context(request, meeting))


def _context(request: HttpRequest, meeting: Meeting) -> dict[str, Any]:
    scope = request.scope  # type: ignore[attr-defined]
    shown = shown_for(meeting)
    own, seats = own_trusts(scope, meeting.board)
    tasks = words.tasks(shown.body, seats=seats, today=shown.today)
    mine = [task for task in tasks if task.mine]
    changes = words.changes(shown.body, own=own)
    return {
        "meeting": meeting,
        "board": meeting.board,
        "shown": shown,
        "since": date.fromisoformat(shown.body["since"]),
        "compact": words.compact_of(shown.body),
        "body": shown.body,
        "lede": words.lede(shown.body, mine, own=own),
        "as_of": words.data_as_of(shown.body),
        "changes": changes[: words.CHANGES_SHOWN],
        "more_changes": changes[words.CHANGES_SHOWN :],
        "mine": mine,
        "own": trust_parts(shown, own=own, links=scope.trust_ids, first=True),
        "others": trust_parts(shown, own=own, links=scope.trust_ids, first=False),
        "regulator": words.regulator_panel(shown.body, today=shown.today),
        "tasks": [task for task in tasks if task.status[0] != "done"],
        "earlier": earlier_meetings(meeting),
        "keeps": may(request, Permission.KEEP_REGULATORS_ROW, meeting.board) and meeting.is_planned,
        "prepares": may(request, Permission.PREPARE_MEETINGS, meeting),
        "crumbs_of": crumbs_of_board(meeting.board),
        "nav": "boards",
    }
