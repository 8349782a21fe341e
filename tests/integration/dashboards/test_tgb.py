"""The TGB's dashboard: what each trust released for the meeting, who reads it, and how it is frozen."""

import json
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.utils import InternalError
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.permissions import Role, SeatRole
from boards.actions.room import open_meeting
from dashboards.actions.papers import PapersRefused, make_papers
from dashboards.actions.reports import BEGUN, CHANGED, ReportRefused, prepare_report, release_report
from dashboards.models import Pack, TrustReport
from dashboards.tgb.report import Brought
from snapshots.models import FrozenSnapshot
from tests.factories.boards import (
    BoardFactory,
    EntryFactory,
    HoldingFactory,
    MeetingFactory,
    RegulatorLineFactory,
    SeatFactory,
    sitting,
)
from tests.factories.dashboards import TrustReportFactory
from tests.factories.metrics import MetricFactory, MetricVersionFactory, series
from tests.factories.trusts import StandDownFactory, TrustFactory, ValueStreamFactory, member

pytestmark = pytest.mark.django_db

IMPROVED = [20, 22, 19, 21, 20, 23, 18, 21, 20, 22, 19, 21, 20, *[12, 11, 13, 12, 11, 12, 13, 12, 11, 12]]
WORDS = Brought(success="Nobody is moved at night", challenge="Who hears of it?", help_wanted="A visit")


@pytest.fixture
def leeds():
    trust = TrustFactory(short_name="Leeds", name="Leeds Teaching Hospitals")
    stream = ValueStreamFactory(trust=trust, name="Critical care flow")
    version = MetricVersionFactory(metric=MetricFactory(value_stream=stream, name="Discharges at night"))
    series(version, IMPROVED)
    return trust


@pytest.fixture
def board(leeds):
    return BoardFactory(partnership=leeds.partnership)


@pytest.fixture
def meeting(board):
    return MeetingFactory(board=board)


@pytest.fixture
def released(leeds, meeting, computed_all):
    computed_all()
    report = prepare_report(trust=leeds, meeting=meeting, words=WORDS, seen=0, by=member(Role.KPO_LEAD, leeds))
    chief = member(Role.CHIEF_EXECUTIVE, leeds)
    return release_report(report=report, seen=report.edition, role=Role.CHIEF_EXECUTIVE, by=chief)


def page(signed_in, user, meeting):
    return signed_in(user).get(f"/meetings/{meeting.pk}/dashboard/")


def text(signed_in, user, meeting):
    return page(signed_in, user, meeting).content.decode()


def test_report_is_made_from_copies_frozen_then(released, leeds):
    copies = FrozenSnapshot.objects.filter(pk__in=released.sources, reason="papers")
    assert sorted(copies.values_list("kind", flat=True)) == ["trust", "value_stream"]
    metric = json.loads(released.body)["streams"][0]["metrics"][0]
    assert metric["variation"] == "improvement_low"
    assert metric["sentence"].startswith("Improving: ")
    assert [point["value"] for point in metric["points"]] == IMPROVED[-24:]


def test_released_report_never_changes(released):
    for change in ({"success": "Other"}, {"body": "{}"}):
        with pytest.raises((InternalError, IntegrityError)), transaction.atomic():
            TrustReport.objects.filter(pk=released.pk).update(**change)
    with pytest.raises((InternalError, IntegrityError)), transaction.atomic():
        TrustReport.objects.filter(pk=released.pk).delete()


def test_report_written_anew_is_the_next_version_and_the_board_reads_the_newest_released(
    released, leeds, meeting, board, signed_in
):
    sensei = sitting(board, SeatRole.SENSEI)
    lead = leeds.memberships.get(role=Role.KPO_LEAD).user
    again = prepare_report(
        trust=leeds, meeting=meeting, words=Brought(success="Better said", challenge="And now?"), seen=0, by=lead
    )
    assert again.version == 2
    assert "Better said" not in text(signed_in, sensei, meeting)
    chief = leeds.memberships.get(role=Role.CHIEF_EXECUTIVE).user
    with pytest.raises(ReportRefused, match=CHANGED):
        release_report(report=again, seen=again.edition + 1, role=Role.CHIEF_EXECUTIVE, by=chief)
    release_report(report=again, seen=again.edition, role=Role.CHIEF_EXECUTIVE, by=chief)
    shown = text(signed_in, sensei, meeting)
    assert "Better said" in shown
    assert WORDS.success not in shown


