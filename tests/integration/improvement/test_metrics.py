"""The numbers that monitoring reads: right over several web processes, and there when a part is away."""

import re
import urllib.request
from datetime import timedelta

import pytest
from django.db import OperationalError
from django.urls import reverse
from django.utils import timezone

from accounts.permissions import Role
from improvement import heartbeat, metrics, tally
from rpiws.models import Reminder
from snapshots.hooks import waker
from snapshots.models import ChangeMark, Trouble
from snapshots.signals import facts_changed
from snapshots.sweeping import catch_up
from tests.factories.api import client_of
from tests.factories.rpiws import ReadingFactory, RpiwFactory
from tests.factories.trusts import TrustFactory, member
from tests.processes import SiteProcess

TOKEN = "for the tests alone"
HEADERS = {"Authorization": f"Bearer {TOKEN}"}
SIGN_INS = 'improvement_requests_total{method="GET",route="account_login",status="200"}'


@pytest.fixture
def asked(client, settings, broker):
    """Ask for one number by its name and labels; None when it is not told."""
    settings.METRICS_TOKEN = TOKEN

    def ask(name: str) -> float | None:
        return number(client.get("/metrics", headers=HEADERS).content.decode(), name)

    return ask


def number(text: str, name: str) -> float | None:
    found = re.search(rf"^{re.escape(name)} (\S+)$", text, re.MULTILINE)
    return float(found[1]) if found else None


@pytest.mark.django_db
class TestOfRequests:
    def test_answers_are_counted_by_route_and_never_by_path(self, client, asked):
        trust = TrustFactory()
        client.force_login(member(Role.FACILITATOR, trust))
        name = 'improvement_requests_total{method="GET",route="trust",status="200"}'
        before = asked(name) or 0
        address = reverse("trust", args=[trust.ods_code])
        for _ in range(2):
            assert client.get(address, {"q": "Canary"}).status_code == 200
        client.get("/no/such/Canary/")
        client.generic("CANARY", "/")
        assert asked(name) == before + 2
        assert asked('improvement_request_seconds_count{route="trust"}') >= 2
        page = client.get("/metrics", headers=HEADERS).content.decode()
        assert 'route="none",status="404"' in page
        assert not re.search(f"(?i)canary|{trust.ods_code}", page)

    def test_api_requests_are_counted_by_what_they_ask_for(self, client, asked):
        name = 'improvement_api_requests_total{kind="read_detail",status="200"}'
        refused = 'improvement_api_requests_total{kind="read_summaries",status="401"}'
        before, refused_before = asked(name) or 0, asked(refused) or 0
        token = client_of(TrustFactory()).token
        client.get("/api/v1/rpiws", headers={"Authorization": f"Bearer {token}"})
        client.get("/api/v1/trust-summaries", headers={"Authorization": "Bearer nonsense"})
        assert asked(name) == before + 1
        assert asked(refused) == refused_before + 1

    def test_saves_are_counted_when_they_are_committed(self, asked, django_capture_on_commit_callbacks):
        def save_reading(): ...

        name = 'improvement_saves_total{action="save_reading"}'
        before = asked(name) or 0
        with django_capture_on_commit_callbacks(execute=False) as undone:
            facts_changed.send(sender=save_reading, kind="test", scope_id=1)
        assert undone
        assert (asked(name) or 0) == before
        with django_capture_on_commit_callbacks(execute=True):
            facts_changed.send(sender=save_reading, kind="test", scope_id=1)
        waker.drain(2)
        assert asked(name) == before + 1

    def test_request_that_did_not_reach_the_database_is_counted(self, client, asked, monkeypatch):
        name = 'improvement_database_connection_errors_total{process="web"}'
        before = asked(name) or 0
        client.raise_request_exception = False

        def refused(_self):
            raise OperationalError("could not connect")

        with monkeypatch.context() as patch:
            patch.setattr("django.db.backends.base.base.BaseDatabaseWrapper.ensure_connection", refused)
            client.cookies["sessionid"] = "somebody"
            assert client.get("/").status_code == 503
        del client.cookies["sessionid"]
        assert asked(name) == before + 1


