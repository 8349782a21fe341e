"""A dashboard that cannot be computed harms nobody else, and is not tried for ever."""

import logging
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from snapshots import trouble
from snapshots.freshness import freshness, latest
from snapshots.models import ChangeMark, Trouble
from snapshots.recompute import Result, recompute, retry
from snapshots.sweeping import remaining
from tests.integration.snapshots.facts import between

KIND = "test_sum"


def poison(_scope_id):
    raise ZeroDivisionError("a poisonous fact")


def make_due():
    Trouble.objects.update(next_attempt_at=timezone.now() - timedelta(seconds=1))


@pytest.fixture
def poisoned(facts):
    """Computed once, then given a fact that breaks the computation."""
    facts.objects.create(scope_id=1, value=5)
    recompute(KIND, 1)
    facts.objects.create(scope_id=1, value=6)
    between.does = poison
    between.computed = 0
    return facts


def fail(times):
    for _ in range(times):
        make_due()
        assert recompute(KIND, 1).result is Result.FAILED


def test_a_failure_keeps_the_last_dashboard_and_the_marks(poisoned):
    fail(1)
    assert latest(KIND, 1).body["total"] == 5
    assert ChangeMark.objects.filter(kind=KIND).count() == 1
    assert Trouble.objects.get().error.startswith("ZeroDivisionError in snapshots/test_trouble.py, line ")


def test_the_next_attempt_waits(poisoned):
    fail(1)
    assert recompute(KIND, 1).result is Result.LATER
    assert between.computed == 1
    assert (KIND, 1) not in remaining()
    make_due()
    assert (KIND, 1) in remaining()


def test_waits_become_longer(poisoned):
    waits = []
    for _ in range(3):
        fail(1)
        waits.append((Trouble.objects.get().next_attempt_at - timezone.now()).total_seconds())
    assert waits == pytest.approx([5, 20, 80], abs=2)


def test_the_error_is_kept_without_its_words(poisoned):
    """They may hold a trust's figures, and an administrator reads them."""
    fail(1)
    assert "poisonous" not in Trouble.objects.get().error


def test_after_five_failures_it_is_set_aside_and_said(poisoned, caplog):
    with caplog.at_level(logging.ERROR, logger="snapshots.trouble"):
        fail(5)
    assert any("Set aside" in record.message for record in caplog.records)
    make_due()
    assert recompute(KIND, 1).result is Result.SET_ASIDE
    assert between.computed == 5
    assert (KIND, 1) not in remaining()
    seen = freshness(KIND, 1)
    assert (seen.version, seen.set_aside, seen.updating) == (1, True, False)
    assert freshness("test_group", 1).set_aside


def test_usual_attempt_is_counted_in_one_statement(facts):
    facts.objects.create(scope_id=1, value=5)
    with CaptureQueriesContext(connection) as asked:
        assert trouble.begin((KIND, 1)) is trouble.Go.AHEAD
    assert len(asked) == 1
    counted = Trouble.objects.get()
    assert (counted.attempts, counted.failures, counted.set_aside_at) == (1, 0, None)
    assert (counted.next_attempt_at - timezone.now()).total_seconds() == pytest.approx(5, abs=2)


def test_attempt_without_a_mark_is_not_counted(facts):
    assert trouble.begin((KIND, 1)) is trouble.Go.NOTHING_TO_DO
    assert not Trouble.objects.exists()


def test_a_worker_that_dies_of_it_is_counted_too(poisoned):
    """The attempt is committed before the computation begins. It is given more of them, since a worker may be killed
    from outside, and they do not move apart."""
    for _ in range(10):
        make_due()
        assert trouble.begin((KIND, 1)) is trouble.Go.AHEAD
        assert (Trouble.objects.get().next_attempt_at - timezone.now()).total_seconds() == pytest.approx(5, abs=2)
    make_due()
    assert recompute(KIND, 1).result is Result.SET_ASIDE
    assert between.computed == 0
    assert "worker" in Trouble.objects.get().error


@pytest.mark.parametrize(
    ("error", "is_counted"),
    [
        ("SELECT pg_terminate_backend(pg_backend_pid())", False),
        ("DO $$ BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = 'disk_full'; END $$", False),
        ("SET LOCAL statement_timeout = 1; SELECT pg_sleep(5)", True),
        ("SELECT 1 / 0", True),
    ],
)
def test_the_databases_own_trouble_is_not_held_against_the_scope(poisoned, error, is_counted):
    def does(_scope_id):
        with connection.cursor() as cursor:
            cursor.execute(error)

    between.does = does
    make_due()
    assert recompute(KIND, 1).result is (Result.FAILED if is_counted else Result.CUT_SHORT)
    connection.close()
    kept = Trouble.objects.get()
    assert (kept.attempts, kept.failures) == (1, 1 if is_counted else 0)
    between.does = lambda scope_id: None
    make_due()
    assert recompute(KIND, 1).result is Result.STORED


def test_others_are_computed_meanwhile(poisoned):
    poisoned.objects.create(scope_id=2, value=7)
    between.does = lambda scope_id: poison(scope_id) if scope_id == 1 else None
    fail(1)
    assert recompute(KIND, 2).result is Result.STORED


def test_success_forgets_the_failures(poisoned):
    fail(3)
    between.does = lambda scope_id: None
    make_due()
    assert recompute(KIND, 1).result is Result.STORED
    assert not Trouble.objects.exists()


def test_retry_brings_a_scope_back_that_was_set_aside(poisoned, woken):
    fail(5)
    between.does = lambda scope_id: None
    retry(KIND, 1)
    assert (KIND, 1) in woken
    assert recompute(KIND, 1).result is Result.STORED
    assert latest(KIND, 1).body["total"] == 11


def test_the_command_recomputes_one_that_was_set_aside(poisoned, capsys):
    fail(5)
    between.does = lambda scope_id: None
    call_command("recompute", KIND, "1")
    assert "version 2" in capsys.readouterr().out
    assert not freshness(KIND, 1).set_aside


def test_the_command_says_that_it_failed(poisoned):
    with pytest.raises(CommandError, match="failed"):
        call_command("recompute", KIND, "1")


def test_the_command_refuses_an_unknown_kind(facts):
    with pytest.raises(CommandError, match="test_sum"):
        call_command("recompute", "nobody", "1")
    with pytest.raises(CommandError, match="--all"):
        call_command("recompute")
