"""From draft to released: drafted by itself, prepared, released by a person, corrected, and never changed."""

import json
from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.utils import InternalError
from django.test.utils import CaptureQueriesContext

from accounts.permissions import Role
from dashboards.actions.releases import SummaryRefused, prepare_summary, release_summary
from dashboards.models import TrustSummary
from dashboards.summaries.body import Words
from dashboards.summaries.drafting import draft_month
from dashboards.summaries.months import Month
from dashboards.tasks import draft_summaries
from rpiws.models import Checkpoint
from snapshots.freezing import freeze_month_end
from tests.factories.dashboards import TrustSummaryFactory
from tests.factories.metrics import (
    MetricFactory,
    MetricVersionFactory,
    RecalculationFactory,
    TargetFactory,
    series,
)
from tests.factories.rpiws import MeasureFactory, ReadingFactory, RpiwFactory, RpiwPersonFactory
from tests.factories.trusts import TrustFactory, ValueStreamFactory, member

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 21)


@pytest.fixture
def trust():
    trust = TrustFactory(short_name="Leeds")
    stream = ValueStreamFactory(trust=trust, name="Critical care flow", learned="Start small")
    week = date(2026, 8, 3)
    held = RpiwFactory(value_stream=stream, following_up=True, week_starts=week, process="Bed-state huddle")
    RpiwPersonFactory(rpiw=held, part="patient_representative", post="Canary post")
    measure = MeasureFactory(rpiw=held)
    for checkpoint, value in ((Checkpoint.BASELINE, 6000), (Checkpoint.DAY_30, 2700)):
        ReadingFactory(measure=measure, checkpoint=checkpoint, value=value)
    version = MetricVersionFactory(metric=MetricFactory(value_stream=stream, name="Discharges at night"))
    series(version, [20, 22, 19, 21, 20, 23, 18, 21, 20, 22, 19, 21, None, *[12, 11, 13, 12, 11, 12, 13, 12, 11, 14]])
    TargetFactory(version=version, value=15)
    lead = member(Role.KPO_LEAD, trust, email="somebody@trust.example", name="Canary name")
    RecalculationFactory(version=version, on=date(2016, 2, 1), by=lead)
    return trust


@pytest.fixture
def draft(trust, computed_all):
    computed_all()
    freeze_month_end(TODAY)
    draft_month(TODAY)
    return TrustSummary.objects.get()


@pytest.fixture
def prepared(draft):
    lead = member(Role.KPO_LEAD, draft.trust)
    words = Words(proud_of="The huddle", hard="Winter")
    return prepare_summary(summary=draft, words=words, seen=draft.edition, by=lead)


@pytest.fixture
def out(prepared):
    chief = member(Role.CHIEF_EXECUTIVE, prepared.trust)
    return release_summary(summary=prepared, seen=prepared.edition, role=Role.CHIEF_EXECUTIVE, by=chief)


def test_month_drafts_itself_once(draft):
    assert draft_month(TODAY) == 0
    draft_summaries()
    assert TrustSummary.objects.filter(starts=date(2026, 10, 1)).count() == 1
    body = json.loads(draft.body)
    assert body["id"] == f"{draft.trust.ods_code}-2026-10-v1"
    assert body["rpiws"]["to_date"]["with_patient_representative"]["value"] == 1
    assert body["value_streams"][0]["learned"] == "Start small"
    assert "Canary post" not in draft.body


def test_results_equal_the_trusts_own_dashboard(draft, computed):
    dashboard = computed("trust", draft.trust_id)["periods"][0]
    result = json.loads(draft.body)["results"][0]
    summary = dashboard["before_after"]["lead_time"]["summary"]
    assert result["baseline"]["value"] == summary["baseline_total"]
    assert result["percentage_reduction"]["value"] == summary["percentage_reduction"] == 55


