"""What the example's TGB kept of its reflections, and the breach of July 2018: that is published, its words are ours.

The chair writes, for the database lets nobody else than a member do so.
"""

from datetime import date

from accounts.models import User
from boards.models import Meeting, Seat
from boards.presenters.compact import version_for
from compacts.models import Promise
from examples.loading.tables import rows
from reflections.actions import breaches, lines
from reflections.models import Breach, RepairStep
from reflections.safe import speaking_as

_JULY, _SEPTEMBER = BREACH_DAYS = ("2018-07-17", "2018-09-18")
"""The meetings at which it was brought, and ended."""
_BY, _RENEGOTIATED = date(2018, 10, 1), 3
"""When version 3 of the compact came into force, to which it led."""
_HAPPENED = (
    "The chief executive of one of the five trusts stepped down this month. It had been coming since the spring, and at"
    " this table nobody had said so. Most of us read it."
)
_MEANT_WELL = "Whoever knew kept quiet to protect a colleague, and the staff of that trust."
_WHY_UNSAID = (
    "Each of us thought that it was another’s to say. The regulator waited for the trust, the trusts for the regulator."
    " And it is easier to be kind than to be early."
)
_BETTER = "Rung each other on the day that we began to worry, and asked what would help."
_SECOND_TALK = (
    "We would have said it, had we agreed what early means. The compact asks for openness and names no day. That is a"
    " gap in the promise, and not in one of us."
)
_LEARNED = "Openness without a day is a wish. Both parties now say by when they speak, and about a change of leaders."


def keep_reflections(meeting: Meeting, ago: int, chair: User) -> None:
    """The lines of a meeting that is about to be closed, and what was said of the breach."""
    seats = {seat.title: seat for seat in meeting.board.seats.all()}
    lines.choose_scribe(meeting=meeting, seat=seats["Regional director, regulator"], by=chair)
    for row in rows("board_reflections.csv"):
        if row["meeting"] in (str(ago), meeting.on.isoformat()):
            _keep(meeting, row, seats, chair)
    if meeting.on.isoformat() == _JULY:
        _call_out(meeting, chair)
    elif meeting.on.isoformat() == _SEPTEMBER:
        _end(meeting, chair)


def _keep(meeting: Meeting, row: dict[str, str], seats: dict[str, Seat], chair: User) -> None:
    promise = _promise(meeting, row) if row["theme"] else None
    said = lines.propose_line(meeting=meeting, prompt=row["prompt"], text=row["text"], promise=promise, by=chair)
    line = lines.agree_line(proposal=said, by=chair)
    if row["said_by"]:
        lines.sign_line(line=line, mine=True, by=seats[row["said_by"]].holdings.get().user)  # type: ignore[attr-defined]


def _promise(meeting: Meeting, row: dict[str, str]) -> Promise:
    version = version_for(meeting.board, on=meeting.on)
    assert version is not None
    places = {"theme__position": row["theme"], "position": row["row"], "party__position": row["party"]}
    return version.promises.get(**places)


def _call_out(meeting: Meeting, chair: User) -> None:
    promise = _promise(meeting, {"theme": "3", "row": "1", "party": "2"})
    values = {"promise": promise, "happened": _HAPPENED, "meant_well": _MEANT_WELL}
    draft = breaches.draft_breach(board=meeting.board, values=values, by=chair)
    breach = breaches.bring_breach(draft=draft, meeting=meeting, by=chair)
    breaches.talk_over(breach=breach, meeting=meeting, why_unsaid=_WHY_UNSAID, better=_BETTER, seen=0, by=chair)


def _end(meeting: Meeting, chair: User) -> None:
    with speaking_as(chair):
        breach = Breach.objects.get()
        breaches.talk_over(breach=breach, meeting=meeting, why_unsaid=_SECOND_TALK, better="", seen=0, by=chair)
        hospitals = breach.promise.party
        regulator = hospitals.compact.parties.get(position=1)  # type: ignore[attr-defined]
        for party, text in (
            (regulator, "Bring words to the next meeting for what it promises when its leaders or ours change"),
            (hospitals, "Ring the partners on the day, before anybody reads it elsewhere"),
        ):
            breaches.promise_repair(breach=breach, meeting=meeting, party=party, text=text, due=_BY, by=chair)
        RepairStep.objects.filter(breach=breach).update(done_on=_BY)
        version = hospitals.compact.versions.get(number=_RENEGOTIATED)  # type: ignore[attr-defined]
        breaches.end_breach(
            breach=breach, meeting=meeting, how=Breach.End.RENEGOTIATED, learned=_LEARNED, led_to=version, by=chair
        )
