"""A table of facts that stands in no room, its marks, and a dashboard that adds it up: what the engine is tested on."""

from collections.abc import Callable
from typing import Any, ClassVar

from django.db import connection, models

from snapshots.marks import leaves_marks
from snapshots.registry import Kind, Scope


class Fact(models.Model):
    """Made and dropped by the fixture `facts`."""

    scope_id = models.BigIntegerField()
    value = models.IntegerField()

    class Meta:
        app_label = "snapshots"
        managed = False
        db_table = "test_fact"
        triggers: ClassVar = leaves_marks(kind="test_sum", scope="changed.scope_id")


class Between:
    """What a test does while a dashboard is computed, between its two queries."""

    def __init__(self) -> None:
        self.does: Callable[[int], None] = lambda scope_id: None
        self.computed = 0


between = Between()
GROUP = 1


def add_up(scope_id: int) -> dict[str, Any] | None:
    """The sum, by two queries that must agree: PostgreSQL's own, and ours over the rows."""
    between.computed += 1
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(sum(value), 0), count(*) FROM test_fact WHERE scope_id = %s", [scope_id])
        total, rows = cursor.fetchone()
    between.does(scope_id)
    values = Fact.objects.filter(scope_id=scope_id).values_list("value", flat=True)
    assert (sum(values), len(values)) == (total, rows)
    return {"total": total, "rows": rows} if rows else None


def add_up_group(_group_id: int) -> dict[str, Any]:
    from snapshots.freshness import latest_many

    stored = latest_many("test_sum", range(100))
    return {"total": sum(one.body["total"] for one in stored.values())}


def group_of(_scope_id: int) -> list[Scope]:
    return [("test_group", GROUP)]


def sums_of(_group_id: int) -> list[Scope]:
    return [("test_sum", scope_id) for scope_id in range(100)]


def all_sums() -> list[int]:
    return list(Fact.objects.order_by().values_list("scope_id", flat=True).distinct())


SUM = Kind(name="test_sum", rules="1", compute=add_up, parents=group_of, scopes=all_sums)
GROUP_SUM = Kind(name="test_group", rules="1", compute=add_up_group, children=sums_of)
