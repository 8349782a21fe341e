"""Asking for a route as somebody, and saying the answer in one word. Whatever the answer changes is undone."""

from copy import deepcopy
from typing import Any

from django.db import transaction
from django.test import Client

from accounts.models import User
from tests.architecture.expected import NOT_THERE, OK, REFUSED, SIGN_IN

ANSWERS = {403: REFUSED, 404: NOT_THERE}


def client_of(user: User | None) -> Client:
    client = Client(raise_request_exception=False)
    if user:
        client.force_login(user)
    return client


def ask(client: Client, address: str, sent: dict[str, Any] | None = None) -> str:
    """GET, or POST where the route takes nothing else."""
    cookies = deepcopy(client.cookies)
    with transaction.atomic():
        response = client.get(address)
        if response.status_code == 405:
            response = client.post(address, sent or {})
        transaction.set_rollback(True)
    client.cookies = cookies
    if response.status_code in (301, 302) and "/accounts/login/" in response["Location"]:
        return SIGN_IN
    if response.status_code >= 500:
        return f"{response.status_code}"
    return ANSWERS.get(response.status_code, OK)
