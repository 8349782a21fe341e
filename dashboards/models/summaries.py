"""Trust summaries: what a trust says of a month, drafted from frozen snapshots and released by a named person."""

from datetime import datetime
from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q

from accounts.audit import tracked
from accounts.permissions import Permission, Role
from trusts.models import Trust


class TrustSummaryQuerySet(models.QuerySet["TrustSummary"]):
    def in_trusts(self, trust_ids: frozenset[int]) -> "TrustSummaryQuerySet":
        return self.filter(trust_id__in=trust_ids)

    def in_partnerships(self, partnership_ids: frozenset[int]) -> "TrustSummaryQuerySet":
        return self.filter(trust__partnership_id__in=partnership_ids)

    def drafts(self) -> "TrustSummaryQuerySet":
        return self.filter(state=TrustSummary.State.DRAFT)

    def released(self) -> "TrustSummaryQuerySet":
        """What has left its trust: the only ones that anybody outside may ever read."""
        return self.filter(state=TrustSummary.State.RELEASED)

    def latest_per_trust(self) -> "TrustSummaryQuerySet":
        """The newest version of the newest month of each trust, in the order of their seats."""
        return self.order_by("trust__seat", "trust_id", "-starts", "-version").distinct("trust__seat", "trust_id")

    def history(self, trust: Trust) -> "TrustSummaryQuerySet":
        """Every version of every month of one trust, the newest first."""
        return self.filter(trust=trust).order_by("-starts", "-version")

    def updated_since(self, moment: datetime) -> "TrustSummaryQuerySet":
        """Those released at that moment or later, in the order in which they were."""
        return self.filter(released_at__gte=moment).order_by("released_at", "pk")


@tracked(exclude=("body",))
class TrustSummary(models.Model):
    """One version of a trust's summary of one month. `body` is JSON text, passed through as it is.

    A released row never changes: the database refuses it. A correction is the next version, which names the one that
    it supersedes and says why.
    """

    history_needs = Permission.SEE_DRAFT_SUMMARIES

    class State(models.TextChoices):
        DRAFT = "draft", "draft"
        RELEASED = "released", "released"

    trust = models.ForeignKey(Trust, on_delete=models.PROTECT, related_name="summaries")
    starts = models.DateField(help_text="The first day of the month.")
    ends = models.DateField(help_text="The last day of the month.")
    version = models.PositiveSmallIntegerField(default=1, help_text="Of this month: 1, and 2 for its first correction.")
    state = models.CharField(max_length=8, choices=State.choices, default=State.DRAFT)

    proud_of = models.TextField(blank=True)
    hard = models.TextField(blank=True)
    help_wanted = models.TextField(blank=True)
    shows_rpiws = models.BooleanField(default=False, help_text="Whether the trust opted single RPIWs' rows in.")
    edition = models.PositiveIntegerField(default=1, help_text="Grows whenever the draft is changed.")

    body = models.TextField()
    schema_version = models.CharField(max_length=10)
    sources = models.JSONField(help_text="The ids of the frozen snapshots it is made of, the trust's own first.")
    source_version = models.PositiveBigIntegerField(help_text="The version of the trust's frozen snapshot.")
    data_as_of = models.DateTimeField()
    next_expected = models.DateField(help_text="When the next month's summary is expected.")

    supersedes = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="superseded_by"
    )
    reason = models.TextField(blank=True, help_text="Why it supersedes an earlier version.")

    drafted_at = models.DateTimeField()
    prepared_at = models.DateTimeField(null=True, blank=True)
    prepared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    released_at = models.DateTimeField(null=True, blank=True)
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    released_by_role = models.CharField(max_length=20, choices=Role.choices, blank=True)

    objects = TrustSummaryQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["trust__seat", "-starts", "-version"]
        verbose_name = "trust summary"
        verbose_name_plural = "trust summaries"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["trust", "starts", "version"], name="one_summary_per_month_and_version"),
            models.UniqueConstraint(fields=["trust", "starts"], condition=Q(state="draft"), name="one_draft_per_month"),
            models.CheckConstraint(condition=Q(ends__gte=F("starts")), name="summary_ends_after_start"),
            models.CheckConstraint(
                condition=Q(version=1, supersedes__isnull=True, reason="")
                | Q(version__gt=1, supersedes__isnull=False) & ~Q(reason=""),
                name="correction_says_what_it_supersedes_and_why",
            ),
            models.CheckConstraint(
                condition=Q(prepared_at__isnull=True, prepared_by__isnull=True)
                | Q(prepared_at__isnull=False, prepared_by__isnull=False),
                name="summary_prepared_by_and_when_together",
            ),
            models.CheckConstraint(
                condition=Q(state="draft", released_at__isnull=True, released_by__isnull=True, released_by_role="")
                | Q(
                    state="released",
                    prepared_at__isnull=False,
                    released_at__isnull=False,
                    released_by__isnull=False,
                    released_by_role__in=[Role.CHIEF_EXECUTIVE, Role.DEPUTY],
                ),
                name="released_summary_says_by_whom_and_when",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["released_at"], name="summaries_by_release")]
        triggers: ClassVar = [
            pgtrigger.Protect(
                name="released_never_changes",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__state="released"),
            )
        ]

    def __str__(self) -> str:
        return f"{self.trust}, {self.starts:%B %Y}, version {self.version}"

    @property
    def is_released(self) -> bool:
        return self.state == self.State.RELEASED

    @property
    def etag(self) -> str:
        """Tells two bodies apart: a released row never changes, a draft's edition grows."""
        return f'"summary-{self.pk}-{self.edition}{"" if self.is_released else "-draft"}"'
