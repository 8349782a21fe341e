"""Faults under load for a minute and more, over an installation of the test's own."""

import os
import subprocess
import sys
import time
import uuid
from functools import partial
from statistics import median

import psutil
import pytest
from django.db import connection, connections
from django.db.models import Min
from playwright.sync_api import Browser, Page, expect

from accounts.permissions import Role
from improvement.services.postgres import APPLICATION, OWNER
from rpiws.models import Reading
from snapshots.clock import database_now
from snapshots.freshness import freshness
from snapshots.models import ChangeMark, Trouble
from tests.browser.conftest import browser_type_launch_args
from tests.factories.trusts import member
from tests.installation import SPARE, _nothing_left_running, installation, logs, world
from tests.integration.faults.test_faults import at_once, history
from tests.ledger import CATCH_UP, Load, Person, catches_up, check_ledger
from tests.processes import ROOT, wait_until
from tests.reliability import note

__all__ = ["_nothing_left_running", "browser_type_launch_args", "installation", "world"]

pytestmark = [pytest.mark.soak, pytest.mark.fault, pytest.mark.timeout(400)]
OUTAGE = 60


@pytest.fixture
def site(installation):
    return installation.serve()


def computing_child(worker):
    """A child of the worker that is in the middle of a recomputation: it holds an advisory lock."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT client_port FROM pg_locks JOIN pg_stat_activity USING (pid) WHERE locktype = 'advisory' AND granted"
        )
        ports = {port for (port,) in cursor.fetchall()}
    for child in psutil.Process(worker.process.pid).children():
        try:
            if ports & {one.laddr.port for one in child.net_connections(kind="tcp")}:
                return child
        except psutil.NoSuchProcess:
            continue
    return None


def test_worker_children_and_workers_killed_in_the_middle_of_recomputations(installation, site, world):
    installation.rest()
    installation.beat()
    worker = installation.work(wound="slow:0.3")
    children = whole = 0
    found = []

    def in_the_middle():
        found[:] = [child for child in [computing_child(worker)] if child]
        return found

    with Load(world, site.address, people=3, systems=1, pause=0.1) as load:
        for _ in range(8):
            wait_until(in_the_middle, seconds=60, why=lambda: logs(installation))
            found[0].kill()
            children += 1
            time.sleep(1)
        for _ in range(4):
            wait_until(in_the_middle, seconds=60, why=lambda: logs(installation))
            worker.kill()
            whole += 1
            worker = installation.work(wound="slow:0.3")
    seconds = catches_up(world.scopes, since=time.monotonic(), why=lambda: logs(installation))
    check_ledger(load.ledger)
    assert load.ledger.unanswered == 0
    assert not Trouble.objects.filter(set_aside_at__isnull=False).exists()
    note(
        "test_worker_children_and_workers_killed_in_the_middle_of_recomputations",
        children_killed=children,
        workers_killed=whole,
        readings=len(load.ledger.accepted),
        caught_up_s=seconds,
    )


@pytest.mark.parametrize("how", ["refused", "frozen"])
def test_broker_away_for_a_minute(installation, site, world, how):
    installation.crew()
    broker = installation.broker
    with Load(world, site.address, people=3, systems=1, pause=0.1) as load:
        time.sleep(8)
        began = time.monotonic() - load.began
        (broker.kill if how == "refused" else broker.freeze)()
        time.sleep(OUTAGE)
        ended = time.monotonic() - load.began
        (broker.start if how == "refused" else broker.thaw)()
        back = time.monotonic()
        time.sleep(2)
    seconds = catches_up(world.scopes, since=back, why=lambda: logs(installation))
    check_ledger(load.ledger)
    # Saves went on: nobody was refused, and nobody waited for the broker
    before = [wait for at, wait in load.ledger.waits if at < began]
    during = [wait for at, wait in load.ledger.waits if began <= at < ended]
    assert load.ledger.unanswered == 0
    assert len(during) > 60
    assert max(during) < max(1.5, 2 * max(before))
    assert median(during) < 2 * median(before) + 0.1
    note(
        f"test_broker_away_for_a_minute[{how}]",
        saves_meanwhile=len(during),
        median_wait_s=median(during),
        longest_wait_s=max(during),
        caught_up_s=seconds,
    )


def test_postgresql_killed_again_and_again(installation, site, world):
    installation.crew()
    kills = 5
    with Load(world, site.address, people=4, systems=2) as load:
        for _ in range(kills):
            time.sleep(3)
            installation.postgres.kill()
            time.sleep(1)
            installation.postgres.start_again()
        back = time.monotonic()
        time.sleep(3)
    connections.close_all()
    seconds = catches_up(world.scopes, since=back, why=lambda: logs(installation))
    check_ledger(load.ledger)
    assert load.ledger.unanswered
    note(
        "test_postgresql_killed_again_and_again",
        kills=kills,
        accepted=len(load.ledger.accepted),
        unanswered=load.ledger.unanswered,
        never_repeated=len(load.ledger.unknown),
        caught_up_s=seconds,
    )


def test_disk_full_of_everything_under_load(installation, site, world):
    """Not even PostgreSQL's own log can be written: it stops, and starts again once there is room."""
    installation.crew()
    with Load(world, site.address, people=3, systems=1) as load:
        time.sleep(3)
        installation.postgres.limit_files(0)
        wait_until(lambda: installation.postgres.process.poll() is not None, seconds=60)
        person = Person.__new__(Person)
        person.host = site.address.removeprefix("http://")
        page = person.ask("GET", "/accounts/login/", Cookie="sessionid=x")
        installation.postgres.start_again()
        back = time.monotonic()
        time.sleep(3)
    connections.close_all()
    assert "Traceback" not in page.text
    seconds = catches_up(world.scopes, since=back, why=lambda: logs(installation))
    check_ledger(load.ledger)
    assert load.ledger.unanswered
    note(
        "test_disk_full_of_everything_under_load",
        accepted=len(load.ledger.accepted),
        unanswered=load.ledger.unanswered,
        caught_up_s=seconds,
    )


