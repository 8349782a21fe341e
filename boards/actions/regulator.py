"""Keeping the regulator's own row: its lines are written, changed, and taken out."""

from collections.abc import Mapping
from typing import Any

from accounts.audit import action
from accounts.models import User
from boards.models import Board, RegulatorLine
from boards.refusals import ChangedMeanwhile


@action
def add_regulator_line(*, board: Board, values: Mapping[str, Any], by: User) -> RegulatorLine:
    """The same line sent twice is written once."""
    Board.objects.select_for_update().get(pk=board.pk)
    same = RegulatorLine.objects.filter(board=board, **values).first()
    return same or RegulatorLine.objects.create(board=board, **values)


@action
def change_regulator_line(*, line: RegulatorLine, values: Mapping[str, Any], seen: int, by: User) -> None:
    locked = RegulatorLine.objects.select_for_update(of=("self",)).get(pk=line.pk)
    if locked.version != seen:
        raise ChangedMeanwhile
    for name, value in values.items():
        setattr(locked, name, value)
    locked.version += 1
    locked.save()


@action
def remove_regulator_line(*, line: RegulatorLine, by: User) -> None:
    """It leaves the row; the history and papers that hold it keep it."""
    line.delete()
