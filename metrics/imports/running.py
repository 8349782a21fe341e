"""What the worker does with an import: read and compare it, or write it. Running it twice, late or at once changes
nothing: it is one transaction under one lock, begun only in the state that asks for it."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection, connections, transaction
from django.utils import timezone

from metrics.actions import imports as actions
from metrics.files import reading
from metrics.files.layouts import CQC
from metrics.files.limits import Unreadable
from metrics.imports.doubts import odd_values
from metrics.imports.matching import matched_columns
from metrics.imports.plans import plan_of
from metrics.imports.staging import problems, stage
from metrics.models import FileImport
from ui.patient_data import refuse_patient_data

logger = logging.getLogger(__name__)
State = FileImport.State
ATTEMPTS = 5
_LOCK_CLASS = 0x1F11E
BROKEN = "Something went wrong here, and nothing was imported. Try again; if it happens again, tell your administrator."


def run(import_id: int) -> None:
    """Do what the import waits for, if it waits. A file that cannot be taken says why on its page."""
    with _beside(import_id) as beside, transaction.atomic():
        if not _locked(import_id):
            return
        file_import = _waiting(import_id)
        if file_import is None:
            return
        if file_import.attempts >= ATTEMPTS:
            actions.fail(file_import=file_import, why=BROKEN, by=file_import.by)
            return
        beside.begun()
        try:
            with transaction.atomic():
                _carry_on(file_import, beside)
        except Unreadable as unreadable:
            actions.fail(file_import=_fresh(import_id), why=str(unreadable), by=file_import.by)
        except Exception:
            logger.exception("Import %s failed.", import_id)
            actions.fail(file_import=_fresh(import_id), why=BROKEN, by=file_import.by)


class _Beside:
    """Tells how far it is over a connection of its own, so that others see it before the transaction ends."""

    def __init__(self, connection: Any, import_id: int) -> None:
        self._connection = connection
        self._import_id = import_id

    def _set(self, what: str, *values: int) -> None:
        with self._connection.cursor() as cursor:
            cursor.execute(f"UPDATE metrics_fileimport SET {what} WHERE id = %s", [*values, self._import_id])  # noqa: S608

    def begun(self) -> None:
        """An attempt counts even when it takes the worker with it."""
        self._set("attempts = attempts + 1")

    def done(self, rows: int) -> None:
        self._set("rows_done = %s", rows)


@contextmanager
def _beside(import_id: int) -> Iterator[_Beside]:
    own = connections["default"].copy()
    try:
        yield _Beside(own, import_id)
    finally:
        own.close()


def _carry_on(file_import: FileImport, beside: _Beside) -> None:
    content = bytes(file_import.content or b"")
    plan = plan_of(file_import)
    if file_import.layout == CQC:
        with reading.reading(content, plan) as child:
            child.lines.read()
            actions.note_ratings(file_import=file_import, ratings=child.finish()["ratings"], by=file_import.by)
        return
    importing = file_import.state == State.IMPORTING
    # Staging is the first half of importing.
    half = file_import.rows // 2
    told = stage(content, plan, (lambda count: beside.done(min(count // 2, half))) if importing else beside.done)
    rejected = _rejected_rows(content, plan)
    if importing:
        actions.write(
            file_import=file_import, told=told, rejected_rows=rejected, by=file_import.by,
            progress=lambda line: beside.done(half + min(line // 2, half)),
        )  # fmt: skip
    else:
        odd = odd_values(file_import, told)
        actions.note_found(file_import=file_import, told=told, rejected_rows=rejected, odd=odd, by=file_import.by)


def _rejected_rows(content: bytes, plan: dict[str, Any]) -> list[list[str]]:
    """The rows to mend as they stand in the file, of the matched columns, with what is the matter at the end."""
    words: dict[int, list[str]] = {}
    for problem in problems():
        where = plan["headings"][problem["cell"]] if problem["cell"] < len(plan["headings"]) else ""
        words.setdefault(problem["line"], []).append(f"{where}: {problem['words']}" if where else problem["words"])
    if not words:
        return []
    columns = matched_columns(plan)
    found = reading.rows(content, plan, sorted(words))
    return [
        [*(_without_patients(cells[n]) if n < len(cells) else "" for n in columns), ". ".join(words[line])]
        for line, cells in found
    ]


def _without_patients(text: str) -> str:
    try:
        refuse_patient_data(text)
    except ValidationError:
        return ""
    return text


def _locked(import_id: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", [_LOCK_CLASS, import_id])
        return cursor.fetchone()[0]


def _waiting(import_id: int) -> FileImport | None:
    rows = FileImport.objects.select_related("value_stream__trust", "by")
    return rows.filter(pk=import_id, state__in=actions.WAITING).first()


def _fresh(import_id: int) -> FileImport:
    return FileImport.objects.select_related("by", "value_stream").defer("content").get(pk=import_id)


def resume() -> list[int]:
    """The imports that wait for a worker: a message may be lost, a worker may have died. Gives up those long left."""
    old = timezone.now() - timedelta(days=actions.DAYS_KEPT)
    for file_import in (
        FileImport.objects.filter(content__isnull=False, at__lt=old).exclude(state__in=actions.WAITING).defer("content")
    ):
        actions.give_up(file_import=file_import, by=file_import.by)
    return list(FileImport.objects.filter(state__in=actions.WAITING).values_list("pk", flat=True))
