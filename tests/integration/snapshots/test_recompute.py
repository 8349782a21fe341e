"""One recomputation: marks and facts belong together, whoever else is writing or computing."""

import random
import threading
import time

import psycopg2
import pytest
from django.db import OperationalError, connection, transaction

from snapshots.freshness import freshness, latest
from snapshots.models import ChangeMark, Snapshot, Trouble
from snapshots.recompute import Result, _store, mark, recompute
from snapshots.registry import Kind, register, unregister
from snapshots.sweeping import catch_up
from tests.integration.snapshots.facts import SUM, Fact, between

KIND = "test_sum"


def in_thread(function):
    """Run it in another connection while this one is in the middle of something."""
    errors = []

    def run():
        try:
            function()
        except BaseException as error:
            errors.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join(30)
    assert not errors, errors


def marks(kind=KIND):
    return ChangeMark.objects.filter(kind=kind).count()


def test_a_saved_fact_becomes_the_first_version(facts):
    facts.objects.create(scope_id=1, value=5)
    outcome = recompute(KIND, 1)
    assert (outcome.result, outcome.version, outcome.marks) == (Result.STORED, 1, 1)
    assert latest(KIND, 1).body == {"total": 5, "rows": 1}
    assert marks() == 0
    assert not Trouble.objects.exists()


def test_each_recomputation_has_the_next_version(facts):
    for value in range(1, 4):
        facts.objects.create(scope_id=1, value=value)
        assert recompute(KIND, 1).version == value
    assert latest(KIND, 1).body["total"] == 6


def test_a_message_delivered_twice_computes_once(facts):
    facts.objects.create(scope_id=1, value=5)
    recompute(KIND, 1)
    assert recompute(KIND, 1).result is Result.NOTHING_TO_DO
    assert between.computed == 1
    assert latest(KIND, 1).version == 1


def test_messages_out_of_order_end_at_the_newest_facts(facts):
    facts.objects.create(scope_id=1, value=5)
    facts.objects.create(scope_id=2, value=7)
    facts.objects.filter(scope_id=1).update(value=6)
    for scope_id in (2, 1, 1, 2):
        recompute(KIND, scope_id)
    assert (latest(KIND, 1).body["total"], latest(KIND, 2).body["total"]) == (6, 7)


def test_a_fact_saved_while_computing_keeps_its_mark(facts, woken):
    facts.objects.create(scope_id=1, value=5)
    between.does = lambda scope_id: in_thread(lambda: facts.objects.create(scope_id=1, value=100))
    assert recompute(KIND, 1).result is Result.STORED
    assert latest(KIND, 1).body["total"] == 5
    assert marks() == 1
    assert (KIND, 1) in woken
    between.does = lambda scope_id: None
    assert recompute(KIND, 1).result is Result.STORED
    assert latest(KIND, 1).body["total"] == 105


def test_a_fact_of_a_transaction_that_commits_late_is_not_lost(facts):
    """Its mark has the lower id: "the highest id seen" would step over it."""
    begun, go_on = threading.Event(), threading.Event()

    def slow():
        with transaction.atomic():
            facts.objects.create(scope_id=1, value=1)
            begun.set()
            go_on.wait(20)
        connection.close()

    thread = threading.Thread(target=slow)
    thread.start()
    assert begun.wait(10)
    facts.objects.create(scope_id=1, value=10)
    recompute(KIND, 1)
    assert latest(KIND, 1).body["total"] == 10
    go_on.set()
    thread.join(20)
    assert marks() == 1
    recompute(KIND, 1)
    assert latest(KIND, 1).body["total"] == 11


def test_a_rolled_back_fact_leaves_no_mark(facts):
    with transaction.atomic():
        facts.objects.create(scope_id=1, value=1)
        transaction.set_rollback(True)
    assert not facts.objects.exists()
    assert marks() == 0


def test_two_at_once_compute_once(facts, at_once):
    facts.objects.create(scope_id=1, value=5)
    between.does = lambda scope_id: time.sleep(0.3)
    outcomes = at_once(*[lambda: recompute(KIND, 1)] * 4)
    assert [outcome.result for outcome in outcomes].count(Result.STORED) == 1
    assert between.computed == 1
    assert latest(KIND, 1).version == 1
    assert marks() == 0


