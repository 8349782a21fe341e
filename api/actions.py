"""Letting systems in and shutting them out, and the write that a system sends."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

import pghistory
from django.db import transaction
from django.utils import timezone

from accounts.audit import action
from accounts.models import User
from api.models import PREFIX_LENGTH, AcceptedWrite, ApiClient, ApiToken, Scope, digest_of, new_token
from trusts.models import Partnership, Trust


@dataclass(frozen=True)
class Made:
    """A client and its new token in full; empty when the same form had made it already."""

    client: ApiClient
    token: str


class AnotherWrite(Exception):
    """The key was used before, for something else."""


@action
def add_client(
    *,
    name: str,
    partnership: Partnership,
    trust: Trust | None,
    writes: Collection[str],
    expires_on: date,
    form_key: uuid.UUID,
    by: User,
) -> Made:
    """Let a system in. The record under which it acts has no password, is not active, and so can never sign in.

    `writes`: which scopes of writing it gets; a regulator's system gets none.
    """
    Partnership.objects.select_for_update(no_key=True).get(pk=partnership.pk)
    if earlier := ApiClient.objects.filter(form_key=form_key).first():
        return Made(earlier, "")
    acts_as = User.objects.create_user(f"{form_key}@api.invalid", None, name=f"{name} (system)", is_active=False)
    client = ApiClient.objects.create(
        name=name,
        partnership=partnership,
        trust=trust,
        writes_readings=trust is not None and Scope.WRITE_READINGS in writes,
        writes_measurements=trust is not None and Scope.WRITE_MEASUREMENTS in writes,
        acts_as=acts_as,
        expires_on=expires_on,
        created_by=by,
        form_key=form_key,
    )
    return Made(client, _token_of(client, by))


@action
def renew_token(*, client: ApiClient, by: User) -> Made:
    """Give a client a new token. Its earlier ones stop at once."""
    locked = ApiClient.objects.select_for_update(no_key=True, of=("self",)).get(pk=client.pk)
    _revoke_tokens(locked)
    return Made(locked, _token_of(locked, by))


@action
def revoke_client(*, client: ApiClient, by: User) -> None:
    """Shut a system out, for good and at once."""
    locked = ApiClient.objects.select_for_update(no_key=True, of=("self",)).get(pk=client.pk)
    _revoke_tokens(locked)
    if locked.revoked_at is None:
        locked.revoked_at, locked.revoked_by = timezone.now(), by
        locked.save(update_fields=["revoked_at", "revoked_by"])


def _token_of(client: ApiClient, by: User) -> str:
    token = new_token()
    ApiToken.objects.create(client=client, digest=digest_of(token), prefix=token[:PREFIX_LENGTH], created_by=by)
    return token


def _revoke_tokens(client: ApiClient) -> None:
    for token in client.tokens.filter(revoked_at=None):
        token.revoked_at = timezone.now()
        token.save(update_fields=["revoked_at"])


def write_once(*, client: ApiClient, key: str, content: str, write: Callable[[], str]) -> str:
    """The answer to a client's write: `write` runs once for a key, all or nothing, told as the client's act.

    Raises AnotherWrite when the key came before with other content. A write that is refused does not use up its key.
    """
    told: dict[str, Any] = {"api_client": client.pk, "api_client_name": client.name}
    with transaction.atomic(), pghistory.context(**told):
        # A second one with the same key waits here for the first to end.
        kept, new = AcceptedWrite.objects.get_or_create(client=client, key=key, defaults={"content": content})
        if kept.content != content:
            raise AnotherWrite
        if new:
            kept.answer = write()
            kept.save(update_fields=["answer"])
        return kept.answer
