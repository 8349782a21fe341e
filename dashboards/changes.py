"""What changed at a trust since a moment, with who and why: from the audit trail, in a fixed number of queries."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Model
from django.utils.html import format_html
from django.utils.safestring import SafeString

from analysis.checkpoints import Checkpoint
from analysis.entries import EntryForm, say_value
from rpiws.models import Measure, Reading, Rpiw, RpiwPerson, Transition
from trusts.models import StandDown, ValueStream
from trusts.names import NOT_OF_THIS_TRUST, names_at
from ui.words import plural, sentence

MOST = 40
"""How many events of each kind are looked at: somebody who was away for long sees the newest."""

_STEPS = {
    "prepare": "started to prepare",
    "start_week": "started the week of",
    "follow_up": "held the report-out of",
    "close": "closed",
    "cancel": "cancelled",
    "stand_down": "stood down",
    "resume": "resumed",
}


@dataclass(frozen=True)
class Happening:
    """One thing that somebody did. `words` follows the name of who did it."""

    at: datetime
    actor: int | None
    trust_id: int
    icon: str
    words: SafeString
    place: str = ""
    why: str = ""


@dataclass(frozen=True)
class Told:
    """A happening with the name by which the trust knows whoever did it."""

    at: datetime
    who: str
    icon: str
    words: SafeString
    place: str
    why: str


def changes_since(since: datetime, *, trust_ids: Collection[int], reader: int) -> list[Told]:
    """The newest first. The reader's own doings are theirs to remember: they are left out."""
    happenings = [
        *_readings(since, trust_ids),
        *_transitions(since, trust_ids),
        *_people(since, trust_ids),
        *_recorded(since, trust_ids),
    ]
    names = {trust_id: names_at(trust_id) for trust_id in trust_ids}
    newest = sorted(happenings, key=lambda each: each.at, reverse=True)
    return [
        Told(
            at=each.at,
            who=names[each.trust_id].get(each.actor or 0, NOT_OF_THIS_TRUST),
            icon=each.icon,
            words=each.words,
            place=each.place,
            why=each.why,
        )
        for each in newest
        if each.actor != reader
    ]


def _events(model: type[Model], since: datetime, *related: str, **of: Any) -> list[Any]:
    """The events of a model that a person caused, the newest first."""
    event: Any = model._meta.get_field("events").related_model
    found = event.objects.filter(pgh_created_at__gt=since, pgh_context__metadata__user__isnull=False, **of)
    return list(found.select_related("pgh_context", *related).order_by("-pgh_created_at", "-pgh_id")[:MOST])


def _actor(event: Any) -> int | None:
    return event.pgh_context.metadata.get("user")


# Readings --------------------------------------------------------------------


def _readings(since: datetime, trust_ids: Collection[int]) -> Iterable[Happening]:
    events = _events(
        Reading,
        since,
        "measure__rpiw__value_stream",
        measure__rpiw__value_stream__trust_id__in=trust_ids,
        pgh_label__in=["insert", "update"],
    )
    before = _before([event for event in events if event.pgh_label == "update"])
    together: dict[tuple[Any, int, str], list[Any]] = defaultdict(list)
    for event in events:
        if event.pgh_label == "insert":
            together[event.pgh_context_id, event.measure.rpiw_id, event.checkpoint].append(event)
        elif (was := before.get(event.pgh_id)) and _said(was) != _said(event):
            yield _corrected(event, was)
    for logged in together.values():
        yield _logged(logged)


def _before(updates: Collection[Any]) -> dict[int, Any]:
    """The event before each of these updates, by the update's id. One query."""
    event: Any = Reading._meta.get_field("events").related_model
    previous: dict[int, Any] = {}
    latest: dict[int, Any] = {}
    of = {update.pgh_obj_id for update in updates}
    for each in event.objects.filter(pgh_obj_id__in=of).select_related("measure").order_by("pgh_id"):
        if each.pgh_obj_id in latest:
            previous[each.pgh_id] = latest[each.pgh_obj_id]
        latest[each.pgh_obj_id] = each
    return previous


def _said(event: Any) -> str:
    if event.value is None:
        return "not measured"
    measure = event.measure
    form = EntryForm.LEVEL_5S if measure.kind == "safety_5s" else EntryForm(measure.reading_shape)
    return say_value(Decimal(event.value), form=form, unit=measure.unit, day_hours=measure.day_hours)


