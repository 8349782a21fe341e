"""What may befall an installation, each in seconds: real processes, readings saved by HTTP, and a ledger of what was
accepted. tests/soak/test_faults.py does the same for minutes."""

import random
import re
import threading
import time
import uuid
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
import redis
import time_machine
from django.db import connections

from accounts.permissions import Role
from improvement import doctor
from improvement.celery import app
from rpiws.models import Reading
from snapshots import tasks
from snapshots.freshness import freshness
from snapshots.models import Snapshot, Trouble
from tests.factories.trusts import member
from tests.faults import lead_to
from tests.installation import logs
from tests.ledger import Load, Person, catches_up, check_ledger
from tests.processes import wait_until
from tests.reliability import note

pytestmark = [pytest.mark.fault, pytest.mark.timeout(180)]


@pytest.fixture
def site(installation):
    return installation.serve()


def test_fifty_people_edit_one_cell(installation, site, world):
    # Given fifty people who all have the same empty cell before them
    measure, checkpoint = world.measures[0], "day_60"
    people = [Person(site.address, member(Role.FACILITATOR, world.trust)) for _ in range(50)]
    values = {n: 10 + n for n in range(len(people))}
    accepted, left, seen, rounds = [], set(values), 0, 3
    for version in range(1, rounds + 1):
        # When they save at once
        answers = at_once(
            {n: partial(people[n].save, measure, checkpoint, values[n], seen=seen, key=uuid.uuid4()) for n in left}
        )
        # Then one of them wins, and each of the others sees both values, the own and the winner's
        winners = [n for n in left if people[n].accepts(answers[n])]
        assert len(winners) == 1, {n: answers[n].status for n in left}
        (winner,) = winners
        accepted.append(values[winner])
        left.remove(winner)
        for n in left:
            assert answers[n].status == 409
            assert f'value="{values[n]} min"' in answers[n].text
            assert re.search(rf"\b{values[winner]} min", answers[n].text)
        # And whoever saves the own value nevertheless, having seen the other one, is in the next round
        seen = version
    stored = Reading.objects.get(measure=measure, checkpoint=checkpoint)
    assert (int(stored.value), stored.version) == (accepted[-1], rounds)
    assert history(measure, checkpoint) == accepted
    note("test_fifty_people_edit_one_cell", people=50, rounds=rounds, winners=len(accepted), lost=0)


def at_once(calls):
    """Call each in a thread of its own, all from the same moment; their answers."""
    answers, gate = {}, threading.Barrier(len(calls))

    def one(n, call):
        gate.wait(30)
        answers[n] = call()

    threads = [threading.Thread(target=one, args=pair) for pair in calls.items()]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return answers


def history(measure, checkpoint):
    from django.apps import apps

    events = apps.get_model("rpiws", "ReadingEvent").objects.filter(measure_id=measure.pk, checkpoint=checkpoint)
    return [int(value) for value in events.order_by("pgh_id").values_list("value", flat=True)]


@pytest.fixture
def to_its_broker(installation):
    """This process sends to the installation's broker."""
    usual = app.conf.broker_url
    lead_to(installation.broker.url)
    yield
    lead_to(usual)


@pytest.mark.soak
def test_tasks_delivered_twice_and_out_of_order_to_two_workers(installation, site, world, to_its_broker):
    broker = redis.Redis.from_url(installation.broker.url)
    broker.flushdb()
    # Given messages for every dashboard, each of them four times and in no order
    for scope in world.scopes * 2:
        tasks.recompute.apply_async(args=scope)
    messages = broker.lrange("recompute", 0, -1)
    dice = random.Random(11)
    again = [*messages, *messages]
    dice.shuffle(again)
    broker.rpush("recompute", *again)
    # When two workers take them while readings are saved, and old ones go on coming
    installation.crew()
    workers = [installation.others[-1], installation.work()]
    with Load(world, site.address, people=2, systems=1) as load:
        until = time.monotonic() + 4
        while time.monotonic() < until:
            broker.rpush("recompute", *dice.sample(messages, 3))
            time.sleep(0.05)
    # Then nothing is lost, nothing is wrong, and nothing was computed for nothing
    seconds = catches_up(world.scopes, since=time.monotonic(), why=lambda: logs(installation))
    check_ledger(load.ledger)
    assert not Trouble.objects.filter(failures__gt=0).exists()
    versions = sum(Snapshot.objects.filter(kind="value_stream").values_list("version", flat=True))
    assert versions <= len(load.ledger.accepted) + 3 * len(world.streams)
    done = sum(worker.log().count("succeeded in") for worker in workers)
    note(
        "test_tasks_delivered_twice_and_out_of_order_to_two_workers",
        readings=len(load.ledger.accepted),
        messages_taken=done,
        versions=versions,
        caught_up_s=seconds,
    )


