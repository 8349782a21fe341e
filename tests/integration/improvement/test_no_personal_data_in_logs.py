"""Names, e-mail addresses and readings go through requests and tasks that succeed and that fail; no line has them."""

import json
import logging
import smtplib
import uuid
from dataclasses import replace
from datetime import timedelta

import pytest
from celery.utils.log import get_task_logger
from django.core.cache import cache
from django.core.mail.backends.locmem import EmailBackend
from django.db import IntegrityError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.permissions import Role
from improvement.celery import app
from rpiws.models import Reading
from rpiws.reminders import send_reminders
from snapshots import registry
from snapshots.models import Trouble
from snapshots.sweeping import catch_up
from tests.factories.accounts import PASSWORD
from tests.factories.api import client_of
from tests.factories.rpiws import MeasureFactory, ReadingFactory, RpiwFactory
from tests.factories.trusts import member
from tests.lines import listen

pytestmark = pytest.mark.django_db(transaction=True)

NAME, EMAIL, READING, TYPED = "Jane Canary", "jane.canary@ward.example", "41.7531", "Canary in the e-mail field"
ROW = f"DETAIL: Failing row contains (7, {NAME}, {EMAIL}, {READING})."
SECRETS = ("anary", "ward.example", READING, "198.51.100.7", PASSWORD)


@pytest.fixture
def written():
    """Everything that any library says, debug lines of Django and the libraries of the sign-in included."""
    lines, handler = listen()
    chatty = [logging.getLogger(name) for name in ("django.request", "django.security", "axes", "allauth", "celery")]
    before = [logger.level for logger in chatty]
    for logger in chatty:
        logger.setLevel(logging.DEBUG)
    yield lines
    logging.getLogger().removeHandler(handler)
    for logger, level in zip(chatty, before, strict=True):
        logger.setLevel(level)


@pytest.fixture
def nurse():
    user = member(Role.FACILITATOR, email=EMAIL, name=NAME)
    user.set_password(PASSWORD)
    user.save()
    return user


@pytest.fixture
def visitor():
    cache.clear()
    return Client(raise_request_exception=False, REMOTE_ADDR="198.51.100.7")


@pytest.fixture
def measure(nurse):
    trust = nurse.memberships.get().trust
    rpiw = RpiwFactory(
        value_stream__trust=trust, following_up=True, week_starts=timezone.localdate() - timedelta(days=66)
    )
    measure = MeasureFactory(rpiw=rpiw, remeasured_by=nurse)
    ReadingFactory(measure=measure)
    return measure


def clean(written, *loggers):
    """Nothing of anybody's is written, and the loggers in question did speak."""
    text = written.text
    for secret in SECRETS:
        assert secret not in text, text[max(text.index(secret) - 300, 0) : text.index(secret) + 100]
    heard = {line["logger"] for line in written.lines}
    assert set(loggers) <= heard, heard


def save(visitor, measure):
    address = reverse("readings", args=[measure.rpiw_id]) + f"?checkpoint=day_60&q={NAME}"
    form = {f"m{measure.pk}-value": READING, "measured_on": str(timezone.localdate()), "note": NAME}
    return visitor.post(address, form | {"key": str(uuid.uuid4())})


def test_signing_in_wrongly_often_and_rightly(visitor, nurse, written):
    for tried in (TYPED, EMAIL):
        visitor.post("/accounts/login/", {"login": tried, "password": "wrong " + NAME})
    visitor.post("/accounts/login/?next=/people/?q=Canary", {"login": EMAIL, "password": PASSWORD})
    assert visitor.session.get("_auth_user_id") == str(nurse.pk)
    visitor.post("/accounts/logout/")
    for _ in range(6):
        visitor.post("/accounts/login/", {"login": EMAIL, "password": "wrong " + NAME})
    visitor.post("/accounts/password/reset/", {"email": EMAIL})
    clean(written, "improvement.requests", "axes.handlers.database")


