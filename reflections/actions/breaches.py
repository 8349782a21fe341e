"""A breach, from a draft that is the caller's alone to its end: repaired, renegotiated, acknowledged, or at rest."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils import timezone

from accounts.models import User
from boards.actions.agenda import touch
from boards.models import Board, Meeting
from boards.refusals import ChangedMeanwhile, Refused
from compacts.models import CompactVersion, Party
from reflections.actions.lines import as_scribe, being_held, of
from reflections.models import Breach, BreachDraft, RepairStep, Talk
from reflections.safe import at_the_table
from reflections.waking import tell_sensei_on_commit

GONE = "This draft is no longer there: it was brought, or thrown away"


@at_the_table
def draft_breach(*, board: Board, values: Mapping[str, Any], by: User) -> BreachDraft:
    """For the caller alone, until they bring it. The same sent twice is one draft."""
    Board.objects.select_for_update(no_key=True).get(pk=board.pk)
    draft, _ = BreachDraft.objects.get_or_create(
        board=board, caller=by, **values, defaults={"day": timezone.localdate()}
    )
    return draft


@at_the_table
def change_draft(*, draft: BreachDraft, values: Mapping[str, Any], seen: int, by: User) -> BreachDraft:
    """`seen`: its version when the form was opened, perhaps in another window of the same person."""
    locked = _own(draft, by)
    if all(getattr(locked, name) == value for name, value in values.items()):
        return locked
    if locked.version != seen:
        raise ChangedMeanwhile
    for name, value in values.items():
        setattr(locked, name, value)
    locked.version += 1
    locked.save(update_fields=[*values, "version"])
    return locked


@at_the_table
def drop_draft(*, draft: BreachDraft, by: User) -> None:
    """Nothing of it is kept."""
    _own(draft, by).delete()


@at_the_table
def hand_to_sensei(*, draft: BreachDraft, hand: bool, by: User) -> None:
    """Ask the sensei to bring it; or take it back, as long as it was not brought."""
    locked = _own(draft, by)
    if locked.with_sensei != hand:
        locked.with_sensei = hand
        locked.save(update_fields=["with_sensei"])
        if hand:
            tell_sensei_on_commit(locked.board)


@at_the_table
def bring_breach(*, draft: BreachDraft, meeting: Meeting, by: User) -> Breach:
    """Put it on the table, in the room: by the caller, or by the sensei who was asked. From then on it is the board's,
    and who called it out is kept nowhere."""
    held = being_held(meeting)
    found = BreachDraft.objects.filter(pk=draft.pk, board=held.board_id).first()
    if found is None:
        raise Refused(GONE)
    if not BreachDraft.objects.filter(pk=found.pk).delete()[0]:
        raise Refused(GONE)
    breach = Breach.objects.create(
        board_id=held.board_id,
        day=held.on,
        brought_at=held,
        promise_id=found.promise_id,
        happened=found.happened,
        meant_well=found.meant_well,
    )
    touch(held)
    return breach


@at_the_table
def put_on_the_table(*, breach: Breach, meeting: Meeting, by: User) -> None:
    """Talk it over again, also what had ended. Whoever has joined meanwhile reads it from now on."""
    held = being_held(meeting)
    locked = _locked(breach)
    locked.day, locked.ended_as, locked.ended_at, locked.led_to = held.on, "", None, None
    locked.save(update_fields=["day", "ended_as", "ended_at", "led_to"])
    touch(held)


@at_the_table
def talk_over(*, breach: Breach, meeting: Meeting, why_unsaid: str, better: str, seen: int, by: User) -> Talk:
    """What the board keeps of talking it over at this meeting. `seen`: the version of what stood there already."""
    held = as_scribe(meeting, by)
    locked = _open(breach)
    talk = Talk.objects.select_for_update(of=("self",)).filter(breach=locked, meeting=held).first()
    if talk is None:
        talk = Talk(breach=locked, **of(held))
    elif (talk.why_unsaid, talk.better) == (why_unsaid, better):
        return talk
    elif talk.version != seen:
        raise ChangedMeanwhile
    talk.why_unsaid, talk.better, talk.version = why_unsaid, better, talk.version + 1
    talk.save()
    _spoken_of(locked, held)
    return talk


@at_the_table
def promise_repair(*, breach: Breach, meeting: Meeting, party: Party, text: str, due: date, by: User) -> RepairStep:
    """What a party does by when. The same sent twice is one step."""
    held = as_scribe(meeting, by)
    locked = _open(breach)
    step, _ = RepairStep.objects.get_or_create(breach=locked, party=party, text=text, due=due, defaults=of(held))
    _spoken_of(locked, held)
    return step


@at_the_table
def drop_step(*, step: RepairStep, meeting: Meeting, by: User) -> None:
    """Not promised after all, or worded anew."""
    held = as_scribe(meeting, by)
    _open(step.breach)
    RepairStep.objects.filter(pk=step.pk, done_on__isnull=True).delete()
    touch(held)


@at_the_table
def step_is_done(*, step: RepairStep, done: bool, by: User) -> None:
    """Any member says so, between the meetings, too; and that it was not, after all."""
    locked = RepairStep.objects.select_for_update(of=("self",)).get(pk=step.pk)
    if locked.is_done != done:
        locked.done_on = timezone.localdate() if done else None
        locked.save(update_fields=["done_on"])


@at_the_table
def end_breach(
    *, breach: Breach, meeting: Meeting, how: str, learned: str, led_to: CompactVersion | None, by: User
) -> None:
    """As the board agreed. Repaired only once every step is done."""
    held = as_scribe(meeting, by)
    locked = _open(breach)
    if how == Breach.End.REPAIRED:
        steps = list(locked.steps.all())  # type: ignore[attr-defined]
        if not steps:
            raise Refused("Write first what the parties do by when: a repair names it")
        if not all(step.is_done for step in steps):
            raise Refused("A step of the repair is still open. Say that it is done, or take it off")
    locked.ended_as, locked.ended_at, locked.learned = how, held, learned
    locked.led_to = led_to if how == Breach.End.RENEGOTIATED else None
    locked.day = held.on
    locked.save(update_fields=["ended_as", "ended_at", "learned", "led_to", "day"])
    touch(held)


@at_the_table
def link_version(*, breach: Breach, version: CompactVersion | None, by: User) -> None:
    """Which version of the compact a renegotiation came to: often begun weeks after the meeting."""
    locked = _locked(breach)
    if locked.ended_as != Breach.End.RENEGOTIATED:
        raise Refused("Only what was renegotiated leads to a version")
    locked.led_to = version
    locked.save(update_fields=["led_to"])


def _own(draft: BreachDraft, by: User) -> BreachDraft:
    found = BreachDraft.objects.select_for_update(of=("self",)).filter(pk=draft.pk, caller=by).first()
    if found is None:
        raise Refused(GONE)
    return found


def _locked(breach: Breach) -> Breach:
    return Breach.objects.select_for_update(of=("self",)).get(pk=breach.pk)


def _open(breach: Breach) -> Breach:
    locked = _locked(breach)
    if not locked.is_open:
        raise Refused("This breach has ended. Put it on the table again to go on with it")
    return locked


def _spoken_of(breach: Breach, meeting: Meeting) -> None:
    """Who sits here today was there, whenever it was brought."""
    if breach.day != meeting.on:
        breach.day = meeting.on
        breach.save(update_fields=["day"])
    touch(meeting)