def test_a_poisonous_value_stream_keeps_nobody_waiting(installation, site, world):
    poisoned, healthy = world.streams[0], world.streams[1:]
    installation.beat()
    installation.work(wound=f"fails:value_stream,{poisoned.pk}")
    # Given a value stream whose computation fails four times already, among others that are in use
    wait_until(lambda: Trouble.objects.filter(failures=1).exists(), seconds=30, why=lambda: logs(installation))
    Trouble.objects.filter(scope_id=poisoned.pk).update(failures=4, attempts=4, next_attempt_at=datetime.now(UTC))
    with Load(world, site.address, people=2, systems=1) as load:
        wait_until(lambda: freshness("value_stream", poisoned.pk).set_aside, seconds=30, why=lambda: logs(installation))
        time.sleep(1)
    # Then nobody else's dashboard waits
    scopes = [("value_stream", stream.pk) for stream in healthy]
    seconds = catches_up(scopes, since=time.monotonic(), why=lambda: logs(installation))
    check_ledger(load.ledger)
    # And its owners are told, on a page that answers, in a sentence
    owner = Person(site.address, member(Role.KPO_LEAD, world.trust))
    page = owner.get(f"/value-streams/{poisoned.pk}/")
    assert page.status == 200
    assert "their computation failed several times and was set aside" in page.text
    assert "Poisonous" not in page.text
    # And an administrator reads the kind of error, without its words, and has it tried again
    administrator = Person(site.address, member(Role.ADMINISTRATOR, partnership=world.trust.partnership))
    page = administrator.get("/dashboards/health/")
    assert f"Value stream {poisoned.number}, {world.trust.short_name}" in page.text
    assert "Poisonous in tests/wounded.py" in page.text
    assert "41.7" not in page.text
    installation.rest()
    installation.work()
    token = administrator.TOKEN
    answer = administrator.ask(
        "POST",
        "/dashboards/health/try-again/",
        f"csrfmiddlewaretoken={token}&id={Trouble.objects.get(scope_id=poisoned.pk).pk}",
        Cookie=f"{administrator.cookies}; csrftoken={token}",
        Content_Type="application/x-www-form-urlencoded",
    )
    assert answer.status == 302
    retried = catches_up(world.scopes, since=time.monotonic(), why=lambda: logs(installation))
    note(
        "test_a_poisonous_value_stream_keeps_nobody_waiting",
        others_current_after_s=seconds,
        whole_after_try_again_s=retried,
    )


def test_clocks_an_hour_apart(installation, site, world):
    # Given a worker an hour ahead and beat an hour behind
    installation.beat(wound="clock:-3600")
    installation.work(wound="clock:3600")
    with Load(world, site.address, people=2, systems=1) as load:
        time.sleep(3)
        # And a fact that no message tells of: only beat's sweep finds it
        stream = world.streams[0]
        stream.name = "Renamed by another program"
        stream.save()
    seconds = catches_up(world.scopes, since=time.monotonic(), why=lambda: logs(installation))
    check_ledger(load.ledger)
    # Then the dashboards' own times are the database's
    computed = Snapshot.objects.get(kind="value_stream", scope_id=stream.pk).computed_at
    assert abs((datetime.now(UTC) - computed).total_seconds()) < 300
    # And the difference is found by whoever looks
    with time_machine.travel(datetime.now(UTC) + timedelta(hours=1), tick=True):
        database = doctor.look_at_database()
    assert abs(database.clock_off) == pytest.approx(3600, abs=60)
    note("test_clocks_an_hour_apart", readings=len(load.ledger.accepted), caught_up_s=seconds)


@pytest.mark.soak
def test_postgresql_killed_under_load(installation, site, world):
    installation.crew()
    with Load(world, site.address, people=3, systems=1) as load:
        time.sleep(2)
        installation.postgres.kill()
        time.sleep(2)
        installation.postgres.start_again()
        back = time.monotonic()
        before = len(load.ledger.accepted)
        wait_until(lambda: len(load.ledger.accepted) > before + 10, seconds=30, why=lambda: logs(installation))
    connections.close_all()
    seconds = catches_up(world.scopes, since=back, why=lambda: logs(installation))
    assert load.ledger.unanswered
    check_ledger(load.ledger)
    note(
        "test_postgresql_killed_under_load",
        accepted=len(load.ledger.accepted),
        unanswered=load.ledger.unanswered,
        caught_up_s=seconds,
    )


def test_disk_full_during_a_save(installation, site, world):
    installation.crew()
    person = Person(site.address, member(Role.FACILITATOR, world.trust))
    # A measure of its own: the savers below use the others.
    measure, key = world.measures.pop(), uuid.uuid4()
    catches_up(world.scopes, since=time.monotonic(), why=lambda: logs(installation))
    # Given a disk on which no table can grow
    installation.fill_the_disk()
    try:
        # When somebody saves, in a browser with and without a script
        answer = person.save(measure, "day_30", 41, seen=0, key=key)
        # Then they read a sentence, and what they typed stands in its box
        assert answer.status == 503, answer.text[:300]
        assert "The readings could not be saved just now." in answer.text
        assert 'value="41 min"' in answer.text
        assert "Traceback" not in answer.text
        assert "could not extend" not in answer.text
        assert not Reading.objects.filter(measure=measure, checkpoint="day_30").exists()
        assert person.get(f"/rpiws/{measure.rpiw_id}/readings/?checkpoint=day_30").status == 200
        with Load(world, site.address, people=2, systems=1) as load:
            time.sleep(2)
        assert load.ledger.unanswered
    finally:
        installation.make_room()
    back = time.monotonic()
    # And once there is room, the same save is accepted, once, and all is as it was
    assert person.accepts(person.save(measure, "day_30", 41, seen=0, key=key))
    assert Reading.objects.get(measure=measure, checkpoint="day_30").version == 1
    seconds = catches_up(world.scopes, since=back, why=lambda: logs(installation))
    check_ledger(load.ledger)
    installation.empty_the_disk()
    note("test_disk_full_during_a_save", refused=load.ledger.unanswered + 1, caught_up_s=seconds)
