"""The checklist of the weeks before the week."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from accounts.audit import action
from accounts.models import User
from rpiws.actions.writes import locked, save_changes
from rpiws.models import PreparationTask, Rpiw


@dataclass(frozen=True)
class UsualTask:
    """One task that every RPIW prepares, and how many days before the first day of the week it is due."""

    name: str
    days_before: int
    who: str = ""

    def due(self, week_starts: date) -> date:
        return week_starts - timedelta(days=self.days_before)


USUAL_TASKS = (
    UsualTask("Agree the scope: where the process starts and where it ends", 56, "KPO facilitator"),
    UsualTask("Name the executive sponsor and the process owner", 56, "KPO lead"),
    UsualTask("Invite a patient representative", 49, "Process owner"),
    UsualTask("Choose the home team and the team, by discipline", 42, "Process owner"),
    UsualTask("Release the team for the whole week", 35, "Executive sponsor"),
    UsualTask("Walk the process with those who work in it, and observe it", 35, "Workshop lead"),
    UsualTask("Define the measures, and name who remeasures each", 28, "Workshop lead"),
    UsualTask("Record the baseline of every measure", 21, "KPO facilitator"),
    UsualTask("Set a target for every measure", 14, "Process owner"),
    UsualTask("Book the room, materials and refreshments", 14, "KPO facilitator"),
    UsualTask("Tell neighbouring services, and invite to the report-out", 7, "Process owner"),
)


def begin_checklist(*, rpiw: Rpiw) -> None:
    """Part of `prepare`: the usual tasks that are not on the checklist yet."""
    there = set(rpiw.preparation.values_list("name", flat=True))
    PreparationTask.objects.bulk_create(
        PreparationTask(rpiw=rpiw, name=task.name, due=task.due(rpiw.week_starts), who=task.who)
        for task in USUAL_TASKS
        if task.name not in there
    )


def move_checklist(*, rpiw: Rpiw, moved_by: timedelta) -> None:
    """Part of `edit_rpiw`: tasks that are not done keep their distance from the week."""
    tasks = list(rpiw.preparation.filter(done__isnull=True))
    for task in tasks:
        task.due += moved_by
        task.version += 1
    PreparationTask.objects.bulk_update(tasks, ["due", "version"])


@action
def add_task(*, rpiw: Rpiw, by: User, name: str, due: date, who: str = "", note: str = "") -> PreparationTask:
    """The same task twice, as a double click writes it, is one."""
    locked(rpiw)
    task, _ = PreparationTask.objects.get_or_create(rpiw=rpiw, name=name, due=due, who=who, note=note)
    return task


@action
def edit_task(*, task: PreparationTask, by: User, version: int, **changes: Any) -> PreparationTask:
    task = locked(task, version=version)
    save_changes(task, changes)
    return task


@action
def tick_task(*, task: PreparationTask, by: User, done: bool, on: date | None = None) -> PreparationTask:
    """Done, or not done after all. Ticking what is ticked keeps who did it first."""
    task = locked(task)
    if done != (task.done is not None):
        day = (on or timezone.localdate()) if done else None
        save_changes(task, {"done": day, "done_by": by if done else None})
    return task


@action
def remove_task(*, task: PreparationTask, by: User) -> None:
    locked(task).delete()
