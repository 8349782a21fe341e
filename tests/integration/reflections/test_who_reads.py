"""The database itself shows the safe space to the board's members alone: as the application's role, past all code."""

import io
import os
from contextlib import closing
from datetime import timedelta

import psycopg2
import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.utils import timezone

from accounts.history import is_tracked
from accounts.permissions import SeatRole
from boards.actions.room import close_meeting
from boards.models import Holding
from reflections import safe
from reflections.models import (
    Breach,
    BreachDraft,
    Line,
    PrivateNote,
    RepairStep,
    SafetyRoutes,
    Scribe,
    Talk,
    Terms,
    Trace,
)
from reflections.models.safe import SafeRecord
from reflections.safe import NotSafe, speaking_as
from tests.factories.boards import AgendaItemFactory, BoardFactory, HoldingFactory, MeetingFactory, SeatFactory, sitting
from tests.factories.reflections import BreachFactory, LineFactory, RepairStepFactory, TalkFactory, TermsFactory
from tests.integration.reflections.conftest import CANARY, outsiders

pytestmark = pytest.mark.django_db

OPEN = {Scribe, SafetyRoutes, Trace}
"""What of this room is no secret."""


def safe_models():
    return [
        model
        for model in apps.get_models()
        if model._meta.app_label == "reflections" and getattr(model, "pgh_tracked_model", model) not in OPEN
    ]


def rows_seen():
    """How many rows of each table SQL shows, whoever speaks now."""
    found = {}
    for model in safe_models():
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT count(*) FROM {model._meta.db_table}")
            found[model._meta.db_table] = cursor.fetchone()[0]
    return found


def test_every_table_of_the_room_has_policies_and_a_new_one_fails_here():
    assert {model for model in safe_models() if not hasattr(model, "pgh_tracked_model")} == {
        model for model in apps.get_models() if issubclass(model, SafeRecord)
    }
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relrowsecurity AND relnamespace = 'public'::regnamespace")
        assert {name for (name,) in cursor.fetchall()} == {model._meta.db_table for model in safe_models()}
        cursor.execute("SELECT rolbypassrls OR rolsuper FROM pg_roles WHERE rolname = current_user")
        assert cursor.fetchone() == (False,)


def test_member_reads_what_was_said_and_nothing_of_what_is_anothers_own(said):
    with speaking_as(said["member"]):
        assert set(rows_seen().values()) == {1}
    with speaking_as(said["chair"]):
        seen = rows_seen()
    assert {table for table, rows in seen.items() if rows == 0} == {
        "reflections_privatenote",
        "reflections_breachdraft",
    }


def test_outsiders_read_no_row_of_any_table(said):
    for who, user in outsiders(said).items():
        with speaking_as(user):
            assert set(rows_seen().values()) == {0}, who
            assert not Line.objects.exists(), who


def test_who_names_nobody_reads_nothing_as_the_worker_the_api_and_a_shell_do(said):
    assert set(rows_seen().values()) == {0}
    out = io.StringIO()
    call_command("dumpdata", "reflections", stdout=out)
    assert CANARY not in out.getvalue()
    # A line and a breach cannot be written by nobody, nor for another board.
    with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
        LineFactory(meeting=said.meeting)
    other = MeetingFactory(board=BoardFactory(partnership=said.board.partnership, kind="kpo_network"))
    with pytest.raises(ProgrammingError, match="row-level security"), speaking_as(said["member"]):
        LineFactory(meeting=other)


def test_outsiders_write_nothing(said):
    for who, user in outsiders(said).items():
        with speaking_as(user), connection.cursor() as cursor:
            for statement in ("UPDATE reflections_line SET text = 'x'", "DELETE FROM reflections_proposal"):
                cursor.execute(statement)
                assert cursor.rowcount == 0, who
        with pytest.raises(ProgrammingError, match="row-level security"), speaking_as(user):
            LineFactory(meeting=said.meeting)


def test_name_ends_with_its_transaction_and_with_its_block(said):
    with speaking_as(said["member"]):
        with speaking_as(said["chair"]):
            assert not PrivateNote.objects.exists()
        assert PrivateNote.objects.exists()
        with pytest.raises(ZeroDivisionError), speaking_as(said["chair"]):
            raise ZeroDivisionError
        assert PrivateNote.objects.exists()
    assert not Line.objects.exists()


