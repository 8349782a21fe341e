"""A value stream's dashboard, computed from its facts. Bodies hold due dates, never "late": pages compare with today.

docs/snapshots.md describes what the body holds.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from analysis import checkpoints
from analysis.before_after import Better, Pair, gather
from analysis.checkpoints import Checkpoint
from dashboards.before_after import KINDS, Body, figures, iso, text
from dashboards.facts import (
    MeasureFacts,
    PeriodFacts,
    ReadingFacts,
    RpiwFacts,
    StandDownFacts,
    ValueStreamFacts,
    value_stream_facts,
)
from metrics.series import metrics_of

RULES = "value stream 4"


def compute(value_stream_id: int) -> Body | None:
    """The body of the value stream's snapshot; None when the value stream no longer exists."""
    facts = value_stream_facts(value_stream_id)
    return None if facts is None else body(facts) | {"metrics": metrics_of(value_stream_id)}


def body(facts: ValueStreamFacts) -> Body:
    """What these facts show, as plain JSON."""
    return {
        "value_stream": {
            "id": facts.id,
            "number": facts.number,
            "name": facts.name,
            "trust_id": facts.trust_id,
            "trust": facts.trust,
            "ods_code": facts.ods_code,
        },
        "synthetic": any(is_synthetic(rpiw) for rpiw in facts.rpiws),
        "rpiws": [rpiw_row(rpiw, facts) for rpiw in facts.rpiws],
        "measures": [measure_row(measure, rpiw) for rpiw in facts.rpiws for measure in rpiw.measures],
        "stand_downs": [stand_down_row(stand_down) for stand_down in facts.stand_downs],
        "periods": [period_figures(period, facts.rpiws) for period in facts.periods],
    }


def stand_down_row(stand_down: StandDownFacts) -> Body:
    return {
        "started": iso(stand_down.started),
        "ended": iso(stand_down.ended),
        "stops": list(stand_down.stops),
        "reason": stand_down.reason,
        "explanation": stand_down.explanation,
        "decided_by": stand_down.decided_by,
        "whole_trust": stand_down.whole_trust,
        "synthetic": stand_down.synthetic,
    }


def is_synthetic(rpiw: RpiwFacts) -> bool:
    return rpiw.synthetic or any(facts.synthetic for measure in rpiw.measures for facts in measure.readings)


# RPIWs and their checkpoints -------------------------------------------------


def rpiw_row(rpiw: RpiwFacts, facts: ValueStreamFacts) -> Body:
    return {
        "id": rpiw.id,
        "number": rpiw.number,
        "process": rpiw.process,
        "follows": rpiw.follows,
        "state": rpiw.state,
        "week_starts": iso(rpiw.week_starts),
        "week_ends": iso(rpiw.week_ends),
        "week_published": rpiw.week_published,
        "reported_out": iso(rpiw.reported_out),
        "kept_apart": rpiw.kept_apart,
        "synthetic": is_synthetic(rpiw),
        "source": rpiw.source,
        "complete": rpiw.is_complete,
        "measures": len(rpiw.measures),
        "paired": sum(checkpoints.is_paired(measure.plain) for measure in rpiw.measures),
        "checkpoints": [row for checkpoint in _checkpoints(rpiw) if (row := _checkpoint_row(checkpoint, rpiw, facts))],
    }


def _checkpoints(rpiw: RpiwFacts) -> Iterable[Checkpoint]:
    """Those the RPIW plans, and any other at which it was read."""
    read = {reading.checkpoint for measure in rpiw.measures for reading in measure.plain}
    return [
        checkpoint
        for checkpoint in Checkpoint
        if checkpoint is not Checkpoint.BASELINE and (checkpoint in rpiw.planned or checkpoint in read)
    ]


