"""The pages of compacts: what each role reads and does there, at the partnership's compact and at a trust's own."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.permissions import Role
from compacts.actions import beginning, drafting
from compacts.hooks import Cause, register_causes
from compacts.models import Compact, CompactVersion, PartyMember
from tests.factories.accounts import UserFactory
from tests.factories.compacts import (
    CommentFactory,
    PartyMemberFactory,
    PromiseFactory,
    ThemeFactory,
    agreed,
    drafted,
    published,
)
from tests.factories.trusts import PartnershipFactory, TrustFactory, member

pytestmark = pytest.mark.django_db

HOSTILE = "<script>alert('x')</script> & \"quotes\" {{ 7 * 7 }} ' OR 1=1 --"


def of(user):
    client = Client()
    client.force_login(user)
    return client


def read(client, address, status=200, **asked):
    answer = client.get(address, **asked)
    assert answer.status_code == status, (address, answer.status_code)
    return answer.content.decode()


def errors(answer):
    return re.findall(r'error-message">\s*<span[^>]*>Error:</span>\s*([^<]+)', answer.content.decode())


@pytest.fixture
def trust():
    return TrustFactory(short_name="Leeds", ods_code="RR8", partnership=PartnershipFactory(regulator="NHS England"))


@pytest.fixture
def chief(trust):
    return member(Role.CHIEF_EXECUTIVE, trust)


@pytest.fixture
def director(trust):
    """A member of the regulator, as an analyst in the product."""
    return member(Role.REGULATOR_ANALYST, partnership=trust.partnership)


@pytest.fixture
def first(trust):
    """The partnership's first version, published."""
    return published(drafted(partnership=trust.partnership))


@pytest.fixture
def second(first, chief):
    """The version after it, as a draft."""
    return beginning.renegotiate(compact=first.compact, reason="A promise did not hold.", by=chief)


def test_compact_begins_as_a_draft_with_four_themes(trust, chief):
    client = of(chief)
    assert "There is no compact here yet" in read(client, "/compact/")
    assert "NHS England" in read(client, "/compact/begin/")
    form = {"name": "Our compact", "first": "The regulator", "second": "the REGULATOR"}
    assert "Give the other party another name" in client.post("/compact/begin/", form).content.decode()
    answer = client.post("/compact/begin/", form | {"second": "The hospitals", "first_body": "NHS England"})
    assert answer["Location"] == "/compact/members/"
    page = read(client, "/compact/draft/")
    for words in (*beginning.THEMES, "Nobody is named yet who agrees for the regulator and the hospitals."):
        assert words in page
    assert client.get("/compact/begin/")["Location"] == "/compact/"


def test_reader_sees_the_version_in_force_and_nothing_of_the_draft(trust, first, second, chief):
    drafting.write_promise(promise=second.promises.first(), text="canary wording", seen=1, by=chief)
    CommentFactory(version=second, text="canary comment")
    client = of(member(Role.FACILITATOR, trust))
    page = read(client, "/compact/")
    assert "In force since Fri 1 January 2021." in page
    assert "The hospitals promises 1" in page
    assert "canary" not in page
    assert "/compact/draft/" not in page
    for address in ("/compact/draft/", "/compact/draft/fresh/", "/compact/members/", "/compact/next/"):
        read(client, address, 403)
    read(client, "/compact/versions/2/", 404)
    read(client, "/compact/versions/2/print/", 404)


@pytest.mark.parametrize("role", [Role.REGULATOR_ANALYST, Role.ADMINISTRATOR])
def test_who_is_no_partner_reads_nothing_until_named(trust, first, role):
    somebody = member(role, partnership=trust.partnership)
    read(of(somebody), "/compact/", 403)
    assert "Compact" not in read(of(somebody), "/account/")
    PartyMemberFactory(party=first.compact.parties.first(), user=somebody)
    assert "Version 1" in read(of(somebody), "/compact/")


