"""Measurements: one value of a metric at one date."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.audit import tracked
from metrics.models.metric import MetricVersion
from metrics.models.of_metric import OfVersion, VersionRecord, marks_value_stream_of_version
from trusts.models import ValueStream


class FileImport(models.Model):
    """A file of measurements that somebody uploaded: its way from columns to rows, and what became of each row."""

    class State(models.TextChoices):
        UPLOADED = "uploaded", "columns to match"
        CHECKING = "checking", "being read"
        CHECKED = "checked", "to be looked at"
        IMPORTING = "importing", "being imported"
        DONE = "done", "imported"
        FAILED = "failed", "not imported"

    value_stream = models.ForeignKey(ValueStream, on_delete=models.PROTECT, related_name="imports")
    name = models.CharField("file", max_length=200)
    layout = models.CharField(max_length=40, help_text="Which reader knows the file.")
    digest = models.CharField(max_length=64, help_text="SHA-256 of the file.")
    content = models.BinaryField(null=True, help_text="The file, until it is imported or given up.")
    columns = models.JSONField(default=dict, help_text="Which column holds what.")
    problems = models.JSONField(default=list, help_text="What is the matter, by row and cell.")
    rows = models.PositiveIntegerField(default=0)
    rows_done = models.PositiveIntegerField(default=0)
    added = models.PositiveIntegerField(default=0)
    corrected = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    rejected = models.PositiveIntegerField(default=0)
    replaces = models.BooleanField("changed values become corrections", default=False)
    differing = models.PositiveIntegerField(default=0, db_default=0, help_text="Recorded already, with another value.")
    reason = models.CharField("why values change", max_length=240, blank=True, default="", db_default="")
    found = models.JSONField(default=dict, db_default={}, help_text="What reading found: entries to look at, notes.")
    rejected_rows = models.JSONField(default=list, db_default=[], help_text="Rows to mend, with what is the matter.")
    attempts = models.PositiveSmallIntegerField(default=0, db_default=0)
    state = models.CharField(max_length=9, choices=State.choices, default=State.UPLOADED)
    failure = models.CharField(max_length=400, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Rows(models.QuerySet["FileImport"]):
        def in_trusts(self, trust_ids: frozenset[int]) -> "FileImport.Rows":
            return self.filter(value_stream__trust_id__in=trust_ids)

    objects = Rows.as_manager()

    class Meta:
        ordering: ClassVar = ["-at"]

    def __str__(self) -> str:
        return self.name

    @property
    def trust_id(self) -> int:
        return self.value_stream.trust_id


@tracked(inserts=False)
class Measurement(VersionRecord):
    """A value in the version's unit, or why there is none. `on` is the first day of the period that it measures.

    Who recorded it, when, and from which file stand in the row itself, so that a bulk load writes no events; updates
    and deletes do.
    """

    class Missing(models.TextChoices):
        SUPPRESSED = "suppressed", "suppressed by the source"
        NOT_COLLECTED = "not_collected", "not collected"
        NOTHING_TO_COUNT = "nothing", "nothing to count"

    # Found by the unique index below, which begins with it.
    version = models.ForeignKey(MetricVersion, on_delete=models.CASCADE, related_name="measurements", db_index=False)
    subgroup = models.CharField(max_length=80, blank=True, help_text="Like a ward or a staff group; empty: the whole.")
    on = models.DateField()
    value = models.DecimalField(max_digits=18, decimal_places=6, null=True, blank=True)
    numerator = models.DecimalField(max_digits=18, decimal_places=4, null=True, blank=True)
    denominator = models.DecimalField(max_digits=18, decimal_places=4, null=True, blank=True)
    missing = models.CharField(max_length=13, choices=Missing.choices, blank=True)
    ghost = models.BooleanField("shown, counted nowhere", default=False)
    note = models.CharField(max_length=240, blank=True)
    correction_reason = models.CharField(max_length=240, blank=True)
    synthetic = models.BooleanField(default=False)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    recorded_at = models.DateTimeField(null=True, blank=True)
    from_file = models.ForeignKey(FileImport, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    row_version = models.PositiveIntegerField(default=1)

    objects = OfVersion.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["version", "subgroup", "on"], include=["value"], name="one_measurement_per_subgroup_and_day"
            ),
            models.CheckConstraint(
                condition=Q(value__isnull=False, missing="") | (Q(value__isnull=True) & ~Q(missing="")),
                name="measurement_is_a_value_or_says_why_not",
            ),
            models.CheckConstraint(
                condition=Q(numerator__isnull=True, denominator__isnull=True)
                | Q(numerator__isnull=False, denominator__isnull=False, denominator__gte=0),
                name="counted_and_out_of_together",
            ),
            models.CheckConstraint(
                condition=Q(recorded_by__isnull=True, recorded_at__isnull=True)
                | Q(recorded_by__isnull=False, recorded_at__isnull=False),
                name="measurement_says_who_and_when_together",
            ),
        ]
        triggers: ClassVar = marks_value_stream_of_version()

    def __str__(self) -> str:
        return f"{self.version} on {self.on}"
