"""The partnership, its trusts, and what they mean to achieve."""

from typing import ClassVar

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q

from accounts.audit import tracked
from analysis.spc.rule_sets import RULE_SETS, SINGLE_CHART_TOOL, RuleSet
from snapshots.marks import leaves_marks
from trusts.models.dates import PrecisionField

SPC_RULES = [(rules.key, rules.title) for rules in RULE_SETS.values()]
RUN_LENGTHS = [(6, "6"), (7, "7")]

ods_code = RegexValidator(r"^R[A-Z0-9]{2}$|^[A-Z0-9]{3,5}$", "Write the ODS code as NHS England prints it, like RR8.")


class PartnershipQuerySet(models.QuerySet["Partnership"]):
    def in_partnerships(self, partnership_ids: frozenset[int]) -> "PartnershipQuerySet":
        return self.filter(pk__in=partnership_ids)


class OfPartnership(models.QuerySet):
    """Rows with a foreign key `partnership`."""

    def in_partnerships(self, partnership_ids: frozenset[int]) -> "OfPartnership":
        return self.filter(partnership_id__in=partnership_ids)


@tracked()
class Partnership(models.Model):
    """The trusts, the regulator and the coach working together."""

    name = models.CharField(max_length=120)
    regulator = models.CharField(max_length=120, help_text="The body that is the trusts' partner.")
    coach = models.CharField(max_length=120, blank=True)
    started = models.DateField()
    ended = models.DateField(null=True, blank=True)
    spc_rules = models.CharField("rules of XmR charts", max_length=30, choices=SPC_RULES, default=SINGLE_CHART_TOOL.key)
    spc_run_length = models.PositiveSmallIntegerField(
        "points of a shift or trend",
        choices=RUN_LENGTHS,
        null=True,
        blank=True,
        help_text="Empty: as the rules have it.",
    )
    is_example = models.BooleanField(default=False, help_text="Whether this is the example partnership.")

    objects = PartnershipQuerySet.as_manager()

    class Meta:
        triggers: ClassVar = [
            *leaves_marks(kind="partnership", scope="changed.id"),
            # Its rules judge the charts of every value stream whose trust chose none.
            *leaves_marks(
                kind="value_stream",
                scope="vs.id",
                joins="JOIN trusts_trust t ON t.partnership_id = changed.id"
                " JOIN trusts_valuestream vs ON vs.trust_id = t.id",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def rule_set(self) -> RuleSet:
        """The rules of its trusts' XmR charts, unless a trust chooses others."""
        return _with_length(RULE_SETS[self.spc_rules], self.spc_run_length)


def _with_length(rules: RuleSet, length: int | None) -> RuleSet:
    return rules.with_run_length(length) if length else rules


@tracked()
class NamedPeriod(models.Model):
    """A period for which dashboards carry figures of their own, beside those for all time."""

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="named_periods")
    name = models.CharField(max_length=80, help_text="Like Published: to July 2019.")
    starts = models.DateField(null=True, blank=True)
    ends = models.DateField(null=True, blank=True, help_text="The last day on which a report-out counts.")
    note = models.TextField(blank=True, help_text="What a reader must know, like the source. One remark a line.")
    public = models.BooleanField(
        "already public",
        default=False,
        help_text="Tick only when the trusts' figures of this period are already published: all trusts then see them.",
    )

    class Meta:
        ordering: ClassVar = ["ends"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["partnership", "name"], name="one_period_per_name"),
            models.CheckConstraint(
                condition=Q(starts__isnull=False) | Q(ends__isnull=False), name="named_period_has_a_bound"
            ),
        ]
        triggers: ClassVar = [
            *leaves_marks(kind="partnership", scope="changed.partnership_id"),
            *leaves_marks(
                kind="trust",
                scope="t.id",
                joins="JOIN trusts_trust t ON t.partnership_id = changed.partnership_id",
            ),
            *leaves_marks(
                kind="value_stream",
                scope="vs.id",
                joins="JOIN trusts_trust t ON t.partnership_id = changed.partnership_id"
                " JOIN trusts_valuestream vs ON vs.trust_id = t.id",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class TrustQuerySet(models.QuerySet["Trust"]):
    def in_trusts(self, trust_ids: frozenset[int]) -> "TrustQuerySet":
        return self.filter(pk__in=trust_ids)

    def in_partnerships(self, partnership_ids: frozenset[int]) -> "TrustQuerySet":
        return self.filter(partnership_id__in=partnership_ids)


@tracked()
class Trust(models.Model):
    """An NHS provider, known by its ODS code."""

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="trusts")
    name = models.CharField(max_length=160)
    short_name = models.CharField(max_length=40, help_text="As colleagues say it, like Leeds.")
    abbreviation = models.CharField(max_length=12, blank=True)
    ods_code = models.CharField("ODS code", max_length=5, unique=True, validators=[ods_code])
    region = models.CharField(max_length=80, blank=True)
    method_name = models.CharField(
        "local name of the method", max_length=120, blank=True, help_text="Like Leeds Improvement Method."
    )
    values = models.TextField(blank=True, help_text="The trust's values, in its own words.")
    joined = models.DateField(help_text="When the trust joined the partnership.")
    seat = models.PositiveSmallIntegerField(help_text="The place at the table round the room.")

    spc_rules = models.CharField(
        "rules of XmR charts",
        max_length=30,
        choices=SPC_RULES,
        blank=True,
        db_default="",
        help_text="Empty: the partnership's.",
    )
    spc_run_length = models.PositiveSmallIntegerField(
        "points of a shift or trend",
        choices=RUN_LENGTHS,
        null=True,
        blank=True,
        help_text="Empty: as the rules have it.",
    )

    objects = TrustQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["seat"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["partnership", "seat"], name="one_trust_per_seat")]
        triggers: ClassVar = [
            *leaves_marks(kind="trust", scope="changed.id"),
            *leaves_marks(kind="partnership", scope="changed.partnership_id"),
            # Its name stands on each of its value streams.
            *leaves_marks(
                kind="value_stream",
                scope="vs.id",
                joins="JOIN trusts_valuestream vs ON vs.trust_id = changed.id",
            ),
        ]

    def __str__(self) -> str:
        return self.short_name

    @property
    def trust_id(self) -> int:
        """A trust is its own trust, so that every trust-owned record answers alike."""
        return self.pk

    @property
    def rule_set(self) -> RuleSet:
        """The rules of its XmR charts: its own, or the partnership's; either with a length of runs that it chose."""
        rules = RULE_SETS[self.spc_rules] if self.spc_rules else self.partnership.rule_set
        return _with_length(rules, self.spc_run_length)


