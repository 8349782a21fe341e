"""The database itself refuses to change what is agreed or published: each attack is raw SQL, past all our code."""

from datetime import date

import psycopg2
import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from compacts.actions.beginning import renegotiate
from compacts.models import CompactVersion, Promise
from tests.factories.accounts import UserFactory
from tests.factories.compacts import AgreementFactory, PromiseFactory, agreed, drafted, published

pytestmark = pytest.mark.django_db

# Each table that says something of a version, with a change of one of its rows and what finds that row.
PARTS = {
    "compacts_compactversion": ("vision = 'Other words'", "id = {version}"),
    "compacts_side": ("body = 'Another body'", "version_id = {version}"),
    "compacts_theme": ("title = 'Another theme'", "version_id = {version}"),
    "compacts_promise": (
        "text = 'another promise'",
        "theme_id IN (SELECT id FROM compacts_theme WHERE version_id = {version})",
    ),
    "compacts_agreement": ("agreed_on = '2020-01-01'", "version_id = {version}"),
    "compacts_compact": ("name = 'Another name'", "id = {compact}"),
    "compacts_party": ("name = 'Another party'", "compact_id = {compact}"),
}
ATTACKS = [
    sql
    for table, (change, row) in PARTS.items()
    for sql in (f"UPDATE {table} SET {change} WHERE {row}", f"DELETE FROM {table} WHERE {row}")
]
BEHIND_ITS_BACK = [
    "UPDATE compacts_compactversion SET state = 'draft' WHERE id = {version}",
    "UPDATE compacts_compactversion SET in_force_from = '2015-01-01' WHERE id = {version}",
    "UPDATE compacts_theme SET version_id = {draft} WHERE version_id = {version}",
    "UPDATE compacts_theme SET version_id = {version}, position = 99 WHERE version_id = {draft} AND position = 1",
    "UPDATE compacts_promise SET theme_id = {theme}, position = 99 WHERE id = {promise_of_draft}",
    "INSERT INTO compacts_theme (version_id, lineage, position, title, edition)"
    " VALUES ({version}, gen_random_uuid(), 99, 'Slipped in', 1)",
    "INSERT INTO compacts_promise (theme_id, party_id, lineage, position, text, edition)"
    " VALUES ({theme}, {party}, gen_random_uuid(), 99, 'slipped in', 1)",
    "INSERT INTO compacts_side (version_id, party_id, body) VALUES ({version}, {party}, 'x')",
    "INSERT INTO compacts_agreement (version_id, party_id, member_id, post, edition, agreed_on, recorded_at)"
    " VALUES ({version}, {party}, {member}, 'x', 2, now(), now())",
]


@pytest.fixture
def version():
    return published(drafted())


def attack(sql, version):
    """What the statement would change, tried as the application's role."""
    draft = renegotiate(compact=version.compact, reason="A promise did not hold.", by=UserFactory())
    theme, party = version.themes.first(), version.sides.first().party
    known = {
        "version": version.pk,
        "compact": version.compact_id,
        "draft": draft.pk,
        "theme": theme.pk,
        "party": party.pk,
        "member": party.members.first().pk,
        "promise_of_draft": draft.promises.first().pk,
    }
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql.format(**known))
        return cursor.rowcount


@pytest.mark.parametrize("sql", ATTACKS + BEHIND_ITS_BACK)
def test_published_version_stays_as_it_is(version, sql):
    with pytest.raises(DatabaseError, match="compacts:"):
        attack(sql, version)


@pytest.mark.parametrize("sql", ATTACKS)
def test_attack_reaches_a_row_of_a_draft(sql):
    """Otherwise the test above would prove nothing: it is the state that stops it."""
    version = drafted()
    table = sql.split()[1 if sql.startswith("UPDATE") else 2]
    AgreementFactory(version=version, member__party=version.sides.first().party)
    rows = {"version": version.pk, "compact": version.compact_id}
    refusal = {
        "compacts_agreement": "an agreement is not changed" if sql.startswith("UPDATE") else None,
        "compacts_party": "one_party_per_name" if sql.startswith("UPDATE") else None,
    }.get(table)
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql.format(**rows))
            reached = cursor.rowcount
            # Foreign keys look at the end of a transaction, which never comes here.
            transaction.set_rollback(True)
    except DatabaseError as refused:
        assert refusal
        assert refusal in str(refused)
    else:
        assert reached


