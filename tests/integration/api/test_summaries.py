"""What a regulator's system reads: what was released, as it was released."""

from datetime import timedelta

import pytest
from django.utils import timezone

from dashboards.models import TrustSummary
from tests.factories.api import released_summary

pytestmark = pytest.mark.django_db


@pytest.fixture
def summaries(trust):
    """A first version, its correction, and a draft of the next month."""
    first = released_summary(trust, released_at=timezone.now() - timedelta(days=9))
    second = released_summary(
        trust, version=2, supersedes=first, reason="A slip of the unit.", body='{"name":  "corrected"}'
    )
    draft = released_summary(
        trust,
        starts="2019-02-01",
        ends="2019-02-28",
        state=TrustSummary.State.DRAFT,
        released_at=None,
        released_by=None,
        released_by_role="",
        body='{"secret": true}',
    )
    return first, second, draft


def test_latest_is_the_stored_text(regulator, trust, summaries):
    answer = regulator.get(f"trust-summaries/{trust.ods_code}")
    assert answer.content.decode() == '{"name":  "corrected"}'
    assert answer["ETag"] == summaries[1].etag
    assert regulator.get(f"trust-summaries/{trust.ods_code}", **{"If-None-Match": answer["ETag"]}).status_code == 304


def test_earlier_versions_stay_readable_and_a_draft_is_not(regulator, trust, summaries):
    first, second, draft = summaries
    rows = regulator.get(f"trust-summaries/{trust.ods_code}/history").json()["results"]
    assert [(row["id"], row["supersedes"]) for row in rows] == [(first.pk, None), (second.pk, first.pk)]
    path = f"trust-summaries/{trust.ods_code}/history"
    assert regulator.get(f"{path}/{first.pk}").content.decode() == first.body
    assert regulator.get(f"{path}/{draft.pk}").status_code == 404


def test_updated_since_leaves_out_what_was_known(regulator, summaries):
    since = (timezone.now() - timedelta(days=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
    rows = regulator.get(f"trust-summaries?updated_since={since}").json()["results"]
    assert [row["id"] for row in rows] == [summaries[1].pk]
    assert regulator.get("trust-summaries?updated_since=yesterday").status_code == 400


def test_csv_lists_what_was_released(regulator, summaries):
    lines = regulator.get("trust-summaries?format=csv").content.decode().splitlines()
    assert len(lines) == 3
    assert lines[0].startswith("id,ods_code,name,period_from")
