"""The RPIW's page: its sentence, life cycle, next step, people, wastes and golden thread."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse

from accounts.permissions import Permission
from analysis.checkpoints import Checkpoint
from analysis.entries import EntryForm
from metrics.models import Metric
from rpiws.entries import form_of, say
from rpiws.life_cycle import missing_parts, missing_words
from rpiws.models import (
    LIFE_CYCLE,
    Idea,
    NewspaperItem,
    PreparationTask,
    Rpiw,
    RpiwPerson,
    State,
    Transition,
    Waste,
    WeekDay,
)
from rpiws.progress import Progress, posts_at, targets
from rpiws.remeasure import RpiwFacts
from rpiws.working_days import preparation_starts, working_days
from ui.words import ago, day, day_short, day_year, listing, noun, plural, sentence, span, spelled

STATE_KINDS = {
    State.PLANNED: ("plain", "to_come"),
    State.PREPARING: ("blue", "week_planned"),
    State.WEEK: ("blue", "week"),
    State.FOLLOWING_UP: ("blue", "filled"),
    State.CLOSED: ("done", "done"),
    State.CANCELLED: ("plain", "reason"),
    State.STOOD_DOWN: ("due", "reason"),
}
_STEPS = (State.PLANNED, State.PREPARING, State.WEEK, State.FOLLOWING_UP, State.CLOSED)


def lede(rpiw: Rpiw, progress: Sequence[Progress], tasks: Sequence[PreparationTask], *, today: date) -> str:
    """The sentence that answers the page's question: did it work, or how far has it come?"""
    match rpiw.state:
        case State.CANCELLED:
            return "This RPIW was cancelled."
        case State.STOOD_DOWN:
            return "This RPIW is stood down; its remeasures wait."
        case State.PLANNED:
            begins = preparation_starts(rpiw.week_starts)
            return (
                f"Its week is planned for {day(rpiw.week_starts)}, {ago(rpiw.week_starts, today)};"
                f" preparing starts about {day_year(begins)}."
            )
        case State.PREPARING:
            done = sum(task.done is not None for task in tasks)
            late = sum(task.done is None and task.due < today for task in tasks)
            said = f"Its week starts {ago(rpiw.week_starts, today)}: {done} of {plural(len(tasks), 'task')} done"
            return f"{said}, {spelled(late)} late." if late else f"{said}, none late."
        case State.WEEK:
            return f"The team is in its week, to {day(rpiw.week_ends)}."
    return results(rpiw, progress, today=today)


def results(rpiw: Rpiw, progress: Sequence[Progress], *, today: date) -> str:
    read = posts_at(progress)
    if not read:
        if not progress:
            return "It has no measure, so nobody can tell whether it worked."
        first = rpiw.reported_out and Checkpoint.DAY_30
        return "Nothing has been remeasured yet" + ("; the 30 days come first." if first else ".")
    unread = len(progress) - sum(read.values())
    told = [_when_read(read, _verdict(progress))]
    if unread:
        of_all = f"{spelled(unread)} of {spelled(len(progress))} {noun(len(progress), 'measure')}"
        told.append(f"{sentence(of_all)} {noun(unread, 'has', 'have')} no remeasure to compare.")
    return " ".join([*told, _one_figure(progress)]).strip()


def _verdict(progress: Sequence[Progress]) -> str:
    """Of the targets whose measure has a post: one of five targets is met."""
    count = targets(progress)
    if not count.judged:
        paired = sum(each.pair is not None for each in progress)
        of_all = f"{spelled(len(progress))} {noun(len(progress), 'measure')}"
        return f"{spelled(paired)} of {of_all} can be compared with the baseline"
    if count.judged == 1:
        return "its one target is met" if count.met else "its one target is not met"
    return f"{spelled(count.met)} of {spelled(count.judged)} targets {noun(count.met, 'is', 'are')} met"


