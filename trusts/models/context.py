"""What a trust lived through: ratings, leaders, regulatory periods, stand-downs."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from accounts.audit import tracked
from snapshots.marks import leaves_marks
from trusts.models.dates import PrecisionField
from trusts.models.partnership import InTrust, Trust
from trusts.models.value_streams import ValueStream

_MARKS_TRUST = {"kind": "trust", "scope": "changed.trust_id"}


class ContextFact(models.Model):
    """A fact of one trust, with the source that states it."""

    source = models.CharField(max_length=240, blank=True, help_text="Where this is stated.")

    objects = InTrust.as_manager()

    class Meta:
        abstract = True


def _ends_after_start(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(condition=Q(ended__isnull=True) | Q(ended__gte=F("started")), name=name)


@tracked()
class Headcount(ContextFact):
    trust = models.ForeignKey(Trust, on_delete=models.CASCADE, related_name="headcounts")
    people = models.PositiveIntegerField()
    counted = models.DateField(null=True, blank=True)
    counted_precision = PrecisionField()

    class Meta:
        ordering: ClassVar = ["counted", "pk"]
        triggers: ClassVar = leaves_marks(**_MARKS_TRUST)

    def __str__(self) -> str:
        return f"{self.people} people"


@tracked()
class CqcRating(ContextFact):
    """An overall rating by the Care Quality Commission, in its four words."""

    class Rating(models.TextChoices):
        OUTSTANDING = "outstanding", "Outstanding"
        GOOD = "good", "Good"
        REQUIRES_IMPROVEMENT = "requires_improvement", "Requires improvement"
        INADEQUATE = "inadequate", "Inadequate"

    trust = models.ForeignKey(Trust, on_delete=models.CASCADE, related_name="cqc_ratings")
    rating = models.CharField(max_length=20, choices=Rating.choices)
    rated = models.DateField()
    rated_precision = PrecisionField()

    class Meta:
        ordering: ClassVar = ["rated"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["trust", "rated"], name="one_cqc_rating_per_day")]
        triggers: ClassVar = leaves_marks(**_MARKS_TRUST)

    def __str__(self) -> str:
        return self.get_rating_display()


@tracked()
class ChiefExecutive(ContextFact):
    trust = models.ForeignKey(Trust, on_delete=models.CASCADE, related_name="chief_executives")
    name = models.CharField(max_length=120)
    interim = models.BooleanField(default=False)
    started = models.DateField()
    started_precision = PrecisionField()
    ended = models.DateField(null=True, blank=True)
    ended_precision = PrecisionField()

    class Meta:
        ordering: ClassVar = ["started"]
        constraints: ClassVar = [_ends_after_start("chief_executive_ends_after_start")]
        triggers: ClassVar = leaves_marks(**_MARKS_TRUST)

    def __str__(self) -> str:
        return f"{self.name}, interim" if self.interim else self.name


@tracked()
class CulturalWork(ContextFact):
    """Values-based work on the trust's culture."""

    trust = models.ForeignKey(Trust, on_delete=models.CASCADE, related_name="cultural_work")
    name = models.CharField(max_length=240)
    started = models.DateField(null=True, blank=True)
    started_precision = PrecisionField()
    ended = models.DateField(null=True, blank=True)
    ended_precision = PrecisionField()

    class Meta:
        ordering: ClassVar = ["started"]
        verbose_name_plural = "cultural work"
        triggers: ClassVar = leaves_marks(**_MARKS_TRUST)

    def __str__(self) -> str:
        return self.name


@tracked()
class RegulatoryPeriod(ContextFact):
    class Kind(models.TextChoices):
        QUALITY = "quality", "Quality"
        FINANCIAL = "financial", "Financial"
        OVERSIGHT = "oversight", "Oversight segment"
        ENFORCEMENT = "enforcement", "Enforcement"

    trust = models.ForeignKey(Trust, on_delete=models.CASCADE, related_name="regulatory_periods")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    body = models.CharField(max_length=120, help_text="Who imposed it, like NHS Improvement.")
    description = models.CharField(max_length=240, blank=True)
    started = models.DateField()
    started_precision = PrecisionField()
    ended = models.DateField(null=True, blank=True)
    ended_precision = PrecisionField()

    class Meta:
        ordering: ClassVar = ["started"]
        constraints: ClassVar = [_ends_after_start("regulatory_period_ends_after_start")]
        triggers: ClassVar = leaves_marks(**_MARKS_TRUST)

    def __str__(self) -> str:
        return self.description or self.get_kind_display()


@tracked()
class StandDown(ContextFact):
    """Some improvement work stopped for a time: of a whole trust, or of one value stream."""

    class Reason(models.TextChoices):
        REGULATORY_ACTION = "regulatory_action", "regulatory action"
        STAFFING = "staffing", "staffing"
        PANDEMIC = "pandemic", "pandemic"
        LEADERSHIP = "leadership", "leadership"
        OTHER = "other", "other"

    trust = models.ForeignKey(Trust, on_delete=models.CASCADE, related_name="stand_downs")
    value_stream = models.ForeignKey(
        ValueStream, null=True, blank=True, on_delete=models.CASCADE, related_name="stand_downs"
    )
    started = models.DateField("from")
    ended = models.DateField("to", null=True, blank=True)
    stops_rpiws = models.BooleanField("RPIWs", default=True)
    stops_training = models.BooleanField("training", default=False)
    stops_daily_work = models.BooleanField("daily work", default=False)
    reason = models.CharField(max_length=20, choices=Reason.choices)
    explanation = models.CharField(max_length=240, blank=True)
    decided_by = models.CharField(max_length=120, help_text="The post or body that decided.")
    synthetic = models.BooleanField(default=False)

    class Meta:
        ordering: ClassVar = ["started"]
        constraints: ClassVar = [
            _ends_after_start("stand_down_ends_after_start"),
            models.CheckConstraint(
                condition=Q(stops_rpiws=True) | Q(stops_training=True) | Q(stops_daily_work=True),
                name="stand_down_stops_something",
            ),
        ]
        triggers: ClassVar = [
            *leaves_marks(**_MARKS_TRUST),
            # A trust's stand-down shows on each of its value streams.
            *leaves_marks(
                kind="value_stream",
                scope="vs.id",
                joins="JOIN trusts_valuestream vs ON vs.trust_id = changed.trust_id"
                " AND (changed.value_stream_id IS NULL OR vs.id = changed.value_stream_id)",
            ),
        ]

    def __str__(self) -> str:
        return f"Stand-down from {self.started}"
