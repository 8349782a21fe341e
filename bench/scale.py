"""Ten million measurements: what one value stream costs when nine hundred and ninety-nine others are stored beside it.

Each value stream has ten metrics of 1,000 days. First only one is stored, then all. What must stay the same is counted
in pages of PostgreSQL as well as in time: pages tell what is read, whatever else the machine does. The same rows are
then read from a copy in 32 partitions, which is what docs/scaling.md weighs.
"""

import os
import statistics
import sys
import time
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from bench.ground import run, say

ROWS = int(os.environ.get("ROWS", "10000000"))
METRICS, DAYS = 10, 1_000
PARTITIONS = 32
FIRST = date(2020, 1, 1)
TIMES = 30
COPY = "measurement_in_partitions"


def series_query(table: str, stream_id: int) -> str:
    return (
        f'SELECT m.version_id, m.subgroup, m."on", m.value FROM {table} m'
        " JOIN metrics_metricversion v ON v.id = m.version_id JOIN metrics_metric k ON k.id = v.metric_id"
        f' WHERE k.value_stream_id = {stream_id} ORDER BY m.version_id, m.subgroup, m."on"'
    )


def took(act: Callable[[], Any], times: int = TIMES) -> float:
    """The median of its seconds, the first few left out."""
    found = []
    for n in range(times + 3):
        began = time.perf_counter()
        act()
        if n >= 3:
            found.append(time.perf_counter() - began)
    return statistics.median(found)


def rows_of(cursor: Any, query: str) -> int:
    cursor.execute(query)
    return len(cursor.fetchall())


def pages_read(cursor: Any, query: str) -> int:
    """Pages of 8 kB that PostgreSQL touches for the query, those of its plan left out."""
    cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {query}")
    plan = cursor.fetchone()[0][0]["Plan"]
    return int(plan["Shared Hit Blocks"] + plan["Shared Read Blocks"])


def one_more(version: Any, n: int) -> None:
    """A measurement as the save writes it: its constraints, its index and its mark."""
    from metrics.models import Measurement

    Measurement.objects.create(version=version, on=FIRST + timedelta(DAYS + n), value=n % 50)


def fill(cursor: Any, stream: Any, streams: int) -> None:
    """So many further value streams like this one, by set. The marks are taken away: nobody waits for these."""
    from metrics.models import Measurement, Metric, MetricVersion
    from trusts.models import ValueStream

    def copied(table: Any, source: str, **other: str) -> None:
        columns = [str(field.column) for field in table._meta.concrete_fields if not field.primary_key]
        named = ", ".join(f'"{column}"' for column in columns)
        values = ", ".join(other.get(column, f'source."{column}"') for column in columns)
        cursor.execute(f"INSERT INTO {table._meta.db_table} ({named}) SELECT {values} FROM {source}")

    copied(
        ValueStream,
        f"trusts_valuestream source, generate_series(1, {streams}) n WHERE source.id = {stream.pk}",
        number="n + 1",
        name="'Filled ' || n",
    )
    copied(
        Metric,
        "metrics_metric source, trusts_valuestream s"
        f" WHERE source.value_stream_id = {stream.pk} AND s.name LIKE 'Filled %'",
        value_stream_id="s.id",
    )
    first = stream.metrics.first().versions.get()
    copied(
        MetricVersion,
        "metrics_metricversion source, metrics_metric m JOIN trusts_valuestream s ON s.id = m.value_stream_id"
        f" WHERE source.id = {first.pk} AND s.name LIKE 'Filled %'",
        metric_id="m.id",
    )
    # Day by day, as measurements come: the rows of one series lie far apart.
    copied(
        Measurement,
        f"(SELECT * FROM metrics_measurement WHERE version_id = {first.pk} ORDER BY id LIMIT 1) source,"
        f" generate_series(0, {DAYS - 1}) n, metrics_metricversion v JOIN metrics_metric m ON m.id = v.metric_id"
        " JOIN trusts_valuestream s ON s.id = m.value_stream_id WHERE s.name LIKE 'Filled %'",
        version_id="v.id",
        on="DATE '2020-01-01' + n",
        value="(n * 7 + v.id) % 50",
    )
    cursor.execute("VACUUM ANALYZE")
    cursor.execute("DELETE FROM snapshots_changemark")


def into_partitions(cursor: Any) -> None:
    cursor.execute(
        f"CREATE TABLE {COPY} (LIKE metrics_measurement) PARTITION BY HASH (version_id);"
        f'CREATE UNIQUE INDEX ON {COPY} (version_id, subgroup, "on") INCLUDE (value)'
    )
    for n in range(PARTITIONS):
        cursor.execute(
            f"CREATE TABLE {COPY}_{n} PARTITION OF {COPY} FOR VALUES WITH (MODULUS {PARTITIONS}, REMAINDER {n})"
        )
    cursor.execute(f"INSERT INTO {COPY} SELECT * FROM metrics_measurement")
    cursor.execute(f"VACUUM ANALYZE {COPY}")


def measure() -> None:
    from itertools import count

    from django.db import connections

    from metrics.models import Measurement
    from metrics.series import metrics_of
    from tests.factories.metrics import MetricFactory, MetricVersionFactory
    from tests.factories.trusts import ValueStreamFactory

    stream: Any = ValueStreamFactory(number=1)
    versions: list[Any] = [
        MetricVersionFactory(metric=MetricFactory(value_stream=stream, name=f"Metric {n}"), collected_often="daily")
        for n in range(METRICS)
    ]
    days = [FIRST + timedelta(n) for n in range(DAYS)]
    Measurement.objects.bulk_create(
        Measurement(version=version, on=day, value=n * 7 % 50) for n, day in enumerate(days) for version in versions
    )
    query = series_query("metrics_measurement", stream.pk)
    cursor = connections["owner"].cursor()
    cursor.execute("VACUUM ANALYZE")
    saved = count()

    def figures() -> dict[str, float]:
        return {
            "reading its series": took(lambda: rows_of(cursor, query)),
            "computing its metrics": took(lambda: metrics_of(stream.pk), times=8),
            "saving one more measurement": took(lambda: one_more(versions[0], next(saved)), times=300),
            "pages": pages_read(cursor, query),
        }

    few = figures()
    fill(cursor, stream, max(ROWS // (METRICS * DAYS) - 1, 1))
    many = figures()
    stored = Measurement.objects.count()
    cursor.execute("SELECT pg_total_relation_size('metrics_measurement'), pg_indexes_size('metrics_measurement')")
    whole, indexes = cursor.fetchone()
    into_partitions(cursor)
    apart = series_query(COPY, stream.pk)
    print(f"{stored:,} measurements, {METRICS * DAYS:,} of them in the value stream that is asked for")
    say("bytes a measurement, indexes included", whole / stored, places=0)
    say("  of them indexes", indexes / stored, places=0)
    say("pages of 8 kB read for its series, against one value stream alone", many["pages"] / few["pages"])
    for what in ("reading its series", "computing its metrics", "saving one more measurement"):
        say(f"{what}, against one value stream alone", many[what] / few[what])
        say("  in milliseconds here", many[what] * 1000)
    plain, parted = took(lambda: rows_of(cursor, query)), took(lambda: rows_of(cursor, apart))
    say(f"reading its series from {PARTITIONS} partitions, against the plain table", parted / plain)
    say("  pages, against the plain table", pages_read(cursor, apart) / pages_read(cursor, query))


if __name__ == "__main__":
    sys.exit(run(measure))