def _corrected(event: Any, was: Any) -> Happening:
    rpiw = event.measure.rpiw
    return Happening(
        at=event.pgh_created_at,
        actor=_actor(event),
        trust_id=rpiw.value_stream.trust_id,
        icon="corrected",
        words=format_html(
            "corrected the {} reading of <b>{}</b>: {}, was {}.",
            _checkpoint(event.checkpoint),
            event.measure.name,
            _said(event),
            _said(was),
        ),
        place=f"{rpiw.process}, {rpiw.value_stream.name}",
        why=event.correction_reason,
    )


def _logged(events: list[Any]) -> Happening:
    event, rpiw = events[0], events[0].measure.rpiw
    checkpoint = _checkpoint(event.checkpoint)
    if len(events) == 1:
        words = format_html("logged the {} reading of <b>{}</b>: {}.", checkpoint, event.measure.name, _said(event))
        place = f"{rpiw.process}, {rpiw.value_stream.name}"
    else:
        words = format_html("logged {} {} of <b>{}</b>.", len(events), f"{checkpoint} readings", rpiw.process)
        place = rpiw.value_stream.name
    return Happening(event.pgh_created_at, _actor(event), rpiw.value_stream.trust_id, "measured", words, place)


def _checkpoint(name: str) -> str:
    """The checkpoint before the word reading: `60-day`, `baseline`."""
    checkpoint = Checkpoint(name)
    if checkpoint.days_after:
        return checkpoint.adjective
    return {"after": "later"}.get(name, checkpoint.label.lower())


# RPIWs, their people, and what is recorded of the trust -------------------------


def _transitions(since: datetime, trust_ids: Collection[int]) -> Iterable[Happening]:
    rows = Transition.objects.filter(at__gt=since, rpiw__value_stream__trust_id__in=trust_ids)
    for row in rows.select_related("rpiw__value_stream").order_by("-at")[:MOST]:
        stream = row.rpiw.value_stream
        words = format_html("{} <b>{}</b>.", _STEPS.get(row.step, row.step), row.rpiw.process)
        yield Happening(row.at, row.by_id, stream.trust_id, "week", words, stream.name, row.reason)


def _people(since: datetime, trust_ids: Collection[int]) -> Iterable[Happening]:
    events = _events(
        RpiwPerson,
        since,
        "rpiw__value_stream",
        rpiw__value_stream__trust_id__in=trust_ids,
        pgh_label="insert",
    )
    parts = dict(RpiwPerson.Part.choices)
    together: dict[tuple[Any, int], list[Any]] = defaultdict(list)
    for event in events:
        together[event.pgh_context_id, event.rpiw_id].append(event)
    for joined in together.values():
        event, stream = joined[0], joined[0].rpiw.value_stream
        who = parts[event.part].lower() if len(joined) == 1 else plural(len(joined), "person", "people")
        words = format_html("added {} to <b>{}</b>.", f"a {who}" if len(joined) == 1 else who, event.rpiw.process)
        yield Happening(event.pgh_created_at, _actor(event), stream.trust_id, "person", words, stream.name)


def _recorded(since: datetime, trust_ids: Collection[int]) -> Iterable[Happening]:
    """RPIWs planned, measures, value streams and stand-downs recorded, changed or removed."""
    for event in _events(Rpiw, since, "value_stream", value_stream__trust_id__in=trust_ids, pgh_label="insert"):
        words = format_html("planned the RPIW <b>{}</b>.", event.process)
        stream = event.value_stream
        yield Happening(event.pgh_created_at, _actor(event), stream.trust_id, "week_planned", words, stream.name)
    for event in _events(Measure, since, "rpiw__value_stream", rpiw__value_stream__trust_id__in=trust_ids):
        words = format_html("{} the measure <b>{}</b>.", _DID[event.pgh_label], event.name)
        stream = event.rpiw.value_stream
        place = f"{event.rpiw.process}, {stream.name}"
        yield Happening(event.pgh_created_at, _actor(event), stream.trust_id, "info", words, place)
    for event in _events(ValueStream, since, trust_id__in=trust_ids):
        words = format_html("{} the value stream <b>{}</b>.", _DID[event.pgh_label], event.name)
        yield Happening(event.pgh_created_at, _actor(event), event.trust_id, "info", words)
    reasons = dict(StandDown.Reason.choices)
    for event in _events(StandDown, since, trust_id__in=trust_ids):
        words = format_html("{} a stand-down: {}.", _DID[event.pgh_label], reasons[event.reason])
        why = sentence(event.explanation)
        yield Happening(event.pgh_created_at, _actor(event), event.trust_id, "reason", words, "", why)


_DID = {"insert": "recorded", "update": "changed", "delete": "removed"}
