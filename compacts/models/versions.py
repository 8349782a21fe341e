"""The versions of a compact: the vision, parties, themes and promises of each, and since when it is in force."""

import uuid
from datetime import date
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.audit import tracked
from compacts.models.compact import Compact, CompactRecord, Party
from compacts.models.frozen import goes_from_draft_to_agreed_to_published, only_in_draft


class CompactVersions(models.QuerySet["CompactVersion"]):
    def in_trusts(self, trust_ids: frozenset[int]) -> "CompactVersions":
        return self.filter(compact__trust_id__in=trust_ids)

    def published(self) -> "CompactVersions":
        return self.filter(state=CompactVersion.State.PUBLISHED)

    def open(self) -> "CompactVersions":
        """Drafted or agreed, and not yet published: one of a compact at most."""
        return self.exclude(state=CompactVersion.State.PUBLISHED)

    def in_force(self, *, on: date) -> "CompactVersions":
        """Of each compact the one that is in force on the day: a published one until the next begins."""
        begun = self.published().filter(in_force_from__lte=on)
        return begun.order_by("compact_id", "-in_force_from").distinct("compact_id")


# An edition counts changes of wording for those who write together; the wording itself is what the trail keeps.
@tracked(exclude=("edition", "vision_edition"))
class CompactVersion(CompactRecord):
    """One version, from draft by way of agreed to published. The database changes nothing of it afterwards.

    A version is in force from its day until the day of the next one, so no two are at a time.
    """

    class State(models.TextChoices):
        DRAFT = "draft", "draft"
        AGREED = "agreed", "agreed"
        PUBLISHED = "published", "published"

    class Kind(models.TextChoices):
        FIRST = "first", "the first version"
        RENEGOTIATED = "renegotiated", "a promise is renegotiated"
        SUCCEEDED = "succeeded", "a party is succeeded by another body"

    compact = models.ForeignKey(Compact, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=9, choices=State.choices, default=State.DRAFT)
    kind = models.CharField("why there is a new version", max_length=12, choices=Kind.choices, default=Kind.FIRST)
    reason = models.TextField("why", blank=True, help_text="Why there is a new version, for everybody to read.")
    vision = models.TextField(blank=True)
    vision_edition = models.PositiveIntegerField(default=1)
    edition = models.PositiveIntegerField(default=1, help_text="Grows whenever anything of its wording changes.")

    drafted_at = models.DateTimeField()
    drafted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    in_force_from = models.DateField(null=True, blank=True)

    objects = CompactVersions.as_manager()

    class Meta:
        ordering: ClassVar = ["compact", "-number"]
        verbose_name = "version of a compact"
        verbose_name_plural = "versions of compacts"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["compact", "number"], name="one_compact_version_per_number"),
            models.UniqueConstraint(
                fields=["compact"], condition=~Q(state="published"), name="one_open_version_per_compact"
            ),
            models.UniqueConstraint(
                fields=["compact", "in_force_from"],
                condition=Q(state="published"),
                name="one_compact_version_in_force",
            ),
            models.CheckConstraint(
                condition=Q(number=1, kind="first") | (Q(number__gt=1) & ~Q(kind="first") & ~Q(reason="")),
                name="new_compact_version_says_why",
            ),
            models.CheckConstraint(
                condition=Q(
                    state="published",
                    published_at__isnull=False,
                    published_by__isnull=False,
                    in_force_from__isnull=False,
                )
                | (
                    ~Q(state="published")
                    & Q(published_at__isnull=True, published_by__isnull=True, in_force_from__isnull=True)
                ),
                name="published_compact_says_by_whom_and_from_when",
            ),
        ]
        triggers: ClassVar = [goes_from_draft_to_agreed_to_published()]

    def __str__(self) -> str:
        return f"{self.compact}, version {self.number}"

    @property
    def trust_id(self) -> int | None:
        return self.compact.trust_id

    @property
    def is_draft(self) -> bool:
        return self.state == self.State.DRAFT

    @property
    def is_agreed(self) -> bool:
        return self.state == self.State.AGREED

    @property
    def is_published(self) -> bool:
        return self.state == self.State.PUBLISHED

    @property
    def promises(self) -> "models.QuerySet[Promise]":
        """In the order of the page: by theme, row and party."""
        return Promise.objects.filter(theme__version=self).select_related("theme", "party")


