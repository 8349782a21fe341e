"""Reflections and breaches as members write them, at a meeting that is being held."""

from datetime import timedelta

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from accounts.permissions import Role
from boards.actions.room import close_meeting
from boards.models import AgendaItem, Entry, Meeting
from boards.refusals import ChangedMeanwhile, Refused
from compacts.actions.beginning import renegotiate
from reflections import letters
from reflections.actions import breaches as act
from reflections.actions import lines
from reflections.actions.terms import decide_terms
from reflections.models import Breach, BreachDraft, Line, Proposal, RepairStep, Scribe, Terms
from reflections.safe import speaking_as
from tests.architecture.asking import client_of
from tests.factories.boards import AgendaItemFactory, MeetingFactory, SeatFactory, sitting
from tests.factories.compacts import published
from tests.factories.trusts import member

pytestmark = pytest.mark.django_db

LINE = {"prompt": "learned", "text": "I asked the ward first.", "promise": None}


def propose(table, **words):
    return lines.propose_line(meeting=table.meeting, by=table["scribe"], **(LINE | words))


def brought(table):
    values = {"promise": table.promise, "happened": "We heard it in May.", "meant_well": "To spare a colleague."}
    draft = act.draft_breach(board=table.board, values=values, by=table["member"])
    return act.bring_breach(draft=draft, meeting=table.meeting, by=table["member"])


def test_scribe_alone_writes_for_the_board_and_is_a_member(table):
    with pytest.raises(Refused, match="scribe of this meeting"):
        lines.propose_line(meeting=table.meeting, by=table["member"], **LINE)
    seat = SeatFactory(board=table.board, role="secretariat", title="Secretariat")
    with pytest.raises(Refused, match="member of the board"):
        lines.choose_scribe(meeting=table.meeting, seat=seat, by=table["chair"])
    lines.choose_scribe(meeting=table.meeting, seat=table.board.seats.get(role="sensei"), by=table["member"])
    assert Scribe.objects.get().seat.title == "Sensei"
    lines.propose_line(meeting=table.meeting, by=table["sensei"], **LINE)
    with pytest.raises(Refused):
        propose(table)


def test_only_what_the_board_agrees_to_is_kept_and_pressed_twice_once(table):
    kept, dropped = propose(table), propose(table, text="Not this one.")
    line = lines.agree_line(proposal=kept, by=table["scribe"])
    with pytest.raises(Refused, match="no longer there"):
        lines.agree_line(proposal=kept, by=table["scribe"])
    lines.drop_proposal(proposal=dropped, by=table["scribe"])
    with speaking_as(table["chair"]):
        assert [each.text for each in Line.objects.all()] == [LINE["text"]]
        events = Line.pgh_event_model.objects.select_related("pgh_context")
        assert [(event.pgh_label, event.text) for event in events] == [("insert", LINE["text"])]
        # Nothing says who pressed what: the trail of the safe space names nobody.
        assert events[0].pgh_context.metadata["user"] is None
        assert table["scribe"].email not in str(events[0].pgh_context.metadata)
    lines.take_back_line(line=line, by=table["scribe"])
    with speaking_as(table["chair"]):
        assert not Line.objects.exists()
        assert Proposal.objects.get().text == LINE["text"]


def test_what_is_sent_twice_is_there_once(table):
    assert propose(table) == propose(table)
    values = {"promise": table.promise, "happened": "We heard it in May.", "meant_well": "To spare a colleague."}
    first, second = (act.draft_breach(board=table.board, values=values, by=table["member"]) for _ in range(2))
    assert first == second
    # Somebody else who saw the same has a draft of their own.
    assert act.draft_breach(board=table.board, values=values, by=table["chair"]) != first


def test_who_is_chosen_to_write_finds_the_form_at_the_next_turn(table):
    address = f"/meetings/{table.meeting.pk}/reflections/"
    client = client_of(table["sensei"])
    assert "Propose the line" not in client.get(address).content.decode()
    lines.choose_scribe(meeting=table.meeting, seat=table.board.seats.get(role="sensei"), by=table["chair"])
    assert "Propose the line" in client.get(f"{address}fresh/").content.decode()


