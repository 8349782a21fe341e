"""Decisions of the engine that need no database."""

import json
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from snapshots import registry
from snapshots.freezing import last_month_end
from snapshots.freshness import etag
from snapshots.locking import lock_key
from snapshots.recompute import as_text
from snapshots.trouble import FAILURES, wait_after

# What the worker of `make run` listens to.
QUEUES = ("recompute", "imports", "sweep")


@pytest.fixture
def kind():
    kind = registry.Kind(name="unit_test", rules="1", compute=lambda scope_id: {})
    yield kind
    registry.unregister("unit_test")


def test_registering_the_same_kind_twice_is_allowed(kind):
    registry.register(kind)
    registry.register(kind)
    assert registry.registered("unit_test") is kind
    assert "unit_test" in registry.names()


def test_registering_another_computation_of_the_same_name_is_refused(kind):
    registry.register(kind)
    with pytest.raises(ImproperlyConfigured, match="unit_test"):
        registry.register(registry.Kind(name="unit_test", rules="2", compute=lambda scope_id: {}))


def test_waits_grow_and_five_failures_take_minutes_rather_than_seconds():
    waits = [wait_after(attempt) for attempt in range(1, FAILURES)]
    assert waits == [timedelta(seconds=seconds) for seconds in (5, 20, 80, 320)]


def test_a_figure_that_is_not_a_number_is_refused():
    with pytest.raises(ValueError):
        as_text({"mean": float("nan")})


def test_text_keeps_words_and_decimals_as_they_are():
    text = as_text({"name": "Sepsis – ward", "ratio": Decimal("0.570")})
    assert "–" in text
    assert json.loads(text) == {"name": "Sepsis – ward", "ratio": "0.570"}


def test_nothing_is_null():
    assert as_text(None) == "null"


@pytest.mark.parametrize(
    ("today", "end"),
    [
        (date(2026, 3, 1), date(2026, 2, 28)),
        (date(2024, 3, 31), date(2024, 2, 29)),
        (date(2026, 1, 15), date(2025, 12, 31)),
    ],
)
def test_last_month_end(today, end):
    assert last_month_end(today) == end


def test_lock_keys_fit_postgresql_and_differ():
    keys = {lock_key((kind, scope_id)) for kind in ("value_stream", "trust") for scope_id in range(1000)}
    assert len(keys) == 2000
    assert all(-(2**63) <= key < 2**63 for key in keys)


def test_etag_is_quoted():
    assert etag(7) == '"7"'


def test_visibility_timeout_stands_wherever_celery_looks_for_it():
    options = (settings.CELERY_BROKER_TRANSPORT_OPTIONS, settings.CELERY_RESULT_BACKEND_TRANSPORT_OPTIONS)
    assert {options["visibility_timeout"] for options in options} == {settings.CELERY_VISIBILITY_TIMEOUT}


def test_no_task_may_outlive_the_visibility_timeout():
    from improvement.celery import app

    app.loader.import_default_modules()
    limits = [task.time_limit or app.conf.task_time_limit for task in app.tasks.values()]
    assert max(limits) < settings.CELERY_VISIBILITY_TIMEOUT


def test_every_task_of_ours_has_its_queue_in_the_settings():
    from improvement.celery import app

    app.loader.import_default_modules()
    ours = {name for name in app.tasks if not name.startswith("celery.")}
    routed = {name for name, route in settings.CELERY_TASK_ROUTES.items() if route["queue"] in QUEUES}
    assert ours
    assert ours - routed == set()


def test_beat_only_knows_tasks_that_exist():
    from improvement.celery import app

    app.loader.import_default_modules()
    assert {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()} <= set(app.tasks)