def test_two_hundred_duplicates_make_one_recomputation(facts, at_once):
    facts.objects.create(scope_id=1, value=5)
    at_once(*[lambda: [recompute(KIND, 1) for _ in range(50)]] * 4)
    assert between.computed == 1
    assert latest(KIND, 1).version == 1
    assert not Trouble.objects.exists()


def test_a_recomputation_keeps_off_while_another_holds_the_lock(facts, at_once):
    """The lock stands behind the count of attempts: each alone keeps two workers apart."""
    facts.objects.create(scope_id=1, value=5)
    between.does = lambda scope_id: time.sleep(0.5)

    def late():
        time.sleep(0.2)
        return _store(SUM, 1)

    outcomes = at_once(lambda: _store(SUM, 1), late)
    assert [outcome.result for outcome in outcomes] == [Result.STORED, Result.BUSY]


def test_a_transaction_that_postgresql_refuses_is_run_again(facts):
    facts.objects.create(scope_id=1, value=5)
    recompute(KIND, 1)
    facts.objects.create(scope_id=1, value=6)
    between.computed = 0

    def interfere(_scope_id):
        if between.computed == 1:
            in_thread(lambda: Snapshot.objects.filter(kind=KIND, scope_id=1).update(version=10))

    between.does = interfere
    assert recompute(KIND, 1).version == 11
    assert between.computed == 2
    assert latest(KIND, 1).body["total"] == 11


def test_different_scopes_are_computed_at_once(facts, at_once):
    facts.objects.create(scope_id=1, value=5)
    facts.objects.create(scope_id=2, value=6)
    together = threading.Barrier(2, timeout=10)
    between.does = lambda scope_id: together.wait()
    outcomes = at_once(lambda: recompute(KIND, 1), lambda: recompute(KIND, 2))
    assert {outcome.result for outcome in outcomes} == {Result.STORED}


def test_a_connection_that_dies_while_computing_brings_the_marks_back(facts):
    facts.objects.create(scope_id=1, value=5)

    def die(_scope_id):
        settings = connection.settings_dict
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            (pid,) = cursor.fetchone()
        other = psycopg2.connect(
            host=settings["HOST"],
            port=settings["PORT"],
            user=settings["USER"],
            password=settings["PASSWORD"],
            dbname=settings["NAME"],
        )
        other.autocommit = True
        other.cursor().execute("SELECT pg_terminate_backend(%s)", [pid])
        other.close()
        time.sleep(0.1)

    between.does = die
    assert recompute(KIND, 1).result is Result.CUT_SHORT
    connection.close()
    assert marks() == 1
    assert latest(KIND, 1) is None
    assert Trouble.objects.get().attempts == 1
    between.does = lambda scope_id: None
    assert recompute(KIND, 1).result is Result.LATER
    Trouble.objects.update(next_attempt_at=Trouble.objects.get().next_attempt_at.replace(year=2000))
    assert recompute(KIND, 1).result is Result.STORED
    assert not Trouble.objects.exists()


def test_an_unchanged_body_does_not_disturb_the_parents(facts, woken):
    fact = facts.objects.create(scope_id=1, value=5)
    assert recompute(KIND, 1).parents == (("test_group", 1),)
    assert woken == [("test_group", 1)]
    ChangeMark.objects.all().delete()
    fact.save()
    outcome = recompute(KIND, 1)
    assert (outcome.version, outcome.parents) == (2, ())
    assert marks("test_group") == 0


def test_new_rules_reach_the_parents_even_with_the_same_body(facts):
    facts.objects.create(scope_id=1, value=5)
    recompute(KIND, 1)
    Snapshot.objects.update(rules="0")
    mark([(KIND, 1)])
    assert recompute(KIND, 1).parents == (("test_group", 1),)


def test_roll_up_follows_its_children(facts):
    for scope_id in range(3):
        facts.objects.create(scope_id=scope_id, value=10)
    catch_up()
    assert latest("test_group", 1).body == {"total": 30}
    facts.objects.filter(scope_id=2).update(scope_id=0)
    catch_up()
    assert latest(KIND, 0).body == {"total": 20, "rows": 2}
    assert latest(KIND, 2) is None
    assert latest("test_group", 1).body == {"total": 30}


def test_a_scope_that_is_gone_and_comes_back_goes_on_with_its_versions(facts):
    facts.objects.create(scope_id=1, value=5)
    recompute(KIND, 1)
    facts.objects.all().delete()
    assert recompute(KIND, 1).version == 2
    assert latest(KIND, 1) is None
    facts.objects.create(scope_id=1, value=6)
    assert recompute(KIND, 1).version == 3