def test_somebody_was_quicker_and_nothing_typed_is_lost(table):
    address, line = f"/meetings/{table.meeting.pk}/reflections/", propose(table)
    lines.drop_proposal(proposal=line, by=table["scribe"])
    client = client_of(table["scribe"])
    answer = client.post(f"{address}proposed/{line.pk}/agree/", follow=True)
    assert "somebody changed it meanwhile" in answer.content.decode()
    breach = brought(table)
    # Somebody else was chosen, or the meeting was closed, while they wrote.
    lines.choose_scribe(meeting=table.meeting, seat=table.board.seats.get(role="sensei"), by=table["chair"])
    talk = {"why_unsaid": "Each of us waited.", "better": "", "version": 0}
    for refused in ("scribe of this meeting", "No meeting is being held"):
        for to, typed in (
            (f"{address}propose/", {"prompt": "learned", "text": "Each of us waited.", "promise": ""}),
            (f"/boards/{table.board.pk}/breaches/{breach.pk}/talk/", talk),
        ):
            page = client.post(to, typed).content.decode()
            assert "Each of us waited." in page
            assert refused in page or "its minutes stand" in page
        close_meeting(meeting=table.meeting, why_not_reflected="", by=table["chair"])


def test_speaker_alone_puts_their_seat_to_a_line(table):
    line = lines.agree_line(proposal=propose(table), by=table["scribe"])
    lines.sign_line(line=line, mine=True, by=table["sensei"])
    with speaking_as(table["chair"]):
        assert Line.objects.get().said_by.title == "Sensei"
    for mine in (True, False):
        with pytest.raises(PermissionDenied):
            lines.sign_line(line=line, mine=mine, by=table["chair"])
    lines.sign_line(line=line, mine=False, by=table["sensei"])
    with speaking_as(table["chair"]):
        assert Line.objects.get().said_by is None


def test_nothing_is_written_before_and_after_the_meeting(table):
    proposal = propose(table)
    close_meeting(meeting=table.meeting, why_not_reflected="", by=table["chair"])
    coming = MeetingFactory(board=table.board)
    for meeting in (table.meeting, coming):
        with pytest.raises(Refused, match=r"its minutes stand|has not begun"):
            lines.propose_line(meeting=meeting, by=table["scribe"], **LINE)
    with pytest.raises(Refused):
        lines.agree_line(proposal=proposal, by=table["scribe"])
    # A thought of one's own may come later.
    lines.write_note(meeting=table.meeting, text="Ring the region.", by=table["member"])
    answer = client_of(table["member"]).get(f"/meetings/{table.meeting.pk}/reflections/")
    assert "Ring the region." in answer.content.decode()
    assert "Ring the region." not in client_of(table["chair"]).get(answer.request["PATH_INFO"]).content.decode()


def test_bringing_a_breach_deletes_the_draft_and_who_called_out(table):
    breach = brought(table)
    with speaking_as(table["member"]):
        assert not BreachDraft.objects.exists()
        assert table["member"].pk not in vars(Breach.objects.get()).values()
        event = Breach.pgh_event_model.objects.select_related("pgh_context").get()
        assert event.pgh_context.metadata["user"] is None
    page = client_of(table["chair"]).get(f"/boards/{table.board.pk}/breaches/{breach.pk}/").content.decode()
    assert "We heard it in May." in page
    assert "Regulator member" not in page


def test_sensei_who_is_asked_is_told_that_something_waits_and_brings_it(table, django_capture_on_commit_callbacks):
    values = {"promise": table.promise, "happened": "We heard it in May.", "meant_well": "To spare a colleague."}
    draft = act.draft_breach(board=table.board, values=values, by=table["member"])
    address = f"/boards/{table.board.pk}/breaches/drafts/{draft.pk}/"
    assert client_of(table["sensei"]).get(address).status_code == 404
    act.hand_to_sensei(draft=draft, hand=True, by=table["member"])
    assert letters.tell_sensei(table.board.pk) == 1
    letter = mail.outbox[0]
    assert (letter.to, letter.subject) == ([table["sensei"].email], "Something waits for you: TGB")
    assert "May" not in letter.body
    assert "Regulator" not in letter.body
    page = client_of(table["sensei"]).get(address).content.decode()
    assert "Somebody at this table asks you to bring it, and is not named." in page
    assert client_of(table["chair"]).get(address).status_code == 404
    with pytest.raises(Refused):
        act.change_draft(draft=draft, values={"happened": "Other words"}, seen=0, by=table["sensei"])
    act.bring_breach(draft=draft, meeting=table.meeting, by=table["sensei"])
    with pytest.raises(Refused, match="no longer there"):
        act.bring_breach(draft=draft, meeting=table.meeting, by=table["member"])
    gone = client_of(table["member"]).get(address)
    assert gone.status_code == 404
    assert "It was put on the table, or thrown away." in gone.content.decode()
    with speaking_as(table["chair"]):
        assert Breach.objects.count() == 1


