"""The RPIW and its life cycle."""

from dataclasses import dataclass
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from accounts.audit import tracked
from snapshots.marks import leaves_marks
from trusts.models import ValueStream


class State(models.TextChoices):
    PLANNED = "planned", "Planned"
    PREPARING = "preparing", "Preparing"
    WEEK = "week", "Workshop week"
    FOLLOWING_UP = "following_up", "Following up"
    CLOSED = "closed", "Closed"
    CANCELLED = "cancelled", "Cancelled"
    STOOD_DOWN = "stood_down", "Stood down"


class ClosingDecision(models.TextChoices):
    HOLD = "hold", "hold in daily work"
    GO_AGAIN = "go_again", "go again"
    SPREAD = "spread", "spread"
    STOP = "stop", "stop"


@dataclass(frozen=True)
class Step:
    """One allowed transition of the life cycle: its verb, where it starts and where it leads."""

    verb: str
    sources: tuple[State, ...]
    target: State | None  # None: back to the state before the stand-down
    asks_reason: bool = False


LIFE_CYCLE: dict[str, Step] = {
    "prepare": Step("Start preparing", (State.PLANNED,), State.PREPARING),
    "start_week": Step("Start the week", (State.PREPARING,), State.WEEK),
    "follow_up": Step("Hold the report-out", (State.WEEK,), State.FOLLOWING_UP),
    "close": Step("Close", (State.FOLLOWING_UP,), State.CLOSED),
    "cancel": Step("Cancel", (State.PLANNED, State.PREPARING, State.STOOD_DOWN), State.CANCELLED, asks_reason=True),
    "stand_down": Step(
        "Stand down",
        (State.PLANNED, State.PREPARING, State.WEEK, State.FOLLOWING_UP),
        State.STOOD_DOWN,
        asks_reason=True,
    ),
    "resume": Step("Resume", (State.STOOD_DOWN,), None),
}


class RpiwQuerySet(models.QuerySet["Rpiw"]):
    def in_trusts(self, trust_ids: frozenset[int]) -> "RpiwQuerySet":
        return self.filter(value_stream__trust_id__in=trust_ids)

    def held(self) -> "RpiwQuerySet":
        """Those whose week took place."""
        return self.exclude(reported_out__isnull=True)


@tracked()
class Rpiw(models.Model):
    """A Rapid Process Improvement Workshop of one value stream."""

    value_stream = models.ForeignKey(ValueStream, on_delete=models.PROTECT, related_name="rpiws")
    number = models.PositiveSmallIntegerField(help_text="Within its value stream.")
    process = models.CharField("process it works on", max_length=160)
    follows = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="followed_by")
    aim = models.TextField(blank=True)
    state = models.CharField(max_length=12, choices=State.choices, default=State.PLANNED)
    state_before_stand_down = models.CharField(max_length=12, choices=State.choices, blank=True)
    week_starts = models.DateField("first day of the week")
    week_ends = models.DateField("last day of the week (report-out)")
    reported_out = models.DateField(
        null=True, blank=True, help_text="The day of the report-out, from which checkpoints are counted."
    )
    measures_day_120 = models.BooleanField("also measured at 120 days", default=False)
    started_without = models.TextField(
        blank=True, help_text="Why the week started without its sponsor, process owner or patient representative."
    )
    started_without_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    closing_decision = models.CharField(max_length=10, choices=ClosingDecision.choices, blank=True)
    closing_note = models.TextField(blank=True)
    report_out_notes = models.TextField(blank=True)
    why_no_metric = models.CharField(
        "why its measures serve no metric", max_length=240, blank=True, default="", db_default=""
    )
    kept_apart = models.BooleanField(
        default=False, help_text="Printed in a public source and shown as printed; counted in no total."
    )
    week_published = models.BooleanField(
        default=True, help_text="Untick when the source does not print the week; its dates here are then a placeholder."
    )
    synthetic = models.BooleanField(default=False, help_text="Reconstructed or generated, not recorded.")
    source = models.CharField(max_length=240, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = RpiwQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["value_stream", "number"]
        verbose_name = "RPIW"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["value_stream", "number"], name="one_rpiw_per_number"),
            models.CheckConstraint(condition=Q(week_ends__gte=F("week_starts")), name="week_ends_after_start"),
            models.CheckConstraint(
                condition=Q(state__in=["following_up", "closed"], reported_out__isnull=False)
                | ~Q(state__in=["following_up", "closed"]),
                name="following_up_has_report_out_date",
            ),
            models.CheckConstraint(
                condition=(Q(state="closed") & ~Q(closing_decision="")) | (~Q(state="closed") & Q(closing_decision="")),
                name="closed_rpiw_has_its_decision",
            ),
            models.CheckConstraint(
                condition=Q(started_without="", started_without_by__isnull=True)
                | (~Q(started_without="") & Q(started_without_by__isnull=False)),
                name="started_without_says_why_and_who",
            ),
        ]
        triggers: ClassVar = leaves_marks(kind="value_stream", scope="changed.value_stream_id")

    def __str__(self) -> str:
        return self.process

    @property
    def trust_id(self) -> int:
        return self.value_stream.trust_id

    def steps(self) -> list[str]:
        """The names of the transitions that its state allows."""
        return [name for name, step in LIFE_CYCLE.items() if self.state in step.sources]

    @property
    def baseline_locked(self) -> bool:
        """Whether the week has started: a baseline recorded from then on is retrospective."""
        state = self.state_before_stand_down if self.state == State.STOOD_DOWN else self.state
        return state in (State.WEEK, State.FOLLOWING_UP, State.CLOSED)

    @property
    def dates_stand(self) -> bool:
        """Whether the report-out was held: checkpoints are counted from it, so the week no longer moves."""
        return self.reported_out is not None

    def is_of(self, user_id: int) -> bool:
        """Whether the person owns, leads or sponsors it, or sponsors its value stream."""
        return self.is_sponsored_by(user_id) or any(
            person.user_id == user_id and person.part in person.OWNING_PARTS for person in self.people.all()
        )

    def is_sponsored_by(self, user_id: int) -> bool:
        """Whether the person is the executive sponsor of the RPIW or of its value stream."""
        return self.value_stream.executive_sponsor_id == user_id or any(
            person.user_id == user_id and person.part == person.Part.EXECUTIVE_SPONSOR for person in self.people.all()
        )


@tracked()
class Transition(models.Model):
    """One step of an RPIW's life, with who took it, when and why."""

    rpiw = models.ForeignKey(Rpiw, on_delete=models.CASCADE, related_name="transitions")
    step = models.CharField(max_length=12)
    left = models.CharField(max_length=12, choices=State.choices)
    entered = models.CharField(max_length=12, choices=State.choices)
    on = models.DateField()
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField(blank=True)

    class Meta:
        ordering: ClassVar = ["at", "pk"]
        triggers: ClassVar = leaves_marks(
            kind="value_stream", scope="r.value_stream_id", joins="JOIN rpiws_rpiw r ON r.id = changed.rpiw_id"
        )

    def __str__(self) -> str:
        return f"{self.left} to {self.entered}"
