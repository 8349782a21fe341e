"""The pages on which a metric is amended, retired, recalculated and written onto."""

from datetime import date
from decimal import Decimal

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from accounts.permissions import Role
from metrics import letters
from metrics.models import Annotation, MetricVersion, Recalculation, Retirement, Target
from metrics.presenters.marks import question
from metrics.series import metrics_of
from snapshots import registry
from snapshots.models import Snapshot
from snapshots.recompute import as_text
from tests.factories.metrics import (
    AnnotationFactory,
    MetricFactory,
    MetricVersionFactory,
    RecalculationFactory,
    month,
    series,
)
from tests.factories.trusts import ValueStreamFactory, member

pytestmark = pytest.mark.django_db


@pytest.fixture
def version() -> MetricVersion:
    version = MetricVersionFactory(metric=MetricFactory(name="Late starts"))
    series(version, [20 + n % 3 for n in range(15)])
    stream = version.metric.value_stream
    stream.executive_sponsor = member(Role.EXECUTIVE_SPONSOR, stream.trust, name="Chief Nurse")
    stream.save()
    return version


@pytest.fixture
def signed_in(client, version):
    def sign_in(role, **person):
        user = member(role, version.metric.value_stream.trust, **person)
        client.force_login(user)
        return user

    return sign_in


def amended(version, **given) -> dict[str, str]:
    return {
        "reason": "Thirty theatres hid what one was learning",
        "applies_from_month": "4",
        "applies_from_year": "2016",
        "numerator": "Late starts in theatre 5",
        "denominator": version.denominator,
        "exclusions": "",
        "data_source": version.data_source,
        "collected_how": version.collected_how,
        "collected_often": "monthly",
        "owner": version.owner,
        "unit": "percent",
        "decimals": "1",
        "better_when": "lower",
        "target": "5%",
        "seen": "1",
        **given,
    }


def test_definition_is_amended_from_proposal_to_the_sponsors_word(client, version, signed_in):
    signed_in(Role.PROCESS_OWNER)
    page = client.get(reverse("metric_amend", args=[version.metric_id])).content.decode()
    assert "failing forward fast" in page
    answer = client.post(reverse("metric_amend", args=[version.metric_id]), amended(version), follow=True)
    page = answer.content.decode()
    assert "It waits for the executive sponsor" in page
    assert "Operations that started late" in page  # the old words beside
    assert "Late starts in theatre 5" in page  # the new ones
    assert "Agree or decline" not in page
    proposal = MetricVersion.objects.get(number=2)
    assert Target.objects.get(version=proposal).value == 5
    client.force_login(version.metric.value_stream.executive_sponsor)
    home = client.get("/").content.decode()
    assert reverse("amendment_decide", args=[proposal.pk]) in home
    decide = reverse("amendment_decide", args=[proposal.pk])
    assert "Say why" in client.post(decide, {"answer": "decline"}).content.decode()
    page = client.post(decide, {"answer": "agree", "decision": "Well spotted"}, follow=True).content.decode()
    assert "definition 2 is in force" in page
    assert "Well spotted" in page
    assert reverse("amendment_decide", args=[proposal.pk]) not in client.get("/").content.decode()
    [body] = metrics_of(version.metric.value_stream_id)
    assert [shown["number"] for shown in body["versions"]] == [1, 2]


def test_amendment_that_changes_nothing_or_begins_too_early_is_refused_in_words(client, version, signed_in):
    signed_in(Role.FACILITATOR)
    page = reverse("metric_amend", args=[version.metric_id])
    same = client.post(page, amended(version, numerator=version.numerator)).content.decode()
    assert "This says what the present definition says" in same
    assert "Say why it should be amended" in client.post(page, amended(version, reason="")).content.decode()
    second = MetricVersionFactory(metric=version.metric, number=2, reason="x", applies_from=date(2016, 4, 1))
    early = client.post(page, amended(second, seen="2", applies_from_month="3")).content.decode()
    assert "It must be after April 2016" in early