def test_breach_is_brought_in_the_room_only(table):
    Meeting.objects.update(opened_at=None)
    client = client_of(table["member"])
    form = {"promise": table.promise.pk, "happened": "We heard it in May.", "meant_well": "x", "version": 0}
    address = client.post(f"/boards/{table.board.pk}/breaches/call-out/", form)["Location"]
    assert "No meeting is being held now: it waits here." in client.get(address).content.decode()
    client.post(f"{address}bring/")
    with speaking_as(table["member"]):
        assert not Breach.objects.exists()
        assert BreachDraft.objects.get().caller == table["member"]


@pytest.mark.parametrize(
    ("happened", "refused"),
    [
        ("Chief executive, Leeds kept it back.", "Take out “Chief executive, Leeds”"),
        ("It was robin example who knew.", "Take out “Robin Example”"),
        ("The chair did not ask.", ""),
        ("", "Write what happened"),
        ("NHS number 943 476 5919", "NHS number"),
    ],
)
def test_breach_names_behaviour_and_no_culprit(table, happened, refused):
    sitting(table.board, name="Chief executive, Leeds")
    sitting(table.board, name="Robin Example")
    form = {"promise": table.promise.pk, "happened": happened, "meant_well": "To spare a colleague.", "version": 0}
    answer = client_of(table["member"]).post(f"/boards/{table.board.pk}/breaches/call-out/", form)
    assert (answer.status_code == 302) is not refused
    assert refused in answer.content.decode()
    assert not happened or not refused or happened in answer.content.decode()


def test_breach_is_talked_over_at_two_meetings_repaired_and_ended(table):
    breach = brought(table)
    act.talk_over(breach=breach, meeting=table.meeting, why_unsaid="We waited.", better="", seen=0, by=table["scribe"])
    with pytest.raises(ChangedMeanwhile):
        act.talk_over(breach=breach, meeting=table.meeting, why_unsaid="x", better="", seen=0, by=table["scribe"])
    with pytest.raises(Refused, match="what the parties do by when"):
        act.end_breach(
            breach=breach, meeting=table.meeting, how="repaired", learned="", led_to=None, by=table["scribe"]
        )
    due = timezone.localdate() + timedelta(days=20)
    repair = {"party": table.promise.party, "text": "Ring on the day", "due": due}
    step = act.promise_repair(breach=breach, meeting=table.meeting, by=table["scribe"], **repair)
    assert act.promise_repair(breach=breach, meeting=table.meeting, by=table["scribe"], **repair) == step
    # It is no action of the board: neither minutes nor letters nor the secretariat learn of it.
    assert not Entry.objects.exists()
    close_meeting(meeting=table.meeting, why_not_reflected="", by=table["chair"])

    following = MeetingFactory(board=table.board, opened_at=timezone.now())
    AgendaItemFactory(meeting=following, kind="reflections")
    AgendaItem.objects.filter(meeting=following).update(began_at=timezone.now())
    lines.choose_scribe(meeting=following, seat=table.board.seats.get(role="chair"), by=table["chair"])
    act.talk_over(breach=breach, meeting=following, why_unsaid="", better="Ask.", seen=0, by=table["chair"])
    ending = {"breach": breach, "meeting": following, "learned": "", "led_to": None, "by": table["chair"]}
    with pytest.raises(Refused, match="still open"):
        act.end_breach(how="repaired", **ending)
    act.step_is_done(step=step, done=True, by=table["member"])
    act.end_breach(how="repaired", **ending)
    with speaking_as(table["member"]):
        found = Breach.objects.get()
        assert (found.ended_as, found.ended_at, found.day) == ("repaired", following, following.on)
        assert [talk.day for talk in found.talks.all()] == [table.meeting.on, following.on]
    with pytest.raises(Refused, match="has ended"):
        act.talk_over(breach=breach, meeting=following, why_unsaid="x", better="", seen=1, by=table["chair"])
    act.put_on_the_table(breach=breach, meeting=following, by=table["sensei"])
    with speaking_as(table["member"]):
        assert Breach.objects.get().is_open
        assert RepairStep.objects.get().is_done