def test_draft_is_its_callers_alone_until_the_sensei_is_asked(said):
    draft = said.rows["draft"]
    for name in ("chair", "scribe", "sensei"):
        with speaking_as(said[name]):
            assert not BreachDraft.objects.exists()
    with speaking_as(said["member"]):
        BreachDraft.objects.filter(pk=draft.pk).update(with_sensei=True)
    with speaking_as(said["sensei"]):
        assert BreachDraft.objects.get() == draft
        assert BreachDraft.objects.update(happened="Other words") == 0
    with speaking_as(said["chair"]):
        assert not BreachDraft.objects.exists()
    # Not even somebody's own draft is read after the seat.
    Holding.objects.filter(user=said["member"]).update(ends=timezone.localdate() - timedelta(days=1))
    with speaking_as(said["member"]):
        assert not BreachDraft.objects.exists()


@pytest.fixture
def before(table):
    """A line and an open breach of ten days ago."""
    past = MeetingFactory(board=table.board, on=timezone.localdate() - timedelta(days=10), opened_at=timezone.now())
    with speaking_as(table["member"]):
        table.rows["line"] = LineFactory(meeting=past)
        table.rows["breach"] = BreachFactory(brought_at=past, promise=table.promise)
        TalkFactory(breach=table.rows["breach"])
        RepairStepFactory(breach=table.rows["breach"], party=table.promise.party)
    return table


def counts():
    return [model.objects.count() for model in (Line, Breach, Talk, RepairStep)]


def test_new_member_reads_from_the_first_day_on_unless_the_board_decides_otherwise(before):
    newcomer = sitting(before.board, SeatRole.CHIEF_EXECUTIVE)
    Holding.objects.filter(user=newcomer).update(starts=timezone.localdate())
    with speaking_as(newcomer):
        assert counts() == [0, 0, 0, 0]
        assert not Line.pgh_event_model.objects.exists()
    # What is on the table again is there for everybody who sits round it; what was said before is not.
    with speaking_as(before["member"]):
        Breach.objects.update(day=timezone.localdate())
    with speaking_as(newcomer):
        assert counts() == [0, 1, 0, 1]
    with speaking_as(before["chair"]):
        decided = TermsFactory(meeting=before.meeting, newcomers_from=timezone.localdate() - timedelta(days=20))
    with speaking_as(newcomer):
        assert counts() == [1, 1, 1, 1]
    with speaking_as(before["chair"]):
        TermsFactory(meeting=before.meeting, newcomers_from=None)
        assert Terms.objects.first() != decided
    with speaking_as(newcomer):
        assert counts() == [0, 1, 0, 1]


def test_who_changes_seats_keeps_what_they_heard_and_who_comes_back_reads_their_own_days(before):
    today = timezone.localdate()
    who = before["scribe"]
    Holding.objects.filter(user=who).update(ends=today - timedelta(days=5))
    with speaking_as(who):
        assert counts() == [0, 0, 0, 0]
    HoldingFactory(seat=SeatFactory(board=before.board, title="Another seat"), user=who, starts=today)
    with speaking_as(who):
        assert counts() == [1, 1, 1, 1]
    Holding.objects.filter(user=who, ends__isnull=False).update(ends=today - timedelta(days=11))
    with speaking_as(who):
        assert counts() == [0, 0, 0, 0]


def test_closed_meeting_stands_in_the_safe_space_too(said):
    close_meeting(meeting=said.meeting, why_not_reflected="", by=said["chair"])
    with speaking_as(said["member"]):
        # What the board did not agree to is gone; the note stays until the next meeting is closed.
        assert rows_seen()["reflections_proposal"] == 0
        assert PrivateNote.objects.exists()
        assert Line.objects.all().delete()[0] == 0
    for attack in ("UPDATE reflections_line SET text = 'x'", "UPDATE reflections_talk SET better = 'x'"):
        with pytest.raises(IntegrityError, match="its minutes stand"), speaking_as(said["member"]):
            connection.cursor().execute(attack)
    following = MeetingFactory(board=said.board, opened_at=timezone.now())
    AgendaItemFactory(meeting=following, kind="reflections", began_at=timezone.now(), ended_at=timezone.now())
    close_meeting(meeting=following, why_not_reflected="", by=said["chair"])
    with speaking_as(said["member"]):
        assert not PrivateNote.objects.exists()
        assert Line.objects.exists()