def test_saving_well_and_with_an_error_of_the_database(visitor, nurse, measure, written, monkeypatch):
    visitor.force_login(nurse)
    assert save(visitor, measure).status_code == 302
    assert Reading.objects.filter(checkpoint="day_60").exists()

    another = MeasureFactory(rpiw=measure.rpiw)

    def refused(*_given, **_named):
        raise IntegrityError(ROW)

    monkeypatch.setattr("rpiws.models.Reading.save", refused)
    monkeypatch.setattr("django.db.models.query.QuerySet.create", refused)
    assert save(visitor, another).status_code == 500
    clean(written, "improvement.requests", "django.request")


def test_asking_for_what_is_not_there_not_allowed_and_not_understood(visitor, nurse, measure, written):
    visitor.force_login(nurse)
    visitor.get(f"/people/{NAME}/", {"q": EMAIL})
    visitor.get("/people/invite/", {"q": EMAIL})
    visitor.get("/", headers={"Host": "canary.ward.example"})
    visitor.get("/", headers={"X-Request-ID": TYPED.replace(" ", "")})
    with_proof = Client(enforce_csrf_checks=True, REMOTE_ADDR="198.51.100.7")
    with_proof.post("/accounts/login/", {"login": EMAIL}, headers={"Referer": f"https://ward.example/?q={EMAIL}"})
    visitor.get("/accounts/password/reset/key/canary-set-password/")
    clean(written, "django.request", "django.security.DisallowedHost", "django.security.csrf")


def test_systems_that_send_what_is_wrong(visitor, measure, written, monkeypatch):
    token = client_of(measure.rpiw.value_stream.trust).token
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": "canary"}
    body = {"rpiw": measure.rpiw_id, "checkpoint": NAME, "readings": [{"measure": measure.pk, "value": READING}]}
    visitor.post("/api/v1/readings", json.dumps(body), content_type="application/json", headers=headers)
    visitor.get("/api/v1/rpiws", {"q": EMAIL}, headers={"Authorization": f"Bearer canary{token}"})

    def refused(_view):
        raise IntegrityError(ROW)

    monkeypatch.setattr("api.endpoints.base.ListOfTrust.get_queryset", refused)
    assert visitor.get("/api/v1/rpiws", {"q": EMAIL}, headers=headers).status_code == 500
    assert token not in written.text
    clean(written, "api.problems", "improvement.requests")


def test_dashboards_that_cannot_be_computed(measure, written, monkeypatch):
    stream = registry.registered("value_stream")

    def poisonous(_scope_id):
        raise ValueError(ROW)

    monkeypatch.setitem(registry._kinds, "value_stream", replace(stream, compute=poisonous))
    for _ in range(5):
        Trouble.objects.update(next_attempt_at=timezone.now())
        catch_up()
    assert Trouble.objects.get(kind="value_stream").error.startswith("ValueError in improvement/")
    assert EMAIL not in Trouble.objects.get(kind="value_stream").error
    clean(written, "snapshots.recompute", "snapshots.trouble")


def test_letters_that_the_mail_server_refuses(measure, written, monkeypatch):
    def refused(_self, _messages):
        raise smtplib.SMTPRecipientsRefused({EMAIL: (550, f"{NAME} is unknown".encode())})

    monkeypatch.setattr(EmailBackend, "send_messages", refused)
    send_reminders(on=timezone.localdate())
    clean(written, "rpiws.reminders")


def test_tasks_that_fail_and_that_succeed(written, monkeypatch):
    @app.task(name="tests.speaks", bind=True)
    def speaks(self, given):
        get_task_logger("tests").info("Written by a task to %s", given)
        if self.request.retries == 0:
            raise ValueError(ROW)

    try:
        speaks.apply(args=[EMAIL])
    finally:
        app.tasks.pop("tests.speaks")
    clean(written, "celery.app.trace", "tests")