def test_draft_of_somebody_else_is_not_overwritten(leeds, meeting, computed_all):
    computed_all()
    lead = member(Role.KPO_LEAD, leeds)
    prepare_report(trust=leeds, meeting=meeting, words=WORDS, seen=0, by=lead)
    with pytest.raises(ReportRefused, match=CHANGED):
        prepare_report(trust=leeds, meeting=meeting, words=WORDS, seen=0, by=lead)


def test_nothing_is_brought_to_a_meeting_that_has_begun(released, leeds, meeting, board):
    open_meeting(meeting=meeting, by=sitting(board, SeatRole.CHAIR))
    meeting.refresh_from_db()
    with pytest.raises(ReportRefused, match=BEGUN):
        prepare_report(trust=leeds, meeting=meeting, words=WORDS, seen=0, by=released.prepared_by)


def test_trust_that_released_nothing_says_so_with_the_day(released, meeting, board, signed_in):
    quiet = TrustFactory(partnership=board.partnership, short_name="Shrewsbury")
    TrustReportFactory(trust=quiet, meeting=meeting, success="Not for you yet")
    shown = text(signed_in, sitting(board, SeatRole.REGULATOR), meeting)
    assert "Not released. It is expected by" in shown
    assert "Not for you yet" not in shown


def test_own_trust_comes_first_and_the_others_round_the_table(released, leeds, meeting, board, signed_in):
    north, south = (TrustFactory(partnership=board.partnership, short_name=name, name=name) for name in ("N", "S"))
    for place, trust in enumerate((south, leeds, north), start=1):
        SeatFactory(board=board, role=SeatRole.CHIEF_EXECUTIVE, speaks_for=trust, place=place)
    seat = board.seats.get(speaks_for=north)
    holder = HoldingFactory(seat=seat).user
    shown = text(signed_in, holder, meeting)
    order = [shown.index(f'id="trust-{trust.pk}"') for trust in (north, south, leeds)]
    assert order == sorted(order)


def test_dashboard_says_nothing_of_ranks_or_attendance(released, meeting, board, signed_in):
    shown = text(signed_in, sitting(board), meeting)
    for word in ("Rank", "league", "attendance", "score"):
        assert word not in shown.split("<main")[1]


def test_dashboard_is_there_for_the_table_and_the_secretariat_alone(released, leeds, meeting, board, signed_in):
    secretariat = member(Role.SECRETARIAT, partnership=leeds.partnership)
    others = [member(role, leeds) for role in (Role.DEPUTY, Role.FACILITATOR)]
    others += [member(role, partnership=leeds.partnership) for role in (Role.REGULATOR_ANALYST, Role.ADMINISTRATOR)]
    former = HoldingFactory(seat=SeatFactory(board=board), ends=timezone.localdate() - timedelta(days=1)).user
    assert page(signed_in, secretariat, meeting).status_code == 200
    assert page(signed_in, sitting(board), meeting).status_code == 200
    for somebody in (*others, released.prepared_by, released.released_by, former):
        assert page(signed_in, somebody, meeting).status_code == 404


def test_own_trusts_links_are_for_those_who_may_follow_them(released, leeds, meeting, board, signed_in):
    metric = json.loads(released.body)["streams"][0]["metrics"][0]["id"]
    chief = released.released_by
    HoldingFactory(seat=SeatFactory(board=board, speaks_for=leeds), user=chief)
    assert f"/metrics/{metric}/" in text(signed_in, chief, meeting)
    assert f"/metrics/{metric}/" not in text(signed_in, sitting(board), meeting)


