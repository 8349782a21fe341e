"""Asking for a route as somebody, and saying the answer in one word. Whatever the answer changes is undone."""

import io
import zipfile
from collections.abc import Iterator
from copy import deepcopy
from typing import Any
from unittest.mock import patch

from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django_htmx.middleware import HtmxDetails

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
    return ask_and_read(client, address, sent, read=False)[0]


def ask_and_read(
    client: Client, address: str, sent: dict[str, Any] | None = None, *, read: bool = True
) -> tuple[str, str]:
    """The answer in one word, and all that was answered as text, also to htmx."""
    cookies = deepcopy(client.cookies)
    with transaction.atomic():
        answers = list(got(client, address)) if read else [client.get(address)]
        if answers[0].status_code == 405:
            answers = [client.post(address, sent or {})]
        text = "".join(map(everything_in, answers)) if read else ""
        transaction.set_rollback(True)
    client.cookies = cookies
    return _in_a_word(answers[0]), text


def got(client: Client, address: str) -> Iterator[Any]:
    """The answers to plain GET; and as htmx asks, where the view looks whether it is htmx that asks."""
    looked = []

    def looks(htmx: HtmxDetails) -> bool:
        looked.append(htmx)
        return is_htmx(htmx)

    is_htmx = HtmxDetails.__bool__
    with patch.object(HtmxDetails, "__bool__", looks):
        yield client.get(address)
    if looked:
        yield client.get(address, headers={"HX-Request": "true"})


def everything_in(response: Any) -> str:
    """The answer as text: a spreadsheet is unpacked first."""
    content = b"".join(response.streaming_content) if response.streaming else response.content
    if content[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            content = b"\n".join(parts.read(name) for name in parts.namelist())
    return content.decode("utf-8", errors="replace") + str(dict(response.headers))


def _in_a_word(response: HttpResponse) -> str:
    if response.status_code in (301, 302) and "/accounts/login/" in response["Location"]:
        return SIGN_IN
    if response.status_code >= 500:
        return f"{response.status_code}"
    return ANSWERS.get(response.status_code, OK)
