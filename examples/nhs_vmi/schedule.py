"""The workshops of the reconstruction: which RPIW when, on which process, with which measures."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

from examples.nhs_vmi.chance import Chance
from examples.nhs_vmi.printed import KINDS, TRUSTS, complete_by_trust, rows_of, targets

FIRST_WEEK = date(2015, 11, 2)
LAST_SETTLED_WEEK = date(2019, 6, 3)
"""The last week whose 30-day date, with a few days' delay, lies before the period ends."""
RECENT_WEEKS = (date(2019, 7, 1), date(2019, 7, 8), date(2019, 7, 15))
PERIOD_ENDS = date(2019, 7, 31)

RECENT = {"BHRUT": 0, "LTHT": 2, "SASH": 2, "SATH": 1, "UHCW": 2}
"""RPIWs of July 2019, whose 30 days lie after the period."""

PAIRED_IN_INCOMPLETE = {
    "BHRUT": {"lead_time": 3, "defects": 2, "defect_ratio": 4},
    "LTHT": {"lead_time": 5, "defects": 5, "defect_ratio": 4},
    "SASH": {"lead_time": 3, "defects": 3, "defect_ratio": 3},
    "SATH": {"lead_time": 1, "defects": 1, "defect_ratio": 2},
    "UHCW": {"lead_time": 2, "defects": 0, "defect_ratio": 2},
}
"""Paired measures that belong to incomplete RPIWs: the report does not say, but its two counts need some."""

EASTER_SUNDAYS = (date(2016, 3, 27), date(2017, 4, 16), date(2018, 4, 1), date(2019, 4, 21))


@dataclass
class PlannedMeasure:
    kind: str
    paired: bool


@dataclass
class Workshop:
    trust: str
    value_stream_number: int
    value_stream: str
    number: int
    process: str
    follows: int | None
    week_start: date = FIRST_WEEK
    days: int = 5
    complete: bool = False
    recent: bool = False
    measures: list[PlannedMeasure] = field(default_factory=list)

    @property
    def week_end(self) -> date:
        return self.week_start + timedelta(days=self.days - 1)


def workshops(chance: Chance) -> list[Workshop]:
    """All 113 RPIWs, by trust, value stream and number."""
    held: list[Workshop] = []
    for trust in TRUSTS:
        own = _of_trust(trust, chance)
        _give_dates(own, RECENT[trust], chance)
        _choose_complete(own, complete_by_trust()[trust], chance)
        _give_measures(own, trust, chance)
        held += own
    return held


def _of_trust(trust: str, chance: Chance) -> list[Workshop]:
    own = []
    for stream in rows_of("value_streams.csv"):
        if stream["trust"] != trust:
            continue
        processes = [
            row["process"]
            for row in rows_of("processes.csv")
            if (row["trust"], row["value_stream_number"]) == (trust, stream["number"])
        ]
        held: list[Workshop] = []
        for number in range(1, int(stream["rpiws"]) + 1):
            new = len({workshop.process for workshop in held})
            again = number > 2 and (new >= len(processes) or chance.happens(0.2))
            before = chance.one_of([w for w in held if _latest_on_its_process(w, held)]) if again else None
            process = before.process if before else processes[new]
            held.append(
                Workshop(
                    trust=trust,
                    value_stream_number=int(stream["number"]),
                    value_stream=stream["name"],
                    number=number,
                    process=process,
                    follows=before.number if before else None,
                )
            )
        own += held
    return own


def _latest_on_its_process(workshop: Workshop, held: list[Workshop]) -> bool:
    return all(other.process != workshop.process or other.number <= workshop.number for other in held)


