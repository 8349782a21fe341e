"""The partnership's dashboard: the trusts' snapshots added up, the trusts in the order of their seats."""

from collections.abc import Sequence

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
from dashboards.trust import period_heading, period_of
from snapshots.freshness import latest_many
from trusts.models import Partnership, Trust

RULES = "partnership 1"


def compute(partnership_id: int) -> Body | None:
    """The body of the partnership's snapshot; None when it no longer exists. Four queries."""
    partnership = Partnership.objects.filter(pk=partnership_id).first()
    if partnership is None:
        return None
    trusts = list(Trust.objects.filter(partnership_id=partnership_id).order_by("seat"))
    stored = latest_many("trust", [trust.pk for trust in trusts])
    rows = [
        (
            {
                "id": trust.pk,
                "name": trust.name,
                "short_name": trust.short_name,
                "abbreviation": trust.abbreviation,
                "ods_code": trust.ods_code,
            },
            stored[trust.pk].body if trust.pk in stored else None,
        )
        for trust in trusts
    ]
    return {
        "partnership": {
            "id": partnership.pk,
            "name": partnership.name,
            "regulator": partnership.regulator,
            "started": iso(partnership.started),
        },
        **roll_up(rows, named_periods(partnership_id)),
    }


def roll_up(trusts: Sequence[tuple[Body, Body | None]], periods: Sequence[PeriodFacts]) -> Body:
    """The trusts with their snapshots' bodies, added up in the order given; `waiting` names those not yet whole."""
    known = [(row, body) for row, body in trusts if body]
    return {
        "trusts": [row for row, _body in trusts],
        "waiting": [row["short_name"] for row, body in trusts if not body or body["waiting"]],
        "synthetic": any(body["synthetic"] for _row, body in known),
        "periods": [_period(period, known) for period in periods],
    }


def _period(period: PeriodFacts, known: Sequence[tuple[Body, Body]]) -> Body:
    own = [(row, found) for row, body in known if (found := period_of(body, period.key))]
    figures = [found for _row, found in own]
    return period_heading(period) | {
        "trusts": [_trust_figures(row, found) for row, found in own],
        "value_streams": sum(each["value_streams"] for each in figures),
        "completeness": completeness_rolled_up(each["completeness"] for each in figures),
        "processes": processes_rolled_up(each["processes"] for each in figures),
        "before_after": {
            kind: rolled_up([each["before_after"][kind] for each in figures], kind=kind, grouped=True)
            if figures
            else no_figures(kind)
            for kind in KINDS
        },
        "synthetic": sum(each["synthetic"] for each in figures),
        "kept_apart": sum(each["kept_apart"] for each in figures),
    }


def _trust_figures(row: Body, found: Body) -> Body:
    return {
        "trust": row["id"],
        "value_streams": found["value_streams"],
        "held": found["completeness"]["held"],
        "complete": found["completeness"]["complete"],
        "before_after": {kind: found["before_after"][kind]["summary"] for kind in KINDS},
        "synthetic": found["synthetic"],
    }
