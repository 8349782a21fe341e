"""Everything that the TGB's dashboard says of one meeting, as plain JSON: so that it can be frozen as it is."""

import json
from dataclasses import asdict
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone

from boards.facts import USUAL_GAP
from boards.models import Entry, Meeting, RegulatorLine, Seat
from boards.models.agenda import framing_of
from boards.presenters.compact import compact_for
from dashboards.before_after import Body
from dashboards.models import TrustReport
from dashboards.tgb.drafting import meeting_before
from trusts.models import Trust

EXPECTED_BEFORE = timedelta(days=4)
"""How long before the meeting each trust's report is expected: the Friday before a Tuesday."""


def brief(meeting: Meeting, *, at: datetime) -> Body:
    """As it stood at a moment of the last days. A fixed number of queries, whatever the number of trusts."""
    before = meeting_before(meeting)
    since = before.on if before else meeting.on - USUAL_GAP
    seats = list(Seat.objects.filter(board=meeting.board_id).select_related("speaks_for"))
    reports = {report.trust_id: report for report in TrustReport.objects.latest_for(meeting)}
    actions = _actions(meeting, since, at)
    return {
        "meeting": {
            "id": meeting.pk,
            "board": meeting.board.name,
            "on": meeting.on.isoformat(),
            "begins_at": f"{meeting.begins_at:%H:%M}",
            "place": meeting.place,
        },
        "before": before and {"id": before.pk, "on": before.on.isoformat()},
        "since": since.isoformat(),
        "made_at": at.isoformat(),
        "trusts": [_trust(trust, reports.get(trust.pk), meeting) for trust in _round_the_table(meeting, seats)],
        "regulator": {
            "name": meeting.board.partnership.regulator,
            **_regulator(meeting, since, timezone.localdate(at)),
            "actions": [each for each in actions if each["regulators"]],
        },
        "actions": actions,
        "framing": framing_of(meeting.board.partnership).lines,
        "compact": _compact(meeting),
    }


def _round_the_table(meeting: Meeting, seats: list[Seat]) -> list[Trust]:
    """The trusts in the order of the table; one without a seat comes last, and is there all the same."""
    places: dict[int, int] = {}
    for seat in seats:
        if seat.speaks_for_id is not None:
            places.setdefault(seat.speaks_for_id, seat.place)
    trusts = list(Trust.objects.filter(partnership=meeting.board.partnership_id))
    last = max(places.values(), default=0) + 1
    return sorted(trusts, key=lambda trust: (places.get(trust.pk, last), trust.seat))


def _trust(trust: Trust, report: TrustReport | None, meeting: Meeting) -> Body:
    return {
        "id": trust.pk,
        "name": trust.name,
        "short_name": trust.short_name,
        "expected": (meeting.on - EXPECTED_BEFORE).isoformat(),
        "report": report
        and {
            "id": report.pk,
            "version": report.version,
            "released_at": report.released_at and report.released_at.isoformat(),
            "released_by": report.get_released_by_role_display(),
            "data_as_of": report.data_as_of.isoformat(),
            "body": json.loads(report.body),
        },
    }


def _regulator(meeting: Meeting, since: date, day: date) -> Body:
    found = RegulatorLine.objects.filter(board=meeting.board_id).standing_on(meeting.on, since=since)  # type: ignore[attr-defined]
    lines: list[RegulatorLine] = list(found.select_related("of_trust"))
    names = {"ask": "asks", "review": "reviews", "leader": "leaders", "expectation": "expectations"}
    return {name: [_line(line, since, day) for line in lines if line.kind == kind] for kind, name in names.items()}


def _line(line: RegulatorLine, since: date, day: date) -> Body:
    answered = line.answered_on if line.answered_on and line.answered_on <= day else None
    return {
        "text": line.text,
        "trust": line.of_trust.short_name if line.of_trust else "",
        "on": line.on.isoformat(),
        "answer": line.answer if answered else "",
        "answered_on": answered and answered.isoformat(),
        "new": (answered or line.on) >= since and line.kind != RegulatorLine.Kind.REVIEW,
    }


def _actions(meeting: Meeting, since: date, at: datetime) -> list[Body]:
    """What is not done, the ones due first at the head, and what was done since the meeting before."""
    found = Entry.objects.actions().filter(item__meeting__board=meeting.board_id, at__lt=at)  # type: ignore[attr-defined]
    found = found.filter(Q(done_at__isnull=True) | Q(done_at__date__gte=since)).select_related("owner")
    rows = [_action(each, at) for each in found.order_by("due", "pk")]
    return sorted(rows, key=lambda row: row["done"])


def _action(entry: Entry, at: datetime) -> Body:
    owner: Any = entry.owner
    done = entry.done_at is not None and entry.done_at <= at
    return {
        "id": entry.pk,
        "text": entry.text,
        "owner": owner.title,
        "seat": owner.pk,
        "regulators": owner.is_the_regulators,
        "due": entry.due and entry.due.isoformat(),
        "done": done,
        "outcome": entry.outcome if done else "",
    }


def _compact(meeting: Meeting) -> Body | None:
    shown = compact_for(meeting)
    return asdict(shown) | {"since": shown.since.isoformat()} if shown else None
