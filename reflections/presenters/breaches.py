"""A breach as its page shows it: the promise, what was said at each meeting, what the parties do, and how it ended."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from reflections.models import Breach, RepairStep, Talk
from reflections.presenters.lines import promise_words
from ui.words import day_year

QUESTIONS = (
    "What happened?",
    "Why did none of us call it out?",
    "What could we have done better?",
)


@dataclass(frozen=True)
class StepShown:
    step: RepairStep
    status: tuple[str, str]


@dataclass(frozen=True)
class BreachShown:
    breach: Breach
    promise: str
    talks: list[Talk]
    steps: list[StepShown]
    lede: str
    status: tuple[str, str]


def breach_shown(breach: Breach, *, on: date) -> BreachShown:
    steps: Any = breach.steps.select_related("party")  # type: ignore[attr-defined]
    talks: Any = breach.talks.all()  # type: ignore[attr-defined]
    return BreachShown(
        breach=breach,
        promise=promise_words(breach.promise),
        talks=list(talks),
        steps=[StepShown(step, step_status(step, on=on)) for step in steps],
        lede=_lede(breach),
        status=("plain", breach.get_ended_as_display()) if breach.ended_as else ("blue", "On the table"),
    )


def step_status(step: RepairStep, *, on: date) -> tuple[str, str]:
    if step.is_done:
        return "done", "Done"
    return ("late", "Late") if step.due < on else ("plain", "Open")


def _lede(breach: Breach) -> str:
    if breach.is_open:
        return f"Brought on {day_year(breach.brought_at.on)}, and on the table since."
    how = breach.get_ended_as_display()
    return f"{how} on {day_year(breach.ended_at.on if breach.ended_at else breach.day)}."
