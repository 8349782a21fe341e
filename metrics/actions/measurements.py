"""Recording measurements by hand: a grid's save, one value, and taking one away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from accounts.models import User
from metrics.models import Measurement, MetricVersion
from metrics.refusals import Refused
from metrics.typed import Typed
from trusts.actions.announced import announced
from trusts.models import ValueStream
from ui.words import plural


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What one cell says. `seen`: the version of the row that the person had before them, 0 when the cell was empty.

    why: asked for when a value is corrected. note: of the value; None leaves it as it is.
    """

    version_id: int
    on: date
    typed: Typed
    subgroup: str = ""
    seen: int = 0
    why: str = ""
    note: str | None = None

    @property
    def place(self) -> tuple[int, str, date]:
        return (self.version_id, self.subgroup, self.on)

    def is_stored(self, row: Measurement | None) -> bool:
        return self.typed.is_stored(row) and (self.note is None or (row is not None and row.note == self.note))


@dataclass(frozen=True)
class Meanwhile:
    """A cell that somebody else filled or corrected after the person had opened the page."""

    place: tuple[int, str, date]
    stored: Measurement


class ChangedMeanwhile(Exception):
    """Nothing was saved: each of these cells holds a value that the person has not seen."""

    def __init__(self, cells: Sequence[Meanwhile]) -> None:
        super().__init__(f"{len(cells)} cells were changed meanwhile")
        self.cells = tuple(cells)


@announced
def save_measurements(*, stream: ValueStream, cells: Sequence[Answer], by: User) -> str:
    """Save the answers, all or none. Returns what was new, in words; nothing where all of it stands there already.

    So the same save twice writes once. One save of a value stream waits for the other. Raises ChangedMeanwhile when a
    cell holds what the person has not seen, unless it holds just what they typed.
    """
    ValueStream.objects.select_for_update(no_key=True).get(pk=stream.pk)
    stored = _stored(stream, cells)
    changed = [cell for cell in cells if not cell.is_stored(stored.get(cell.place))]
    if unseen := [
        Meanwhile(cell.place, stored[cell.place])
        for cell in changed
        if cell.place in stored and stored[cell.place].row_version != cell.seen
    ]:
        raise ChangedMeanwhile(unseen)
    now = timezone.now()
    new: list[Measurement] = []
    for cell in changed:
        row = stored.get(cell.place) or Measurement(version_id=cell.version_id, subgroup=cell.subgroup, on=cell.on)
        _fill(row, cell)
        row.recorded_by, row.recorded_at = by, now
        if row.pk is None:
            new.append(row)
        else:
            row.save()
    Measurement.objects.bulk_create(new)
    corrected = len(changed) - len(new)
    said = [plural(len(new), "value")] if new else []
    return ", ".join([*said, plural(corrected, "correction")] if corrected else said)


@announced
def remove_measurement(*, measurement: Measurement, seen: int, reason: str, by: User) -> None:
    """Take away a value that belongs to no such period. The audit trail keeps it, with the reason."""
    row = Measurement.objects.select_for_update(of=("self",)).filter(pk=measurement.pk).first()
    if row is None:
        raise Refused("This value was taken away meanwhile.")
    if row.row_version != seen:
        raise Refused("Somebody else corrected this value meanwhile. Look at it again before you take it away.")
    row.delete()


def _stored(stream: ValueStream, cells: Sequence[Answer]) -> dict[tuple[int, str, date], Measurement]:
    """The rows of these cells as they are now. Raises Refused for a definition that is not the value stream's own."""
    version_ids = {cell.version_id for cell in cells}
    own = MetricVersion.objects.filter(pk__in=version_ids, metric__value_stream=stream).in_force()  # type: ignore[attr-defined]
    if own.count() != len(version_ids):
        raise Refused("This definition is not in force in this value stream.")
    rows = Measurement.objects.filter(version__in=version_ids, on__in={cell.on for cell in cells})
    return {(row.version_id, row.subgroup, row.on): row for row in rows.select_related("recorded_by")}


def _fill(row: Measurement, cell: Answer) -> None:
    typed = cell.typed
    row.value, row.numerator, row.denominator = typed.value, typed.numerator, typed.denominator
    row.missing = typed.missing
    if cell.note is not None:
        row.note = cell.note
    if row.pk is not None:
        row.row_version += 1
        row.correction_reason = cell.why
        row.synthetic = False  # what a person recorded was not generated
        row.from_file = None
