"""Every date that somebody types has bounds: nobody saves a week of January 1905 or a rating of 2150."""

import importlib
import pkgutil
from collections.abc import Iterator

import pytest
from django import forms
from django.apps import apps

from tests.processes import ROOT
from ui.bounds import Bounds
from ui.fields import DateField


def date_fields() -> Iterator[tuple[str, forms.Field]]:
    """The dates that every form of our rooms declares. Those of a RecordForm become DateFields when it is made."""
    for room in (app for app in apps.get_app_configs() if (ROOT / app.name).is_dir()):
        for module in pkgutil.walk_packages([str(ROOT / room.name)], f"{room.name}."):
            if ".forms" in module.name:
                importlib.import_module(module.name)
    classes = [forms.BaseForm]
    while classes:
        form = classes.pop()
        classes += form.__subclasses__()
        if (ROOT / form.__module__.split(".")[0]).is_dir() and not issubclass(form, forms.BaseModelForm):
            for name, field in getattr(form, "base_fields", {}).items():
                if isinstance(field, DateField | forms.DateField | forms.DateTimeField):
                    yield f"{form.__name__}.{name}", field


FIELDS = dict(date_fields())


@pytest.mark.parametrize("name", sorted(FIELDS))
def test_date_that_somebody_types_has_bounds(name: str) -> None:
    assert any(isinstance(validator, Bounds) for validator in FIELDS[name].validators)


def test_dates_are_found_in_every_shape() -> None:
    """A week, an observation and a filter: three boxes, one box, and a query."""
    assert {"PlanForm.week_starts", "ObservationsForm.observed_on", "AuditForm.since"} <= set(FIELDS)
