"""Who agreed to a version for a party, and what was said while it was drafted."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.audit import tracked
from compacts.models.compact import Party, PartyMember
from compacts.models.frozen import agreed_to_what_stands
from compacts.models.versions import CompactVersion, OfCompactVersion, Promise, VersionRecord


@tracked(exclude=("edition",))
class Agreement(VersionRecord):
    """A party's named member agrees to one wording. What was agreed to before the wording changed no longer counts."""

    version = models.ForeignKey(CompactVersion, on_delete=models.CASCADE, related_name="agreements")
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="agreements")
    member = models.ForeignKey(PartyMember, on_delete=models.PROTECT, related_name="agreements")
    post = models.CharField(max_length=120, help_text="The member's post on that day.")
    edition = models.PositiveIntegerField(help_text="The version's wording that was agreed to.")
    agreed_on = models.DateField()
    recorded_at = models.DateTimeField()

    objects = OfCompactVersion.as_manager()

    class Meta:
        ordering: ClassVar = ["party__position", "agreed_on", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["version", "member", "edition"], name="agreed_once_to_a_wording")
        ]
        triggers: ClassVar = [agreed_to_what_stands()]

    def __str__(self) -> str:
        return self.post

    @property
    def still_counts(self) -> bool:
        return self.edition == self.version.edition


@tracked()
class Comment(VersionRecord):
    """Said of a draft, of one promise or of the whole, by somebody under the role they had then."""

    version = models.ForeignKey(CompactVersion, on_delete=models.CASCADE, related_name="comments")
    promise = models.ForeignKey(Promise, null=True, blank=True, on_delete=models.SET_NULL, related_name="comments")
    text = models.TextField("comment")
    said_as = models.CharField(max_length=160)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = OfCompactVersion.as_manager()

    class Meta:
        ordering: ClassVar = ["at", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(settled_at__isnull=True, settled_by__isnull=True)
                | Q(settled_at__isnull=False, settled_by__isnull=False),
                name="comment_settled_by_and_when_together",
            )
        ]

    def __str__(self) -> str:
        return self.text
