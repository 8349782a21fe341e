"""Boards: their seats, meetings and calendars."""

from django.urls import URLPattern, path

from boards.views import boards, meetings, seats

urlpatterns: list[URLPattern] = [
    path("boards/", boards.boards, name="boards"),
    path("boards/set-up/", boards.set_up, name="board_set_up"),
    path("boards/<int:board_id>/", boards.board, name="board"),
    path("boards/<int:board_id>/history/", boards.board_history, name="board_history"),
    path("boards/<int:board_id>/calendar.ics", boards.board_calendar, name="board_calendar"),
    path("boards/<int:board_id>/seats/", seats.seats, name="seats"),
    path("boards/<int:board_id>/seats/add/", seats.seat_add, name="seat_add"),
    path("seats/<int:seat_id>/edit/", seats.seat_edit, name="seat_edit"),
    path("seats/<int:seat_id>/move/", seats.seat_move, name="seat_move"),
    path("seats/<int:seat_id>/remove/", seats.seat_remove, name="seat_remove"),
    path("seats/<int:seat_id>/give/", seats.seat_give, name="seat_give"),
    path("seats/holders/<int:holding_id>/end/", seats.holding_end, name="holding_end"),
    path("seats/holders/<int:holding_id>/letter/", seats.holding_letter, name="holding_letter"),
    path("boards/<int:board_id>/rule/", meetings.rule, name="meeting_rule"),
    path("boards/<int:board_id>/meetings/add/", meetings.meeting_add, name="meeting_add"),
    path("meetings/<int:meeting_id>/", meetings.meeting, name="meeting"),
    path("meetings/<int:meeting_id>/calendar.ics", meetings.meeting_calendar, name="meeting_calendar"),
    path("meetings/<int:meeting_id>/move/", meetings.meeting_move, name="meeting_move"),
    path("meetings/<int:meeting_id>/cancel/", meetings.meeting_cancel, name="meeting_cancel"),
    path("meetings/<int:meeting_id>/history/", meetings.meeting_history, name="meeting_history"),
]
