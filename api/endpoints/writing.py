"""What every write of a system keeps to: a key of its own, all or nothing, and the same answer when it comes again."""

import hashlib
import json
import re
from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser
from rest_framework.request import Request

from api.actions import AnotherWrite, write_once
from api.models import ApiClient
from api.problems import Refused


class Body(JSONParser):
    """JSON. Brackets in brackets without end are the sender's mistake, though they break Python's reading."""

    def parse(self, *args: Any, **kwargs: Any) -> Any:
        try:
            return super().parse(*args, **kwargs)
        except RecursionError:
            raise ParseError("JSON parse error - it is nested too deeply.") from None


KEY = re.compile(r"[\x21-\x7e]{1,120}\Z")


def key_of(request: Request) -> str:
    """The Idempotency-Key. Raises Refused where there is none."""
    key = request.headers.get("Idempotency-Key", "")
    if not KEY.match(key):
        raise Refused("Send an Idempotency-Key of 1 to 120 visible characters: the same key twice writes once.")
    return key


def written(request: Request, *, client: ApiClient, key: str, write: Callable[[], str]) -> HttpResponse:
    """The answer to what was sent under the key: `write` makes it, as JSON text, when the key is new."""
    content = hashlib.sha256(json.dumps(request.data, sort_keys=True).encode()).hexdigest()
    try:
        answer = write_once(client=client, key=key, content=content, write=write)
    except AnotherWrite:
        raise Refused("This Idempotency-Key came before, with other content. Use a new key.") from None
    return HttpResponse(answer, status=201, content_type="application/json")
