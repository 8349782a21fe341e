"""Reminders leave once, to the right people."""

from datetime import date, timedelta

import pytest
from django.core import mail

from accounts.permissions import Role
from rpiws.models import Checkpoint, Reminder, RpiwPerson, State
from rpiws.reminders import send_reminders
from rpiws.tasks import send_reminders as task
from tests.factories.accounts import UserFactory
from tests.factories.rpiws import MeasureFactory, ReadingFactory, RpiwFactory, RpiwPersonFactory
from tests.factories.trusts import MembershipFactory, StandDownFactory, TrustFactory, ValueStreamFactory

REPORT_OUT = date(2021, 1, 8)
DUE = REPORT_OUT + timedelta(days=30)


@pytest.fixture
def trust(db):
    return TrustFactory(short_name="Leeds")


def at(trust, role=Role.FACILITATOR, **held):
    user = UserFactory()
    MembershipFactory(user=user, role=role, trust=trust, **{"starts": date(2020, 1, 1), **held})
    return user


@pytest.fixture
def remeasurer(trust):
    return at(trust)


@pytest.fixture
def lead(trust):
    return at(trust, Role.WORKSHOP_LEAD)


@pytest.fixture
def rpiw(trust, remeasurer, lead):
    rpiw = RpiwFactory(
        value_stream=ValueStreamFactory(trust=trust),
        process="Neurosurgical critical care flow",
        following_up=True,
        week_starts=REPORT_OUT - timedelta(days=4),
    )
    RpiwPersonFactory(rpiw=rpiw, part=RpiwPerson.Part.WORKSHOP_LEAD, user=lead)
    MeasureFactory(rpiw=rpiw, remeasured_by=remeasurer)
    MeasureFactory(rpiw=rpiw, remeasured_by=remeasurer)
    return rpiw


def test_each_occasion_once_with_the_lead_in_copy(rpiw, remeasurer, lead) -> None:
    days = [DUE - timedelta(days=8), *(DUE + timedelta(days=n) for n in range(-7, 20))]
    sent = [send_reminders(on=day) for day in days for _ in range(2)]
    assert sum(sent) == 3
    assert [message.subject for message in mail.outbox] == [
        f"30-day remeasure {when}: Neurosurgical critical care flow" for when in ("due soon", "due today", "late")
    ]
    assert all(message.to == [remeasurer.email] and message.cc == [lead.email] for message in mail.outbox)
    assert f"/rpiws/{rpiw.pk}/readings/?checkpoint=day_30" in mail.outbox[0].body
    assert "0 of 2 measures are in." in mail.outbox[0].body


def test_never_measured_is_told_once_and_not_for_ever(rpiw, remeasurer, lead) -> None:
    next_due = REPORT_OUT + timedelta(days=60)
    for days in range(-20, 200):
        send_reminders(on=next_due + timedelta(days=days))
    never = [message for message in mail.outbox if "never measured" in message.subject]
    assert [message.subject for message in never] == [
        "30-day remeasure never measured: Neurosurgical critical care flow",
        "60-day remeasure never measured: Neurosurgical critical care flow",
    ]
    assert all(message.to == [remeasurer.email] and message.cc == [lead.email] for message in never)
    assert f"/rpiws/{rpiw.pk}/readings/?checkpoint=day_30" in never[0].body
    assert "due Sun 7 February 2021:\n0 of 2 measures are in." in never[0].body


def test_never_measured_comes_in_one_mail_a_person(rpiw, remeasurer, lead) -> None:
    other = RpiwFactory(value_stream=rpiw.value_stream, following_up=True, week_starts=rpiw.week_starts)
    RpiwPersonFactory(rpiw=other, part=RpiwPerson.Part.WORKSHOP_LEAD, user=lead)
    MeasureFactory(rpiw=other, remeasured_by=remeasurer)
    assert send_reminders(on=REPORT_OUT + timedelta(days=400)) == 3  # and the 365th day of each is late
    (never,) = [message for message in mail.outbox if "never measured" in message.subject]
    assert never.subject == "6 remeasures never measured"
    assert never.body.count("/readings/?checkpoint=") == 6


def test_never_measured_of_which_one_was_told_before_tells_the_others(rpiw) -> None:
    send_reminders(on=REPORT_OUT + timedelta(days=61))
    send_reminders(on=REPORT_OUT + timedelta(days=91))
    assert [message.subject for message in mail.outbox if "never" in message.subject] == [
        f"{days}-day remeasure never measured: Neurosurgical critical care flow" for days in (30, 60)
    ]


def test_nobody_is_reminded_of_what_is_answered(rpiw) -> None:
    for measure in rpiw.measures.all():
        ReadingFactory(measure=measure, checkpoint=Checkpoint.DAY_30)
    assert send_reminders(on=DUE) == 0


@pytest.mark.parametrize("state", ["stood_down", "closed", "cancelled"])
def test_nobody_is_reminded_of_an_rpiw_that_is_not_followed_up(rpiw, state: str) -> None:
    rpiw.state = State(state)
    rpiw.closing_decision = "hold" if state == "closed" else ""
    rpiw.state_before_stand_down = "following_up" if state == "stood_down" else ""
    rpiw.save()
    assert send_reminders(on=DUE + timedelta(days=1)) == 0
    assert send_reminders(on=DUE + timedelta(days=40)) == 0


def test_nobody_is_reminded_inside_a_stand_down(rpiw, trust) -> None:
    StandDownFactory(trust=trust, started=DUE - timedelta(days=20), ended=DUE + timedelta(days=20))
    assert send_reminders(on=DUE) == 0
    assert send_reminders(on=DUE + timedelta(days=3)) == 0
    send_reminders(on=DUE + timedelta(days=40))
    assert not [message for message in mail.outbox if message.subject.startswith("30-day")]


def test_lead_is_asked_where_nobody_is_named(rpiw, lead) -> None:
    rpiw.measures.update(remeasured_by=None)
    assert send_reminders(on=DUE) == 1
    assert (mail.outbox[0].to, mail.outbox[0].cc) == ([lead.email], [])


def test_somebody_who_left_the_trust_is_not_written_to(rpiw, remeasurer, lead) -> None:
    remeasurer.memberships.update(ends=DUE - timedelta(days=1))
    send_reminders(on=DUE)
    assert [message.to for message in mail.outbox] == [[lead.email]]


def test_mail_that_could_not_be_sent_is_tried_again(rpiw, monkeypatch) -> None:
    def refuse(self, **options):
        raise ConnectionRefusedError

    with monkeypatch.context() as patch:
        patch.setattr("django.core.mail.EmailMessage.send", refuse)
        assert send_reminders(on=DUE) == 0
    assert Reminder.objects.count() == 0
    assert send_reminders(on=DUE) == 1


def test_reminders_of_many_rpiws_take_few_queries(rpiw, trust, remeasurer, django_assert_max_num_queries) -> None:
    for _ in range(5):
        other = RpiwFactory(
            value_stream=rpiw.value_stream, following_up=True, week_starts=REPORT_OUT - timedelta(days=4)
        )
        MeasureFactory(rpiw=other, remeasured_by=remeasurer)
    send_reminders(on=DUE)
    with django_assert_max_num_queries(10):
        assert send_reminders(on=DUE) == 0


def test_task_calls_it_for_today(db) -> None:
    task()
    assert mail.outbox == []