@pytest.mark.django_db(transaction=True)
def test_owner_of_the_tables_is_refused_too(owner_connection):
    version = published(drafted())
    with owner_connection.cursor() as cursor, pytest.raises(psycopg2.DatabaseError, match="compacts:"):
        cursor.execute("UPDATE compacts_promise SET text = 'x'")
    assert not version.promises.filter(text="x").exists()


def test_agreed_wording_does_not_change_until_it_is_a_draft_again():
    version = agreed(drafted())
    promise = version.promises.first()
    with pytest.raises(DatabaseError, match="is agreed"), transaction.atomic():
        Promise.objects.filter(pk=promise.pk).update(text="other words")
    with pytest.raises(DatabaseError, match="is agreed"), transaction.atomic():
        CompactVersion.objects.filter(pk=version.pk).update(vision="other words")
    CompactVersion.objects.filter(pk=version.pk).update(state="draft")
    assert Promise.objects.filter(pk=promise.pk).update(text="other words") == 1


@pytest.mark.parametrize("state", ["agreed", "published"])
def test_version_cannot_begin_anywhere_but_as_a_draft(state):
    version = drafted()
    with pytest.raises(IntegrityError, match="begins as a draft"), transaction.atomic():
        CompactVersion.objects.create(
            compact=version.compact,
            number=2,
            kind="renegotiated",
            reason="x",
            state=state,
            drafted_at=version.drafted_at,
            drafted_by=version.drafted_by,
        )


def test_version_is_not_agreed_while_a_party_has_not_agreed_to_this_wording():
    version = drafted()
    first, second = (side.party for side in version.sides.all())
    AgreementFactory(version=version, member__party=first)
    with pytest.raises(IntegrityError, match="has not agreed"), transaction.atomic():
        CompactVersion.objects.filter(pk=version.pk).update(state="agreed")
    AgreementFactory(version=version, member__party=second)
    # The wording changed after both had agreed: theirs was another one.
    with pytest.raises(IntegrityError, match="has not agreed"), transaction.atomic():
        CompactVersion.objects.filter(pk=version.pk).update(state="agreed", edition=version.edition + 1)
    CompactVersion.objects.filter(pk=version.pk).update(state="agreed")


def test_draft_is_not_published_past_its_agreement():
    version = drafted()
    with pytest.raises(IntegrityError, match="was agreed before"), transaction.atomic():
        CompactVersion.objects.filter(pk=version.pk).update(
            state="published", in_force_from=date(2021, 1, 1), published_at=version.drafted_at, published_by=1
        )


@pytest.mark.parametrize("day", [date(2021, 1, 1), date(2020, 12, 31)])
def test_two_versions_are_never_in_force_at_a_time(version, day):
    again = renegotiate(compact=version.compact, reason="A promise did not hold.", by=UserFactory())
    with pytest.raises(IntegrityError, match="later day"), transaction.atomic():
        published(again, on=day)


def test_compact_has_one_open_version_at_a_time(version):
    again = renegotiate(compact=version.compact, reason="A promise did not hold.", by=UserFactory())
    again.pk, again.number = None, 3
    with pytest.raises(IntegrityError, match="one_open_version"), transaction.atomic():
        again.save(force_insert=True)


def test_new_version_says_why(version):
    with pytest.raises(IntegrityError, match="says_why"), transaction.atomic():
        renegotiate(compact=version.compact, reason="", by=UserFactory())


def test_agreement_is_to_the_wording_that_stands():
    version = drafted()
    with pytest.raises(IntegrityError, match="no longer the one"), transaction.atomic():
        AgreementFactory(version=version, member__party=version.sides.first().party, edition=version.edition + 1)


def test_empty_promise_is_refused():
    version = drafted()
    with pytest.raises(IntegrityError, match="says_something"), transaction.atomic():
        PromiseFactory(theme=version.themes.first(), party=version.sides.first().party, position=9, text="")
