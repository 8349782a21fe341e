"""The golden thread of the example: which measures serve which metrics, and why some links are openly missing."""

from datetime import date, timedelta

from examples.loading.current import SOURCE
from examples.loading.tables import months_ago, rows
from metrics.models import Metric
from rpiws.models import Measure, MetricServed, Rpiw
from trusts.models import StandDown, ValueStream

NOT_PRINTED = "The report does not say which metric of its value stream it was to move."
NOT_NAMED = "It is not named in public sources, so what it serves is not known."


def load_thread(streams: dict[tuple[str, int], ValueStream], *, today: date) -> None:
    """Links of the generated RPIWs; of what was published, the reason why there is none. And a stand-down within the
    generated series, so that their charts show one."""
    generated = Measure.objects.filter(rpiw__source=SOURCE).select_related("rpiw")
    measures = {(one.rpiw.value_stream_id, one.rpiw.process, one.name): one for one in generated}
    metrics = {(one.value_stream_id, one.name): one for one in Metric.objects.all()}
    MetricServed.objects.bulk_create(
        MetricServed(
            measure=measures[stream.pk, row["process"], row["measure"]], metric=metrics[stream.pk, row["metric"]]
        )
        for row in rows("metrics_served.csv")
        for stream in [streams[row["trust"], int(row["value_stream_number"])]]
    )
    Rpiw.objects.exclude(source=SOURCE).update(why_no_metric=NOT_PRINTED)
    theatres = streams["UHCW", 2]
    StandDown.objects.create(
        trust=theatres.trust,
        value_stream=theatres,
        started=months_ago(12, today),
        ended=months_ago(11, today) - timedelta(days=1),
        reason=StandDown.Reason.OTHER,
        explanation="The ventilation of the urology theatre was renewed",
        decided_by="Transformation Guidance Team",
        synthetic=True,
        source=SOURCE,
    )
    ValueStream.objects.filter(named_publicly=False).update(why_no_objective=NOT_NAMED)
