from metrics.models.marks_on_charts import Annotation, Recalculation
from metrics.models.measurements import FileImport, Measurement
from metrics.models.metric import (
    BetterWhen,
    Category,
    Metric,
    MetricVersion,
    Often,
    Retirement,
    Target,
    Unit,
    target_on,
)

__all__ = [
    "Annotation",
    "BetterWhen",
    "Category",
    "FileImport",
    "Measurement",
    "Metric",
    "MetricVersion",
    "Often",
    "Recalculation",
    "Retirement",
    "Target",
    "Unit",
    "target_on",
]
