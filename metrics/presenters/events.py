"""What a metric's chart is marked with: what people changed or noted, and what happened, which appears by itself.

What people wrote is numbered; what appears by itself has a letter. Both stand in one list, with their reasons.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from metrics.charts import Mark
from metrics.happenings import Kind
from metrics.models import Often
from metrics.periods import moved
from metrics.presenters.words import Body, period_words
from ui.words import day_year, listing, span

HEADINGS = {Kind.WEEK: "RPIW week", Kind.IDEA: "Idea tested", Kind.STAND_DOWN: "Stand-down"}
NOT_SAID = "None of its measures says which metric it serves."
_LETTERS = 26


@dataclass(frozen=True)
class Event:
    """Something that was changed, noted or happened. flag: what it is called on the chart, empty when not there."""

    flag: str
    on: str
    heading: str
    text: str
    who: str
    withdrawn: bool = False
    id: int = 0
    kind: str = ""
    rpiw: int | None = None
    synthetic: bool = False
    until: str | None = None

    @property
    def by_itself(self) -> bool:
        return self.kind in set(Kind)


@dataclass(frozen=True)
class Events:
    """marks: what the chart shows. listed: the same in words, the newest first. beyond: how many happened when the
    chart has no values."""

    marks: tuple[Mark, ...]
    listed: tuple[Event, ...]
    beyond: int

    def in_period(self, on: str, until: str) -> list[Event]:
        """What lies in a period of the table that ends before `until`, the oldest first."""
        return [
            event
            for event in reversed(self.listed)
            if event.flag and event.on < until and (event.until or event.on) >= on
        ]


def events_of(metric: Body, names: Mapping[int, str], drawn: Sequence[Body] = ()) -> Events:
    """drawn: the series that the chart shows; what happened outside their days stands on no chart."""
    version = metric["versions"][-1]
    found = _by_people(metric, version, names)
    first, end = _days(drawn, version)
    serving = {one["rpiw"]: one for one in metric["served_by"]}
    happened = [one for one in metric["happened"] if first <= (one["until"] or end) and one["on"] < end]
    found += [_happened(one, serving, end) for one in happened]
    marks: list[Mark] = []
    listed: list[Event] = []
    counted = {True: 0, False: 0}
    for event in sorted(found, key=lambda one: (one.on, one.id)):
        if event.withdrawn:
            listed.append(event)
            continue
        counted[event.by_itself] += 1
        number = counted[event.by_itself]
        flag = _letters(number) if event.by_itself else str(number)
        listed.append(replace(event, flag=flag))
        lasts = event.kind in (Kind.WEEK, Kind.STAND_DOWN)
        marks.append(Mark(flag, event.on, event.kind, until=event.until if lasts else None))
    return Events(tuple(marks), tuple(reversed(listed)), len(metric["happened"]) - len(happened))


def _by_people(metric: Body, version: Body, names: Mapping[int, str]) -> list[Event]:
    found = [_recalculation(one, each, names) for each in metric["versions"] for one in each["recalculations"]]
    for one in metric["versions"][1:]:
        agreed = f"Agreed {day_year_of(one['agreed_at'])}. The earlier definition is kept." if one["agreed_at"] else ""
        heading = f"Definition {one['number']} from {period_words(one['applies_from'], one)}"
        found.append(Event("", one["applies_from"], heading, one["reason"], agreed, kind="definition"))
    for one in metric["annotations"]:
        heading = period_words(one["on"], version)
        found.append(Event("", one["on"], heading, one["text"], "", id=one["id"], kind="note"))
    return found


def _recalculation(one: Body, version: Body, names: Mapping[int, str]) -> Event:
    who = f"{names.get(one['by'], 'Somebody from outside the trust')}, {day_year_of(one['at'])}"
    heading = f"Limits recalculated from {period_words(one['on'], version)}"
    text = f"{full(one['cause'])} {full(one['reason'])}"
    if one["withdrawn"]:
        heading, text = f"{heading}: withdrawn", f"{text} Withdrawn: {full(one['withdrawn_because'])}"
    return Event("", one["on"], heading, text, who, withdrawn=one["withdrawn"], id=one["id"], kind="recalculation")


def _happened(one: Body, serving: Mapping[int, Body], end: str) -> Event:
    on, until = date.fromisoformat(one["on"]), date.fromisoformat(one["until"]) if one["until"] else None
    kind = Kind(one["kind"])
    when = day_year(on) if kind is Kind.IDEA else span(on, until, weekdays=False)
    text = full(one["text"])
    if kind is Kind.WEEK and not one["serves"]:
        text += f" {NOT_SAID}"
    elif kind is Kind.WEEK and one["rpiw"] in serving:
        measures = [each["name"] for each in serving[one["rpiw"]]["measures"]]
        text += f" Serving this metric: {full(listing(measures))}"
    heading = f"{HEADINGS[kind]}, {when}"
    lasts = {"until": one["until"] or end, "rpiw": one["rpiw"], "synthetic": one["synthetic"]}
    return Event("", one["on"], heading, text, "", kind=kind.value, **lasts)


def _days(drawn: Sequence[Body], version: Body) -> tuple[str, str]:
    """From the first value of the chart to the day after the period of the last one."""
    days = [point["on"] for series in drawn for point in series["points"]]
    if not days:
        return "9999", ""
    last = moved(date.fromisoformat(max(days)), Often(version["collected_often"]), 1)
    return min(days), last.isoformat()


def _letters(number: int) -> str:
    """A, B … Z, AA, AB …"""
    before, last = divmod(number - 1, _LETTERS)
    return (_letters(before) if before else "") + chr(ord("A") + last)


def full(text: str) -> str:
    """The text with its full stop. Its first letter stays: eRostering is a name."""
    return text if text.endswith((".", "!", "?")) else f"{text}."


def day_year_of(text: str) -> str:
    """Tue 9 March 2021, of a day in ISO text"""
    return day_year(date.fromisoformat(text))
