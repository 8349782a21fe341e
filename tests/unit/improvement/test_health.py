"""When /ready/ says that a person is needed."""

from dataclasses import replace

import pytest

from improvement.health import Parts

WELL = Parts(database=True, broker=True, last_sweep=3.0, oldest_mark=0.0)


def test_parts_that_all_work_are_ready():
    assert WELL.answer()["status"] == "ready"


@pytest.mark.parametrize(
    ("parts", "name", "said"),
    [
        (replace(WELL, broker=False, last_sweep=None), "broker", "unreachable"),
        (replace(WELL, database=False, oldest_mark=None), "database", "unreachable"),
        (replace(WELL, last_sweep=None), "worker", "silent"),
        (replace(WELL, last_sweep=61.0), "worker", "silent"),
        (replace(WELL, oldest_mark=301.0), "dashboards", "late"),
    ],
)
def test_part_that_does_not_work_is_named(parts, name, said):
    assert parts.answer()["status"] == "not ready"
    assert parts.answer()[name] == said
