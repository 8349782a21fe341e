"""Compacts, their parties and versions. A version is a draft until `publish` walks it to the end."""

from datetime import date, timedelta

import factory
from django.utils import timezone

from accounts.models import User
from compacts.models import (
    Agreement,
    Comment,
    Compact,
    CompactVersion,
    Party,
    PartyMember,
    Promise,
    Side,
    Theme,
)
from tests.factories.accounts import UserFactory
from tests.factories.trusts import PartnershipFactory


class CompactFactory(factory.django.DjangoModelFactory):
    """The partnership's compact; pass `trust` for a trust's own."""

    class Meta:
        model = Compact

    trust = None
    partnership = factory.Maybe(
        "trust", factory.SelfAttribute("trust.partnership"), factory.SubFactory(PartnershipFactory)
    )
    name = "The compact"


class PartyFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Party

    compact = factory.SubFactory(CompactFactory)
    name = factory.Sequence(lambda n: f"Party {n}")
    position = factory.Sequence(lambda n: n + 1)


class PartyMemberFactory(factory.django.DjangoModelFactory):
    """Somebody named for a party since a month ago, who holds no membership of the place yet."""

    class Meta:
        model = PartyMember

    party = factory.SubFactory(PartyFactory)
    user = factory.SubFactory(UserFactory)
    post = factory.LazyAttribute(lambda member: f"Speaks for {member.party.inside}")
    starts = factory.LazyFunction(lambda: timezone.localdate() - timedelta(days=30))


class CompactVersionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = CompactVersion

    compact = factory.SubFactory(CompactFactory)
    number = 1
    kind = factory.LazyAttribute(lambda version: "first" if version.number == 1 else "renegotiated")
    reason = factory.LazyAttribute(lambda version: "" if version.number == 1 else "A promise did not hold.")
    vision = "Care that keeps getting better."
    drafted_at = factory.LazyFunction(timezone.now)
    drafted_by = factory.SubFactory(UserFactory)


class SideFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Side

    version = factory.SubFactory(CompactVersionFactory)
    party = factory.SubFactory(PartyFactory, compact=factory.SelfAttribute("..version.compact"))


class ThemeFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Theme

    version = factory.SubFactory(CompactVersionFactory)
    position = factory.Sequence(lambda n: n + 1)
    title = factory.Sequence(lambda n: f"Theme {n}")


class PromiseFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Promise

    theme = factory.SubFactory(ThemeFactory)
    party = factory.SubFactory(PartyFactory, compact=factory.SelfAttribute("..theme.version.compact"))
    position = factory.Sequence(lambda n: n + 1)
    text = "ask before it instructs"


class CommentFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Comment

    version = factory.SubFactory(CompactVersionFactory)
    text = "Can we say this more plainly?"
    said_as = "Chief executive, Leeds"
    by = factory.SubFactory(UserFactory)
    at = factory.LazyFunction(timezone.now)


class AgreementFactory(factory.django.DjangoModelFactory):
    """A member's agreement to the wording as it stands."""

    class Meta:
        model = Agreement

    version = factory.SubFactory(CompactVersionFactory)
    member = factory.SubFactory(
        PartyMemberFactory, party=factory.SubFactory(PartyFactory, compact=factory.SelfAttribute("...version.compact"))
    )
    party = factory.SelfAttribute("member.party")
    post = factory.SelfAttribute("member.post")
    edition = factory.SelfAttribute("version.edition")
    agreed_on = factory.LazyFunction(timezone.localdate)
    recorded_at = factory.LazyFunction(timezone.now)


def drafted(*, trust=None, partnership=None, words="", by: User | None = None) -> CompactVersion:
    """A compact's first version as a draft: two parties with a named member each, two themes, a promise each in both.

    words: goes before every text.
    """
    place = {"trust": trust} if trust else {"partnership": partnership} if partnership else {}
    compact = CompactFactory(name=f"{words} The compact".strip(), **place)
    who = {"drafted_by": by} if by else {}
    version = CompactVersionFactory(compact=compact, vision=f"{words} Care that keeps getting better.".strip(), **who)
    names = ("The leaders", "The staff") if trust else ("The regulator", "The hospitals")
    parties = [
        PartyFactory(compact=compact, name=f"{name} {words}".strip(), position=n) for n, name in enumerate(names, 1)
    ]
    for party in parties:
        SideFactory(version=version, party=party, body=f"{words} body".strip())
    for n in (1, 2):
        theme = ThemeFactory(version=version, position=n, title=f"Theme {n} {words}".strip())
        for party in parties:
            PromiseFactory(theme=theme, party=party, position=1, text=f"{words} {party.name} promises {n}".strip())
    return version


def agreed(version: CompactVersion) -> CompactVersion:
    """Everybody who is named agrees to it; who is named for nobody's party yet, is."""
    for side in version.sides.all():
        if not side.party.members.exists():
            PartyMemberFactory(party=side.party)
        for member in side.party.members.all():
            AgreementFactory(version=version, member=member)
    version.state = CompactVersion.State.AGREED
    version.save()
    return version


def published(version: CompactVersion, *, on: date = date(2021, 1, 1)) -> CompactVersion:
    """In force from `on`."""
    agreed(version)
    version.state = CompactVersion.State.PUBLISHED
    version.in_force_from, version.published_at, version.published_by = on, timezone.now(), version.drafted_by
    version.save()
    return version