def test_members_are_named_by_role_and_end_by_themselves(trust, first, second, chief, director):
    client = of(chief)
    page = read(client, "/compact/members/")
    assert "Regulator analyst" in page
    assert f'value="{chief.pk}"' not in page, "nobody names themselves"
    party = first.compact.parties.first()
    form = {"party": party.pk, "person": director.pk, "post": "Regional director"}
    today = timezone.localdate()
    form |= {"starts_day": today.day, "starts_month": today.month, "starts_year": today.year}
    assert client.post("/compact/members/", form).status_code == 302
    assert "is named for the party already" in client.post("/compact/members/", form).content.decode()
    named = PartyMember.objects.get(user=director)
    yesterday = today - timedelta(days=1)
    day = {"last_day_day": yesterday.day, "last_day_month": yesterday.month, "last_day_year": yesterday.year}
    answer = client.post(f"/compact/members/{named.pk}/end/", day)
    assert "cannot be before the first" in answer.content.decode()
    PartyMember.objects.filter(pk=named.pk).update(starts=yesterday)
    assert client.post(f"/compact/members/{named.pk}/end/", day).status_code == 302
    read(of(director), "/compact/", 403)


def test_stranger_cannot_be_named(first, second, chief):
    outside = UserFactory()
    form = {"party": first.compact.parties.first().pk, "person": outside.pk, "post": "x"}
    of(chief).post("/compact/members/", form)
    assert not PartyMember.objects.filter(user=outside).exists()


def test_from_agreement_to_a_version_in_force(trust, first, second, chief, director):
    regulator, hospitals = first.compact.parties.all()
    PartyMember.objects.update(ends=timezone.localdate() - timedelta(days=1))
    for party, user, post in ((regulator, director, "Regional director"), (hospitals, chief, "Chief executive, Leeds")):
        PartyMemberFactory(party=party, user=user, post=post)
    today = timezone.localdate()
    agree = {"version": 1, "confirmed": "on", "agreed_on_day": today.day}
    agree |= {"agreed_on_month": today.month, "agreed_on_year": today.year}
    page = read(of(chief), "/compact/draft/")
    assert "Read and agree" in page
    assert "Tick the box" in of(chief).post("/compact/draft/agree/", agree | {"confirmed": ""}).content.decode()
    assert "not yet" in of(chief).post("/compact/draft/agree/", agree, follow=True).content.decode()
    assert of(chief).get("/compact/draft/publish/")["Location"] == "/compact/draft/"
    page = of(director).post("/compact/draft/agree/", agree, follow=True).content.decode()
    assert "So has everybody." in page
    assert "Publish" in page
    publish = {"confirmed": "on", "in_force_from_day": 1, "in_force_from_month": 1, "in_force_from_year": 2021}
    answer = of(chief).post("/compact/draft/publish/", publish)
    assert "in force from 1 January 2021. The next one" in answer.content.decode()
    publish |= {"in_force_from_month": 2}
    assert of(chief).post("/compact/draft/publish/", publish)["Location"] == "/compact/versions/2/"
    page = read(of(member(Role.FACILITATOR, trust)), "/compact/")
    for words in ("version 2", "Regional director", "A promise did not hold.", "In force since Mon 1 February 2021."):
        assert words in page
    earlier = read(of(chief), "/compact/versions/1/")
    assert "Version 2 took its place" in earlier
    assert "from Fri 1 January 2021 to the day before Mon 1 February 2021" in earlier


def test_agreeing_is_for_named_members_alone(first, second, chief):
    read(of(chief), "/compact/draft/agree/", 403)
    assert "Read and agree" not in read(of(chief), "/compact/draft/")


def test_wording_changed_while_it_was_read_is_shown_again(first, second, chief, director):
    PartyMemberFactory(party=first.compact.parties.first(), user=director)
    drafting.write_vision(version=second, vision="Another vision", seen=1, by=chief)
    today = timezone.localdate()
    agree = {"version": 1, "confirmed": "on", "agreed_on_day": today.day}
    agree |= {"agreed_on_month": today.month, "agreed_on_year": today.year}
    page = of(director).post("/compact/draft/agree/", agree).content.decode()
    assert "The wording changed since you opened this page" in page
    assert "Another" in page
    assert not second.agreements.exists()


def test_agreement_is_taken_back_and_an_agreed_version_opened_again(first, second, chief, director):
    named = PartyMemberFactory(party=first.compact.parties.first(), user=director)
    agreed(second)
    assert "It waits to be published" in read(of(chief), "/compact/draft/")
    assert "Write why" in of(chief).post("/compact/draft/reopen/", {"reason": ""}).content.decode()
    of(chief).post("/compact/draft/reopen/", {"reason": "A slip of the pen."})
    second.refresh_from_db()
    assert second.is_draft
    assert "Agreed to an earlier wording" in read(of(chief), "/compact/draft/")
    assert "A slip of the pen." in read(of(chief), "/compact/draft/")
    agreed(second)
    of(director).post("/compact/draft/agree/", {"take_back": "1"})
    second.refresh_from_db()
    assert second.is_draft
    assert not second.agreements.filter(member=named, edition=second.edition).exists()