def test_inside_a_transaction_it_refuses_to_run(facts):
    facts.objects.create(scope_id=1, value=5)
    with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
        recompute(KIND, 1)


def test_a_kind_that_no_room_computes_keeps_its_marks(facts):
    mark([("nobody", 1)])
    assert recompute("nobody", 1).result is Result.UNKNOWN
    assert marks("nobody") == 1


def test_a_computation_that_writes_and_fails_leaves_nothing(facts):
    def compute(scope_id):
        Fact.objects.create(scope_id=9, value=1)
        raise ValueError("broken")

    register(Kind(name="test_writer", rules="1", compute=compute))
    mark([("test_writer", 1)])
    try:
        assert recompute("test_writer", 1).result is Result.FAILED
    finally:
        unregister("test_writer")
    assert not Fact.objects.exists()
    assert marks("test_writer") == 1


def test_freshness_before_during_and_after(facts):
    assert freshness(KIND, 1).version == 0
    facts.objects.create(scope_id=1, value=5)
    stale = freshness(KIND, 1)
    assert stale.updating
    assert stale.newest_mark_at is not None
    assert freshness("test_group", 1).updating, "a roll-up is behind while one of its children is"
    catch_up()
    fresh = freshness(KIND, 1)
    assert (fresh.version, fresh.updating, fresh.newest_mark_at, fresh.set_aside) == (1, False, None, False)
    assert fresh.stored is not None
    assert not freshness("test_group", 1).updating


def test_random_interleavings_end_equal_to_the_naive_sum(facts, at_once):
    """Writers insert, change, move, delete, roll back and load in bulk while three processes recompute."""
    writing = threading.Event()
    writing.set()
    versions: dict[int, list[int]] = {scope_id: [] for scope_id in range(5)}

    def write(seed):
        dice = random.Random(seed)
        for _ in range(150):
            scope_id, other = dice.randrange(5), dice.randrange(5)
            try:
                with transaction.atomic():
                    match dice.randrange(6):
                        case 0:
                            facts.objects.create(scope_id=scope_id, value=dice.randrange(100))
                        case 1:
                            facts.objects.bulk_create(
                                [facts(scope_id=n % 5, value=n) for n in range(dice.randrange(9))]
                            )
                        case 2:
                            facts.objects.filter(scope_id=scope_id, value__gt=50).update(scope_id=other)
                        case 3:
                            facts.objects.filter(scope_id=scope_id, value__lt=20).update(value=21)
                        case 4:
                            facts.objects.filter(scope_id=scope_id, value__gt=90).delete()
                        case 5:
                            facts.objects.create(scope_id=scope_id, value=1)
                            raise KeyError
            except KeyError:
                pass
            except OperationalError:
                # Two writers in opposite order: PostgreSQL ended one of them, and nothing of it stays.
                pass

    def compute(seed):
        dice = random.Random(seed)
        while writing.is_set():
            scope_id = dice.randrange(5)
            outcome = recompute(KIND, scope_id)
            assert outcome.result in (Result.STORED, Result.NOTHING_TO_DO, Result.BUSY, Result.LATER)
            if outcome.version:
                versions[scope_id].append(outcome.version)

    def write_all():
        try:
            threads = [threading.Thread(target=lambda n=n: (write(n), connection.close())) for n in range(3)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        finally:
            writing.clear()

    at_once(write_all, *[lambda n=n: compute(n) for n in range(3)])
    assert sum(map(len, versions.values())) > 10, "they recomputed while the others wrote"
    catch_up()
    assert not Trouble.objects.exists()
    assert not ChangeMark.objects.filter(kind=KIND).exists()
    for scope_id in range(5):
        values = [fact.value for fact in facts.objects.filter(scope_id=scope_id)]
        stored = latest(KIND, scope_id)
        assert (stored.body if stored else None) == ({"total": sum(values), "rows": len(values)} if values else None)
        assert sorted(versions[scope_id]) == list(range(1, len(versions[scope_id]) + 1)), (
            "no version twice, none left out"
        )
        assert Snapshot.objects.get(kind=KIND, scope_id=scope_id).version >= len(versions[scope_id])
    total = sum(facts.objects.values_list("value", flat=True))
    assert latest("test_group", 1).body["total"] == total
