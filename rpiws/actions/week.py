"""The week and what came of it: its days, ideas tested, wastes, notes, the newspaper."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db.models import Max
from django.utils import timezone

from accounts.audit import action
from accounts.models import User
from rpiws.actions.writes import EditedMeanwhile, locked, save_changes
from rpiws.models import Idea, NewspaperItem, Rpiw, Waste, WeekDay


@action
def write_week(*, rpiw: Rpiw, by: User, days: Mapping[date, tuple[str, str]], versions: Mapping[date, int]) -> None:
    """What the team did, day by day: heading and text; an empty heading and text take the day away.

    versions: of the days as the form showed them, 0 for a day that was not written yet. Raises EditedMeanwhile.
    """
    locked(rpiw)
    there = {entry.day: entry for entry in rpiw.days.all()}
    for day, (heading, text) in days.items():
        entry = there.get(day)
        if (entry.version if entry else 0) != versions.get(day, 0):
            raise EditedMeanwhile
        if entry is None:
            if heading or text:
                WeekDay.objects.create(rpiw=rpiw, day=day, heading=heading, text=text)
        elif heading or text:
            save_changes(entry, {"heading": heading, "text": text})
        else:
            entry.delete()


@action
def add_idea(*, rpiw: Rpiw, by: User, **facts: Any) -> Idea:
    """The same idea twice, as a double click writes it, is one."""
    locked(rpiw)
    last = rpiw.ideas.aggregate(last=Max("position"))["last"] or 0
    idea, _ = Idea.objects.get_or_create(rpiw=rpiw, **facts, defaults={"position": last + 1})
    return idea


@action
def edit_idea(*, idea: Idea, by: User, version: int, **changes: Any) -> Idea:
    idea = locked(idea, version=version)
    save_changes(idea, changes)
    return idea


@action
def remove_idea(*, idea: Idea, by: User) -> None:
    idea.delete()


@action
def record_wastes(
    *, rpiw: Rpiw, by: User, findings: Mapping[str, tuple[str, str]], versions: Mapping[str, int]
) -> None:
    """The finding on each of the seven wastes, and what was removed. Versions as in `write_week`."""
    locked(rpiw)
    there = {waste.kind: waste for waste in rpiw.wastes.all()}
    for kind, (finding, removed) in findings.items():
        waste = there.get(kind)
        if (waste.version if waste else 0) != versions.get(kind, 0):
            raise EditedMeanwhile
        if waste is None:
            Waste.objects.create(rpiw=rpiw, kind=kind, finding=finding, removed=removed)
        else:
            save_changes(waste, {"finding": finding, "removed": removed})


@action
def add_newspaper_item(*, rpiw: Rpiw, by: User, action: str, owner: str, due: date) -> NewspaperItem:
    """The same open action twice, as a double click writes it, is one."""
    locked(rpiw)
    item, _ = NewspaperItem.objects.get_or_create(rpiw=rpiw, action=action, owner=owner, due=due)
    return item


@action
def edit_newspaper_item(*, item: NewspaperItem, by: User, version: int, **changes: Any) -> NewspaperItem:
    item = locked(item, version=version)
    save_changes(item, changes)
    return item


@action
def tick_newspaper_item(*, item: NewspaperItem, by: User, done: bool, on: date | None = None) -> NewspaperItem:
    """Done, or not done after all. Ticking what is ticked keeps who did it first."""
    item = locked(item)
    if done != (item.done is not None):
        day = (on or timezone.localdate()) if done else None
        save_changes(item, {"done": day, "done_by": by if done else None})
    return item


@action
def remove_newspaper_item(*, item: NewspaperItem, by: User) -> None:
    item.delete()
