"""From draft to published: named members agree for their parties, and what all agreed to is published for good."""

from datetime import date

from django.utils import timezone

from accounts.audit import action
from accounts.models import User
from compacts.models import Agreement, CompactVersion, Party, PartyMember
from compacts.refusals import ChangedMeanwhile, Refused

NOT_NAMED = "You are not named for a party on that day, so you cannot agree for one."
NOT_OWN = "You cannot name yourself. Somebody else who works on this version can."
NAMED_ALREADY = "This person is named for the party already."
NOT_OPEN = "This version is agreed by all. Nothing more is needed than to publish it."
NOT_AGREED = "Not every party has agreed to this wording yet."
NOT_LATER = "Version {number} is in force from {day}. The next one can be in force from the day after."


@action
def name_member(*, party: Party, user: User, post: str, starts: date, by: User) -> PartyMember:
    """Name somebody who agrees for a party. Nobody names themselves: it gives rights."""
    if user.pk == by.pk:
        raise Refused(NOT_OWN)
    if PartyMember.objects.held_on(starts).filter(party=party, user=user).exists():
        raise Refused(NAMED_ALREADY)
    return PartyMember.objects.create(party=party, user=user, post=post, starts=starts)


@action
def end_member(*, member: PartyMember, last_day: date, by: User) -> None:
    """The person agrees for the party no longer; what they agreed to stays. All who remain may now have agreed."""
    version = _open_version(member.party.compact_id)
    member.ends = last_day
    member.save(update_fields=["ends"])
    if version is not None and version.is_draft:
        _agreed_by_all(version)


@action
def agree(*, version: CompactVersion, member: PartyMember, seen: int, agreed_on: date, by: User) -> CompactVersion:
    """Agree, for the party that one is named for, to the wording as it was read (`seen`: the version's edition).

    When everybody who is named today has agreed to it, the version is agreed.
    """
    version = _locked(version)
    today = timezone.localdate()
    if member.user_id != by.pk or not (member.is_held_on(today) and member.is_held_on(agreed_on)):
        raise Refused(NOT_NAMED)
    if version.edition != seen:
        raise ChangedMeanwhile
    if not version.is_draft:
        raise Refused(NOT_OPEN)
    Agreement.objects.get_or_create(
        version=version,
        member=member,
        edition=version.edition,
        defaults={
            "party": member.party,
            "post": member.post,
            "agreed_on": agreed_on,
            "recorded_at": timezone.now(),
        },
    )
    _agreed_by_all(version)
    return version


@action
def take_agreement_back(*, version: CompactVersion, by: User) -> None:
    """The person no longer agrees; a version that was agreed is a draft again."""
    version = _locked(version)
    if version.is_published:
        raise Refused("This version was published meanwhile. A change of mind is a new version.")
    Agreement.objects.filter(version=version, member__user=by, edition=version.edition).delete()
    if version.is_agreed:
        version.state = CompactVersion.State.DRAFT
        version.save(update_fields=["state"])


@action
def reopen(*, version: CompactVersion, reason: str, by: User) -> None:
    """Make an agreed version a draft again. Everybody agrees anew: to whatever wording stands then."""
    version = _locked(version)
    if not version.is_agreed:
        raise Refused("This version is no longer one that is agreed and waits.")
    version.state = CompactVersion.State.DRAFT
    version.edition += 1
    version.save(update_fields=["state", "edition"])


@action
def publish(*, version: CompactVersion, in_force_from: date, by: User) -> CompactVersion:
    """For good: from the day on it is in force, in the place of the version before."""
    version = _locked(version)
    if version.is_published:
        return version
    if not version.is_agreed:
        raise Refused(NOT_AGREED)
    before = version.compact.versions.published().order_by("-in_force_from").first()
    if before is not None and before.in_force_from is not None and in_force_from <= before.in_force_from:
        day = f"{before.in_force_from:%-d %B %Y}"
        raise Refused(NOT_LATER.format(number=before.number, day=day))
    version.state = CompactVersion.State.PUBLISHED
    version.in_force_from, version.published_at, version.published_by = in_force_from, timezone.now(), by
    version.save(update_fields=["state", "in_force_from", "published_at", "published_by"])
    return version


def _locked(version: CompactVersion) -> CompactVersion:
    return CompactVersion.objects.select_for_update(of=("self",)).select_related("compact").get(pk=version.pk)


def _open_version(compact_id: int) -> CompactVersion | None:
    return CompactVersion.objects.open().select_for_update(of=("self",)).filter(compact_id=compact_id).first()


def _agreed_by_all(version: CompactVersion) -> None:
    """Whether everybody who is named today, and somebody for each party, has agreed to the wording as it stands."""
    parties = set(version.sides.values_list("party_id", flat=True))
    named = dict(PartyMember.objects.held_on(timezone.localdate()).filter(party__in=parties).values_list("pk", "party"))
    agreed = dict(version.agreements.filter(edition=version.edition).values_list("member", "party"))
    if set(agreed.values()) == parties == set(named.values()) and set(named) <= set(agreed):
        version.state = CompactVersion.State.AGREED
        version.save(update_fields=["state"])