def _checkpoint_row(checkpoint: Checkpoint, rpiw: RpiwFacts, facts: ValueStreamFacts) -> Body | None:
    """Where one checkpoint stands, all measures together; None when no measure is expected at it.

    A measure that was read after an unpublished time is expected at no other checkpoint: the source does not say when.
    """
    if rpiw.reported_out is None:
        return None
    at = [
        next((reading for reading in measure.plain if reading.checkpoint is checkpoint), None)
        for measure in rpiw.measures
        if _is_expected(measure, checkpoint)
    ]
    read = [reading for reading in at if reading is not None]
    measured = [reading for reading in read if reading.value is not None]
    if not at or (checkpoint not in rpiw.planned and not read):
        return None
    due = rpiw.due(checkpoint)
    stopped = (*facts.stopped, *rpiw.stood_down)
    expected = len(at) if checkpoint in rpiw.planned else len(read)
    return {
        "checkpoint": checkpoint.value,
        "due": iso(due),
        "expected": expected,
        "measured": len(measured),
        "not_measured": len(read) - len(measured),
        "reasons": sorted({reading.not_measured_reason for reading in read if reading.value is None}),
        "simulated": sum(reading.simulated for reading in measured),
        "last_on": iso(max((reading.on for reading in measured if reading.on), default=None)),
        "stood_down": due is not None and any(stand_down.covers(due) for stand_down in stopped),
    }


def _is_expected(measure: MeasureFacts, checkpoint: Checkpoint) -> bool:
    read = {reading.checkpoint for reading in measure.plain}
    return checkpoint in read or Checkpoint.AFTER_UNKNOWN not in read


# Measures --------------------------------------------------------------------


def why_left_out(measure: MeasureFacts, rpiw: RpiwFacts) -> str:
    """Why a measure counts in no total; empty when it counts."""
    if rpiw.kept_apart:
        return "kept_apart"
    if rpiw.reported_out is None:
        return "not_held"
    unpaired = checkpoints.why_unpaired(measure.plain)
    if unpaired is None:
        return ""
    if unpaired is checkpoints.UnpairedReason.NO_POST and any(reading.simulated for reading in measure.plain):
        return "only_simulated"
    return unpaired.value


def measure_row(measure: MeasureFacts, rpiw: RpiwFacts) -> Body:
    """One measure with its baseline and its post, or why it has none."""
    before, after = checkpoints.baseline(measure.plain), checkpoints.post(measure.plain)
    latest = after or _printed(measure, rpiw)
    read = [facts for facts in (measure.at(before), measure.at(latest)) if facts is not None]
    return {
        "id": measure.id,
        "rpiw": rpiw.id,
        "rpiw_number": rpiw.number,
        "process": rpiw.process,
        "reported_out": iso(rpiw.reported_out),
        "name": measure.name,
        "kind": measure.kind,
        "unit": measure.unit,
        "better_when": measure.better_when,
        "shape": measure.shape,
        "statistic": measure.statistic,
        "day_hours": text(measure.day_hours),
        "baseline": _reading_row(measure.at(before)),
        "post": _reading_row(measure.at(latest)),
        "left_out": why_left_out(measure, rpiw),
        "readings_left_out": [
            {"checkpoint": item.reading.checkpoint.value, "reason": item.reason.value, "detail": item.detail}
            for item in checkpoints.left_out(measure.plain)
        ],
        "synthetic": rpiw.synthetic or any(facts.synthetic for facts in read),
        "source": "; ".join(dict.fromkeys(facts.source for facts in read if facts.source)) or rpiw.source,
    }


def _printed(measure: MeasureFacts, rpiw: RpiwFacts) -> checkpoints.Reading | None:
    """What a source prints as the result of an RPIW kept apart, at whatever time: it is shown, and never totalled."""
    if not rpiw.kept_apart:
        return None
    later = [r for r in measure.plain if r.checkpoint is not Checkpoint.BASELINE and r.value is not None]
    return later[-1] if later else None


def _reading_row(facts: ReadingFacts | None) -> Body | None:
    if facts is None:
        return None
    return {
        "checkpoint": facts.reading.checkpoint.value,
        "value": text(facts.reading.value),
        "numerator": text(facts.numerator),
        "denominator": text(facts.denominator),
        "n": facts.sample_size,
        "on": iso(facts.reading.on),
        "retrospective": facts.retrospective,
    }


# Figures of a period ---------------------------------------------------------


