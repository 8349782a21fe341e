"""Where the RPIWs of a snapshot stand today: their timeline, its table, and how many are late."""

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate

from analysis import checkpoints
from analysis.checkpoints import Checkpoint, State
from dashboards.before_after import Body
from dashboards.wording import day_of
from ui import timeline
from ui.timeline import Band, Mark, Row, Timeline
from ui.words import day_year, listing, month_short, noun, span, spelled

NOT_DRAWN = ("cancelled",)
LONGEST = timedelta(days=4 * 365)
LEAST_GAP = timedelta(days=200)
MARGIN = timedelta(days=60)
_DAYS = {checkpoint.value: str(checkpoint.days_after) for checkpoint in Checkpoint}
KEY = (
    ("week", "Week"),
    ("measured", "Remeasured"),
    ("reason", "Not measured, with a reason, or stood down"),
    ("late", "Late or never measured"),
    ("to_come", "Due or still to come"),
)


@dataclass(frozen=True)
class Point:
    """One checkpoint of one RPIW on a day: its state, the mark that draws it, and its words."""

    checkpoint: str
    state: State
    at: date | None
    words: str

    @property
    def mark(self) -> str:
        return {
            State.MEASURED: "measured",
            State.NOT_MEASURED: "reason",
            State.STOOD_DOWN: "reason",
            State.LATE: "late",
            State.NEVER_MEASURED: "never",
        }.get(self.state, "to_come")

    @property
    def short(self) -> str:
        return "after" if self.checkpoint == "after" else _DAYS[self.checkpoint]


def state_of(row: Body, rpiw: Body, *, today: date) -> State:
    """The state of a checkpoint's row on a day: answered for every measure, or what the missing ones make of it.

    A closed RPIW owes nothing: what it left out was never measured, and is not late.
    """
    if row["measured"] + row["not_measured"] >= row["expected"]:
        return State.MEASURED if row["measured"] else State.NOT_MEASURED
    if row["stood_down"]:
        return State.STOOD_DOWN
    if row["due"] is None:
        return State.TO_COME
    closed = rpiw["state"] == "closed"
    if closed and row["measured"] + row["not_measured"]:
        return State.MEASURED if row["measured"] else State.NOT_MEASURED
    found = checkpoints.state(
        Checkpoint(row["checkpoint"]),
        report_out=day_of(rpiw["reported_out"]),
        today=today,
        planned=[Checkpoint(each["checkpoint"]) for each in rpiw["checkpoints"]],
    )
    return State.NEVER_MEASURED if closed and found is State.LATE else found


def points(rpiw: Body, *, today: date) -> list[Point]:
    """The checkpoints after report-out. The 365 days show once they are due or read."""
    found = []
    for row in rpiw["checkpoints"]:
        if row["checkpoint"] == "report_out":
            continue
        state = state_of(row, rpiw, today=today)
        if row["checkpoint"] == "day_365" and state is State.TO_COME:
            continue
        at = day_of(row["last_on"]) or day_of(row["due"])
        found.append(Point(row["checkpoint"], state, at, _words(row, state)))
    return found


def _words(row: Body, state: State) -> str:
    due = day_year(day_of(row["due"]))
    answered = row["measured"] + row["not_measured"]
    part = f", {answered} of {row['expected']} in" if 0 < answered < row["expected"] else ""
    match state:
        case State.MEASURED:
            on = day_of(row["last_on"])
            some = f", {row['measured']} of {row['expected']}" if row["measured"] < row["expected"] else ""
            return f"measured {day_year(on)}{some}" if on else f"measured, day not published{some}"
        case State.NOT_MEASURED:
            return f"not measured: {listing(row['reasons'])}"
        case State.STOOD_DOWN:
            return f"stood down, was to be {due}{part}"
        case State.LATE:
            return f"late, was due {due}{part}"
        case State.NEVER_MEASURED:
            return f"never measured, was due {due}{part}"
        case State.DUE:
            return f"due {due}{part}"
        case _:
            return f"to come, {due}{part}" if row["due"] else "to come"


@dataclass(frozen=True)
class RpiwLine:
    """One RPIW of the timeline's table."""

    id: int
    process: str
    week: str
    state: str
    points: tuple[Point, ...]
    complete: bool
    measures: int

    @property
    def owes(self) -> bool:
        """Whether somebody can still answer for what is late or was never measured."""
        late = (State.LATE, State.NEVER_MEASURED)
        return self.state != "closed" and any(point.state in late for point in self.points)


def shown_rpiws(body: Body) -> list[Body]:
    """Those that stand on the timeline: not cancelled, not kept apart."""
    return [rpiw for rpiw in body["rpiws"] if not rpiw["kept_apart"] and rpiw["state"] not in NOT_DRAWN]


def line(rpiw: Body, *, today: date) -> RpiwLine:
    starts, ends = day_of(rpiw["week_starts"]), day_of(rpiw["week_ends"])
    return RpiwLine(
        id=rpiw["id"],
        process=rpiw["process"],
        week=span(starts, ends, weekdays=False) if rpiw["week_published"] else "not published",
        state=rpiw["state"],
        points=tuple(points(rpiw, today=today)),
        complete=rpiw["complete"],
        measures=rpiw["measures"],
    )