def forget():
    with connection.cursor() as cursor:
        cursor.execute("SELECT reflections_forget()")
        return cursor.fetchone()[0]


def test_board_lets_go_of_what_is_older_than_it_decided(table):
    old = MeetingFactory(board=table.board, on=timezone.localdate() - timedelta(days=400), opened_at=timezone.now())
    Holding.objects.update(starts=timezone.localdate() - timedelta(days=500))
    with speaking_as(table["chair"]):
        LineFactory(meeting=old)
        LineFactory(meeting=table.meeting)
        still_open, ended = (BreachFactory(brought_at=old, promise=table.promise) for _ in range(2))
        TalkFactory(breach=ended)
        RepairStepFactory(breach=ended, party=table.promise.party)
        Breach.objects.filter(pk=ended.pk).update(ended_as="rest", ended_at=old)
    assert forget() == 0
    with speaking_as(table["chair"]):
        TermsFactory(meeting=table.meeting, keep_months=12)
    assert forget() == 2
    assert forget() == 0
    with speaking_as(table["chair"]):
        assert counts() == [1, 1, 0, 0]
        assert Breach.objects.get() == still_open
        for model in (Line, Talk, RepairStep, Breach):
            events = model.pgh_event_model.objects.values_list("pgh_obj_id", flat=True)
            assert set(events) == set(model.objects.values_list("pk", flat=True))


def test_what_is_the_leavers_own_goes_with_them(said):
    Holding.objects.filter(user=said["member"]).update(ends=timezone.localdate() - timedelta(days=1))
    forget()
    Holding.objects.filter(user=said["member"]).update(ends=None)
    with speaking_as(said["member"]):
        assert not BreachDraft.objects.exists()
        assert not PrivateNote.objects.exists()
        assert Line.objects.exists()


def test_what_is_nobody_elses_leaves_no_trail(said):
    assert not is_tracked(BreachDraft)
    assert not is_tracked(PrivateNote)
    assert not is_tracked(apps.get_model("reflections", "Proposal"))


def test_traces_cannot_be_forged_or_wiped(said):
    assert Trace.objects.exists()
    for attack in (
        "DELETE FROM reflections_trace",
        "UPDATE reflections_trace SET at = now()",
        f"INSERT INTO reflections_trace (board_id, at) VALUES ({said.board.pk}, now())",
        "ALTER TABLE reflections_line DISABLE ROW LEVEL SECURITY",
        "DROP POLICY reads ON reflections_line",
        "CREATE TEMP TABLE t (LIKE reflections_line); CREATE TRIGGER x AFTER INSERT ON t FOR EACH ROW"
        " EXECUTE FUNCTION public.reflections_after_closing()",
    ):
        with pytest.raises(ProgrammingError, match=r"denied|must be owner"), transaction.atomic():
            connection.cursor().execute(attack)


def test_tables_of_the_same_name_deceive_no_policy(said):
    analyst = outsiders(said)["regulator analyst"]
    with speaking_as(analyst), connection.cursor() as cursor:
        for table in ("boards_holding", "boards_seat", "accounts_user", "reflections_terms"):
            cursor.execute(f"CREATE TEMP TABLE {table} AS SELECT * FROM public.{table}")
        cursor.execute("UPDATE pg_temp.boards_holding SET user_id = %s", [analyst.pk])
        cursor.execute("SELECT count(*) FROM public.reflections_line")
        assert cursor.fetchone() == (0,)


@pytest.mark.django_db(transaction=True)
def test_one_role_for_both_shuts_the_safe_space(said, monkeypatch):
    """The owner of the tables is not bound by policies: then nobody is let in at all."""

    class AsOwner:
        def __init__(self, real):
            self.real = real
            self.in_atomic_block = False

        def cursor(self):
            return self.real.cursor()

    with closing(psycopg2.connect(os.environ["DATABASE_OWNER_URL"])) as owner:
        monkeypatch.setattr(safe, "connection", AsOwner(owner))
        with pytest.raises(NotSafe, match="role of the application's own"):
            safe._name("1")