@pytest.mark.parametrize("what", ["promise", "theme", "vision"])
def test_two_who_write_at_once_see_both(first, second, chief, what):
    promise, theme = second.promises.first(), second.themes.first()
    address, name = {
        "promise": (f"/compact/draft/promises/{promise.pk}/", "text"),
        "theme": (f"/compact/draft/themes/{theme.pk}/", "title"),
        "vision": ("/compact/draft/vision/", "vision"),
    }[what]
    secretary = member(Role.SECRETARIAT, partnership=first.compact.partnership)
    mine = {name: "what I typed", "version": 1, "comment": "what I said"}
    assert of(chief).post(address, {name: "what they saved", "version": 1}).status_code == 302
    page = of(secretary).post(address, mine).content.decode()
    for words in ("Somebody else changed this while you had it open", "what they saved", "what I typed"):
        assert words in page
    if what == "promise":
        assert "what I said" in page
        assert not second.comments.exists()
    assert 'name="version" value="2"' in page
    assert of(secretary).post(address, mine | {"version": 2}).status_code == 302
    assert "what I typed" in read(of(chief), "/compact/draft/")


def test_promise_taken_out_meanwhile_is_said_and_nothing_typed_is_lost(first, second, chief):
    promise = second.promises.first()
    address = f"/compact/draft/promises/{promise.pk}/"
    assert of(chief).post(address, {"remove": "1"}).status_code == 302
    read(of(chief), address, 404)
    theme = second.themes.last()
    other = second.promises.last()
    drafting.write_promise(promise=other, text="reworded", seen=1, by=chief)
    answer = of(chief).post(f"/compact/draft/promises/{other.pk}/", {"remove": "1"}, follow=True)
    assert "Read it again before you take it out" in answer.content.decode()
    assert second.promises.filter(pk=other.pk).exists()
    edition = CompactVersion.objects.get(pk=second.pk).edition
    of(chief).post(f"/compact/draft/themes/{theme.pk}/", {"remove": str(edition)})
    assert not second.themes.filter(pk=theme.pk).exists()


def test_what_was_typed_stays_in_view_when_the_draft_went_away(first, second, chief):
    promise = second.promises.first()
    address = f"/compact/draft/promises/{promise.pk}/"
    of(chief).post(address, {"remove": "1"})
    page = of(chief).post(address, {"text": "We answer within a day.", "comment": "As said", "version": 1})
    assert page.status_code == 404
    for words in ("This part of the draft is gone", "We answer within a day.", "As said", "Go to the draft"):
        assert words in page.content.decode()
    beginning.discard_draft(version=second, by=chief)
    page = of(chief).post("/compact/draft/vision/", {"vision": HOSTILE, "version": 1}).content.decode()
    assert "This draft is no longer open" in page
    assert "&lt;script&gt;alert" in page
    assert HOSTILE not in page


def test_themes_and_promises_change_places(first, second, chief):
    theme, below = second.themes.all()[:2]
    party = theme.promises.first().party
    top, under = theme.promises.get(party=party), PromiseFactory(theme=theme, party=party, position=2)
    of(chief).post(f"/compact/draft/promises/{under.pk}/", {"move": "up"})
    assert list(theme.promises.filter(party=party)[:2]) == [under, top]
    of(chief).post(f"/compact/draft/promises/{under.pk}/", {"move": "up"})
    assert list(theme.promises.filter(party=party)[:2]) == [under, top]
    answer = of(chief).post(f"/compact/draft/themes/{theme.pk}/", {"move": "down"})
    assert answer["Location"].endswith(f"#theme-{theme.pk}")
    assert list(second.themes.all()[:2]) == [below, theme]
    edition = second.edition
    second.refresh_from_db()
    assert second.edition == edition + 2, "who agreed, agreed to another order"


def test_promise_moves_into_an_empty_row_across_from_another(first, second, chief):
    theme = second.themes.first()
    theme.promises.all().delete()
    ours, theirs = first.compact.parties.all()
    for row in (1, 2):
        PromiseFactory(theme=theme, party=ours, position=row)
    answer = PromiseFactory(theme=theme, party=theirs, position=2)
    of(chief).post(f"/compact/draft/promises/{answer.pk}/", {"move": "up"})
    answer.refresh_from_db()
    assert answer.position == 1
    of(chief).post(f"/compact/draft/promises/{answer.pk}/", {"move": "down"})
    of(chief).post(f"/compact/draft/promises/{answer.pk}/", {"move": "down"})
    answer.refresh_from_db()
    assert answer.position == 2


