"""RPIWs at every stage of their life, with their people, preparation, measures, readings and week."""

from datetime import date, timedelta
from decimal import Decimal

import factory
from django.utils import timezone

from rpiws.models import (
    Checkpoint,
    ClosingDecision,
    Idea,
    Measure,
    MetricServed,
    NewspaperItem,
    Observation,
    PreparationTask,
    Reading,
    Rpiw,
    RpiwPerson,
    State,
    Transition,
    Waste,
    WeekDay,
)
from tests.factories.accounts import UserFactory
from tests.factories.metrics import MetricFactory
from tests.factories.trusts import ValueStreamFactory


def monday(*, weeks: int, of: date | None = None) -> date:
    """The Monday so many weeks from this one."""
    today = of or timezone.localdate()
    return today - timedelta(days=today.weekday()) + timedelta(weeks=weeks)


class RpiwFactory(factory.django.DjangoModelFactory):
    """Planned, its week sixteen weeks ahead. Traits for the other states: preparing, in_week, following_up, closed,
    cancelled, stood_down. Their week is in four weeks, this week, or ten weeks ago; pass week_starts for another."""

    class Meta:
        model = Rpiw

    class Params:
        preparing = factory.Trait(state=State.PREPARING, week_starts=factory.LazyFunction(lambda: monday(weeks=4)))
        in_week = factory.Trait(state=State.WEEK, week_starts=factory.LazyFunction(lambda: monday(weeks=0)))
        following_up = factory.Trait(
            state=State.FOLLOWING_UP,
            week_starts=factory.LazyFunction(lambda: monday(weeks=-10)),
            reported_out=factory.SelfAttribute("week_ends"),
        )
        closed = factory.Trait(
            state=State.CLOSED,
            week_starts=factory.LazyFunction(lambda: monday(weeks=-30)),
            reported_out=factory.SelfAttribute("week_ends"),
            closing_decision=ClosingDecision.HOLD,
        )
        cancelled = factory.Trait(state=State.CANCELLED)
        stood_down = factory.Trait(state=State.STOOD_DOWN, state_before_stand_down=State.PLANNED)

    value_stream = factory.SubFactory(ValueStreamFactory)
    number = factory.Sequence(lambda n: n + 1)
    process = factory.Sequence(lambda n: f"Process {n}")
    week_starts = factory.LazyFunction(lambda: monday(weeks=16))
    week_ends = factory.LazyAttribute(lambda rpiw: rpiw.week_starts + timedelta(days=4))


class RpiwPersonFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = RpiwPerson

    rpiw = factory.SubFactory(RpiwFactory)
    part = RpiwPerson.Part.TEAM
    post = factory.Sequence(lambda n: f"Staff nurse {n}")


class TransitionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Transition

    rpiw = factory.SubFactory(RpiwFactory)
    step = "prepare"
    left = State.PLANNED
    entered = State.PREPARING
    on = factory.LazyFunction(timezone.localdate)
    at = factory.LazyFunction(timezone.now)
    by = factory.SubFactory(UserFactory)


class PreparationTaskFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = PreparationTask

    rpiw = factory.SubFactory(RpiwFactory, preparing=True)
    name = factory.Sequence(lambda n: f"Preparation task {n}")
    due = factory.LazyAttribute(lambda task: task.rpiw.week_starts - timedelta(days=14))


class MeasureFactory(factory.django.DjangoModelFactory):
    """A lead time in minutes, lower is better. Traits for other kinds: defects, defect_ratio, safety_5s, walking."""

    class Meta:
        model = Measure

    class Params:
        defects = factory.Trait(kind=Measure.Kind.DEFECTS, unit="defects", defect_basis=Measure.DefectBasis.COUNT)
        defect_ratio = factory.Trait(kind=Measure.Kind.DEFECT_RATIO, unit="%", outputs="staffing records")
        safety_5s = factory.Trait(kind=Measure.Kind.SAFETY_5S, unit="level", better_when=Measure.Better.HIGHER)
        walking = factory.Trait(kind=Measure.Kind.WALKING, unit="m")

    rpiw = factory.SubFactory(RpiwFactory, following_up=True)
    position = factory.Sequence(lambda n: n + 1)
    name = factory.Sequence(lambda n: f"Measure {n}")
    kind = Measure.Kind.LEAD_TIME
    unit = "min"
    better_when = Measure.Better.LOWER


class MetricServedFactory(factory.django.DjangoModelFactory):
    """A measure and a metric of one value stream."""

    class Meta:
        model = MetricServed

    measure = factory.SubFactory(MeasureFactory)
    metric = factory.SubFactory(MetricFactory, value_stream=factory.SelfAttribute("..measure.rpiw.value_stream"))


class ReadingFactory(factory.django.DjangoModelFactory):
    """A measured baseline of 50, recorded now. Pass `unmeasured=True` for one that says why there is no value, and
    `numerator` with `denominator` for a ratio (then the value follows)."""

    class Meta:
        model = Reading

    class Params:
        unmeasured = factory.Trait(value=None, not_measured=Reading.NotMeasured.STAFFING, measured_on=None)

    measure = factory.SubFactory(MeasureFactory)
    checkpoint = Checkpoint.BASELINE
    numerator = None
    denominator = None
    value = factory.LazyAttribute(
        lambda reading: (
            Decimal(50)
            if reading.numerator is None
            else round(Decimal(reading.numerator) / Decimal(reading.denominator), 6)
        )
    )
    measured_on = factory.LazyAttribute(lambda reading: day_of(reading.measure.rpiw, reading.checkpoint))
    recorded_by = factory.SubFactory(UserFactory)
    recorded_at = factory.LazyFunction(timezone.now)


def day_of(rpiw: Rpiw, checkpoint: str) -> date:
    """The day on which a reading at this checkpoint is usually taken."""
    if checkpoint == Checkpoint.BASELINE:
        return rpiw.week_starts - timedelta(days=21)
    days = {"day_30": 30, "day_60": 60, "day_90": 90, "day_120": 120, "day_365": 365, "after": 90}
    return (rpiw.reported_out or rpiw.week_ends) + timedelta(days=days.get(checkpoint, 0))


class ObservationFactory(factory.django.DjangoModelFactory):
    """Taken between checkpoints; pass `reading` for one that is part of a reading."""

    class Meta:
        model = Observation

    measure = factory.SubFactory(MeasureFactory)
    observed_on = factory.LazyFunction(timezone.localdate)
    position = factory.Sequence(lambda n: n)
    value = Decimal(45)
    recorded_by = factory.SubFactory(UserFactory)
    recorded_at = factory.LazyFunction(timezone.now)


class WeekDayFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = WeekDay

    rpiw = factory.SubFactory(RpiwFactory, following_up=True)
    day = factory.SelfAttribute("rpiw.week_starts")
    heading = "Understand"
    text = "Walked the process with the patient representative."


class IdeaFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Idea

    rpiw = factory.SubFactory(RpiwFactory, following_up=True)
    position = factory.Sequence(lambda n: n + 1)
    name = factory.Sequence(lambda n: f"Idea {n}")
    predicted = "Half the waiting."


class WasteFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Waste

    rpiw = factory.SubFactory(RpiwFactory, following_up=True)
    kind = Waste.Kind.WAITING
    finding = Waste.Finding.REMOVED
    removed = "18 h 15 min for each step-down"


class NewspaperItemFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = NewspaperItem

    rpiw = factory.SubFactory(RpiwFactory, following_up=True)
    action = factory.Sequence(lambda n: f"Action {n}")
    owner = "Ward manager"
    due = factory.LazyFunction(lambda: timezone.localdate() + timedelta(days=14))