def _when_read(read: Mapping[Checkpoint, int], said: str) -> str:
    """When the verdict held: at one checkpoint, or at several, because not every measure was read at the last."""
    times = {at: "after an unpublished time" if at is Checkpoint.AFTER_UNKNOWN else f"at {at.label}" for at in read}
    (latest, number), *earlier = read.items()
    if not earlier:
        return f"{sentence(times[latest])}, {said}."
    parts = [f"{spelled(number)} {noun(number, 'measure')} {noun(number, 'was', 'were')} last read {times[latest]}"]
    parts += [f"{spelled(number)} {times[at]}" for at, number in earlier]
    return f"{sentence(said)}: {', '.join(parts)}."


def _one_figure(progress: Sequence[Progress]) -> str:
    """One measure in words: a lead time if there is one, since everybody understands time."""
    paired = [each for each in progress if each.pair]
    if not paired:
        return ""
    chosen = next((each for each in paired if form_of(each.measure) is EntryForm.DURATION), paired[0])
    pair = chosen.pair
    assert pair is not None
    return f"{chosen.measure.name}: {say(chosen.measure, pair.post)} instead of {say(chosen.measure, pair.baseline)}."


def life_steps(rpiw: Rpiw, transitions: Sequence[Transition], facts: RpiwFacts, *, today: date) -> list[dict[str, str]]:
    """The five steps with their dates, for the life cycle at the top of the page."""
    at = rpiw.state_before_stand_down if rpiw.state == State.STOOD_DOWN else rpiw.state
    if rpiw.state == State.CANCELLED:
        at = next((t.left for t in reversed(transitions) if t.entered == State.CANCELLED), State.PLANNED)
        at = State.PLANNED if at == State.STOOD_DOWN else at
    here = _STEPS.index(State(at))
    entered = {transition.entered: transition.on for transition in transitions if transition.step != "resume"}
    details = {
        State.PLANNED: day_short(entered[State.PLANNED]) if State.PLANNED in entered else "",
        State.PREPARING: _preparing(rpiw, entered.get(State.PREPARING)),
        State.WEEK: span(rpiw.week_starts, rpiw.week_ends, weekdays=False) if rpiw.week_published else "not published",
        State.FOLLOWING_UP: _following_up(rpiw, facts, today=today),
        State.CLOSED: (
            sentence(rpiw.get_closing_decision_display()) if rpiw.state == State.CLOSED else _closing_from(facts)
        ),
    }
    return [
        {
            "label": state.label,
            "detail": details[state],
            "state": "done" if n < here or rpiw.state == State.CLOSED else "now" if n == here else "later",
        }
        for n, state in enumerate(_STEPS)
    ]


def _preparing(rpiw: Rpiw, began: date | None) -> str:
    """The day on which it began; while it has not, about when it does. Where the week is unknown, nothing."""
    if began is None and (not rpiw.week_published or rpiw.state not in (State.PLANNED, State.PREPARING)):
        return ""
    return f"from {day_short(began or preparation_starts(rpiw.week_starts))}"


def _following_up(rpiw: Rpiw, facts: RpiwFacts, *, today: date) -> str:
    if rpiw.reported_out is None:
        return "after the report-out"
    owed = facts.work(on=today)
    if owed:
        work = owed[0]
        said = {
            "late": "is late",
            "due": "is due",
            "never_measured": "was never measured",
            "stood_down": "is stood down",
        }
        return f"{work.checkpoint.label} {said[work.state]}"
    return f"from {day_short(rpiw.reported_out)}" if rpiw.week_published else "time not published"


def _closing_from(facts: RpiwFacts) -> str:
    last = [checkpoint for checkpoint in facts.planned if checkpoint is not Checkpoint.DAY_365][-1]
    due = facts.due(last)
    return f"after {last.label}" + (f", {day_short(due)}" if due else "")


@dataclass(frozen=True)
class NextStep:
    """What to do now. status: kind and word of the chip, or None; button: words and address; more: other steps."""

    text: str
    status: tuple[str, str] | None = None
    button: tuple[str, str] | None = None


