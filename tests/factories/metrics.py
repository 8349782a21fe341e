"""Metrics with a definition in force, targets and monthly measurements."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

import factory
from django.utils import timezone

from metrics.models import (
    Annotation,
    BetterWhen,
    Category,
    FileImport,
    Measurement,
    Metric,
    MetricVersion,
    Recalculation,
    Retirement,
    Target,
    Unit,
)
from tests.factories.accounts import UserFactory
from tests.factories.trusts import ValueStreamFactory


class MetricFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Metric

    value_stream = factory.SubFactory(ValueStreamFactory)
    category = Category.SERVICE
    name = factory.Sequence(lambda n: f"Metric {n}")


class MetricVersionFactory(factory.django.DjangoModelFactory):
    """In force, unless `proposed=True`."""

    class Meta:
        model = MetricVersion

    class Params:
        proposed = factory.Trait(
            agreed_at=None,
            number=2,
            reason="The old definition counts every theatre.",
            applies_from=date(2019, 1, 1),
            proposed_by=factory.SubFactory(UserFactory),
            proposed_at=factory.LazyFunction(timezone.now),
        )

    metric = factory.SubFactory(MetricFactory)
    number = 1
    numerator = "Operations that started late"
    denominator = "All operations"
    data_source = "Theatre system"
    collected_how = "Monthly report"
    owner = "Theatre matron"
    unit = Unit.PERCENT
    better_when = BetterWhen.LOWER
    agreed_at = factory.LazyFunction(timezone.now)


class TargetFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Target

    version = factory.SubFactory(MetricVersionFactory)
    starts = date(2015, 1, 1)
    value = Decimal(10)


class MeasurementFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Measurement

    version = factory.SubFactory(MetricVersionFactory)
    on = factory.Sequence(lambda n: month(n))
    value = Decimal(20)


class RecalculationFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Recalculation

    version = factory.SubFactory(MetricVersionFactory)
    on = date(2016, 1, 1)
    cause = "A second theatre opened"
    reason = "The process is another one"
    by = factory.SubFactory(UserFactory)
    at = factory.LazyFunction(timezone.now)


class AnnotationFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Annotation

    metric = factory.SubFactory(MetricFactory)
    on = date(2016, 1, 1)
    text = "New list order tried"


class RetirementFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Retirement

    metric = factory.SubFactory(MetricFactory)
    last_day = date(2019, 3, 31)
    reason = "Another metric shows it better"
    proposed_by = factory.SubFactory(UserFactory)
    proposed_at = factory.LazyFunction(timezone.now)


class FileImportFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = FileImport

    value_stream = factory.SubFactory(ValueStreamFactory)
    name = "months.csv"
    layout = "own"
    content = b"Period,Late starts\n1/4/2023,12\n"
    columns = factory.LazyFunction(
        lambda: {
            "book": {"kind": "csv", "sheets": [""], "encoding": "utf-8", "delimiter": ","},
            "sheet": "",
            "heading_row": 1,
            "headings": ["Period", "Late starts"],
            "samples": [[2, ["1/4/2023", "12"]]],
            "month": "",
        }
    )
    digest = factory.Sequence(lambda n: f"{n:064x}")
    by = factory.SubFactory(UserFactory)
    at = factory.LazyFunction(timezone.now)


def month(number: int, *, first: date = date(2015, 1, 1)) -> date:
    """The first day of the month so many months after `first`."""
    years, months = divmod(first.month - 1 + number, 12)
    return first.replace(year=first.year + years, month=months + 1)


def series(version: MetricVersion, values: Sequence[float | None], *, subgroup: str = "") -> list[Measurement]:
    """Monthly measurements of these values, the first in January 2015; None is suppressed."""
    return Measurement.objects.bulk_create(
        Measurement(
            version=version,
            subgroup=subgroup,
            on=month(i),
            value=None if value is None else Decimal(str(value)),
            missing=Measurement.Missing.SUPPRESSED if value is None else "",
        )
        for i, value in enumerate(values)
    )
