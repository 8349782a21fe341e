"""Breaches: behaviour against a promise, called out, talked over, and ended; and what the parties do to repair it."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.audit import tracked
from boards.models import Meeting
from boards.models.of_board import OfBoard
from compacts.models import CompactVersion, Party, Promise
from reflections.models.safe import SafeRecord, SaidAtAMeeting, leaves_a_trace, stands_with_its_meeting


class CalledOut(SafeRecord):
    """Behaviour and the promise that it strained: either party's. It names nobody."""

    promise = models.ForeignKey(Promise, on_delete=models.PROTECT, related_name="+")
    happened = models.TextField("what happened", max_length=2000)
    meant_well = models.TextField("what may have been meant well", max_length=1000)

    class Meta:
        abstract = True


class BreachDraft(CalledOut):
    """The caller's alone until they bring it, or ask the sensei to. Bringing it deletes this row, and with it who
    called it out; no trail is kept."""

    caller = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    with_sensei = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["pk"]

    def __str__(self) -> str:
        return "Draft of a breach"


class Breaches(OfBoard):
    def open(self) -> "Breaches":
        return self.filter(ended_as="")


@tracked()
class Breach(CalledOut):
    """A breach that was brought. `day` is the last one on which it was on the table: who joins later reads it once it
    is talked over again."""

    class End(models.TextChoices):
        REPAIRED = "repaired", "Repaired"
        RENEGOTIATED = "renegotiated", "Renegotiated"
        ACKNOWLEDGED = "acknowledged", "Acknowledged"
        REST = "rest", "Left to rest"

    brought_at = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="+")
    ended_as = models.CharField("how it ended", max_length=12, choices=End.choices, blank=True)
    ended_at = models.ForeignKey(Meeting, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    learned = models.TextField("what was learned", max_length=2000, blank=True)
    led_to = models.ForeignKey(
        CompactVersion, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name="led to"
    )

    objects = Breaches.as_manager()  # type: ignore[misc]

    class Meta:
        ordering: ClassVar = ["-day", "-pk"]
        verbose_name_plural = "breaches"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(ended_as="", ended_at__isnull=True) | ~Q(ended_as="") & Q(ended_at__isnull=False),
                name="ended_breach_says_how_and_when",
            ),
            models.CheckConstraint(
                condition=~Q(ended_as="acknowledged") | ~Q(learned=""), name="acknowledged_breach_says_what_was_learned"
            ),
            models.CheckConstraint(
                condition=Q(led_to__isnull=True) | Q(ended_as="renegotiated"),
                name="renegotiated_breach_leads_to_version",
            ),
        ]
        triggers: ClassVar = [leaves_a_trace()]

    def __str__(self) -> str:
        return "Breach"

    @property
    def is_open(self) -> bool:
        return not self.ended_as


@tracked(exclude=("version",))
class Talk(SaidAtAMeeting):
    """What the board kept of talking a breach over at one meeting."""

    breach = models.ForeignKey(Breach, on_delete=models.PROTECT, related_name="talks")
    why_unsaid = models.TextField("why none of us called it out", max_length=2000, blank=True)
    better = models.TextField("what we could have done better", max_length=2000, blank=True)
    version = models.PositiveIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["day", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["breach", "meeting"], name="one_talk_of_a_breach_at_a_meeting"),
            models.CheckConstraint(condition=~Q(why_unsaid="") | ~Q(better=""), name="talk_says_something"),
        ]
        triggers: ClassVar = [stands_with_its_meeting(), leaves_a_trace()]

    def __str__(self) -> str:
        return "Talk about a breach"


@tracked()
class RepairStep(SaidAtAMeeting):
    """What a party does by when. Not an action of the board, which minutes, letters and the secretariat would read."""

    breach = models.ForeignKey(Breach, on_delete=models.PROTECT, related_name="steps")
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+")
    text = models.TextField("what it does", max_length=600)
    due = models.DateField("by when")
    done_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["due", "pk"]
        constraints: ClassVar = [models.CheckConstraint(condition=~Q(text=""), name="repair_step_says_something")]
        triggers: ClassVar = [leaves_a_trace()]

    def __str__(self) -> str:
        return "Step of a repair"

    @property
    def is_done(self) -> bool:
        return self.done_on is not None
