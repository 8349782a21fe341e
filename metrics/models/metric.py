"""Metrics and the versions of their definitions."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from functools import reduce
from operator import or_
from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.audit import tracked
from metrics.models.of_metric import (
    MetricRecord,
    OfMetric,
    OfVersion,
    VersionRecord,
    marks_value_stream_of_metric,
    marks_value_stream_of_version,
)
from snapshots.marks import leaves_marks
from trusts.models import Objective, ValueStream


class Category(models.TextChoices):
    """The five, in the order in which a value stream's table shows them."""

    QUALITY = "quality", "quality"
    SERVICE = "service", "service"
    DELIVERY = "delivery", "delivery"
    MORALE = "morale", "morale"
    COST = "cost", "cost, as waste removed"


class Unit(models.TextChoices):
    """What one is. Values are stored and shown in the unit; a percentage is a number of hundredths, like 84.2."""

    PERCENT = "percent", "%"
    COUNT = "count", "number"
    RATE = "rate", "per 1,000"
    MINUTES = "minutes", "minutes"
    HOURS = "hours", "hours"
    DAYS = "days", "days"
    POUNDS = "pounds", "£"
    SCORE = "score", "score"


class BetterWhen(models.TextChoices):
    LOWER = "lower", "lower is better"
    HIGHER = "higher", "higher is better"
    NEITHER = "neither", "neither is better"


class Often(models.TextChoices):
    """How often there is a measurement. A period is dated by its first day."""

    DAILY = "daily", "every day"
    WEEKLY = "weekly", "every week"
    MONTHLY = "monthly", "every month"
    QUARTERLY = "quarterly", "every quarter"


class Metrics(models.QuerySet["Metric"]):
    def in_trusts(self, trust_ids: frozenset[int]) -> "Metrics":
        return self.filter(value_stream__trust_id__in=trust_ids)


@tracked()
class Metric(models.Model):
    """What a value stream watches over time. Its definition may change: each has its own version and series."""

    value_stream = models.ForeignKey(ValueStream, on_delete=models.PROTECT, related_name="metrics")
    category = models.CharField(max_length=8, choices=Category.choices)
    name = models.CharField(max_length=120)
    objective = models.ForeignKey(
        Objective, null=True, blank=True, on_delete=models.SET_NULL, related_name="metrics", verbose_name="objective"
    )
    no_objective_because = models.CharField(
        "why it serves no objective", max_length=240, blank=True, help_text="Or what you still want to find out."
    )
    cut_of = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="narrower",
        verbose_name="narrower cut of",
        help_text="The broader metric of which this watches the part that the work touches.",
    )
    position = models.PositiveSmallIntegerField(default=0)
    retired_on = models.DateField(null=True, blank=True)
    synthetic = models.BooleanField(default=False)
    row_version = models.PositiveIntegerField(default=1)

    objects = Metrics.as_manager()

    class Meta:
        ordering: ClassVar = ["value_stream", "category", "position", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["value_stream", "name"], name="one_metric_per_name"),
            models.CheckConstraint(condition=~Q(cut_of=models.F("id")), name="metric_is_no_cut_of_itself"),
        ]
        triggers: ClassVar = leaves_marks(kind="value_stream", scope="changed.value_stream_id")

    def __str__(self) -> str:
        return self.name

    @property
    def trust_id(self) -> int:
        return self.value_stream.trust_id

    @property
    def definition(self) -> "MetricVersion | None":
        """The newest definition that is agreed; None while none is."""
        return next((version for version in reversed(self.versions.all()) if version.is_in_force), None)

    @property
    def last_period(self) -> date | None:
        """The first day of the last period that holds a measurement, under any definition."""
        return self.versions.aggregate(last=models.Max("measurements__on"))["last"]

    def is_of(self, user_id: int) -> bool:
        """Whether the person sponsors its value stream."""
        return self.value_stream.executive_sponsor_id == user_id


DEFINED = (
    "numerator",
    "denominator",
    "exclusions",
    "data_source",
    "collected_how",
    "collected_often",
    "owner",
    "unit",
    "decimals",
    "better_when",
)
"""What a definition says, in the order of forms and of the comparison."""

