"""Which tables of RPIWs the audit page tells, and how their rows are known."""

from accounts.trail import OF_TRUSTS
from rpiws.models import (
    Idea,
    Measure,
    MetricServed,
    NewspaperItem,
    Observation,
    PreparationTask,
    Reading,
    Rpiw,
    RpiwPerson,
    Transition,
    Waste,
    WeekDay,
)


def register() -> None:
    OF_TRUSTS.add(Rpiw, "value_stream", called="process")
    OF_TRUSTS.add(Transition, "rpiw", called="step", name="Step of an RPIW")
    OF_TRUSTS.add(RpiwPerson, "rpiw", called="post", name="Person of an RPIW")
    OF_TRUSTS.add(PreparationTask, "rpiw", called="name")
    OF_TRUSTS.add(Measure, "rpiw", called="name")
    OF_TRUSTS.add(MetricServed, "measure", called="metric")
    OF_TRUSTS.add(Reading, "measure", called="measure")
    OF_TRUSTS.add(Observation, "measure", called="measure")
    OF_TRUSTS.add(WeekDay, "rpiw", called="heading", name="Day of a week")
    OF_TRUSTS.add(Idea, "rpiw", called="name")
    OF_TRUSTS.add(Waste, "rpiw", called="kind")
    OF_TRUSTS.add(NewspaperItem, "rpiw", called="action")
