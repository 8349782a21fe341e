"""Beginning a compact, and its next version: everything is carried over, so that what changes is seen as a change."""

from collections.abc import Sequence

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.audit import action
from accounts.models import User
from compacts.models import Compact, CompactVersion, Party, Promise, Side, Theme
from compacts.refusals import Refused
from trusts.models import Partnership, Trust

THERE_ALREADY = "There is a compact here already. Begin its next version instead."
ONE_IS_OPEN = "The next version is begun already. This is it."
NOTHING_PUBLISHED = "The first version is not published yet. Change that one."
NOT_A_DRAFT = "This version is agreed. Take it back to a draft first."

THEMES = (
    "Creating the right environment",
    "Fostering excellence",
    "Listening, communicating and influencing",
    "Leadership",
)
"""What a compact begins with, as the partnership's own did; they can be renamed and taken out."""

Begun = tuple[str, str]
"""A party's name and the body that it is: ("The regulator", "NHS England")."""


@action
def begin_compact(
    *, partnership: Partnership, trust: Trust | None, name: str, parties: Sequence[Begun], source: str = "", by: User
) -> CompactVersion:
    """A compact of the partnership, or of parties inside a trust, with its first version as a draft."""
    try:
        with transaction.atomic():
            compact = Compact.objects.create(partnership=partnership, trust=trust, name=name, source=source)
    except IntegrityError:
        raise Refused(THERE_ALREADY) from None
    version = CompactVersion.objects.create(compact=compact, number=1, drafted_at=timezone.now(), drafted_by=by)
    for position, (party, body) in enumerate(parties, 1):
        side = Party.objects.create(compact=compact, name=party, position=position)
        Side.objects.create(version=version, party=side, body=body)
    Theme.objects.bulk_create(
        Theme(version=version, title=title, position=position) for position, title in enumerate(THEMES, 1)
    )
    return version


@action
def renegotiate(*, compact: Compact, reason: str, by: User) -> CompactVersion:
    """Begin the next version, in which a promise is renegotiated, from the one before, and say why."""
    return _carry_over(compact, CompactVersion.Kind.RENEGOTIATED, reason, by)


@action
def succeed(*, compact: Compact, party: Party, body: str, reason: str, by: User) -> CompactVersion:
    """Begin the next version, in which another body takes a party's place and its promises with it."""
    version = _carry_over(compact, CompactVersion.Kind.SUCCEEDED, reason, by)
    side = version.sides.get(party=party)
    side.body = body
    side.save(update_fields=["body"])
    return version


@action
def discard_draft(*, version: CompactVersion, by: User) -> None:
    """Put a draft away that nobody goes on with. What was in force stays so; the audit trail keeps the draft."""
    version = CompactVersion.objects.select_for_update().get(pk=version.pk)
    if not version.is_draft:
        raise Refused(NOT_A_DRAFT)
    compact = version.compact
    version.delete()
    if not compact.versions.exists():
        for party in compact.parties.all():
            party.members.all().delete()
            party.delete()
        compact.delete()


def _carry_over(compact: Compact, kind: CompactVersion.Kind, reason: str, by: User) -> CompactVersion:
    compact = Compact.objects.select_for_update(of=("self",)).get(pk=compact.pk)
    before = compact.versions.order_by("-number").first()
    if before is None or (before.number == 1 and not before.is_published):
        raise Refused(NOTHING_PUBLISHED)
    if not before.is_published:
        raise Refused(ONE_IS_OPEN)
    version = CompactVersion.objects.create(
        compact=compact,
        number=before.number + 1,
        kind=kind,
        reason=reason,
        vision=before.vision,
        drafted_at=timezone.now(),
        drafted_by=by,
    )
    Side.objects.bulk_create(
        Side(version=version, party_id=side.party_id, body=side.body) for side in before.sides.all()
    )
    carried = {
        theme.lineage: Theme(version=version, lineage=theme.lineage, position=theme.position, title=theme.title)
        for theme in before.themes.all()
    }
    Theme.objects.bulk_create(carried.values())
    Promise.objects.bulk_create(
        Promise(
            theme=carried[promise.theme.lineage],
            party_id=promise.party_id,
            lineage=promise.lineage,
            position=promise.position,
            text=promise.text,
        )
        for promise in before.promises
    )
    return version