OF_THE_WORK = ("activity", "touched", "activity_unit", "hoped")
"""What the work touches and hopes for. It is no part of a definition, and is asked for beside one."""

DEFINITION = (
    "metric",
    "number",
    "applies_from",
    *DEFINED,
    "reason",
    "back_cast",
    "proposed_by",
    "proposed_at",
    "agreed_by",
    "agreed_at",
    "decision",
)
"""What is fixed once it is agreed: not OF_THE_WORK, nor how many points fix the limits."""


def _any_differs(names: Sequence[str]) -> pgtrigger.Q:
    differs = [pgtrigger.Q(**{f"old__{name}__df": pgtrigger.F(f"new__{name}")}) for name in names]
    return reduce(or_, differs)


def _declined_says_who_and_why(what: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=Q(declined_by__isnull=True, declined_at__isnull=True)
        | (Q(declined_by__isnull=False, declined_at__isnull=False, agreed_at__isnull=True) & ~Q(decision="")),
        name=f"declined_{what}_says_who_and_why",
    )


class Versions(OfMetric):
    def in_force(self) -> "Versions":
        return self.filter(agreed_at__isnull=False)

    def waiting(self) -> "Versions":
        """Proposed, and neither agreed nor declined."""
        return self.filter(agreed_at__isnull=True, declined_at__isnull=True)


class Retirements(OfMetric):
    def waiting(self) -> "Retirements":
        """Proposed, and neither agreed nor declined."""
        return self.filter(agreed_at__isnull=True, declined_at__isnull=True)


