"""The words of the due list, and of the work that a home page shows."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from rpiws.remeasure import Completeness, Standing, Work
from ui.words import DAYS, ago, day, day_year, noun, number, plural, sentence, spelled


@dataclass(frozen=True)
class DueRow:
    """One row: its status word, what is owed, and the button that leads to the right column of the grid."""

    status: tuple[str, str]
    title: str
    href: str
    line: str
    small: str
    done: int
    of: int
    button: tuple[str, str] | None
    mine: bool


@dataclass(frozen=True)
class DueSection:
    key: str
    title: str
    empty: str
    rows: tuple[DueRow, ...]


@dataclass(frozen=True)
class CompletenessRow:
    name: str
    href: str
    answered: int
    asked: int
    said: str


@dataclass(frozen=True)
class DuePage:
    lede: str
    sections: tuple[DueSection, ...]
    completeness: tuple[tuple[str, tuple[CompletenessRow, ...]], ...]
    only_mine: bool
    mine: int
    everything: int


def due_row(work: Work, *, on: date, may_log: bool = True, names_trust: bool = False, says_who: bool = True) -> DueRow:
    """How one remeasure that is owed is shown: on the due list, the home page, and its value stream's dashboard."""
    grid = reverse("readings", args=[work.rpiw_id]) + f"?checkpoint={work.checkpoint}"
    place = f"{work.trust}, {work.value_stream}" if names_trust else work.value_stream
    return DueRow(
        status=_status(work, on=on),
        title=work.process,
        href=reverse("rpiw", args=[work.rpiw_id]),
        line=_line(work, on=on),
        small=f"{place}, {_progress(work)}{_who(work) if says_who else ''}",
        done=work.answered,
        of=work.measures,
        button=(_button(work), grid) if may_log and _can_log(work, on=on) else None,
        mine=work.mine,
    )


def present_due(
    owed: Collection[Work],
    held: Collection[tuple[str, Collection[Completeness]]],
    *,
    on: date,
    only_mine: bool,
    loggable: Collection[int],
) -> DuePage:
    """`held`: completeness by trust. `loggable`: the RPIWs whose readings the person may log."""
    shown = [work for work in owed if work.mine] if only_mine else list(owed)
    trusts = {work.trust_id for work in owed}

    def rows(chosen: Iterable[Work]) -> tuple[DueRow, ...]:
        return tuple(
            due_row(work, on=on, may_log=work.rpiw_id in loggable, names_trust=len(trusts) > 1) for work in chosen
        )

    sections = (
        DueSection("late", "Late", "Nothing is late.", rows(w for w in shown if w.is_late)),
        DueSection(
            "due", "Due in the next 14 days", "Nothing is due in the next 14 days.", rows(w for w in shown if w.is_due)
        ),
        DueSection(
            "never",
            "Never measured",
            "No checkpoint went by without a reading or a reason.",
            rows(w for w in shown if w.is_never_measured),
        ),
        DueSection("stood-down", "Stood down", "Nothing is stood down.", rows(w for w in shown if w.is_stood_down)),
    )
    return DuePage(
        lede=lede(shown),
        sections=sections,
        completeness=tuple((trust, tuple(_completeness(line) for line in lines)) for trust, lines in held),
        only_mine=only_mine,
        mine=sum(work.mine for work in owed),
        everything=len(owed),
    )


def lede(owed: Collection[Work]) -> str:
    """`One remeasure is late and two are due in the next 14 days.`"""
    late = sum(work.is_late for work in owed)
    due = sum(work.is_due for work in owed)
    never = sum(work.is_never_measured for work in owed)
    said = []
    if late:
        said.append(f"{spelled(late)} {noun(late, 'remeasure is', 'remeasures are')} late")
    if due:
        subject = "" if said else noun(due, " remeasure", " remeasures")
        said.append(f"{spelled(due)}{subject} {noun(due, 'is', 'are')} due in the next 14 days")
    if not said:
        said.append("no remeasure is late or due in the next 14 days")
    text = sentence(" and ".join(said)) + "."
    if never:
        text += f" {sentence(spelled(never))} {noun(never, 'was', 'were')} never measured, with no reason given."
    return text


def _status(work: Work, *, on: date) -> tuple[str, str]:
    if work.is_late:
        return ("late", "Late")
    if work.is_due:
        return ("due", "Due today" if work.due == on else f"Due {DAYS[work.due.weekday()][:3]} {work.due.day}")
    return ("plain", "Never measured" if work.is_never_measured else "Stood down")


def _line(work: Work, *, on: date) -> str:
    name = work.checkpoint.adjective
    last = "; the last one" if work.is_last else ""
    if work.is_late:
        return f"{name} remeasure, due {_day(work.due, on)}, {ago(work.due, on)}{last}"
    if work.is_due:
        return f"{name} remeasure is due {ago(work.due, on)}{last}"
    if work.is_never_measured:
        return f"No {name} reading since {_day(work.due, on)}, and no reason"
    until = f" until {_day(work.stood_down_until, on)}" if work.stood_down_until else ""
    if work.stand_down_is_over:
        return f"{name} remeasure of {_day(work.due, on)} was stood down{until}: measure it now, or say why not"
    return f"{name} remeasure of {_day(work.due, on)} is stood down{until}"


def _day(value: date, on: date) -> str:
    return day(value) if value.year == on.year else day_year(value)


def _progress(work: Work) -> str:
    if not work.measures:
        return "no measures yet"
    if not work.answered:
        return f"{plural(work.measures, 'measure')}, none in yet"
    return f"{number(work.answered)} of {plural(work.measures, 'measure')} in"


def _who(work: Work) -> str:
    return f". Remeasured by {'; '.join(work.who)}" if work.who else ""


def _button(work: Work) -> str:
    if work.is_late or work.is_due:
        return f"Log {work.checkpoint.adjective} readings"
    return "Log it, or say why not"


def _can_log(work: Work, *, on: date) -> bool:
    return not work.is_stood_down or work.due <= on


_STANDINGS = (
    (Standing.LATE, "late or never measured"),
    (Standing.STOOD_DOWN, "stood down"),
    (Standing.NOT_YET_DUE, "not yet due"),
    (Standing.CLOSED_WITHOUT, "closed without every reading"),
)


def say_unanswered(line: Completeness) -> str:
    """`2 late or never measured, 1 stood down`: every RPIW that is not answered, in one wording wherever it is said."""
    return ", ".join(f"{number(count)} {words}" for standing, words in _STANDINGS if (count := line.count(standing)))


def _completeness(line: Completeness) -> CompletenessRow:
    return CompletenessRow(
        name=line.name,
        href=reverse("value_stream", args=[line.id]),
        answered=line.count(Standing.ANSWERED),
        asked=line.asked,
        said=say_unanswered(line),
    )
