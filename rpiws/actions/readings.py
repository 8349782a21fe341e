"""Writing readings: the grid's save, and observations between checkpoints."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Max
from django.utils import timezone

from accounts.models import User
from analysis.entries import Entry
from rpiws.answers import Answer, Circumstances
from rpiws.models import Checkpoint, GridSave, Measure, Observation, Reading, Rpiw
from trusts.actions.announced import announced
from ui.words import plural


@dataclass(frozen=True)
class Saved:
    """What a save did. `repeated`: the same save had already taken place, and nothing was written now."""

    summary: str
    repeated: bool = False


@dataclass(frozen=True)
class Meanwhile:
    """A cell that somebody else filled or corrected after the person had opened the page."""

    measure_id: int
    stored: Reading


class ChangedMeanwhile(Exception):
    """Nothing was saved: each of these cells holds a value that the person has not seen."""

    def __init__(self, cells: Sequence[Meanwhile]) -> None:
        super().__init__(f"{len(cells)} cells were changed meanwhile")
        self.cells = tuple(cells)


@announced
def save_readings(
    *, rpiw: Rpiw, checkpoint: Checkpoint, cells: Sequence[Answer], common: Circumstances, key: uuid.UUID, by: User
) -> Saved:
    """Save the answers of one checkpoint, all or none.

    The same `key` with the same answers is saved once, and answers the same again; with other answers it is another
    save, so that a page brought back by the browser's button never loses what was typed into it. One save of an RPIW
    waits for the other. Raises ChangedMeanwhile when a cell holds what the person has not seen, unless it holds just
    what they typed.
    """
    rpiw = Rpiw.objects.select_for_update(no_key=True, of=("self",)).select_related("value_stream").get(pk=rpiw.pk)
    key = _key(key, rpiw.pk, by.pk, str(checkpoint), sorted(map(repr, cells)), common)
    if earlier := GridSave.objects.filter(key=key).first():
        return Saved(earlier.summary, repeated=True)
    measures = {measure.pk: measure for measure in Measure.objects.filter(rpiw=rpiw)}
    at_checkpoint = Reading.objects.filter(measure__rpiw=rpiw, checkpoint=checkpoint).select_related("recorded_by")
    stored = {reading.measure_id: reading for reading in at_checkpoint}
    changed = [cell for cell in cells if not cell.is_stored(stored.get(cell.measure_id))]
    if unseen := [
        Meanwhile(cell.measure_id, stored[cell.measure_id])
        for cell in changed
        if cell.measure_id in stored and stored[cell.measure_id].version != cell.seen
    ]:
        raise ChangedMeanwhile(unseen)
    now = timezone.now()
    for cell in changed:
        reading = stored.get(cell.measure_id) or Reading(measure=measures[cell.measure_id], checkpoint=checkpoint)
        _fill(reading, cell, common)
        if checkpoint == Checkpoint.BASELINE:
            reading.retrospective = reading.retrospective or rpiw.baseline_locked
        reading.recorded_by, reading.recorded_at = by, now
        reading.save()
        if cell.measure_id in stored:
            reading.observations.all().delete()
        _add_observations(reading, cell.entry)
    summary = _summary(changed)
    GridSave.objects.create(key=key, rpiw=rpiw, by=by, at=now, summary=summary)
    return Saved(summary)


@announced
def add_observations(
    *, measure: Measure, observed_on: date, values: Sequence[Decimal], key: uuid.UUID, by: User
) -> Saved:
    """Keep what was observed between checkpoints, in the order in which it was typed. The same twice is kept once."""
    rpiw = Rpiw.objects.select_for_update(no_key=True, of=("self",)).get(pk=measure.rpiw_id)
    key = _key(key, rpiw.pk, by.pk, measure.pk, observed_on, list(values))
    if earlier := GridSave.objects.filter(key=key).first():
        return Saved(earlier.summary, repeated=True)
    same_day = Observation.objects.filter(measure=measure, reading=None, observed_on=observed_on)
    last = same_day.aggregate(last=Max("position"))["last"]
    first = 0 if last is None else last + 1
    now = timezone.now()
    Observation.objects.bulk_create(
        Observation(
            measure=measure, observed_on=observed_on, position=first + n, value=value, recorded_by=by, recorded_at=now
        )
        for n, value in enumerate(values)
    )
    summary = plural(len(values), "observation")
    GridSave.objects.create(key=key, rpiw=rpiw, by=by, at=now, summary=summary)
    return Saved(summary)


@announced
def remove_observation(*, observation: Observation, by: User) -> None:
    """Take back an observation that was typed by mistake; the audit trail keeps it."""
    observation.delete()


def _key(key: uuid.UUID, *content: object) -> uuid.UUID:
    """The page's key together with who saves what."""
    return uuid.uuid5(key, hashlib.sha256(repr(content).encode()).hexdigest())


def _fill(reading: Reading, cell: Answer, common: Circumstances) -> None:
    entry = cell.entry
    reading.value = entry.value if entry else None
    reading.numerator = entry.numerator if entry else None
    reading.denominator = entry.denominator if entry else None
    reading.entered_as = cell.typed if entry else ""
    reading.not_measured = cell.not_measured if entry is None else ""
    reading.not_measured_note = cell.because if entry is None else ""
    corrects = reading.pk is not None
    reading.not_comparable = cell.not_comparable if entry else ""
    if entry and not corrects and reading.checkpoint != Checkpoint.BASELINE:
        reading.not_comparable = cell.not_comparable or reading.measure.later_not_comparable
    if corrects:
        reading.version += 1
        reading.correction_reason = cell.why
        reading.synthetic, reading.source = False, ""  # what a person recorded is no longer a reconstruction
    taken = cell.own or (_as_it_was(reading) if corrects else common)
    reading.period, reading.note = taken.period, taken.note
    if entry is None:
        reading.measured_on, reading.sample_size, reading.simulated = None, None, False
        return
    reading.measured_on = taken.measured_on
    reading.sample_size = entry.n or taken.sample
    reading.simulated = taken.simulated and reading.checkpoint == Checkpoint.REPORT_OUT


def _as_it_was(reading: Reading) -> Circumstances:
    return Circumstances(
        measured_on=reading.measured_on,
        period=reading.period,
        sample=reading.sample_size,
        note=reading.note,
        simulated=reading.simulated,
    )


def _add_observations(reading: Reading, entry: Entry | None) -> None:
    Observation.objects.bulk_create(
        Observation(
            measure=reading.measure,
            reading=reading,
            observed_on=reading.measured_on,
            position=n,
            value=value,
            recorded_by=reading.recorded_by,
            recorded_at=reading.recorded_at,
        )
        for n, value in enumerate(entry.observations if entry else ())
    )


def _summary(cells: Sequence[Answer]) -> str:
    """`5 readings, 1 “not measured”`; empty when nothing was new."""
    measured = sum(cell.entry is not None for cell in cells)
    said = [plural(measured, "reading")] if measured else []
    if len(cells) > measured:
        said.append(f"{len(cells) - measured} “not measured”")
    return ", ".join(said)