@tracked()
class MetricVersion(MetricRecord):
    """One operational definition of a metric, and the start of a series of its own.

    The first is agreed with the metric; each later one is an amendment: proposed with a reason and a from-date, in
    force when the executive sponsor agrees. touched of activity is the share that the work touches, like 1 of 30
    theatres; hoped is the value hoped for there.
    """

    metric = models.ForeignKey(Metric, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField()
    applies_from = models.DateField(null=True, blank=True, help_text="Empty: from its first measurement.")
    numerator = models.CharField("what is counted or measured", max_length=240)
    denominator = models.CharField("out of", max_length=240, blank=True)
    exclusions = models.CharField("left out", max_length=240, blank=True)
    data_source = models.CharField("source", max_length=160)
    collected_how = models.CharField("how it is collected", max_length=240)
    collected_often = models.CharField("how often", max_length=9, choices=Often.choices, default=Often.MONTHLY)
    owner = models.CharField("who owns it", max_length=120, help_text="A role, like Theatre matron.")
    unit = models.CharField(max_length=8, choices=Unit.choices)
    decimals = models.PositiveSmallIntegerField("decimal places shown", default=1)
    better_when = models.CharField(max_length=7, choices=BetterWhen.choices)
    activity = models.PositiveIntegerField(null=True, blank=True, help_text="Like the 30 theatres it counts.")
    touched = models.PositiveIntegerField(null=True, blank=True, help_text="Like the 1 theatre the work touches.")
    activity_unit = models.CharField(max_length=60, blank=True, help_text="Like theatres.")
    hoped = models.DecimalField(
        "value hoped for where the work is", max_digits=18, decimal_places=6, null=True, blank=True
    )
    baseline_points = models.PositiveSmallIntegerField(
        "limits fixed by the first", null=True, blank=True, help_text="So many points; empty: all points make limits."
    )
    reason = models.TextField("why it is amended", blank=True)
    back_cast = models.BooleanField("earlier periods can be computed anew", default=False)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    proposed_at = models.DateTimeField(null=True, blank=True)
    agreed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    agreed_at = models.DateTimeField(null=True, blank=True)
    declined_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    declined_at = models.DateTimeField(null=True, blank=True)
    decision = models.TextField("what the executive sponsor said", blank=True, db_default="")
    row_version = models.PositiveIntegerField(default=1)

    objects = Versions.as_manager()

    class Meta:
        ordering: ClassVar = ["metric", "number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["metric", "number"], name="one_definition_per_number"),
            models.CheckConstraint(
                condition=Q(number=1) | (~Q(reason="") & Q(applies_from__isnull=False)),
                name="amendment_has_a_reason_and_a_date",
            ),
            models.CheckConstraint(
                condition=Q(activity__isnull=True, touched__isnull=True)
                | Q(activity__gt=0, touched__gt=0, touched__lte=models.F("activity")),
                name="touched_is_part_of_the_activity",
            ),
            models.CheckConstraint(
                condition=Q(proposed_by__isnull=True, proposed_at__isnull=True)
                | Q(proposed_by__isnull=False, proposed_at__isnull=False),
                name="version_says_who_proposed_and_when",
            ),
            models.CheckConstraint(
                condition=Q(agreed_by__isnull=True) | Q(agreed_at__isnull=False),
                name="version_says_who_agreed_and_when",
            ),
            models.CheckConstraint(
                condition=Q(baseline_points__isnull=True) | Q(baseline_points__gte=12),
                name="baseline_has_twelve_points_or_more",
            ),
            models.UniqueConstraint(
                fields=["metric"],
                condition=Q(agreed_at__isnull=True, declined_at__isnull=True),
                name="one_open_amendment_per_metric",
            ),
            _declined_says_who_and_why("amendment"),
        ]
        triggers: ClassVar = [
            *marks_value_stream_of_metric(),
            pgtrigger.Protect(
                name="agreed_definition_never_changes",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__agreed_at__isnull=False) & _any_differs(DEFINITION),
            ),
            pgtrigger.Protect(
                name="agreed_definition_never_goes",
                operation=pgtrigger.Delete,
                condition=pgtrigger.Q(old__agreed_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.metric}, definition {self.number}"

    @property
    def is_in_force(self) -> bool:
        return self.agreed_at is not None

    @property
    def is_open(self) -> bool:
        """Proposed, and neither agreed nor declined."""
        return self.agreed_at is None and self.declined_at is None

    @property
    def share_touched(self) -> Decimal | None:
        """The part of its activity that the work touches, 0 to 1; None when nobody has said."""
        if self.activity is None or self.touched is None:
            return None
        return Decimal(self.touched) / self.activity


@tracked()
class Retirement(MetricRecord):
    """That a metric is to be watched no longer: proposed with a reason, so when the executive sponsor agrees."""

    metric = models.ForeignKey(Metric, on_delete=models.CASCADE, related_name="retirements")
    last_day = models.DateField()
    reason = models.TextField()
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    agreed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    agreed_at = models.DateTimeField(null=True, blank=True)
    declined_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    declined_at = models.DateTimeField(null=True, blank=True)
    decision = models.TextField("what the executive sponsor said", blank=True, db_default="")

    objects = Retirements.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(reason=""), name="retirement_has_a_reason"),
            models.CheckConstraint(
                condition=Q(agreed_by__isnull=True, agreed_at__isnull=True)
                | Q(agreed_by__isnull=False, agreed_at__isnull=False),
                name="retirement_says_who_agreed_and_when",
            ),
            models.UniqueConstraint(
                fields=["metric"],
                condition=Q(agreed_at__isnull=True, declined_at__isnull=True),
                name="one_open_retirement_per_metric",
            ),
            _declined_says_who_and_why("retirement"),
        ]
        triggers: ClassVar = [
            *marks_value_stream_of_metric(),
            pgtrigger.Protect(
                name="agreed_retirement_never_changes",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__agreed_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.metric} until {self.last_day}"

    @property
    def is_open(self) -> bool:
        """Proposed, and neither agreed nor declined."""
        return self.agreed_at is None and self.declined_at is None


@tracked()
class Target(VersionRecord):
    """What is aimed at from a day on, in the version's unit; a later one is a step."""

    version = models.ForeignKey(MetricVersion, on_delete=models.CASCADE, related_name="targets")
    starts = models.DateField()
    value = models.DecimalField(max_digits=18, decimal_places=6)

    objects = OfVersion.as_manager()

    class Meta:
        ordering: ClassVar = ["starts"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["version", "starts"], name="one_target_per_day")]
        triggers: ClassVar = marks_value_stream_of_version()

    def __str__(self) -> str:
        return f"{self.value:g} from {self.starts}"


def target_on(targets: list[Target], day: date) -> Target | None:
    """The target in force on a day, of targets in order of their start."""
    return next((target for target in reversed(targets) if target.starts <= day), None)
