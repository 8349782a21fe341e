"""What the TGB's dashboard shows of a meeting: its brief, live or frozen, and each trust's part, made once and kept."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.core.cache import caches
from django.template.loader import render_to_string
from django.utils import timezone
from markupsafe import Markup

from boards.models import Board, Meeting, Seat
from boards.presenters.tasks import held_seats
from dashboards.before_after import Body
from dashboards.models import Pack
from dashboards.presenters.tgb import not_released_words, ordered, trust_panel
from dashboards.tgb.brief import brief
from trusts.scope import Scope

EARLIER_SHOWN = 12


@dataclass(frozen=True)
class ShownBrief:
    """`pack`: the papers that it was read from, once the meeting has begun."""

    body: Body
    pack: Pack | None
    today: date


def shown_for(meeting: Meeting) -> ShownBrief:
    """Frozen when the meeting began; until then, and should that have failed, as things stand now."""
    today = timezone.localdate()
    pack = None if meeting.is_planned else Pack.objects.newest_of(meeting)  # type: ignore[attr-defined]
    if pack is not None:
        return ShownBrief(json.loads(pack.body), pack, meeting.on)
    return ShownBrief(brief(meeting, at=timezone.now()), None, today)


def next_meeting(board: Board) -> Meeting | None:
    """The one that is being held, the next one, else the last that was held."""
    found = Meeting.objects.filter(board=board, cancelled_at__isnull=True)
    waits = found.filter(closed_at__isnull=True)
    in_the_room = waits.filter(opened_at__isnull=False).order_by("on").first()
    return (
        in_the_room
        or waits.filter(on__gte=timezone.localdate()).first()
        or found.filter(opened_at__isnull=False).last()
    )


def earlier_meetings(meeting: Meeting) -> list[Meeting]:
    """Those whose papers were kept, the newest first."""
    held = Meeting.objects.filter(board=meeting.board_id, packs__isnull=False, opened_at__isnull=False)
    return list(held.exclude(pk=meeting.pk).distinct().order_by("-on")[:EARLIER_SHOWN])


def own_trusts(scope: Scope, board: Board) -> tuple[frozenset[int], frozenset[int]]:
    """The trusts for which somebody speaks at the board, or in which they hold a role; and the seats they hold."""
    seats = held_seats(scope.user_id, scope.day)
    spoken_for = Seat.objects.filter(pk__in=seats, board=board, speaks_for__isnull=False)
    return scope.trust_ids | frozenset(spoken_for.values_list("speaks_for_id", flat=True)), seats


def trust_parts(shown: ShownBrief, *, own: Collection[int], links: Collection[int], first: bool) -> list[Markup]:
    """The own trusts' parts, or the others'. A released version never changes: its part is made once, and kept."""
    return [
        _part(entry, shown.today, is_own=first, links=entry["id"] in links)
        for entry in ordered(shown.body, own=own)
        if (entry["id"] in own) == first
    ]


def _part(entry: Body, today: date, *, is_own: bool, links: bool) -> Markup:
    if entry["report"] is None:
        return _rendered({"entry": entry, "waits": not_released_words(entry, today=today), "is_own": is_own})
    key = f"tgb-{entry['report']['id']}-{entry['report']['released_at']}-{is_own}-{links}".replace(" ", "_")
    kept = caches["pages"].get(key)
    if kept is None:
        kept = _rendered({"entry": entry, "panel": trust_panel(entry, links=links), "is_own": is_own})
        caches["pages"].set(key, kept)
    return kept


def _rendered(context: Body) -> Markup:
    return Markup(render_to_string("dashboards/tgb/trust.html", context))  # noqa: S704 - our own template
