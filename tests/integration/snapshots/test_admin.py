"""Administrators have a dashboard tried again that was set aside."""

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.permissions import Role
from snapshots.models import ChangeMark, Trouble
from tests.factories.trusts import member


@pytest.fixture
def trouble(facts):
    now = timezone.now()
    return Trouble.objects.create(
        kind="test_sum", scope_id=1, attempts=5, next_attempt_at=now, set_aside_at=now, error="ZeroDivisionError: x"
    )


def try_again(client, trouble):
    address = reverse("admin:snapshots_trouble_changelist")
    return client.post(address, {"action": "try_again", "_selected_action": [trouble.pk]}, follow=True)


def test_administrator_has_a_dashboard_tried_again(client, trouble, woken):
    client.force_login(member(Role.ADMINISTRATOR, is_staff=True))
    answer = client.get(reverse("admin:snapshots_trouble_changelist"))
    assert "ZeroDivisionError" in answer.content.decode()
    assert "Being tried again: 1." in try_again(client, trouble).content.decode()
    assert not Trouble.objects.exists()
    assert ChangeMark.objects.filter(kind="test_sum", scope_id=1).exists()
    assert ("test_sum", 1) in woken


def test_facilitator_has_not(client, trouble):
    client.force_login(member(Role.FACILITATOR))
    try_again(client, trouble)
    assert Trouble.objects.exists()
