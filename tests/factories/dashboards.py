"""Trust summaries."""

from datetime import date

import factory
from django.utils import timezone

from accounts.permissions import Role
from dashboards.models import TrustSummary
from dashboards.summaries.body import SCHEMA_VERSION, Edition, Facts, Sources, Words, body, released
from dashboards.summaries.months import Month
from snapshots.recompute import as_text
from tests.factories.accounts import UserFactory
from tests.factories.trusts import TrustFactory


def plain_body(summary) -> str:
    """A whole body of a trust of which nothing but its name and code is known."""
    trust = summary.trust
    lists = ("ratings", "chief_executives", "regulatory_periods", "stand_downs", "headcounts", "cultural_work")
    context = {name: [] for name in lists}
    sources = Sources(
        trust={
            "trust": {"name": trust.name, "ods_code": trust.ods_code},
            "context": context | {"method_name": ""},
            "value_streams": [],
            "synthetic": False,
        },
        streams=(),
        version=summary.source_version,
        data_as_of=summary.data_as_of,
    )
    words = Words(proud_of=summary.proud_of, hard=summary.hard, help_wanted=summary.help_wanted)
    made = body(sources, Facts(), words, Edition(month=Month(summary.starts), version=summary.version))
    if summary.released_at:
        made = released(made, at=summary.released_at, by=Role(summary.released_by_role).label)
    return as_text(made)


class TrustSummaryFactory(factory.django.DjangoModelFactory):
    """A draft of October 2020. Traits: `prepared`, and `released` by the chief executive."""

    class Meta:
        model = TrustSummary

    class Params:
        prepared = factory.Trait(
            prepared_by=factory.SubFactory(UserFactory),
            prepared_at=factory.LazyFunction(timezone.now),
            proud_of="Half the waiting",
            hard="Winter",
        )
        released = factory.Trait(
            prepared=True,
            state=TrustSummary.State.RELEASED,
            released_by=factory.SubFactory(UserFactory),
            released_at=factory.LazyFunction(timezone.now),
            released_by_role=Role.CHIEF_EXECUTIVE,
        )

    trust = factory.SubFactory(TrustFactory)
    starts = date(2020, 10, 1)
    ends = factory.LazyAttribute(lambda summary: Month(summary.starts).ends)
    version = 1
    schema_version = SCHEMA_VERSION
    sources = factory.LazyFunction(list)
    source_version = 7
    data_as_of = factory.LazyFunction(timezone.now)
    drafted_at = factory.LazyFunction(timezone.now)
    next_expected = factory.LazyAttribute(lambda summary: Month(summary.starts).next.expected)
    proud_of = ""
    hard = ""
    help_wanted = ""
    released_at = None
    body = factory.LazyAttribute(plain_body)
