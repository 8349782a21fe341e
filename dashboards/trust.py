"""A trust's dashboard: its value streams' snapshots added up, beside what the trust lived through."""

from collections.abc import Sequence
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
from dashboards.facts import PeriodFacts, named_periods, stand_down_facts
from dashboards.value_stream import stand_down_row
from snapshots.freshness import latest_many
from trusts.models import ChiefExecutive, CqcRating, CulturalWork, Headcount, RegulatoryPeriod, Trust, ValueStream

RULES = "trust 1"


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
    """Per period, how many RPIWs were held and are complete; nothing when there is no snapshot yet."""
    if not body:
        return {"completeness": {}}
    return {
        "completeness": {
            period["key"]: {name: period["completeness"][name] for name in ("held", "complete", "due_dates")}
            for period in body["periods"]
        }
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


def context(trust: Trust) -> Body:
    """Ratings, leaders, regulatory periods and stand-downs, as recorded. Six queries."""
    of_trust = {"trust_id": trust.pk}
    return {
        "ratings": [
            {
                "rating": row.get_rating_display(),
                "poor": row.rating in ("requires_improvement", "inadequate"),
                "rated": iso(row.rated),
                "precision": row.rated_precision,
                "source": row.source,
            }
            for row in CqcRating.objects.filter(**of_trust)
        ],
        "chief_executives": [
            {"name": row.name, "interim": row.interim, "source": row.source} | _from_to(row)
            for row in ChiefExecutive.objects.filter(**of_trust)
        ],
        "regulatory_periods": [
            {"name": str(row), "kind": row.get_kind_display(), "body": row.body, "source": row.source} | _from_to(row)
            for row in RegulatoryPeriod.objects.filter(**of_trust)
        ],
        "stand_downs": [stand_down_row(each) for each in stand_down_facts(trust.pk)],
        "headcounts": [
            {
                "people": row.people,
                "counted": iso(row.counted),
                "precision": row.counted_precision,
                "source": row.source,
            }
            for row in Headcount.objects.filter(**of_trust)
        ],
        "cultural_work": [
            {"name": row.name, "source": row.source} | _from_to(row) for row in CulturalWork.objects.filter(**of_trust)
        ],
        "method_name": trust.method_name,
        "values": trust.values,
        "region": trust.region,
    }


def _from_to(row: Any) -> Body:
    return {
        "started": iso(row.started),
        "started_precision": row.started_precision,
        "ended": iso(row.ended),
        "ended_precision": row.ended_precision,
    }