def test_disk_full_during_an_import(installation):
    def load_example():
        addresses = {
            "DATABASE_URL": installation.postgres.url(APPLICATION, SPARE),
            "DATABASE_OWNER_URL": installation.postgres.url(OWNER, SPARE),
        }
        command = [sys.executable, "manage.py", "load_example"]
        environment = {**os.environ, **installation.environment, **addresses}
        return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=200)

    def stored():
        spare = installation.superuser(SPARE)
        with spare.cursor() as cursor:
            cursor.execute("SELECT (SELECT count(*) FROM rpiws_reading) + (SELECT count(*) FROM accounts_user)")
            (count,) = cursor.fetchone()
        spare.close()
        return count

    installation.fill_the_disk(SPARE)
    try:
        refused = load_example()
    finally:
        installation.make_room()
    assert refused.returncode == 1
    assert "nothing was loaded. See that it runs and that its disk has room" in refused.stderr
    assert "Traceback" not in refused.stderr
    assert stored() == 0
    done = load_example()
    assert done.returncode == 0, done.stderr
    assert stored() > 500
    note("test_disk_full_during_an_import", stored_when_refused=0, stored_with_room=stored())


def test_fifty_people_go_on_until_everybody_has_saved(installation, site, world):
    measure, checkpoint, crowd = world.measures[0], "day_90", 50
    people = [Person(site.address, member(Role.FACILITATOR, world.trust)) for _ in range(crowd)]
    left, accepted, saw_both = set(range(crowd)), [], 0
    while left:
        calls = {
            n: partial(people[n].save, measure, checkpoint, 10 + n, seen=len(accepted), key=uuid.uuid4()) for n in left
        }
        answers = at_once(calls)
        (winner,) = [n for n in left if people[n].accepts(answers[n])]
        left.remove(winner)
        accepted.append(10 + winner)
        assert {answers[n].status for n in left} <= {409}
        saw_both += len(left)
    reading = Reading.objects.get(measure=measure, checkpoint=checkpoint)
    assert (int(reading.value), reading.version) == (accepted[-1], crowd)
    assert history(measure, checkpoint) == accepted
    note(
        "test_fifty_people_go_on_until_everybody_has_saved", people=crowd, versions=reading.version, shown_both=saw_both
    )


def test_a_value_stream_that_kills_its_worker_every_time(installation, site, world):
    poisoned, healthy = world.streams[0], world.streams[1:]
    installation.rest()
    installation.beat()
    installation.work(wound=f"kills:value_stream,{poisoned.pk}")
    scopes = [("value_stream", stream.pk) for stream in healthy]
    ids = [stream.pk for stream in healthy]
    longest = 0.0
    until = time.monotonic() + 200
    with Load(world, site.address, people=2, systems=1, pause=0.2) as load:
        while not freshness("value_stream", poisoned.pk).set_aside:
            assert time.monotonic() < until, logs(installation)
            marks = ChangeMark.objects.filter(kind="value_stream", scope_id__in=ids)
            oldest = marks.aggregate(oldest=Min("at"))["oldest"]
            longest = max(longest, (database_now() - oldest).total_seconds() if oldest else 0.0)
            time.sleep(0.5)
    # A death is noticed after ten seconds, and what the dead process had been handed is handed out again then.
    assert longest < 2 * CATCH_UP
    seconds = catches_up(scopes, since=time.monotonic(), why=lambda: logs(installation))
    check_ledger(load.ledger)
    trouble = Trouble.objects.get(kind="value_stream", scope_id=poisoned.pk)
    assert "the worker ended" in trouble.error
    note(
        "test_a_value_stream_that_kills_its_worker_every_time",
        processes_killed=trouble.attempts,
        readings=len(load.ledger.accepted),
        others_waited_at_most_s=longest,
        caught_up_s=seconds,
    )


def test_web_server_killed_between_click_and_answer(installation, site, world, browser: Browser):
    person = Person(site.address, member(Role.FACILITATOR, world.trust))
    measure = world.measures[0]
    context = browser.new_context(base_url=site.address, locale="en-GB", timezone_id="Europe/London")
    name, _, value = person.cookies.split("; ")[0].partition("=")
    context.add_cookies([{"name": name, "value": value, "url": site.address}])
    page: Page = context.new_page()
    page.goto(f"/rpiws/{measure.rpiw_id}/readings/?checkpoint=day_30")
    box = page.locator(f"#m{measure.pk}-value")
    box.fill("41 min")
    # Given a save that is being written
    blocker = installation.superuser()
    blocker.autocommit = False
    with blocker.cursor() as cursor:
        cursor.execute("SELECT FROM rpiws_rpiw WHERE id = %s FOR UPDATE", [measure.rpiw_id])
        page.get_by_role("button", name="Save readings").click()
        wait_until(waits_for_a_lock, why=lambda: logs(installation))
        # When the web server dies before it answers
        site.kill()
        # Then the page keeps what was typed, and does not claim to know
        expect(page.get_by_text("No answer came, so it is not known whether this was saved.")).to_be_visible()
        expect(box).to_have_value("41 min")
        blocker.rollback()
    blocker.close()
    # And the same again is saved once
    site.start()
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_text("Saved at 30 days: 1 reading.")).to_be_visible(timeout=20_000)
    assert history(measure, "day_30") == [41]
    context.close()
    note("test_web_server_killed_between_click_and_answer", stored=1)


def waits_for_a_lock():
    with connection.cursor() as cursor:
        cursor.execute("SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
        return cursor.rowcount
