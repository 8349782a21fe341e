"""The due list: per person and per trust."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.permissions import Role
from rpiws.models import Checkpoint, RpiwPerson, State
from rpiws.remeasure import due_work
from tests.factories.rpiws import (
    MeasureFactory,
    ReadingFactory,
    RpiwFactory,
    RpiwPersonFactory,
    TransitionFactory,
)
from tests.factories.trusts import StandDownFactory, TrustFactory, ValueStreamFactory, member
from trusts.scope import Scope

pytestmark = pytest.mark.django_db


@pytest.fixture
def trust():
    return TrustFactory(short_name="Leeds")


@pytest.fixture
def facilitator(trust, client):
    user = member(Role.FACILITATOR, trust)
    client.force_login(user)
    return user


def followed_up(trust, *, days: int, value_stream=None, **facts):
    """An RPIW with two measures, so many days after its report-out."""
    rpiw = RpiwFactory(
        value_stream=value_stream or ValueStreamFactory(trust=trust),
        following_up=True,
        week_starts=timezone.localdate() - timedelta(days=days + 4),
        **facts,
    )
    MeasureFactory.create_batch(2, rpiw=rpiw)
    return rpiw


def owed(user) -> dict[tuple[str, str], str]:
    work = due_work(Scope.of(user), on=timezone.localdate())
    return {(each.process, str(each.checkpoint)): str(each.state) for each in work}


def test_due_work_is_late_due_and_never_measured(trust, facilitator) -> None:
    followed_up(trust, days=62, process="Late")
    followed_up(trust, days=26, process="Due")
    followed_up(trust, days=3, process="To come")
    assert owed(facilitator) == {
        ("Late", "day_30"): "never_measured",
        ("Late", "day_60"): "late",
        ("Due", "day_30"): "due",
    }


def test_due_work_of_another_trust_is_not_told(facilitator) -> None:
    followed_up(TrustFactory(), days=62)
    assert owed(facilitator) == {}


@pytest.mark.parametrize(
    ("ends_in", "said"), [(20, "is stood down until"), (None, "is stood down"), (-1, "was stood down until")]
)
def test_due_page_says_of_a_stand_down_whether_it_is_over(client, trust, facilitator, ends_in, said) -> None:
    followed_up(trust, days=31, process="Stood down")
    today = timezone.localdate()
    ended = None if ends_in is None else today + timedelta(days=ends_in)
    StandDownFactory(trust=trust, started=today - timedelta(days=9), ended=ended)
    client.force_login(facilitator)

    page = client.get(reverse("due")).content.decode()

    assert said in page
    assert ("was stood down" in page) is (ends_in == -1)


@pytest.mark.parametrize("whose", ["trust", "value stream"])
def test_due_work_inside_a_stand_down_is_stood_down(trust, facilitator, whose: str) -> None:
    rpiw = followed_up(trust, days=31, process="Stood down")
    today = timezone.localdate()
    StandDownFactory(
        trust=trust,
        value_stream=rpiw.value_stream if whose == "value stream" else None,
        started=today - timedelta(days=9),
        ended=None,
    )
    assert owed(facilitator) == {("Stood down", "day_30"): "stood_down"}


def test_stand_down_of_training_alone_stops_no_rpiw(trust, facilitator) -> None:
    followed_up(trust, days=31, process="Late")
    StandDownFactory(
        trust=trust, started=timezone.localdate() - timedelta(days=9), ended=None, stops_rpiws=False,
        stops_training=True,
    )  # fmt: skip
    assert owed(facilitator) == {("Late", "day_30"): "late"}


def test_stand_down_of_another_value_stream_stops_nothing_here(trust, facilitator) -> None:
    followed_up(trust, days=31, process="Late")
    other = ValueStreamFactory(trust=trust)
    StandDownFactory(value_stream=other, started=timezone.localdate() - timedelta(days=9), ended=None)
    assert owed(facilitator) == {("Late", "day_30"): "late"}


def test_rpiw_stood_down_and_resumed_was_stood_down_between(trust, facilitator) -> None:
    rpiw = followed_up(trust, days=62, process="Resumed")
    today = timezone.localdate()
    for step, ago in (("stand_down", 40), ("resume", 10)):
        TransitionFactory(rpiw=rpiw, step=step, on=today - timedelta(days=ago))
    assert owed(facilitator) == {("Resumed", "day_30"): "stood_down", ("Resumed", "day_60"): "late"}


def test_rpiw_that_stands_down_owes_nothing_late(trust, facilitator) -> None:
    rpiw = followed_up(trust, days=62, process="Stood down")
    rpiw.state, rpiw.state_before_stand_down = State.STOOD_DOWN, State.FOLLOWING_UP
    rpiw.save()
    TransitionFactory(rpiw=rpiw, step="stand_down", on=timezone.localdate() - timedelta(days=50))
    assert set(owed(facilitator).values()) == {"stood_down"}


def test_due_work_is_mine_when_i_remeasure_or_lead(trust, facilitator) -> None:
    mine, led, other = (followed_up(trust, days=31, process=name) for name in ("Mine", "Led", "Other"))
    mine.measures.update(remeasured_by=facilitator)
    RpiwPersonFactory(rpiw=led, part=RpiwPerson.Part.WORKSHOP_LEAD, user=facilitator)
    work = due_work(Scope.of(facilitator), on=timezone.localdate())
    assert {each.process: each.mine for each in work} == {"Mine": True, "Led": True, other.process: False}


def test_due_page_leads_to_the_right_column(client, trust, facilitator) -> None:
    rpiw = followed_up(trust, days=62)
    page = client.get(reverse("due")).content.decode()
    assert f'href="/rpiws/{rpiw.pk}/readings/?checkpoint=day_60"' in page
    assert "One remeasure is late." in page
    assert "1 late or never measured" in page


def test_due_page_shows_no_button_to_who_may_not_log(client, trust) -> None:
    rpiw = followed_up(trust, days=62)
    client.force_login(member(Role.CHIEF_EXECUTIVE, trust))
    page = client.get(reverse("due")).content.decode()
    assert rpiw.process in page
    assert "readings/?checkpoint" not in page


def test_due_page_is_refused_to_the_regulator(client) -> None:
    client.force_login(member(Role.REGULATOR_ANALYST))
    assert client.get(reverse("due")).status_code == 403


def test_queries_of_the_due_page_do_not_grow_with_rpiws(client, trust, facilitator) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            client.get(reverse("due") + "?whose=trust")
        return len(found)

    followed_up(trust, days=62)
    queries()
    before = queries()
    for days in (20, 31, 62, 130):
        rpiw = followed_up(trust, days=days)
        ReadingFactory(measure=rpiw.measures.first(), checkpoint=Checkpoint.DAY_30)
    assert queries() == before


def test_due_work_takes_six_queries(trust, facilitator, django_assert_num_queries) -> None:
    for days in (20, 31, 62):
        followed_up(trust, days=days)
    scope = Scope.of(facilitator)
    with django_assert_num_queries(6):
        due_work(scope, on=timezone.localdate())
