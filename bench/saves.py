"""Readings logged one at a time, as the grid saves them, against the same number of plain INSERT transactions.

A save takes a lock on its RPIW, compares what stands, writes the reading with who and when, its event in the audit
trail and its mark, and notes the form's key; a plain INSERT writes one row of three columns.
"""

import sys
import time
import uuid
from typing import Any

from bench.ground import run, say

SAVES = 320


def plain_inserts() -> float:
    """Seconds for so many transactions of one INSERT each."""
    from django.db import connection, connections, transaction

    with connections["owner"].cursor() as cursor:
        cursor.execute("CREATE TABLE bench_plain (id bigserial PRIMARY KEY, measure bigint, value numeric)")
        cursor.execute("GRANT INSERT ON bench_plain TO PUBLIC; GRANT USAGE ON bench_plain_id_seq TO PUBLIC")
    began = time.perf_counter()
    for n in range(SAVES):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("INSERT INTO bench_plain (measure, value) VALUES (%s, %s)", [n, n])
    return time.perf_counter() - began


def logged(measures: list[Any], by: Any) -> float:
    """Seconds for so many readings, each saved by itself."""
    from django.utils import timezone

    from rpiws import entries
    from rpiws.actions.readings import save_readings
    from rpiws.answers import Answer, Circumstances
    from rpiws.models import Checkpoint

    common = Circumstances(measured_on=timezone.localdate())
    answers = [Answer(measure_id=one.pk, entry=entries.read(one, "45 min"), typed="45 min") for one in measures]
    began = time.perf_counter()
    for measure, answer in zip(measures, answers, strict=True):
        save_readings(
            rpiw=measure.rpiw, checkpoint=Checkpoint.DAY_60, cells=(answer,), common=common, key=uuid.uuid4(), by=by
        )
    return time.perf_counter() - began


def measure() -> None:
    from accounts.permissions import Role
    from bench.ground.streams import MEASURES, value_stream
    from rpiws.models import Measure
    from tests.factories.trusts import member

    stream = value_stream(rpiws=SAVES // MEASURES).measure.rpiw.value_stream
    measures = list(Measure.objects.select_related("rpiw__value_stream__trust"))
    took, plain = logged(measures, member(Role.FACILITATOR, stream.trust)), plain_inserts()
    say("readings logged a second, against plain INSERT transactions", plain / took)
    say("readings logged a second here, by one process", SAVES / took, places=0)


if __name__ == "__main__":
    sys.exit(run(measure))
