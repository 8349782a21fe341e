"""The way of a file of measurements: uploaded, matched, read and compared, written, or given up."""

import hashlib
from collections.abc import Callable
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.audit import action
from accounts.models import User
from metrics.imports import staging
from metrics.models import FileImport
from snapshots.signals import facts_changed
from trusts.actions.announced import announced
from trusts.actions.records import add_fact
from trusts.models import CqcRating, ValueStream

State = FileImport.State
WAITING = (State.CHECKING, State.IMPORTING)
DAYS_KEPT = 7
SHOWN = 200
GIVEN_UP = "Given up. Nothing of it was imported."


class NotNow(Exception):
    """The import is not at the step that this act belongs to: somebody else went on, or it has ended."""


@action
def upload(*, value_stream: ValueStream, name: str, content: bytes, looked: dict[str, Any], by: User) -> FileImport:
    """Keep a file that could be read. looked: what metrics.files.reading.look said of it."""
    columns = {key: looked[key] for key in ("book", "sheet", "heading_row", "headings", "samples", "month", "marks")}
    return FileImport.objects.create(
        value_stream=value_stream,
        name=name[:200],
        layout=looked["layout"],
        digest=hashlib.sha256(content).hexdigest(),
        content=content,
        columns=columns,
        by=by,
        at=timezone.now(),
    )


@action
def match(*, file_import: FileImport, columns: dict[str, Any], by: User) -> FileImport:
    """Say which column holds what, and have the file read. It can be matched again until it is imported."""
    file_import = _at(file_import, State.UPLOADED, State.CHECKED, State.FAILED)
    file_import.columns = file_import.columns | columns
    return _wait(file_import, State.CHECKING)


@action
def begin(*, file_import: FileImport, replaces: bool, reason: str, by: User) -> FileImport:
    """Have it written. replaces: values that differ become corrections, because of the reason."""
    file_import = _at(file_import, State.CHECKED)
    file_import.replaces, file_import.reason = replaces, reason
    return _wait(file_import, State.IMPORTING)


@action
def give_up(*, file_import: FileImport, by: User) -> FileImport:
    """Forget the file. What it was and who gave it stays in the list."""
    file_import = _at(file_import, State.UPLOADED, State.CHECKED, State.FAILED)
    return _end(file_import, State.FAILED, failure=file_import.failure or GIVEN_UP)


@action
def fail(*, file_import: FileImport, why: str, by: User) -> FileImport:
    """It could not be read or written. The file stays, so that columns can be matched anew."""
    file_import.state, file_import.failure = State.FAILED, why[:400]
    file_import.save(update_fields=["state", "failure"])
    return file_import


@action
def note_found(
    *,
    file_import: FileImport,
    told: dict[str, Any],
    rejected_rows: list[list[str]],
    odd: list[dict[str, Any]],
    by: User,
) -> FileImport:
    """What the staged file holds, compared with what is recorded: to be looked at before it is imported."""
    compared = staging.compare()
    _note(file_import, told, rejected_rows)
    file_import.added, file_import.unchanged = compared.new, compared.unchanged
    file_import.differing, file_import.corrected = compared.differing, 0
    file_import.found = {
        "told": {key: value for key, value in told.items() if key != "marked"},
        "odd": odd[:SHOWN],
        "odd_values": len(odd),
        "entries": staging.first_entries(12),
        "changes": staging.changes(50),
    }
    file_import.state, file_import.attempts = State.CHECKED, 0
    file_import.save(update_fields=[*_COUNTED, "found"])
    return file_import


@announced
def write(
    *,
    file_import: FileImport,
    told: dict[str, Any],
    rejected_rows: list[list[str]],
    by: User,
    progress: Callable[[int], None],
) -> FileImport:
    """Write the staged entries: what is new, and what differs where that was said yes to."""
    now = timezone.now()
    compared = staging.compare()
    changed = 0
    if file_import.replaces and compared.differing:
        changed = staging.correct(by=by.pk, at=now, file=file_import.pk, reason=file_import.reason)
    _note(file_import, told, rejected_rows)
    file_import.added = staging.insert(by=by.pk, at=now, file=file_import.pk, progress=progress)
    file_import.corrected, file_import.differing = changed, compared.differing
    file_import.unchanged = compared.unchanged
    file_import.save(update_fields=_COUNTED)
    return _end(file_import, State.DONE)


@action
def note_ratings(*, file_import: FileImport, ratings: list[dict[str, Any]], by: User) -> FileImport:
    """The ratings that the file gives the trust's provider, to be looked at."""
    file_import.found, file_import.rows = {"ratings": ratings}, len(ratings)
    file_import.state, file_import.attempts = State.CHECKED, 0
    file_import.save(update_fields=["found", "rows", "state", "attempts"])
    return file_import


def record_ratings(*, file_import: FileImport, by: User) -> int:
    """Record the ratings that are not in the trust's context yet. Returns how many were new."""
    with transaction.atomic():
        file_import = _at(file_import, State.CHECKED)
        trust = file_import.value_stream.trust
        new = 0
        for found in file_import.found["ratings"]:
            if not (found["rating"] and found["rated"]):
                continue
            values = {"rating": found["rating"], "rated": date.fromisoformat(found["rated"])}
            if CqcRating.objects.filter(trust=trust, rated=values["rated"]).exists():
                continue
            source = f"Care Quality Commission, latest ratings ({file_import.name})"[:240]
            new += add_fact(model=CqcRating, trust=trust, values={**values, "source": source}, by=by)[1]
        file_import.added, file_import.unchanged = new, len(file_import.found["ratings"]) - new
        file_import.save(update_fields=["added", "unchanged"])
        _end(file_import, State.DONE)
    facts_changed.send(sender=record_ratings, kind="trust", scope_id=trust.pk)
    return new


_COUNTED = [
    *("rows", "rows_done", "rejected", "problems", "rejected_rows"),
    *("added", "corrected", "differing", "unchanged", "failure", "state", "attempts"),
]


def _note(file_import: FileImport, told: dict[str, Any], rejected_rows: list[list[str]]) -> None:
    problems = staging.problems()
    file_import.rows = file_import.rows_done = told["rows"]
    file_import.rejected, file_import.rejected_rows = len(rejected_rows), rejected_rows
    file_import.problems = problems[:SHOWN]


def _at(file_import: FileImport, *states: State) -> FileImport:
    """The import as it is now, locked. Raises NotNow when it is at another step."""
    rows = FileImport.objects.select_related("value_stream__trust").defer("content").select_for_update(of=("self",))
    now = rows.filter(pk=file_import.pk, state__in=states, content__isnull=False).first()
    if now is None:
        raise NotNow
    return now


def _wait(file_import: FileImport, state: State) -> FileImport:
    file_import.state, file_import.failure, file_import.rows_done, file_import.attempts = state, "", 0, 0
    file_import.save(update_fields=["columns", "replaces", "reason", "state", "failure", "rows_done", "attempts"])
    import_id = file_import.pk
    transaction.on_commit(lambda: _wake(import_id), robust=True)
    return file_import


def _wake(import_id: int) -> None:
    """A broker that does not answer is asked again by beat (metrics.tasks.resume_imports)."""
    from metrics.tasks import import_file

    import_file.delay(import_id)


def _end(file_import: FileImport, state: State, *, failure: str = "") -> FileImport:
    file_import.state, file_import.failure, file_import.content = state, failure, None
    file_import.ended_at = timezone.now()
    # The first rows may hold what was left out on purpose.
    file_import.columns = {**file_import.columns, "samples": []}
    file_import.save(update_fields=["state", "failure", "content", "columns", "ended_at"])
    return file_import