def next_step(
    rpiw: Rpiw,
    facts: RpiwFacts,
    tasks: Sequence[PreparationTask],
    parts: Collection[str],
    may: Collection[Permission],
    *,
    may_close: bool,
    today: date,
) -> NextStep:
    """The one thing that this RPIW waits for, with a button for those who may do it."""
    runs, logs = Permission.RUN_RPIWS in may, Permission.LOG_READINGS in may

    def step(name: str) -> tuple[str, str] | None:
        return (LIFE_CYCLE[name].verb, reverse("rpiw_step", args=[rpiw.pk, name])) if runs else None

    match rpiw.state:
        case State.PLANNED:
            begins = preparation_starts(rpiw.week_starts)
            status = ("due", "Due") if begins <= today else None
            return NextStep(f"Preparing starts about eight weeks before: {day_year(begins)}.", status, step("prepare"))
        case State.PREPARING:
            return _before_the_week(rpiw, tasks, parts, step("start_week"), runs=runs, today=today)
        case State.WEEK:
            text = f"The report-out is planned for {day_year(rpiw.week_ends)}."
            return NextStep(text, ("blue", "In its week"), step("follow_up"))
        case State.STOOD_DOWN:
            return NextStep("Work on it has stopped. It resumes where it was.", ("due", "Stood down"), step("resume"))
        case State.CLOSED:
            return NextStep(rpiw.closing_note or "No note was recorded.", ("done", sentence(_decision(rpiw))))
        case State.CANCELLED:
            return NextStep("Nothing more is to be done.", ("plain", "Cancelled"))
    return _after_the_week(rpiw, facts, may_close=may_close, logs=logs, today=today)


def _decision(rpiw: Rpiw) -> str:
    return rpiw.get_closing_decision_display()


def _before_the_week(
    rpiw: Rpiw,
    tasks: Sequence[PreparationTask],
    parts: Collection[str],
    start: tuple[str, str] | None,
    *,
    runs: bool,
    today: date,
) -> NextStep:
    late = [task for task in tasks if task.done is None and task.due < today]
    if rpiw.week_starts <= today:
        missing = missing_parts(parts)
        text = f"Its week was planned for {day_year(rpiw.week_starts)}."
        if missing:
            text += f" It still needs {missing_words(parts)}."
        return NextStep(text, ("due", "Week due"), start)
    to_do = [task for task in tasks if task.done is None]
    checklist = ("Open the checklist", reverse("preparation", args=[rpiw.pk])) if runs else None
    if late:
        return NextStep(f"{late[0].name}: was due {day(late[0].due)}.", ("late", "Late"), checklist)
    if to_do:
        return NextStep(f"{to_do[0].name}: due {day(to_do[0].due)}.", None, checklist)
    return NextStep(f"Everything is prepared. Its week starts on {day_year(rpiw.week_starts)}.", ("done", "Prepared"))


def _after_the_week(rpiw: Rpiw, facts: RpiwFacts, *, may_close: bool, logs: bool, today: date) -> NextStep:
    owed = facts.work(on=today)
    if owed:
        work = owed[0]
        short = work.checkpoint.adjective
        text = (
            f"{short} remeasure, due {day(work.due)}. {work.answered} of {plural(work.measures, 'measure')} answered."
        )
        button = None
        if logs:
            days = work.checkpoint.days_after
            button = (f"Log {short} readings", f"{reverse('readings', args=[rpiw.pk])}?checkpoint={days}")
        return NextStep(text, _OWED[work.state], button)
    if may_close:
        text = "Everything due is answered. As executive sponsor you decide what happens now."
        return NextStep(text, None, ("Close the RPIW", reverse("close_rpiw", args=[rpiw.pk])))
    coming = [(due, c) for c in facts.planned if (due := facts.due(c)) and due > today]
    if coming:
        due, checkpoint = min(coming)
        return NextStep(
            f"Everything due is answered. {checkpoint.label} falls on {day_year(due)}.", ("done", "Up to date")
        )
    return NextStep("Everything due is answered. Its executive sponsor can close it.", ("done", "Up to date"))


@dataclass(frozen=True)
class PartOfPeople:
    """Those who hold one part; a required part that nobody holds says so."""

    part: str
    label: str
    said: str
    missing: bool


