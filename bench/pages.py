"""A value stream's dashboard against a signed-in page without content, with few and with a million readings stored.

The dashboard is of 10 RPIWs, 80 measures, 160 readings and 72 measurements; the others, readings and as many
measurements, belong to further value streams of its trust. Granian serves them as in production; one connection is
kept. Each ratio is said twice: by the clock, and by the processor time that web process and PostgreSQL spend on it,
which others on the machine disturb less.
"""

import sys
from typing import Any

from bench.ground import run, say, served_by, site

TIMES = 300
SIZES = (1_000, 1_000_000)
AIM, APART = 1.5, 0.10


def measure() -> None:
    from django.conf import settings
    from django.test import Client

    from accounts.permissions import Role
    from bench.ground.asking import by_turns, processor_time
    from bench.ground.streams import fill, value_stream
    from snapshots.sweeping import catch_up
    from tests.factories.trusts import member

    stream: Any = value_stream(rpiws=10).measure.rpiw.value_stream
    catch_up()
    client = Client()
    client.force_login(member(Role.FACILITATOR, stream.trust))
    headers = {"Cookie": f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"}
    dashboard, empty = f"/value-streams/{stream.pk}/", "/bench/empty/"
    clock, processor = {}, {}
    with site() as pages:
        for size in SIZES:
            readings, measurements = fill(to=size, of=stream)
            clock[size] = by_turns(pages.address, (dashboard, empty), headers=headers, times=TIMES)
            processor[size] = {
                path: processor_time(pages.address, path, headers=headers, times=TIMES, pids=served_by(pages))
                for path in (dashboard, empty)
            }
            print(f"{readings:,} readings and {measurements:,} measurements stored:")
            for by, took in (("the clock", clock), ("processor time", processor)):
                ratio = took[size][dashboard] / took[size][empty]
                say(f"  a dashboard against an empty page, by {by}", ratio, aim=f"< {AIM}", met=ratio < AIM)
                say("  an empty page, in milliseconds here", took[size][empty] * 1000)
    for by, took in (("the clock", clock), ("processor time", processor)):
        # Against the empty page of the same moment: the machine was not equally busy both times.
        few, many = (took[size][dashboard] / took[size][empty] for size in SIZES)
        met = abs(many / few - 1) <= APART
        say(f"with a million against a thousand, by {by}", many / few, aim="0.90 to 1.10", met=met)


if __name__ == "__main__":
    sys.exit(run(measure))
