from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import User
from accounts.permissions import Role
from tests.factories.trusts import member

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead(client):
    user = member(Role.KPO_LEAD)
    client.force_login(user)
    return user


def writes(queries) -> list[str]:
    return [query["sql"] for query in queries if query["sql"].startswith('UPDATE "accounts_user"')]


def test_first_page_starts_a_visit_and_the_next_writes_nothing(client, lead, django_assert_max_num_queries):
    client.get("/people/")
    lead.refresh_from_db()
    assert lead.visit_started_at is not None
    assert lead.last_visit_at is None
    with django_assert_max_num_queries(20) as queries:
        client.get("/people/")
    assert writes(queries.captured_queries) == []


def test_page_after_half_an_hour_is_a_new_visit(client, lead):
    before = timezone.now() - timedelta(minutes=31)
    User.objects.filter(pk=lead.pk).update(seen_at=before, visit_started_at=before)
    client.get("/people/")
    lead.refresh_from_db()
    assert lead.last_visit_at == before
    assert lead.visit_started_at > before


def test_page_that_refreshes_itself_is_no_visit(client, lead):
    before = timezone.now() - timedelta(hours=9)
    User.objects.filter(pk=lead.pk).update(seen_at=before, visit_started_at=before)
    client.get("/people/", headers={"HX-Request": "true"})
    lead.refresh_from_db()
    assert lead.seen_at == before


def test_visit_leaves_no_event_in_the_history(client, lead):
    client.get("/people/")
    assert [event.pgh_label for event in lead.events.all()] == ["insert"]
