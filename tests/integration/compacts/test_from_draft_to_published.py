"""A compact from its first words to a version in force: begun, written together, agreed, published, carried over."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.history import history
from accounts.permissions import Permission, Role
from compacts.actions import agreeing, beginning, drafting
from compacts.hooks import Cause, causes_of, register_causes
from compacts.models import Compact, CompactVersion, PartyMember, Promise
from compacts.refusals import ChangedMeanwhile, Refused
from tests.factories.accounts import UserFactory
from tests.factories.compacts import PartyMemberFactory, agreed, drafted, published
from tests.factories.trusts import MembershipFactory, PartnershipFactory, TrustFactory, member
from trusts.scope import Scope

pytestmark = pytest.mark.django_db


@pytest.fixture
def chief():
    return member(Role.CHIEF_EXECUTIVE, TrustFactory(short_name="Leeds"))


@pytest.fixture
def version():
    return drafted()


@pytest.fixture
def named(version):
    """The named members of the two parties."""
    return [PartyMemberFactory(party=side.party) for side in version.sides.all()]


def agree(version, member, **more):
    version.refresh_from_db()
    facts = {"seen": version.edition, "agreed_on": timezone.localdate()} | more
    return agreeing.agree(version=version, member=member, by=member.user, **facts)


def test_compact_begins_with_two_parties_and_the_four_themes(chief):
    partnership = PartnershipFactory()
    parties = [("The regulator", "NHS England"), ("The hospitals", "")]
    version = beginning.begin_compact(
        partnership=partnership, trust=None, name="Our compact", parties=parties, by=chief
    )
    assert [(str(side.party), side.body) for side in version.sides.all()] == parties
    assert [theme.title for theme in version.themes.all()] == list(beginning.THEMES)
    with pytest.raises(Refused, match="There is a compact here already"):
        beginning.begin_compact(partnership=partnership, trust=None, name="Twice", parties=parties, by=chief)


def test_trusts_have_compacts_of_their_own_beside_the_partnerships(chief):
    trust = TrustFactory()
    ours = published(drafted(partnership=trust.partnership))
    own = published(drafted(trust=trust))
    today = timezone.localdate()
    assert Compact.objects.in_force(trust.partnership, on=today) == ours
    assert Compact.objects.in_force(trust.partnership, on=today, trust=trust) == own
    assert Compact.objects.in_force(trust.partnership, on=today, trust=TrustFactory()) is None


def test_version_is_in_force_from_its_day_until_the_next_ones(chief):
    first = published(drafted(), on=date(2021, 1, 1))
    second = beginning.renegotiate(compact=first.compact, reason="A promise did not hold.", by=chief)
    published(second, on=date(2022, 4, 1))
    ours = first.compact.partnership
    days = {date(2020, 12, 31): None, date(2021, 1, 1): first, date(2022, 3, 31): first, date(2022, 4, 1): second}
    assert {day: Compact.objects.in_force(ours, on=day) for day in days} == days


def test_all_named_members_agree_and_then_the_version_is_agreed(version, named):
    another = PartyMemberFactory(party=named[1].party)
    assert agree(version, named[0]).is_draft
    assert agree(version, named[1]).is_draft
    assert agree(version, another).is_agreed
    agreement = version.agreements.get(member=another)
    assert (agreement.post, agreement.agreed_on) == (another.post, timezone.localdate())


def test_agreeing_twice_is_agreeing_once(version, named):
    agree(version, named[0])
    agree(version, named[0])
    assert version.agreements.count() == 1


def test_change_of_wording_asks_everybody_anew(version, named, chief):
    agree(version, named[0])
    promise = version.promises.first()
    drafting.write_promise(promise=promise, text="another wording", seen=1, by=chief)
    agree(version, named[1])
    version.refresh_from_db()
    assert version.is_draft
    assert agree(version, named[0]).is_agreed


def test_wording_that_changed_since_it_was_read_is_not_agreed_to(version, named, chief):
    drafting.write_vision(version=version, vision="Another", seen=1, by=chief)
    with pytest.raises(ChangedMeanwhile):
        agree(version, named[0], seen=1)


@pytest.mark.parametrize("days", [-40, 5])
def test_nobody_agrees_outside_the_days_they_are_named_for(version, named, days):
    named[0].ends = timezone.localdate() + timedelta(days=2)
    named[0].save()
    with pytest.raises(Refused, match="not named"):
        agree(version, named[0], agreed_on=timezone.localdate() + timedelta(days=days))


def test_nobody_agrees_in_anothers_name(version, named):
    with pytest.raises(Refused, match="not named"):
        agreeing.agree(version=version, member=named[0], seen=1, agreed_on=timezone.localdate(), by=named[1].user)


def test_nobody_names_themselves(version, chief):
    party = version.sides.first().party
    with pytest.raises(Refused, match="cannot name yourself"):
        agreeing.name_member(party=party, user=chief, post="x", starts=timezone.localdate(), by=chief)


def test_last_who_had_not_agreed_leaves_and_the_version_is_agreed(version, named, chief):
    waits = PartyMemberFactory(party=named[1].party)
    agree(version, named[0])
    agree(version, named[1])
    agreeing.end_member(member=waits, last_day=timezone.localdate() - timedelta(days=1), by=chief)
    version.refresh_from_db()
    assert version.is_agreed


def test_party_without_anybody_left_has_not_agreed(version, named, chief):
    agree(version, named[0])
    agreeing.end_member(member=named[1], last_day=timezone.localdate() - timedelta(days=1), by=chief)
    version.refresh_from_db()
    assert version.is_draft


def test_agreement_taken_back_makes_a_draft_again(version, named):
    for somebody in named:
        agree(version, somebody)
    agreeing.take_agreement_back(version=version, by=named[0].user)
    version.refresh_from_db()
    assert version.is_draft
    assert version.agreements.get().member == named[1]


def test_reopened_version_is_agreed_anew(version, named, chief):
    for somebody in named:
        agree(version, somebody)
    agreeing.reopen(version=version, reason="A slip of the pen.", by=chief)
    assert agree(version, named[0]).is_draft
    assert agree(version, named[1]).is_agreed


def test_publishing_says_from_when_and_comes_after_agreement(version, named, chief):
    day = timezone.localdate()
    with pytest.raises(Refused, match="Not every party"):
        agreeing.publish(version=version, in_force_from=day, by=chief)
    agreed(version)
    out = agreeing.publish(version=version, in_force_from=day, by=chief)
    assert (out.state, out.in_force_from, out.published_by) == ("published", day, chief)
    next_one = agreed(beginning.renegotiate(compact=version.compact, reason="Why", by=chief))
    with pytest.raises(Refused, match="the day after"):
        agreeing.publish(version=next_one, in_force_from=day, by=chief)


def test_next_version_carries_everything_over_under_the_same_lineage(chief):
    first = published(drafted())
    second = beginning.renegotiate(compact=first.compact, reason="A promise did not hold.", by=chief)
    assert (second.number, second.kind, second.vision) == (2, "renegotiated", first.vision)

    def said(version):
        return [(p.lineage, p.text, p.party_id, p.theme.lineage, p.theme.title) for p in version.promises]

    assert said(second) == said(first)
    promise = second.promises.first()
    drafting.write_promise(promise=promise, text="another wording", seen=1, by=chief)
    versions = Promise.objects.filter(lineage=promise.lineage).order_by("theme__version__number")
    assert [each.theme.version_id for each in versions] == [first.pk, second.pk]
    assert first.promises.get(lineage=promise.lineage).text != "another wording"


def test_succession_names_the_new_body_and_keeps_the_promises(chief):
    first = published(drafted())
    party = first.sides.first().party
    second = beginning.succeed(compact=first.compact, party=party, body="NHS England", reason="It took over.", by=chief)
    assert second.kind == "succeeded"
    assert second.sides.get(party=party).body == "NHS England"
    assert [p.text for p in second.promises] == [p.text for p in first.promises]


def test_next_version_waits_until_the_one_before_is_published(version, chief):
    with pytest.raises(Refused, match="first version is not published"):
        beginning.renegotiate(compact=version.compact, reason="Why", by=chief)
    beginning.renegotiate(compact=published(version).compact, reason="Why", by=chief)
    with pytest.raises(Refused, match="begun already"):
        beginning.renegotiate(compact=version.compact, reason="Why", by=chief)


def test_draft_put_away_leaves_what_was_in_force(chief):
    first = published(drafted())
    beginning.discard_draft(version=beginning.renegotiate(compact=first.compact, reason="Why", by=chief), by=chief)
    assert list(first.compact.versions.all()) == [first]
    with pytest.raises(Refused):
        beginning.discard_draft(version=first, by=chief)


def test_first_draft_put_away_takes_the_compact_with_it(version, named, chief):
    beginning.discard_draft(version=version, by=chief)
    assert not Compact.objects.exists()
    assert not PartyMember.objects.exists()


@pytest.mark.parametrize("what", ["vision", "theme", "promise", "gone"])
def test_two_at_once_lose_nothing_of_each_others(version, chief, what):
    """The second is told before anything is written over."""
    other = UserFactory()
    theme, promise = version.themes.first(), version.promises.first()

    def write(words, by):
        match what:
            case "vision":
                drafting.write_vision(version=version, vision=words, seen=1, by=by)
            case "theme":
                drafting.rename_theme(theme=theme, title=words, seen=1, by=by)
            case "promise":
                drafting.write_promise(promise=promise, text=words, seen=1, by=by)
            case "gone":
                drafting.remove_promise(promise=promise, seen=1, by=by)

    write("mine", chief)
    with pytest.raises(Refused if what == "gone" else ChangedMeanwhile):
        write("theirs", other)
    version.refresh_from_db()
    theme.refresh_from_db()
    assert "theirs" not in (version.vision, theme.title, *version.promises.values_list("text", flat=True))
    assert version.edition == 2


def test_two_who_add_to_the_same_place_are_both_kept(version, chief):
    theme, party = version.themes.first(), version.sides.first().party
    for words in ("mine", "theirs"):
        drafting.add_promise(theme=theme, party=party, row=2, text=words, by=chief)
    rows = dict(version.promises.filter(theme=theme, party=party).values_list("text", "position"))
    assert (rows["mine"], rows["theirs"]) == (2, 3)


def test_what_is_sent_twice_is_there_once(version, chief):
    theme, party = version.themes.first(), version.compact.parties.first()
    for _ in range(2):
        drafting.add_theme(version=version, title="Trust", by=chief)
        drafting.add_promise(theme=theme, party=party, row=0, text="say it on the day", by=chief)
        drafting.comment(version=version, promise=None, text="Plainer?", said_as="Chief executive", by=chief)
    assert version.themes.filter(title="Trust").count() == 1
    assert version.promises.filter(text="say it on the day").count() == 1
    assert version.comments.count() == 1


def test_same_words_saved_again_are_no_change(version, chief):
    promise = version.promises.first()
    drafting.write_promise(promise=promise, text=promise.text, seen=1, by=chief)
    version.refresh_from_db()
    assert version.edition == 1


def test_agreed_version_is_not_written_on(version, chief):
    agreed(version)
    with pytest.raises(Refused, match="Take it back to a draft"):
        drafting.write_vision(version=version, vision="x", seen=1, by=chief)


def test_comment_outlives_the_promise_it_was_about(version, chief):
    promise = version.promises.first()
    drafting.comment(version=version, promise=promise, text="Plainer?", said_as="Chief executive", by=chief)
    drafting.remove_promise(promise=promise, seen=1, by=chief)
    comment = version.comments.get()
    assert (comment.promise, comment.text) == (None, "Plainer?")
    drafting.settle_comment(comment=comment, by=chief)
    comment.refresh_from_db()
    assert comment.settled_by == chief


def test_published_version_is_not_commented_on(version, chief):
    with pytest.raises(Refused):
        drafting.comment(version=published(version), promise=None, text="x", said_as="x", by=chief)


def test_every_act_is_in_the_history_under_the_persons_role(chief):
    version = drafted(by=chief)
    drafting.write_promise(promise=version.promises.first(), text="say early what it hears", seen=1, by=chief)
    told = history(version)
    assert "say early what it hears" in str(told[0])
    assert told[0].who == "Chief executive, Leeds"


def test_being_named_gives_rights_from_to_and_only_with_a_membership():
    partnership = PartnershipFactory()
    party = drafted(partnership=partnership).sides.first().party
    analyst = member(Role.REGULATOR_ANALYST, partnership=partnership)

    def may(permission, day=None):
        return Scope.of(analyst, on=day or timezone.localdate()).may(permission)

    assert not may(Permission.SEE_COMPACT)
    named = PartyMemberFactory(party=party, user=analyst)
    for permission in (Permission.SEE_COMPACT, Permission.DRAFT_COMPACT, Permission.AGREE_COMPACT):
        assert may(permission)
        assert not may(permission, named.starts - timedelta(days=1))
    analyst.memberships.update(ends=timezone.localdate() - timedelta(days=1))
    assert not may(Permission.SEE_COMPACT)


def test_being_named_at_a_trust_gives_rights_at_that_trust_alone():
    trust = TrustFactory()
    version = drafted(trust=trust)
    nurse = member(Role.FACILITATOR, trust)
    MembershipFactory(user=nurse, role=Role.FACILITATOR)
    PartyMemberFactory(party=version.sides.last().party, user=nurse)
    scope = Scope.of(nurse)
    assert scope.may_at(Permission.AGREE_TRUST_COMPACT, version)
    assert scope.trusts_where(Permission.DISCUSS_TRUST_COMPACT) == {trust.pk}
    assert not scope.may(Permission.AGREE_COMPACT)
    assert not scope.may_at(Permission.DRAFT_TRUST_COMPACT, version)


def test_what_people_are_named_for_is_asked_only_where_it_matters():
    trust = TrustFactory()
    facilitator = member(Role.FACILITATOR, trust)
    scope = Scope.of(facilitator)
    with CaptureQueriesContext(connection) as asked:
        assert scope.may(Permission.SEE_COMPACT)
        assert scope.may_at(Permission.LOG_READINGS, trust)
    assert len(asked) == 0


def test_room_above_says_what_caused_a_version_to_whom_it_may(monkeypatch, chief):
    monkeypatch.setattr("compacts.hooks._causes", [])
    version = drafted()
    register_causes(lambda user, versions: {v.pk: [Cause("A breach")] for v in versions if user == chief})
    assert causes_of(chief, version) == [Cause("A breach")]
    assert causes_of(UserFactory(), version) == []


def test_versions_are_told_apart_in_the_words_of_the_room():
    version = published(drafted())
    assert list(CompactVersion.objects.published()) == [version]
    assert not CompactVersion.objects.open().exists()
