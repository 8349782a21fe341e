"""What the audit page tells of the safe space: that something changed at a board, and when. Neither what, nor who: that
would say who called out a breach. The tables themselves show it nothing (docs/adr/0020).
"""

from typing import Any

from django.db.models import Q

from accounts.trail import NOBODY, OF_SET_UP, OF_TRUSTS, Line, OwnTrail
from reflections.models import SafetyRoutes, Scribe, Trace
from ui.history import Entry

CALLED = "Reflections and breaches"


class Traces(OwnTrail):
    at = "at"
    number = "pk"
    record = "board_id"

    @property
    def events(self) -> Any:
        return Trace.objects.select_related("board__trust")

    def of_person(self, person: int | str) -> Q:
        return Q() if person == NOBODY else Q(pk__in=())

    def line(self, event: Trace) -> Line:
        entry = Entry(event.at, "Not told", "Something changed")
        return Line(entry, self, event.board_id, str(event.board), "", False)


def register() -> None:
    for register in (OF_TRUSTS, OF_SET_UP):
        register.kinds["reflections.trace"] = Traces(Trace, "board", "board", CALLED)
    OF_TRUSTS.add(Scribe, "meeting", called="seat", name="Scribe of a meeting")
    OF_SET_UP.add(Scribe, "meeting", called="meeting", name="Scribe of a meeting", shown=("meeting",))
    OF_SET_UP.add(SafetyRoutes, "partnership", called="partnership", name="Safety and speaking-up routes")