def test_amendment_compared_with_an_older_definition_is_refused(client, version, signed_in):
    signed_in(Role.FACILITATOR)
    MetricVersionFactory(metric=version.metric, number=2, reason="Too broad", applies_from=date(2016, 1, 1))
    page = client.post(reverse("metric_amend", args=[version.metric_id]), amended(version, seen="1")).content.decode()
    assert "Definition 2 is in force since you opened this page" in page


def test_metric_is_retired_when_the_sponsor_agrees(client, version, signed_in):
    signed_in(Role.FACILITATOR)
    sent = {"reason": "Held for two years", "last_day_day": "31", "last_day_month": "3", "last_day_year": "2016"}
    page = client.post(reverse("metric_retire", args=[version.metric_id]), sent | {"reason": ""}).content.decode()
    assert "Say why it should be retired" in page
    page = client.post(reverse("metric_retire", args=[version.metric_id]), sent | {"last_day_month": "1"}).content
    assert "There is a value after this day. Enter Tue 1 March 2016 or a later day" in page.decode()
    client.post(reverse("metric_retire", args=[version.metric_id]), sent)
    retirement = Retirement.objects.get()
    client.force_login(version.metric.value_stream.executive_sponsor)
    client.post(reverse("retirement_decide", args=[retirement.pk]), {"answer": "agree"})
    version.metric.refresh_from_db()
    assert version.metric.retired_on == date(2016, 3, 31)


@pytest.mark.parametrize(("role", "status"), [(Role.KPO_LEAD, 403), (Role.FACILITATOR, 403)])
def test_nobody_but_the_sponsor_decides(client, version, signed_in, role, status):
    signed_in(role)
    proposal = MetricVersionFactory(metric=version.metric, proposed=True)
    assert client.post(reverse("amendment_decide", args=[proposal.pk]), {"answer": "agree"}).status_code == status


def test_sponsor_of_another_value_stream_or_trust_does_not_decide(client, version, signed_in):
    proposal = MetricVersionFactory(metric=version.metric, proposed=True)
    decide = reverse("amendment_decide", args=[proposal.pk])
    signed_in(Role.EXECUTIVE_SPONSOR)
    assert client.post(decide, {"answer": "agree"}).status_code == 403
    client.force_login(member(Role.EXECUTIVE_SPONSOR))
    assert client.post(decide, {"answer": "agree"}).status_code == 404


def test_list_for_the_tgt_holds_what_was_decided_since_and_what_waits(client, version, signed_in):
    signed_in(Role.FACILITATOR)
    stream = version.metric.value_stream
    MetricVersionFactory(metric=version.metric, proposed=True)
    old = MetricVersionFactory(
        metric=MetricFactory(value_stream=stream, name="Long ago"),
        number=2,
        reason="Old",
        applies_from=date(2015, 1, 1),
        agreed_at=timezone.now() - timezone.timedelta(days=90),
    )
    page = client.get(reverse("amendments", args=[stream.pk])).content.decode()
    assert "Late starts" in page
    assert "Long ago" not in page
    day = timezone.localdate(old.agreed_at)
    since = {"since_day": day.day, "since_month": day.month, "since_year": day.year}
    assert "Long ago" in client.get(reverse("amendments", args=[stream.pk]), since).content.decode()


def test_sponsor_is_told_once_by_e_mail_when_asked_for(
    client, version, signed_in, django_capture_on_commit_callbacks, monkeypatch
):
    monkeypatch.setattr("metrics.waking.tell_sponsor.delay", letters.tell_sponsor)
    signed_in(Role.FACILITATOR, name="Ward clerk")
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("metric_amend", args=[version.metric_id]), amended(version, tell_sponsor="on"))
    proposal = MetricVersion.objects.get(number=2)
    [letter] = mail.outbox
    assert "Ward clerk proposes to amend" in letter.body
    assert letter.to == [version.metric.value_stream.executive_sponsor.email]
    assert "Waits for you: to amend Late starts" in letter.subject
    assert reverse("amendment_decide", args=[proposal.pk]) in letter.body
    assert proposal.reason in letter.body


