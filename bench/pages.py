"""A value stream's dashboard against a signed-in page without content, with few and with a million readings stored.

The dashboard is of 10 RPIWs, 80 measures and 160 readings; the others belong to further value streams of its trust.
Granian serves them as in production; one connection is kept.
"""

import sys
from typing import Any

from bench.ground import run, say, site

TIMES = 120
SIZES = (1_000, 1_000_000)
AIM, APART = 1.5, 0.10


def measure() -> None:
    from django.conf import settings
    from django.test import Client

    from accounts.permissions import Role
    from bench.ground.asking import by_turns
    from bench.ground.streams import fill, value_stream
    from snapshots.sweeping import catch_up
    from tests.factories.trusts import member

    stream: Any = value_stream(rpiws=10).measure.rpiw.value_stream
    catch_up()
    client = Client()
    client.force_login(member(Role.FACILITATOR, stream.trust))
    headers = {"Cookie": f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"}
    dashboard, empty = f"/value-streams/{stream.pk}/", "/bench/empty/"
    took = {}
    with site() as pages:
        for size in SIZES:
            stored = fill(to=size, of=stream)
            took[size] = by_turns(pages.address, (dashboard, empty), headers=headers, times=TIMES)
            ratio = took[size][dashboard] / took[size][empty]
            say(
                f"a dashboard against an empty page, {stored:,} readings stored", ratio, aim=f"< {AIM}", met=ratio < AIM
            )
    apart = took[SIZES[1]][dashboard] / took[SIZES[0]][dashboard]
    met = abs(apart - 1) <= APART
    say("the dashboard with a million readings against a thousand", apart, aim="0.90 to 1.10", met=met)
    say("an empty page, in milliseconds here", took[SIZES[0]][empty] * 1000)


if __name__ == "__main__":
    sys.exit(run(measure))