def test_promise_is_added_in_its_row_and_commented_on(first, second, chief):
    theme, party = second.themes.first(), first.compact.parties.first()
    address = f"/compact/draft/themes/{theme.pk}/parties/{party.pk}/2/"
    assert "Write the promise" in of(chief).post(address, {"text": " "}).content.decode()
    of(chief).post(address, {"text": "listen first"})
    promise = second.promises.get(text="listen first")
    assert promise.position == 2
    of(chief).post(
        f"/compact/draft/promises/{promise.pk}/", {"text": promise.text, "version": 1, "comment": "To whom?"}
    )
    comment = second.comments.get()
    assert (comment.promise, comment.said_as) == (promise, "Chief executive, Leeds")
    page = read(of(chief), "/compact/draft/")
    assert "To whom?" in page
    assert "1 comment" in page
    of(chief).post(f"/compact/draft/comments/{comment.pk}/settle/")
    assert "1 comment dealt with" in read(of(chief), "/compact/draft/")


def test_comparison_says_in_words_what_went_out_and_came_in(first, second, chief):
    promise = second.promises.first()
    drafting.write_promise(promise=promise, text=f"{promise.text} within a day", seen=1, by=chief)
    drafting.remove_promise(promise=second.promises.last(), seen=1, by=chief)
    drafting.add_theme(version=second, title="Another theme", by=chief)
    page = read(of(chief), "/compact/draft/?with=before")
    assert '<ins><span class="vh">put in: </span>within a day' in page
    assert '<del><span class="vh">taken out: </span>The hospitals promises 2' in page
    for words in ("one promise is worded anew", "one promise is taken out", "the themes differ"):
        assert words in page
    assert "taken out" not in read(of(chief), "/compact/versions/1/")


def test_succession_is_begun_with_the_body_and_shown_as_such(first, chief):
    party = first.compact.parties.first()
    form = {"why": party.pk, "reason": "It took over on 1 July 2022.", "body": ""}
    assert "Write which body" in of(chief).post("/compact/next/", form).content.decode()
    answer = of(chief).post("/compact/next/", form | {"body": "NHS England"}, follow=True)
    page = answer.content.decode()
    assert "the regulator is now NHS England" in page
    assert "A party was succeeded by another body" in page
    assert of(chief).get("/compact/next/")["Location"] == "/compact/draft/"


def test_draft_keeps_itself_up_to_date(first, second, chief):
    client = of(chief)
    etag = re.search(r'data-etag="([^"]+)"', read(client, "/compact/draft/"))[1].replace("&#34;", '"')
    unchanged = client.get("/compact/draft/fresh/", headers={"If-None-Match": etag})
    assert (unchanged.status_code, unchanged.content) == (304, b"")
    CommentFactory(version=second, text="Plainer?")
    answer = client.get("/compact/draft/fresh/", headers={"If-None-Match": etag})
    assert answer["ETag"] != etag
    assert 'id="draft-words" hx-swap-oob="true"' in answer.content.decode()
    assert "Plainer?" in answer.content.decode()


def test_texts_are_shown_as_typed_and_never_run(trust, chief):
    compact = drafted(partnership=trust.partnership, words=HOSTILE[:30])
    first = compact.promises.first()
    drafting.write_promise(promise=first, text=HOSTILE, seen=1, by=chief)
    CommentFactory(version=compact, text=HOSTILE, said_as=HOSTILE)
    client = of(chief)
    for address in ("/compact/draft/", f"/compact/draft/promises/{first.pk}/"):
        page = read(client, address)
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert" in page
        assert "{{ 7 * 7 }}" in page
    published(CompactVersion.objects.get(pk=compact.pk))
    for address in ("/compact/", "/compact/versions/1/print/"):
        assert "<script>alert" not in read(client, address)


@pytest.mark.parametrize("address", ["draft/vision/", "draft/reason/", "draft/comment/", "draft/themes/add/"])
def test_patient_number_is_refused_at_its_field(first, second, chief, address):
    typed = dict.fromkeys(("vision", "reason", "comment", "title"), "Patient 943 476 5919") | {"version": 1}
    assert "NHS number" in of(chief).post(f"/compact/{address}", typed).content.decode()


