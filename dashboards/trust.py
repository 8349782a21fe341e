"""A trust's dashboard: its value streams' snapshots added up, beside what the trust lived through."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from dashboards.before_after import (
    KINDS,
    Body,
    completeness_rolled_up,
    iso,
    no_figures,
    processes_rolled_up,
    rolled_up,
)
from dashboards.facts import PeriodFacts, named_periods
from dashboards.matrix import icons_by_category
from snapshots.freshness import latest_many
from trusts.models import Trust, ValueStream

RULES = "trust 2"


def compute(trust_id: int) -> Body | None:
    """The body of the trust's snapshot; None when the trust no longer exists. A fixed number of queries."""
    trust = Trust.objects.filter(pk=trust_id).first()
    if trust is None:
        return None
    value_streams = list(ValueStream.objects.filter(trust_id=trust_id).order_by("number"))
    stored = latest_many("value_stream", [value_stream.pk for value_stream in value_streams])
    bodies = {scope_id: each.body for scope_id, each in stored.items()}
    return {
        "trust": {
            "id": trust.pk,
            "name": trust.name,
            "short_name": trust.short_name,
            "abbreviation": trust.abbreviation,
            "ods_code": trust.ods_code,
            "seat": trust.seat,
            "joined": iso(trust.joined),
        },
        **roll_up([(_row(each), bodies.get(each.pk)) for each in value_streams], named_periods(trust.partnership_id)),
        "context": context(trust),
    }


def _row(value_stream: ValueStream) -> Body:
    return {
        "id": value_stream.pk,
        "number": value_stream.number,
        "name": value_stream.name,
        "named_publicly": value_stream.named_publicly,
        "chosen": value_stream.get_chosen_display(),
        "status": value_stream.status,
    }


def roll_up(value_streams: Sequence[tuple[Body, Body | None]], periods: Sequence[PeriodFacts]) -> Body:
    """The value streams with their own snapshots' bodies, added up; `waiting` names those without one yet."""
    known = [(row, body) for row, body in value_streams if body]
    return {
        "value_streams": [row | _value_stream_figures(body) for row, body in value_streams],
        "waiting": [row["name"] for row, body in value_streams if not body],
        "synthetic": any(body["synthetic"] for _row, body in known),
        "rpiws": [
            {"value_stream": row["id"]}
            | {name: rpiw[name] for name in ("id", "process", "state", "reported_out", "complete", "week_published")}
            for row, body in known
            for rpiw in body["rpiws"]
            if rpiw["reported_out"] and not rpiw["kept_apart"]
        ],
        "kept_apart": [
            measure | {"value_stream": row["name"]}
            for row, body in known
            for measure in body["measures"]
            if measure["left_out"] == "kept_apart"
        ],
        "periods": [_period(period, [body for _row, body in known]) for period in periods],
    }


def _value_stream_figures(body: Body | None) -> Body:
    """Per period, how many RPIWs were held and are complete, and by category how the metrics that are watched move;
    nothing when there is no snapshot yet."""
    if not body:
        return {"completeness": {}, "icons": {}}
    watched = [metric for metric in body["metrics"] if not metric["retired_on"]]
    return {
        "icons": icons_by_category(
            (metric["category"], metric["summary"]["variation"] if metric["summary"] else "few") for metric in watched
        ),
        "completeness": {
            period["key"]: {name: period["completeness"][name] for name in ("held", "complete", "due_dates")}
            for period in body["periods"]
        },
    }


def _period(period: PeriodFacts, bodies: Sequence[Body]) -> Body:
    figures = [found for body in bodies if (found := period_of(body, period.key))]
    return period_heading(period) | {
        "value_streams": sum(each["completeness"]["held"] > 0 for each in figures),
        "completeness": completeness_rolled_up(each["completeness"] for each in figures),
        "processes": processes_rolled_up(each["processes"] for each in figures),
        "before_after": {
            kind: rolled_up([each["before_after"][kind] for each in figures], kind=kind)
            if figures
            else no_figures(kind)
            for kind in KINDS
        },
        "synthetic": sum(each["synthetic"] for each in figures),
        "kept_apart": sum(each["kept_apart"] for each in figures),
    }


def period_heading(period: PeriodFacts) -> Body:
    return {
        "key": period.key,
        "name": period.name,
        "starts": iso(period.starts),
        "ends": iso(period.ends),
        "note": period.note,
        "public": period.public,
    }


def period_of(body: Body, key: str) -> Any:
    """The figures of one period of a body, or None."""
    return next((period for period in body["periods"] if period["key"] == key), None)


_DATES = ("started", "started_precision", "ended", "ended_precision")


def context(trust: Trust) -> Body:
    """What the trust lived through, as recorded. Six queries."""
    return {
        "ratings": _facts(trust.cqc_ratings, "rating", "rated", "rated_precision", "source"),
        "chief_executives": _facts(trust.chief_executives, "name", "interim", *_DATES, "source"),
        "regulatory_periods": _facts(trust.regulatory_periods, "kind", "body", "description", *_DATES, "source"),
        "stand_downs": _facts(
            trust.stand_downs,
            "value_stream__name",
            "started",
            "ended",
            "stops_rpiws",
            "stops_training",
            "stops_daily_work",
            "reason",
            "explanation",
            "decided_by",
            "synthetic",
            "source",
        ),
        "headcounts": _facts(trust.headcounts, "people", "counted", "counted_precision", "source"),
        "cultural_work": _facts(trust.cultural_work, "name", *_DATES, "source"),
        "joined": iso(trust.joined),
        "method_name": trust.method_name,
        "values": trust.values,
        "region": trust.region,
    }


def _facts(rows: Any, *fields: str) -> list[Body]:
    """The fields of each row, days as text."""
    return [
        {field: iso(value) if isinstance(value, date) else value for field, value in row.items()}
        for row in rows.values(*fields)
    ]
