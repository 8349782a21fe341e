"""Last month's summaries of the example: one in every state, loaded once, each by its own act."""

import json
from datetime import date

import pytest

from accounts.permissions import Role
from dashboards.models import Pack, TrustReport, TrustSummary
from dashboards.tgb.report import support_of
from examples.loading.everything import load_example
from examples.loading.reports import load_reports
from examples.loading.summaries import load_summaries
from tests.factories.dashboards import TrustSummaryFactory

pytestmark = pytest.mark.django_db(transaction=True)

TODAY = date(2026, 3, 11)


def test_example_has_a_summary_in_every_state_and_is_loaded_once():
    load_example(today=TODAY)
    assert load_summaries(today=TODAY)
    assert not load_summaries(today=TODAY)
    states = {
        (summary.trust.abbreviation, summary.version): (
            summary.released_by_role or ("prepared" if summary.prepared_at else "drafted")
        )
        for summary in TrustSummary.objects.select_related("trust")
    }
    assert states == {
        ("LTHT", 1): Role.CHIEF_EXECUTIVE,
        ("LTHT", 2): Role.CHIEF_EXECUTIVE,
        ("SASH", 1): Role.DEPUTY,
        ("UHCW", 1): "prepared",
        ("BHRUT", 1): "drafted",
        ("SATH", 1): "drafted",
    }
    first, second = TrustSummary.objects.filter(trust__abbreviation="LTHT").order_by("version")
    assert second.supersedes == first
    assert second.reason
    assert {summary.starts for summary in TrustSummary.objects.all()} == {date(2026, 2, 1)}
    for body in map(json.loads, TrustSummary.objects.values_list("body", flat=True)):
        assert body["synthetic"]
        assert body["completeness"]["held"]["value"] > 0
    told = json.dumps([second.proud_of, second.hard])
    assert "Written for the example" in told
    assert load_reports(today=TODAY)
    assert not load_reports(today=TODAY)
    coming = TrustReport.objects.filter(meeting__opened_at__isnull=True).order_by("trust__seat")
    assert {report.trust.abbreviation: report.state for report in coming} == {
        "LTHT": "released",
        "SASH": "released",
        "UHCW": "released",
        "BHRUT": "draft",
    }
    bodies = {report.trust.abbreviation: json.loads(report.body) for report in coming}
    assert not support_of(bodies["LTHT"]).is_shown
    assert support_of(bodies["UHCW"]).is_shown
    packs = [json.loads(pack.body) for pack in Pack.objects.all()]
    assert [[bool(entry["report"]) for entry in body["trusts"]] for body in packs] == [[True] * 5] * 2


def test_summaries_are_loaded_into_nothing_but_an_example_without_any():
    assert not load_summaries(today=TODAY)
    TrustSummaryFactory()
    assert not load_summaries(today=TODAY)
    assert TrustSummary.objects.count() == 1