@tracked()
class NationalPriority(models.Model):
    """What the nation asks of its hospitals: dated and sourced."""

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="national_priorities")
    name = models.CharField(max_length=160)
    issued = models.DateField()
    issued_precision = PrecisionField()
    source = models.CharField(max_length=240, help_text="The document that states it.")

    objects = OfPartnership.as_manager()

    class Meta:
        ordering: ClassVar = ["-issued", "name"]
        verbose_name_plural = "national priorities"

    def __str__(self) -> str:
        return self.name


class InTrust(models.QuerySet):
    """Rows with a foreign key `trust`."""

    def in_trusts(self, trust_ids: frozenset[int]) -> "InTrust":
        return self.filter(trust_id__in=trust_ids)


@tracked()
class Objective(models.Model):
    """A strategic objective of a trust, linked to a national priority or openly to none."""

    trust = models.ForeignKey(Trust, on_delete=models.CASCADE, related_name="objectives")
    name = models.CharField(max_length=200)
    national_priority = models.ForeignKey(
        NationalPriority, null=True, blank=True, on_delete=models.PROTECT, related_name="objectives"
    )
    why_no_priority = models.TextField(
        "why it serves no national priority", blank=True, help_text="Asked for when no priority is chosen."
    )
    why_no_value_stream = models.CharField(
        "why no value stream serves it", max_length=240, blank=True, default="", db_default=""
    )
    started = models.DateField(null=True, blank=True)
    ended = models.DateField(null=True, blank=True)

    objects = InTrust.as_manager()

    class Meta:
        ordering: ClassVar = ["name"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(national_priority__isnull=False) | ~Q(why_no_priority=""),
                name="objective_has_priority_or_says_why_not",
            )
        ]
        triggers: ClassVar = leaves_marks(kind="trust", scope="changed.trust_id")

    def __str__(self) -> str:
        return self.name