def test_nobody_is_told_of_what_is_decided_or_who_has_left(version):
    proposal = MetricVersionFactory(metric=version.metric, proposed=True)
    sponsor = version.metric.value_stream.executive_sponsor
    sponsor.memberships.update(ends=timezone.localdate() - timezone.timedelta(days=1))
    assert not letters.tell_sponsor("metricversion", proposal.pk)
    sponsor.memberships.update(ends=None)
    MetricVersion.objects.filter(pk=proposal.pk).update(agreed_at=timezone.now(), agreed_by=sponsor)
    assert not letters.tell_sponsor("metricversion", proposal.pk)
    assert mail.outbox == []


def test_broker_that_is_down_does_not_undo_a_proposal(
    client, version, signed_in, django_capture_on_commit_callbacks, monkeypatch
):
    def broken(*args):
        raise OSError("no broker")

    monkeypatch.setattr("metrics.waking.tell_sponsor.delay", broken)
    signed_in(Role.FACILITATOR)
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(reverse("metric_amend", args=[version.metric_id]), amended(version, tell_sponsor="on"))
    assert answer.status_code == 302
    assert MetricVersion.objects.filter(number=2).exists()


def test_limits_are_recalculated_by_a_named_person_and_the_withdrawal_says_why(client, version, signed_in):
    lead = signed_in(Role.KPO_LEAD)
    page = reverse("metric_recalculate", args=[version.metric_id])
    sent = {"on": "2015-09-01", "cause": "A second theatre opened", "reason": "It is meant to stay"}
    assert client.post(page, sent).status_code == 302
    one = Recalculation.objects.get()
    assert (one.by, one.on) == (lead, date(2015, 9, 1))
    [body] = metrics_of(version.metric.value_stream_id)
    assert {point["section"] for point in body["versions"][0]["series"][0]["points"]} == {0, 1}
    withdraw = reverse("recalculation_withdraw", args=[one.pk])
    assert "Say why it is withdrawn" in client.post(withdraw, {}).content.decode()
    client.post(withdraw, {"because": "The theatre closed again"})
    one.refresh_from_db()
    assert (one.withdrawn_by, one.withdrawn_because) == (lead, "The theatre closed again")
    assert "The theatre closed again" in client.get(page).content.decode()


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"on": "2019-01-01"}, "There is no point at this date"),
        ({"on": "2015-01-01"}, "There is no point at this date"),
        ({"cause": ""}, "Say what changed in the process"),
        ({"reason": ""}, "Say why the limits should follow"),
    ],
)
def test_recalculation_without_a_point_a_cause_or_a_reason_is_refused(client, version, signed_in, given, words):
    signed_in(Role.KPO_LEAD)
    sent = {"on": "2015-09-01", "cause": "A second theatre", "reason": "It stays"} | given
    page = client.post(reverse("metric_recalculate", args=[version.metric_id]), sent).content.decode()
    assert words in page
    assert not Recalculation.objects.exists()


def test_same_date_is_recalculated_once_and_withdrawn_once(client, version, signed_in):
    signed_in(Role.KPO_LEAD)
    one = RecalculationFactory(version=version, on=month(8))
    sent = {"on": "2015-09-01", "cause": "A second theatre", "reason": "It stays"}
    page = client.post(reverse("metric_recalculate", args=[version.metric_id]), sent).content.decode()
    assert "computed anew from this date already" in page
    for _ in range(2):
        answer = client.post(reverse("recalculation_withdraw", args=[one.pk]), {"because": "Wrong"}, follow=True)
    assert "was withdrawn already" in answer.content.decode()


