"""What a stand-down of a trust or of a value stream would stop: weeks to be held, and remeasures that fall due."""

from datetime import date

from rpiws.models import Rpiw, State
from rpiws.remeasure import load
from trusts.models import StandDown
from ui.words import plural


def say_covered(planned: StandDown) -> str:
    """`It stands down 2 RPIWs: 1 week to be held and 3 remeasures.` Nothing where it stops none."""
    if not planned.stops_rpiws:
        return ""
    rpiws = Rpiw.objects.filter(value_stream__trust=planned.trust, kept_apart=False)
    rpiws = rpiws.exclude(state__in=(State.CANCELLED, State.CLOSED))
    if planned.value_stream:
        rpiws = rpiws.filter(value_stream=planned.value_stream)
    first, last = planned.started, planned.ended or date.max
    weeks, remeasures, covered = 0, 0, 0
    for facts in load(rpiws):
        week = facts.reported_out is None and first <= facts.week_starts <= last
        due = sum(
            first <= day <= last and facts.answered(checkpoint) < len(facts.measures)
            for checkpoint in facts.planned
            if facts.is_remeasured and (day := facts.due(checkpoint))
        )
        weeks, remeasures, covered = weeks + week, remeasures + due, covered + (week or due > 0)
    if not covered:
        return ""
    of_weeks = f"{plural(weeks, 'week')} to be held" if weeks else ""
    of_remeasures = plural(remeasures, "remeasure") if remeasures else ""
    return f"It stands down {plural(covered, 'RPIW')}: {' and '.join(filter(None, (of_weeks, of_remeasures)))}."
