"""Readings: one RPIW measure at one checkpoint."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.audit import tracked
from rpiws.models.measures import Checkpoint, Measure, NotComparable
from rpiws.models.rpiw import Rpiw
from snapshots.marks import leaves_marks


def marks_value_stream_of_measure() -> list:
    """Triggers for a table with a foreign key `measure`."""
    return leaves_marks(
        kind="value_stream",
        scope="r.value_stream_id",
        joins="JOIN rpiws_measure m ON m.id = changed.measure_id JOIN rpiws_rpiw r ON r.id = m.rpiw_id",
    )


class MeasureRecord(models.Model):
    """A record of one measure answers for its trust as the measure does."""

    class Meta:
        abstract = True

    @property
    def trust_id(self) -> int:
        return self.measure.trust_id  # type: ignore[attr-defined]

    @property
    def value_stream_id(self) -> int:
        return self.measure.value_stream_id  # type: ignore[attr-defined]

    def is_of(self, user_id: int) -> bool:
        return self.measure.is_of(user_id)  # type: ignore[attr-defined]


class OfMeasure(models.QuerySet):
    """Rows with a foreign key `measure`."""

    def in_trusts(self, trust_ids: frozenset[int]) -> "OfMeasure":
        return self.filter(measure__rpiw__value_stream__trust_id__in=trust_ids)


@tracked()
class Reading(MeasureRecord):
    """A value, or why there is none. Lead times are minutes; ratios are parts of 1."""

    class NotMeasured(models.TextChoices):
        TOO_EARLY = "too_early", "it takes longer to count"
        NO_CASES = "no_cases", "there were no cases"
        STAFFING = "staffing", "nobody was free to measure"
        STOOD_DOWN = "stood_down", "the work was stood down"
        PROCESS_CHANGED = "process_changed", "the process no longer exists in this form"
        OTHER = "other", "another reason"

    NotComparable = NotComparable

    measure = models.ForeignKey(Measure, on_delete=models.CASCADE, related_name="readings")
    checkpoint = models.CharField(max_length=10, choices=Checkpoint.choices)
    value = models.DecimalField(max_digits=18, decimal_places=6, null=True, blank=True)
    numerator = models.DecimalField(max_digits=14, decimal_places=4, null=True, blank=True)
    denominator = models.DecimalField(max_digits=14, decimal_places=4, null=True, blank=True)
    sample_size = models.PositiveIntegerField(null=True, blank=True)
    entered_as = models.CharField(max_length=400, blank=True, help_text="What was typed.")
    not_measured = models.CharField(max_length=16, choices=NotMeasured.choices, blank=True)
    not_measured_note = models.CharField(max_length=240, blank=True)
    measured_on = models.DateField(null=True, blank=True, help_text="The true day, the last of the period observed.")
    period = models.CharField("period observed", max_length=80, blank=True)
    note = models.CharField(max_length=400, blank=True)
    simulated = models.BooleanField(default=False, help_text="Only at report-out.")
    retrospective = models.BooleanField(default=False, help_text="A baseline recorded after the week had started.")
    not_comparable = models.CharField(max_length=12, choices=NotComparable.choices, blank=True)
    correction_reason = models.CharField(max_length=240, blank=True, help_text="Why the last correction was made.")
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    recorded_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    synthetic = models.BooleanField(default=False)
    source = models.CharField(max_length=240, blank=True)

    objects = OfMeasure.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["measure", "checkpoint"], name="one_reading_per_measure_and_checkpoint"),
            models.CheckConstraint(
                condition=Q(value__isnull=False, not_measured="") | (Q(value__isnull=True) & ~Q(not_measured="")),
                name="reading_is_a_value_or_says_why_not",
            ),
            models.CheckConstraint(
                condition=Q(numerator__isnull=True, denominator__isnull=True)
                | Q(numerator__isnull=False, denominator__isnull=False, denominator__gt=0),
                name="numerator_and_denominator_together",
            ),
            models.CheckConstraint(
                condition=Q(recorded_by__isnull=True, recorded_at__isnull=True)
                | Q(recorded_by__isnull=False, recorded_at__isnull=False),
                name="reading_says_who_and_when_together",
            ),
            models.CheckConstraint(
                condition=Q(simulated=False) | Q(checkpoint="report_out"), name="only_report_out_is_simulated"
            ),
            models.CheckConstraint(
                condition=~Q(not_measured="other") | ~Q(not_measured_note=""), name="another_reason_is_written_out"
            ),
        ]
        triggers: ClassVar = marks_value_stream_of_measure()

    def __str__(self) -> str:
        return f"{self.measure}, {self.get_checkpoint_display()}"


@tracked()
class Observation(MeasureRecord):
    """One timing or count as it comes from paper: part of a reading, or taken between checkpoints."""

    measure = models.ForeignKey(Measure, on_delete=models.CASCADE, related_name="observations")
    reading = models.ForeignKey(Reading, null=True, blank=True, on_delete=models.CASCADE, related_name="observations")
    observed_on = models.DateField(null=True, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    value = models.DecimalField(max_digits=18, decimal_places=6)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    recorded_at = models.DateTimeField(null=True, blank=True)

    objects = OfMeasure.as_manager()

    class Meta:
        ordering: ClassVar = ["observed_on", "position", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(reading__isnull=False) | Q(observed_on__isnull=False),
                name="observation_between_checkpoints_has_its_day",
            )
        ]
        triggers: ClassVar = marks_value_stream_of_measure()

    def __str__(self) -> str:
        return f"{self.value}"


class GridSave(models.Model):
    """A save of the grid that took place: the same key twice saves once."""

    key = models.UUIDField(unique=True)
    rpiw = models.ForeignKey(Rpiw, on_delete=models.CASCADE, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()
    summary = models.CharField(max_length=200)

    def __str__(self) -> str:
        return f"{self.rpiw_id} at {self.at}"


class Reminder(models.Model):
    """A reminder that was sent, so that none is sent twice."""

    rpiw = models.ForeignKey(Rpiw, on_delete=models.CASCADE, related_name="reminders")
    checkpoint = models.CharField(max_length=10, choices=Checkpoint.choices)
    to = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    occasion = models.CharField(max_length=12, help_text="soon, due, late or never")
    sent_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["rpiw", "checkpoint", "to", "occasion"], name="one_reminder_per_occasion")
        ]

    def __str__(self) -> str:
        return f"{self.occasion}: {self.checkpoint}"
