"""The week and what came of it: ideas tested, wastes, the newspaper."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.audit import tracked
from rpiws.models.of_rpiw import OfRpiw, RpiwRecord
from rpiws.models.rpiw import Rpiw


@tracked()
class WeekDay(RpiwRecord):
    """What the team did on one day of its week."""

    rpiw = models.ForeignKey(Rpiw, on_delete=models.CASCADE, related_name="days")
    day = models.DateField()
    heading = models.CharField(max_length=60)
    text = models.TextField(blank=True)

    objects = OfRpiw.as_manager()

    class Meta:
        ordering: ClassVar = ["day"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["rpiw", "day"], name="one_entry_per_day_of_the_week")]

    def __str__(self) -> str:
        return self.heading


@tracked()
class Idea(RpiwRecord):
    """An idea tested: plan, do, study, act."""

    class Outcome(models.TextChoices):
        TESTING = "testing", "Testing"
        ADOPTED = "adopted", "Adopted"
        ADAPTED = "adapted", "Adapted"
        ABANDONED = "abandoned", "Abandoned"

    rpiw = models.ForeignKey(Rpiw, on_delete=models.CASCADE, related_name="ideas")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=200)
    tested_on = models.DateField(null=True, blank=True)
    predicted = models.TextField("we predicted", blank=True)
    happened = models.TextField("what happened", blank=True)
    next_step = models.TextField("what next", blank=True)
    outcome = models.CharField(max_length=10, choices=Outcome.choices, default=Outcome.TESTING)

    objects = OfRpiw.as_manager()

    class Meta:
        ordering: ClassVar = ["position", "pk"]

    def __str__(self) -> str:
        return self.name


@tracked()
class Waste(RpiwRecord):
    """What was found of one of the seven wastes."""

    class Kind(models.TextChoices):
        WAITING = "waiting", "Waiting"
        MOTION = "motion", "Motion"
        DEFECTS = "defects", "Defects"
        OVERPROCESSING = "overprocessing", "Overprocessing"
        TRANSPORT = "transport", "Transport"
        INVENTORY = "inventory", "Inventory"
        OVERPRODUCTION = "overproduction", "Overproduction"

    class Finding(models.TextChoices):
        REMOVED = "removed", "removed"
        NONE_FOUND = "none_found", "none found"
        NOT_LOOKED_AT = "not_looked_at", "not looked at"

    rpiw = models.ForeignKey(Rpiw, on_delete=models.CASCADE, related_name="wastes")
    kind = models.CharField(max_length=16, choices=Kind.choices)
    finding = models.CharField(max_length=14, choices=Finding.choices, default=Finding.NOT_LOOKED_AT)
    removed = models.CharField("what was removed", max_length=240, blank=True)

    objects = OfRpiw.as_manager()

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["rpiw", "kind"], name="one_finding_per_waste"),
            models.CheckConstraint(condition=~Q(finding="removed") | ~Q(removed=""), name="waste_removed_says_what"),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()


@tracked()
class NewspaperItem(RpiwRecord):
    """An open action of the RPIW after its week."""

    rpiw = models.ForeignKey(Rpiw, on_delete=models.CASCADE, related_name="newspaper")
    action = models.CharField(max_length=240)
    owner = models.CharField(max_length=120)
    due = models.DateField()
    done = models.DateField(null=True, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = OfRpiw.as_manager()

    class Meta:
        ordering: ClassVar = ["done", "due", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(done__isnull=True, done_by__isnull=True) | Q(done__isnull=False, done_by__isnull=False),
                name="newspaper_done_says_who_and_when",
            )
        ]

    def __str__(self) -> str:
        return self.action
