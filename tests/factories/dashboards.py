"""Trust summaries."""

from datetime import date, timedelta

import factory
from django.utils import timezone

from accounts.permissions import Role
from dashboards.models import Pack, TrustReport, TrustSummary
from dashboards.summaries.body import SCHEMA_VERSION, Edition, Facts, Sources, Words, body, released
from dashboards.summaries.months import Month
from dashboards.tgb.brief import brief
from dashboards.tgb.report import Between, Brought, report_body
from dashboards.tgb.report import Facts as ReportFacts
from snapshots.recompute import as_text
from tests.factories.accounts import UserFactory
from tests.factories.boards import MeetingFactory
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


def plain_report(report) -> str:
    """The body of a trust of which nothing but its name and code is known."""
    trust = report.trust
    lists = ("ratings", "chief_executives", "regulatory_periods", "stand_downs")
    names = {name: getattr(trust, name) for name in ("name", "short_name", "ods_code")}
    body = {
        "trust": names | {"id": trust.pk},
        "context": {name: [] for name in lists},
        "value_streams": [],
        "synthetic": False,
    }
    words = Brought(success=report.success, challenge=report.challenge, help_wanted=report.help_wanted)
    today = timezone.localdate()
    days = Between(on=today, since=today - timedelta(days=28))
    return as_text(report_body(body, [], ReportFacts(), words, days, None))


class TrustReportFactory(factory.django.DjangoModelFactory):
    """A draft for a meeting of the TGB next week. Trait: `released` by the chief executive."""

    class Meta:
        model = TrustReport

    class Params:
        released = factory.Trait(
            state=TrustReport.State.RELEASED,
            released_by=factory.SubFactory(UserFactory),
            released_at=factory.LazyFunction(timezone.now),
            released_by_role=Role.CHIEF_EXECUTIVE,
        )

    trust = factory.SubFactory(TrustFactory)
    meeting = factory.SubFactory(MeetingFactory, board__partnership=factory.SelfAttribute("...trust.partnership"))
    version = 1
    success = "Half the waiting"
    challenge = "Who hears of it at night?"
    help_wanted = ""
    sources = factory.LazyFunction(list)
    data_as_of = factory.LazyFunction(timezone.now)
    prepared_at = factory.LazyFunction(timezone.now)
    prepared_by = factory.SubFactory(UserFactory)
    body = factory.LazyAttribute(plain_report)


class PackFactory(factory.django.DjangoModelFactory):
    """The papers of a meeting, as they stand."""

    class Meta:
        model = Pack

    meeting = factory.SubFactory(MeetingFactory)
    version = 1
    body = factory.LazyAttribute(lambda pack: as_text(brief(pack.meeting, at=pack.made_at)))
    made_at = factory.LazyFunction(timezone.now)
    made_by = factory.SubFactory(UserFactory)
