"""Importing 1,000,000 rows from a CSV file, against COPY of the same rows, and django-import-export.

The importer reads, validates, compares and inserts, with constraints, indexes and change marks; COPY only writes, with
the same. django-import-export takes fewer rows (ROWS_OF_THE_OTHER): it would take very long.
"""

import io
import os
import resource
import sys
import time
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlsplit

from bench.ground import run, say

ROWS = int(os.environ.get("ROWS", "1000000"))
ROWS_OF_THE_OTHER = 5_000
WARDS = 100
METRICS = 10
FIRST = date(2015, 1, 1)


def lines(rows: int) -> Any:
    """(metric, ward, day, value), no two of the same place."""
    days = rows // (METRICS * WARDS)
    for metric in range(METRICS):
        for ward in range(WARDS):
            for day in range(days):
                yield metric, f"ward {ward}", (FIRST + timedelta(day)).isoformat(), f"{(day * 7 + ward) % 1000 / 10}"


def csv_of(rows: int) -> bytes:
    body = "".join(f"{day},Metric {metric},{ward},{value}\n" for metric, ward, day, value in lines(rows))
    return f"Date,Metric,Ward,Value\n{body}".encode()


def by_copy(versions: list[Any], rows: int) -> float:
    from django.db import connection, transaction

    text = io.StringIO(
        "".join(f"{versions[m].pk}\t{ward}\t{day}\t{value}\t\tf\t\t\tf\t1\n" for m, ward, day, value in lines(rows))
    )
    columns = 'version_id, subgroup, "on", value, missing, ghost, note, correction_reason, synthetic, row_version'
    began = time.perf_counter()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.copy_expert(f"COPY metrics_measurement ({columns}) FROM STDIN", text)
    return time.perf_counter() - began


def by_import(stream: Any, by: Any, content: bytes) -> tuple[float, Any]:
    """From matched columns to written rows: what the worker does once somebody said yes."""
    from metrics.actions import imports as actions
    from metrics.files import reading
    from metrics.imports import running
    from metrics.imports.matching import plan_columns, suggested
    from metrics.models import FileImport

    looked = reading.look(content)
    chosen = suggested(looked["headings"], stream)
    columns = {"matched": chosen, **plan_columns(chosen), "day_first": True, "fractions": False}
    file_import = actions.upload(value_stream=stream, name="rows.csv", content=content, looked=looked, by=by)
    rows = content.count(b"\n") - 1
    FileImport.objects.filter(pk=file_import.pk).update(
        state=FileImport.State.IMPORTING, columns={**file_import.columns, **columns}, rows=rows
    )
    began = time.perf_counter()
    running.run(file_import.pk)
    took = time.perf_counter() - began
    file_import.refresh_from_db()
    assert file_import.added == rows, (file_import.state, file_import.failure, file_import.added)
    return took, file_import


def by_the_other(versions: list[Any], rows: int) -> float:
    """django-import-export as its documentation recommends for many rows: in bulk, unchanged skipped."""
    import tablib
    from import_export import fields, resources, widgets

    from metrics.models import Measurement, MetricVersion

    class MeasurementResource(resources.ModelResource):
        version = fields.Field(
            column_name="version", attribute="version", widget=widgets.ForeignKeyWidget(MetricVersion)
        )

        class Meta:
            model = Measurement
            fields = ("version", "subgroup", "on", "value")
            import_id_fields = ("version", "subgroup", "on")
            use_bulk = True
            skip_unchanged = True
            skip_diff = True
            batch_size = 1000

        def after_import(self, *_given: Any, **_named: Any) -> None:
            """It would set the sequence of ids, which the application's role may not."""

    data = tablib.Dataset(headers=["version", "subgroup", "on", "value"])
    for n, (metric, ward, day, value) in enumerate(lines(ROWS)):
        if n == rows:
            break
        data.append([versions[metric].pk, ward, day, value])
    began = time.perf_counter()
    result = MeasurementResource().import_data(data, use_transactions=True, raise_errors=True)
    took = time.perf_counter() - began
    assert result.totals["new"] == rows, result.totals
    return took


def empty() -> None:
    """As the superuser: the application may not truncate, and a million deletes would leave a million events."""
    import psycopg2
    from django.conf import settings

    parts = urlsplit(os.environ["TEST_SUPERUSER_URL"])
    superuser = psycopg2.connect(parts._replace(path=f"/{settings.DATABASES['default']['NAME']}").geturl())
    with superuser, superuser.cursor() as cursor:
        cursor.execute("TRUNCATE metrics_measurement; TRUNCATE snapshots_changemark")
    superuser.close()


def measure() -> None:
    from snapshots.models import ChangeMark
    from tests.factories.accounts import UserFactory
    from tests.factories.metrics import MetricFactory, MetricVersionFactory
    from tests.factories.trusts import ValueStreamFactory

    stream: Any = ValueStreamFactory()
    versions: list[Any] = [
        MetricVersionFactory(
            metric=MetricFactory(value_stream=stream, name=f"Metric {n}"), collected_often="daily", denominator=""
        )
        for n in range(METRICS)
    ]
    content = csv_of(ROWS)
    rows = content.count(b"\n") - 1
    copied = rows / by_copy(versions, ROWS)
    empty()
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    took, _ = by_import(stream, UserFactory(), content)
    marks = ChangeMark.objects.filter(kind="value_stream").count()
    imported = rows / took
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - own
    empty()
    other = ROWS_OF_THE_OTHER / by_the_other(versions, ROWS_OF_THE_OTHER)
    print(f"{rows:,} rows of {METRICS} metrics, {len(content) / 1e6:.0f} MB as CSV")
    say("rows a second by COPY into the table with its triggers", copied, places=0)
    ratio = imported / copied
    say("the importer, validation and marks included, against COPY", ratio, aim=">= 0.33", met=ratio >= 1 / 3)
    ratio = imported / other
    say("the importer against django-import-export", ratio, aim=">= 20", met=ratio >= 20, places=0)
    say("change marks of the import", marks, places=0)
    say("megabytes that the worker grew by; its child is held to 300", grown / 1024, places=0)


if __name__ == "__main__":
    sys.exit(run(measure))
