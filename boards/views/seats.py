"""The seats of a board: who holds which, giving them and ending them."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.permissions import Permission
from boards.actions import seats as act
from boards.forms.seats import GiveSeatForm, SeatForm
from boards.letters import tell_of_seat
from boards.models import Holding, Seat
from boards.presenters.seats import seat_lines
from boards.refusals import Refused
from boards.views.way import Crumbs, attempt, boards, crumbs_of_board, form_page, may
from trusts.access import needs, reach
from trusts.forms.people import EndForm
from ui.plain_form import posted
from ui.words import day_year


def _all() -> tuple[str, ...]:
    return ("board__trust", "board__partnership", "speaks_for")


def _seat(request: HttpRequest, seat_id: int) -> Seat:
    return reach(request, Seat.objects.select_related(*_all()), pk=seat_id)


def _holding(request: HttpRequest, holding_id: int) -> Holding:
    holding = reach(request, Holding.objects.select_related("user", "seat__board__trust"), pk=holding_id)
    if holding.user_id == request.user.pk:
        raise act.OwnSeat
    return holding


def _crumbs(seat: Seat) -> Crumbs:
    return [*crumbs_of_board(seat.board), ("Seats", reverse("seats", args=[seat.board_id]))]


@require_safe
@needs(Permission.SEE_BOARD)
def seats(request: HttpRequest, board_id: int) -> HttpResponse:
    board = reach(request, boards(), pk=board_id)
    page = {
        "board": board,
        "lines": seat_lines(board, on=timezone.localdate()),
        "gives": may(request, Permission.GIVE_SEATS, board),
        "crumbs_of": crumbs_of_board(board),
        "nav": "boards",
    }
    return render(request, "boards/seats.html", page)


@needs(Permission.GIVE_SEATS)
def seat_add(request: HttpRequest, board_id: int) -> HttpResponse:
    board = reach(request, boards(), pk=board_id)
    form = SeatForm(posted(request), board=board)
    if request.method == "POST" and form.is_valid():
        try:
            seat = act.add_seat(board=board, by=request.user, **form.facts)
        except Refused as why:
            form.add_error("role", str(why))
        else:
            messages.success(request, "The seat is there. Give it to somebody now.")
            return redirect("seat_give", seat.pk)
    return form_page(request, form, crumbs=crumbs_of_board(board), heading="Add a seat", eyebrow=board.name)


@needs(Permission.GIVE_SEATS)
def seat_edit(request: HttpRequest, seat_id: int) -> HttpResponse:
    seat = _seat(request, seat_id)
    shown = {"title": seat.title, "role": seat.role, "speaks_for": seat.speaks_for_id}
    form = SeatForm(posted(request), board=seat.board, initial=shown)
    if request.method == "POST" and form.is_valid():
        try:
            act.change_seat(seat=seat, by=request.user, **form.facts)
        except Refused as why:
            form.add_error("title", str(why))
        else:
            messages.success(request, "Saved.")
            return redirect("seats", seat.board_id)
    remove = None if seat.holdings.exists() else ("seat_remove", seat.pk, "Take this seat away")
    return form_page(
        request, form, crumbs=_crumbs(seat), heading="Change the seat", eyebrow=seat.board.name, remove=remove
    )


@require_POST
@needs(Permission.GIVE_SEATS)
def seat_move(request: HttpRequest, seat_id: int) -> HttpResponse:
    seat = _seat(request, seat_id)
    act.move_seat(seat=seat, up=request.POST.get("to") == "up", by=request.user)
    return redirect("seats", seat.board_id)


@require_POST
@needs(Permission.GIVE_SEATS)
def seat_remove(request: HttpRequest, seat_id: int) -> HttpResponse:
    seat = _seat(request, seat_id)
    if attempt(request, lambda: act.remove_seat(seat=seat, by=request.user)):
        messages.success(request, "The seat was taken away.")
    return redirect("seats", seat.board_id)


@needs(Permission.GIVE_SEATS)
def seat_give(request: HttpRequest, seat_id: int) -> HttpResponse:
    """To somebody, from a day on. Whoever holds it till then keeps it to the day before."""
    seat = _seat(request, seat_id)
    form = GiveSeatForm(posted(request), by=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            given = act.give_seat(seat=seat, by=request.user, **form.cleaned_data)
        except Refused as why:
            form.add_error("starts", str(why))
        else:
            _tell(request, given.holding, new=given.new)
            return redirect("seats", seat.board_id)
    lede = "Whoever holds it now keeps it to the day before. The history stays."
    return form_page(
        request, form, crumbs=_crumbs(seat), heading=f"Give the seat: {seat}", eyebrow=str(seat.board), lede=lede
    )


@needs(Permission.GIVE_SEATS)
def holding_end(request: HttpRequest, holding_id: int) -> HttpResponse:
    holding = _holding(request, holding_id)
    form = EndForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        act.end_holding(holding=holding, last_day=form.chosen(), by=request.user)
        last_day = form.chosen()
        when = f"ends after {day_year(last_day)}" if last_day else "has ended"
        messages.success(request, f"The seat of {holding.known_as} {when}.")
        return redirect("seats", holding.board_id)
    page = {
        "heading": f"End: {holding.seat}",
        "lede": f"{holding.known_as} sees nothing of the board once the seat has ended. What was said stays.",
        "button": "End the seat",
        "back": reverse("seats", args=[holding.board_id]),
        "form": form,
        "nav": "boards",
    }
    return render(request, "components/confirm.html", page)


@require_POST
@needs(Permission.GIVE_SEATS)
def holding_letter(request: HttpRequest, holding_id: int) -> HttpResponse:
    holding = _holding(request, holding_id)
    _tell(request, holding, new=True)
    return redirect("seats", holding.board_id)


def _tell(request: HttpRequest, holding: Holding, *, new: bool) -> None:
    """The same words whether or not the person had an account: that is nobody's business here."""
    if not new:
        messages.info(request, f"{holding.known_as} holds this seat already. Nothing was changed.")
    elif tell_of_seat(holding):
        messages.success(
            request, f"The seat is given to {holding.known_as}. A letter is on its way to {holding.user.email}."
        )
    else:
        messages.warning(
            request,
            f"The seat is given to {holding.known_as}, but the letter to {holding.user.email} could not be sent. "
            "Send it again later.",
        )
