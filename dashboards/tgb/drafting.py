"""A trust's report made from copies frozen at this moment, and the charts that it may point at."""

import json
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from boards.facts import USUAL_GAP
from boards.models import Board, Meeting
from dashboards.before_after import Body
from dashboards.models import TrustReport
from dashboards.summaries.drafting import stream_ids
from dashboards.tgb.report import REMEASURES, Between, Brought, Facts, metrics_shown, pairs, report_body
from metrics.models import Retirement
from rpiws.models import Reading
from snapshots.freezing import freeze
from snapshots.freshness import latest_many
from snapshots.models import FrozenSnapshot
from snapshots.recompute import as_text
from trusts.models import Trust, ValueStream


def meeting_ahead(trust: Trust, *, on: date) -> Meeting | None:
    """The meeting of the partnership's TGB to which the trust brings something next; one that has begun is too late."""
    found = Meeting.objects.to_come(on).filter(
        board__kind=Board.Kind.TGB, board__partnership=trust.partnership_id, opened_at__isnull=True
    )
    return found.select_related("board__trust").first()  # type: ignore[no-any-return]


def meeting_before(meeting: Meeting) -> Meeting | None:
    held = Meeting.objects.held().filter(board=meeting.board_id, on__lt=meeting.on)
    return held.order_by("-on").first()  # type: ignore[no-any-return]


@dataclass(frozen=True)
class Made:
    """A report's body with what it was made of."""

    body: str
    sources: list[int]
    data_as_of: datetime


def frozen_now(trust: Trust, *, on: date) -> list[FrozenSnapshot]:
    """Copies of the trust's and its value streams' dashboards as they stand, the trust's first.

    Raises NothingToFreeze while one of them was never computed.
    """
    papers = FrozenSnapshot.Reason.PAPERS
    first = freeze("trust", trust.pk, reason=papers, as_of=on)
    return [first, *(freeze("value_stream", pk, reason=papers, as_of=on) for pk in stream_ids(first))]


def make_report(
    trust: Trust, meeting: Meeting, words: Brought, *, on: date, copies: list[FrozenSnapshot] | None = None
) -> Made:
    """The body of a report for the meeting, from copies frozen now unless others are given. `on`: the day to which its
    figures go."""
    copies = copies or frozen_now(trust, on=on)
    before = meeting_before(meeting)
    since = before.on if before else meeting.on - USUAL_GAP
    earlier = TrustReport.objects.latest_for(before).filter(trust=trust).first() if before else None
    body = report_body(
        json.loads(copies[0].body),
        [json.loads(copy.body) for copy in copies[1:]],
        facts_of(stream_ids(copies[0]), since=since, on=on),
        words,
        Between(on=on, since=since),
        json.loads(earlier.body) if earlier else None,
    )
    return Made(as_text(body), [copy.pk for copy in copies], copies[0].computed_at)


def facts_of(streams: list[int], *, since: date, on: date) -> Facts:
    """The coded reason alone: what was written beside it is a note, and stays."""
    readings = Reading.objects.filter(measure__rpiw__value_stream_id__in=streams, checkpoint__in=REMEASURES)
    retired = Retirement.objects.filter(metric__value_stream_id__in=streams, agreed_at__isnull=False)
    return Facts(
        not_measured=tuple(
            readings.exclude(not_measured="")
            .order_by("pk")
            .values_list("measure__rpiw_id", "checkpoint", "not_measured")
        ),
        retired=tuple(
            (each.metric_id, timezone.localdate(each.agreed_at), each.reason)
            for each in retired
            if each.agreed_at and since <= timezone.localdate(each.agreed_at) <= on
        ),
    )


def charts_offered(trust: Trust, *, on: date) -> list[tuple[str, list[tuple[str, str]]]]:
    """What may stand behind a success, as choices of a form: metrics by value stream, and measures before and after."""
    ids = list(ValueStream.objects.filter(trust=trust).order_by("number").values_list("pk", flat=True))
    stored = latest_many("value_stream", ids)
    bodies: list[Body] = [stored[pk].body for pk in ids if pk in stored]
    offered = [(body["value_stream"]["name"], _metrics_offered(body, on)) for body in bodies]
    measured = [(pair["key"], _pair_words(pair)) for pair in pairs(bodies, on=on)]
    return [group for group in [*offered, ("RPIWs, before and after", measured)] if group[1]]


def _metrics_offered(body: Body, on: date) -> list[tuple[str, str]]:
    found = metrics_shown(body, on)
    return [(metric["key"], f"{metric['name']}. {metric['sentence']}") for metric in found]


def _pair_words(pair: Body) -> str:
    return f"{pair['process']}, {pair['name']}: {pair['baseline_words']}, then {pair['post_words']}"
