"""Value streams: linked sets of processes that deliver an outcome to a patient."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.audit import tracked
from snapshots.marks import leaves_marks
from trusts.models.dates import PrecisionField
from trusts.models.partnership import InTrust, Objective, Trust


@tracked()
class ValueStream(models.Model):
    class Chosen(models.TextChoices):
        TOP_DOWN = "top_down", "top-down"
        BOTTOM_UP = "bottom_up", "bottom-up"
        NOT_KNOWN = "not_known", "not known"

    class Bounds(models.TextChoices):
        SELF_CONTAINED = "self_contained", "self-contained"
        ENTANGLED = "entangled", "entangled with other services"
        NOT_KNOWN = "not_known", "not known"

    class Status(models.TextChoices):
        ACTIVE = "active", "active"
        COMPLETED = "completed", "completed"
        STOPPED = "stopped", "stopped"

    trust = models.ForeignKey(Trust, on_delete=models.PROTECT, related_name="value_streams")
    number = models.PositiveSmallIntegerField(help_text="In the order in which the trust chose them.")
    name = models.CharField(max_length=120)
    named_publicly = models.BooleanField(default=True)
    executive_sponsor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="sponsored_value_streams",
    )
    sponsor_title = models.CharField(max_length=120, blank=True, help_text="The sponsor's post, like Chief Nurse.")
    objectives = models.ManyToManyField(Objective, blank=True, through="ObjectiveServed", related_name="value_streams")
    why_no_objective = models.CharField(
        "why it serves no objective", max_length=240, blank=True, default="", db_default=""
    )
    chosen = models.CharField(max_length=10, choices=Chosen.choices, default=Chosen.NOT_KNOWN)
    why_chosen = models.TextField(blank=True)
    data_behind_choice = models.TextField(blank=True, help_text="The data that the choice rested on.")
    scope_from = models.CharField("scope, from", max_length=200, blank=True)
    scope_to = models.CharField("scope, to", max_length=200, blank=True)
    bounds = models.CharField(max_length=15, choices=Bounds.choices, default=Bounds.NOT_KNOWN)
    started = models.DateField(null=True, blank=True)
    started_precision = PrecisionField()
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.ACTIVE)
    ended = models.DateField(null=True, blank=True)
    ended_precision = PrecisionField()
    learned = models.TextField("what was learned", blank=True)
    source = models.CharField(max_length=240, blank=True)

    objects = InTrust.as_manager()

    class Meta:
        ordering: ClassVar = ["trust__seat", "number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["trust", "number"], name="one_value_stream_per_number"),
            models.UniqueConstraint(fields=["trust", "name"], name="one_value_stream_per_name"),
            models.CheckConstraint(
                condition=~Q(status="stopped") | ~Q(learned=""), name="stopped_value_stream_says_what_was_learned"
            ),
        ]
        triggers: ClassVar = [
            *leaves_marks(kind="value_stream", scope="changed.id"),
            *leaves_marks(kind="trust", scope="changed.trust_id"),
        ]

    def __str__(self) -> str:
        return self.name


@tracked()
class ObjectiveServed(models.Model):
    """That a value stream serves an objective."""

    value_stream = models.ForeignKey(ValueStream, on_delete=models.CASCADE, related_name="+")
    objective = models.ForeignKey(Objective, on_delete=models.CASCADE, related_name="+")

    class Meta:
        verbose_name = "objective served"
        verbose_name_plural = "objectives served"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["value_stream", "objective"], name="objective_served_once")
        ]
        triggers: ClassVar = leaves_marks(kind="value_stream", scope="changed.value_stream_id")

    def __str__(self) -> str:
        return f"{self.value_stream} serves {self.objective}"
