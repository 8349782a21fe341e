"""Stored dashboards and the marks that say which of them are stale. A scope is a (kind, id) pair and nothing more."""

from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import Q

# The body of a scope that no longer exists: its row stays, so that a version never comes again.
GONE = "null"


class ChangeMark(models.Model):
    """Left by the database itself whenever a fact that a dashboard shows is written (snapshots/marks.py)."""

    kind = models.CharField(max_length=30)
    scope_id = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["kind", "scope_id"], name="marks_by_scope")]

    def __str__(self) -> str:
        return f"{self.kind} {self.scope_id} changed at {self.at}"


class Snapshot(models.Model):
    """The newest computed dashboard of a scope. `body` is JSON text, passed through as it is."""

    kind = models.CharField(max_length=30)
    scope_id = models.BigIntegerField()
    version = models.PositiveBigIntegerField()
    computed_at = models.DateTimeField()
    rules = models.CharField(max_length=40, help_text="The version of the rules that computed it.")
    body = models.TextField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["kind", "scope_id"], name="one_snapshot_per_scope")]

    def __str__(self) -> str:
        return f"{self.kind} {self.scope_id}, version {self.version}"


class FrozenSnapshot(models.Model):
    """A copy that never changes: of a month's end, a release, or a meeting's papers."""

    class Reason(models.TextChoices):
        MONTH_END = "month_end", "Month end"
        RELEASE = "release", "Release"
        PAPERS = "papers", "Meeting papers"

    kind = models.CharField(max_length=30)
    scope_id = models.BigIntegerField()
    version = models.PositiveBigIntegerField()
    computed_at = models.DateTimeField()
    rules = models.CharField(max_length=40)
    body = models.TextField()
    reason = models.CharField(max_length=20, choices=Reason.choices)
    as_of = models.DateField()
    frozen_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["kind", "scope_id", "as_of"],
                condition=Q(reason="month_end"),
                name="one_month_end_copy_per_scope",
            )
        ]
        indexes: ClassVar = [models.Index(fields=["kind", "scope_id", "as_of"], name="frozen_by_scope_and_day")]
        triggers: ClassVar = [
            pgtrigger.Protect(name="frozen_never_changes", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.scope_id} as of {self.as_of}"


class Trouble(models.Model):
    """A scope whose recomputation was begun and has not succeeded: when it is tried again, or that it is set aside."""

    kind = models.CharField(max_length=30)
    scope_id = models.BigIntegerField()
    attempts = models.PositiveIntegerField(default=0, help_text="Begun since the last success.")
    failures = models.PositiveIntegerField(
        default=0, db_default=0, help_text="Those that ended with an error of their own."
    )
    next_attempt_at = models.DateTimeField()
    set_aside_at = models.DateTimeField(null=True, blank=True)
    error = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["kind", "scope_id"], name="one_trouble_per_scope")]
        verbose_name_plural = "Trouble"

    def __str__(self) -> str:
        return f"{self.kind} {self.scope_id}: {self.attempts} attempts"
