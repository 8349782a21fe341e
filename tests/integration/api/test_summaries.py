"""What a regulator's system reads: what was released, as it was released."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from accounts.permissions import Role
from dashboards.models import TrustSummary
from tests.factories.api import released_summary
from tests.factories.trusts import PartnershipFactory, TrustFactory, member

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
    assert lines[0].startswith("id,ods_code,name,state,period_from")


@pytest.fixture
def today(monkeypatch):
    """Three trusts' day: January's summary was expected a week ago."""
    monkeypatch.setattr(timezone, "localdate", lambda *_: date(2019, 2, 22))


def latest(regulator, path="trust-summaries", more=""):
    rows = regulator.get(f"{path}?latest=true{more}").json()["results"]
    return {row["ods_code"]: (row["id"], row["state"], row["next_expected"]) for row in rows}


def test_latest_says_where_each_trust_stands(regulator, trust, summaries, today, django_assert_max_num_queries):
    behind, silent = (TrustFactory(partnership=trust.partnership) for _ in range(2))
    december = released_summary(
        behind, starts="2018-12-01", ends="2018-12-31", next_expected="2019-02-15", released_at=timezone.now()
    )
    TrustFactory(partnership=PartnershipFactory())
    assert latest(regulator) == {
        trust.ods_code: (summaries[1].pk, "released", "2019-03-15"),
        behind.ods_code: (december.pk, "not_released", "2019-02-15"),
        silent.ods_code: (None, "not_released", "2019-02-15"),
    }
    with django_assert_max_num_queries(3):
        regulator.get("trust-summaries?latest=true")
    assert latest(regulator, f"trust-summaries/{silent.ods_code}/history") == {
        silent.ods_code: (None, "not_released", "2019-02-15")
    }
    lines = regulator.get("trust-summaries?latest=true&format=csv").content.decode().splitlines()
    assert [line.split(",")[0] for line in lines[1:]] == [str(summaries[1].pk), str(december.pk), ""]
    since = "&updated_since=2100-01-01T00:00:00Z"
    assert latest(regulator, more=since) == {}
    assert regulator.get("trust-summaries?latest=perhaps").status_code == 400


def test_pages_of_latest_follow_each_other(regulator, trust, summaries, today):
    TrustFactory(partnership=trust.partnership)
    first = regulator.get("trust-summaries?latest=true&page_size=1").json()
    second = regulator.get(first["next"].split("/api/v1/")[1]).json()
    assert [row["state"] for page in (first, second) for row in page["results"]] == ["released", "not_released"]
    assert second["next"] is None


def test_page_and_api_say_the_same(client, regulator, trust, today):
    TrustFactory(partnership=trust.partnership)
    released_summary(trust)
    states = [state for _, state, _ in latest(regulator).values()]
    client.force_login(member(Role.REGULATOR_ANALYST, partnership=trust.partnership))
    page = client.get("/summaries/").content.decode()
    assert states == ["released", "not_released"]
    assert page.count("Not released") == 1
    assert "was expected by Fri 15 February 2019" in page


def test_summary_that_was_never_released_says_when_it_is_expected(regulator, trust, today):
    answer = regulator.get(f"trust-summaries/{trust.ods_code}")
    assert (answer.status_code, "expected by 2019-02-15" in answer.json()["detail"]) == (404, True)
    assert "expected" not in regulator.get("trust-summaries/RZZ").json()["detail"]
