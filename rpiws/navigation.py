"""What the RPIWs put on the menu, and what belongs into the history of an RPIW."""

from django.urls import reverse

from accounts.history import register_parts, register_way
from accounts.permissions import Permission
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
    Waste,
    WeekDay,
)
from rpiws.models.of_rpiw import RpiwRecord
from rpiws.models.readings import MeasureRecord
from rpiws.presenters import history as words
from rpiws.views.editing import crumbs
from trusts.scope import scope_of
from ui import navigation


def register() -> None:
    navigation.register(
        navigation.NavItem(
            key="rpiws",
            label="RPIWs",
            url=lambda _user: reverse("rpiws"),
            order=30,
            visible=lambda user: scope_of(user).may(Permission.SEE_TRUST),
        )
    )
    register_parts(Rpiw, RpiwPerson, "rpiw")
    register_parts(Rpiw, Measure, "rpiw", called="name")
    register_parts(Rpiw, MetricServed, "measure__rpiw", tell=words.served_said, with_=("measure", "metric"))
    register_parts(Rpiw, Reading, "measure__rpiw", tell=words.reading_said, with_=("measure",))
    # Those that make up a reading are told with it.
    register_parts(Rpiw, Observation, "measure__rpiw", tell=words.observation_said, with_=("measure",), reading=None)
    register_parts(Rpiw, PreparationTask, "rpiw", called="name", tell=words.task_said)
    register_parts(Rpiw, WeekDay, "rpiw", called="heading")
    register_parts(Rpiw, Idea, "rpiw", called="name")
    register_parts(Rpiw, Waste, "rpiw", called="kind", tell=words.waste_said)
    register_parts(Rpiw, NewspaperItem, "rpiw", called="action", tell=words.newspaper_said)
    register_way(Rpiw, lambda rpiw: (crumbs(rpiw), "rpiws"))
    register_way(RpiwRecord, lambda record: (crumbs(record.rpiw), "rpiws"))
    register_way(MeasureRecord, lambda record: (crumbs(record.measure.rpiw), "rpiws"))