def people_by_part(people: Sequence[RpiwPerson], *, week_is_over: bool = False) -> list[PartOfPeople]:
    """The parts in the order of the page, the patient representative first. After the week nobody is missing any more:
    then it is not recorded who took a part."""
    shown = []
    for part in RpiwPerson.Part:
        held = [person for person in people if person.part == part]
        required = part in RpiwPerson.REQUIRED_FOR_THE_WEEK
        plural_label = {
            RpiwPerson.Part.WORKSHOP_LEAD: "Workshop leads",
            RpiwPerson.Part.TEAM: f"Team, {len(held)}",
        }.get(part, part.label)
        label = plural_label if len(held) > 1 else part.label
        said = listing([say_person(person) for person in held])
        shown.append(
            PartOfPeople(
                part.value,
                label,
                said or ("Not recorded" if week_is_over else "Not named yet"),
                missing=required and not held and not week_is_over,
            )
        )
    return shown


def say_person(person: RpiwPerson) -> str:
    extra = [word for word in (person.discipline, person.get_certification_display()) if word]
    return f"{person.post} ({', '.join(extra)})" if extra else person.post


def wastes(found: Sequence[Waste]) -> list[tuple[str, str, bool]]:
    """The seven wastes: name, what was removed or why nothing is said, and whether something was removed."""
    by_kind = {waste.kind: waste for waste in found}
    rows = []
    for kind in Waste.Kind:
        waste = by_kind.get(kind)
        removed = waste is not None and waste.finding == Waste.Finding.REMOVED
        said = "not looked at" if waste is None else waste.removed if removed else waste.get_finding_display()
        rows.append((kind.label, said, removed))
    return rows


def ideas_aside(ideas: Sequence[Idea]) -> str:
    """Plan, do, study, act: 4 ideas, 2 adapted, 1 adopted, 1 abandoned"""
    counts = Counter(idea.get_outcome_display().lower() for idea in ideas)
    parts = [f"{count} {outcome}" for outcome, count in counts.most_common()]
    return f"Plan, do, study, act: {', '.join([plural(len(ideas), 'idea'), *parts])}"


OUTCOME_KINDS = {"testing": "blue", "adopted": "done", "adapted": "due", "abandoned": "plain"}


def week_days(rpiw: Rpiw, entries: Sequence[WeekDay]) -> list[tuple[date, str, str]]:
    """Each working day of the week, and each day that something was written about: day, heading, text."""
    written = {entry.day: entry for entry in entries}
    days = sorted({*working_days(rpiw.week_starts, rpiw.week_ends), *written})
    return [(each, written[each].heading, written[each].text) if each in written else (each, "", "") for each in days]


def newspaper_rows(items: Sequence[NewspaperItem], *, today: date) -> list[dict[str, Any]]:
    """Open actions first, the oldest date first; late is said."""
    return [
        {
            "item": item,
            "status": ("done", "Done") if item.done else ("late", "Late") if item.due < today else ("plain", "To do"),
            "when": f"done {day(item.done)}" if item.done else f"by {day_year(item.due)}",
        }
        for item in sorted(items, key=lambda item: (item.done is not None, item.due, item.pk))
    ]


def task_rows(tasks: Sequence[PreparationTask], *, today: date) -> list[dict[str, Any]]:
    rows = []
    for task in tasks:
        if task.done:
            status, when = ("done", "Done"), f"done {day(task.done)}"
        elif task.due < today:
            status, when = ("late", "Late"), f"was due {day_year(task.due)}, {ago(task.due, today)}"
        elif (task.due - today).days <= 14:
            status, when = ("due", f"Due {day_short(task.due)}"), ago(task.due, today)
        else:
            status, when = ("plain", "To do"), f"due {day_year(task.due)}"
        rows.append({"task": task, "status": status, "when": when})
    return rows


def golden_thread(rpiw: Rpiw, objectives: Sequence[Any]) -> list[tuple[str, str, str | None]]:
    """National priority, objective, value stream, RPIW; a thread that is open says where."""
    stream = rpiw.value_stream
    thread: list[tuple[str, str, str | None]] = []
    if not objectives:
        thread.append(("Trust objective", "The value stream serves no objective yet", None))
    for objective in objectives:
        priority = objective.national_priority
        thread.append(("National priority", str(priority) if priority else f"None: {objective.why_no_priority}", None))
        thread.append(("Trust objective", objective.name, None))
    chosen = "" if stream.chosen == stream.Chosen.NOT_KNOWN else f", chosen {stream.get_chosen_display()}"
    thread.append((f"Value stream{chosen}", stream.name, reverse("value_stream", args=[stream.pk])))
    thread.append(("This RPIW", rpiw.process, None))
    serving: dict[Metric, list[str]] = {}
    for measure in rpiw.measures.all():
        for metric in measure.metrics.all():
            serving.setdefault(metric, []).append(measure.name)
    for metric, names in serving.items():
        thread.append(
            (
                f"{listing(names)} {'serves' if len(names) == 1 else 'serve'} the metric",
                metric.name,
                reverse("metric", args=[metric.pk]),
            )
        )
    if not serving and rpiw.measures.all():
        why = rpiw.why_no_metric or "no measure serves one yet"
        thread.append(("Metric", f"Open: {why}", None))
    return thread


