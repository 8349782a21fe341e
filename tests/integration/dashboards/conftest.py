from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from snapshots.models import ChangeMark, Snapshot
from snapshots.recompute import as_text
from snapshots.registry import registered


@pytest.fixture
def computed(db) -> Callable[[str, int], dict]:
    """`computed("trust", id)` stores what the worker would store, marks taken, and returns the body."""

    def compute(kind: str, scope_id: int) -> dict:
        registration = registered(kind)
        body = registration.compute(scope_id)
        version = Snapshot.objects.filter(kind=kind, scope_id=scope_id).values_list("version", flat=True).first() or 0
        Snapshot.objects.update_or_create(
            kind=kind,
            scope_id=scope_id,
            defaults={
                "version": version + 1,
                "computed_at": timezone.now(),
                "rules": registration.rules,
                "body": as_text(body),
            },
        )
        ChangeMark.objects.filter(kind=kind, scope_id=scope_id).delete()
        return body

    return compute


@pytest.fixture
def computed_all(computed) -> Callable[[], None]:
    """Everything there is, from the value streams up."""

    def compute_all() -> None:
        for kind in ("value_stream", "trust", "partnership"):
            for scope_id in list(registered(kind).scopes()):
                computed(kind, scope_id)

    return compute_all


@pytest.fixture
def signed_in(db) -> Callable[[object], Client]:
    def sign_in(user) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return sign_in
