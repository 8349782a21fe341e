"""What the pages say of a version: the answer at its head, where it stands, who agreed, and how it came about."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from compacts.models import Agreement, CompactVersion, Party, PartyMember
from compacts.presenters.sheet import CHANGED, GONE, NEW, Sheet
from ui.words import day_year, listing, sentence, spelled

Kind = CompactVersion.Kind


def in_force_words(version: CompactVersion, *, until: date | None, today: date) -> str:
    """Since when, or from when to when, a published version is in force."""
    begins = version.in_force_from
    assert begins is not None
    if until is not None:
        return f"It was in force from {day_year(begins)} to the day before {day_year(until)}."
    if begins > today:
        return f"It is in force from {day_year(begins)} on."
    return f"In force since {day_year(begins)}."


def parties_words(sheet: Sheet) -> str:
    """Between whom it is: NHS England and the hospitals."""
    return listing([head.inside for head in sheet.heads])


def difference_words(sheet: Sheet) -> str:
    """How far the version is from the one before: "Two promises differ from version 2, one is new"."""
    before = sheet.compared_with
    assert before is not None
    said = []
    for state, one, more in (
        (CHANGED, "promise is worded anew", "promises are worded anew"),
        (NEW, "promise is new", "promises are new"),
        (GONE, "promise is taken out", "promises are taken out"),
    ):
        if count := sheet.count(state):
            said.append(f"{spelled(count)} {one if count == 1 else more}")
    said += [
        f"{head.party.inside} {'are' if head.party.is_many else 'is'} now {head.body}"
        for head in sheet.heads
        if head.is_succeeded
    ]
    if any(piece.kind != "kept" for piece in sheet.vision):
        said.append("the vision is worded anew")
    if any(theme.state != "same" for theme in sheet.themes):
        said.append("the themes differ")
    if not said:
        return f"Nothing differs from version {before.number}."
    words = listing(said)
    return f"Compared with version {before.number}, {words}."


@dataclass(frozen=True)
class Signature:
    """One named member of a party, and whether they agreed to the wording as it stands."""

    member: PartyMember
    agreement: Agreement | None
    before: Agreement | None
    """An agreement to an earlier wording, which no longer counts."""


@dataclass(frozen=True)
class Signatures:
    """A party, the body it is, and those who agree for it."""

    party: Party
    body: str
    signatures: tuple[Signature, ...]

    @property
    def has_agreed(self) -> bool:
        return bool(self.signatures) and all(signature.agreement for signature in self.signatures)


def signatures_of(version: CompactVersion, sheet: Sheet, *, today: date) -> list[Signatures]:
    """Of a version that is being worked on: everybody named today, party by party."""
    given: dict[int, list[Agreement]] = {}
    for agreement in version.agreements.all():  # type: ignore[attr-defined]
        given.setdefault(agreement.member_id, []).append(agreement)
    named = PartyMember.objects.held_on(today).filter(party__in=[head.party for head in sheet.heads])
    by_party: dict[int, list[Signature]] = {}
    for member in named:
        counts = next((each for each in given.get(member.pk, []) if each.edition == version.edition), None)
        earlier = None if counts else next(iter(given.get(member.pk, [])), None)
        by_party.setdefault(member.party_id, []).append(Signature(member, counts, earlier))
    return [Signatures(head.party, head.body, tuple(by_party.get(head.party.pk, ()))) for head in sheet.heads]


def standing_words(version: CompactVersion, signatures: Sequence[Signatures]) -> str:
    """Who has agreed to a draft, and whom it waits for."""
    if version.is_agreed:
        return "Every party has agreed. It waits to be published."
    if unnamed := [each.party.inside for each in signatures if not each.signatures]:
        return f"Nobody is named yet who agrees for {listing(unnamed)}."
    agreed = [each.party for each in signatures if each.has_agreed]
    if not agreed:
        return "No party has agreed yet."
    waits = listing([each.party.inside for each in signatures if not each.has_agreed])
    have = "have" if len(agreed) > 1 or agreed[0].is_many else "has"
    return sentence(f"{listing([party.inside for party in agreed])} {have} agreed, {waits} not yet.")


def agreed_by(version: CompactVersion) -> list[Agreement]:
    """Who agreed to the wording as it was published."""
    given = version.agreements.filter(edition=version.edition)  # type: ignore[attr-defined]
    return list(given.select_related("party"))


def steps(version: CompactVersion) -> list[dict[str, str]]:
    """Draft, agreed, published, as the life cycle component draws them."""
    order = [CompactVersion.State.DRAFT, CompactVersion.State.AGREED, CompactVersion.State.PUBLISHED]
    at = order.index(CompactVersion.State(version.state))
    words = {"draft": "Draft", "agreed": "Agreed by all", "published": "Published"}
    return [
        {"label": words[state], "detail": "", "state": "done" if n < at else "now" if n == at else "later"}
        for n, state in enumerate(order)
    ]


def why(version: CompactVersion) -> str:
    """What sort of version it is, for the list of versions."""
    return {
        Kind.FIRST: "The first version",
        Kind.RENEGOTIATED: "A promise was renegotiated",
        Kind.SUCCEEDED: "A party was succeeded by another body",
    }[Kind(version.kind)]