@pytest.mark.parametrize(
    ("code", "lost"), [(None, True), ("08006", True), ("57P01", True), ("40001", False), ("57014", False)]
)
def test_question_that_was_refused_is_no_lost_connection(code, lost):
    error = OperationalError()
    error.__cause__ = Exception()
    error.__cause__.pgcode = code
    assert metrics.is_lost_connection(error) is lost
    assert not metrics.is_lost_connection(ValueError())
    assert not metrics.is_lost_connection(None)


@pytest.mark.django_db(transaction=True)
class TestOfWhatIsKept:
    def test_recomputations_are_counted_and_survive_a_restart(self, asked, monkeypatch):
        ReadingFactory()
        assert catch_up()
        stored = asked('improvement_recomputations_total{result="stored"}')
        assert stored >= 3
        assert asked("improvement_recomputation_seconds_count") == stored
        assert asked("improvement_recomputation_seconds_sum") > 0
        assert asked('improvement_recomputations_total{result="failed"}') is None
        monkeypatch.setattr("snapshots.recompute._store_again_until_serialised", lambda *_given: 1 / 0)
        ReadingFactory()
        catch_up()
        assert asked('improvement_recomputations_total{result="failed"}') >= 1

    def test_tasks_that_fail_are_counted_in_the_broker(self, asked):
        class Sender:
            name = "snapshots.tasks.sweep"

        tally.note_failure(sender=Sender, exception=OperationalError("gone"))
        tally.note_failure(sender=Sender, exception=ValueError())
        assert asked('improvement_failed_tasks_total{task="snapshots.tasks.sweep"}') == 2
        assert asked("improvement_worker_database_connection_errors_total") == 1

    def test_what_waits_is_told(self, asked):
        assert asked("improvement_marks_waiting") == 0
        assert asked("improvement_oldest_mark_seconds") == 0
        now = timezone.now()
        for seconds in (5, 100):
            ChangeMark.objects.create(kind="test", scope_id=1, at=now - timedelta(seconds=seconds))
        Trouble.objects.create(kind="test", scope_id=1, next_attempt_at=now, set_aside_at=now)
        Trouble.objects.create(kind="test", scope_id=2, next_attempt_at=now, error="ValueError")
        rpiw = RpiwFactory()
        Reminder.objects.create(
            rpiw=rpiw, checkpoint="day_30", to=member(Role.FACILITATOR), occasion="due", sent_at=now
        )
        with heartbeat.client() as broker:
            broker.rpush("imports", "one", "two")
        assert asked("improvement_marks_waiting") >= 2
        assert asked("improvement_oldest_mark_seconds") >= 100
        assert asked("improvement_set_aside") == 1
        assert asked("improvement_failing") == 1
        assert asked('improvement_reminders_sent_total{occasion="due"}') == 1
        assert asked('improvement_queue_length{queue="imports"}') == 2

    def test_part_that_is_away_is_said_and_the_rest_is_told(self, asked, settings, monkeypatch):
        assert asked("improvement_broker_up") == 1
        settings.REDIS_URL = "redis://127.0.0.1:1/0"
        assert asked("improvement_broker_up") == 0
        assert asked("improvement_marks_waiting") == 0
        monkeypatch.setattr(metrics.ChangeMark.objects, "aggregate", refuse)
        assert asked("improvement_database_up") == 0
        assert asked("improvement_marks_waiting") is None


def refuse(**_asked):
    raise OperationalError("gone")


def test_several_web_processes_add_up_to_one_number(transactional_db, broker, tmp_path):
    site = SiteProcess(workers=2, METRICS_TOKEN=TOKEN, PROMETHEUS_MULTIPROC_DIR=str(tmp_path / "metrics"))
    site.start()
    try:
        for _ in range(20):
            urllib.request.urlopen(f"{site.address}/accounts/login/", timeout=10).close()
        asked = urllib.request.Request(f"{site.address}/metrics", headers=HEADERS)
        told = {number(urllib.request.urlopen(asked, timeout=10).read().decode(), SIGN_INS) for _ in range(6)}
    finally:
        site.stop()
    assert len(list((tmp_path / "metrics").glob("counter_*.db"))) >= 1
    assert told == {20}
