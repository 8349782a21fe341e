"""What the board decided about its safe space, and where risk of harm goes instead."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from accounts.audit import tracked
from boards.models import Board
from reflections.models.safe import SaidAtAMeeting, leaves_a_trace, stands_with_its_meeting
from trusts.models import Partnership
from trusts.models.partnership import OfPartnership


@tracked()
class Terms(SaidAtAMeeting):
    """How long the board keeps what is said, and from which day on newcomers read. The newest decision counts."""

    keep_months = models.PositiveSmallIntegerField("months that it is kept", null=True, blank=True)
    newcomers_from = models.DateField("newcomers read from", null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-pk"]
        verbose_name_plural = "terms"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(keep_months__isnull=True) | Q(keep_months__gte=3), name="terms_keep_three_months_at_least"
            )
        ]
        triggers: ClassVar = [stands_with_its_meeting(), leaves_a_trace()]

    def __str__(self) -> str:
        return "What the board decided about its safe space"


def terms_of(board: Board) -> Terms | None:
    """None until the board decides: kept as long as the board likes, read from each one's own first day."""
    return Terms.objects.filter(board=board).first()


USUAL_ROUTES = (
    "The Freedom to Speak Up guardian of your trust https://www.england.nhs.uk/ourwork/freedom-to-speak-up/",
    "Learn from patient safety events (LFPSE) https://record.learn-from-patient-safety-events.nhs.uk/",
    "The Care Quality Commission, for staff who speak up https://www.cqc.org.uk/contact-us/report-concern/report-concern-if-you-are-member-staff",
    "In immediate danger: 999, and the executive on call",
)


@tracked()
class SafetyRoutes(models.Model):
    """Where risk of harm goes, for the safe space is no such route: the partnership's own, one a line."""

    partnership = models.OneToOneField(Partnership, on_delete=models.CASCADE, related_name="+")
    routes = models.TextField(help_text="One a line, its address at the end.")
    version = models.PositiveIntegerField(default=0)

    objects = OfPartnership.as_manager()

    class Meta:
        verbose_name = "safety and speaking-up routes"
        verbose_name_plural = "safety and speaking-up routes"

    def __str__(self) -> str:
        return "Safety and speaking-up routes"

    @property
    def lines(self) -> list[tuple[str, str]]:
        """Each with its address, which is empty where the line ends in none."""
        found = []
        for line in filter(None, map(str.strip, self.routes.splitlines())):
            words, _, last = line.rpartition(" ")
            found.append((words, last) if words and last.startswith(("https://", "mailto:")) else (line, ""))
        return found


def routes_of(partnership: Partnership) -> SafetyRoutes:
    """The partnership's; the usual ones, not stored, until somebody writes others."""
    found = SafetyRoutes.objects.filter(partnership=partnership).first()
    return found or SafetyRoutes(partnership=partnership, routes="\n".join(USUAL_ROUTES))
