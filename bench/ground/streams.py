"""Value streams for the benchmarks: measured ones made as in the tests, further ones put in by the thousand."""

from typing import Any

from django.db import connections, models

MEASURES, CHECKPOINTS = 8, ("baseline", "day_30")
METRICS, MONTHS = 3, 24


def value_stream(*, rpiws: int, **facts: Any) -> Any:
    """A value stream with 8 measures for each RPIW and two readings for each measure, and with three metrics of two
    years; one of its readings."""
    from tests.factories.metrics import MetricFactory, MetricVersionFactory, series
    from tests.factories.rpiws import MeasureFactory, ReadingFactory, RpiwFactory
    from tests.factories.trusts import ValueStreamFactory

    stream: Any = ValueStreamFactory(**facts)
    reading: Any = None
    for _ in range(rpiws):
        rpiw = RpiwFactory(value_stream=stream, following_up=True)
        for _ in range(MEASURES):
            measure = MeasureFactory(rpiw=rpiw)
            for checkpoint in CHECKPOINTS:
                reading = ReadingFactory(measure=measure, checkpoint=checkpoint)
    for _ in range(METRICS):
        version: Any = MetricVersionFactory(metric=MetricFactory(value_stream=stream))
        series(version, [20 + n % 5 for n in range(MONTHS)])
    return reading


def fill(*, to: int, of: Any) -> tuple[int, int]:
    """Fill the database up to so many readings and as many measurements, in value streams of at most 2,000 of each
    beside `of`; how many there are of each.

    As the tables' owner, by set and past no trigger: each row leaves its events and marks. The marks are then taken
    away, because a database that has stood for a while has none.
    """
    from metrics.models import Measurement, Metric, MetricVersion
    from rpiws.models import Measure, Reading, Rpiw
    from snapshots.models import ChangeMark
    from trusts.models import ValueStream

    reading: Any = value_stream(rpiws=1, name=f"Filled {to}", trust=of.trust)
    rpiw = reading.measure.rpiw
    rpiws = max(to - Reading.objects.count(), 0) // (MEASURES * len(CHECKPOINTS))
    streams = -(-rpiws // 125)
    per_stream = rpiws // max(streams, 1)
    filled = f"s.name LIKE 'Filled {to}, %'"
    with connections["owner"].cursor() as cursor:

        def copy(table: type[models.Model], source: str, **other: str) -> None:
            """`source` is SQL for what is copied, as `source`; `other` says, as SQL, what differs."""
            columns = [str(field.column) for field in table._meta.concrete_fields if not field.primary_key]
            values = [other.get(column, f'source."{column}"') for column in columns]
            named = ", ".join(f'"{column}"' for column in columns)
            into = f"INSERT INTO {table._meta.db_table} ({named})"
            cursor.execute(f"{into} SELECT {', '.join(values)} FROM {source}")

        tables = {"s": ValueStream._meta.db_table, "r": Rpiw._meta.db_table, "m": Measure._meta.db_table}
        copy(
            ValueStream,
            f"{tables['s']} source, generate_series(1, {streams}) n WHERE source.id = {rpiw.value_stream_id}",
            number=f"n + {ValueStream.objects.count() + 1}",
            name=f"'Filled {to}, ' || n",
        )
        copy(
            Rpiw,
            f"{tables['r']} source, {tables['s']} s, generate_series(1, {per_stream}) n"
            f" WHERE source.id = {rpiw.pk} AND {filled}",
            value_stream_id="s.id",
            number="n",
        )
        copy(
            Measure,
            f"{tables['m']} source, {tables['r']} r JOIN {tables['s']} s ON s.id = r.value_stream_id"
            f" WHERE source.rpiw_id = {rpiw.pk} AND {filled}",
            rpiw_id="r.id",
        )
        copy(
            Reading,
            f"{Reading._meta.db_table} source, {tables['m']} m JOIN {tables['r']} r ON r.id = m.rpiw_id"
            f" JOIN {tables['s']} s ON s.id = r.value_stream_id"
            f" WHERE source.measure_id = {reading.measure_id} AND {filled}",
            measure_id="m.id",
        )
        version = rpiw.value_stream.metrics.first().versions.get()
        days = max(to - Measurement.objects.count(), 0) // max(streams, 1) // 2
        tables |= {"metric": Metric._meta.db_table, "version": MetricVersion._meta.db_table}
        copy(
            Metric,
            f"{tables['metric']} source, {tables['s']} s, generate_series(1, 2) n"
            f" WHERE source.id = {version.metric_id} AND {filled}",
            value_stream_id="s.id",
            name="'Metric ' || n",
        )
        of_filled = f"JOIN {tables['metric']} m ON m.value_stream_id = s.id"
        copy(
            MetricVersion,
            f"{tables['version']} source, {tables['s']} s {of_filled} WHERE source.id = {version.pk} AND {filled}",
            metric_id="m.id",
        )
        copy(
            Measurement,
            f"{Measurement._meta.db_table} source, {tables['s']} s {of_filled}"
            f" JOIN {tables['version']} v ON v.metric_id = m.id, generate_series(1, {days}) n"
            f" WHERE source.id = {version.measurements.first().pk} AND {filled}",
            version_id="v.id",
            on="DATE '2015-01-01' + n",
        )
        cursor.execute("VACUUM ANALYZE")
    ChangeMark.objects.all().delete()
    return Reading.objects.count(), Measurement.objects.count()
