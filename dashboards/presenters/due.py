"""What is owed, as lists show it: a status word, the RPIW, when it was due, and the button straight to the grid."""

from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from dashboards.due import may_log
from rpiws.remeasure import Work
from trusts.scope import Scope
from ui.words import ago, as_date, day, day_year, listing, plural

Status = tuple[str, str]


@dataclass(frozen=True)
class DueLine:
    status: Status
    title: str
    href: str
    line: str
    small: str
    done: int
    of: int
    action: tuple[str, str] | None
    mine: bool


def due_line(work: Work, *, scope: Scope, today: date) -> DueLine:
    days = work.checkpoint.days_after
    grid = f"{reverse('readings', args=[work.rpiw_id])}?checkpoint={work.checkpoint.value}"
    verb = "Log it, or say why not" if work.is_never_measured or work.is_stood_down else f"Log {days}-day readings"
    counted = plural(work.measures, "measure")
    answered = f"{work.answered} of {counted} in" if work.answered else f"{counted}, none in yet"
    who = f", to be measured by {listing(list(work.who[:2]))}" if work.who and not work.mine else ""
    return DueLine(
        status=_status(work),
        title=work.process,
        href=reverse("rpiw", args=[work.rpiw_id]),
        line=_sentence(work, today=today),
        small=f"{work.value_stream}, {answered}{who}",
        done=work.answered,
        of=work.measures,
        action=(verb, grid) if may_log(scope, work) else None,
        mine=work.mine,
    )


def _status(work: Work) -> Status:
    if work.is_late:
        return "late", "Late"
    if work.is_never_measured:
        return "plain", "Never measured"
    if work.is_stood_down:
        return "plain", "Stood down"
    return "due", f"Due {day(work.due).rsplit(' ', 1)[0]}"


def _sentence(work: Work, *, today: date) -> str:
    days = work.checkpoint.days_after
    last = "; the last one" if work.is_last else ""
    due = day(work.due) if as_date(work.due).year == today.year else day_year(work.due)
    if work.is_late:
        return f"{days}-day remeasure, due {due}, {ago(work.due, today)}"
    if work.is_never_measured:
        return f"No {days}-day reading since {due}, and no reason"
    if work.is_stood_down and work.stand_down_is_over:
        return f"{days}-day remeasure fell into a stand-down that is over: measure it now, or say why not"
    if work.is_stood_down:
        return f"{days}-day remeasure is stood down; it was to be {due}"
    return f"{days}-day remeasure is due {ago(work.due, today)}{last}"
