"""Which tables of metrics the audit page tells, and how their rows are known; and the history of a metric."""

from accounts.history import register_parts
from accounts.trail import OF_TRUSTS
from metrics.models import Annotation, Measurement, Metric, MetricVersion, Recalculation, Retirement, Target


def register() -> None:
    OF_TRUSTS.add(Metric, "value_stream", called="name")
    OF_TRUSTS.add(MetricVersion, "metric", called="metric", name="Definition of a metric")
    OF_TRUSTS.add(Retirement, "metric", called="metric", name="Retirement of a metric")
    OF_TRUSTS.add(Target, "version", called="version", name="Target of a metric")
    OF_TRUSTS.add(Measurement, "version", called="version")
    OF_TRUSTS.add(Recalculation, "version", called="version", name="Recalculation of limits")
    OF_TRUSTS.add(Annotation, "metric", called="text")
    for part, way in (
        (MetricVersion, "metric"),
        (Retirement, "metric"),
        (Annotation, "metric"),
        (Target, "version__metric"),
        (Recalculation, "version__metric"),
        (Measurement, "version__metric"),
    ):
        register_parts(Metric, part, way)
