"""Queries of each main page, with few and with many rows: constant, counted."""

import sys
from typing import Any

from bench.ground import run, say

SIZES = (2, 10)


def count(client: Any, path: str) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client.get(path)
    with CaptureQueriesContext(connection) as asked:
        answer = client.get(path)
    assert answer.status_code == 200, f"{path} answered {answer.status_code}"
    return len(asked)


def measure() -> None:
    from django.test import Client

    from accounts.permissions import Role
    from bench.ground.streams import value_stream
    from snapshots.sweeping import catch_up
    from tests.factories.rpiws import RpiwFactory
    from tests.factories.trusts import member

    stream: Any = value_stream(rpiws=SIZES[0]).measure.rpiw.value_stream
    rpiw = stream.rpiws.first()
    client = Client()
    client.force_login(member(Role.KPO_LEAD, stream.trust))
    trust = f"/trusts/{stream.trust.ods_code}/"
    pages = {
        "first page": "/",
        "remeasures due": "/due/?whose=trust",
        "RPIWs": "/rpiws/",
        "an RPIW": f"/rpiws/{rpiw.pk}/",
        "the grid": f"/rpiws/{rpiw.pk}/readings/",
        "a value stream": f"/value-streams/{stream.pk}/",
        "a trust": trust,
        "the partnership": "/partnership/",
        "people": "/people/",
        "trust summaries": "/summaries/",
    }
    catch_up()
    few = {name: count(client, path) for name, path in pages.items()}
    for _ in range(SIZES[1] - SIZES[0]):
        RpiwFactory(value_stream=stream, following_up=True)
        value_stream(rpiws=1, trust=stream.trust)
    catch_up()
    for name, path in pages.items():
        many = count(client, path)
        say(
            f"queries of {name}: {few[name]}, and with five times as much",
            many,
            aim="the same",
            met=many <= few[name],
            places=0,
        )


if __name__ == "__main__":
    sys.exit(run(measure))
