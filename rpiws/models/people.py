"""The people of an RPIW."""

from typing import ClassVar

from django.conf import settings
from django.db import models

from accounts.audit import tracked
from rpiws.models.of_rpiw import OfRpiw, RpiwRecord, marks_its_value_stream
from rpiws.models.rpiw import Rpiw


@tracked()
class RpiwPerson(RpiwRecord):
    """One person's part in an RPIW: by account where there is one, else by the post they hold."""

    class Part(models.TextChoices):
        PATIENT_REPRESENTATIVE = "patient_representative", "Patient representative"
        EXECUTIVE_SPONSOR = "executive_sponsor", "Executive sponsor"
        PROCESS_OWNER = "process_owner", "Process owner"
        WORKSHOP_LEAD = "workshop_lead", "Workshop lead"
        HOME_TEAM = "home_team", "Home team"
        TEAM = "team", "Team"

    class Certification(models.TextChoices):
        CERTIFIED = "certified", "certified workshop lead"
        IN_TRAINING = "in_training", "in training"

    REQUIRED_FOR_THE_WEEK: ClassVar = (Part.EXECUTIVE_SPONSOR, Part.PROCESS_OWNER, Part.PATIENT_REPRESENTATIVE)
    OWNING_PARTS: ClassVar = (Part.EXECUTIVE_SPONSOR, Part.PROCESS_OWNER, Part.WORKSHOP_LEAD)

    rpiw = models.ForeignKey(Rpiw, on_delete=models.CASCADE, related_name="people")
    part = models.CharField(max_length=24, choices=Part.choices)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="rpiw_parts"
    )
    post = models.CharField(
        max_length=160, help_text="Their post or role, like Matron, neurosurgical critical care. Not a patient's name."
    )
    discipline = models.CharField(max_length=80, blank=True)
    certification = models.CharField(max_length=12, choices=Certification.choices, blank=True)

    objects = OfRpiw.as_manager()

    class Meta:
        ordering: ClassVar = ["part", "pk"]
        verbose_name = "person"
        verbose_name_plural = "people"
        triggers: ClassVar = marks_its_value_stream()

    def __str__(self) -> str:
        return self.post
