"""A compact, the parties to it, and the people named for each party from - to."""

from collections.abc import Collection
from datetime import date
from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from accounts.audit import tracked
from accounts.permissions import Permission
from compacts.models.frozen import for_good_once_published
from trusts.models import Partnership, Trust
from trusts.names import roles_of

if TYPE_CHECKING:
    from compacts.models.versions import CompactVersion


class Compacts(models.QuerySet["Compact"]):
    def in_trusts(self, trust_ids: frozenset[int]) -> "Compacts":
        """The trusts' own compacts: the partnership's is no trust's."""
        return self.filter(trust_id__in=trust_ids)

    def in_partnerships(self, partnership_ids: frozenset[int]) -> "Compacts":
        """The partnerships' compacts, not those inside their trusts."""
        return self.filter(partnership_id__in=partnership_ids, trust=None)

    def in_force(self, partnership: Partnership, *, on: date, trust: Trust | None = None) -> "CompactVersion | None":
        """The version in force on the day: the partnership's, or the own one of `trust`. None: there is none."""
        from compacts.models.versions import CompactVersion

        versions = CompactVersion.objects.filter(compact__in=self.filter(partnership=partnership, trust=trust))
        return versions.in_force(on=on).select_related("compact__trust").first()


class CompactRecord(models.Model):
    """What every table here shares: who may read its history, and how people are called in it."""

    history_needs = Permission.DISCUSS_TRUST_COMPACT

    class Meta:
        abstract = True

    def names_in_partnership(self, user_ids: Collection[int]) -> dict[int, str]:
        """By the post that they are named with, or by role: what a trust calls somebody stays there."""
        named = PartyMember.objects.filter(user_id__in=user_ids, party__compact__trust=None).order_by("starts")
        return roles_of(user_ids) | {member.user_id: member.post for member in named}


@tracked()
class Compact(CompactRecord):
    """Reciprocal written promises: of the regulator and the hospitals or, with a trust, of parties inside it."""

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="compacts")
    trust = models.ForeignKey(Trust, null=True, blank=True, on_delete=models.PROTECT, related_name="compacts")
    name = models.CharField(max_length=120)
    source = models.CharField(max_length=400, blank=True, help_text="Where its words come from, for the page's foot.")

    objects = Compacts.as_manager()

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["partnership", "trust"], nulls_distinct=False, name="one_compact_per_place"
            ),
        ]
        triggers: ClassVar = [for_good_once_published(compact="id")]

    def __str__(self) -> str:
        return self.name


class OfCompact(models.QuerySet):
    """Rows with a foreign key `compact`."""

    def in_trusts(self, trust_ids: frozenset[int]) -> "OfCompact":
        return self.filter(compact__trust_id__in=trust_ids)


@tracked()
class Party(CompactRecord):
    """One side of the table, through all versions: which body it is, each version says."""

    compact = models.ForeignKey(Compact, on_delete=models.PROTECT, related_name="parties")
    name = models.CharField(max_length=60, help_text="As the compact says it, like The hospitals.")
    position = models.PositiveSmallIntegerField()

    objects = OfCompact.as_manager()

    class Meta:
        ordering: ClassVar = ["position"]
        verbose_name_plural = "parties"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["compact", "position"], name="one_party_per_position"),
            models.UniqueConstraint(fields=["compact", "name"], name="one_party_per_name"),
        ]
        triggers: ClassVar = [for_good_once_published(compact="compact_id")]

    def __str__(self) -> str:
        return self.name

    @property
    def trust_id(self) -> int | None:
        return self.compact.trust_id

    @property
    def inside(self) -> str:
        """The name within a sentence: the hospitals, but NHS England."""
        first, _, rest = self.name.partition(" ")
        return f"{first.lower()} {rest}" if first == "The" else self.name

    @property
    def is_many(self) -> bool:
        """The hospitals promise, the regulator promises."""
        return self.name.endswith("s") or self.name.split()[-1:] == ["staff"]

    @property
    def promise(self) -> str:
        return "promise" if self.is_many else "promises"


class PartyMembers(models.QuerySet["PartyMember"]):
    def in_trusts(self, trust_ids: frozenset[int]) -> "PartyMembers":
        return self.filter(party__compact__trust_id__in=trust_ids)

    def held_on(self, day: date) -> "PartyMembers":
        return self.filter(Q(ends__isnull=True) | Q(ends__gte=day), starts__lte=day)


@tracked()
class PartyMember(CompactRecord):
    """Somebody who agrees for a party, from - to. Naming them gives the right, and ends by itself."""

    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="members")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    post = models.CharField(max_length=120, help_text="As the compact says it, like Regional director.")
    starts = models.DateField("first day")
    ends = models.DateField("last day", null=True, blank=True)

    objects = PartyMembers.as_manager()

    class Meta:
        ordering: ClassVar = ["party__position", "starts", "pk"]
        verbose_name = "named member"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(ends__isnull=True) | Q(ends__gte=F("starts")), name="party_member_ends_after_start"
            ),
            models.UniqueConstraint(
                fields=["party", "user"], condition=Q(ends__isnull=True), name="named_once_for_a_party"
            ),
        ]

    def __str__(self) -> str:
        return self.post

    @property
    def trust_id(self) -> int | None:
        return self.party.trust_id

    def is_held_on(self, day: date) -> bool:
        return self.starts <= day and (self.ends is None or day <= self.ends)
