"""The systems that may ask the API, the tokens they show, and the writes that they sent."""

from __future__ import annotations

import hashlib
import secrets
from datetime import date, datetime, timedelta
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.audit import tracked
from trusts.models import Partnership, Trust

TOKEN_START = "rpiw_"  # noqa: S105 - so that a token that leaked into a log or a repository is known for what it is
PREFIX_LENGTH = 12
TOLD_EVERY = timedelta(minutes=1)


class Scope(models.TextChoices):
    """What a client may ask for."""

    READ_SUMMARIES = "read_summaries", "read released trust summaries"
    READ_DETAIL = "read_detail", "read the trust's value streams, RPIWs, readings and metrics"
    WRITE_READINGS = "write_readings", "log readings"
    WRITE_MEASUREMENTS = "write_measurements", "log measurements"


class ApiClientQuerySet(models.QuerySet["ApiClient"]):
    def in_trusts(self, trust_ids: frozenset[int]) -> ApiClientQuerySet:
        return self.filter(trust_id__in=trust_ids)

    def in_partnerships(self, partnership_ids: frozenset[int]) -> ApiClientQuerySet:
        """The regulator's systems; a trust's systems are the trust's."""
        return self.filter(trust=None, partnership_id__in=partnership_ids)


@tracked()
class ApiClient(models.Model):
    """One system: a trust's own, or one of the partnership's regulator."""

    name = models.CharField(max_length=80, help_text="What the system is, like Ward information board.")
    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="+")
    trust = models.ForeignKey(Trust, null=True, blank=True, on_delete=models.CASCADE, related_name="api_clients")
    writes_readings = models.BooleanField(default=False)
    writes_measurements = models.BooleanField(default=False, db_default=False)
    acts_as = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="api_client",
        help_text="The record under which its writes stand; nobody can sign in with it.",
    )
    expires_on = models.DateField("works until", help_text="The last day on which its tokens work.")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    revoked_at = models.DateTimeField(null=True, blank=True)
    form_key = models.UUIDField(unique=True, help_text="The form that made it: sent twice, it makes one client.")

    objects = ApiClientQuerySet.as_manager()

    class Meta:
        verbose_name = "API client"
        ordering: ClassVar = ["name", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(trust__isnull=False) | Q(writes_readings=False), name="only_a_trusts_client_writes"
            ),
            models.CheckConstraint(
                condition=Q(trust__isnull=False) | Q(writes_measurements=False),
                name="only_a_trusts_client_writes_measurements",
            ),
            models.CheckConstraint(
                condition=Q(revoked_by__isnull=True, revoked_at__isnull=True)
                | Q(revoked_by__isnull=False, revoked_at__isnull=False),
                name="revoked_says_who_and_when_together",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def scopes(self) -> tuple[Scope, ...]:
        """A regulator's system reads what was released; a trust's own reads its detail and may be let to write."""
        if self.trust_id is None:
            return (Scope.READ_SUMMARIES,)
        may = {Scope.WRITE_READINGS: self.writes_readings, Scope.WRITE_MEASUREMENTS: self.writes_measurements}
        return (Scope.READ_DETAIL, *(scope for scope, granted in may.items() if granted))

    def works_on(self, day: date) -> bool:
        return self.revoked_at is None and day <= self.expires_on


def digest_of(token: str) -> str:
    """A token is 256 random bits, so one round of SHA-256 keeps it: there is nothing to guess."""
    return hashlib.sha256(token.encode()).hexdigest()


def new_token() -> str:
    return TOKEN_START + secrets.token_urlsafe(32)


@tracked(exclude=("digest", "last_used_at"))
class ApiToken(models.Model):
    """What a client shows at the door. Only its digest is kept, and its first letters to know it by."""

    client = models.ForeignKey(ApiClient, on_delete=models.CASCADE, related_name="tokens")
    digest = models.CharField(max_length=64, unique=True)
    prefix = models.CharField(max_length=PREFIX_LENGTH)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True, help_text="To the minute.")

    class Meta:
        verbose_name = "API token"
        ordering: ClassVar = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.prefix}…"

    def use_is_news(self, now: datetime) -> bool:
        """Whether its last use is worth writing down: once a minute is enough."""
        return self.last_used_at is None or now - self.last_used_at >= TOLD_EVERY


class AcceptedWrite(models.Model):
    """A write that took place, with its answer: the same key again gets the same answer and writes nothing."""

    client = models.ForeignKey(ApiClient, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=120)
    content = models.CharField(max_length=64, help_text="A digest of what was sent.")
    answer = models.TextField(blank=True)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["client", "key"], name="one_write_per_client_and_key")]

    def __str__(self) -> str:
        return f"{self.client_id}: {self.key}"
