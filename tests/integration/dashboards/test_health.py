"""Administrators see which dashboards could not be computed and why, and have them tried again."""

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.permissions import Role
from snapshots import hooks, recompute
from snapshots.models import ChangeMark, Trouble
from tests.factories.trusts import TrustFactory, ValueStreamFactory, member

pytestmark = pytest.mark.django_db


@pytest.fixture
def stream():
    return ValueStreamFactory(number=3, trust=TrustFactory(short_name="Leeds"))


@pytest.fixture
def trouble(stream):
    now = timezone.now()
    return Trouble.objects.create(
        kind="value_stream",
        scope_id=stream.pk,
        attempts=5,
        failures=5,
        next_attempt_at=now,
        set_aside_at=now,
        error="ZeroDivisionError in analysis/before_after.py, line 12 (mean)",
    )


@pytest.fixture
def woken(monkeypatch):
    scopes = []
    noted = type("Noted", (), {"wake": lambda self, scope: scopes.append(scope)})()
    monkeypatch.setattr(hooks, "waker", noted)
    monkeypatch.setattr(recompute, "waker", noted)
    return scopes


@pytest.fixture
def administrator(client, stream):
    client.force_login(member(Role.ADMINISTRATOR, partnership=stream.trust.partnership))
    return client


def page(client):
    return BeautifulSoup(client.get(reverse("dashboards_health")).content, "html.parser")


def test_administrator_sees_what_was_set_aside_and_why(administrator, trouble):
    soup = page(administrator)
    assert soup.h1.get_text(strip=True) == "1 dashboard could not be computed"
    row = soup.select_one("#set-aside tbody tr").get_text(" ", strip=True)
    assert "Value stream 3, Leeds" in row
    assert "ZeroDivisionError in analysis/before_after.py, line 12 (mean)" in row


def test_administrator_has_it_tried_again(administrator, trouble, woken, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        answer = administrator.post(reverse("dashboards_try_again"), {"id": trouble.pk}, follow=True)
    assert "It is being computed again." in answer.content.decode()
    assert not Trouble.objects.exists()
    assert ChangeMark.objects.filter(kind="value_stream", scope_id=trouble.scope_id).exists()
    assert ("value_stream", trouble.scope_id) in woken


def test_one_that_is_tried_again_by_itself_is_told_apart(administrator, trouble):
    Trouble.objects.update(set_aside_at=None, attempts=2, failures=1)
    soup = page(administrator)
    assert soup.h1.get_text(strip=True) == "1 dashboard failed and is tried again"
    assert soup.select_one("#tried-again tbody tr")


def test_an_attempt_that_is_just_being_made_is_no_failure(administrator, trouble):
    Trouble.objects.update(set_aside_at=None, attempts=1, failures=0, error="")
    assert page(administrator).h1.get_text(strip=True) == "Every dashboard can be computed"


def test_page_asks_as_many_questions_for_many_as_for_one(administrator, trouble):
    page(administrator)
    with CaptureQueriesContext(connection) as one:
        page(administrator)
    now = timezone.now()
    for stream in ValueStreamFactory.create_batch(4):
        Trouble.objects.create(
            kind="value_stream", scope_id=stream.pk, attempts=5, failures=5, next_attempt_at=now, set_aside_at=now
        )
    with CaptureQueriesContext(connection) as many:
        page(administrator)
    assert len(many) == len(one)


@pytest.mark.parametrize("id_", ["", "x", "0", "9" * 30])
def test_what_is_no_longer_there_is_said(administrator, id_):
    answer = administrator.post(reverse("dashboards_try_again"), {"id": id_}, follow=True)
    assert "It is no longer on this list" in answer.content.decode()


def test_facilitator_sees_neither_page_nor_button(client, trouble):
    client.force_login(member(Role.FACILITATOR))
    assert client.get(reverse("dashboards_health")).status_code == 403
    assert client.post(reverse("dashboards_try_again"), {"id": trouble.pk}).status_code == 403
    assert Trouble.objects.exists()