def _give_dates(own: list[Workshop], recent: int, chance: Chance) -> None:
    """Spreads each value stream's RPIWs over its years; a trust holds one RPIW at a time."""
    streams = {row["number"]: row for row in rows_of("value_streams.csv") if row["trust"] == own[0].trust}
    weeks = [week for week in _mondays(FIRST_WEEK, LAST_SETTLED_WEEK) if not _has_holiday(week)]
    wished: list[tuple[float, Workshop]] = []
    numbers = sorted({workshop.value_stream_number for workshop in own})
    still_active = [number for number in numbers if streams[str(number)]["status"] == "active"]
    for place, number in enumerate(numbers):
        held = [workshop for workshop in own if workshop.value_stream_number == number]
        if number in still_active[:recent]:
            held[-1].recent = True
        starts = 0.0 if place == 0 else 0.08 * place + chance.between(0.0, 0.05)
        ends = chance.between(0.86, 1.0) if number in still_active else 0.45
        settled = [workshop for workshop in held if not workshop.recent]
        for step, workshop in enumerate(settled):
            last = step == len(settled) - 1
            jitter = 0.0 if step == 0 or last else chance.between(-0.3, 0.3)
            share = (step + jitter) / max(1, len(settled) - 1)
            wished.append((starts + (ends - starts) * share, workshop))
    taken = -1
    wished.sort(key=lambda wish: (wish[0], wish[1].value_stream_number))
    for left, (share, workshop) in zip(range(len(wished) - 1, -1, -1), wished, strict=True):
        taken = min(max(taken + 1, int(share * len(weeks))), len(weeks) - 1 - left)
        workshop.week_start = weeks[taken]
    for week, workshop in zip(RECENT_WEEKS, [w for w in own if w.recent], strict=False):
        workshop.week_start = week
    for workshop in own:
        workshop.days = 5 if chance.happens(0.75) else chance.one_of((3, 4))


def _choose_complete(own: list[Workshop], count: int, chance: Chance) -> None:
    for workshop in chance.shuffled([w for w in own if not w.recent])[:count]:
        workshop.complete = True


def _give_measures(own: list[Workshop], trust: str, chance: Chance) -> None:
    """Deals out the printed number of paired measures; an incomplete RPIW keeps one that is not paired."""
    pairs = {kind: target.n.get(trust, 0) for kind, target in targets().items()}
    elsewhere = PAIRED_IN_INCOMPLETE[trust]
    complete = chance.shuffled([w for w in own if w.complete])
    lead_time, defects, ratio = (pairs[kind] - elsewhere[kind] for kind in KINDS)
    dealt = {
        "lead_time": complete[:lead_time],
        "defects": complete[:defects],
        "defect_ratio": complete[len(complete) - ratio :],
    }
    for kind, holders in dealt.items():
        for workshop in holders:
            workshop.measures.append(PlannedMeasure(kind, paired=True))
    kinds = [kind for kind in KINDS if pairs[kind]]
    settled = chance.shuffled([w for w in own if not w.complete and not w.recent])
    tokens = [kind for kind in kinds for _ in range(elsewhere[kind])]
    paired_at = {(place % len(settled), kind) for place, kind in enumerate(tokens)}
    for place, workshop in enumerate(settled):
        workshop.measures = [PlannedMeasure(kind, paired=(place, kind) in paired_at) for kind in kinds]
    for workshop in own:
        if workshop.recent:
            workshop.measures = [PlannedMeasure(kind, paired=False) for kind in kinds]
        workshop.measures.sort(key=lambda measure: KINDS.index(measure.kind))


def _mondays(first: date, last: date) -> list[date]:
    return [first + timedelta(weeks=week) for week in range((last - first).days // 7 + 1)]


def _has_holiday(monday: date) -> bool:
    """Whether the week holds a bank holiday of England, or lies around Christmas."""
    friday = monday + timedelta(days=4)
    if (monday.month, monday.day) >= (12, 17) or (monday.month, monday.day) <= (1, 3):
        return True
    if any(monday <= easter + timedelta(days=day) <= friday for easter in EASTER_SUNDAYS for day in (-2, 1)):
        return True
    if monday.month == 5 and (monday.day <= 7 or monday.day >= 25):
        return True
    return monday.month == 8 and monday.day >= 25
