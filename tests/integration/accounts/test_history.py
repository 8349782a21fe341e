"""Histories as pages show them: written by the database, told in plain words."""

from decimal import Decimal

import pytest

from accounts.history import NO_LONGER_HERE, THE_SYSTEM, history
from accounts.permissions import Role
from tests.factories.rpiws import MeasureFactory
from tests.factories.trusts import MembershipFactory, ObjectiveFactory, TrustFactory, ValueStreamFactory, member
from trusts.actions import records
from trusts.fingerprints import fingerprint
from trusts.models import Objective, ValueStream
from trusts.names import NOT_OF_THIS_TRUST

pytestmark = pytest.mark.django_db


@pytest.fixture
def trust():
    return TrustFactory(short_name="Leeds", region="North")


@pytest.fixture
def lead(trust):
    return member(Role.KPO_LEAD, trust, name="KPO lead, Leeds")


def change(record, by, **values):
    return records.change_record(record=record, values=values, seen=fingerprint(record), by=by)


def test_history_of_one_change_is_a_sentence_with_who_and_when(trust, lead):
    changed = change(trust, lead, region="North East")
    newest, first = history(changed)
    assert newest.sentence == "Changed region from North to North East"
    assert newest.who == "KPO lead, Leeds"
    assert newest.when >= first.when
    assert first.sentence == "Recorded this trust"


def test_history_of_several_changes_lists_them(trust, lead):
    newest = history(change(trust, lead, region="South", method_name="Leeds Improvement Method"))[0]
    assert newest.sentence == "Changed region and local name of the method"
    assert [(one.before, one.after) for one in newest.changes] == [
        ("North", "South"),
        (None, "Leeds Improvement Method"),
    ]


def test_history_of_a_target_reads_as_figures(trust, lead):
    measure = MeasureFactory(target=Decimal(10), rpiw__value_stream__trust=trust)
    measure.refresh_from_db()
    assert history(change(measure, lead, target=Decimal(15)))[0].sentence == "Changed target from 10 to 15"


def test_history_without_a_person_says_the_system(trust):
    assert history(trust)[0].who == THE_SYSTEM


def test_history_calls_people_as_this_trust_knows_them(trust):
    """The person is a ward matron at another trust; nobody here needs to know."""
    user = member(Role.FACILITATOR, TrustFactory(), name="Ward matron, Shrewsbury")
    MembershipFactory(user=user, trust=trust, role=Role.KPO_LEAD, known_as="Improvement lead")
    assert history(change(trust, user, region="South"))[0].who == "Improvement lead"


def test_history_names_nobody_of_another_trust(trust):
    stranger = member(Role.FACILITATOR, TrustFactory(), name="Ward matron, Shrewsbury")
    assert history(change(trust, stranger, region="South"))[0].who == NOT_OF_THIS_TRUST


def test_history_of_value_stream_tells_objectives_taken_up_and_dropped(trust, lead):
    value_stream = ValueStreamFactory(trust=trust)
    objective = ObjectiveFactory(trust=trust, name="Shorter waits")
    for objectives in ([objective], []):
        seen = fingerprint(value_stream, records.served_by(value_stream))
        records.change_value_stream(value_stream=value_stream, values={}, objectives=objectives, seen=seen, by=lead)
    sentences = [entry.sentence for entry in history(value_stream)]
    assert sentences[:2] == ["Took away objective served: Shorter waits", "Added objective served: Shorter waits"]


def test_history_of_a_removed_link_still_reads(trust, lead):
    value_stream = ValueStreamFactory(trust=trust)
    objective = ObjectiveFactory(trust=trust)
    seen = fingerprint(value_stream, [])
    records.change_value_stream(value_stream=value_stream, values={}, objectives=[objective], seen=seen, by=lead)
    Objective.objects.all().delete()
    assert f"Added objective served: {NO_LONGER_HERE}" in [entry.sentence for entry in history(value_stream)]


def test_history_takes_as_many_queries_for_many_changes_as_for_few(trust, lead, django_assert_num_queries):
    value_stream = ValueStreamFactory(trust=trust, executive_sponsor=lead)
    with django_assert_num_queries(4):
        history(value_stream)
    for number in range(2, 12):
        value_stream = change(ValueStream.objects.get(pk=value_stream.pk), lead, number=number * 10)
    with django_assert_num_queries(4):
        assert len(history(value_stream)) >= 11
