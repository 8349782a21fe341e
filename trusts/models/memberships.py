"""Who holds which role, where, from when to when. A membership ends by itself."""

from datetime import date
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from accounts.audit import tracked
from accounts.permissions import TRUST_ROLES, Permission, Role
from trusts.models.partnership import Partnership, Trust


class MembershipQuerySet(models.QuerySet["Membership"]):
    def held_on(self, day: date) -> "MembershipQuerySet":
        return self.filter(Q(ends__isnull=True) | Q(ends__gte=day), starts__lte=day)

    def in_trusts(self, trust_ids: frozenset[int]) -> "MembershipQuerySet":
        return self.filter(trust_id__in=trust_ids)

    def in_partnerships(self, partnership_ids: frozenset[int]) -> "MembershipQuerySet":
        return self.filter(partnership_id__in=partnership_ids)


@tracked()
class Membership(models.Model):
    """One role of one person: at a trust, or in the partnership when the role is no trust's."""

    history_needs = Permission.MANAGE_MEMBERSHIPS

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=20, choices=Role.choices)
    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="memberships")
    trust = models.ForeignKey(Trust, null=True, blank=True, on_delete=models.CASCADE, related_name="memberships")
    known_as = models.CharField(
        "name or role",
        max_length=120,
        blank=True,
        help_text="As colleagues here know the person. Another trust may know the same person by another name.",
    )
    starts = models.DateField("first day")
    ends = models.DateField("last day", null=True, blank=True, help_text="The last day; empty when no end is agreed.")

    objects = MembershipQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["user__name", "starts"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["user", "role", "partnership", "trust", "starts"],
                nulls_distinct=False,
                name="one_membership_per_role_place_and_start",
            ),
            models.CheckConstraint(condition=Q(ends__isnull=True) | Q(ends__gte=F("starts")), name="ends_after_start"),
            models.CheckConstraint(
                condition=Q(trust__isnull=False, role__in=sorted(TRUST_ROLES))
                | Q(trust__isnull=True) & ~Q(role__in=sorted(TRUST_ROLES)),
                name="role_is_held_where_it_belongs",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()}, {self.trust or self.partnership}"

    @property
    def role_and_trust(self) -> str:
        """What anybody in the partnership may read of the person: "Chief executive, Leeds"."""
        return f"{self.get_role_display()}, {self.trust}" if self.trust else self.get_role_display()

    @property
    def name(self) -> str:
        """The person, as this place knows them."""
        return self.known_as or str(self.user)

    def is_held_on(self, day: date) -> bool:
        return self.starts <= day and (self.ends is None or day <= self.ends)
