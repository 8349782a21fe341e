"""The trust summary from the API against a view that returns a constant behind the same middleware and authentication.

The summary is the example's, as Leeds released it; Granian serves both, one connection is kept.
"""

import sys

from bench.ground import run, say, site

TIMES = 300
AIM = 0.6


def measure() -> None:
    from django.core.management import call_command

    from bench.ground.asking import by_turns
    from tests.factories.api import regulator_client
    from trusts.models import Partnership

    call_command("load_example", verbosity=0, stdout=sys.stderr)
    token = regulator_client(Partnership.objects.get()).token
    summary, constant = "/api/v1/trust-summaries/RR8", "/api/v1/bench/constant"
    with site() as pages:
        headers = {"Authorization": f"Bearer {token}"}
        took = by_turns(pages.address, (summary, constant), headers=headers, times=TIMES)
    ratio = took[constant] / took[summary]
    say("requests a second of the trust summary, against a constant view's", ratio, aim=f">= {AIM}", met=ratio >= AIM)
    say("the constant view, in milliseconds here", took[constant] * 1000)


if __name__ == "__main__":
    sys.exit(run(measure))