def transition_sentences(transitions: Sequence[Transition], names: Mapping[int, str]) -> list[str]:
    """The steps that gave a reason, in words, oldest first: “Stood down on Fri 20 March 2020: pandemic.”"""
    verbs = {"cancel": "Cancelled", "stand_down": "Stood down", "resume": "Resumed", "close": "Closed"}
    return [
        f"{verbs[t.step]} on {day_year(t.on)} by {names.get(t.by_id, 'somebody from outside the trust')}"
        + (f": {t.reason}" if t.reason else ".")
        for t in transitions
        if t.step in verbs
    ]


_OWED = {
    "late": ("late", "Late"),
    "never_measured": ("late", "Never measured"),
    "due": ("due", "Due"),
    "stood_down": ("plain", "Stood down"),
}


_SECTIONS = {
    State.FOLLOWING_UP: "Following up, nothing owed now",
    State.WEEK: "In their workshop week",
    State.PREPARING: "Preparing",
    State.PLANNED: "Planned",
    State.STOOD_DOWN: "Stood down",
    State.CLOSED: "Closed",
    State.CANCELLED: "Cancelled",
}
_ORDER = list(_SECTIONS)


def owed_first(rpiws: Sequence[Rpiw], facts: Sequence[RpiwFacts], *, today: date) -> list[Rpiw]:
    """Those that owe a remeasure, the most pressing first; then by how far they have come, and as they were given.

    facts: of those that may owe one.
    """
    owing = {each.id: owed[0].order for each in facts if (owed := each.work(on=today))}
    first = sorted((rpiw for rpiw in rpiws if rpiw.pk in owing), key=lambda rpiw: owing[rpiw.pk])
    rest = sorted((rpiw for rpiw in rpiws if rpiw.pk not in owing), key=lambda rpiw: _ORDER.index(State(rpiw.state)))
    return [*first, *rest]


def list_rows(rpiws: Sequence[Rpiw], facts: Sequence[RpiwFacts], *, today: date) -> list[dict[str, Any]]:
    """Rows of the list: the RPIW, its state, and what it owes."""
    rows = []
    for rpiw, each in zip(rpiws, facts, strict=True):
        kind, icon = STATE_KINDS[State(rpiw.state)]
        owed = each.work(on=today)
        rows.append(
            {
                "rpiw": rpiw,
                "section": "A remeasure is owed" if owed else _SECTIONS[State(rpiw.state)],
                "state": rpiw.get_state_display(),
                "kind": kind,
                "icon": icon,
                "owed": f"{owed[0].checkpoint.label}, due {day_year(owed[0].due)}" if owed else "",
                "owed_kind": _OWED[owed[0].state] if owed else None,
                "week": span(rpiw.week_starts, rpiw.week_ends) if rpiw.week_published else "week not published",
                "measures": plural(len(each.measures), "measure") if each.measures else "no measure yet",
            }
        )
    return rows


def list_lede(counts: Mapping[str, int], *, found: bool) -> str:
    """8 RPIWs: 2 preparing, 1 in its workshop week and 5 closed."""
    total = plural(sum(counts.values()), "RPIW") + (" found" if found else "")
    parts = [f"{many} {_in_state(state, many)}" for state in State if (many := counts.get(state, 0))]
    return f"{total}: {listing(parts)}." if parts else f"{total}."


def _in_state(state: State, many: int) -> str:
    if state is State.WEEK:
        return f"in {noun(many, 'its', 'their')} workshop week"
    return state.label.lower()