def test_cause_of_a_version_is_shown_to_those_who_may_read_it(monkeypatch, trust, first, chief):
    monkeypatch.setattr("compacts.hooks._causes", [])
    register_causes(lambda user, versions: {v.pk: [Cause("A breach", "/boards/1/")] for v in versions if user == chief})
    assert 'href="/boards/1/">A breach' in read(of(chief), "/compact/")
    assert "A breach" not in read(of(member(Role.FACILITATOR, trust)), "/compact/")


def test_trust_has_a_compact_of_its_own_between_leaders_and_staff(trust):
    lead, nurse = member(Role.KPO_LEAD, trust), member(Role.FACILITATOR, trust, name="Ward sister")
    stranger = member(Role.KPO_LEAD, TrustFactory(partnership=trust.partnership))
    there = "/trusts/RR8/compact/"
    assert "Begin a compact" in read(of(lead), there)
    assert "Your KPO lead or chief executive can begin one" in read(of(nurse), there)
    form = {"name": "Compact of Leeds", "first": "The leaders", "second": "The staff"}
    assert of(lead).post(f"{there}begin/", form)["Location"] == f"{there}members/"
    assert Compact.objects.get().trust == trust
    assert "Ward sister (KPO facilitator)" in read(of(lead), f"{there}members/")
    for address in ("", "draft/", "members/"):
        read(of(stranger), f"{there}{address}", 404)
    read(of(nurse), f"{there}draft/", 403)
    PartyMemberFactory(party=Compact.objects.get().parties.last(), user=nurse, post="For the staff")
    page = read(of(nurse), f"{there}draft/")
    assert "Add a theme" not in page
    read(of(nurse), f"{there}draft/vision/", 403)
    answer = of(nurse).post(f"{there}draft/comment/", {"comment": "Start with rotas"}, follow=True)
    assert "For the staff" in answer.content.decode()


def test_named_member_of_a_trust_comments_on_a_promise_and_writes_none(trust):
    version = drafted(trust=trust)
    nurse = member(Role.FACILITATOR, trust)
    PartyMemberFactory(party=version.sides.last().party, user=nurse)
    promise = version.promises.first()
    address = f"/trusts/RR8/compact/draft/promises/{promise.pk}/"
    of(nurse).post(address, {"text": "mine", "version": 1, "comment": "Plainer?", "remove": "1"})
    promise.refresh_from_db()
    assert promise.text != "mine"
    assert version.comments.get().text == "Plainer?"


def test_history_of_the_own_compacts_draft_is_for_those_who_work_on_it(trust):
    version = drafted(trust=trust)
    address = f"/history/compacts/compactversion/{version.pk}/"
    assert "Compact of Leeds" in read(of(member(Role.KPO_LEAD, trust)), address)
    read(of(member(Role.FACILITATOR, trust)), address, 403)
    read(of(member(Role.KPO_LEAD, TrustFactory(partnership=trust.partnership))), address, 404)


def test_records_of_the_partnerships_draft_are_on_no_trusts_history(first, second, chief):
    read(of(chief), f"/history/compacts/compactversion/{second.pk}/", 404)


def test_draft_put_away_is_gone(first, second, chief):
    assert "What is in force stays in force" in read(of(chief), "/compact/draft/discard/")
    assert of(chief).post("/compact/draft/discard/")["Location"] == "/compact/"
    read(of(chief), "/compact/draft/", 404)
    assert of(chief).get("/compact/draft/fresh/")["HX-Redirect"] == "/compact/"


@pytest.mark.parametrize(
    "address", ["/compact/", "/compact/draft/", "/compact/draft/?with=before", "/compact/draft/agree/"]
)
def test_queries_do_not_grow_with_promises_comments_or_versions(first, second, chief, director, address):
    PartyMemberFactory(party=first.compact.parties.first(), user=director)
    client = of(director)

    def count():
        with CaptureQueriesContext(connection) as asked:
            read(client, address)
        return len(asked)

    for n in range(3):
        CommentFactory(version=first, promise=list(first.promises)[n])
    # Names of promises and people are asked for once, however many there are.
    CommentFactory(version=second, promise=second.promises.first())
    count()
    before = count()
    parties = list(first.compact.parties.all())
    for n in range(3, 8):
        theme = ThemeFactory(version=second, position=n)
        for party in parties:
            promise = PromiseFactory(theme=theme, party=party, position=1)
            CommentFactory(version=second, promise=promise)
    assert count() == before
    assert before < 40
