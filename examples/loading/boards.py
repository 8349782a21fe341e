"""The boards of the example: their seats, a few meetings with what was written there, and the agendas to come.

Words and figures of meetings are invented. People are roles; those who only sit at the TGB hold no other role.
"""

import uuid
from collections import defaultdict
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from accounts.models import User
from accounts.permissions import Role, SeatRole
from boards.actions.agenda import template_of
from boards.actions.meetings import plan_ahead
from boards.models import AgendaItem, Attendance, Board, Entry, Holding, Meeting, Seat, Series
from examples.loading.context import Place
from examples.loading.people import Staff, at_the_table
from examples.loading.reflections import BREACH_DAYS, keep_reflections
from examples.loading.tables import rows
from trusts.models import Partnership

_SINCE = date(2015, 10, 1)
_RULES: dict[str, tuple[int, int, int, time, int, str]] = {
    # every so many months, week, weekday, time, minutes, place
    Board.Kind.TGB: (1, 3, 1, time(10), 150, "The trusts in turn"),
    Board.Kind.TGT: (1, 2, 3, time(13), 150, "Board room"),
    Board.Kind.KPO_NETWORK: (3, 1, 2, time(14), 90, "By video"),
}
_CHALLENGE = (
    "People who led a workshop move on within the year. Their measures stay, and nobody is told that they are theirs."
)
_TGT_SEATS = (
    (SeatRole.CHAIR, "Chief executive, in the chair", Role.CHIEF_EXECUTIVE),
    (SeatRole.MEMBER, "Executive sponsor", Role.EXECUTIVE_SPONSOR),
    (SeatRole.KPO_LEAD, "KPO lead", Role.KPO_LEAD),
    (SeatRole.MEMBER, "Named deputy", Role.DEPUTY),
)
Row = dict[str, str]


def load_boards(partnership: Partnership, places: dict[str, Place], staff: dict[str, Staff], *, today: date) -> None:
    boards: dict[str, Board] = {
        kind: Board.objects.create(partnership=partnership, kind=kind)
        for kind in (Board.Kind.TGB, Board.Kind.KPO_NETWORK)
    }
    for abbreviation, place in places.items():
        board = Board.objects.create(partnership=partnership, kind=Board.Kind.TGT, trust=place.trust)
        boards[f"tgt-{abbreviation}"] = board
        for number, (role, title, held_by) in enumerate(_TGT_SEATS, start=1):
            _sit(Seat.objects.create(board=board, role=role, title=title, place=number), staff[abbreviation][held_by])
    for number, row in enumerate(rows("board_seats.csv"), start=1):
        _seat(boards[row["board"]], row, places, staff, number)
    said: dict[str, list[Row]] = defaultdict(list)
    for row in rows("board_entries.csv"):
        said[row["board"]].append(row)
    for key, board in boards.items():
        series = _rule(board)
        plan_ahead(series, today=today)
        days = [day for day in series.days(until=today) if day < today]
        if board.is_tgb:
            for day in map(date.fromisoformat, BREACH_DAYS):
                _hold(series, days, len(days) - days.index(day), [], places)
        for row_ago in sorted({int(row["meetings_ago"]) for row in said[key]}, reverse=True):
            _hold(series, days, row_ago, [row for row in said[key] if int(row["meetings_ago"]) == row_ago], places)
    _coming(boards[Board.Kind.TGB], today=today)


def _seat(board: Board, row: Row, places: dict[str, Place], staff: dict[str, Staff], number: int) -> None:
    place = places.get(row["trust"])
    seat = Seat.objects.create(
        board=board,
        role=row["role"],
        title=row["title"],
        speaks_for=place.trust if place else None,
        place=number,
    )
    role = Role.CHIEF_EXECUTIVE if board.is_tgb else Role.KPO_LEAD
    _sit(seat, staff[row["trust"]][role] if place else at_the_table(row["address"], row["title"]))


def _sit(seat: Seat, user: User) -> None:
    Holding.objects.create(seat=seat, user=user, known_as=seat.title, starts=_SINCE)


def _rule(board: Board) -> Series:
    every, week, weekday, begins_at, minutes, place = _RULES[board.kind]
    return Series.objects.create(
        board=board,
        every=every,
        week=week,
        weekday=weekday,
        begins_at=begins_at,
        minutes=minutes,
        place=place,
        starts=_SINCE,
    )


def _hold(series: Series, days: list[date], ago: int, said: list[Row], places: dict[str, Place]) -> None:
    """A meeting of the past, from opening to closed minutes, one item after the other."""
    board, day = series.board, days[-ago]
    chair = board.seats.get(role=SeatRole.CHAIR)
    now = timezone.make_aware(datetime.combine(day, series.begins_at))
    meeting = Meeting.objects.create(
        board=board,
        series=series,
        day_of_rule=day,
        on=day,
        begins_at=series.begins_at,
        minutes=series.minutes,
        place=series.place,
        chair=chair,
        opened_at=now,
    )
    items = {}
    for line in template_of(board):
        ends = now + timedelta(minutes=line.minutes)
        items[line.kind] = AgendaItem.objects.create(
            meeting=meeting,
            kind=line.kind,
            title=line.title,
            minutes=line.minutes,
            position=line.position,
            about=_CHALLENGE if line.kind == "challenge" and board.is_tgb and ago == 1 else "",
            began_at=now,
            ended_at=ends,
        )
        now = ends
    seats = {seat.title: seat for seat in board.seats.all()}
    for number, seat in enumerate(seats.values()):
        away = (number + ago) % 7 == 6
        Attendance.objects.create(
            meeting=meeting,
            seat=seat,
            presence=Attendance.Presence.APOLOGIES if away else Attendance.Presence.PRESENT,
        )
    for row in said:
        _say(items[row["item"]], row, seats, places, days)
    if board.is_tgb:
        keep_reflections(meeting, ago, chair.holdings.get().user)
    meeting.closed_at, meeting.closed_by = now, chair.holdings.get().user
    meeting.save()


def _say(item: AgendaItem, row: Row, seats: dict[str, Seat], places: dict[str, Place], days: list[date]) -> None:
    author = seats[row["seat"]].holdings.get().user
    assert item.ended_at is not None
    place = places.get(row["about"])
    done = days[-int(row["done"])] - timedelta(days=2) if row["done"] else None
    owner = seats[row["owner"]] if row["owner"] else None
    Entry.objects.create(
        item=item,
        kind=row["kind"],
        text=row["text"],
        about_trust=place.trust if place else None,
        author=author,
        said_as=row["seat"],
        at=item.ended_at,
        key=uuid.uuid4(),
        owner=owner,
        due=item.meeting.on + timedelta(days=int(row["due_days"])) if owner else None,
        done_at=timezone.make_aware(datetime.combine(done, time(12))) if done else None,
        done_by=owner.holdings.get().user if done and owner else None,
        outcome=row["outcome"] if done else "",
    )


def _coming(board: Board, *, today: date) -> None:
    """The next meeting has its agenda, with a challenge that somebody brings."""
    meeting = Meeting.objects.to_come(today).filter(board=board).first()
    assert meeting is not None
    brought_by = board.seats.get(title="Chief executive, Shrewsbury and Telford")
    for line in template_of(board):
        challenge = line.kind == "challenge"
        AgendaItem.objects.create(
            meeting=meeting,
            kind=line.kind,
            title=line.title,
            minutes=line.minutes,
            position=line.position,
            brought_by=brought_by if challenge else None,
            about=_CHALLENGE if challenge else "",
        )
