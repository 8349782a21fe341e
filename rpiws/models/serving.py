"""Which metrics of its value stream a measure serves: the last link of the golden thread."""

from typing import ClassVar

import pgtrigger
from django.db import models

from accounts.audit import tracked
from metrics.models import Metric
from rpiws.models.measures import Measure
from rpiws.models.readings import MeasureRecord, OfMeasure, marks_value_stream_of_measure

_OF_ITS_OWN_VALUE_STREAM = """
IF NOT EXISTS (
    SELECT 1 FROM rpiws_measure m JOIN rpiws_rpiw r ON r.id = m.rpiw_id
    JOIN metrics_metric k ON k.value_stream_id = r.value_stream_id
    WHERE m.id = NEW.measure_id AND k.id = NEW.metric_id
) THEN
    RAISE EXCEPTION 'A measure serves metrics of its own value stream' USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
"""


@tracked()
class MetricServed(MeasureRecord):
    """That a measure of an RPIW serves a metric of the same value stream."""

    measure = models.ForeignKey(Measure, on_delete=models.CASCADE, related_name="served")
    metric = models.ForeignKey(Metric, on_delete=models.CASCADE, related_name="served_by")

    objects = OfMeasure.as_manager()

    class Meta:
        verbose_name = "metric served"
        verbose_name_plural = "metrics served"
        constraints: ClassVar = [models.UniqueConstraint(fields=["measure", "metric"], name="metric_served_once")]
        triggers: ClassVar = [
            *marks_value_stream_of_measure(),
            pgtrigger.Trigger(
                name="metric_of_the_own_value_stream",
                operation=pgtrigger.Insert | pgtrigger.Update,
                when=pgtrigger.Before,
                func=_OF_ITS_OWN_VALUE_STREAM,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.measure} serves {self.metric}"