@dataclass(frozen=True)
class Stretch:
    """Some years of the timeline: RPIWs between which no long time lies."""

    years: str
    drawing: timeline.Drawing


def stretches(body: Body, *, today: date) -> list[Stretch]:
    """The RPIWs and their remeasures on a time axis; on several, when years lie between them."""
    rows = [(rpiw, _row(rpiw, today=today)) for rpiw in shown_rpiws(body) if rpiw["week_published"]]
    found = [_stretch([row for _rpiw, row in some], body, today=today) for some in _apart(rows)]
    return found if len(found) > 1 else [Stretch("", each.drawing) for each in found]


_Drawn = tuple[Body, Row]


def _apart(rows: list[_Drawn]) -> list[list[_Drawn]]:
    """The rows split at their longest gap, again and again, until no part spans more than its marks can stand."""
    if not rows:
        return []
    last = list(accumulate((_dates(row)[1] for _rpiw, row in rows), max))
    if (last[-1] - _dates(rows[0][1])[0]) <= LONGEST or len(rows) == 1:
        return [rows]
    gaps = [_dates(row)[0] - before for before, (_rpiw, row) in zip(last, rows[1:], strict=False)]
    widest = max(range(len(gaps)), key=lambda place: gaps[place])
    if gaps[widest] < LEAST_GAP:
        return [rows]
    return [*_apart(rows[: widest + 1]), *_apart(rows[widest + 1 :])]


def _dates(row: Row) -> tuple[date, date]:
    """The first and the last day of a row."""
    placed = [*(mark.at for mark in row.marks), *(row.line or ())]
    return min(placed), max(placed)


def _stretch(rows: list[Row], body: Body, *, today: date) -> Stretch:
    first, last = min(_dates(row)[0] for row in rows), max(_dates(row)[1] for row in rows)
    is_now = last + LEAST_GAP >= today
    end = None if is_now else last + MARGIN
    until = max(today, last) if is_now else last
    bands = [
        Band(started, ended, "Stand-down", each["reason"])
        for each in body["stand_downs"]
        if "RPIWs" in each["stops"]
        and (started := day_of(each["started"]))
        and started <= until
        and ((ended := day_of(each["ended"])) is None or ended >= first)
    ]
    years = f"{first.year}" if first.year == until.year else f"{first.year} to {until.year}"
    return Stretch(years, timeline.draw(Timeline(rows=rows, today=today, bands=bands, end=end)))


def _row(rpiw: Body, *, today: date) -> Row:
    starts = day_of(rpiw["week_starts"])
    assert starts is not None
    held = rpiw["reported_out"] is not None
    found = points(rpiw, today=today)
    marks = [Mark(starts, "week" if held or rpiw["state"] == "week" else "planned", _week_words(rpiw))]
    marks += [Mark(point.at, point.mark, f"{point.short} {_brief(point)}") for point in found if point.at]
    late = [point for point in found if point.state in (State.LATE, State.NEVER_MEASURED)]
    if late:
        worst = late[-1]
        words = "is late" if worst.state is State.LATE else "never measured"
        note, kind = f"{worst.short} days {words}", "late"
    elif not held:
        note, kind = _week_words(rpiw), "plain"
    elif [point for point in found if point.checkpoint == "after" and point.at is None]:
        note, kind = "measured after, day not published", "plain"
    elif rpiw["measures"] == 0:
        note, kind = "no measure recorded", "plain"
    else:
        note, kind = "", "plain"
    placed = [mark.at for mark in marks]
    return Row(
        label=rpiw["process"],
        marks=marks,
        line=(min(placed), max(placed)) if held else (min(starts, today), starts),
        dotted=not held,
        bold=bool(late),
        note=note,
        note_kind=kind,
    )


def _week_words(rpiw: Body) -> str:
    starts, ends = day_of(rpiw["week_starts"]), day_of(rpiw["week_ends"])
    if rpiw["reported_out"]:
        return f"report-out {month_short(day_of(rpiw['reported_out']))}"
    state = {"stood_down": "stood down", "week": "in its week"}.get(rpiw["state"], rpiw["state"])
    return f"{state}; week {span(starts, ends, weekdays=False)}"


def _brief(point: Point) -> str:
    return {
        State.MEASURED: "measured",
        State.NOT_MEASURED: "not measured",
        State.STOOD_DOWN: "stood down",
        State.LATE: "late",
        State.NEVER_MEASURED: "never measured",
        State.DUE: "due",
    }.get(point.state, "to come")


def late_words(lines: list[RpiwLine]) -> str:
    """How many RPIWs owe a remeasure: `one RPIW owes a remeasure`; empty when none does."""
    late = sum(each.owes for each in lines)
    return f"{spelled(late)} {noun(late, 'RPIW')} {'owes' if late == 1 else 'owe'} a remeasure" if late else ""


def passed(days: list[str], *, today: date) -> int:
    """How many of these dates have passed."""
    return sum(date.fromisoformat(day) < today for day in days)
