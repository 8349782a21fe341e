"""The first page after signing in: what I owe, what comes next, what moved, and how complete we are."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils.html import format_html

from accounts.permissions import Permission
from dashboards.before_after import Body
from dashboards.changes import Told
from dashboards.due import may_log
from dashboards.models import TrustSummary
from dashboards.preparation import NextRpiw
from rpiws.models import PreparationTask
from rpiws.presenters.due import DueRow, due_row, say_unanswered
from rpiws.remeasure import RpiwFacts, Standing, Work, completeness
from trusts.scope import Scope
from ui.words import DAYS, as_date, day, day_year, listing, moment, month, noun, number, sentence, span, spelled

SHOWN = 8
"""How many remeasures and how many changes stand on the page."""

SOON = timedelta(days=14)


@dataclass(frozen=True)
class CompletenessLine:
    name: str
    href: str
    complete: int
    held: int
    others: str


def lede(work: Sequence[Work], changes: int, *, since: str) -> str:
    late, due = sum(each.is_late for each in work), sum(each.is_due for each in work)
    never = sum(each.is_never_measured for each in work)
    owed = []
    if late:
        owed.append(f"{spelled(late)} {noun(late, 'remeasure')} {'is' if late == 1 else 'are'} late")
    if due:
        owed.append(f"{spelled(due)} {'is' if due == 1 else 'are'} due in the next 14 days")
    if never:
        owed.append(f"{spelled(never)} {'was' if never == 1 else 'were'} never measured")
    first = sentence(listing(owed)) if owed else "No remeasure is late, or due in the next 14 days"
    moved = (
        f"{sentence(spelled(changes))} {noun(changes, 'thing')} changed {since}"
        if changes
        else f"Nothing changed {since}"
    )
    return f"{first}. {moved}."


def since_words(since: datetime, *, visited: bool, today: date) -> tuple[str, str]:
    """For the sentence and for the heading: `since you last looked on Monday`, `since Monday`."""
    on = as_date(since)
    days = (today - on).days
    named = "today" if days == 0 else "yesterday" if days == 1 else DAYS[on.weekday()] if days < 7 else day(on)
    if not visited:
        return "in the last seven days", "in the last seven days"
    at = f"at {moment(since, today).removeprefix('today ')}" if days == 0 else named if days == 1 else f"on {named}"
    return f"since you last looked {at}", "since your last visit today" if days == 0 else f"since {named}"


def due_rows(work: Sequence[Work], *, scope: Scope, today: date) -> list[DueRow]:
    """The person's own first, then the most pressing; whose they are is said of the others'."""
    ordered = sorted(work, key=lambda each: (not each.mine, each.order))
    several = len({each.trust_id for each in work}) > 1
    return [
        due_row(each, on=today, may_log=may_log(scope, each), names_trust=several, says_who=not each.mine)
        for each in ordered
    ]


def feed(changes: Sequence[Told], *, today: date) -> list[dict[str, Any]]:
    return [
        {
            "icon": each.icon,
            "text": format_html("{} {}{}", sentence(each.who), each.words, f" “{each.why}”" if each.why else ""),
            "detail": f"{f'{each.place}, ' if each.place else ''}{moment(each.at, today)}",
        }
        for each in changes
    ]


def completeness_lines(bodies: Sequence[Body], facts: Sequence[RpiwFacts], *, today: date) -> list[CompletenessLine]:
    """Per value stream how many RPIWs are complete, as the dashboards have it, and what is unanswered, as the due list
    has it. An RPIW can be both: complete at 30 days, and late at 60."""
    unanswered = {line.id: say_unanswered(line) for line in completeness(facts, on=today)}
    answered = {rpiw.id for rpiw in facts if rpiw.standing(on=today) is Standing.ANSWERED}
    lines = []
    for body in bodies:
        for stream in body["value_streams"]:
            held = [rpiw for rpiw in body["rpiws"] if rpiw["value_stream"] == stream["id"]]
            complete = sum(rpiw["complete"] for rpiw in held)
            without = sum(rpiw["id"] in answered and not rpiw["complete"] for rpiw in held)
            said = [unanswered.get(stream["id"], "")]
            said += [f"{number(without)} answered, but with no pair to compare"] if without else []
            if held:
                href = reverse("value_stream", args=[stream["id"]])
                lines.append(CompletenessLine(stream["name"], href, complete, len(held), ", ".join(filter(None, said))))
    return lines


@dataclass(frozen=True)
class NextWeek:
    title: str
    href: str
    week: str
    tasks: list[dict[str, Any]]
    more: int
    done: str
    ready: str
    preparation: str


def next_week(found: NextRpiw, *, today: date) -> NextWeek:
    rpiw, preparation = found.rpiw, reverse("preparation", args=[found.rpiw.pk])
    missing = found.missing_parts
    if missing:
        ready = f"The week cannot start yet: it has no {' and no '.join(missing)}."
    else:
        ready = "The week can start: it has a sponsor, a process owner and a patient representative."
    return NextWeek(
        title=rpiw.process,
        href=reverse("rpiw", args=[rpiw.pk]),
        week=span(rpiw.week_starts, rpiw.week_ends, weekdays=False),
        tasks=[_task(task, href=preparation, today=today) for task in found.to_do[:5]],
        more=max(len(found.to_do) - 5, 0),
        done=f"{number(found.done)} of {number(len(found.tasks))} done" if found.tasks else "nothing on it yet",
        ready=ready,
        preparation=preparation,
    )


def _task(task: PreparationTask, *, href: str, today: date) -> dict[str, Any]:
    if task.due < today:
        status, detail = ("late", "Late"), f"was due {_day(task.due, today)}"
    elif task.due <= today + SOON:
        status, detail = ("due", f"Due {day(task.due).rsplit(' ', 1)[0]}"), f"by {_day(task.due, today)}"
    else:
        status, detail = ("plain", "To do"), f"by {_day(task.due, today)}"
    return {"status": status, "title": task.name, "href": href, "detail": detail, "who": task.who}


def _day(value: date, today: date) -> str:
    return day(value) if value.year == today.year else day_year(value)


def total_words(lines: Sequence[CompletenessLine]) -> tuple[int, int]:
    return sum(line.complete for line in lines), sum(line.held for line in lines)


def heading_of(scope: Scope) -> str:
    """Whose completeness it is: the trust's, or the trusts'."""
    names = list(dict.fromkeys(held.trust_name for held in scope.held if held.trust_id in scope.trust_ids))
    return names[0] if len(names) == 1 else "your trusts"


@dataclass(frozen=True)
class WaitingSummary:
    title: str
    href: str
    detail: str
    status: tuple[str, str]
    who: str


def waiting_summaries(drafts: Sequence[TrustSummary], *, scope: Scope) -> list[WaitingSummary]:
    """The trust's draft summaries: for each, whether it waits for this person or for somebody else."""
    return [_waiting(draft, scope=scope) for draft in drafts]


def _waiting(draft: TrustSummary, *, scope: Scope) -> WaitingSummary:
    prepared = draft.prepared_at is not None
    mine = scope.may_at(Permission.RELEASE if prepared else Permission.PREPARE_RELEASE, draft)
    if prepared:
        detail = "ready: read it, then release it" if mine else "waits for the chief executive or the named deputy"
    else:
        detail = "drafted: add the trust’s own words" if mine else "waits for the KPO lead’s words"
    name = "summary_release" if prepared else "summary_prepare"
    return WaitingSummary(
        title=f"Summary of {month(draft.starts)}",
        href=reverse(name if mine else "summary_draft", args=[draft.pk]),
        detail=detail,
        status=("due", "Waits for you") if mine else ("plain", "Not released"),
        who="Chief executive or deputy" if prepared else "KPO lead",
    )
