"""The forms of trusts, their facts and value streams."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.permissions import Role
from tests.factories.rpiws import MeasureFactory, RpiwFactory
from tests.factories.trusts import (
    CqcRatingFactory,
    NationalPriorityFactory,
    ObjectiveFactory,
    TrustFactory,
    ValueStreamFactory,
    member,
)
from trusts.models import CqcRating, Headcount, Objective, StandDown, ValueStream

pytestmark = pytest.mark.django_db


@pytest.fixture
def trust(client):
    trust = TrustFactory(ods_code="RR8", region="North")
    client.force_login(member(Role.KPO_LEAD, trust))
    return trust


def text(response) -> str:
    return response.content.decode()


STREAM = {"number": "1", "name": "Critical care flow", "chosen": "bottom_up", "bounds": "entangled", "status": "active"}


def test_fact_known_to_the_month_keeps_its_precision(client, trust):
    form = {"rating": "good", "rated_month": "September", "rated_year": "2018"}
    assert client.post("/trusts/RR8/context/cqc-ratings/add/", form).status_code == 302
    rating = CqcRating.objects.get()
    assert (rating.rated.isoformat(), rating.rated_precision) == ("2018-09-01", "month")
    assert "September 2018" in text(client.get("/trusts/RR8/context/"))


@pytest.mark.parametrize(
    ("kind", "field", "also"),
    [
        ("cqc-ratings", "rated", {"rating": "good"}),
        ("headcounts", "counted", {"people": "9000"}),
        ("chief-executives", "started", {"name": "Somebody, as published"}),
        ("cultural-work", "ended", {"name": "Values work"}),
        ("regulatory-periods", "started", {"kind": "special_measures", "body": "CQC"}),
        ("stand-downs", "ended", {"started_year": "2020"}),
        ("objectives", "started", {"name": "Shorter waits", "why_no_priority": "It is local."}),
    ],
)
@pytest.mark.parametrize("year", ["1905", "2150"])
def test_fact_of_a_year_that_nobody_can_mean_is_refused(client, trust, kind, field, also, year):
    date = {f"{field}_day": "1", f"{field}_month": "1", f"{field}_year": year}
    page = text(client.post(f"/trusts/RR8/context/{kind}/add/", also | date))
    refusals = ("Write a year from 1948 on", "Write a year from 2000 on", "still to come", "within ten years")
    assert any(refusal in page for refusal in refusals)


def test_fact_sent_twice_is_recorded_once(client, trust):
    for _click in range(2):
        client.post("/trusts/RR8/context/headcounts/add/", {"people": "9000"})
    assert Headcount.objects.count() == 1


def test_headcount_of_nobody_is_refused(client, trust):
    assert "record nothing" in text(client.post("/trusts/RR8/context/headcounts/add/", {"people": "0"}))


def test_end_before_the_beginning_is_refused_at_the_end(client, trust):
    form = {"name": "Somebody, as published", "started_year": "2018", "ended_year": "2015"}
    assert "cannot be before the beginning" in text(client.post("/trusts/RR8/context/chief-executives/add/", form))


def test_objective_without_priority_must_say_why(client, trust):
    address, form = "/trusts/RR8/context/objectives/add/", {"name": "Shorter waits"}
    assert "Say why this objective" in text(client.post(address, form))
    assert client.post(address, form | {"why_no_priority": "It is local."}).status_code == 302
    priority = NationalPriorityFactory(partnership=trust.partnership)
    linked = {"name": "Elective recovery", "national_priority": priority.pk}
    assert client.post(address, linked).status_code == 302
    assert Objective.objects.filter(national_priority=priority).exists()


def test_stand_down_of_another_trusts_value_stream_is_refused(client, trust):
    other = ValueStreamFactory()
    form = {"started_day": "20", "started_month": "3", "started_year": "2020", "reason": "pandemic"}
    form |= {"stops_rpiws": "on", "decided_by": "Trust Guidance Team", "value_stream": other.pk}
    address = "/trusts/RR8/context/stand-downs/add/"
    assert "Choose one of this trust" in text(client.post(address, form))
    assert client.post(address, form | {"value_stream": ""}).status_code == 302
    assert StandDown.objects.get().value_stream is None


def test_stand_down_says_what_it_covers_and_what_it_lies_on_before_it_is_saved(client, trust):
    stream = ValueStreamFactory(trust=trust)
    today = timezone.localdate()
    ends = today - timedelta(days=20)
    held = RpiwFactory(value_stream=stream, following_up=True, week_starts=ends - timedelta(days=4), week_ends=ends)
    MeasureFactory(rpiw=held)
    RpiwFactory(value_stream=stream, week_starts=today + timedelta(days=20), week_ends=today + timedelta(days=24))
    until = today + timedelta(days=60)
    form = {"started_day": today.day, "started_month": today.month, "started_year": today.year, "reason": "staffing"}
    form |= {"ended_day": until.day, "ended_month": until.month, "ended_year": until.year, "stops_rpiws": "on"}
    form |= {"decided_by": "TGT", "value_stream": stream.pk}
    address = "/trusts/RR8/context/stand-downs/add/"
    assert "It stands down 2 RPIWs: 1 week to be held and 2 remeasures." in text(client.post(address, form))
    assert not StandDown.objects.exists()
    assert client.post(address, form | {"meant": "on"}).status_code == 302
    again = text(client.post(address, form | {"value_stream": "", "decided_by": "The board"}))
    assert f"RPIWs of {stream.name}: stood down already" in again
    assert StandDown.objects.count() == 1
    # Training stands down without a question: nothing stops it yet
    del form["stops_rpiws"]
    assert client.post(address, form | {"stops_training": "on"}).status_code == 302


def test_fact_of_another_trust_is_not_there(client, trust):
    rating = CqcRatingFactory()
    assert client.get(f"/trusts/RR8/context/cqc-ratings/{rating.pk}/").status_code == 404
    assert client.post(f"/trusts/RR8/context/cqc-ratings/{rating.pk}/remove/").status_code == 404


def test_remove_asks_first(client, trust):
    rating = CqcRatingFactory(trust=trust)
    address = f"/trusts/RR8/context/cqc-ratings/{rating.pk}/remove/"
    assert "Remove this CQC rating?" in text(client.get(address))
    assert CqcRating.objects.exists()
    client.post(address)
    assert not CqcRating.objects.exists()


def test_colleague_who_was_quicker_is_not_overwritten_unseen(client, trust):
    page = text(client.get("/trusts/RR8/edit/"))
    seen = page.split('name="seen" value="')[1].split('"')[0]
    form = {"name": trust.name, "short_name": trust.short_name, "ods_code": "RR8", "region": "West", "seen": seen}
    assert client.post("/trusts/RR8/edit/", form).status_code == 302
    late = client.post("/trusts/RR8/edit/", form | {"region": "East"})
    assert "Somebody else changed this" in text(late)
    assert "West" in text(late)
    trust.refresh_from_db()
    assert trust.region == "West"
    again = text(late).split('name="seen" value="')[1].split('"')[0]
    assert client.post("/trusts/RR8/edit/", form | {"region": "East", "seen": again}).status_code == 302


def test_code_that_no_address_can_hold_is_refused_beside_its_box(client, trust):
    answer = client.post("/trusts/RR8/edit/", {"name": "Leeds", "short_name": "Leeds", "ods_code": "R/8"})
    assert "Write the ODS code as NHS England prints it" in text(answer)


def test_trust_edit_sent_twice_is_saved_once(client, trust):
    seen = text(client.get("/trusts/RR8/edit/")).split('name="seen" value="')[1].split('"')[0]
    form = {"name": trust.name, "short_name": trust.short_name, "ods_code": "RR8", "region": "West", "seen": seen}
    assert [client.post("/trusts/RR8/edit/", form).status_code for _click in range(2)] == [302, 302]


def test_value_stream_serves_objectives_of_its_own_trust_only(client, trust):
    own, other = ObjectiveFactory(trust=trust), ObjectiveFactory()
    address = "/trusts/RR8/value-streams/add/"
    assert "Choose from this trust" in text(client.post(address, STREAM | {"objectives": [own.pk, other.pk]}))
    assert not ValueStream.objects.filter(trust=trust).exists()
    assert client.post(address, STREAM | {"objectives": [own.pk]}).status_code == 302
    assert list(ValueStream.objects.get(trust=trust).objectives.all()) == [own]


def test_value_stream_sponsor_is_one_of_the_trusts_people(client, trust):
    stranger = member(Role.EXECUTIVE_SPONSOR, TrustFactory())
    page = client.post("/trusts/RR8/value-streams/add/", STREAM | {"executive_sponsor": stranger.pk})
    assert "Choose one of this trust" in text(page)


def test_value_stream_that_stopped_must_say_what_was_learned(client, trust):
    page = client.post("/trusts/RR8/value-streams/add/", STREAM | {"status": "stopped"})
    assert "Say what was learned" in text(page)


def test_value_stream_number_is_taken_once(client, trust):
    ValueStreamFactory(trust=trust, number=1)
    page = text(client.post("/trusts/RR8/value-streams/add/", STREAM))
    assert "Another value stream has this number. 2 is free" in page


@pytest.mark.parametrize(
    ("address", "form"),
    [
        ("/trusts/RR8/value-streams/add/", STREAM | {"why_chosen": "Patient 943 476 5919 waited"}),
        ("/trusts/RR8/context/cultural-work/add/", {"name": "9434765919"}),
    ],
)
def test_free_text_with_an_nhs_number_is_refused(client, trust, address, form):
    assert "NHS number" in text(client.post(address, form))


def test_history_page_exists_for_records_of_a_trust_only(client, trust):
    rating = CqcRatingFactory(trust=trust)
    assert client.get(f"/history/trusts/cqcrating/{rating.pk}/").status_code == 200
    for elsewhere in ("accounts/user", "trusts/partnership", "trusts/trustevent", "no/such"):
        assert client.get(f"/history/{elsewhere}/1/").status_code == 404
