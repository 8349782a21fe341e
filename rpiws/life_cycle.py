"""Which steps of its life an RPIW may take, and what stands in the way of one: decisions without a query."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from analysis.checkpoints import Checkpoint, due_date
from rpiws.models import LIFE_CYCLE, Rpiw, RpiwPerson, State
from rpiws.working_days import (
    LONGEST_WEEK,
    SHORTEST_WEEK,
    bank_holiday,
    is_working_day,
    possible_last_days,
    working_days,
)
from ui.words import day_year, listing


class StepRefused(Exception):
    """A step of the life cycle cannot be taken. The refusals tell the person what is missing and where to mend it."""

    def __init__(self, refusals: Iterable[Refusal]) -> None:
        self.refusals = list(refusals)
        super().__init__(" ".join(refusal.sentence for refusal in self.refusals))


@dataclass(frozen=True)
class Refusal:
    """Why a step cannot be taken, in a sentence. `mend` names the page of the RPIW on which that can be changed."""

    sentence: str
    mend: str = ""
    mend_text: str = ""


@dataclass(frozen=True, kw_only=True)
class Unanswered:
    """A measure without a reading, and without a reason, at a checkpoint whose date has come."""

    measure: str
    checkpoint: Checkpoint


def next_state(step: str, *, state: str, before_stand_down: str = "") -> State:
    """Where a step leads. Raises StepRefused when the state does not allow it."""
    taken = LIFE_CYCLE[step]
    if state not in taken.sources:
        allowed = listing([State(source).label.lower() for source in taken.sources])
        raise StepRefused(
            [Refusal(f"This RPIW is {State(state).label.lower()}. “{taken.verb}” is for an RPIW that is {allowed}.")]
        )
    return taken.target or State(before_stand_down)


def missing_parts(parts: Collection[str]) -> list[RpiwPerson.Part]:
    """The parts that the week needs and nobody has, in the order in which they are asked for."""
    return [part for part in RpiwPerson.REQUIRED_FOR_THE_WEEK if part not in parts]


def missing_words(parts: Collection[str]) -> str:
    """the executive sponsor and the patient representative"""
    return listing([f"the {part.label.lower()}" for part in missing_parts(parts)])


def still_to_name(parts: Collection[str]) -> list[Refusal]:
    """For whoever may record why the week starts without them, before its day has come."""
    if not missing_parts(parts):
        return []
    return [
        Refusal(
            f"Still to be named: {missing_words(parts)}. Once the week has come, you can record here instead why it"
            " starts without.",
            mend="rpiw_people",
            mend_text="Name the people",
        )
    ]


def week_refusals(*, parts: Collection[str], week_starts: date, on: date, started_without: str = "") -> list[Refusal]:
    """What stands in the way of starting the week on the day `on`."""
    found = []
    if missing_parts(parts) and not started_without:
        found.append(
            Refusal(
                f"The week cannot start without {missing_words(parts)}."
                " Name them, or ask a KPO lead to record why it starts without.",
                mend="rpiw_people",
                mend_text="Name the people",
            )
        )
    if on < week_starts:
        found.append(
            Refusal(
                f"The week starts on {day_year(week_starts)}. Move its dates if it starts earlier.",
                mend="edit_rpiw",
                mend_text="Move the dates",
            )
        )
    return found


def moved_week_refusals(rpiw: Rpiw, *, starts: date, today: date) -> list[Refusal]:
    """What stands in the way of a week that moves to begin on `starts`. One that has started is put right until its
    report-out, as when it began a week later than planned; it cannot begin in the future then."""
    if rpiw.dates_stand:
        return [Refusal("The report-out was held, and checkpoints are counted from it: its dates no longer move.")]
    if rpiw.baseline_locked and starts > today:
        return [Refusal("The week has started: choose today, or an earlier day, as its first.")]
    return []


def report_out_refusals(*, on: date, week_starts: date, today: date) -> list[Refusal]:
    """What is wrong with `on` as the day of the report-out: it ends a week of three to five working days."""
    if on > today:
        return [Refusal("The report-out is recorded once it has been held: choose today or an earlier day.")]
    possible = possible_last_days(week_starts)
    if on not in possible:
        days = listing([day_year(day) for day in possible], last="or")
        sentence = (
            "The report-out is the week's last day, and a week has three to five working days. This week started on"
            f" {day_year(week_starts)}, so choose {days}. If it was another week, move its dates first."
        )
        return [Refusal(sentence, mend="edit_rpiw", mend_text="Move the dates")]
    return []


def due_checkpoints(planned: Iterable[Checkpoint], *, reported_out: date, today: date) -> list[Checkpoint]:
    """Those that must be answered before the RPIW is closed: baseline, report-out, and each whose date has come."""
    remeasures = [c for c in planned if (due := due_date(c, reported_out)) is not None and due <= today]
    return [Checkpoint.BASELINE, Checkpoint.REPORT_OUT, *remeasures]


def closing_refusals(unanswered: Collection[Unanswered]) -> list[Refusal]:
    """One refusal for each checkpoint at which a measure has neither a reading nor a reason."""
    found = []
    for checkpoint in Checkpoint:
        measures = [gap.measure for gap in unanswered if gap.checkpoint is checkpoint]
        if measures:
            found.append(
                Refusal(
                    f"{checkpoint.label}: {listing(measures)} {'has' if len(measures) == 1 else 'have'}"
                    " no reading, and no reason why there is none.",
                    mend="readings",
                    mend_text=f"Answer {checkpoint.label.lower()}",
                )
            )
    return found


def unmeasured_refusals(*, measures: int) -> list[Refusal]:
    if measures:
        return []
    return [Refusal("It has no measure, so nobody could tell what changed.", "rpiw_measures", "Add its measures")]


@dataclass(frozen=True)
class StillToCome:
    """The last remeasure that is still to come. Until its day an RPIW is closed only to stop the work: whoever stops
    need not wait for remeasures of what is no longer there."""

    checkpoint: Checkpoint
    due: date

    @property
    def sentence(self) -> str:
        return (
            f"Its {self.checkpoint.adjective} remeasure is due on {day_year(self.due)}."
            " Until then it can be closed only to stop the work."
        )


def still_to_come(planned: Iterable[Checkpoint], *, reported_out: date, today: date) -> StillToCome | None:
    """What closing waits for, unless the work stops; 365 days are not waited for."""
    dates = [(due_date(c, reported_out), c) for c in planned if c is not Checkpoint.DAY_365]
    to_come = [(due, checkpoint) for due, checkpoint in dates if due is not None and due > today]
    if not to_come:
        return None
    due, last = max(to_come, key=lambda each: each[0])
    return StillToCome(last, due)


def week_problems(starts: date, ends: date) -> dict[str, str]:
    """What is wrong with the dates of a week, by the field's name: three to five working days, ending on one."""
    problems = {}
    if not is_working_day(starts):
        problems["week_starts"] = f"The week starts on a working day; {_why_not(starts)}."
    if not is_working_day(ends):
        problems["week_ends"] = f"The report-out is on a working day; {_why_not(ends)}."
    if problems:
        return problems
    if ends < starts:
        return {"week_ends": "The week ends before it starts"}
    days = len(working_days(starts, ends)) if ends - starts < timedelta(days=60) else 99
    if not SHORTEST_WEEK <= days <= LONGEST_WEEK:
        said = "more than five" if days > LONGEST_WEEK else {1: "one", 2: "two"}[days]
        return {"week_ends": f"A week has three to five working days; this one has {said}"}
    return {}


def _why_not(day: date) -> str:
    name = bank_holiday(day)
    if name:
        return f"{day_year(day)} is a bank holiday ({name})"
    return f"{day_year(day)} is at a weekend"