def test_metrics_equal_the_value_streams_own_dashboard_and_name_nobody(draft, computed):
    [told] = json.loads(draft.body)["metrics"]
    [stream] = draft.trust.value_streams.all()
    [metric] = computed("value_stream", stream.pk)["metrics"]
    shown = metric["summary"]
    figures = {name: told[name]["value"] for name in ("latest", "mean", "lower_limit", "upper_limit", "target")}
    assert figures == {
        "latest": shown["latest"]["value"],
        "mean": pytest.approx(shown["mean"]),
        "lower_limit": pytest.approx(shown["lower"]),
        "upper_limit": pytest.approx(shown["upper"]),
        "target": shown["target"],
    }
    assert (told["variation"], told["assurance"]) == (shown["variation"], shown["assurance"])
    assert (told["assurance"], told["mean"]["n"]) == ("hit", 10)
    assert told["recalculations"][0]["by"] == "KPO lead"
    assert "Canary name" not in draft.body


def test_later_readings_do_not_move_the_draft(draft, computed_all):
    RpiwFactory(value_stream=draft.trust.value_streams.get(), following_up=True, week_starts=date(2026, 7, 6))
    computed_all()
    lead = member(Role.KPO_LEAD, draft.trust)
    again = prepare_summary(summary=draft, words=Words(proud_of="x", hard="y"), seen=1, by=lead)
    assert json.loads(again.body)["completeness"] == json.loads(draft.body)["completeness"]


def test_nothing_is_drafted_without_a_frozen_snapshot(trust, computed_all):
    computed_all()
    assert draft_month(TODAY) == 0


def test_lead_prepares_and_chief_executive_releases_what_the_page_showed(draft, signed_in):
    lead = signed_in(member(Role.KPO_LEAD, draft.trust))
    assert "Waits for you" in lead.get("/").content.decode()
    form = {"version": 1, "proud_of": "The huddle", "hard": "Winter", "help_wanted": "", "shows_rpiws": "on"}
    assert lead.post(f"/summaries/drafts/{draft.pk}/prepare/", form).status_code == 302
    chief = signed_in(member(Role.CHIEF_EXECUTIVE, draft.trust))
    assert f"/summaries/drafts/{draft.pk}/release/" in chief.get("/").content.decode()
    seen = chief.get(f"/summaries/drafts/{draft.pk}/release/").content.decode()
    assert "Bed-state huddle" in seen
    address = f"/summaries/drafts/{draft.pk}/release/"
    assert "Tick the box" in chief.post(address, {"version": 2}).content.decode()
    chief.post(address, {"version": 2, "confirmed": "on"})
    assert chief.post(address, {"version": 2, "confirmed": "on"})["Location"] == f"/summaries/{draft.pk}/"
    released = TrustSummary.objects.get()
    assert released.is_released
    analyst = signed_in(member(Role.REGULATOR_ANALYST, partnership=draft.trust.partnership))
    page = analyst.get(f"/summaries/{draft.pk}/").content.decode()
    for words in ("The huddle", "Bed-state huddle", "100 h", "45 h", "–55%", "Chief executive"):
        assert words in page


def test_unprepared_draft_cannot_be_released(draft):
    chief = member(Role.CHIEF_EXECUTIVE, draft.trust)
    with pytest.raises(SummaryRefused):
        release_summary(summary=draft, seen=draft.edition, role=Role.CHIEF_EXECUTIVE, by=chief)


def test_draft_changed_since_it_was_read_is_not_released(prepared):
    chief = member(Role.CHIEF_EXECUTIVE, prepared.trust)
    with pytest.raises(SummaryRefused):
        release_summary(summary=prepared, seen=prepared.edition - 1, role=Role.CHIEF_EXECUTIVE, by=chief)


def test_two_leads_do_not_overwrite_each_other(prepared, signed_in):
    lead = signed_in(member(Role.KPO_LEAD, prepared.trust))
    form = {"version": 1, "proud_of": "Mine", "hard": "Mine too", "help_wanted": ""}
    page = lead.post(f"/summaries/drafts/{prepared.pk}/prepare/", form).content.decode()
    assert "changed since you opened it" in page
    assert "Mine too" in page
    assert TrustSummary.objects.get().proud_of == "The huddle"


def test_patient_number_is_refused_at_its_field(draft, signed_in):
    lead = signed_in(member(Role.KPO_LEAD, draft.trust))
    form = {"version": 1, "proud_of": "Patient 943 476 5919", "hard": "x", "help_wanted": ""}
    assert "NHS number" in lead.post(f"/summaries/drafts/{draft.pk}/prepare/", form).content.decode()


