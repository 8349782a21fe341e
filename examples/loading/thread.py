"""The golden thread of the example: which measures serve which metrics, and why some links are openly missing."""

from examples.loading.current import SOURCE
from examples.loading.tables import rows
from metrics.models import Metric
from rpiws.models import Measure, MetricServed, Rpiw
from trusts.models import ValueStream

NOT_PRINTED = "The report does not say which metric of its value stream it was to move."
NOT_NAMED = "It is not named in public sources, so what it serves is not known."


def load_thread(streams: dict[tuple[str, int], ValueStream]) -> None:
    """Links of the generated RPIWs; of what was published, the reason why there is none."""
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
    ValueStream.objects.filter(named_publicly=False).update(why_no_objective=NOT_NAMED)