def period_figures(period: PeriodFacts, rpiws: Sequence[RpiwFacts]) -> Body:
    """The figures of the RPIWs that reported out in the period; those kept apart are counted only as such."""
    in_period = [rpiw for rpiw in rpiws if rpiw.reported_out is not None and period.holds(rpiw.reported_out)]
    counted = [rpiw for rpiw in in_period if rpiw.is_counted]
    return {
        "key": period.key,
        "name": period.name,
        "starts": iso(period.starts),
        "ends": iso(period.ends),
        "note": period.note,
        "public": period.public,
        "completeness": completeness(counted),
        "processes": shared_processes(counted),
        "before_after": {kind: _figures_of(kind, counted) for kind in KINDS},
        "left_out": [
            {"measure": measure.id, "reason": reason}
            for rpiw in in_period
            for measure in rpiw.measures
            if (reason := why_left_out(measure, rpiw))
        ],
        "synthetic": sum(is_synthetic(rpiw) for rpiw in counted),
        "kept_apart": len(in_period) - len(counted),
    }


def completeness(counted: Sequence[RpiwFacts]) -> Body:
    """How many RPIWs were held and are complete, how many measures are paired, and why the others are not."""
    reasons = [why_left_out(measure, rpiw) for rpiw in counted for measure in rpiw.measures]
    due: dict[bool, list[str]] = {True: [], False: []}
    for rpiw in counted:
        if first := rpiw.due(Checkpoint.DAY_30):
            due[rpiw.is_complete].append(first.isoformat())
    return {
        "held": len(counted),
        "complete": sum(rpiw.is_complete for rpiw in counted),
        "measures": len(reasons),
        "paired": sum(not reason for reason in reasons),
        "unpaired": dict(sorted(Counter(reason for reason in reasons if reason).items())),
        "due_dates": {"complete": sorted(due[True]), "incomplete": sorted(due[False])},
    }


def shared_processes(counted: Sequence[RpiwFacts]) -> Body:
    """How many RPIWs work on a process that another one works on too: by the same name, or because one follows it."""
    group = {rpiw.id: rpiw.id for rpiw in counted}

    def top(rpiw_id: int) -> int:
        while group[rpiw_id] != rpiw_id:
            rpiw_id = group[rpiw_id]
        return rpiw_id

    named: dict[str, int] = {}
    for rpiw in counted:
        same = named.setdefault(" ".join(rpiw.process.casefold().split()), rpiw.id)
        for other in (same, rpiw.follows):
            if other in group:
                group[top(rpiw.id)] = top(other)
    sizes = Counter(top(rpiw_id) for rpiw_id in group)
    return {
        "rpiws": len(counted),
        "processes": len(sizes),
        "sharing": sum(size for size in sizes.values() if size > 1),
    }


def _figures_of(kind: str, counted: Sequence[RpiwFacts]) -> Body:
    pairs: list[Pair] = []
    left_out: Counter[str] = Counter()
    notes: dict[str, int] = defaultdict(int)
    for rpiw in counted:
        before = len(pairs)
        for measure in (each for each in rpiw.measures if each.kind == kind):
            if reason := why_left_out(measure, rpiw):
                left_out[reason] += 1
                continue
            pairs.append(_pair(measure))
            for note in _notes(measure, rpiw):
                notes[note] += 1
        notes["rpiws"] += len(pairs) > before
    return figures(gather(pairs, kind=kind, left_out=left_out), notes=notes)


def _pair(measure: MeasureFacts) -> Pair:
    before, after = checkpoints.baseline(measure.plain), checkpoints.post(measure.plain)
    values: Any = (before and before.value, after and after.value)
    assert after is not None
    return Pair(baseline=values[0], post=values[1], better=Better(measure.better_when), checkpoint=after.checkpoint)


def _notes(measure: MeasureFacts, rpiw: RpiwFacts) -> Iterable[str]:
    before = measure.at(checkpoints.baseline(measure.plain))
    after = measure.at(checkpoints.post(measure.plain))
    if rpiw.synthetic or any(facts is not None and facts.synthetic for facts in (before, after)):
        yield "synthetic"
    if measure.statistic == "median":
        yield "median"
    if measure.kind == "lead_time" and measure.day_hours != 24:
        yield "working_days"
    if before is not None and before.retrospective:
        yield "retrospective"
