"""What is done about marks that no message has led to."""

import pytest
import redis
from celery.signals import worker_ready
from django.core.management import CommandError, call_command
from django.db import transaction
from kombu.exceptions import OperationalError

from snapshots import sweeping, tasks
from snapshots.freshness import latest, oldest_mark_age
from snapshots.models import ChangeMark, Snapshot
from snapshots.recompute import mark
from snapshots.signals import facts_changed
from snapshots.sweeping import catch_up, mark_outdated, remaining, sweep
from tests.integration.snapshots.facts import between

KIND = "test_sum"


@pytest.fixture
def messages(monkeypatch):
    sent = []
    monkeypatch.setattr(tasks.recompute, "apply_async", lambda args, **options: sent.append((tuple(args), options)))
    return sent


def test_one_message_for_each_scope_however_many_marks(facts, messages):
    for _ in range(20):
        facts.objects.create(scope_id=1, value=1)
        facts.objects.create(scope_id=2, value=1)
    assert sweep() == 2
    assert [scope for scope, _ in messages] == [(KIND, 1), (KIND, 2)]
    # A worker whose clock is ahead of the sender's would throw away what expires.
    assert not any(options.get("expires") for _, options in messages)


def test_nothing_is_added_to_a_long_queue(facts, messages, monkeypatch):
    facts.objects.create(scope_id=1, value=1)
    monkeypatch.setattr(sweeping, "messages_waiting", lambda: sweeping.LONG_QUEUE)
    assert sweep() == 0
    monkeypatch.setattr(sweeping, "messages_waiting", lambda: sweeping.LONG_QUEUE - 1)
    assert sweep() == 1


def test_messages_that_wait_are_counted_at_the_broker(broker):
    before = sweeping.messages_waiting()
    tasks.recompute.apply_async(args=("nobody", 1))
    assert sweeping.messages_waiting() == before + 1
    redis.Redis.from_url(broker).flushdb()


def test_what_has_waited_longest_comes_first(facts):
    facts.objects.create(scope_id=2, value=1)
    facts.objects.create(scope_id=1, value=1)
    facts.objects.create(scope_id=2, value=1)
    assert remaining() == [(KIND, 2), (KIND, 1)]
    assert remaining(1) == [(KIND, 2)]


def test_no_messages_when_everything_is_fresh(facts, messages):
    facts.objects.create(scope_id=1, value=1)
    catch_up()
    assert sweep() == 0
    assert messages == []


def test_marks_of_kinds_that_no_room_computes_are_left_alone(facts, messages):
    mark([("nobody", 1)])
    assert sweep() == 0


def test_a_thousand_saves_without_a_broker_are_found_by_one_sweep(facts, messages):
    for value in range(1000):
        facts.objects.create(scope_id=value % 3, value=value)
    assert sweep() == 3
    catch_up()
    assert between.computed == 3
    assert sum(latest(KIND, scope_id).body["total"] for scope_id in range(3)) == sum(range(1000))


def test_the_command_needs_neither_broker_nor_worker(facts, capsys):
    facts.objects.create(scope_id=1, value=5)
    call_command("sweep", "--here")
    assert latest(KIND, 1).body["total"] == 5
    assert "2 recomputations" in capsys.readouterr().out


def test_the_command_sends_what_beat_would(facts, messages, capsys):
    facts.objects.create(scope_id=1, value=5)
    call_command("sweep")
    assert [scope for scope, _ in messages] == [(KIND, 1)]
    assert "were behind: 1." in capsys.readouterr().out


def test_the_command_says_that_the_broker_is_gone(facts, monkeypatch):
    def refuse(*args, **options):
        raise OperationalError("refused")

    monkeypatch.setattr(tasks.recompute, "apply_async", refuse)
    facts.objects.create(scope_id=1, value=5)
    with pytest.raises(CommandError, match="--here"):
        call_command("sweep")


def test_recompute_all_includes_scopes_that_were_never_computed(facts):
    facts.objects.create(scope_id=1, value=5)
    ChangeMark.objects.all().delete()
    call_command("recompute", "--all")
    assert latest(KIND, 1).body["total"] == 5


def test_only_dashboards_of_older_rules_are_outdated(facts):
    facts.objects.create(scope_id=1, value=5)
    facts.objects.create(scope_id=2, value=5)
    catch_up()
    assert mark_outdated() == 0
    Snapshot.objects.filter(scope_id=2).update(rules="0")
    assert mark_outdated() == 1
    assert remaining() == [(KIND, 2)]


def test_worker_that_starts_marks_what_older_rules_computed(facts):
    facts.objects.create(scope_id=1, value=5)
    catch_up()
    Snapshot.objects.update(rules="0")
    assert (KIND, 1) not in remaining()
    worker_ready.send(sender=None)
    assert (KIND, 1) in remaining()


def test_dashboard_of_older_rules_is_not_shown(facts):
    facts.objects.create(scope_id=1, value=5)
    catch_up()
    assert latest(KIND, 1) is not None
    Snapshot.objects.update(rules="0")
    assert latest(KIND, 1) is None


def test_the_age_of_the_oldest_mark(facts):
    assert oldest_mark_age() == 0
    facts.objects.create(scope_id=1, value=5)
    ChangeMark.objects.update(at=ChangeMark.objects.get().at.replace(year=2020))
    assert oldest_mark_age() > 60 * 60 * 24 * 365


def test_signal_wakes_only_on_commit(facts, woken):
    with transaction.atomic():
        facts_changed.send(sender=facts, kind=KIND, scope_id=1)
        assert woken == []
    assert woken == [(KIND, 1)]


def test_signal_of_a_rolled_back_action_wakes_nobody(facts, woken):
    with transaction.atomic():
        facts_changed.send(sender=facts, kind=KIND, scope_id=1)
        transaction.set_rollback(True)
    assert woken == []


def test_a_failing_waker_does_not_turn_a_committed_save_into_an_error(facts, monkeypatch):
    from snapshots import hooks

    class Broken:
        def wake(self, scope):
            raise RuntimeError("no thread to be had")

    monkeypatch.setattr(hooks, "waker", Broken())
    with transaction.atomic():
        facts.objects.create(scope_id=1, value=5)
        facts_changed.send(sender=facts, kind=KIND, scope_id=1)
    assert facts.objects.count() == 1