def test_correction_is_a_new_version_and_the_earlier_one_stays(out, signed_in, computed_all):
    before = out.body
    RpiwFactory(value_stream=out.trust.value_streams.get(), following_up=True, week_starts=date(2026, 7, 6))
    computed_all()
    lead = signed_in(member(Role.KPO_LEAD, out.trust))
    address = f"/summaries/{out.pk}/correct/"
    assert "Write why" in lead.post(address, {"reason": ""}).content.decode()
    for _ in range(2):
        assert lead.post(address, {"reason": "An RPIW was missing"}).status_code == 302
    draft = TrustSummary.objects.drafts().get()
    body = json.loads(draft.body)
    assert (draft.version, draft.supersedes) == (2, out)
    assert body["supersedes"] == json.loads(before)["id"]
    assert body["reason"] == "An RPIW was missing"
    assert body["completeness"]["held"]["value"] == 2
    out.refresh_from_db()
    assert out.body == before
    analyst = signed_in(member(Role.REGULATOR_ANALYST, partnership=out.trust.partnership))
    assert analyst.get(f"/summaries/{draft.pk}/").status_code == 404
    assert "An RPIW was missing" not in analyst.get(f"/summaries/{out.pk}/").content.decode()
    prepare_summary(summary=draft, words=Words(proud_of="a", hard="b"), seen=1, by=out.prepared_by)
    release_summary(summary=draft, seen=2, role=Role.DEPUTY, by=member(Role.DEPUTY, out.trust))
    assert "An RPIW was missing" in analyst.get(f"/summaries/{out.pk}/").content.decode()
    assert TrustSummary.objects.released().latest_per_trust().get().version == 2
    assert "version 2" in analyst.get(f"/trusts/{out.trust.ods_code}/summaries/").content.decode()


@pytest.mark.parametrize("change", [{"proud_of": "Better"}, {"state": "draft"}, {"body": "{}"}])
def test_database_refuses_to_change_a_released_summary(out, change):
    with pytest.raises(InternalError), transaction.atomic():
        TrustSummary.objects.filter(pk=out.pk).update(**change)
    with pytest.raises(InternalError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM dashboards_trustsummary WHERE id = %s", [out.pk])


@pytest.mark.parametrize("missing", [{"released_by": None}, {"released_by_role": ""}, {"released_at": None}])
def test_database_wants_to_know_who_released_and_when(missing):
    with pytest.raises(IntegrityError), transaction.atomic():
        TrustSummaryFactory(**({"released": True, "body": "{}"} | missing))


def test_list_says_what_is_not_released_and_when_it_is_expected(trust, signed_in):
    last = Month.before(date.today())
    TrustSummaryFactory(trust=trust, released=True, starts=last.starts)
    other = TrustFactory(partnership=trust.partnership, short_name="Shrewsbury")
    TrustSummaryFactory(trust=other, prepared=True, starts=last.starts, proud_of="Canary words")
    client = signed_in(member(Role.REGULATOR_ANALYST, partnership=trust.partnership))
    page = client.get("/summaries/").content.decode()
    assert "Not released" in page
    assert "expected by" in page
    assert "Canary words" not in page
    assert page.index("Leeds Hospitals") < page.index("Shrewsbury Hospitals")
    assert client.get(f"/trusts/{other.ods_code}/summaries/").status_code == 200


def test_queries_of_the_list_do_not_grow_with_trusts(trust, signed_in):
    client = signed_in(member(Role.REGULATOR_ANALYST, partnership=trust.partnership))

    def count():
        with CaptureQueriesContext(connection) as asked:
            client.get("/summaries/")
        return len(asked)

    TrustSummaryFactory(trust=trust, released=True)
    count()
    before = count()
    for _ in range(3):
        TrustSummaryFactory(trust=TrustFactory(partnership=trust.partnership), released=True)
    assert count() == before


def test_updated_since_gives_those_released_from_then_on(out):
    assert list(TrustSummary.objects.released().updated_since(out.released_at)) == [out]
    assert list(TrustSummary.objects.released().history(out.trust)) == [out]
