"""What people write onto a metric's chart: a recalculation of its limits, and annotations."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.audit import tracked
from metrics.models.metric import Metric, MetricVersion
from metrics.models.of_metric import (
    MetricRecord,
    OfMetric,
    OfVersion,
    VersionRecord,
    marks_value_stream_of_metric,
    marks_value_stream_of_version,
)


@tracked()
class Recalculation(VersionRecord):
    """From this point on the limits are computed anew: the process changed. Always a named person's decision."""

    version = models.ForeignKey(MetricVersion, on_delete=models.CASCADE, related_name="recalculations")
    on = models.DateField(help_text="The date of the first point of the changed process.")
    cause = models.CharField("what changed", max_length=240)
    reason = models.CharField("why the limits should follow", max_length=400)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_because = models.CharField(max_length=240, blank=True)

    objects = OfVersion.as_manager()

    class Meta:
        ordering: ClassVar = ["on"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["version", "on"], condition=Q(withdrawn_at__isnull=True), name="one_recalculation_per_date"
            ),
            models.CheckConstraint(
                condition=~Q(cause="") & ~Q(reason=""), name="recalculation_has_a_cause_and_a_reason"
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_by__isnull=True, withdrawn_at__isnull=True, withdrawn_because="")
                | (Q(withdrawn_by__isnull=False, withdrawn_at__isnull=False) & ~Q(withdrawn_because="")),
                name="withdrawal_says_who_when_and_why",
            ),
        ]
        triggers: ClassVar = marks_value_stream_of_version()

    def __str__(self) -> str:
        return f"{self.version}, limits anew from {self.on}"


@tracked()
class Annotation(MetricRecord):
    """A remark at a date on a metric's chart."""

    metric = models.ForeignKey(Metric, on_delete=models.CASCADE, related_name="annotations")
    on = models.DateField()
    text = models.CharField(max_length=160)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(null=True, blank=True)

    objects = OfMetric.as_manager()

    class Meta:
        ordering: ClassVar = ["on", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(by__isnull=True, at__isnull=True) | Q(by__isnull=False, at__isnull=False),
                name="annotation_says_who_and_when_together",
            )
        ]
        triggers: ClassVar = marks_value_stream_of_metric()

    def __str__(self) -> str:
        return self.text
