"""The golden thread in words: its one sentence, each open link with its reason or question, the rows of the list."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse

from accounts.permissions import Permission
from dashboards.thread.together import PriorityReach, Totals
from dashboards.thread.tree import Kind, MetricNode, Open, RpiwNode, Thread
from metrics.presenters.move import move_words
from rpiws.models import State
from trusts.models import ValueStream
from trusts.scope import Scope
from ui.icons import VARIATION
from ui.words import day_year, listing, plural, sentence, span, spelled

NAMED = 3
"""So many RPIWs of one open thread are named; the list names all."""


@dataclass(frozen=True)
class OpenWords:
    """reason: what somebody said of it, or what was computed; else `question` stands. mend: words and address."""

    number: int
    heading: str
    text: str
    reason: str
    question: str
    mend: tuple[str, str] | None


def answer(thread: Thread) -> str:
    """The one sentence that suffices."""
    of, reached = len(thread.priorities), thread.reached
    if not of:
        lead = "No objective names a national priority yet."
    else:
        named = "The one national priority" if of == 1 else f"The {spelled(of)} national priorities"
        if reached == of:
            said = f"{named} that its objectives name {'reaches' if of == 1 else 'reach'} a metric"
        else:
            verb = "reaches" if reached <= 1 else "reach"
            count = sentence(spelled(reached)) if reached else "None"
            said = f"{count} of {named[0].lower()}{named[1:]} that its objectives name {verb} a metric"
        lead = f"{said} through a measure of an RPIW."
    return f"{lead} {open_sentence(thread.open)}"


def open_sentence(found: Sequence[Open]) -> str:
    if not found:
        return "No thread is open."
    why = sum(bool(one.reason) for one in found)
    verb = "is" if len(found) == 1 else "are"
    said = f"{sentence(spelled(len(found)))} {'thread' if len(found) == 1 else 'threads'} {verb} open"
    if not why:
        return f"{said}."
    if why == len(found):
        return f"{said}, and says why." if why == 1 else f"{said}; all of them say why."
    return f"{said}; {spelled(why)} of them {'says' if why == 1 else 'say'} why."


def open_words(thread: Thread, scope: Scope) -> list[OpenWords]:
    """What can be mended today has a link, for whoever may."""
    streams = {stream.row.id: stream.row for stream in thread.streams}
    return [_WORDS[one.kind](one, thread, streams, scope) for one in thread.open]


def _cannot_move(one: Open, thread: Thread, streams: dict[int, Any], scope: Scope) -> OpenWords:
    (row,) = one.about
    node = next(node for stream in thread.streams for node in stream.metrics if node.row.id == row.id)
    touched, *_, could_not = move_reasons(node)
    mend = _mend(thread, scope, Permission.PROPOSE_AMENDMENTS, "Amend or retire it", "metric_amend", row.id)
    return OpenWords(one.number, "A metric that cannot move", f"{row.name}. {touched}", could_not, "", mend)


def move_reasons(node: MetricNode) -> tuple[str, ...]:
    """The work touches 1 of 30 theatres. … It could not show within 24 months, however good the work."""
    assert node.version is not None
    return move_words(node.version).sentences[:3]


def _no_metric(one: Open, thread: Thread, streams: dict[int, Any], scope: Scope) -> OpenWords:
    names = list(dict.fromkeys(row.process for row in one.about))
    stream = streams[one.about[0].value_stream_id]
    more = len(names) - NAMED
    told = names if more <= 0 else [*names[:NAMED], f"{spelled(more)} more"]
    one_only = len(one.about) == 1
    heading = "An RPIW whose measures touch no metric" if one_only else "RPIWs whose measures touch no metric"
    if any(node.metrics for node in thread.streams if node.row.id == stream.id):
        question = f"Which metric of {stream.name} should {'it' if one_only else 'they'} move?"
        link = (Permission.RUN_RPIWS, "Link a metric, or say why not", "rpiw_measures", one.about[-1].id)
    else:
        question = "The value stream watches no metric yet. What should it watch?"
        link = (Permission.EDIT_METRICS, "Adopt a metric", "metric_adopt", stream.id)
    text = f"{stream.name}: {listing(told)}."
    return OpenWords(one.number, heading, text, one.reason, question, _mend(thread, scope, *link))


def _no_objective(one: Open, thread: Thread, streams: dict[int, Any], scope: Scope) -> OpenWords:
    (row,) = one.about
    node = next(stream for stream in thread.streams if stream.row.id == row.id)
    chosen = ValueStream.Chosen(row.chosen)
    how = "" if chosen is ValueStream.Chosen.NOT_KNOWN else f" was chosen {chosen.label} and"
    text = f"{row.name}{how} has {plural(len(node.rpiws), 'RPIW') if node.rpiws else 'no RPIW yet'}."
    mend = _mend(
        thread, scope, Permission.EDIT_VALUE_STREAMS, "Link an objective, or say why not", "value_stream_edit", row.id
    )
    return OpenWords(
        one.number, "A value stream that serves no objective", text, one.reason, "Which objective does it serve?", mend
    )


def _no_value_stream(one: Open, thread: Thread, streams: dict[int, Any], scope: Scope) -> OpenWords:
    (row,) = one.about
    since = f" Since {day_year(row.started)}." if row.started else ""
    mend = _edit_objective(thread, scope, row, "Choose a value stream, or say why not")
    question = "Which value stream will serve it?"
    return OpenWords(
        one.number, "An objective without a value stream", f"“{row.name}”.{since}", one.reason, question, mend
    )


def _no_priority(one: Open, thread: Thread, streams: dict[int, Any], scope: Scope) -> OpenWords:
    (row,) = one.about
    mend = _edit_objective(thread, scope, row, "Name a priority")
    heading = "An objective that serves no national priority"
    return OpenWords(one.number, heading, f"“{row.name}”.", one.reason, "Which national priority does it serve?", mend)


_WORDS = {
    Kind.CANNOT_MOVE: _cannot_move,
    Kind.NO_METRIC: _no_metric,
    Kind.NO_OBJECTIVE: _no_objective,
    Kind.NO_VALUE_STREAM: _no_value_stream,
    Kind.NO_PRIORITY: _no_priority,
}


def _mend(
    thread: Thread, scope: Scope, permission: Permission, words: str, route: str, *args: Any
) -> tuple[str, str] | None:
    if not thread.as_of.is_today or thread.trust.id not in scope.trusts_where(permission):
        return None
    return words, reverse(route, args=args)


def _edit_objective(thread: Thread, scope: Scope, row: Any, words: str) -> tuple[str, str] | None:
    args = (thread.trust.ods_code, "objectives", row.id)
    return _mend(thread, scope, Permission.EDIT_TRUST, words, "context_edit", *args)


# The list -----------------------------------------------------------------------


def rpiw_when(node: RpiwNode) -> str:
    """RPIW, 4 to 8 January 2021, closed"""
    row = node.row
    week = span(row.week_starts, row.week_ends, weekdays=False) if row.week_published else "week not published"
    return f"{week}, {State(row.state).label.lower()}"


def metric_words(node: MetricNode) -> str:
    """What its icon says, and whether the work could move it."""
    if node.variation is None:
        return "its chart is being computed"
    said = VARIATION[node.variation].lower()
    return f"{said}; it cannot move" if node.cannot_move else said


def chosen_words(row: Any) -> str:
    """Why a value stream was chosen, and on what data; what is not recorded is said."""
    chosen = ValueStream.Chosen(row.chosen)
    how = "How it was chosen is not known." if chosen is ValueStream.Chosen.NOT_KNOWN else f"Chosen {chosen.label}."
    why = f"Why: {_full(row.why_chosen)}" if row.why_chosen else "Why is not recorded."
    data = (
        f"On what data: {_full(row.data_behind_choice)}" if row.data_behind_choice else "On what data is not recorded."
    )
    return f"{how} {why} {data}"


def _full(text: str) -> str:
    text = text.strip()
    return text if text.endswith((".", "!", "?")) else f"{text}."


def as_of_words(day: date, *, is_today: bool, is_before_records: bool, recorded_from: date) -> str:
    """What "as of" means on this page."""
    if is_today:
        return "What these records hold now."
    if is_before_records:
        return (
            f"These records begin on {day_year(recorded_from)}. For an earlier day this is what they hold now, as far"
            " as its own dates say that it stood then: from and to, weeks, first values. Links have no dates, so those"
            " of now are shown."
        )
    return (
        f"What these records held at the end of {day_year(day)}, by their history: names, links and reasons as they"
        " were then. Icons judge the last value by then, by the limits of now."
    )


# The partnership ------------------------------------------------------------------


def together_answer(found: Sequence[PriorityReach]) -> str:
    """Of the priorities with a total; whether one of the others reaches a metric would be told of one trust alone."""
    if not found:
        return "No national priority is recorded yet."
    shown = [one for one in found if not one.totals.is_hidden]
    said = []
    if shown:
        reached = sum(bool(one.totals.metrics) for one in shown)
        of = f"{spelled(len(shown))} national {'priority' if len(shown) == 1 else 'priorities'}"
        verb = "reaches" if reached == 1 else "reach"
        said.append(f"{spelled(reached)} of {of} {verb} a metric through a measure of an RPIW, all trusts together.")
    if hidden := len(found) - len(shown):
        which = f"{spelled(hidden)} more" if shown else f"the {spelled(hidden)}"
        said.append(f"of {which} there is no total: too few trusts.")
    if unserved := sum(one.is_open for one in found):
        said.append(f"{spelled(unserved)} {'is' if unserved == 1 else 'are'} served by no objective.")
    return " ".join(sentence(one) for one in said)


TOO_FEW = "too few trusts for a total"


def totals_words(totals: Totals) -> str:
    """6 objectives and 9 value streams; measures of 12 RPIWs touch 7 metrics"""
    if not totals.objectives:
        return "No objective of any trust serves it."
    if totals.is_hidden:
        return f"All trusts together: {TOO_FEW}, since it would tell what is one trust's alone."
    return f"All trusts together: {'; '.join(_counts(totals))}."


def counts_below(totals: Totals) -> list[str]:
    """The same for the picture, a line each."""
    if not totals.objectives:
        return ["no objective serves it"]
    return [TOO_FEW] if totals.is_hidden else _counts(totals)


def _counts(totals: Totals) -> list[str]:
    linked = f"{plural(totals.objectives, 'objective')} and {plural(totals.streams, 'value stream')}"
    if not totals.rpiws:
        return [linked, "no RPIW touches a metric"]
    touch = "touches" if totals.rpiws == 1 else "touch"
    return [linked, f"{plural(totals.rpiws, 'RPIW')} {touch} {plural(totals.metrics, 'metric')}"]


def own_counts(stream: Any) -> str:
    """3 RPIWs, two touch a metric"""
    serving = sum(bool(rpiw.serving) for rpiw in stream.rpiws)
    if not stream.rpiws:
        return "no RPIW yet"
    touching = (
        f"{spelled(serving)} {'touches' if serving == 1 else 'touch'} a metric" if serving else "none touches a metric"
    )
    return f"{plural(len(stream.rpiws), 'RPIW')}, {touching}"
