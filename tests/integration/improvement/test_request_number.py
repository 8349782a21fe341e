"""One number for a request: in its answer, on its page, in its lines, and in those of the tasks that it led to."""

import json
import logging
import uuid
from datetime import timedelta

import pytest
from celery.worker.request import Request
from django.db import OperationalError
from django.db.backends.base.base import BaseDatabaseWrapper
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_guid import clear_guid, get_guid, set_guid

from accounts.permissions import Role
from improvement.logs import person
from improvement.middleware import Counted
from improvement.worker_requests import Numbered
from rpiws.models import Reading
from snapshots.hooks import Waker, waker
from snapshots.models import Snapshot
from tests.factories.rpiws import MeasureFactory, ReadingFactory, RpiwFactory
from tests.factories.trusts import member
from tests.lines import listen
from tests.processes import WorkerProcess, wait_until

GIVEN = "7e0f4c7f9b1d4d6fa1b25c11f0c3ab2e"


@pytest.fixture
def written():
    lines, handler = listen()
    yield lines
    logging.getLogger().removeHandler(handler)


@pytest.mark.django_db
class TestOfARequest:
    @pytest.mark.parametrize("given", [GIVEN, str(uuid.UUID(GIVEN))])
    def test_number_from_the_proxy_is_kept(self, client, written, given):
        answer = client.get("/accounts/login/", headers={"X-Request-ID": given})
        assert answer["X-Request-ID"] == given
        assert [line["request_id"] for line in written.of("improvement.requests")] == [given]

    @pytest.mark.parametrize("given", ["", "jane@ward.example", "JaneCanary", "1" * 500, "a b\tc"])
    def test_anything_else_is_not_taken_over(self, client, written, given):
        number = client.get("/accounts/login/", headers={"X-Request-ID": given})["X-Request-ID"]
        assert len(number) == 16
        assert {line["request_id"] for line in written.lines} == {number}
        assert not given or given not in written.text

    def test_two_requests_have_two_numbers_and_leave_none_behind(self, client):
        first, second = (client.get("/accounts/login/")["X-Request-ID"] for _ in range(2))
        assert first != second
        assert get_guid() is None

    def test_line_after_a_request_that_ended_the_thread_is_nobodys(self, rf):
        def stopped(_request):
            person.set(17)
            raise SystemExit

        with pytest.raises(SystemExit):
            Counted(stopped)(rf.get("/"))
        assert person.get() is None

    def test_lines_name_who_is_signed_in_by_id_alone(self, client, written):
        user = member(Role.FACILITATOR, email="jane.canary@ward.example", name="Jane Canary")
        client.force_login(user)
        client.get("/")
        logging.getLogger("between.requests").warning("The thread has something to say of its own")
        client.logout()
        client.get("/accounts/login/")
        signed_in, signed_out = written.of("improvement.requests")
        assert signed_in["person"] == user.pk
        assert ["person" in line for line in written.of("between.requests")] == [False]
        assert "person" not in signed_out
        assert (signed_in["route"], signed_in["method"], signed_in["status"]) == ("home", "GET", 200)
        assert "anary" not in written.text

    def test_probes_leave_no_line(self, client, written):
        client.get("/health/")
        assert written.of("improvement.requests") == []


class TestOfAnErrorPage:
    @pytest.mark.django_db
    def test_page_that_is_not_there_can_be_quoted(self, client):
        answer = client.get("/no/such/page/")
        assert f"quote this number: <b>{answer['X-Request-ID']}</b>" in answer.content.decode()

    def test_page_of_a_fault_is_drawn_without_a_database(self, monkeypatch, written):
        def refused(_self):
            raise OperationalError("could not connect as improvement_app")

        monkeypatch.setattr(BaseDatabaseWrapper, "ensure_connection", refused)
        client = Client(raise_request_exception=False)
        client.cookies["sessionid"] = "somebody"
        answer = client.get("/", {"name": "Canary"})
        assert answer.status_code == 503
        number = answer["X-Request-ID"]
        assert f"quote this number: <b>{number}</b>" in answer.content.decode()
        (fault,) = [line for line in written.lines if line["level"] == "error"]
        assert (fault["request_id"], fault["logger"]) == (number, "django.request")
        assert "OperationalError" in fault["trace"]
        assert "improvement_app" not in written.text
        assert "Canary" not in written.text


def test_message_carries_the_number_of_the_first_that_asked_also_when_it_waits():
    sent = []
    waker = Waker(lambda scope: sent.append((scope, get_guid())), pause=0.3)
    for number in ("first", "second", "third"):
        set_guid(number)
        waker.wake(("stream", 1))
        if number == "first":
            wait_until(lambda: sent)
    clear_guid()
    wait_until(lambda: len(sent) == 2)
    assert sent == [(("stream", 1), "first"), (("stream", 1), "second")]


def test_message_that_the_broker_refused_keeps_its_number():
    sent, refusals = [], [ConnectionError("refused")]

    def send(scope):
        if refusals:
            raise refusals.pop()
        sent.append(get_guid())

    waker = Waker(send, retry=0.1)
    set_guid("first")
    waker.wake(("stream", 1))
    clear_guid()
    wait_until(lambda: sent)
    assert sent == ["first"]


@pytest.mark.parametrize("event", ["on_timeout", "on_failure"])
def test_main_process_of_a_worker_speaks_of_a_task_under_its_number(monkeypatch, event):
    heard = []
    monkeypatch.setattr(Request, event, lambda *given: heard.append(get_guid()))
    request = Numbered.__new__(Numbered)
    request._request_dict = {"X-Request-ID": GIVEN}
    getattr(request, event)(False, 60)
    assert heard == [GIVEN]
    assert get_guid() is None


@pytest.fixture
def json_worker(transactional_db, broker):
    worker = WorkerProcess(LOG_FORMAT="json")
    worker.start()
    yield worker
    worker.stop()


@pytest.mark.django_db(transaction=True)
def test_saved_reading_is_followed_to_the_workers_lines(client, json_worker):
    rpiw = RpiwFactory(following_up=True, week_starts=timezone.localdate() - timedelta(days=66))
    measure = MeasureFactory(rpiw=rpiw)
    ReadingFactory(measure=measure)
    stream = rpiw.value_stream
    client.force_login(member(Role.FACILITATOR, stream.trust))
    form = {f"m{measure.pk}-value": "9 min", "measured_on": str(timezone.localdate()), "key": str(uuid.uuid4())}
    address = reverse("readings", args=[rpiw.pk]) + "?checkpoint=day_60"
    assert client.post(address, form, headers={"X-Request-ID": GIVEN}).status_code == 302
    assert Reading.objects.filter(checkpoint="day_60").exists()
    assert waker.drain(5)
    stored = Snapshot.objects.filter(kind="partnership", scope_id=stream.trust.partnership_id)
    wait_until(stored.exists, seconds=20, why=json_worker.log)

    def of_the_request():
        lines = [json.loads(line) for line in json_worker.log().splitlines() if line.startswith("{")]
        return [line["message"] for line in lines if line.get("request_id") == GIVEN]

    # The value stream's recomputation, and the trust's and the partnership's that follow from it.
    wait_until(lambda: sum("succeeded" in message for message in of_the_request()) >= 3, why=json_worker.log)
    others = [line for line in json_worker.log().splitlines() if line and not line.startswith("{")]
    assert not [line for line in others if "[" in line and "Task" in line]
