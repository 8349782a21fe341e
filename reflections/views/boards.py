"""A board's reflections over time, what the safe space is and is not, and what the board decided about it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.permissions import Permission
from boards.actions.room import in_the_chair
from boards.refusals import ChangedMeanwhile, Refused
from boards.views.way import boards, crumbs_of_board, form_page, may, show_newer
from reflections.actions import terms as act
from reflections.forms.terms import RoutesForm, TermsForm
from reflections.models import BreachDraft
from reflections.models.terms import routes_of, terms_of
from reflections.presenters.lines import over_time
from reflections.presenters.terms import terms_shown
from reflections.views.way import board_of, crumbs_of_reflections, meeting_now, safe
from trusts.access import needs, reach
from ui.plain_form import posted


@require_safe
@safe
def board_reflections(request: HttpRequest, board_id: int) -> HttpResponse:
    board = board_of(request, board_id)
    drafts = list(BreachDraft.objects.filter(board=board))
    page = {
        "board": board,
        **over_time(board),
        "drafts": [draft for draft in drafts if draft.caller_id == request.user.pk],
        "asked": [draft for draft in drafts if draft.caller_id != request.user.pk],
        "terms": terms_shown(board),
        "now": meeting_now(board),
        "today": timezone.localdate(),
        "crumbs_of": crumbs_of_board(board),
        "nav": "boards",
    }
    return render(request, "reflections/board.html", page)


@require_safe
@safe
def safe_space(request: HttpRequest, board_id: int) -> HttpResponse:
    """What it is, and what it is not."""
    board = board_of(request, board_id)
    now = meeting_now(board)
    page = {
        "board": board,
        "terms": terms_shown(board),
        "routes": routes_of(board.partnership).lines,
        "decides": now is not None and in_the_chair(now, request.user),
        "prepares": may(request, Permission.PREPARE_MEETINGS, board),
        "crumbs_of": crumbs_of_reflections(board),
        "nav": "boards",
    }
    return render(request, "reflections/safe.html", page)


@safe
def safe_terms(request: HttpRequest, board_id: int) -> HttpResponse:
    """The chair records what the board decided, at a meeting that is being held."""
    board = board_of(request, board_id)
    meeting, terms = meeting_now(board), terms_of(board)
    if meeting is None or not in_the_chair(meeting, request.user):
        raise PermissionDenied
    shown = {"keep_months": terms.keep_months, "newcomers_from": terms.newcomers_from} if terms else {}
    form = TermsForm(posted(request), initial=shown)
    if request.method == "POST" and form.is_valid():
        try:
            act.decide_terms(meeting=meeting, by=request.user, **form.cleaned_data)
        except Refused as why:
            form.add_error(None, str(why))
        else:
            messages.success(request, "The board's decision is recorded.")
            return redirect("safe_space", board.pk)
    return form_page(
        request,
        form,
        crumbs=crumbs_of_reflections(board),
        heading="What the board decided",
        eyebrow=f"Safe space of the {board}",
        lede="Everybody at the table reads it here, with the meeting at which it was decided.",
    )


@needs(Permission.PREPARE_MEETINGS)
def safety_routes(request: HttpRequest, board_id: int) -> HttpResponse:
    """Where risk of harm goes: for all boards of the partnership, and no secret."""
    board = reach(request, boards(), pk=board_id)
    routes = routes_of(board.partnership)
    form = RoutesForm(posted(request), initial={"routes": routes.routes, "version": routes.version})
    theirs: list[tuple[str, str]] = []
    if request.method == "POST" and form.is_valid():
        try:
            act.write_routes(
                partnership=board.partnership,
                routes=form.cleaned_data["routes"],
                seen=form.version_seen,
                by=request.user,
            )
        except ChangedMeanwhile:
            routes = routes_of(board.partnership)
            theirs = show_newer(form, routes, version=routes.version)
        else:
            messages.success(request, "The routes are saved.")
            return redirect("board", board.pk)
    return form_page(
        request,
        form,
        crumbs=crumbs_of_board(board),
        heading="Safety and speaking-up routes",
        eyebrow=str(board.partnership),
        lede="Where risk of harm goes. They stand beside the reflections of every board of the partnership.",
        theirs=theirs,
    )
