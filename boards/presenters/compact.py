"""The compact that is appended to every agenda: the version in force on the meeting's day, side by side."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from boards.models import Board, Meeting
from compacts.models import Compact, CompactVersion


@dataclass(frozen=True)
class Theme:
    """A theme with its rows of promises, in each row one for every party, empty where it promises nothing there."""

    title: str
    rows: list[list[str]]


@dataclass(frozen=True)
class CompactShown:
    title: str
    since: date
    vision: str
    parties: list[str]
    """As their promises begin: the regulator promises to."""
    href: str
    themes: list[Theme]


def version_for(board: Board, *, on: date) -> CompactVersion | None:
    """A guidance team reads its trust's own compact where there is one, else the partnership's."""
    version = Compact.objects.in_force(board.partnership, on=on, trust=board.trust) if board.trust else None
    return version or Compact.objects.in_force(board.partnership, on=on)


def compact_for(meeting: Meeting) -> CompactShown | None:
    """The version in force on the meeting's day. Four queries."""
    version = version_for(meeting.board, on=meeting.on)
    if version is None or version.in_force_from is None:
        return None
    sides = list(version.sides.select_related("party"))
    places = {side.party_id: n for n, side in enumerate(sides)}
    rows: dict[str, dict[int, list[str]]] = defaultdict(dict)
    for promise in version.promises:
        row = rows[promise.theme.title].setdefault(promise.position, [""] * len(sides))
        row[places[promise.party_id]] = promise.text
    return CompactShown(
        title=f"{version.compact.name}, version {version.number}",
        since=version.in_force_from,
        vision=version.vision,
        parties=[f"{side.party.inside} {side.party.promise} to" for side in sides],
        href=_page_of(version),
        themes=[Theme(title, [of[n] for n in sorted(of)]) for title, of in rows.items()],
    )


def _page_of(version: CompactVersion) -> str:
    trust = version.compact.trust
    if trust:
        return reverse("trust_compact_version", args=[trust.ods_code, version.number])
    return reverse("compact_version", args=[version.number])