def test_dashboard_asks_no_more_with_more_trusts(released, meeting, board, signed_in):
    client = signed_in(sitting(board))
    address = f"/meetings/{meeting.pk}/dashboard/"

    def asked():
        client.get(address)
        with CaptureQueriesContext(connection) as found:
            client.get(address)
        return len(found)

    before = asked()
    for n in range(3):
        trust = TrustFactory(partnership=board.partnership)
        TrustReportFactory(trust=trust, meeting=meeting, released=True, success=f"Success {n}")
        EntryFactory(item__meeting=MeetingFactory(board=board, on=date(2020, 1, n + 1)), kind="action")
        RegulatorLineFactory(board=board)
    assert asked() == before
    assert before <= 26


def test_changes_tell_what_is_judged_otherwise_and_what_stood_down(leeds, board, computed_all, signed_in):
    today = timezone.localdate()
    earlier = MeetingFactory(board=board, on=today - timedelta(days=28), opened_at=timezone.now() - timedelta(days=28))
    computed_all()
    metric = {"key": f"metric-{leeds.value_streams.get().metrics.get().pk}", "variation": "common"}
    was = TrustReportFactory.build(trust=leeds, meeting=earlier)
    body = json.dumps(json.loads(was.body) | {"streams": [{"metrics": [metric]}]})
    TrustReportFactory(trust=leeds, meeting=earlier, released=True, body=body)
    StandDownFactory(trust=leeds, value_stream=None, started=today - timedelta(days=3), ended=None)
    computed_all()
    meeting = MeetingFactory(board=board)
    report = prepare_report(trust=leeds, meeting=meeting, words=WORDS, seen=0, by=member(Role.KPO_LEAD, leeds))
    icons = {change["icon"]: change["text"] for change in json.loads(report.body)["changes"]}
    assert icons["improvement"].startswith("Discharges at night. Improving")
    assert icons["reason"].endswith("of the whole trust stood down")


def test_papers_are_frozen_as_they_stood_and_once(released, leeds, meeting, board):
    chair = sitting(board, SeatRole.CHAIR)
    line = RegulatorLineFactory(board=board, text="Ask us once a month")
    pack = make_papers(meeting=meeting, by=chair)
    assert make_papers(meeting=meeting, by=chair) == pack
    line.text = "Said otherwise"
    line.save()
    again = make_papers(meeting=meeting, by=chair)
    assert (pack.version, again.version) == (1, 2)
    assert json.loads(pack.body)["regulator"]["asks"][0]["text"] == "Ask us once a month"
    for forbidden in (Pack.objects.filter(pk=pack.pk).delete, lambda: Pack.objects.update(body="{}")):
        with pytest.raises((InternalError, IntegrityError)), transaction.atomic():
            forbidden()


def test_meeting_that_begins_keeps_its_papers_and_is_read_from_them(
    released, meeting, board, signed_in, django_capture_on_commit_callbacks
):
    chair = sitting(board, SeatRole.CHAIR)
    line = RegulatorLineFactory(board=board, text="As it stood then")
    with django_capture_on_commit_callbacks(execute=True):
        open_meeting(meeting=meeting, by=chair)
    meeting.refresh_from_db()
    line.text = "Said later"
    line.save()
    shown = text(signed_in, chair, meeting)
    assert "As it stood then" in shown
    assert "Said later" not in shown
    with pytest.raises(PapersRefused):
        make_papers(meeting=meeting, by=chair)


def test_form_keeps_what_was_typed_when_somebody_else_saved_meanwhile(leeds, meeting, computed_all, signed_in):
    computed_all()
    chief = member(Role.CHIEF_EXECUTIVE, leeds)
    prepare_report(trust=leeds, meeting=meeting, words=WORDS, seen=0, by=member(Role.KPO_LEAD, leeds))
    client = signed_in(chief)
    answer = client.post(
        f"/trusts/{leeds.ods_code}/tgb/prepare/", {"success": "Mine", "challenge": "Why?", "version": "0"}
    ).content.decode()
    assert "Mine" in answer
    assert CHANGED in answer
    assert TrustReport.objects.get().success == WORDS.success
    assert (
        client.post(
            f"/trusts/{leeds.ods_code}/tgb/prepare/", {"success": "Mine", "challenge": "Why?", "version": "1"}
        ).status_code
        == 302
    )
    assert TrustReport.objects.get().success == "Mine"
