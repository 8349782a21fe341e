"""What an RPIW measures, and when."""

from decimal import Decimal
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.audit import tracked
from rpiws.models.of_rpiw import OfRpiw, RpiwRecord, marks_its_value_stream
from rpiws.models.rpiw import Rpiw


class Checkpoint(models.TextChoices):
    """When an RPIW is measured. The order here is the order on every page."""

    BASELINE = "baseline", "Baseline"
    REPORT_OUT = "report_out", "Report-out"
    DAY_30 = "day_30", "30 days"
    DAY_60 = "day_60", "60 days"
    DAY_90 = "day_90", "90 days"
    DAY_120 = "day_120", "120 days"
    DAY_365 = "day_365", "365 days (sustained)"
    AFTER = "after", "After, time not published"


class NotComparable(models.TextChoices):
    """What changed, so that readings before and after cannot be compared."""

    START_OR_END = "start_or_end", "the start or end changed"
    SAMPLING = "sampling", "the sampling changed"
    DEFINITION = "definition", "the definition changed"


@tracked()
class Measure(RpiwRecord):
    """One measure of an RPIW, defined before the week."""

    class Kind(models.TextChoices):
        LEAD_TIME = "lead_time", "Lead time"
        DEFECTS = "defects", "Total defects"
        DEFECT_RATIO = "defect_ratio", "Defect ratio"
        SAFETY_5S = "safety_5s", "Environment, health and safety (5S level)"
        WALKING = "walking", "Walking distance"
        INVENTORY = "inventory", "Inventory"
        OWN = "own", "The team's own"

    class Better(models.TextChoices):
        LOWER = "lower", "Lower is better"
        HIGHER = "higher", "Higher is better"
        NEITHER = "neither", "Neither"

    class Statistic(models.TextChoices):
        MEAN = "mean", "mean"
        MEDIAN = "median", "median"

    class DefectBasis(models.TextChoices):
        COUNT = "count", "count over a number of outputs"
        PER_OUTPUT = "per_output", "average per output"
        PER_PERIOD = "per_period", "average per period"

    class Shape(models.TextChoices):
        """How a reading of the team's own measure is written."""

        VALUE = "value", "a number"
        DURATION = "duration", "a time"
        RATIO = "ratio", "a part of a whole"

    USUAL_MOST: ClassVar = 8

    rpiw = models.ForeignKey(Rpiw, on_delete=models.CASCADE, related_name="measures")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=160)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    shape = models.CharField(max_length=8, choices=Shape.choices, default=Shape.VALUE)
    unit = models.CharField(max_length=40, help_text="The one unit in which it is shown: min, h, m, %, cases.")
    better_when = models.CharField(max_length=8, choices=Better.choices)
    target = models.DecimalField(max_digits=16, decimal_places=6, null=True, blank=True)
    statistic = models.CharField(max_length=6, choices=Statistic.choices, default=Statistic.MEAN)
    starts_when = models.CharField("starts when", max_length=200, blank=True)
    ends_when = models.CharField("ends when", max_length=200, blank=True)
    day_hours = models.DecimalField(
        "hours in a day",
        max_digits=4,
        decimal_places=2,
        default=Decimal(24),
        help_text="24 elapsed hours, unless the measure counts working days.",
    )
    defect_basis = models.CharField(max_length=10, choices=DefectBasis.choices, blank=True)
    outputs = models.CharField(max_length=120, blank=True, help_text="What is counted, like staffing records.")
    sampling = models.CharField(max_length=200, blank=True, help_text="How the sample is taken.")
    later_not_comparable = models.CharField(
        max_length=12,
        choices=NotComparable.choices,
        blank=True,
        help_text="What changed after the baseline, so that readings taken since cannot be compared with it.",
    )
    remeasured_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="measures_to_remeasure"
    )
    remeasured_by_post = models.CharField("who remeasures it", max_length=160, blank=True)
    metrics = models.ManyToManyField("metrics.Metric", blank=True, through="MetricServed", related_name="measures")

    objects = OfRpiw.as_manager()

    class Meta:
        ordering: ClassVar = ["position"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["rpiw", "position"],
                name="one_measure_per_position",
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.CheckConstraint(condition=Q(day_hours__gt=0, day_hours__lte=24), name="day_has_up_to_24_hours"),
        ]
        triggers: ClassVar = marks_its_value_stream()

    def __str__(self) -> str:
        return self.name

    @property
    def reading_shape(self) -> str:
        """How its readings are written: a time, a part of a whole, or a number."""
        return {
            self.Kind.LEAD_TIME: self.Shape.DURATION,
            self.Kind.DEFECT_RATIO: self.Shape.RATIO,
            self.Kind.OWN: self.shape,
        }.get(self.Kind(self.kind), self.Shape.VALUE)
