"""What a trust summary says, from frozen snapshots and recorded facts: pure, so that the same facts say the same.

docs/trust-summary.md describes the body. Nothing here knows a person but the chief executive, as published.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from analysis.before_after import Better, Pair, gather, summarise
from analysis.checkpoints import Checkpoint, due_date
from dashboards.before_after import KINDS, Body, iso
from dashboards.summaries.figures import Maker
from dashboards.summaries.metrics import metrics_of
from dashboards.summaries.months import Month
from dashboards.summaries.small_counts import is_small, may_tell, withheld
from dashboards.wording import DEFINITIONS

SCHEMA_VERSION = "1.3"
USE = "change within this trust only"
POST_RULE = "the last reading by date among 30, 60, 90 and 120 days; never report-out, simulated, or the best one"

UNITS = {"lead_time": "minutes", "defects": "defects", "defect_ratio": "ratio"}
UNITS_OF_SHAPES = {"duration": "minutes", "ratio": "ratio"}
"""A single reading is said as it is stored; any other number is in the measure's own unit."""


@dataclass(frozen=True, kw_only=True)
class Objective:
    name: str
    national_priority: str = ""
    why_no_priority: str = ""


@dataclass(frozen=True, kw_only=True)
class StreamFacts:
    """What is recorded of a value stream and stands in no snapshot. Dates are texts, as exact as they are known."""

    id: int
    name: str
    status: str
    chosen: str
    why_chosen: str = ""
    started: str | None = None
    ended: str | None = None
    learned: str = ""
    objectives: tuple[Objective, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Facts:
    streams: tuple[StreamFacts, ...] = ()
    with_patient_representative: frozenset[int] = frozenset()
    stood_down: tuple[tuple[int, date], ...] = ()
    """RPIW and the day on which it was stood down."""
    cancelled: tuple[tuple[int, date], ...] = ()
    not_measured: tuple[tuple[int, str], ...] = ()
    """RPIW and why, one for each reading at 30 to 120 days that was not measured."""
    recalculated_by: tuple[tuple[int, str], ...] = ()
    """Recalculation of a metric's limits and the role of who decided it."""


@dataclass(frozen=True, kw_only=True)
class Words:
    """In our words: what the KPO lead wrote, and whether single RPIWs' rows are opted in."""

    proud_of: str = ""
    hard: str = ""
    help_wanted: str = ""
    shows_rpiws: bool = False


@dataclass(frozen=True, kw_only=True)
class Sources:
    """The bodies of the frozen snapshots: the trust's, and its value streams' in its own order."""

    trust: Body
    streams: tuple[Body, ...]
    version: int
    data_as_of: datetime


@dataclass(frozen=True, kw_only=True)
class Edition:
    """Which version of which month it is."""

    month: Month
    version: int = 1
    supersedes: str | None = None
    reason: str = ""


def public_id(ods_code: str, month: Month, version: int) -> str:
    return f"{ods_code}-{month.starts:%Y-%m}-v{version}"


def body(sources: Sources, facts: Facts, words: Words, edition: Edition) -> Body:
    """The whole summary as plain JSON, not yet released."""
    trust, month = sources.trust["trust"], edition.month
    held = tuple(rpiw for stream in sources.streams for rpiw in stream["rpiws"] if _is_held(rpiw, month.ends))
    ids = {rpiw["id"] for rpiw in held}
    measures = tuple(m for stream in sources.streams for m in stream["measures"] if m["rpiw"] in ids)
    make = Maker(month=month, source_version=sources.version, rpiws=held, measures=measures)
    roles = dict(facts.recalculated_by)
    metrics = [metric for stream in sources.streams for metric in metrics_of(stream, make, roles)]
    return {
        "id": public_id(trust["ods_code"], month, edition.version),
        "schema_version": SCHEMA_VERSION,
        "ods_code": trust["ods_code"],
        "name": trust["name"],
        "method_name": sources.trust["context"]["method_name"] or None,
        "period": {"from": iso(month.starts), "to": iso(month.ends)},
        "data_as_of": sources.data_as_of.isoformat(),
        "released_at": None,
        "released_by": None,
        "supersedes": edition.supersedes,
        "reason": edition.reason or None,
        "next_expected": iso(month.next.expected),
        "synthetic": sources.trust["synthetic"] or any(metric["synthetic"] for metric in metrics),
        "use": USE,
        "context": _context(sources.trust, make),
        "value_streams": [_stream(stream) for stream in facts.streams],
        "rpiws": _rpiws(facts, make, sources),
        "completeness": _completeness(make, facts),
        "results": [_results(kind, make) for kind in KINDS],
        "metrics": metrics,
        "in_our_words": {"proud_of": words.proud_of, "hard": words.hard, "help_wanted": words.help_wanted},
        "single_rpiws_opted_in": words.shows_rpiws,
        "single_rpiws": _rows(held, measures) if words.shows_rpiws else [],
    }


def released(draft: Body, *, at: datetime, by: str) -> Body:
    """The same summary, saying when it was released and by which role: nothing else is touched."""
    return draft | {"released_at": at.isoformat(), "released_by": by}


def _is_held(rpiw: Body, by: date) -> bool:
    """Whether its week had taken place by that day, and it counts: one shown apart as printed does not."""
    return rpiw["reported_out"] is not None and rpiw["reported_out"] <= by.isoformat() and not rpiw["kept_apart"]


# Context ---------------------------------------------------------------------


def as_known(day: str | None, precision: str) -> str | None:
    """A stored date as exact as it is known: `2018`, `2018-02` or `2018-02-14`."""
    return day and day[: {"year": 4, "month": 7}.get(precision, 10)]


def _context(trust: Body, make: Maker) -> Body:
    stored, by = trust["context"], make.month.ends.isoformat()
    ratings = [row for row in stored["ratings"] if row["rated"] <= by]
    leaders = [row for row in _begun(stored["chief_executives"], by) if row["ended"] is None or row["ended"] >= by]
    counts = [row for row in stored["headcounts"] if row["counted"] is None or row["counted"] <= by]
    rating, leader, count = (rows[-1] if rows else None for rows in (ratings, leaders, counts))
    return {
        "cqc_rating": rating
        and {
            "rating": rating["rating"],
            "rated": as_known(rating["rated"], rating["rated_precision"]),
            "link": f"https://www.cqc.org.uk/provider/{trust['trust']['ods_code']}",
        },
        "regulatory_periods": [
            {"kind": row["kind"], "body": row["body"], "description": row["description"] or None, **_dates(row)}
            for row in _begun(stored["regulatory_periods"], by)
        ],
        "chief_executive": leader
        and {
            "name": leader["name"],
            "since": as_known(leader["started"], leader["started_precision"]),
            "interim": leader["interim"],
        },
        "headcount": count
        and make.people(count["people"], "people employed by the trust, as published")
        | {"counted": as_known(count["counted"], count["counted_precision"])},
        "stand_downs": [_stand_down(row) for row in _begun(stored["stand_downs"], by)],
    }


def _begun(rows: Iterable[Body], by: str) -> list[Body]:
    return [row for row in rows if row["started"] is not None and row["started"] <= by]


def _dates(row: Body) -> Body:
    return {name: as_known(row[name], row[f"{name}_precision"]) for name in ("started", "ended")}


def _stand_down(row: Body) -> Body:
    """What stopped, from when to when and why; its explanation is a note, and stays."""
    stops = {"stops_rpiws": "RPIWs", "stops_training": "training", "stops_daily_work": "daily work"}
    return {
        "value_stream": row["value_stream__name"],
        "stops": [word for name, word in stops.items() if row[name]],
        "reason": row["reason"],
        "started": row["started"],
        "ended": row["ended"],
        "synthetic": row["synthetic"],
    }


# Value streams and RPIWs -----------------------------------------------------


def _stream(stream: StreamFacts) -> Body:
    return {
        "name": stream.name,
        "status": stream.status,
        "chosen": stream.chosen,
        "why_chosen": stream.why_chosen or None,
        "objectives": [
            {
                "name": objective.name,
                "national_priority": objective.national_priority or "none",
                "why_no_priority": objective.why_no_priority or None,
            }
            for objective in stream.objectives
        ],
        "started": stream.started,
        "ended": stream.ended,
        "learned": stream.learned or None,
    }


def _rpiws(facts: Facts, make: Maker, sources: Sources) -> Body:
    known = {rpiw["id"] for stream in sources.streams for rpiw in stream["rpiws"] if not rpiw["kept_apart"]}
    in_month = [rpiw for rpiw in make.rpiws if rpiw["reported_out"] >= make.month.starts.isoformat()]
    patient = facts.with_patient_representative
    definitions = {
        "held": "RPIWs whose report-out fell into the period",
        "with_patient_representative": "of the RPIWs held, those with a patient representative",
        "stood_down": "RPIWs that were stood down in the period",
        "cancelled": "RPIWs that were cancelled in the period",
    }

    def counts(held: Sequence[Body], *, month_only: bool) -> Body:
        with_patient = sum(rpiw["id"] in patient for rpiw in held)
        moved = {
            name: len({rpiw for rpiw, on in rows if rpiw in known and _on_time(on, make.month, month_only)})
            for name, rows in (("stood_down", facts.stood_down), ("cancelled", facts.cancelled))
        }
        numbers = {"held": len(held), "with_patient_representative": with_patient, **moved}
        of = {"with_patient_representative": len(held)}
        return {
            name: make.count(number, "RPIWs", definitions[name], of=of.get(name), in_month=month_only)
            for name, number in numbers.items()
        }

    return {"in_period": counts(in_month, month_only=True), "to_date": counts(make.rpiws, month_only=False)}


def _on_time(on: date, month: Month, month_only: bool) -> bool:
    return month.holds(on) if month_only else on <= month.ends


def _rows(held: Sequence[Body], measures: Sequence[Body]) -> list[Body]:
    not_said = withheld(measures)
    return [_row(rpiw, [measure for measure in measures if measure["rpiw"] == rpiw["id"]], not_said) for rpiw in held]


def _row(rpiw: Body, measures: Sequence[Body], not_said: frozenset[int]) -> Body:
    """One RPIW that the trust lets be seen by itself: no text but its process and its measures' names."""
    return {
        "process": rpiw["process"],
        "reported_out": rpiw["reported_out"],
        "complete": rpiw["complete"],
        "synthetic": rpiw["synthetic"],
        "measures": [
            {
                "name": measure["name"],
                "kind": measure["kind"],
                "unit": UNITS_OF_SHAPES.get(measure["shape"], measure["unit"]),
                "better_when": measure["better_when"],
                "baseline": _end(measure["baseline"], withheld=measure["id"] in not_said),
                "post": _end(measure["post"], withheld=measure["id"] in not_said),
                "left_out": measure["left_out"] or None,
            }
            for measure in measures
        ],
    }


def _end(reading: Body | None, *, withheld: bool) -> Body | None:
    """A reading of a single row. How many were looked at may be a count of people, too."""
    if reading is None:
        return None
    n = reading["n"]
    suppressed = withheld or (n is not None and is_small(n))
    return {
        "checkpoint": reading["checkpoint"],
        "value": None if withheld else reading["value"],
        "on": reading["on"],
        "n": None if suppressed else n,
        "suppressed": suppressed,
    }


# Completeness and results ----------------------------------------------------


def _completeness(make: Maker, facts: Facts) -> Body:
    due = [rpiw for rpiw in make.rpiws if _is_due(rpiw, make.month.ends)]
    paired = [measure for measure in make.measures if not measure["left_out"]]
    held, measures = len(make.rpiws), len(make.measures)
    ids = {rpiw["id"] for rpiw in make.rpiws}
    complete = sum(rpiw["complete"] for rpiw in make.rpiws)
    return {
        "held": make.count(held, "RPIWs", "RPIWs that have reported out"),
        "due": make.count(len(due), "RPIWs", "RPIWs whose 30-day date has passed", of=held),
        "complete": make.count(complete, "RPIWs", "RPIWs of which every measure is paired", of=held),
        "measures": make.count(measures, "measures", "measures of the RPIWs that have reported out"),
        "paired": make.figure(
            len(paired),
            "measures",
            "measures with a comparable baseline and a post",
            n=measures,
            excluded=_reasons(make.measures),
        ),
        "posts_by_checkpoint": _posts(paired),
        "not_measured_by_reason": dict(sorted(Counter(why for of, why in facts.not_measured if of in ids).items())),
    }


def _is_due(rpiw: Body, on: date) -> bool:
    first = due_date(Checkpoint.DAY_30, date.fromisoformat(rpiw["reported_out"])) if rpiw["week_published"] else None
    return first is not None and first <= on


def _reasons(measures: Iterable[Body]) -> dict[str, int]:
    return dict(sorted(Counter(measure["left_out"] for measure in measures if measure["left_out"]).items()))


def _posts(paired: Iterable[Body]) -> dict[str, int]:
    return dict(sorted(Counter(measure["post"]["checkpoint"] for measure in paired).items()))


def _results(kind: str, make: Maker) -> Body:
    """One kind's before and after, to date. Totals; of ratios, which do not add up, means."""
    of_kind = [measure for measure in make.measures if measure["kind"] == kind]
    paired = [measure for measure in of_kind if not measure["left_out"]]
    excluded = _reasons(of_kind)
    summary = summarise(gather([_pair(measure) for measure in paired], kind=kind), kind=kind)
    how = "mean" if kind == "defect_ratio" else "total"
    ends = {end: getattr(summary, f"{end}_{how}") for end in ("baseline", "post")}
    not_said = _ends_not_said(kind, paired, ends)

    def figure(value: float | None, definition: str, unit: str = UNITS[kind], *, suppressed: bool = False) -> Body:
        return make.figure(value, unit, definition, n=summary.n, excluded=excluded, suppressed=suppressed)

    def changed(value: float | None, definition: str, unit: str = UNITS[kind]) -> Body:
        """A change beside one end would give the other away."""
        return figure(value, definition, unit, suppressed=bool(not_said))

    said, change = DEFINITIONS[kind], "post minus baseline"
    return {
        "kind": kind,
        "name": KINDS[kind],
        "post_rule": POST_RULE,
        "posts_by_checkpoint": _posts(paired),
        "pairs": figure(summary.n, "measures with a comparable baseline and a post", "measures"),
        "baseline": figure(ends["baseline"], f"{said}, at the baseline", suppressed="baseline" in not_said),
        "post": figure(ends["post"], f"{said}, at the post", suppressed="post" in not_said),
        "change": changed(getattr(summary, f"change_{how}"), f"{change}: {said}"),
        "percentage_reduction": changed(summary.percentage_reduction, "100 x (baseline - post) / baseline", "%"),
        "change_median": changed(summary.change_median, f"median of the measures' changes, {change}"),
        "change_lower_quartile": changed(summary.change_lower_quartile, "lower quartile of the measures' changes"),
        "change_upper_quartile": changed(summary.change_upper_quartile, "upper quartile of the measures' changes"),
        "improved": figure(summary.improved, "measures that changed the better way", "measures"),
        "unchanged": figure(summary.unchanged, "measures whose post equals the baseline", "measures"),
        "worsened": figure(summary.worsened, "measures that changed the other way", "measures"),
    }


def _ends_not_said(kind: str, paired: Sequence[Body], ends: Mapping[str, float | None]) -> frozenset[str]:
    """The ends of which a total counts fewer than five, or a mean is that of a single row that may."""
    if not any(may_tell(measure) for measure in paired):
        return frozenset()
    if kind == "defect_ratio":
        return frozenset(ends) if len(paired) == 1 else frozenset()
    return frozenset(end for end, total in ends.items() if total is not None and is_small(total))


def _pair(measure: Body) -> Pair:
    ends: Any = (measure["baseline"]["value"], measure["post"]["value"])
    return Pair(
        baseline=Decimal(ends[0]),
        post=Decimal(ends[1]),
        better=Better(measure["better_when"]),
        checkpoint=Checkpoint(measure["post"]["checkpoint"]),
    )
