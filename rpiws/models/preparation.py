"""The checklist of the eight weeks before the week."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.audit import tracked
from rpiws.models.of_rpiw import OfRpiw, RpiwRecord
from rpiws.models.rpiw import Rpiw


@tracked()
class PreparationTask(RpiwRecord):
    rpiw = models.ForeignKey(Rpiw, on_delete=models.CASCADE, related_name="preparation")
    name = models.CharField(max_length=160)
    due = models.DateField()
    who = models.CharField("who does it", max_length=120, blank=True)
    done = models.DateField(null=True, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    note = models.CharField(max_length=240, blank=True)

    objects = OfRpiw.as_manager()

    class Meta:
        ordering: ClassVar = ["due", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(done__isnull=True, done_by__isnull=True) | Q(done__isnull=False, done_by__isnull=False),
                name="preparation_done_says_who_and_when",
            )
        ]

    def __str__(self) -> str:
        return self.name
