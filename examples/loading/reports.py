"""What the example's trusts brought to its TGB and bring next, the papers of the meetings held, the regulator's row.

All of it is invented. The figures are the example's own, as they stood before each meeting.
"""

from collections import defaultdict
from datetime import date, datetime, timedelta

from django.db import transaction

from accounts.models import User
from accounts.permissions import Role, SeatRole
from boards.models import Board, Meeting, RegulatorLine
from dashboards.actions.reports import prepare_report, release_report
from dashboards.models import Pack, TrustReport
from dashboards.tgb.brief import brief
from dashboards.tgb.drafting import charts_offered, frozen_now, make_report
from dashboards.tgb.report import Brought
from examples.loading.people import address
from examples.loading.tables import rows
from snapshots.models import FrozenSnapshot
from snapshots.recompute import as_text
from trusts.models import Trust

_WRITTEN_BEFORE = timedelta(days=5)
_FIGURES_UNTIL = timedelta(days=140)
"""How old the figures of the meetings held are: so old that some metrics are judged otherwise by the next one."""
Row = dict[str, str]


@transaction.atomic
def load_reports(*, today: date) -> bool:
    """After the dashboards are computed. False when there is no example, or when it has reports already."""
    board = Board.objects.filter(kind=Board.Kind.TGB, partnership__is_example=True).first()
    if board is None or TrustReport.objects.exists():
        return False
    trusts = {trust.abbreviation: trust for trust in board.partnership.trusts.all()}
    held = list(Meeting.objects.held().filter(board=board).order_by("-on").select_related("board__partnership"))
    _load_regulators_row(board, held[0], trusts)
    by_meeting: dict[int, list[Row]] = defaultdict(list)
    for row in rows("tgb_reports.csv"):
        by_meeting[int(row["meetings_ago"])].append(row)
    copies: dict[int, list[FrozenSnapshot]] = {}
    for ago in sorted(set(by_meeting) - {0}, reverse=True):
        _hold(held[ago - 1], by_meeting[ago], trusts, copies)
    coming = Meeting.objects.to_come(today).filter(board=board, opened_at__isnull=True).first()
    assert coming is not None
    for row in by_meeting[0]:
        _bring(coming, row, trusts[row["trust"]], today=today)
    return True


def _load_regulators_row(board: Board, last: Meeting, trusts: dict[str, Trust]) -> None:
    def day(cell: str) -> date:
        return last.on - timedelta(days=int(cell))

    for row in rows("regulator_lines.csv"):
        RegulatorLine.objects.create(
            board=board,
            kind=row["kind"],
            text=row["text"],
            of_trust=trusts.get(row["trust"]),
            on=day(row["days_before_last"]),
            answer=row["answer"],
            answered_on=day(row["answered_days_before_last"]) if row["answer"] else None,
        )


def _hold(meeting: Meeting, said: list[Row], trusts: dict[str, Trust], copies: dict[int, list[FrozenSnapshot]]) -> None:
    """A meeting of the past: what each trust had released some days before, and the papers from when it began."""
    assert meeting.opened_at is not None
    on = meeting.on - _FIGURES_UNTIL
    for row in said:
        trust = trusts[row["trust"]]
        sources = copies.setdefault(trust.pk, frozen_now(trust, on=on))
        words = _words(row, trust, on=on)
        made = make_report(trust, meeting, words, on=on, copies=sources)
        released = meeting.opened_at - _WRITTEN_BEFORE
        TrustReport.objects.create(
            trust=trust,
            meeting=meeting,
            state=TrustReport.State.RELEASED,
            success=row["success"],
            success_chart=words.success_chart,
            challenge=row["challenge"],
            help_wanted=row["help_wanted"],
            body=made.body,
            sources=made.sources,
            data_as_of=released,
            prepared_at=released,
            prepared_by=_person(Role.KPO_LEAD, trust),
            released_at=released,
            released_by=_person(Role.CHIEF_EXECUTIVE, trust),
            released_by_role=Role.CHIEF_EXECUTIVE,
        )
    _keep_papers(meeting, at=meeting.opened_at)


def _keep_papers(meeting: Meeting, *, at: datetime) -> None:
    made_by = meeting.board.seats.get(role=SeatRole.CHAIR).holdings.get().user
    Pack.objects.create(meeting=meeting, version=1, body=as_text(brief(meeting, at=at)), made_at=at, made_by=made_by)


def _bring(meeting: Meeting, row: Row, trust: Trust, *, today: date) -> None:
    """For the next meeting, by the acts of the trust's own people."""
    words = _words(row, trust, on=today)
    lead, chief = _person(Role.KPO_LEAD, trust), _person(Role.CHIEF_EXECUTIVE, trust)
    report = prepare_report(trust=trust, meeting=meeting, words=words, seen=0, by=lead)
    if row["reaches"] == "released":
        release_report(report=report, seen=report.edition, role=Role.CHIEF_EXECUTIVE, by=chief)


def _words(row: Row, trust: Trust, *, on: date) -> Brought:
    offered = {words: key for _group, found in charts_offered(trust, on=on) for key, words in found}
    named = [key for words, key in offered.items() if row["chart"] and words.startswith(f"{row['chart']}.")]
    return Brought(
        success=row["success"],
        challenge=row["challenge"],
        help_wanted=row["help_wanted"],
        success_chart=named[0] if named else "",
    )


def _person(role: Role, trust: Trust) -> User:
    return User.objects.get(email=address(role, trust))