def test_renegotiated_breach_shows_as_cause_of_the_version_to_members_alone(table):
    breach = brought(table)
    ending = {"learned": "We had never said what early means.", "led_to": None}
    act.end_breach(breach=breach, meeting=table.meeting, how="renegotiated", by=table["scribe"], **ending)
    second = renegotiate(compact=table.version.compact, reason="Early means this week.", by=table["chair"])
    published(second, on=timezone.localdate())
    act.link_version(breach=breach, version=second, by=table["member"])
    words = "A breach that the TGB talked over"
    page = client_of(table["sensei"]).get("/compact/versions/2/").content.decode()
    assert words in page
    assert f"/boards/{table.board.pk}/breaches/{breach.pk}/" in page
    assert words not in client_of(table["sensei"]).get("/compact/versions/1/").content.decode()
    secretariat = member(Role.SECRETARIAT, partnership=table.board.partnership)
    assert words not in client_of(secretariat).get("/compact/versions/2/").content.decode()


def test_chair_alone_records_what_the_board_decided_and_at_a_meeting(table):
    decision = {"meeting": table.meeting, "keep_months": 24, "newcomers_from": None}
    with pytest.raises(PermissionDenied):
        decide_terms(by=table["scribe"], **decision)
    client = client_of(table["chair"])
    address = f"/boards/{table.board.pk}/reflections/"
    form = {"keep_months": "24", "newcomers_from_day": "", "newcomers_from_month": "", "newcomers_from_year": ""}
    assert client.post(f"{address}terms/", form).status_code == 302
    assert client.post(f"{address}terms/", form).status_code == 302
    with speaking_as(table["sensei"]):
        assert Terms.objects.get().keep_months == 24
    page = client_of(table["sensei"]).get(f"{address}safe/").content.decode()
    assert "Two years, then deleted for good" in page
    Meeting.objects.update(opened_at=None)
    assert client.post(f"{address}terms/", form).status_code == 403


def test_page_says_where_risk_of_harm_goes_as_the_partnership_wrote_it(table):
    address = f"/boards/{table.board.pk}/reflections/safe/"
    page = client_of(table["member"]).get(address).content.decode()
    assert "Freedom to Speak Up guardian" in page
    assert 'href="https://record.learn-from-patient-safety-events.nhs.uk/"' in page
    secretariat = client_of(member(Role.SECRETARIAT, partnership=table.board.partnership))
    written = {"routes": "Ring the guardian\nA story javascript:alert(1)\nThe desk https://desk.example/", "version": 0}
    assert secretariat.post(f"/boards/{table.board.pk}/safety-routes/", written).status_code == 302
    page = client_of(table["member"]).get(address).content.decode()
    assert 'href="https://desk.example/"' in page
    assert 'href="javascript' not in page
    assert "Ring the guardian" in page


def test_pages_ask_as_often_however_much_is_kept(table, django_assert_max_num_queries):
    addresses = (f"/meetings/{table.meeting.pk}/reflections/", f"/boards/{table.board.pk}/reflections/")
    client = client_of(table["chair"])
    for n in range(12):
        line = lines.agree_line(proposal=propose(table, text=f"Line {n}", promise=table.promise), by=table["scribe"])
        lines.sign_line(line=line, mine=True, by=table["sensei"])
        brought(table)
    for address in addresses:
        with django_assert_max_num_queries(42):
            page = client.get(address).content.decode()
        assert "Line 11" in page
    fresh = client.get(f"{addresses[0]}fresh/")
    assert client.get(f"{addresses[0]}fresh/", headers={"If-None-Match": fresh["ETag"]}).status_code == 304
