"""What the TGB reads: what each trust releases for a meeting, and the packs of papers frozen for it."""

from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.audit import tracked
from accounts.permissions import Permission, Role
from boards.models import Board, Meeting
from boards.models.of_board import BoardRecord, OfBoard
from trusts.models import Trust


class TrustReports(models.QuerySet["TrustReport"]):
    def in_trusts(self, trust_ids: frozenset[int]) -> "TrustReports":
        return self.filter(trust_id__in=trust_ids)

    def drafts(self) -> "TrustReports":
        return self.filter(state=TrustReport.State.DRAFT)

    def released(self) -> "TrustReports":
        """What its trust let out: the only ones that the board may ever read."""
        return self.filter(state=TrustReport.State.RELEASED)

    def latest_for(self, meeting: Meeting) -> "TrustReports":
        """Of each trust the newest version that it released for the meeting."""
        found = self.released().filter(meeting=meeting).order_by("trust_id", "-version")
        return found.distinct("trust_id").select_related("trust")


@tracked(exclude=("body",))
class TrustReport(models.Model):
    """One version of what a trust brings to one meeting of the TGB. `body` is JSON text, made from frozen snapshots.

    A released row never changes: the database refuses it. Whoever has more to say releases the next version.
    """

    history_needs = Permission.SEE_DRAFT_SUMMARIES

    class State(models.TextChoices):
        DRAFT = "draft", "draft"
        RELEASED = "released", "released"

    trust = models.ForeignKey(Trust, on_delete=models.PROTECT, related_name="tgb_reports")
    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="trust_reports")
    version = models.PositiveSmallIntegerField(default=1, help_text="For this meeting: 1, and 2 for its first change.")
    state = models.CharField(max_length=8, choices=State.choices, default=State.DRAFT)

    success = models.TextField()
    success_chart = models.CharField(
        max_length=40, blank=True, help_text="The chart that shows it, like metric-12 or measure-7; empty for none."
    )
    challenge = models.TextField()
    help_wanted = models.TextField(blank=True)
    edition = models.PositiveIntegerField(default=1, help_text="Grows whenever the draft is changed.")

    body = models.TextField()
    sources = models.JSONField(help_text="The ids of the frozen snapshots it is made of, the trust's own first.")
    data_as_of = models.DateTimeField()

    prepared_at = models.DateTimeField()
    prepared_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    released_at = models.DateTimeField(null=True, blank=True)
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    released_by_role = models.CharField(max_length=20, choices=Role.choices, blank=True)

    objects = TrustReports.as_manager()

    class Meta:
        ordering: ClassVar = ["trust__seat", "-meeting__on", "-version"]
        verbose_name = "report to the TGB"
        verbose_name_plural = "reports to the TGB"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["trust", "meeting", "version"], name="one_report_of_a_version"),
            models.UniqueConstraint(
                fields=["trust", "meeting"], condition=Q(state="draft"), name="one_draft_for_a_meeting"
            ),
            models.CheckConstraint(
                condition=Q(state="draft", released_at__isnull=True, released_by__isnull=True, released_by_role="")
                | Q(
                    state="released",
                    released_at__isnull=False,
                    released_by__isnull=False,
                    released_by_role__in=[Role.CHIEF_EXECUTIVE, Role.DEPUTY],
                ),
                name="released_report_says_by_whom_and_when",
            ),
        ]
        triggers: ClassVar = [
            pgtrigger.Protect(
                name="released_report_never_changes",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__state="released"),
            )
        ]

    def __str__(self) -> str:
        return f"{self.trust}, {self.meeting}, version {self.version}"

    @property
    def is_released(self) -> bool:
        return self.state == self.State.RELEASED


class Packs(OfBoard):
    way = "meeting__board__"

    def newest_of(self, meeting: Meeting) -> "Pack | None":
        found: Pack | None = self.filter(meeting=meeting).order_by("-version").first()  # type: ignore[assignment]
        return found


class Pack(BoardRecord):
    """The papers of a meeting as they stood at one moment: everything that the TGB's dashboard shows, as JSON text."""

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="packs")
    version = models.PositiveSmallIntegerField()
    body = models.TextField()
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    objects = Packs.as_manager()

    class Meta:
        ordering: ClassVar = ["meeting", "-version"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["meeting", "version"], name="one_pack_of_a_version")]
        triggers: ClassVar = [
            pgtrigger.Protect(name="pack_never_changes", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.meeting}, papers, version {self.version}"

    @property
    def of_board(self) -> Board:
        return self.meeting.board

    @property
    def board_id(self) -> int:
        return self.meeting.board_id
