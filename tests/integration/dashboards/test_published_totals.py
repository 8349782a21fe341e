"""The example partnership's published period, computed through the three kinds, against the tables as printed."""

import csv
from datetime import date

import pytest

from dashboards.trust import period_of
from examples.loading.context import PUBLISHED_PERIOD
from examples.loading.everything import load_example
from examples.loading.tables import FOLDER
from snapshots.freshness import latest
from tests.factories.accounts import UserFactory
from trusts.models import Membership, NamedPeriod, Trust

pytestmark = pytest.mark.django_db

KINDS = {"lead_time": "lead_time", "defects": "defects", "defect_ratio": "defect_ratio"}


@pytest.fixture
def period(computed_all):
    load_example(today=date(2026, 3, 11))
    computed_all()
    named = NamedPeriod.objects.get(name=PUBLISHED_PERIOD)
    return period_of(latest("partnership", named.partnership_id).body, str(named.pk))


def printed(table):
    with (FOLDER / table).open(encoding="utf-8") as file:
        return {row["trust"]: row for row in csv.DictReader(file)}


def test_partnership_body_has_the_figures_of_tables_7_1_and_7_2(period):
    abbreviations = dict(Trust.objects.values_list("pk", "abbreviation"))
    counts, totals = printed("table_7_1.csv"), printed("table_7_2.csv")
    for own in period["trusts"]:
        name = abbreviations[own["trust"]]
        assert [own["value_streams"], own["held"], own["complete"]] == [
            int(counts[name][column]) for column in ("value_streams", "rpiws", "rpiws_with_complete_measures")
        ]
        figures = own["before_after"]
        row = totals[name]
        assert [figures[kind]["n"] for kind in KINDS] == [int(row[f"{kind}_n"]) for kind in KINDS]
        for end, total in (("baseline", "baseline_total"), ("post", "post_total")):
            assert round(figures["lead_time"][total] / 60) == int(row[f"lead_time_{end}_hours"])
            if row[f"defects_{end}"]:
                assert int(figures["defects"][total]) == int(row[f"defects_{end}"])
            else:
                assert figures["defects"][total] is None
            assert round(figures["defect_ratio"][f"{end}_mean"], 2) == float(row[f"defect_ratio_{end}"])


def test_totals_have_both_printed_defect_ratios(period):
    ratio = period["before_after"]["defect_ratio"]["summary"]
    assert (round(ratio["group_means"]["baseline"], 2), round(ratio["group_means"]["post"], 2)) == (0.57, 0.21)
    assert (round(ratio["baseline_mean"], 3), round(ratio["post_mean"], 3)) == (0.582, 0.213)
    assert (period["completeness"]["held"], period["completeness"]["complete"]) == (113, 82)
    assert round(period["before_after"]["lead_time"]["summary"]["baseline_total"] / 60) == 4878


def test_partnership_page_prints_every_trust_of_the_published_period_and_what_disagrees(period, signed_in):
    member = Membership.objects.filter(role="facilitator").select_related("user").first()
    page = signed_in(member.user).get("/partnership/", {"period": period["key"]}).content.decode()
    for words in (
        "2,663", "924", "1,916.3", "3,185.9", ".57 to .21", ".582 to .213", "t(81) = 4.077", "p = .0013",
        "58.998 (17.596)", "Reconstructed to match published totals", "3,185 and 1,046", "113", "82",
    ):  # fmt: skip
        assert words in page
    assert UserFactory().email not in page
