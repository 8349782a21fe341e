import json
import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from api import throttling
from tests.factories.api import client_of, regulator_client
from tests.factories.rpiws import MeasureFactory, ReadingFactory, RpiwFactory


class Asker:
    """A system with its token: answers as Django's test client gives them."""

    def __init__(self, client, token):
        self.client, self.headers = client, {"Authorization": f"Bearer {token}"}

    def get(self, path, **headers):
        return self.client.get(f"/api/v1/{path}", headers=self.headers | headers)

    def post(self, path, body, key=None):
        headers = self.headers | {"Idempotency-Key": key or str(uuid.uuid4())}
        return self.client.post(f"/api/v1/{path}", json.dumps(body), content_type="application/json", headers=headers)


@pytest.fixture(autouse=True)
def fresh_minute(monkeypatch):
    monkeypatch.setattr(throttling, "counter", throttling.Counter())


@pytest.fixture
def rpiw():
    """Its 60-day remeasure is two days late."""
    return RpiwFactory(following_up=True, week_starts=timezone.localdate() - timedelta(days=66))


@pytest.fixture
def measure(rpiw):
    measure = MeasureFactory(rpiw=rpiw)
    ReadingFactory(measure=measure)
    return measure


@pytest.fixture
def trust(rpiw):
    return rpiw.value_stream.trust


@pytest.fixture
def made(trust):
    return client_of(trust)


@pytest.fixture
def system(client, made):
    return Asker(client, made.token)


@pytest.fixture
def regulator(client, trust):
    return Asker(client, regulator_client(trust.partnership).token)


@pytest.fixture
def asker(client):
    return lambda token: Asker(client, token)
