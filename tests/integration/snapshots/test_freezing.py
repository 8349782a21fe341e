"""Copies that never change, and reading as of a day."""

from datetime import date

import pytest
from django.db import DatabaseError, connection, transaction

from snapshots.freezing import NothingToFreeze, as_of, freeze, freeze_month_end
from snapshots.models import FrozenSnapshot
from snapshots.recompute import recompute

KIND = "test_sum"
Reason = FrozenSnapshot.Reason


@pytest.fixture
def computed(facts):
    facts.objects.create(scope_id=1, value=5)
    recompute(KIND, 1)
    return facts


def test_a_frozen_copy_stays_when_the_dashboard_goes_on(computed):
    frozen = freeze(KIND, 1, reason=Reason.RELEASE, as_of=date(2026, 5, 4))
    computed.objects.create(scope_id=1, value=6)
    recompute(KIND, 1)
    assert as_of(KIND, 1, date(2026, 6, 1)) == frozen
    assert frozen.body == '{"total":5,"rows":1}'
    assert frozen.version == 1


def test_nothing_computed_cannot_be_frozen(facts):
    with pytest.raises(NothingToFreeze):
        freeze(KIND, 1, reason=Reason.PAPERS, as_of=date(2026, 5, 4))


def test_a_scope_that_is_gone_cannot_be_frozen(computed):
    computed.objects.all().delete()
    recompute(KIND, 1)
    with pytest.raises(NothingToFreeze):
        freeze(KIND, 1, reason=Reason.PAPERS, as_of=date(2026, 5, 4))


def test_as_of_reads_the_newest_copy_up_to_the_day(computed):
    for day in (date(2026, 3, 31), date(2026, 4, 30)):
        freeze(KIND, 1, reason=Reason.MONTH_END, as_of=day)
    assert as_of(KIND, 1, date(2026, 3, 30)) is None
    assert as_of(KIND, 1, date(2026, 4, 29)).as_of == date(2026, 3, 31)
    assert as_of(KIND, 1, date(2026, 4, 30)).as_of == date(2026, 4, 30)
    assert as_of(KIND, 1, date(2026, 4, 30), reason=Reason.RELEASE) is None


def test_a_month_end_is_frozen_once(computed):
    first = freeze(KIND, 1, reason=Reason.MONTH_END, as_of=date(2026, 4, 30))
    assert freeze(KIND, 1, reason=Reason.MONTH_END, as_of=date(2026, 4, 30)) == first


def test_month_end_brings_dashboards_up_to_date_and_freezes_each(computed):
    computed.objects.create(scope_id=2, value=9)
    recompute(KIND, 2)
    computed.objects.create(scope_id=2, value=1)
    assert freeze_month_end(date(2026, 5, 1)) == 3
    assert as_of(KIND, 2, date(2026, 4, 30)).body == '{"total":10,"rows":2}'
    assert as_of("test_group", 1, date(2026, 4, 30)).body == '{"total":15}'


def test_month_end_is_made_up_for_and_not_repeated(computed):
    assert freeze_month_end(date(2026, 5, 3)) == 2
    assert freeze_month_end(date(2026, 5, 4)) == 0
    assert freeze_month_end(date(2026, 6, 1)) == 2


@pytest.mark.parametrize(
    "statement", ["UPDATE snapshots_frozensnapshot SET body = '{}'", "DELETE FROM snapshots_frozensnapshot"]
)
def test_the_database_refuses_to_change_a_frozen_copy(computed, statement):
    freeze(KIND, 1, reason=Reason.RELEASE, as_of=date(2026, 5, 4))
    with pytest.raises(DatabaseError, match="frozensnapshot"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert FrozenSnapshot.objects.get().body == '{"total":5,"rows":1}'


def test_a_copy_cannot_be_saved_again(computed):
    frozen = freeze(KIND, 1, reason=Reason.RELEASE, as_of=date(2026, 5, 4))
    frozen.body = "{}"
    with pytest.raises(DatabaseError):
        frozen.save()