def test_suggestion_to_recalculate_is_a_question(version):
    said = question(version, date(2015, 9, 1))
    assert "Since September 2015" in said
    assert "Do you know what changed" in said
    assert question(version, None) == ""


def test_remark_is_written_changed_and_taken_off_by_its_author_alone(client, version, signed_in):
    signed_in(Role.WORKSHOP_LEAD)
    sent = {"on_day": "9", "on_month": "9", "on_year": "2015", "text": "New list order tried"}
    for _ in range(2):
        client.post(reverse("metric_annotate", args=[version.metric_id]), sent)
    remark = Annotation.objects.get()
    client.post(reverse("annotation_edit", args=[remark.pk]), sent | {"text": "New list order kept"})
    remark.refresh_from_db()
    assert remark.text == "New list order kept"
    somebody = AnnotationFactory(metric=version.metric, by=member(Role.FACILITATOR), at=timezone.now())
    for page in ("annotation_edit", "annotation_remove"):
        answer = client.post(reverse(page, args=[somebody.pk]), sent, follow=True)
        assert "Only the person who wrote a remark can change it." in answer.content.decode()
    assert Annotation.objects.filter(pk=somebody.pk, text="New list order tried").exists()
    client.post(reverse("annotation_remove", args=[remark.pk]))
    assert not Annotation.objects.filter(pk=remark.pk).exists()


def test_target_is_set_replaced_and_taken_away(client, version, signed_in):
    signed_in(Role.KPO_LEAD)
    page = reverse("metric_targets", args=[version.metric_id])
    for value in ("10%", "8"):
        client.post(page, {"starts_day": "1", "starts_month": "1", "starts_year": "2016", "value": value})
    target = Target.objects.get()
    assert target.value == Decimal(8)
    assert "8%" in client.get(page).content.decode()
    client.post(reverse("target_remove", args=[target.pk]))
    assert not Target.objects.exists()


@pytest.mark.parametrize("page", ["metric_amend", "metric_recalculate", "metric_annotate", "measurement_add"])
def test_page_of_another_trusts_metric_is_not_there(client, version, page):
    client.force_login(member(Role.KPO_LEAD))
    assert client.get(reverse(page, args=[version.metric_id])).status_code == 404


@pytest.mark.parametrize("page", ["metric_recalculate", "metric_targets", "measurement_add"])
def test_page_of_the_own_trust_without_the_right_is_refused(client, version, signed_in, page):
    signed_in(Role.PROCESS_OWNER)
    assert client.get(reverse(page, args=[version.metric_id])).status_code == 403


def test_value_stream_that_has_no_sponsor_yet_says_who_could_decide(client, signed_in, version):
    stream = ValueStreamFactory(trust=version.metric.value_stream.trust)
    lonely = MetricVersionFactory(metric=MetricFactory(value_stream=stream))
    signed_in(Role.FACILITATOR)
    page = client.post(reverse("metric_amend", args=[lonely.metric_id]), amended(lonely), follow=True).content.decode()
    assert "The value stream has no executive sponsor yet" in page


def test_lasting_shift_is_asked_about_and_never_recalculated(client, version, signed_in):
    version.measurements.all().delete()
    series(version, [20 + n % 3 for n in range(13)] + [30 + n % 3 for n in range(13)])
    kind = registry.registered("value_stream")
    stream_id = version.metric.value_stream_id
    body = as_text(kind.compute(stream_id))
    Snapshot.objects.create(
        kind="value_stream", scope_id=stream_id, version=1, computed_at=timezone.now(), rules=kind.rules, body=body
    )
    signed_in(Role.KPO_LEAD)
    page = client.get(reverse("metric_recalculate", args=[version.metric_id])).content.decode()
    assert "Since February 2016 every point lies on the same side of the mean" in page
    assert 'value="2016-02-01" selected' in page
    assert not Recalculation.objects.exists()