class OfCompactVersion(models.QuerySet):
    """Rows with a foreign key `version`."""

    def in_trusts(self, trust_ids: frozenset[int]) -> "OfCompactVersion":
        return self.filter(version__compact__trust_id__in=trust_ids)


class VersionRecord(CompactRecord):
    """A record of a version answers for its trust as the version does."""

    class Meta:
        abstract = True

    @property
    def trust_id(self) -> int | None:
        version: Any = self.version  # type: ignore[attr-defined]
        return version.compact.trust_id  # type: ignore[no-any-return]


@tracked()
class Side(VersionRecord):
    """A party in one version: the body that it is then, like NHS Improvement for the regulator."""

    version = models.ForeignKey(CompactVersion, on_delete=models.CASCADE, related_name="sides")
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="sides")
    body = models.CharField("the body that it is", max_length=160, blank=True)

    objects = OfCompactVersion.as_manager()

    class Meta:
        ordering: ClassVar = ["party__position"]
        verbose_name = "party in a version"
        verbose_name_plural = "parties in versions"
        constraints: ClassVar = [models.UniqueConstraint(fields=["version", "party"], name="one_side_per_party")]
        triggers: ClassVar = [only_in_draft(of="version_id")]

    def __str__(self) -> str:
        return f"{self.party}, {self.body}" if self.body else str(self.party)


@tracked(exclude=("edition", "lineage"))
class Theme(VersionRecord):
    """A theme of one version. Its `lineage` is the same in every version that carries it on."""

    version = models.ForeignKey(CompactVersion, on_delete=models.CASCADE, related_name="themes")
    lineage = models.UUIDField(default=uuid.uuid4, editable=False)
    position = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=120)
    edition = models.PositiveIntegerField(default=1)

    objects = OfCompactVersion.as_manager()

    class Meta:
        ordering: ClassVar = ["position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["version", "position"], name="one_theme_per_position"),
            models.UniqueConstraint(fields=["version", "lineage"], name="one_theme_per_lineage"),
        ]
        triggers: ClassVar = [only_in_draft(of="version_id")]

    def __str__(self) -> str:
        return self.title


class Promises(models.QuerySet["Promise"]):
    def in_trusts(self, trust_ids: frozenset[int]) -> "Promises":
        return self.filter(theme__version__compact__trust_id__in=trust_ids)


@tracked(exclude=("edition", "lineage"))
class Promise(CompactRecord):
    """What one party promises within a theme; promises in the same row (`position`) stand side by side.

    A renegotiated promise has another wording under the same `lineage`, which leads from version to version.
    """

    theme = models.ForeignKey(Theme, on_delete=models.CASCADE, related_name="promises")
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="promises")
    lineage = models.UUIDField(default=uuid.uuid4, editable=False, db_index=True)
    position = models.PositiveSmallIntegerField()
    text = models.TextField("promise")
    edition = models.PositiveIntegerField(default=1)

    objects = Promises.as_manager()

    class Meta:
        ordering: ClassVar = ["theme__position", "position", "party__position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["theme", "party", "position"], name="one_promise_per_place"),
            models.UniqueConstraint(fields=["theme", "lineage"], name="one_promise_per_lineage"),
            models.CheckConstraint(condition=~Q(text=""), name="promise_says_something"),
        ]
        triggers: ClassVar = [
            only_in_draft(of="theme_id", joins="JOIN compacts_theme above ON above.version_id = v.id")
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def trust_id(self) -> int | None:
        return self.theme.trust_id
